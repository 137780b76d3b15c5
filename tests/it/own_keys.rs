//! The secrets of the service's own, which sign tokens, cursors and checkpoints, are sealed in the database.

use std::time::SystemTime;

use base64::{
    Engine,
    engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE_NO_PAD},
};
use data_encoding::HEXLOWER;
use gongtu::{
    credential::signing_key::PRIVATE_KEY,
    custody,
    keyring::{KeyKind, Suite},
    setting::{SECRETS, VALUE},
};
use sea_orm::ConnectionTrait;

use crate::{
    audit::{is_intact, sealed},
    canary::written,
    fixture,
    support::TestApp,
};

/// A secret, as it is stored and as it is.
struct Own {
    name: String,
    stored: String,
    secret: Vec<u8>,
}

impl Own {
    /// How a text would hold it.
    fn texts(&self) -> [String; 4] {
        let bytes = &self.secret;
        [
            HEXLOWER.encode(bytes),
            STANDARD.encode(bytes),
            STANDARD_NO_PAD.encode(bytes),
            URL_SAFE_NO_PAD.encode(bytes),
        ]
    }

    /// As an earlier version stored it.
    fn clear(&self) -> String {
        let is_setting = SECRETS.contains(&self.name.as_str());
        if is_setting { HEXLOWER.encode(&self.secret) } else { STANDARD.encode(&self.secret) }
    }

    fn update(&self, text: &str) -> String {
        if SECRETS.contains(&self.name.as_str()) {
            format!("UPDATE setting SET value = '{text}' WHERE name = '{}'", self.name)
        } else {
            format!("UPDATE signing_key SET private_key = '{text}' WHERE kid = '{}'", self.name)
        }
    }
}

impl TestApp {
    /// All of them: one key that signs tokens, and two settings.
    async fn own(&self) -> Vec<Own> {
        let keyring = self.app.shared().keys.now();
        let kid = self.text("SELECT kid FROM signing_key").await;
        let mut own = Vec::new();
        for name in SECRETS.into_iter().chain([kid.as_str()]) {
            let place = if name == kid { PRIVATE_KEY } else { VALUE };
            let column = if name == kid { "kid" } else { "name" };
            let (table, text) = (place.table, place.column);
            let find = format!("SELECT {text} FROM {table} WHERE {column} = '{name}'");
            let stored = self.text(&find).await;
            let secret = keyring.open_secret(place, name, &stored).unwrap().to_vec();
            assert_eq!(secret.len(), 32);
            own.push(Own { name: name.to_owned(), stored, secret });
        }
        own
    }

    /// A service that signed something of each kind.
    async fn signing() -> (TestApp, String) {
        let app = TestApp::new().await;
        let token = app.token(&app.secret_client().await).await;
        fixture::worker(&app.steward().await).await;
        sealed(&app).await;
        (app, token)
    }

    /// A page, and the cursor at its end.
    async fn cursor(&self) -> String {
        let page = "{ workers(first: 1) { pageInfo { endCursor } } }";
        let page = self.steward().await.data(page, serde_json::json!({})).await;
        crate::support::text(&page["workers"]["pageInfo"]["endCursor"])
    }

    async fn takes(&self, cursor: &str) -> bool {
        let page = "query($after: String) { workers(first: 1, after: $after) { nodes { id } } }";
        let told = self.steward().await.run(page, serde_json::json!({ "after": cursor })).await;
        told["errors"].is_null()
    }
}

#[tokio::test]
#[expect(clippy::disallowed_methods, reason = "when files of the machine were written")]
async fn the_database_holds_no_key_that_signs() {
    let begun = SystemTime::now();
    let (app, _) = TestApp::signing().await;

    let own = app.own().await;
    let places = written(&app, begun).await;

    for (place, bytes) in &places {
        for it in &own {
            let holds = |text: &[u8]| bytes.windows(text.len()).any(|it| it == text);
            assert!(!holds(&it.secret), "{} in {place}", it.name);
            assert!(!it.texts().iter().any(|it| holds(it.as_bytes())), "{} in {place}", it.name);
            // The scan finds what is there.
            let is_there = ["tables", "the file"].contains(&place.as_str());
            assert!(holds(it.stored.as_bytes()) || !is_there, "{} in {place}", it.name);
        }
    }
    assert!(places.contains_key("tables") || places.contains_key("the file"));
}

