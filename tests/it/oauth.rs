//! OAuth 2.0 for clients, tokens of OpenID providers for persons, and the clients themselves.

use std::time::Instant;

use base64::{Engine, engine::general_purpose::STANDARD};
use chrono::TimeDelta;
use entity::credential_secret::SecretKind;
use gongtu::{
    credential::{Made, NewCredential},
    kind::encode_client_id,
    policy::{Policy, Role, Scope},
};
use jsonwebtoken::{DecodingKey, Validation, jwk::JwkSet};
use sea_orm::ConnectionTrait;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    forge::{MockProvider, Pair},
    support::{Client, ISSUER, TestApp, codes, each, refusals, text},
    wire::{Answered, seconds},
};

const ASSERTION: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

impl TestApp {
    /// A client with a secret, of the role of a partner unless it is given another.
    async fn oauth_client(&self, new: NewCredential) -> Made {
        let name = format!("client-{}", Uuid::now_v7().simple());
        let roles = if new.roles.is_empty() { vec![Role::Partner] } else { new.roles.clone() };
        let new = NewCredential { name, roles, ..new };
        self.app.credentials().create(new).await.unwrap()
    }

    pub async fn secret_client(&self) -> Made {
        let secrets = vec![SecretKind::ClientSecret];
        self.oauth_client(NewCredential { secrets, ..NewCredential::default() }).await
    }

    async fn ask(&self, basic: Option<&str>, form: &[(&str, &str)]) -> Answered {
        let mut request = self.http.post(format!("{}/oauth/token", self.url)).body(form_of(form));
        request = request.header("content-type", "application/x-www-form-urlencoded");
        if let Some(basic) = basic {
            request = request.header("authorization", format!("Basic {}", STANDARD.encode(basic)));
        }
        Answered::from(request.send().await.unwrap()).await
    }

    async fn ask_by_secret(&self, made: &Made) -> Answered {
        self.ask(Some(&basic(made)), &[("grant_type", "client_credentials")]).await
    }

    async fn ask_by_assertion(&self, assertion: &str) -> Answered {
        let form = [
            ("grant_type", "client_credentials"),
            ("client_assertion_type", ASSERTION),
            ("client_assertion", assertion),
        ];
        self.ask(None, &form).await
    }

    /// The token that a client gets.
    pub async fn token(&self, made: &Made) -> String {
        let answered = self.ask_by_secret(made).await;
        assert_eq!(answered.status, 200, "{}", answered.text);
        text(&answered.json()["access_token"])
    }

    fn holding(&self, token: &str) -> Client {
        let mut client = self.nobody();
        client.token = Some(token.to_owned());
        client
    }

    /// What a token is answered with.
    pub async fn status(&self, token: &str) -> u16 {
        self.holding(token).post(&json!({ "query": "{ viewer { name } }" })).await.0
    }

    async fn execute(&self, sql: &str) {
        self.app.shared().database.write().execute_unprepared(sql).await.unwrap();
    }
}

fn form_of(form: &[(&str, &str)]) -> String {
    let escaped = |it: &str| -> String {
        let bytes = it.bytes();
        bytes
            .map(|it| match it {
                b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'_' | b'-' | b'.' => {
                    char::from(it).to_string()
                }
                other => format!("%{other:02X}"),
            })
            .collect()
    };
    let pairs = form.iter().map(|(name, value)| format!("{name}={}", escaped(value)));
    pairs.collect::<Vec<_>>().join("&")
}

fn basic(made: &Made) -> String {
    format!("{}:{}", encode_client_id(made.id), made.secrets[0])
}

/// What a client asserts of itself, good for a minute.
fn assertion(app: &TestApp, made: &Made) -> Value {
    let (id, now) = (encode_client_id(made.id), app.clock.now().timestamp());
    json!({
        "iss": id, "sub": id, "aud": ISSUER, "iat": now, "exp": now + 60, "jti": Uuid::now_v7(),
    })
}

fn signed(pair: &Pair, claims: &Value) -> String {
    pair.sign(&pair.header("JWT").to_string(), claims.to_string().as_bytes())
}

