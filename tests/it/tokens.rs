//! Tokens that nobody should take: forged, altered, stale. Each is refused with the same words, and the
//! token it was made from is taken.

use entity::credential_secret::SecretKind;
use gongtu::{
    credential::{NewCredential, provider::Provider},
    kind::encode_client_id,
    policy::Role,
};
use jsonwebtoken::{Algorithm, EncodingKey};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::{
    forge::{MockProvider, Pair, base64, message},
    support::{ISSUER, TestApp},
};

/// Tokens of one signer.
struct Family {
    name: &'static str,
    pair: Pair,
    typ: &'static str,
    claims: Map<String, Value>,
    /// Seconds for which a token may be good.
    longest: i64,
}

impl Family {
    fn good(&self) -> String {
        self.with_claims(&self.claims)
    }

    fn header(&self) -> Map<String, Value> {
        object(self.pair.header(self.typ))
    }

    fn with_claims(&self, claims: &Map<String, Value>) -> String {
        self.pair.sign(&text(&self.header()), text(claims).as_bytes())
    }

    fn with_claim(&self, name: &str, value: Value) -> String {
        self.with_claims(&with(&self.claims, name, value))
    }

    fn with_header(&self, header: &Map<String, Value>) -> String {
        self.pair.sign(&text(header), text(&self.claims).as_bytes())
    }

    fn is_ours(&self) -> bool {
        self.typ == "at+jwt"
    }
}

#[tokio::test]
async fn no_forged_altered_or_stale_token_is_taken() {
    let (ed, ec) = (Pair::ed25519("ed"), Pair::p256("ec"));
    let rsa = tokio::task::spawn_blocking(|| Pair::rsa("rsa")).await.unwrap();
    let mock = MockProvider::new(&[&ed, &ec, &rsa]).await;
    let another = MockProvider::new(&[&Pair::ed25519("ed")]).await;
    let issuers = ["https://id.example", "https://other.example"];
    let providers: Vec<Provider> = vec![mock.settings(issuers[0]), another.settings(issuers[1])];
    let app = TestApp::trusting(providers).await;
    let families = families(&app, [ed, ec, rsa], issuers[0]).await;
    let strangers = strangers(&app, issuers[0]).await;
    let bogus = ask(&app, "x").await;
    assert_eq!(bogus.0, 401);
    assert!(bogus.1.contains("UNAUTHENTICATED"), "{}", bogus.1);

    let mut refused = 0;
    for family in &families {
        assert_eq!(ask(&app, &family.good()).await.0, 200, "{}", family.name);
        let mut forged = heads(family);
        forged.extend(claims(family, &strangers));
        forged.extend(shapes(family));
        forged.extend(crossed(family, &families));
        for (how, token) in forged {
            let answer = ask(&app, &token).await;
            assert_eq!(answer, bogus, "{}: {how}\n{token}", family.name);
            refused += 1;
        }
        for (how, token) in unusual(family, app.clock.now().timestamp()) {
            assert_eq!(ask(&app, &token).await.0, 200, "{}: {how}", family.name);
        }
        assert_eq!(ask(&app, &family.good()).await.0, 200, "{}", family.name);
    }

    assert!(refused >= 300, "{refused}");
    println!("{refused} tokens were refused");
}

#[tokio::test]
async fn no_altered_api_token_is_taken() {
    let app = TestApp::new().await;
    let steward = app.steward().await;
    let token = steward.token.unwrap();
    let bogus = ask(&app, "x").await;

    let mut altered = vec![token.to_lowercase(), format!("{token}A"), token.replace('_', "-")];
    altered.extend((0..token.len()).map(|it| token[..it].to_owned()));
    altered.extend((0..token.len()).map(|it| swapped(&token, it)));
    for token in altered.into_iter().filter(|it| !it.is_empty()) {
        assert_eq!(ask(&app, &token).await, bogus, "{token}");
    }

    assert_eq!(ask(&app, &token).await.0, 200);
}

