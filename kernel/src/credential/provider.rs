//! OpenID providers whose tokens are taken: those that the settings name, and no other. Of their tokens
//! only the person counts; what the person may do is written here.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use axum::body::{Body, to_bytes};
use axum::http::{StatusCode, Uri};
use chrono::{DateTime, TimeDelta, Utc};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};
use jsonwebtoken::Algorithm;
use serde::Deserialize;
use serde_json::Value;

use super::jwt::{self, Key, KeySet};

/// A set of keys has at most so many bytes.
const MAX_BYTES: usize = 64 << 10;
/// Keys have to arrive within this time.
const PATIENCE: Duration = Duration::from_secs(5);
/// Nobody is asked more often, whatever tokens come.
const PAUSE: TimeDelta = TimeDelta::seconds(30);
/// Keys are asked for again after so long, to see what was taken back.
const FRESH: TimeDelta = TimeDelta::minutes(10);
/// Older keys are not trusted: a provider that cannot be reached for so long is no provider.
const STALE: TimeDelta = TimeDelta::hours(24);

/// A provider, as the settings name it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Provider {
    /// What its tokens have as `iss`.
    pub issuer: String,
    /// What its tokens for this service have as `aud`.
    pub audience: String,
    /// Where its keys are: an address, or a file.
    pub jwks: String,
    #[serde(default = "algorithms")]
    pub algorithms: Vec<Algorithm>,
}

fn algorithms() -> Vec<Algorithm> {
    jwt::ALGORITHMS.to_vec()
}

impl Provider {
    /// What is wrong with the settings, if anything is.
    pub fn fault(&self) -> Option<&'static str> {
        if self.issuer.is_empty() || self.audience.is_empty() {
            return Some("issuer and audience are not empty");
        }
        if self.algorithms.is_empty()
            || !self.algorithms.iter().all(|it| jwt::ALGORITHMS.contains(it))
        {
            return Some("algorithms are of EdDSA, ES256, ES384, PS256 and RS256");
        }
        let is_address = self.jwks.contains("://");
        let is_usable = if is_address { self.address().is_some() } else { !self.jwks.is_empty() };
        (!is_usable).then_some("jwks is an https or http address, or a file")
    }

    fn address(&self) -> Option<Uri> {
        let uri: Uri = self.jwks.parse().ok()?;
        matches!(uri.scheme_str(), Some("https" | "http")).then_some(uri)
    }
}

/// All providers, with their keys.
#[derive(Clone)]
pub struct Providers(Arc<HashMap<String, Arc<Known>>>);

struct Known {
    provider: Provider,
    client: Client<HttpsConnector<HttpConnector>, Body>,
    kept: Mutex<Kept>,
    /// One asks, and who waits finds what it brought.
    asking: tokio::sync::Mutex<()>,
}

#[derive(Default)]
struct Kept {
    keys: KeySet,
    fetched_at: Option<DateTime<Utc>>,
    tried_at: Option<DateTime<Utc>>,
}

impl Providers {
    /// Fails where the certificates that the machine trusts cannot be read.
    pub fn new(providers: Vec<Provider>) -> std::io::Result<Providers> {
        if providers.is_empty() {
            return Ok(Providers(Arc::default()));
        }
        let connector = HttpsConnectorBuilder::new()
            .with_native_roots()?
            .https_or_http()
            .enable_http1()
            .build();
        // It follows no redirects: keys are where the settings say.
        let client = Client::builder(TokioExecutor::new()).build(connector);
        let known = providers.into_iter().map(|provider| {
            let (kept, asking) = (Mutex::default(), tokio::sync::Mutex::default());
            let client = client.clone();
            (provider.issuer.clone(), Arc::new(Known { provider, client, kept, asking }))
        });
        Ok(Providers(Arc::new(known.collect())))
    }

    /// The audience of a provider.
    pub fn audience(&self, issuer: &str) -> Option<&str> {
        Some(&self.0.get(issuer)?.provider.audience)
    }

    /// A key of a provider: asked for where it is not known, within limits.
    pub async fn key(&self, issuer: &str, kid: &str, now: DateTime<Utc>) -> Option<Key> {
        let known = self.0.get(issuer)?;
        if let Some(key) = known.kept(kid, now) {
            if known.is_due(now, FRESH) {
                // The tokens of now need not wait.
                let known = known.clone();
                tokio::spawn(async move { known.ask(now).await });
            }
            return Some(key);
        }
        let _asking = known.asking.lock().await;
        if known.kept(kid, now).is_none() && known.is_due(now, TimeDelta::zero()) {
            known.ask(now).await;
        }
        known.kept(kid, now)
    }
}

impl Known {
    fn kept(&self, kid: &str, now: DateTime<Utc>) -> Option<Key> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let is_trusted = kept.fetched_at.is_some_and(|it| now < it + STALE);
        is_trusted.then(|| kept.keys.get(kid).cloned())?
    }

    /// Whether to ask for the keys now, if they are older than this. Who is told so has to ask.
    fn is_due(&self, now: DateTime<Utc>, age: TimeDelta) -> bool {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let is_due = kept.fetched_at.is_none_or(|it| it + age <= now)
            && kept.tried_at.is_none_or(|it| it + PAUSE <= now);
        if is_due {
            kept.tried_at = Some(now);
        }
        is_due
    }

    async fn ask(&self, now: DateTime<Utc>) {
        let outcome = match tokio::time::timeout(PATIENCE, self.fetch()).await {
            Ok(fetched) => fetched,
            Err(_) => Err("they took too long".into()),
        };
        match outcome {
            Ok(keys) => {
                let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
                (kept.keys, kept.fetched_at) = (keys, Some(now));
            }
            Err(error) => {
                let issuer = &self.provider.issuer;
                tracing::warn!(%error, issuer, "the keys of a provider cannot be read");
            }
        }
    }

    async fn fetch(&self) -> Result<KeySet, Box<dyn std::error::Error + Send + Sync>> {
        let text = match self.provider.address() {
            Some(address) => {
                let response = self.client.get(address).await?;
                if response.status() != StatusCode::OK {
                    return Err(format!("the answer is {}", response.status()).into());
                }
                to_bytes(Body::new(response.into_body()), MAX_BYTES).await?.to_vec()
            }
            None => tokio::fs::read(&self.provider.jwks).await?,
        };
        let set: Value = serde_json::from_slice(&text)?;
        Ok(KeySet::of_provider(&set, &self.provider.algorithms))
    }
}
