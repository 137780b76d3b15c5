//! The page at `/` where people try queries: GraphiQL where npm was present at build time, else a
//! small page of our own. Neither needs the internet.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Path, RawQuery};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use rust_embed::{Embed, EmbeddedFile};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

/// A demo credential that the page offers. Whoever reaches the page can use it.
#[derive(Clone, Serialize)]
pub struct Credential {
    pub name: String,
    pub token: String,
    #[serde(rename = "clientId")]
    pub client_id: String,
    #[serde(rename = "clientSecret")]
    pub client_secret: String,
    pub roles: Vec<String>,
    pub division: Option<String>,
}

/// An operation to start from: one file of `playground/examples`.
#[derive(Clone, Debug, Serialize)]
pub struct Example {
    /// The file's name without its extension; `/#name` opens it.
    pub name: String,
    pub kind: String,
    pub title: Wording,
    pub note: Option<Wording>,
    pub variables: Map<String, Value>,
    pub query: String,
}

/// The same words in both languages.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct Wording {
    pub en: String,
    pub zh: String,
}

/// The page and what it needs. Only the demo gives credentials; else the page asks for a token.
pub fn routes(credentials: Vec<Credential>) -> Router {
    let config = json!({ "credentials": credentials, "graphiql": FullPage::get(INDEX).is_some() });
    let config = Bytes::from(config.to_string());
    let examples = json!({ "kinds": *KINDS, "examples": *EXAMPLES });
    let examples = Bytes::from(examples.to_string());
    Router::new()
        .route("/", get(page))
        .route("/playground", get(page))
        .route(
            "/playground/config.json",
            get(move || async { answer(JSON, FRESH, Body::from(config)) }),
        )
        .route(
            "/playground/examples.json",
            get(move || async { answer(JSON, FRESH, Body::from(examples)) }),
        )
        .route("/playground/{*path}", get(asset))
}

/// Every example, by the order of its kind and its name. A file that is not of the form that
/// `playground/README.md` gives is a panic: a test reads them all.
pub fn examples() -> Vec<Example> {
    EXAMPLES.clone()
}

/// What `playground/build.mjs` made; empty without npm.
#[derive(Embed)]
#[folder = "$OUT_DIR/playground"]
struct FullPage;

#[derive(Embed)]
#[folder = "playground/small"]
struct SmallPage;

#[derive(Embed)]
#[folder = "playground/examples"]
struct ExampleFiles;

/// A kind of record, as the list of examples names it.
#[derive(Deserialize, Serialize)]
struct Kind {
    kind: String,
    #[serde(flatten)]
    names: BTreeMap<String, String>,
}

const INDEX: &str = "index.html";
const JSON: &str = "application/json";

/// Credentials change with each demo, and a page names the files of its own build.
const FRESH: &str = "no-store";
const CHECKED: &str = "no-cache";
/// A file whose name holds the hash of what it says.
const HASHED: &str = "public, max-age=31536000, immutable";

/// Monaco sets the place of every line by a style attribute and adds its theme as a style element,
/// hence `unsafe-inline` for styles. In `connect-src`, 'self' covers the WebSocket of the same host
/// and port.
const FULL_PAGE_POLICY: &str = "default-src 'none'; script-src 'self'; worker-src 'self'; \
    style-src 'self' 'unsafe-inline'; connect-src 'self'; img-src 'self' data:; font-src 'self'; \
    base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
const SMALL_PAGE_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; \
    img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
/// For what is no page. A worker keeps the policy of its own file: none of ours may load or send
/// anything.
const ASSET_POLICY: &str = "default-src 'none'; frame-ancestors 'none'";

static KINDS: LazyLock<Vec<Kind>> = LazyLock::new(|| {
    let file = ExampleFiles::get("kinds.json").expect("playground/examples/kinds.json is embedded");
    serde_json::from_slice(&file.data)
        .unwrap_or_else(|it| panic!("playground/examples/kinds.json: {it}"))
});

static EXAMPLES: LazyLock<Vec<Example>> = LazyLock::new(|| {
    let mut examples: Vec<(usize, Example)> = ExampleFiles::iter()
        .filter_map(|path| {
            Some((path.strip_suffix(".graphql")?.to_owned(), ExampleFiles::get(&path)?))
        })
        .map(|(name, file)| {
            place_and_example(&name, &file)
                .unwrap_or_else(|it| panic!("playground/examples/{name}.graphql: {it}"))
        })
        .collect();
    examples.sort_by(|(place, example), (other_place, other)| {
        (place, &example.name).cmp(&(other_place, &other.name))
    });
    examples.into_iter().map(|(_, example)| example).collect()
});

