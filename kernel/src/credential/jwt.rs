//! Signed tokens, read strictly. What a token says of itself chooses nothing but the name of a key: the
//! key says which algorithms it is good for.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};
use data_encoding::BASE64URL_NOPAD;
use jsonwebtoken::{
    Algorithm, AlgorithmFamily, DecodingKey, Header, Validation,
    jwk::{AlgorithmParameters, EllipticCurve, Jwk, PublicKeyUse},
};
use serde::Deserialize;
use serde_json::Value;

/// A longer token is not looked at.
pub const MAX_BYTES: usize = 8 << 10;
/// Seconds by which clocks may differ.
const LEEWAY: i64 = 30;
/// A set of keys holds at most so many.
const MAX_KEYS: usize = 100;
/// Members of a JWK that are nobody else's business.
const PRIVATE: [&str; 8] = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];

/// What is asked of a token's claims. A claim of another type than these is refused, and so is one that
/// comes twice. Instants are whole seconds.
#[derive(Debug, Deserialize)]
pub struct Claims {
    pub iss: String,
    pub sub: String,
    pub aud: Audience,
    pub exp: i64,
    pub iat: Option<i64>,
    pub nbf: Option<i64>,
    pub jti: Option<String>,
    pub client_id: Option<String>,
    pub scope: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub enum Audience {
    One(String),
    Many(Vec<String>),
}

impl Audience {
    /// Whether it is this one, among others or not.
    pub fn names(&self, audience: &str) -> bool {
        match self {
            Audience::One(one) => one == audience,
            Audience::Many(many) => many.iter().any(|it| it == audience),
        }
    }

    /// The one it is.
    pub fn only(&self) -> Option<&str> {
        match self {
            Audience::One(one) => Some(one),
            Audience::Many(many) => match &many[..] {
                [one] => Some(one),
                _ => None,
            },
        }
    }
}

impl Claims {
    /// Whether the token is good now, and for no longer than this.
    pub fn hold_at(&self, now: i64, longest: TimeDelta) -> bool {
        let mut began = [self.iat, self.nbf].into_iter().flatten();
        now < self.exp.saturating_add(LEEWAY)
            && began.all(|it| (0..=now + LEEWAY).contains(&it))
            && self.exp <= self.iat.unwrap_or(now) + longest.num_seconds() + LEEWAY
    }

    /// When nobody takes the token any more, whatever its clock.
    pub fn ends_at(&self) -> Option<DateTime<Utc>> {
        DateTime::from_timestamp(self.exp.checked_add(LEEWAY)?, 0)
    }
}

/// A token whose signature was not looked at yet.
pub struct Unverified<'a> {
    token: &'a str,
    header: Header,
    pub kid: String,
}

/// Reads the head of a token: one of these types, with the name of a key and nothing that asks the reader
/// to look elsewhere, to unpack or to decrypt.
pub fn read<'a>(token: &'a str, types: &[&str]) -> Option<Unverified<'a>> {
    if token.len() > MAX_BYTES {
        return None;
    }
    let header = jsonwebtoken::decode_header(token).ok()?;
    let Header { typ, cty, jku, jwk, kid, x5u, crit, enc, zip, url, nonce, .. } = &header;
    let elsewhere = jku.is_some() || jwk.is_some() || x5u.is_some() || url.is_some();
    let packed = cty.is_some() || enc.is_some() || zip.is_some();
    let extended = crit.is_some() || nonce.is_some();
    if elsewhere || packed || extended || !types.contains(&typ.as_deref().unwrap_or_default()) {
        return None;
    }
    let kid = kid.clone()?;
    Some(Unverified { token, header, kid })
}

/// Who says it made a token: to be believed once the signature is.
pub fn issuer(token: &str) -> Option<String> {
    #[derive(Deserialize)]
    struct Issuer {
        iss: String,
    }
    if token.len() > MAX_BYTES {
        return None;
    }
    let claims: Issuer = jsonwebtoken::dangerous::insecure_decode_claims(token).ok()?;
    Some(claims.iss)
}

/// A public key, and what it is good for.
#[derive(Clone, Debug)]
pub struct Key {
    decoding: DecodingKey,
    algorithms: Vec<Algorithm>,
}

