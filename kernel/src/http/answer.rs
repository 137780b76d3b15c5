//! Answers: one shape for what ran and for what was refused, with the same bounds on errors.

use std::sync::Arc;

use async_graphql::{ErrorExtensionValues, Response as Executed, ServerError, Value};
use axum::body::Body;
use axum::http::{HeaderValue, Response, StatusCode, header};

use super::accept::Media;
use crate::error::Error;
use crate::guard::{Limits, Refusal, code};
use crate::plan::Planned;

pub(super) const INTERNAL: &str = "INTERNAL";
pub(super) const TIMEOUT: &str = "TIMEOUT";

/// The token by which one request is found in logs and errors; also in the executor's context.
#[derive(Debug, Clone)]
pub struct RequestId(pub Arc<str>);

/// A GraphQL answer. Without `data` nothing was executed.
#[derive(Debug)]
pub(super) struct Answer {
    pub errors: Vec<ServerError>,
    pub data: Option<Data>,
    priced: Option<Priced>,
    retry_after: Option<u64>,
}

/// Points that an operation cost, and that are left to the caller.
#[derive(Debug)]
struct Priced {
    cost: u64,
    left: u64,
}

/// What was executed: the executor's tree, or what a plan has written.
#[derive(Debug)]
pub(super) enum Data {
    Tree(Value),
    Json(String),
}

impl Answer {
    pub(super) fn planned(planned: Planned, id: &RequestId, limits: &Limits) -> Self {
        let data = Some(Data::Json(planned.data));
        let errors = Self::told(planned.errors, id, limits);
        Self { errors, data, priced: None, retry_after: None }
    }

    pub(super) fn executed(executed: Executed, id: &RequestId, limits: &Limits) -> Self {
        let Executed { errors, data, .. } = executed;
        // A fault of the request has no path; a fault of a field has.
        let refused =
            data == Value::Null && !errors.is_empty() && errors.iter().all(|it| it.path.is_empty());
        let data = (!refused).then_some(Data::Tree(data));
        Self { errors: Self::told(errors, id, limits), data, priced: None, retry_after: None }
    }

    /// What the public is told of errors.
    fn told(mut errors: Vec<ServerError>, id: &RequestId, limits: &Limits) -> Vec<ServerError> {
        errors.truncate(limits.errors);
        for error in &mut errors {
            let told = error.extensions.get_or_insert_default();
            if told.get("code").is_none() {
                // Whoever made it did not mean it for the public.
                told.set("code", INTERNAL);
                told.set("messageZh", "服务内部错误。");
                "Something went wrong on our side.".clone_into(&mut error.message);
            }
            told.set("requestId", &*id.0);
            shorten(&mut error.message, limits.error_message);
        }
        errors
    }

    pub(super) fn refused(refusal: Refusal, id: &RequestId, limits: &Limits) -> Self {
        metrics::counter!("gongtu_refusals_total", "code" => refusal.code).increment(1);
        let faults = refusal.faults.into_iter().take(limits.errors);
        let errors = faults.map(|mut fault| {
            shorten(&mut fault.message, limits.error_message);
            shorten(&mut fault.message_zh, limits.error_message);
            let mut error = ServerError::new(fault.message, fault.at);
            error.extensions = Some(told(refusal.code, fault.message_zh, id));
            error
        });
        Self {
            errors: errors.collect(),
            data: None,
            priced: None,
            retry_after: refusal.retry_after,
        }
    }

    pub(super) fn failed(error: &Error, id: &RequestId) -> Self {
        metrics::counter!("gongtu_refusals_total", "code" => error.code()).increment(1);
        let retry_after = match error {
            Error::RateLimited { retry_after } => Some(*retry_after),
            Error::Unavailable => Some(1),
            _ => None,
        };
        let mut told_error = ServerError::new(error.message(), None);
        told_error.extensions = Some(told(error.code(), error.message_zh(), id));
        Self { errors: vec![told_error], data: None, priced: None, retry_after }
    }

    pub(super) fn fault(
        code: &'static str,
        message: &str,
        message_zh: &str,
        id: &RequestId,
    ) -> Self {
        metrics::counter!("gongtu_refusals_total", "code" => code).increment(1);
        let mut error = ServerError::new(message, None);
        error.extensions = Some(told(code, message_zh.to_owned(), id));
        Self { errors: vec![error], data: None, priced: None, retry_after: None }
    }

    pub(super) fn bad_request(message: &str, message_zh: &str, id: &RequestId) -> Self {
        Self::fault(code::BAD_REQUEST, message, message_zh, id)
    }

    pub(super) fn internal(id: &RequestId) -> Self {
        Self::fault(INTERNAL, "Something went wrong on our side.", "服务内部错误。", id)
    }