async fn page(RawQuery(query): RawQuery) -> Response {
    let is_small_wanted =
        query.is_some_and(|it| it.split('&').any(|it| it == "small" || it == "small="));
    let (file, policy) = match FullPage::get(INDEX) {
        Some(file) if !is_small_wanted => (file, FULL_PAGE_POLICY),
        _ => (SmallPage::get(INDEX).expect("playground/small is embedded"), SMALL_PAGE_POLICY),
    };
    let mut response = answer("text/html; charset=utf-8", CHECKED, Body::from(file.data));
    response
        .headers_mut()
        .insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
    response
}

async fn asset(Path(path): Path<String>, headers: HeaderMap) -> Response {
    if let Some(file) = path.strip_prefix("small/").and_then(SmallPage::get) {
        return answer(content_type(&path), CHECKED, Body::from(file.data));
    }
    // The full page's files are embedded compressed only. Whoever does not take brotli gets gzip,
    // which every browser takes; over plain HTTP browsers do not ask for brotli.
    let (coding, extension) = if accepts(&headers, "br") { ("br", "br") } else { ("gzip", "gz") };
    let Some(file) = FullPage::get(&format!("{path}.{extension}")) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let caching = if path == "licenses.txt" { CHECKED } else { HASHED };
    let mut response = answer(content_type(&path), caching, Body::from(file.data));
    response.headers_mut().insert(header::CONTENT_ENCODING, HeaderValue::from_static(coding));
    response.headers_mut().insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    response
}