#[tokio::test]
async fn a_client_gets_a_token_by_its_secret_and_uses_it() {
    let app = TestApp::new().await;
    let made = app.secret_client().await;

    let answered = app.ask_by_secret(&made).await;
    let answer = answered.json();
    let token = text(&answer["access_token"]);
    let viewer = app.holding(&token).data("{ viewer { roles scopes } }", json!({})).await;

    assert_eq!(answered.status, 200);
    assert_eq!(answered.header("cache-control"), "no-store");
    assert_eq!(answered.header("pragma"), "no-cache");
    assert_eq!((&answer["token_type"], &answer["expires_in"]), (&json!("Bearer"), &json!(600)));
    let scopes: Vec<&str> =
        Policy::standard().role(Role::Partner).scopes.iter().map(|it| it.name()).collect();
    assert_eq!(answer["scope"].as_str().unwrap().split(' ').collect::<Vec<_>>(), scopes);
    assert_eq!(viewer["viewer"], json!({ "roles": ["PARTNER"], "scopes": scopes }));
    // The secret asks for tokens and is none.
    assert_eq!(app.status(&made.secrets[0]).await, 401);
}

#[tokio::test]
async fn a_client_gets_a_token_by_an_assertion_of_each_kind_of_key_once() {
    let app = TestApp::new().await;
    let replica = app.replica().await;
    let rsa = tokio::task::spawn_blocking(|| Pair::rsa("rsa")).await.unwrap();
    let pairs = [Pair::ed25519("ed"), Pair::p256("ec"), rsa];
    let keys: Vec<Value> = pairs.iter().map(Pair::jwk).collect();
    let jwks = Some(json!({ "keys": keys }));
    let made = app.oauth_client(NewCredential { jwks, ..NewCredential::default() }).await;

    for pair in &pairs {
        let assertion = signed(pair, &assertion(&app, &made));
        let answered = app.ask_by_assertion(&assertion).await;
        assert_eq!(answered.status, 200, "{} {}", pair.kid, answered.text);
        assert_eq!(app.status(&text(&answered.json()["access_token"])).await, 200);
        for app in [&app, &replica] {
            let again = app.ask_by_assertion(&assertion).await;
            assert_eq!(again.json()["error"], "invalid_client", "{}", pair.kid);
        }
    }
    // The endpoint is named by its address too.
    let mut claims = assertion(&app, &made);
    claims["aud"] = json!(format!("{ISSUER}/oauth/token"));
    assert_eq!(replica.ask_by_assertion(&signed(&pairs[0], &claims)).await.status, 200);
}

#[tokio::test]
async fn an_assertion_that_is_not_of_the_client_for_us_and_now_is_refused() {
    let app = TestApp::new().await;
    let (pair, stranger) = (Pair::ed25519("k"), Pair::ed25519("k"));
    let jwks = || Some(json!({ "keys": [pair.jwk()] }));
    let made = app.oauth_client(NewCredential { jwks: jwks(), ..NewCredential::default() }).await;
    let other = app.secret_client().await;
    let wrong = |now: i64| {
        vec![
            ("iss", json!(encode_client_id(other.id))),
            ("iss", json!("nobody")),
            ("sub", json!(encode_client_id(other.id))),
            ("aud", json!("https://other.example")),
            ("aud", json!([ISSUER, "https://other.example"])),
            ("aud", json!(format!("{ISSUER}/graphql"))),
            ("exp", json!(now - 60)),
            ("exp", json!(now + 400)),
            ("exp", json!("soon")),
            ("iat", json!(now + 300)),
            ("nbf", json!(now + 300)),
            ("jti", json!(null)),
            ("jti", json!("")),
            ("jti", json!("j".repeat(129))),
            ("jti", json!("\0")),
            ("jti", json!(1)),
        ]
    };

    for place in 0..wrong(0).len() {
        let mut claims = assertion(&app, &made);
        let (name, value) = wrong(claims["iat"].as_i64().unwrap()).swap_remove(place);
        claims[name] = value.clone();
        let answered = app.ask_by_assertion(&signed(&pair, &claims)).await;
        assert_eq!(answered.status, 401, "{name} {value}: {}", answered.text);
        // Who fails too often has to wait.
        app.clock.advance(TimeDelta::seconds(31));
    }
    let answered = app.ask_by_assertion(&signed(&stranger, &assertion(&app, &made))).await;
    assert_eq!(answered.json()["error"], "invalid_client");
    app.clock.advance(TimeDelta::seconds(31));
    assert_eq!(app.ask_by_assertion(&signed(&pair, &assertion(&app, &made))).await.status, 200);
    // What a client signs is no token of ours.
    assert_eq!(app.status(&signed(&pair, &assertion(&app, &made))).await, 401);
}

