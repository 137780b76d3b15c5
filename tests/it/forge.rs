//! Keys and tokens as clients, providers and those who forge make them.

use std::{
    net::SocketAddr,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU32, Ordering},
    },
};

use axum::{Router, extract::State, http::StatusCode, routing::get};
use data_encoding::BASE64URL_NOPAD;
use gongtu::credential::provider::Provider;
use jsonwebtoken::{Algorithm, EncodingKey, jwk::Jwk};
use ring::{
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair},
};
use rsa::pkcs1::EncodeRsaPrivateKey;
use serde_json::{Value, json};
use tokio::net::TcpListener;

/// A key pair with its name.
#[derive(Clone)]
pub struct Pair {
    pub kid: String,
    pub algorithm: Algorithm,
    pub private: EncodingKey,
}

impl Pair {
    pub fn ed25519(kid: &str) -> Pair {
        let head = [0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20];
        let der = [&head[..], &rand::random::<[u8; 32]>()].concat();
        Pair::new(kid, Algorithm::EdDSA, EncodingKey::from_ed_der(&der))
    }

    pub fn p256(kid: &str) -> Pair {
        let random = SystemRandom::new();
        let der = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random);
        Pair::new(kid, Algorithm::ES256, EncodingKey::from_ec_der(der.unwrap().as_ref()))
    }

    pub fn rsa(kid: &str) -> Pair {
        let key = rsa::RsaPrivateKey::new(&mut rsa::rand_core::OsRng, 2048).unwrap();
        let der = key.to_pkcs1_der().unwrap();
        Pair::new(kid, Algorithm::RS256, EncodingKey::from_rsa_der(der.as_bytes()))
    }

    pub fn new(kid: &str, algorithm: Algorithm, private: EncodingKey) -> Pair {
        Pair { kid: kid.to_owned(), algorithm, private }
    }

    /// The public half.
    pub fn jwk(&self) -> Value {
        let mut jwk = Jwk::from_encoding_key(&self.private, self.algorithm).unwrap();
        jwk.common.key_id = Some(self.kid.clone());
        serde_json::to_value(jwk).unwrap()
    }

    pub fn header(&self, typ: &str) -> Value {
        json!({ "typ": typ, "alg": format!("{:?}", self.algorithm), "kid": self.kid })
    }

    /// Signs a head and a body as they are.
    pub fn sign(&self, header: &str, claims: &[u8]) -> String {
        let message = message(header, claims);
        let signature =
            jsonwebtoken::crypto::sign(message.as_bytes(), &self.private, self.algorithm);
        format!("{message}.{}", signature.unwrap())
    }
}

/// What of a token is signed.
pub fn message(header: &str, claims: &[u8]) -> String {
    format!("{}.{}", base64(header.as_bytes()), base64(claims))
}

pub fn base64(bytes: &[u8]) -> String {
    BASE64URL_NOPAD.encode(bytes)
}

/// An OpenID provider that does nothing but publish keys.
pub struct MockProvider {
    pub address: SocketAddr,
    published: Arc<Published>,
}

#[derive(Default)]
struct Published {
    answer: Mutex<(u16, String)>,
    asked: AtomicU32,
}

impl MockProvider {
    pub async fn new(pairs: &[&Pair]) -> MockProvider {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (address, published) = (listener.local_addr().unwrap(), Arc::<Published>::default());
        let answer = async |State(published): State<Arc<Published>>| {
            published.asked.fetch_add(1, Ordering::Relaxed);
            let (status, text) = published.answer.lock().unwrap().clone();
            let location = [("location", "/elsewhere")];
            (StatusCode::from_u16(status).unwrap(), location, text)
        };
        let elsewhere = async |State(published): State<Arc<Published>>| {
            published.answer.lock().unwrap().1.clone()
        };
        let router = Router::new()
            .route("/jwks", get(answer))
            .route("/elsewhere", get(elsewhere))
            .with_state(published.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        let provider = MockProvider { address, published };
        provider.publish(pairs);
        provider
    }

    pub fn publish(&self, pairs: &[&Pair]) {
        let keys: Vec<Value> = pairs.iter().map(|it| it.jwk()).collect();
        self.answer(200, &json!({ "keys": keys }).to_string());
    }

    pub fn answer(&self, status: u16, text: &str) {
        *self.published.answer.lock().unwrap() = (status, text.to_owned());
    }

    /// How often it was asked for its keys.
    pub fn asked(&self) -> u32 {
        self.published.asked.load(Ordering::Relaxed)
    }

    /// As the service's settings name it.
    pub fn settings(&self, issuer: &str) -> Provider {
        Provider {
            issuer: issuer.to_owned(),
            audience: "gongtu".to_owned(),
            jwks: format!("http://{}/jwks", self.address),
            algorithms: gongtu::credential::jwt::ALGORITHMS.to_vec(),
        }
    }
}