#[tokio::test]
async fn another_master_key_seals_them_and_what_they_signed_stays_good() {
    let (app, token) = TestApp::signing().await;
    let (before, cursor) = (app.own().await, app.cursor().await);
    let database = app.connect().await;
    let keys = custody::open(&database, &app.keyring()).await.unwrap();
    custody::add(&database, &keys, KeyKind::Master, Suite::Sm4Gcm).await.unwrap();
    let early = custody::retire(&database, &keys, KeyKind::Master, 1).await.unwrap_err();
    assert!(format!("{early:#}").contains("in use"), "{early:#}");

    let (_, failed) = custody::rotate(&database, &keys, &|_| ()).await.unwrap();
    assert_eq!((failed, custody::count_old(&database, &keys.now()).await.unwrap()), (0, 0));
    custody::retire(&database, &keys, KeyKind::Master, 1).await.unwrap();

    // One that ran all the time, and one that begins now.
    let keyring = &app.app.shared().keys;
    while keyring.now().checks().count() != 2 || keyring.now().current() != 2 {
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    app.clock.advance(chrono::TimeDelta::seconds(2));
    let replica = app.replica().await;
    let after = app.own().await;
    for (before, after) in before.iter().zip(&after) {
        assert_eq!(before.secret, after.secret);
        assert!(before.stored.starts_with("1~") && after.stored.starts_with("2~"));
    }
    for it in [&app, &replica] {
        assert_eq!(it.status(&token).await, 200);
        assert!(it.takes(&cursor).await);
        fixture::worker(&it.steward().await).await;
        sealed(it).await;
        assert!(is_intact(it).await);
    }
    let fresh = replica.token(&app.secret_client().await).await;
    assert_eq!(app.status(&fresh).await, 200);
}

#[tokio::test]
async fn what_an_earlier_version_kept_in_clear_is_sealed_at_the_start() {
    let (app, token) = TestApp::signing().await;
    let (before, cursor) = (app.own().await, app.cursor().await);
    app.app.clone().stop().await;
    let database = app.connect().await;
    for it in &before {
        database.write().execute_unprepared(&it.update(&it.clear())).await.unwrap();
    }
    database.close().await.unwrap();

    let next = app.replica().await;

    let after = next.own().await;
    for (before, after) in before.iter().zip(&after) {
        assert_eq!((&before.name, &before.secret), (&after.name, &after.secret));
        assert!(after.stored.starts_with("1~"));
    }
    assert_eq!(next.status(&token).await, 200);
    assert!(next.takes(&cursor).await && is_intact(&next).await);
    if let Some(file) = next.file() {
        for file in [file.clone(), file.with_extension("db-wal")] {
            let bytes = std::fs::read(file).unwrap();
            for it in &before {
                let clear = it.clear();
                assert!(!bytes.windows(clear.len()).any(|it| it == clear.as_bytes()));
            }
        }
    }
}

#[tokio::test]
async fn a_database_whose_keys_the_keyring_does_not_open_is_refused() {
    let (app, _) = TestApp::signing().await;
    let own = app.own().await;
    let database = app.connect().await;
    let refused = async || {
        let Err(error) = custody::open(&database, &app.keyring()).await else {
            panic!("it was taken")
        };
        format!("{error:#}")
    };

    // Each is bound to its column and its name.
    for (one, other) in [(0, 1), (1, 2), (2, 0)] {
        let (one, other) = (&own[one], &own[other]);
        let execute = async |sql: String| {
            database.write().execute_unprepared(&sql).await.map(|_| ()).unwrap();
        };
        execute(one.update(&other.stored)).await;
        let told = refused().await;
        assert!(told.contains("the keyring does not open") && told.contains(&one.name), "{told}");
        execute(one.update("nonsense")).await;
        let told = refused().await;
        assert!(told.contains(&one.name) && told.contains("cannot be read"), "{told}");
        execute(one.update(&one.stored)).await;
    }
    custody::open(&database, &app.keyring()).await.unwrap();
}