    pub(super) fn timeout(id: &RequestId) -> Self {
        let message = "The operation took longer than the service allows.";
        Self { retry_after: Some(1), ..Self::fault(TIMEOUT, message, "操作超时。", id) }
    }

    /// The answer, telling what it cost and what is left to the caller.
    pub(super) fn priced(mut self, cost: u64, left: u64) -> Self {
        self.priced = Some(Priced { cost, left });
        self
    }

    /// The code of the first error.
    pub(super) fn code(&self) -> Option<&str> {
        match self.errors.first()?.extensions.as_ref()?.get("code")? {
            Value::String(code) => Some(code),
            Value::Enum(code) => Some(code),
            _ => None,
        }
    }

    pub(super) fn is_executed(&self) -> bool {
        self.data.is_some()
    }

    pub(super) fn status(&self, media: Media) -> StatusCode {
        if self.is_executed() {
            return StatusCode::OK;
        }
        match self.code().unwrap_or(INTERNAL) {
            "UNAUTHENTICATED" => StatusCode::UNAUTHORIZED,
            "FORBIDDEN" => StatusCode::FORBIDDEN,
            "RATE_LIMITED" => StatusCode::TOO_MANY_REQUESTS,
            "UNAVAILABLE" | TIMEOUT => StatusCode::SERVICE_UNAVAILABLE,
            INTERNAL => StatusCode::INTERNAL_SERVER_ERROR,
            code::BAD_REQUEST | code::DOCUMENT_TOO_COMPLEX | code::PERSISTED_QUERY_MISMATCH => {
                StatusCode::BAD_REQUEST
            }
            // Older clients read the body of a 200 only; the newer media type says what happened by
            // the status too.
            _ if media == Media::Json => StatusCode::OK,
            _ => StatusCode::BAD_REQUEST,
        }
    }

    pub(super) fn json(self) -> String {
        self.write().unwrap_or_else(|_| r#"{"errors":[{"message":"unprintable"}]}"#.to_owned())
    }

    fn write(self) -> serde_json::Result<String> {
        let mut json = String::from("{");
        let begin = |json: &mut String, name: &str| {
            let comma = if json.len() == 1 { "" } else { "," };
            *json += &format!("{comma}\"{name}\":");
        };
        if !self.errors.is_empty() {
            begin(&mut json, "errors");
            json += &serde_json::to_string(&self.errors)?;
        }
        if let Some(data) = self.data {
            begin(&mut json, "data");
            match data {
                Data::Tree(tree) => json += &serde_json::to_string(&tree)?,
                // The longest part stays in its place, or nearly.
                Data::Json(mut data) => {
                    data.insert_str(0, &json);
                    json = data;
                }
            }
        }
        if let Some(Priced { cost, left }) = self.priced {
            begin(&mut json, "extensions");
            json += &format!(r#"{{"cost":{{"points":{cost},"left":{left}}}}}"#);
        }
        json.push('}');
        Ok(json)
    }

    pub(super) fn respond(self, media: Media) -> Response<Body> {
        let status = self.status(media);
        self.respond_with(status, media)
    }

    pub(super) fn respond_with(self, status: StatusCode, media: Media) -> Response<Body> {
        let retryable =
            matches!(status, StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE);
        let retry_after = self.retry_after.or(retryable.then(|| self.told_retry_after()));
        let outcome =
            Outcome { code: self.code().map(ToOwned::to_owned), executed: self.is_executed() };
        let mut response = Response::new(Body::from(self.json()));
        *response.status_mut() = status;
        let headers = response.headers_mut();
        // With those that every answer has.
        headers.reserve(12);
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media.content_type()));
        headers.insert(header::VARY, HeaderValue::from_static("accept, authorization"));
        if status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        if let Some(seconds) = retry_after {
            headers.insert(header::RETRY_AFTER, seconds.into());
        }
        response.extensions_mut().insert(outcome);
        response
    }

    /// What an error that came from the executor says of when to try again.
    fn told_retry_after(&self) -> u64 {
        let told = self.errors.first().and_then(|it| it.extensions.as_ref()?.get("retryAfter"));
        match told {
            Some(Value::Number(seconds)) => seconds.as_u64().unwrap_or(1),
            _ => 1,
        }
    }
}

/// What the request's line in the log says of its answer.
#[derive(Debug, Clone)]
pub(super) struct Outcome {
    pub code: Option<String>,
    pub executed: bool,
}

fn told(code: &'static str, message_zh: String, id: &RequestId) -> ErrorExtensionValues {
    let mut told = ErrorExtensionValues::default();
    told.set("code", code);
    told.set("messageZh", message_zh);
    told.set("requestId", &*id.0);
    told
}

fn shorten(text: &mut String, limit: usize) {
    if let Some((end, _)) = text.char_indices().nth(limit) {
        text.truncate(end);
        text.push('…');
    }
}