#[tokio::test]
async fn a_client_may_ask_for_fewer_scopes_and_not_for_more() {
    let app = TestApp::new().await;
    let made = app.secret_client().await;
    let ask = async |scope: &str| {
        let form = [("grant_type", "client_credentials"), ("scope", scope)];
        app.ask(Some(&basic(&made)), &form).await
    };

    let fewer = ask("worker:read directory:read").await.json();
    let token = text(&fewer["access_token"]);
    let viewer = app.holding(&token).data("{ viewer { scopes } }", json!({})).await;

    assert_eq!(fewer["scope"], "worker:read directory:read");
    assert_eq!(viewer["viewer"]["scopes"], json!(["directory:read", "worker:read"]));
    for scope in ["worker:unmask", "worker:read worker:unmask", "everything", "worker:read  x"] {
        let answered = ask(scope).await;
        assert_eq!(
            (answered.status, answered.json()["error"].as_str()),
            (400, Some("invalid_scope"))
        );
    }
    // What has no value was not sent.
    assert_eq!(ask("").await.status, 200);
}

#[tokio::test]
async fn what_is_wrong_with_a_request_for_a_token_is_said_as_the_standard_says_it() {
    let app = TestApp::new().await;
    let made = app.secret_client().await;
    let (id, basic) = (encode_client_id(made.id), basic(&made));
    let grant = ("grant_type", "client_credentials");
    let wrong = format!("{id}:gongtu_secret_WRONG");
    let nobody = format!("{}:{}", encode_client_id(Uuid::nil()), made.secrets[0]);
    let long = "x".repeat(40_000);
    for (name, basic, form, status, error) in [
        ("no client", None, vec![grant], 401, "invalid_client"),
        ("a wrong secret", Some(&wrong), vec![grant], 401, "invalid_client"),
        ("nobody", Some(&nobody), vec![grant], 401, "invalid_client"),
        ("no colon", Some(&id), vec![grant], 401, "invalid_client"),
        ("another id", Some(&basic), vec![grant, ("client_id", "x")], 401, "invalid_client"),
        (
            "a secret in the form",
            None,
            vec![grant, ("client_id", &id), ("client_secret", &made.secrets[0])],
            401,
            "invalid_client",
        ),
        ("no grant", Some(&basic), vec![], 400, "invalid_request"),
        ("a grant twice", Some(&basic), vec![grant, grant], 400, "invalid_request"),
        (
            "another grant",
            Some(&basic),
            vec![("grant_type", "password")],
            400,
            "unsupported_grant_type",
        ),
        (
            "two ways at once",
            Some(&basic),
            vec![grant, ("client_assertion_type", ASSERTION), ("client_assertion", "x")],
            400,
            "invalid_request",
        ),
        (
            "an assertion of another type",
            None,
            vec![grant, ("client_assertion", "x")],
            401,
            "invalid_client",
        ),
        ("too much", Some(&basic), vec![grant, ("x", &long)], 400, "invalid_request"),
    ] {
        let answered = app.ask(basic.map(String::as_str), &form).await;
        let answer = answered.json();
        assert_eq!((answered.status, answer["error"].as_str()), (status, Some(error)), "{name}");
        assert_eq!(answered.header("cache-control"), "no-store", "{name}");
        assert_eq!(
            answered.header("www-authenticate").starts_with("Basic"),
            status == 401,
            "{name}"
        );
        assert!(text(&answer["error_description"]).is_ascii(), "{name}");
    }
    let json =
        app.http.post(format!("{}/oauth/token", app.url)).json(&json!({ "grant_type": "x" }));
    assert_eq!(Answered::from(json.send().await.unwrap()).await.json()["error"], "invalid_request");
    assert_eq!(app.at("/oauth/token").await.status, 405);
    // Letters that a form has its own way of writing.
    let escaped = basic.replace('_', "%5F");
    assert_eq!(app.ask(Some(&escaped), &[grant]).await.status, 200);
}