fn answer(content_type: &'static str, caching: &'static str, body: Body) -> Response {
    let headers = [
        (header::CONTENT_TYPE, content_type),
        (header::CACHE_CONTROL, caching),
        (header::CONTENT_SECURITY_POLICY, ASSET_POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (header::HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    ];
    (headers, body).into_response()
}

fn content_type(path: &str) -> &'static str {
    match path.rsplit_once('.').map(|(_, extension)| extension) {
        Some("css") => "text/css; charset=utf-8",
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("ttf") => "font/ttf",
        Some("txt") => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

fn accepts(headers: &HeaderMap, coding: &str) -> bool {
    let values = headers.get_all(header::ACCEPT_ENCODING).iter().filter_map(|it| it.to_str().ok());
    values.flat_map(|it| it.split(',')).any(|it| {
        let (name, parameter) = it.split_once(';').unwrap_or((it, ""));
        let is_refused = parameter
            .trim()
            .strip_prefix("q=")
            .is_some_and(|it| it.trim().parse::<f32>().is_ok_and(|it| it <= 0.0));
        name.trim().eq_ignore_ascii_case(coding) && !is_refused
    })
}

fn place_and_example(name: &str, file: &EmbeddedFile) -> Result<(usize, Example), String> {
    let text = std::str::from_utf8(&file.data).map_err(|it| it.to_string())?;
    let example = parse(name, text)?;
    let place = KINDS.iter().position(|it| it.kind == example.kind);
    let place =
        place.ok_or_else(|| format!("kinds.json does not list the kind `{}`", example.kind))?;
    Ok((place, example))
}

/// Reads the lines `# key: value` at the top of a file; the operation follows.
fn parse(name: &str, text: &str) -> Result<Example, String> {
    let mut entries = BTreeMap::new();
    let mut rest = text;
    while let Some(comment) = rest.strip_prefix('#') {
        let (line, after) = comment.split_once('\n').unwrap_or((comment, ""));
        let (key, value) =
            line.split_once(':').ok_or_else(|| format!("`#{line}` is not `# key: value`"))?;
        let (key, value) = (key.trim(), value.trim());
        if !["kind", "title", "title-zh", "note", "note-zh", "variables"].contains(&key) {
            return Err(format!("the key `{key}` is not known"));
        }
        if value.is_empty() || entries.insert(key, value).is_some() {
            return Err(format!("the key `{key}` is empty or comes twice"));
        }
        rest = after;
    }

    let mut take = |key: &str| entries.remove(key).map(str::to_owned);
    let missing = |key: &str| format!("the key `{key}` is missing");
    let kind = take("kind").ok_or_else(|| missing("kind"))?;
    let en = take("title").ok_or_else(|| missing("title"))?;
    let zh = take("title-zh").ok_or_else(|| missing("title-zh"))?;
    let note = match (take("note"), take("note-zh")) {
        (Some(en), Some(zh)) => Some(Wording { en, zh }),
        (None, None) => None,
        _ => return Err("a note is in both languages or in none".to_owned()),
    };
    let variables = take("variables").unwrap_or_else(|| "{}".to_owned());
    let variables = serde_json::from_str(&variables)
        .map_err(|it| format!("the variables are no JSON object: {it}"))?;
    let query = format!("{}\n", rest.trim());
    if query == "\n" {
        return Err("there is no operation".to_owned());
    }
    Ok(Example { name: name.to_owned(), kind, title: Wording { en, zh }, note, variables, query })
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::Request;
    use tower::ServiceExt;

    #[test]
    fn every_example_is_of_the_form() {
        assert!(!examples().is_empty());
    }

    #[test]
    fn every_kind_is_named_in_both_languages() {
        for kind in KINDS.iter() {
            assert_eq!(kind.names.keys().collect::<Vec<_>>(), ["en", "zh"], "{}", kind.kind);
        }
    }

    #[test]
    fn an_example_is_read() {
        let text = "# kind: worker\n# title: Workers: all\n# title-zh: 职工\n# variables: {\"first\": 5}\n\n\
                    # a comment\nquery Workers { __typename }\n";

        let example = parse("workers", text).unwrap();

        assert_eq!(example.title, Wording { en: "Workers: all".into(), zh: "职工".into() });
        assert_eq!(Value::from(example.variables), json!({ "first": 5 }));
        assert_eq!(example.query, "# a comment\nquery Workers { __typename }\n");
    }

    #[test]
    fn an_example_of_another_form_is_refused() {
        let head = "# kind: worker\n# title: Workers\n# title-zh: 职工\n";
        for (text, problem) in [
            ("{ a }".to_owned(), "`kind` is missing"),
            (format!("{head}# notes: x\n{{ a }}"), "`notes` is not known"),
            (format!("{head}# kind: worker\n{{ a }}"), "comes twice"),
            (format!("{head}# a comment\n{{ a }}"), "not `# key: value`"),
            (format!("{head}# note: x\n{{ a }}"), "both languages"),
            (format!("{head}# variables: [1]\n{{ a }}"), "no JSON object"),
            (head.to_owned(), "no operation"),
        ] {
            let refusal = parse("workers", &text).unwrap_err();
            assert!(refusal.contains(problem), "{refusal}");
        }
    }

    #[tokio::test]
    async fn the_page_may_talk_to_its_own_server_alone() {
        for path in ["/", "/?small"] {
            let response = get(path, "gzip").await;

            assert_eq!(response.status(), StatusCode::OK);
            let policy = response.headers()[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
            assert!(policy.starts_with("default-src 'none'; script-src 'self';"), "{policy}");
            assert!(policy.contains("connect-src 'self';"), "{policy}");
            assert!(!policy.contains("http"), "{policy}");
        }
    }

    #[tokio::test]
    async fn every_file_of_the_full_page_is_served() {
        for path in FullPage::iter().filter(|it| it.as_ref() != INDEX) {
            let (name, extension) = path.rsplit_once('.').unwrap();
            let (asked, coding) =
                if extension == "br" { ("gzip, br", "br") } else { ("br;q=0, gzip", "gzip") };

            let response = get(&format!("/playground/{name}"), asked).await;

            assert_eq!(response.status(), StatusCode::OK, "{name}");
            assert_eq!(response.headers()[header::CONTENT_ENCODING], coding, "{name}");
            assert_ne!(
                response.headers()[header::CONTENT_TYPE],
                "application/octet-stream",
                "{name}"
            );
        }
        assert_eq!(get("/playground/nothing.js", "br").await.status(), StatusCode::NOT_FOUND);
    }

    async fn get(path: &str, accept_encoding: &str) -> Response {
        let request =
            Request::get(path).header(header::ACCEPT_ENCODING, accept_encoding).body(Body::empty());
        routes(Vec::new()).oneshot(request.unwrap()).await.unwrap()
    }
}