impl Key {
    /// A key of a JWK. The refusal says what is wrong with it.
    pub fn new(jwk: &Jwk, allowed: &[Algorithm]) -> Result<Key, &'static str> {
        let bytes = |it: &str| BASE64URL_NOPAD.decode(it.as_bytes()).map_or(0, |it| it.len());
        let fits: &[Algorithm] = match &jwk.algorithm {
            AlgorithmParameters::RSA(it) if (256..=512).contains(&bytes(&it.n)) => {
                AlgorithmFamily::Rsa.algorithms()
            }
            AlgorithmParameters::RSA(_) => return Err("an RSA key has 2048 to 4096 bits"),
            AlgorithmParameters::EllipticCurve(it) => {
                match (&it.curve, bytes(&it.x), bytes(&it.y)) {
                    (EllipticCurve::P256, 32, 32) => &[Algorithm::ES256],
                    (EllipticCurve::P384, 48, 48) => &[Algorithm::ES384],
                    _ => return Err("the curve is P-256 or P-384"),
                }
            }
            AlgorithmParameters::OctetKeyPair(it)
                if it.curve == EllipticCurve::Ed25519 && bytes(&it.x) == 32 =>
            {
                &[Algorithm::EdDSA]
            }
            _ => return Err("the key is RSA, EC or Ed25519"),
        };
        if jwk.common.public_key_use.as_ref().is_some_and(|it| *it != PublicKeyUse::Signature) {
            return Err("the key is not for signatures");
        }
        let own = jwk.common.key_algorithm;
        let mut algorithms = fits.to_vec();
        algorithms.retain(|it| allowed.contains(it) && own.is_none_or(|own| own == (*it).into()));
        let decoding = DecodingKey::from_jwk(jwk).map_err(|_| "the key cannot be read")?;
        let Some(algorithm) = algorithms.first() else {
            return Err("the algorithm is not one that is accepted");
        };
        jsonwebtoken::crypto::verify("", b"", &decoding, *algorithm)
            .map_err(|_| "the key cannot be read")?;
        Ok(Key { decoding, algorithms })
    }

    /// What the token claims, if this key signed it.
    pub fn claims(&self, unverified: &Unverified<'_>) -> Option<Claims> {
        if !self.algorithms.contains(&unverified.header.alg) {
            return None;
        }
        let mut validation = Validation::new(unverified.header.alg);
        // The library reads the machine's clock, and takes a claim of another type for one that is missing:
        // it checks the signature, `Claims` and its reader the rest.
        validation.required_spec_claims.clear();
        (validation.validate_exp, validation.validate_aud) = (false, false);
        let read = jsonwebtoken::decode::<Claims>(unverified.token, &self.decoding, &validation);
        Some(read.ok()?.claims)
    }
}

/// Public keys by their names.
#[derive(Clone, Debug, Default)]
pub struct KeySet(HashMap<String, Key>);

impl KeySet {
    pub fn get(&self, kid: &str) -> Option<&Key> {
        self.0.get(kid)
    }

    /// The keys of a provider. What is for others is left out.
    pub fn of_provider(set: &Value, allowed: &[Algorithm]) -> KeySet {
        let keys = set["keys"].as_array().into_iter().flatten().take(MAX_KEYS);
        let named = keys.filter_map(|it| named(it, allowed).ok());
        KeySet(named.collect())
    }

    /// The keys of a client, each of which has to be good.
    pub fn of_client(set: &Value) -> Result<KeySet, &'static str> {
        let keys = set["keys"].as_array().map_or(&[][..], |it| it);
        if keys.is_empty() || keys.len() > MAX_CLIENT_KEYS {
            return Err("a JWK set holds 1 to 10 keys");
        }
        let named: HashMap<String, Key> =
            keys.iter().map(|it| named(it, &ALGORITHMS)).collect::<Result<_, _>>()?;
        if named.len() < keys.len() {
            return Err("each key has a kid of its own");
        }
        Ok(KeySet(named))
    }
}

/// Keys that a client may have, so that it can change from one to the next.
const MAX_CLIENT_KEYS: usize = 10;

/// What a client may sign with, and a provider if its settings do not say otherwise.
pub const ALGORITHMS: [Algorithm; 5] =
    [Algorithm::EdDSA, Algorithm::ES256, Algorithm::ES384, Algorithm::PS256, Algorithm::RS256];

fn named(key: &Value, allowed: &[Algorithm]) -> Result<(String, Key), &'static str> {
    if PRIVATE.iter().any(|it| key.get(it).is_some()) {
        return Err("only public keys are taken");
    }
    let jwk = Jwk::deserialize(key).map_err(|_| "a key is no JWK")?;
    let kid = jwk.common.key_id.clone().filter(|it| !it.is_empty() && it.len() <= 256);
    Ok((kid.ok_or("each key has a kid of its own")?, Key::new(&jwk, allowed)?))
}