#[tokio::test]
async fn what_the_service_can_do_is_found_and_its_tokens_can_be_checked_by_its_keys() {
    let app = TestApp::new().await;
    let made = app.secret_client().await;
    let token = app.token(&made).await;

    let metadata = app.at("/.well-known/oauth-authorization-server").await.json();
    let keys: JwkSet = serde_json::from_str(&app.at("/.well-known/jwks.json").await.text).unwrap();
    let header = jsonwebtoken::decode_header(&token).unwrap();
    let jwk = keys.find(header.kid.as_deref().unwrap()).unwrap();
    let mut validation = Validation::new(header.alg);
    validation.set_audience(&[format!("{ISSUER}/graphql")]);
    validation.set_issuer(&[ISSUER]);
    let key = DecodingKey::from_jwk(jwk).unwrap();
    let claims = jsonwebtoken::decode::<Value>(&token, &key, &validation).unwrap().claims;

    assert_eq!(metadata["issuer"], ISSUER);
    assert_eq!(metadata["token_endpoint"], format!("{ISSUER}/oauth/token"));
    assert_eq!(metadata["jwks_uri"], format!("{ISSUER}/.well-known/jwks.json"));
    assert_eq!(header.typ.as_deref(), Some("at+jwt"));
    assert_eq!(claims["sub"], encode_client_id(made.id));
    assert_eq!(claims["client_id"], claims["sub"]);
    assert_eq!(claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap(), 600);
    assert!(claims["jti"].is_string());
    assert!(!app.at("/.well-known/jwks.json").await.text.contains("\"d\""));
}

#[tokio::test]
async fn a_key_is_known_everywhere_before_it_signs_and_until_its_last_token_has_ended() {
    let app = TestApp::new().await;
    let replica = app.replica().await;
    let made = app.secret_client().await;
    let kids =
        async |app: &TestApp| each(&app.at("/.well-known/jwks.json").await.json()["keys"], "kid");
    let kid_of = |token: &str| json!(jsonwebtoken::decode_header(token).unwrap().kid.unwrap());
    let advance = |by: TimeDelta| {
        app.clock.advance(by);
        replica.clock.advance(by);
    };
    let first = app.token(&made).await;
    assert_eq!(kids(&replica).await, [kid_of(&first)]);

    app.app.credentials().keys().rotate().await.unwrap();
    advance(TimeDelta::seconds(2));
    let published = kids(&replica).await;
    assert_eq!(published.len(), 2);
    assert_eq!(kids(&app).await, published);
    assert_eq!(kid_of(&replica.token(&made).await), published[0]);

    advance(TimeDelta::seconds(10));
    let second = app.token(&made).await;
    assert_eq!(kid_of(&second), published[1]);
    for app in [&app, &replica] {
        assert_eq!((app.status(&first).await, app.status(&second).await), (200, 200));
    }

    advance(TimeDelta::minutes(12));
    assert_eq!(kids(&replica).await, published[1..]);
    assert_eq!(replica.status(&first).await, 401);

    // Another takes its place once it has had its time, whichever replica sees it first.
    advance(TimeDelta::days(30));
    for app in [&app, &replica] {
        app.app.credentials().tend().await.unwrap();
    }
    advance(TimeDelta::seconds(2));
    assert_eq!(kids(&app).await.len(), 2);
    assert_eq!(app.count("SELECT count(*) FROM signing_key").await, 2);
}

#[tokio::test]
async fn a_key_that_became_known_is_replaced_at_once_with_all_its_tokens() {
    let app = TestApp::new().await;
    let replica = app.replica().await;
    let made = app.secret_client().await;
    let token = app.token(&made).await;
    assert_eq!((app.status(&token).await, replica.status(&token).await), (200, 200));

    app.app.credentials().keys().replace().await.unwrap();
    let advance = TimeDelta::seconds(2);
    app.clock.advance(advance);
    replica.clock.advance(advance);

    assert_eq!((app.status(&token).await, replica.status(&token).await), (401, 401));
    assert_eq!(replica.status(&app.token(&made).await).await, 200);
}

#[tokio::test]
async fn of_replicas_that_start_at_once_all_sign_with_one_key() {
    let app = TestApp::new().await;
    let replicas = [app.replica().await, app.replica().await, app.replica().await];
    let keys = replicas.iter().map(|it| it.app.credentials().keys().keys());

    let keys = futures_util::future::join_all(keys).await;

    let kids: Vec<String> = keys.into_iter().map(|it| it.unwrap()[0].kid.clone()).collect();
    assert!(kids.iter().all(|it| *it == kids[0]), "{kids:?}");
    assert_eq!(app.count("SELECT count(*) FROM signing_key").await, 1);
}