/// What the service answers whoever sends this token.
async fn ask(app: &TestApp, token: &str) -> (u16, String) {
    let authorization = format!("Bearer {token}");
    let headers = [("authorization", authorization.as_str()), ("x-request-id", "the-same")];
    let answered = app.send(r#"{"query":"{ viewer { name } }"}"#, &headers).await;
    (answered.status, answered.text)
}

/// Our own access tokens, and those of a provider with each kind of key.
async fn families(app: &TestApp, pairs: [Pair; 3], issuer: &str) -> Vec<Family> {
    let now = app.clock.now().timestamp();
    let client = app.app.credentials().create(NewCredential {
        name: "client".to_owned(),
        roles: vec![Role::Partner],
        secrets: vec![SecretKind::ClientSecret],
        ..NewCredential::default()
    });
    let client_id = encode_client_id(client.await.unwrap().id);
    let keys = app.app.credentials().keys().keys().await.unwrap();
    let own = Family {
        name: "our own",
        pair: Pair::new(&keys[0].kid, Algorithm::EdDSA, keys[0].private.clone()),
        typ: "at+jwt",
        claims: object(json!({
            "iss": ISSUER, "sub": client_id, "client_id": client_id,
            "aud": format!("{ISSUER}/graphql"), "iat": now, "exp": now + 600, "jti": "j",
            "scope": "directory:read",
        })),
        longest: 600,
    };
    person(app, issuer, "person").await;
    let claims = object(json!({
        "iss": issuer, "sub": "person", "aud": "gongtu", "iat": now, "exp": now + 3_600,
    }));
    let names = ["a provider's, Ed25519", "a provider's, P-256", "a provider's, RSA"];
    let theirs = names.into_iter().zip(pairs).map(|(name, pair)| Family {
        name,
        pair,
        typ: "JWT",
        claims: claims.clone(),
        longest: 24 * 3_600,
    });
    [own].into_iter().chain(theirs).collect()
}

async fn person(app: &TestApp, issuer: &str, subject: &str) -> Uuid {
    let made = app.app.credentials().create(NewCredential {
        name: subject.to_owned(),
        roles: vec![Role::Partner],
        person: Some((issuer.to_owned(), subject.to_owned())),
        ..NewCredential::default()
    });
    made.await.unwrap().id
}

/// Names of those who are not there, or not any more.
async fn strangers(app: &TestApp, issuer: &str) -> Vec<String> {
    let revoked = person(app, issuer, "revoked").await;
    assert!(app.app.credentials().revoke("revoked").await.unwrap());
    let expired = app.app.credentials().create(NewCredential {
        name: "expired".to_owned(),
        roles: vec![Role::Steward],
        person: Some((issuer.to_owned(), "expired".to_owned())),
        expires_at: Some(app.clock.now()),
        ..NewCredential::default()
    });
    let elsewhere = person(app, "https://other.example", "elsewhere").await;
    let ids = [revoked, expired.await.unwrap().id, Uuid::now_v7(), Uuid::nil()];
    let mut names: Vec<String> = ids.into_iter().map(encode_client_id).collect();
    names
        .extend(["revoked", "expired", "elsewhere", "nobody", "Person", "person "].map(Into::into));
    names.extend([elsewhere.to_string(), "' OR 1=1 --".to_owned(), "\0".to_owned()]);
    names
}

type Forged = Vec<(String, String)>;

/// Heads that name another algorithm, key or type, or ask the reader to do something.
fn heads(family: &Family) -> Forged {
    let (header, own) = (family.header(), format!("{:?}", family.pair.algorithm));
    let claims = text(&family.claims);
    let mut forged = Forged::new();
    let mut add = |how: String, token: String| forged.push((how, token));

    let signature = family.good().rsplit('.').next().unwrap().to_owned();
    for algorithm in ["none", "None", "NONE", "nOnE", ""] {
        let header = text(&with(&header, "alg", json!(algorithm)));
        let message = message(&header, claims.as_bytes());
        add(format!("alg {algorithm:?}, no signature"), format!("{message}."));
        add(format!("alg {algorithm:?}, no third part"), message.clone());
        add(format!("alg {algorithm:?}, its signature"), format!("{message}.{signature}"));
    }
    // The public key as a shared secret, in all the ways it is written.
    let jwk = family.pair.jwk();
    let coordinate = jwk["x"].as_str().or(jwk["n"].as_str()).unwrap();
    let raw = data_encoding::BASE64URL_NOPAD.decode(coordinate.as_bytes()).unwrap();
    let secrets = [
        raw,
        coordinate.as_bytes().to_vec(),
        jwk.to_string().into_bytes(),
        family.pair.kid.clone().into_bytes(),
        Vec::new(),
    ];
    for algorithm in [Algorithm::HS256, Algorithm::HS384, Algorithm::HS512] {
        for secret in &secrets {
            let pair = Pair::new("k", algorithm, EncodingKey::from_secret(secret));
            let header = text(&with(&header, "alg", json!(format!("{algorithm:?}"))));
            add(
                format!("{algorithm:?} by {} bytes", secret.len()),
                pair.sign(&header, claims.as_bytes()),
            );
        }
    }
    for algorithm in [
        json!("HS256"),
        json!("RS256"),
        json!("RS384"),
        json!("PS256"),
        json!("ES256"),
        json!("ES384"),
        json!("ES512"),
        json!("ES256K"),
        json!("EdDSA"),
        json!("Ed25519"),
        json!("Ed448"),
        json!("dir"),
        json!("RSA-OAEP"),
        json!("A128KW"),
        json!(null),
        json!(1),
        json!([own]),
        json!({}),
        json!(own.to_lowercase()),
        json!(format!("{own} ")),
    ] {
        if algorithm != json!(own) {
            let header = with(&header, "alg", algorithm.clone());
            add(format!("alg {algorithm}"), family.with_header(&header));
        }
    }
    let stranger = Pair { kid: family.pair.kid.clone(), ..stranger(family.pair.algorithm) };
    add(
        "another key of the same name".to_owned(),
        stranger.sign(&text(&header), claims.as_bytes()),
    );
    for kid in [
        json!(""),
        json!("other"),
        json!("../../../../dev/null"),
        json!("' OR 1=1 --"),
        json!("https://evil.example/key"),
        json!("x' UNION SELECT 'k'; --"),
        json!(null),
        json!(0),
        json!([family.pair.kid]),
        json!({ "kid": family.pair.kid }),
        json!("k".repeat(4_000)),
        json!(format!("{}\0", family.pair.kid)),
        json!(format!(" {}", family.pair.kid)),
    ] {
        let header = with(&header, "kid", kid.clone());
        add(format!("kid {kid:.40}"), family.with_header(&header));
        add(
            format!("kid {kid:.40}, another key"),
            stranger.sign(&text(&header), claims.as_bytes()),
        );
    }
    for name in ["alg", "kid"] {
        add(format!("no {name}"), family.with_header(&without(&header, name)));
    }
    for (name, value) in [
        ("jku", json!("https://evil.example/jwks")),
        ("x5u", json!("https://evil.example/chain")),
        ("url", json!("https://evil.example/")),
        ("jwk", stranger.jwk()),
        ("crit", json!(["exp"])),
        ("crit", json!([])),
        ("crit", json!("exp")),
        ("zip", json!("DEF")),
        ("enc", json!("A256GCM")),
        ("cty", json!("JWT")),
        ("nonce", json!("n")),
        ("jku", json!(1)),
    ] {
        let header = with(&header, name, value);
        add(format!("with {name}"), family.with_header(&header));
        add(format!("with {name}, another key"), stranger.sign(&text(&header), claims.as_bytes()));
    }
    let types = [
        json!("dpop+jwt"),
        json!("logout+jwt"),
        json!("secevent+jwt"),
        json!("JOSE"),
        json!("token"),
        json!(1),
        json!(["JWT"]),
        json!("client-authentication+jwt"),
    ];
    let ours =
        [json!("JWT"), json!("jwt"), json!(""), json!(null), json!("at+jwt;v=1"), json!("ID")];
    for typ in types.iter().chain(if family.is_ours() { &ours[..] } else { &[] }) {
        add(format!("typ {typ}"), family.with_header(&with(&header, "typ", typ.clone())));
    }
    if family.is_ours() {
        add("no typ".to_owned(), family.with_header(&without(&header, "typ")));
    }
    for (name, value) in [("alg", "\"none\""), ("kid", "\"other\""), ("typ", "\"JWT\"")] {
        let header = text(&header);
        let twice = format!("{{\"{name}\":{value},{}", &header[1..]);
        add(format!("{name} twice"), family.pair.sign(&twice, claims.as_bytes()));
        let twice = format!("{},\"{name}\":{value}}}", &header[..header.len() - 1]);
        add(format!("{name} twice, the other way"), family.pair.sign(&twice, claims.as_bytes()));
    }
    for header in ["", "null", "[]", "\"alg\"", "{}", "{", "1"] {
        add(format!("head {header}"), family.pair.sign(header, claims.as_bytes()));
    }
    forged
}

/// Claims of another time, place or type, signed as they should be.
fn claims(family: &Family, strangers: &[String]) -> Forged {
    let own = &family.claims;
    let now = own["iat"].as_i64().unwrap();
    let mut forged = Forged::new();
    let mut add = |how: String, token: String| forged.push((how, token));

    let asked = ["iss", "sub", "aud", "exp", "iat", "jti", "client_id", "scope"];
    let asked = if family.is_ours() { &asked[..] } else { &asked[..5] };
    for name in asked {
        add(format!("no {name}"), family.with_claims(&without(own, name)));
        for value in [json!(null), json!(true), json!({}), json!([]), json!([[own[*name]]])] {
            add(format!("{name} {value}"), family.with_claim(name, value));
        }
        let wrong = if own[*name].is_number() { json!(own[*name].to_string()) } else { json!(1) };
        add(format!("{name} {wrong}"), family.with_claim(name, wrong));
    }
    for value in [
        json!(now - 31),
        json!(now - 86_400),
        json!(0),
        json!(-1),
        json!(-(now + 60)),
        json!(1e300),
        json!(now as f64 + 60.5),
        json!(i64::MAX),
        json!(u64::MAX),
        json!(i64::MIN),
        json!(now + family.longest + 120),
        json!("never"),
        json!(""),
        json!("1e300"),
        json!({ "seconds": now + 60 }),
    ] {
        add(format!("exp {value}"), family.with_claim("exp", value));
    }
    for value in [
        json!(now + 300),
        json!(now + 86_400),
        json!(-1),
        json!(1e300),
        json!(i64::MAX),
        json!(u64::MAX),
        json!("now"),
        json!(1),
        json!(now as f64 + 0.5),
    ] {
        add(format!("iat {value}"), family.with_claim("iat", value));
    }
    for value in [
        json!(now + 300),
        json!(now + 86_400),
        json!(-1),
        json!(1e300),
        json!("0"),
        json!(true),
        json!(u64::MAX),
        json!([now]),
    ] {
        add(format!("nbf {value}"), family.with_claim("nbf", value));
    }
    let issuer = own["iss"].as_str().unwrap();
    for value in [
        "",
        "https://evil.example",
        "https://other.example",
        &format!("{issuer}/"),
        &issuer.to_uppercase(),
        &format!("{issuer}.evil.example"),
        &issuer.replace("https", "http"),
        &format!(" {issuer}"),
        &issuer[..issuer.len() - 1],
    ] {
        add(format!("iss {value}"), family.with_claim("iss", json!(value)));
    }
    let audience = own["aud"].as_str().unwrap();
    for value in [
        json!(""),
        json!("other"),
        json!(["other"]),
        json!(["other", "another"]),
        json!(audience.to_uppercase()),
        json!(format!("{audience} other")),
        json!([audience, 1]),
        json!({ "it": audience }),
        json!(format!("{audience}/")),
    ] {
        add(format!("aud {value}"), family.with_claim("aud", value));
    }
    if family.is_ours() {
        add("aud with others".to_owned(), family.with_claim("aud", json!([audience, "other"])));
        add("another client_id".to_owned(), family.with_claim("client_id", json!(strangers[0])));
    }
    for subject in strangers.iter().map(String::as_str).chain([""]) {
        let mut claims = with(own, "sub", json!(subject));
        if family.is_ours() {
            claims = with(&claims, "client_id", json!(subject));
        }
        add(format!("sub {subject:?}"), family.with_claims(&claims));
    }
    let body = text(own);
    for (name, value) in [
        ("exp", "0".to_owned()),
        ("exp", (now + 60).to_string()),
        ("iss", "\"x\"".to_owned()),
        ("sub", "\"x\"".to_owned()),
        ("aud", "\"x\"".to_owned()),
        ("iat", "0".to_owned()),
    ] {
        let first = format!("{{\"{name}\":{value},{}", &body[1..]);
        let last = format!("{},\"{name}\":{value}}}", &body[..body.len() - 1]);
        let header = text(&family.header());
        add(format!("{name} twice"), family.pair.sign(&header, first.as_bytes()));
        add(format!("{name} twice, the other way"), family.pair.sign(&header, last.as_bytes()));
    }
    for (how, body) in [
        ("NaN", body.replace(&own["exp"].to_string(), "NaN").into_bytes()),
        ("Infinity", body.replace(&own["exp"].to_string(), "Infinity").into_bytes()),
        ("1e999", body.replace(&own["exp"].to_string(), "1e999").into_bytes()),
        ("0x", body.replace(&own["exp"].to_string(), "0x7fffffff").into_bytes()),
        ("a body that goes on", format!("{body}{body}").into_bytes()),
        ("a body that ends early", body.as_bytes()[..body.len() - 1].to_vec()),
        ("a mark before the body", format!("\u{feff}{body}").into_bytes()),
        ("no text", [body.as_bytes(), b"\xff"].concat()),
        ("a list", format!("[{body}]").into_bytes()),
        ("nothing", Vec::new()),
        ("null", b"null".to_vec()),
        ("a text", b"\"x\"".to_vec()),
        (
            "9 KiB",
            format!("{},\"x\":\"{}\"}}", &body[..body.len() - 1], "x".repeat(9 << 10)).into_bytes(),
        ),
    ] {
        add(how.to_owned(), family.pair.sign(&text(&family.header()), &body));
    }
    forged
}

/// Tokens that are not of the shape.
fn shapes(family: &Family) -> Forged {
    let good = family.good();
    let parts: Vec<&str> = good.split('.').collect();
    let [header, body, signature] = parts[..] else { panic!("three parts") };
    let zeros = base64(&[0; 64]);
    let mut forged: Forged = [
        ("no signature", format!("{header}.{body}.")),
        ("no third part", format!("{header}.{body}")),
        ("no head", format!(".{body}.{signature}")),
        ("no body", format!("{header}..{signature}")),
        ("points only", "..".to_owned()),
        ("the body alone", body.to_owned()),
        ("parts in another order", format!("{body}.{header}.{signature}")),
        ("a fourth part", format!("{good}.")),
        ("a fourth part of something", format!("{good}.e30")),
        ("five parts", format!("{header}.{body}.{signature}.{body}.{signature}")),
        ("five parts, some empty", format!("{header}..{body}.{signature}.")),
        ("twice", format!("{good}{good}")),
        ("after a comma", format!("x,{good}")),
        ("in quotes", format!("\"{good}\"")),
        ("a space inside", format!("{header}. {body}.{signature}")),
        ("a tab inside", format!("{header}.{body}\t.{signature}")),
        ("an encoded point", good.replacen('.', "%2E", 1)),
        ("padding", format!("{header}.{body}.{signature}=")),
        ("padding of all", format!("{header}=.{body}=.{signature}==")),
        ("small letters", good.to_lowercase()),
        ("zeros", format!("{header}.{body}.{zeros}")),
        ("zeros of no length", format!("{header}.{body}.AA")),
        ("a signature twice as long", format!("{header}.{body}.{signature}{signature}")),
        ("half a signature", format!("{header}.{body}.{}", &signature[..signature.len() / 2])),
        (
            "JSON",
            json!({ "protected": header, "payload": body, "signature": signature }).to_string(),
        ),
    ]
    .into_iter()
    .map(|(how, token)| (how.to_owned(), token))
    .collect();
    // The other alphabet of base64, where it differs.
    for other in [good.replace('-', "+").replace('_', "/"), good.replace(['-', '_'], "")] {
        if other != good {
            forged.push(("another alphabet".to_owned(), other));
        }
    }
    let places = (0..12).map(|it| it * good.len() / 12).chain([good.len() - 1]);
    forged.extend(places.map(|it| (format!("letter {it} is another"), swapped(&good, it))));
    forged.extend(
        (1..6).map(|it| (format!("{it} letters short"), good[..good.len() - it].to_owned())),
    );
    forged
}

/// Parts of one token in another, and tokens of one signer in another's name.
fn crossed(family: &Family, families: &[Family]) -> Forged {
    let good = family.good();
    let (message, signature) = good.rsplit_once('.').unwrap();
    let later = family.with_claim("nbf", json!(0));
    let (other_message, other_signature) = later.rsplit_once('.').unwrap();
    let mut forged = vec![
        ("the signature of another".to_owned(), format!("{message}.{other_signature}")),
        ("the body of another".to_owned(), format!("{other_message}.{signature}")),
    ];
    for other in families.iter().filter(|it| it.name != family.name) {
        let (header, body) = (text(&family.header()), text(&family.claims));
        forged
            .push((format!("signed as {}", other.name), other.pair.sign(&header, body.as_bytes())));
        let header = text(&other.header());
        if family.claims["iss"] != other.claims["iss"] {
            let token = other.pair.sign(&header, body.as_bytes());
            forged.push((format!("with the head and key of {}", other.name), token));
        }
    }
    forged
}

/// Tokens that are not usual, and right.
fn unusual(family: &Family, now: i64) -> Forged {
    let mut right = vec![
        ("just over".to_owned(), family.with_claim("exp", json!(now - 20))),
        ("from now on".to_owned(), family.with_claim("nbf", json!(now))),
        ("a fast clock".to_owned(), family.with_claim("iat", json!(now + 20))),
        (
            "one audience in a list".to_owned(),
            family.with_claim("aud", json!([family.claims["aud"]])),
        ),
        ("more claims".to_owned(), family.with_claim("acr", json!({ "x": [1] }))),
        ("x5t".to_owned(), family.with_header(&with(&family.header(), "x5t", json!("x")))),
    ];
    if !family.is_ours() {
        let audiences = json!(["account", family.claims["aud"]]);
        right.push(("audiences".to_owned(), family.with_claim("aud", audiences)));
        right.push(("no typ".to_owned(), family.with_header(&without(&family.header(), "typ"))));
    }
    right
}

fn stranger(algorithm: Algorithm) -> Pair {
    match algorithm {
        Algorithm::ES256 => Pair::p256("stranger"),
        // Another RSA key takes long to find, and any other is as wrong.
        _ => Pair::ed25519("stranger"),
    }
}

/// With another letter at a place.
fn swapped(token: &str, place: usize) -> String {
    let mut letters: Vec<u8> = token.bytes().collect();
    letters[place] = if letters[place] == b'A' { b'B' } else { b'A' };
    String::from_utf8(letters).unwrap()
}

fn text(object: &Map<String, Value>) -> String {
    serde_json::to_string(object).unwrap()
}

fn object(value: Value) -> Map<String, Value> {
    let Value::Object(object) = value else { panic!("no object: {value}") };
    object
}

fn with(object: &Map<String, Value>, name: &str, value: Value) -> Map<String, Value> {
    let mut object = object.clone();
    object.insert(name.to_owned(), value);
    object
}

fn without(object: &Map<String, Value>, name: &str) -> Map<String, Value> {
    let mut object = object.clone();
    object.remove(name);
    object
}
