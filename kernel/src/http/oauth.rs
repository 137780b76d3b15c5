//! OAuth 2.0 for clients: the token endpoint (RFC 6749), what it can do (RFC 8414) and the keys by which
//! its tokens are checked (RFC 7517).

use std::net::{IpAddr, Ipv4Addr};

use axum::body::{Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use base64::{Engine, engine::general_purpose::STANDARD};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::time::timeout;

use super::accept::Media;
use super::answer::{Answer, RequestId};
use super::server::Peer;
use crate::app::App;
use crate::credential::{Authentication, Refusal};
use crate::policy::Scope;

/// A request for a token has at most so many bytes.
const MAX_BYTES: usize = 32 << 10;

const ASSERTION: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// What the form may hold. Others are ignored; one of these that comes twice is refused.
#[derive(Deserialize)]
struct Form {
    grant_type: Option<String>,
    scope: Option<String>,
    client_id: Option<String>,
    client_secret: Option<String>,
    client_assertion_type: Option<String>,
    client_assertion: Option<String>,
}

/// What is answered in place of a token, RFC 6749 §5.2. A description holds ASCII only.
struct Fault {
    status: StatusCode,
    error: &'static str,
    description: &'static str,
    description_zh: &'static str,
    retry_after: Option<u64>,
}

const INVALID_CLIENT: Fault = fault(
    StatusCode::UNAUTHORIZED,
    "invalid_client",
    "The client did not show who it is.",
    "客户端身份验证失败。",
);
const INVALID_SCOPE: Fault = fault(
    StatusCode::BAD_REQUEST,
    "invalid_scope",
    "The client does not hold all of these scopes.",
    "请求的权限超出客户端所有。",
);
const UNSUPPORTED_GRANT_TYPE: Fault = fault(
    StatusCode::BAD_REQUEST,
    "unsupported_grant_type",
    "The grant type is client_credentials.",
    "仅支持 client_credentials。",
);
const TOO_OFTEN: Fault = fault(
    StatusCode::TOO_MANY_REQUESTS,
    "temporarily_unavailable",
    "The client failed to show who it is too often.",
    "客户端身份验证失败次数过多，请稍后再试。",
);
const UNAVAILABLE: Fault = fault(
    StatusCode::SERVICE_UNAVAILABLE,
    "temporarily_unavailable",
    "The service is not available now.",
    "服务暂不可用。",
);

const fn fault(
    status: StatusCode,
    error: &'static str,
    description: &'static str,
    description_zh: &'static str,
) -> Fault {
    Fault { status, error, description, description_zh, retry_after: None }
}

const fn invalid_request(description: &'static str, description_zh: &'static str) -> Fault {
    fault(StatusCode::BAD_REQUEST, "invalid_request", description, description_zh)
}

pub(super) async fn token(State(app): State<App>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let peer = parts.extensions.get::<Peer>();
    let address = peer.map_or(Ipv4Addr::UNSPECIFIED.into(), |it| it.address);
    let granted = match timeout(app.limits().body_time, to_bytes(body, MAX_BYTES)).await {
        Ok(Ok(body)) => grant(&app, address, &parts.headers, &body).await,
        _ => {
            Err(invalid_request("The body is too long or does not arrive.", "请求体过长或不完整。"))
        }
    };
    let outcome = granted.as_ref().map_or_else(|it| it.error, |_| "granted");
    metrics::counter!("gongtu_token_requests_total", "outcome" => outcome).increment(1);
    let mut response = match granted {
        Ok(granted) => granted.into_response(),
        Err(fault) => fault.into_response(),
    };
    for (name, value) in [(header::CACHE_CONTROL, "no-store"), (header::PRAGMA, "no-cache")] {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}

async fn grant(
    app: &App,
    address: IpAddr,
    headers: &HeaderMap,
    body: &Bytes,
) -> Result<Json<Value>, Fault> {
    let form = form(headers, body)?;
    let authentication = authentication(headers, &form)?;
    match form.grant_type.as_deref() {
        Some("client_credentials") => {}
        Some(_) => return Err(UNSUPPORTED_GRANT_TYPE),
        None => return Err(invalid_request("grant_type is missing.", "缺少 grant_type。")),
    }
    let granted = app.credentials().grant(address, authentication, form.scope.as_deref()).await;
    let granted = granted.map_err(|it| match it {
        Refusal::Client => INVALID_CLIENT,
        Refusal::Scope => INVALID_SCOPE,
        Refusal::TooOften(wait) => Fault { retry_after: Some(wait), ..TOO_OFTEN },
        Refusal::Failed(error) => {
            tracing::error!(%error, "no token could be made");
            Fault { retry_after: Some(1), ..UNAVAILABLE }
        }
    })?;
    Ok(Json(json!({
        "access_token": granted.access_token,
        "token_type": "Bearer",
        "expires_in": granted.expires_in,
        "scope": granted.scope,
    })))
}

fn form(headers: &HeaderMap, body: &[u8]) -> Result<Form, Fault> {
    let is_form = headers.get(header::CONTENT_TYPE).is_some_and(|it| {
        let essence = it.as_bytes().split(|it| *it == b';').next().unwrap_or_default();
        essence.trim_ascii().eq_ignore_ascii_case(b"application/x-www-form-urlencoded")
    });
    let form = is_form.then(|| serde_urlencoded::from_bytes::<Form>(body).ok()).flatten();
    let mut form = form.ok_or_else(|| {
        invalid_request(
            "The body is a form, with each parameter once.",
            "请求体须为表单，且参数不得重复。",
        )
    })?;
    let Form {
        grant_type,
        scope,
        client_id,
        client_secret,
        client_assertion_type,
        client_assertion,
    } = &mut form;
    for parameter in
        [grant_type, scope, client_id, client_secret, client_assertion_type, client_assertion]
    {
        // What has no value was not sent.
        *parameter = parameter.take().filter(|it| !it.is_empty());
    }
    Ok(form)
}

/// How the client shows who it is: in one way, and not by a secret in the form.
fn authentication(headers: &HeaderMap, form: &Form) -> Result<Authentication, Fault> {
    let mut values = headers.get_all(header::AUTHORIZATION).iter();
    let basic = values.next();
    let is_asserted = form.client_assertion.is_some() || form.client_assertion_type.is_some();
    if values.next().is_some() || (basic.is_some() && is_asserted) {
        return Err(invalid_request(
            "The client shows who it is in one way.",
            "只能使用一种客户端身份验证方式。",
        ));
    }
    if form.client_secret.is_some() {
        return Err(INVALID_CLIENT);
    }
    if let Some(basic) = basic {
        let (client_id, secret) = basic_of(basic).ok_or(INVALID_CLIENT)?;
        let is_same = form.client_id.as_ref().is_none_or(|it| *it == client_id);
        return is_same
            .then_some(Authentication::Secret { client_id, secret })
            .ok_or(INVALID_CLIENT);
    }
    match (&form.client_assertion, form.client_assertion_type.as_deref()) {
        (Some(assertion), Some(ASSERTION)) => Ok(Authentication::Assertion {
            assertion: assertion.clone(),
            client_id: form.client_id.clone(),
        }),
        _ => Err(INVALID_CLIENT),
    }
}

/// The two halves of `Basic`, each written as in a form.
fn basic_of(value: &HeaderValue) -> Option<(String, String)> {
    let (scheme, encoded) = value.to_str().ok()?.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let text = String::from_utf8(STANDARD.decode(encoded.trim()).ok()?).ok()?;
    let (client_id, secret) = text.split_once(':')?;
    let plain = |it: &str| {
        let mut pairs: Vec<(String, String)> =
            serde_urlencoded::from_str(&format!("it={it}")).ok()?;
        (pairs.len() == 1).then(|| pairs.remove(0).1)
    };
    Some((plain(client_id)?, plain(secret)?))
}

impl IntoResponse for Fault {
    fn into_response(self) -> Response {
        let body = json!({
            "error": self.error,
            "error_description": self.description,
            "error_description_zh": self.description_zh,
        });
        let mut response = (self.status, Json(body)).into_response();
        let headers = response.headers_mut();
        if self.status == StatusCode::UNAUTHORIZED {
            let basic = HeaderValue::from_static(r#"Basic realm="gongtu", charset="UTF-8""#);
            headers.insert(header::WWW_AUTHENTICATE, basic);
        }
        if let Some(seconds) = self.retry_after {
            headers.insert(header::RETRY_AFTER, seconds.into());
        }
        response
    }
}

/// What a client may find out by itself.
pub(super) async fn metadata(State(app): State<App>) -> Response {
    let credentials = app.credentials();
    let issuer = &credentials.identity().issuer;
    let scopes: Vec<&str> = Scope::ALL.iter().map(|it| it.name()).collect();
    let document = json!({
        "issuer": issuer,
        "token_endpoint": credentials.token_endpoint(),
        "jwks_uri": format!("{issuer}/.well-known/jwks.json"),
        "scopes_supported": scopes,
        "response_types_supported": [],
        "grant_types_supported": ["client_credentials"],
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "private_key_jwt"],
        "token_endpoint_auth_signing_alg_values_supported": crate::credential::jwt::ALGORITHMS,
    });
    shared(Json(document))
}

/// The public keys that sign access tokens.
pub(super) async fn keys(State(app): State<App>, Extension(id): Extension<RequestId>) -> Response {
    match app.credentials().keys().published().await {
        Ok(keys) => shared(Json(keys)),
        Err(error) => Answer::failed(&error, &id).respond(Media::Json),
    }
}

/// An answer that is the same for all, for a while.
fn shared(document: Json<Value>) -> Response {
    let caching = [(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=60"))];
    (caching, document).into_response()
}