#[tokio::test]
async fn an_old_secret_is_good_beside_the_new_one_for_a_while() {
    let app = TestApp::new().await;
    let made = app.secret_client().await;
    let rotate = |hours| {
        let credentials = app.app.credentials();
        credentials.rotate(made.id, SecretKind::ClientSecret, TimeDelta::hours(hours))
    };
    let holding = |secret: String| Made { id: made.id, secrets: vec![secret] };

    let second = holding(rotate(24).await.unwrap());
    assert_eq!(app.ask_by_secret(&made).await.status, 200);
    assert_eq!(app.ask_by_secret(&second).await.status, 200);

    app.clock.advance(TimeDelta::hours(25));
    assert_eq!(app.ask_by_secret(&made).await.status, 401);
    let third = holding(rotate(0).await.unwrap());
    assert_eq!(app.ask_by_secret(&second).await.status, 401);
    assert_eq!(app.ask_by_secret(&third).await.status, 200);
    for secret in made.secrets.iter().chain(&third.secrets) {
        let sql = format!("SELECT count(*) FROM credential_secret WHERE hash = '{secret}'");
        assert_eq!(app.count(&sql).await, 0);
    }
}

#[tokio::test]
async fn a_token_ends_with_its_time_its_client_and_its_rights() {
    let app = TestApp::new().await;
    let replica = app.replica().await;
    let made = app.secret_client().await;
    let id = made.id;
    let token = app.token(&made).await;
    let client = replica.holding(&token);
    let advance = |by| {
        app.clock.advance(by);
        replica.clock.advance(by);
    };
    assert_eq!(replica.status(&token).await, 200);

    // Fewer rights hold for tokens that are out.
    app.execute("UPDATE credential SET roles = '[\"PUBLIC\"]'").await;
    advance(TimeDelta::seconds(1));
    let viewer = client.data("{ viewer { scopes } }", json!({})).await;
    assert_eq!(viewer["viewer"]["scopes"], json!(["directory:read"]));

    advance(TimeDelta::minutes(11));
    assert_eq!(replica.status(&token).await, 401);

    let token = app.token(&made).await;
    assert_eq!(replica.status(&token).await, 200);
    let credentials = app.app.credentials();
    let which = sea_orm::ColumnTrait::eq(&entity::credential::Column::Id, id);
    let ended = credentials.revoke_in(app.app.shared().database.write(), which).await;
    assert!(ended.unwrap());
    advance(TimeDelta::seconds(1));
    assert_eq!((app.status(&token).await, replica.status(&token).await), (401, 401));
    assert_eq!(app.ask_by_secret(&made).await.status, 401);
}

#[tokio::test]
async fn a_socket_is_closed_when_its_token_ends_or_its_rights_change() {
    let app = TestApp::new().await;
    let replica = app.replica().await;
    let (ending, changing, revoked) =
        (app.secret_client().await, app.secret_client().await, app.secret_client().await);
    let mut sockets = Vec::new();
    for made in [&ending, &changing, &revoked] {
        sockets.push(replica.opened(&replica.holding(&app.token(made).await)).await);
    }
    let [of_ending, of_changing, of_revoked] = &mut sockets[..] else { panic!("three sockets") };

    let changed = Instant::now();
    let listed = app.app.credentials().list(sea_orm::Condition::all(), None, 100).await.unwrap();
    let name = |made: &Made| listed.iter().find(|it| it.id == made.id).unwrap().name.clone();
    let roles = "UPDATE credential SET roles = '[\"PUBLIC\"]' WHERE name =";
    app.execute(&format!("{roles} '{}'", name(&changing))).await;
    assert!(app.app.credentials().revoke(&name(&revoked)).await.unwrap());
    assert_eq!(of_changing.close_code().await, 4403);
    assert_eq!(of_revoked.close_code().await, 4403);
    assert!(changed.elapsed() < seconds(6.0), "{:?}", changed.elapsed());

    of_ending.subscribe("1", "{ viewer { name } }").await;
    assert_eq!(of_ending.next().await["type"], "next");
    let ended = Instant::now();
    replica.clock.advance(TimeDelta::seconds(631));
    assert_eq!(of_ending.close_code().await, 4403);
    assert!(ended.elapsed() < seconds(4.0), "{:?}", ended.elapsed());
}

#[tokio::test]
async fn who_fails_again_and_again_has_to_wait_and_nobody_else() {
    let app = TestApp::new().await;
    let (made, other) = (app.secret_client().await, app.secret_client().await);
    let wrong = format!("{}:wrong", encode_client_id(made.id));
    let grant = [("grant_type", "client_credentials")];

    for _ in 0..5 {
        assert_eq!(app.ask(Some(&wrong), &grant).await.status, 401);
    }
    let refused = app.ask_by_secret(&made).await;

    assert_eq!((refused.status, refused.header("retry-after")), (429, "1"));
    assert_eq!(app.ask_by_secret(&other).await.status, 200);
    app.clock.advance(TimeDelta::seconds(1));
    assert_eq!(app.ask_by_secret(&made).await.status, 200);
    assert_eq!(app.ask(Some(&wrong), &grant).await.status, 401);
}

const PROVIDER: &str = "https://id.example";

async fn person(app: &TestApp, subject: &str) {
    let new = NewCredential {
        name: subject.to_owned(),
        roles: vec![Role::Public],
        person: Some((PROVIDER.to_owned(), subject.to_owned())),
        ..NewCredential::default()
    };
    app.app.credentials().create(new).await.unwrap();
}

fn id_token(app: &TestApp, pair: &Pair, subject: &str) -> String {
    let now = app.clock.now().timestamp();
    let claims = json!({
        "iss": PROVIDER, "sub": subject, "aud": "gongtu", "iat": now, "exp": now + 600,
        "roles": ["STEWARD"], "scope": "worker:unmask",
    });
    signed(pair, &claims)
}

#[tokio::test]
async fn a_person_of_a_provider_may_do_what_is_written_here_and_not_what_the_token_says() {
    let pair = Pair::ed25519("k");
    let mock = MockProvider::new(&[&pair]).await;
    let app = TestApp::trusting(vec![mock.settings(PROVIDER)]).await;
    person(&app, "a-person").await;

    let client = app.holding(&id_token(&app, &pair, "a-person"));
    let viewer = client.data("{ viewer { name roles scopes } }", json!({})).await;

    let expected = json!({ "name": "a-person", "roles": ["PUBLIC"], "scopes": ["directory:read"] });
    assert_eq!(viewer["viewer"], expected);
    assert_eq!(app.status(&id_token(&app, &pair, "another")).await, 401);
    assert!(app.app.credentials().revoke("a-person").await.unwrap());
    app.clock.advance(TimeDelta::seconds(1));
    assert_eq!(app.status(client.token.as_deref().unwrap()).await, 401);
}

#[tokio::test]
async fn a_provider_changes_its_keys_and_nobody_makes_us_ask_for_them_all_the_time() {
    let (first, second) = (Pair::ed25519("first"), Pair::p256("second"));
    let mock = MockProvider::new(&[&first]).await;
    let app = TestApp::trusting(vec![mock.settings(PROVIDER)]).await;
    person(&app, "a-person").await;
    let good = async |pair: &Pair| app.status(&id_token(&app, pair, "a-person")).await == 200;
    assert!(good(&first).await);
    assert_eq!(mock.asked(), 1);

    for number in 0..50 {
        assert!(!good(&Pair::ed25519(&format!("unknown-{number}"))).await);
    }
    assert_eq!(mock.asked(), 1);

    mock.publish(&[&first, &second]);
    app.clock.advance(TimeDelta::seconds(31));
    let both = (0..20).map(|_| good(&second));
    assert!(futures_util::future::join_all(both).await.into_iter().all(|it| it));
    assert!(good(&first).await);
    assert_eq!(mock.asked(), 2);

    mock.publish(&[&second]);
    app.clock.advance(TimeDelta::minutes(11));
    good(&first).await;
    for _ in 0..40 {
        if mock.asked() > 2 && !good(&first).await {
            break;
        }
        tokio::time::sleep(seconds(0.05)).await;
    }
    assert!(!good(&first).await, "a key that was taken back is not trusted for long");
    assert!(good(&second).await);
}

#[tokio::test]
async fn keys_that_cannot_be_read_any_more_are_trusted_for_a_day() {
    let pair = Pair::ed25519("k");
    for (status, text) in [
        (500, String::new()),
        (200, "no JSON".to_owned()),
        (302, json!({ "keys": [pair.jwk()] }).to_string()),
        (200, format!("{{\"keys\":[{}],\"x\":\"{}\"}}", pair.jwk(), "x".repeat(70_000))),
    ] {
        let mock = MockProvider::new(&[&pair]).await;
        let app = TestApp::trusting(vec![mock.settings(PROVIDER)]).await;
        person(&app, "a-person").await;
        assert_eq!(app.status(&id_token(&app, &pair, "a-person")).await, 200);

        mock.answer(status, &text);
        app.clock.advance(TimeDelta::hours(23));
        assert_eq!(app.status(&id_token(&app, &pair, "a-person")).await, 200, "{status}");
        app.clock.advance(TimeDelta::hours(2));
        assert_eq!(app.status(&id_token(&app, &pair, "a-person")).await, 401, "{status}");
        assert!(mock.asked() > 1);
        mock.publish(&[&pair]);
        app.clock.advance(TimeDelta::seconds(31));
        assert_eq!(app.status(&id_token(&app, &pair, "a-person")).await, 200, "{status}");
    }
}

const CREATED: &str =
    "client { oauthClientId name roles scopes divisionCode secretKinds } secrets { kind secret }";

/// Runs one mutation of clients with one input; the answer is its payload.
async fn manage(client: &Client, mutation: &str, selection: &str, input: Value) -> Value {
    let body = manage_raw(client, mutation, selection, input).await;
    assert!(body["errors"].is_null(), "{body}");
    body["data"]["it"].clone()
}

async fn manage_raw(client: &Client, mutation: &str, selection: &str, input: Value) -> Value {
    let (first, rest) = mutation.split_at(1);
    let input_type = format!("{}{rest}Input", first.to_uppercase());
    let query = format!(
        "mutation($input: {input_type}!) {{ it: {mutation}(input: $input) {{ {selection} \
         userErrors {{ code path message messageZh }} }} }}"
    );
    client.run(&query, json!({ "input": input })).await
}

#[tokio::test]
async fn a_steward_makes_a_client_gives_it_another_secret_and_ends_it() {
    let app = TestApp::new().await;
    let steward = app.steward().await;
    let worker = steward.create_worker("王芳", "130302").await;
    let input = json!({
        "name": "hr", "roles": ["PARTNER"], "scopes": ["worker:read"], "divisionCode": "130302",
        "workerId": worker, "secrets": ["API_TOKEN", "CLIENT_SECRET"],
    });

    let created = manage(&steward, "clientCreate", CREATED, input).await;
    let id = text(&created["client"]["oauthClientId"]);
    let secret = text(&created["secrets"][0]["secret"]);
    let token = text(&created["secrets"][1]["secret"]);
    let expected = json!({
        "oauthClientId": id, "name": "hr", "roles": ["PARTNER"], "scopes": ["worker:read"],
        "divisionCode": "130302", "secretKinds": ["CLIENT_SECRET", "API_TOKEN"],
    });
    assert_eq!(created["client"], expected);
    let by = async |secret: &str| {
        let grant = [("grant_type", "client_credentials")];
        app.ask(Some(&format!("{id}:{secret}")), &grant).await.status
    };
    assert_eq!((app.status(&token).await, by(&secret).await), (200, 200));

    let input = json!({ "clientId": id, "overlapHours": 0 });
    let selection = "client { oauthClientId } secret { kind secret }";
    let rotated = manage(&steward, "clientRotateSecret", selection, input).await;
    assert_eq!(rotated["secret"]["kind"], "CLIENT_SECRET");
    let new = text(&rotated["secret"]["secret"]);
    assert_eq!((by(&secret).await, by(&new).await), (401, 200));

    let input = json!({ "clientId": id });
    let revoked = manage(&steward, "clientRevoke", "client { revokedAt }", input).await;
    assert!(revoked["client"]["revokedAt"].is_string());
    app.clock.advance(TimeDelta::seconds(1));
    assert_eq!((app.status(&token).await, by(&new).await), (401, 401));

    for operation in ["clientCreate", "clientRotateSecret", "clientRevoke"] {
        let sql = format!(
            "SELECT count(*) FROM audit_entry WHERE operation = '{operation}' AND outcome = 'DONE'"
        );
        assert_eq!(app.count(&sql).await, 1, "{operation}");
    }
    let found = steward.data("{ clients(first: 100) { name revokedAt } }", json!({})).await;
    assert!(each(&found["clients"], "name").contains(&json!("hr")));
    let query = "query($after: String) { clients(first: 1, after: $after) { name } }";
    let after = steward.data(query, json!({ "after": "hr" })).await;
    assert_eq!(each(&after["clients"], "name"), [json!(steward.name)]);
    assert_eq!(codes(&steward.run(query, json!({ "after": "\0" })).await), ["BAD_USER_INPUT"]);
}

#[tokio::test]
async fn nobody_gives_a_client_more_than_they_have() {
    let app = TestApp::new().await;
    let steward = app.steward().await;
    let hidden = steward.create_worker("李娜", "130303").await;
    let scopes = [Scope::ClientManage, Scope::WorkerRead, Scope::DirectoryRead];
    let limited = app.limited_client(Role::Steward, Some("130302"), Some(&scopes), None).await;
    let base = json!({ "name": "x", "roles": ["PARTNER"], "scopes": ["worker:read"] });
    let with = |name: &str, value: Value| {
        let mut input = base.clone();
        input[name] = value;
        input
    };
    let private = json!({ "keys": [{ "kty": "OKP", "crv": "Ed25519", "kid": "k", "x": "A".repeat(43), "d": "x" }] });
    for (client, input, code, path) in [
        (&limited, with("scopes", Value::Null), "OUT_OF_SCOPE", "roles"),
        (&limited, with("scopes", json!(["worker:write"])), "OUT_OF_SCOPE", "roles"),
        (&limited, with("divisionCode", json!("130303")), "OUT_OF_SCOPE", "divisionCode"),
        (&limited, with("divisionCode", json!("130300")), "OUT_OF_SCOPE", "divisionCode"),
        (&limited, with("workerId", json!(hidden)), "NOT_FOUND", "workerId"),
        (&steward, with("roles", json!([])), "REQUIRED", "roles"),
        (&steward, with("roles", json!(["KING"])), "INVALID_VALUE", "roles"),
        (&steward, with("scopes", json!(["x"])), "INVALID_VALUE", "scopes"),
        (&steward, with("issuer", json!("https://id.example")), "REQUIRED", "subject"),
        (&steward, with("subject", json!("x")), "REQUIRED", "issuer"),
        (&steward, with("jwks", json!("x")), "INVALID_VALUE", "jwks"),
        (&steward, with("jwks", json!("{\"keys\":[]}")), "INVALID_VALUE", "jwks"),
        (&steward, with("jwks", json!(private.to_string())), "INVALID_VALUE", "jwks"),
        (&steward, with("expiresAt", json!("2020-01-01T00:00:00Z")), "INVALID_VALUE", "expiresAt"),
        (&steward, with("name", json!("")), "INVALID_VALUE", "name"),
        (&steward, with("name", json!(steward.name)), "DUPLICATE", "name"),
    ] {
        let payload = manage(client, "clientCreate", CREATED, input.clone()).await;
        assert_eq!(refusals(&payload), [code], "{input} {payload}");
        assert_eq!(payload["userErrors"][0]["path"][1], path, "{input} {payload}");
        assert_eq!((&payload["client"], &payload["secrets"]), (&Value::Null, &json!([])));
    }
    assert_eq!(app.count("SELECT count(*) FROM credential WHERE name = 'x'").await, 0);
    let refused = "SELECT count(*) FROM audit_entry WHERE outcome = 'REFUSED'";
    assert_eq!(app.count(refused).await, 16);

    // A more powerful client's secret would be the way around.
    let find = "{ clients(first: 100) { oauthClientId name } }";
    let listed = steward.data(find, json!({})).await;
    let id_of = |name: &str| {
        let clients = listed["clients"].as_array().unwrap();
        clients.iter().find(|it| it["name"] == name).map(|it| it["oauthClientId"].clone())
    };
    let county = app.county("130302").await;
    let found = limited.data(find, json!({})).await;
    let county_id =
        found["clients"].as_array().unwrap().iter().find(|it| it["name"] == county.name);
    let county_id = county_id.unwrap()["oauthClientId"].clone();
    let input = json!({ "clientId": county_id, "kind": "API_TOKEN" });
    let payload = manage(&limited, "clientRotateSecret", "client { name }", input).await;
    assert_eq!(refusals(&payload), ["OUT_OF_SCOPE"]);
    // One of other divisions is not there.
    let input = json!({ "clientId": id_of(&steward.name).unwrap() });
    let payload = manage(&limited, "clientRevoke", "client { name }", input).await;
    assert_eq!(refusals(&payload), ["NOT_FOUND"]);
    assert_eq!(steward.post(&json!({ "query": "{ viewer { name } }" })).await.0, 200);

    for (client, code) in [(app.partner().await, "FORBIDDEN"), (app.nobody(), "UNAUTHENTICATED")] {
        let body = manage_raw(&client, "clientCreate", CREATED, base.clone()).await;
        assert_eq!(codes(&body), [code]);
        assert_eq!(codes(&client.run(find, json!({})).await), [code]);
    }
}
