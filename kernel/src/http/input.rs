//! What a client sends, read strictly: a name given twice, a value of another type or text that is
//! not Unicode is refused, and never echoed.

use std::{fmt, sync::Arc};

use axum::http::HeaderMap;
use axum::http::header;
use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

use crate::error::Error;
use crate::guard::{Asked, Introspection, Limits, Refusal, code};
use crate::purpose::{Declared, Purpose};
use crate::viewer::Viewer;

/// A GraphQL request as it came.
#[derive(Debug, Default)]
pub(super) struct Input {
    query: Option<String>,
    operation_name: Option<String>,
    variables: Map<String, Value>,
    sha256: Option<String>,
    purpose: Option<Purpose>,
}

/// What a browser's playground says the purpose with: the code, and behind a semicolon the number of the
/// case, percent-encoded.
const PURPOSE: &str = "gongtu-purpose";

impl Input {
    /// Who asks, with the purpose that the request declares: in `extensions.purpose`, or in a header.
    pub(super) fn viewer(
        &self,
        viewer: &Arc<Viewer>,
        headers: &HeaderMap,
    ) -> Result<Arc<Viewer>, Refusal> {
        let purpose = match (&self.purpose, headers.get(PURPOSE)) {
            (Some(purpose), _) => Some(purpose.clone()),
            (None, Some(header)) => {
                let text = header.to_str().unwrap_or_default();
                let (code, number) = text.split_once(';').unwrap_or((text, ""));
                let case_number = Some(decode(number.trim())?);
                Some(purpose(Declared { code: code.trim().to_owned(), case_number })?)
            }
            (None, None) => None,
        };
        Ok(match purpose {
            Some(purpose) => Arc::new(viewer.asking_for(purpose)),
            None => viewer.clone(),
        })
    }

    pub(super) fn asked(&self, introspection: Introspection) -> Asked<'_> {
        Asked {
            query: self.query.as_deref(),
            sha256: self.sha256.as_deref(),
            operation_name: self.operation_name.as_deref(),
            variables: &self.variables,
            introspection,
        }
    }

    pub(super) fn from_body(body: &[u8], limits: &Limits) -> Result<Self, Refusal> {
        match json(body, limits)? {
            Value::Object(fields) => Self::from_fields(fields),
            Value::Array(_) => {
                Err(refused("Batches of operations are not accepted.", "不接受批量操作。"))
            }
            _ => Err(refused("The body must be a JSON object.", "请求体必须是 JSON 对象。")),
        }
    }

    pub(super) fn from_fields(mut fields: Map<String, Value>) -> Result<Self, Refusal> {
        let mut text = |name: &str| match fields.remove(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => Err(refused(
                &format!("`{name}` must be a string."),
                &format!("`{name}` 必须是字符串。"),
            )),
        };
        let (query, operation_name) = (text("query")?, text("operationName")?);
        let document_id = text("documentId")?;
        // Clients of Relay call it so; beside a document it is a name of the client's own.
        let id = match (&query, &document_id) {
            (None, None) => text("id")?,
            _ => None,
        };
        let mut object = |name: &str| match fields.remove(name) {
            None | Some(Value::Null) => Ok(Map::new()),
            Some(Value::Object(object)) => Ok(object),
            Some(_) => Err(refused(
                &format!("`{name}` must be an object."),
                &format!("`{name}` 必须是对象。"),
            )),
        };
        let (variables, extensions) = (object("variables")?, object("extensions")?);
        if document_id.is_some() && query.is_some() {
            return Err(refused(
                "A document is named by `documentId` or sent as `query`, not both.",
                "文档只能用 `documentId` 指明或用 `query` 发送，不能同时使用。",
            ));
        }
        let sha256 = match extensions.get("persistedQuery") {
            None | Some(Value::Null) => document_id.or(id).map(|it| plain(&it)),
            Some(persisted) if persisted["version"] == 1 && persisted["sha256Hash"].is_string() => {
                persisted["sha256Hash"].as_str().map(ToOwned::to_owned)
            }
            Some(_) => {
                return Err(refused(
                    "`extensions.persistedQuery` must have `version` 1 and a `sha256Hash`.",
                    "`extensions.persistedQuery` 必须包含 `version` 1 和 `sha256Hash`。",
                ));
            }
        };
        let purpose = match extensions.get("purpose") {
            None | Some(Value::Null) => None,
            Some(it) => {
                let declared = serde_json::from_value(it.clone()).map_err(|_| {
                    refused(
                        "`extensions.purpose` must have a `code` and may have a `caseNumber`.",
                        "`extensions.purpose` 必须包含 `code`，可包含 `caseNumber`。",
                    )
                })?;
                Some(purpose(declared)?)
            }
        };
        if query.is_none() && sha256.is_none() {
            return Err(refused("The request has no `query`.", "请求缺少 `query`。"));
        }
        Ok(Self { query, operation_name, variables, sha256, purpose })
    }

    pub(super) fn from_address(address: &str, limits: &Limits) -> Result<Self, Refusal> {
        let mut fields = Map::new();
        for pair in address.split('&').filter(|it| !it.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let (name, value) = (decode(name)?, decode(value)?);
            let value = match name.as_str() {
                "query" | "operationName" | "documentId" | "id" if value.is_empty() => Value::Null,
                "query" | "operationName" | "documentId" | "id" => Value::String(value),
                "variables" | "extensions" if value.is_empty() => Value::Null,
                "variables" | "extensions" => json(value.as_bytes(), limits)?,
                _ => continue,
            };
            if fields.insert(name, value).is_some() {
                return Err(refused("A parameter is given twice.", "参数重复。"));
            }
        }
        Self::from_fields(fields)
    }
}

fn purpose(declared: Declared) -> Result<Purpose, Refusal> {
    let refusal = |it: Error| Refusal::new(code::BAD_USER_INPUT, it.message(), it.message_zh());
    declared.check().map_err(refusal)
}

/// Without the word that says that an id is a hash (GraphQL over HTTP, persisted documents).
fn plain(id: &str) -> String {
    id.strip_prefix("sha256:").unwrap_or(id).to_owned()
}

/// Only JSON, by name: what a browser sends across origins without asking is not accepted.
pub(super) fn is_json(headers: &HeaderMap) -> bool {
    let mut values = headers.get_all(header::CONTENT_TYPE).iter();
    let (Some(Ok(value)), None) = (values.next().map(|it| it.to_str()), values.next()) else {
        return false;
    };
    let mut parts = value.split(';').map(|it| it.trim().to_ascii_lowercase());
    parts.next().as_deref() == Some("application/json")
        && parts.all(|it| match it.strip_prefix("charset=") {
            Some(charset) => matches!(charset.trim_matches('"'), "utf-8" | "utf8"),
            None => true,
        })
}

/// Reads JSON in which no name repeats, no list is too long and nothing nests too deep.
pub(super) fn json(text: &[u8], limits: &Limits) -> Result<Value, Refusal> {
    let Ok(text) = std::str::from_utf8(text) else {
        return Err(refused("The text is not UTF-8.", "文本不是 UTF-8 编码。"));
    };
    let mut reader = serde_json::Deserializer::from_str(text);
    let value = Strict { limits, level: 0 }
        .deserialize(&mut reader)
        .and_then(|value| reader.end().map(|()| value));
    value.map_err(|error| {
        let told = error.to_string();
        if told.starts_with(TOO_LONG) {
            let limit = limits.list_items;
            let message =
                format!("The request is too complex: a list has more than {limit} items.");
            let message_zh = format!("请求过于复杂：列表元素超过 {limit} 项。");
            Refusal::new(code::DOCUMENT_TOO_COMPLEX, message, message_zh)
        } else if told.starts_with(TOO_DEEP) {
            let limit = limits.variable_nesting;
            let message =
                format!("The request is too complex: it nests deeper than {limit} levels.");
            let message_zh = format!("请求过于复杂：嵌套超过 {limit} 层。");
            Refusal::new(code::DOCUMENT_TOO_COMPLEX, message, message_zh)
        } else if told.starts_with(REPEATED) {
            refused("A JSON object has a name twice.", "JSON 对象中有重复的名称。")
        } else {
            refused("The text is not valid JSON.", "文本不是有效的 JSON。")
        }
    })
}

const TOO_LONG: &str = "too long";
const TOO_DEEP: &str = "too deep";
const REPEATED: &str = "repeated";

#[derive(Clone, Copy)]
struct Strict<'l> {
    limits: &'l Limits,
    level: usize,
}

impl Strict<'_> {
    fn inside<E: serde::de::Error>(self) -> Result<Self, E> {
        // The request itself and `variables` are two levels more than the value of a variable.
        if self.level > self.limits.variable_nesting + 2 {
            return Err(E::custom(TOO_DEEP));
        }
        Ok(Self { level: self.level + 1, ..self })
    }
}

impl<'de> DeserializeSeed<'de> for Strict<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<Value, E> {
        Number::from_f64(value).map(Value::Number).ok_or_else(|| E::custom("number"))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::String(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(Value::String(value))
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Value, A::Error> {
        let inside = self.inside()?;
        let mut items = Vec::new();
        while let Some(item) = list.next_element_seed(inside)? {
            if items.len() == self.limits.list_items {
                return Err(A::Error::custom(TOO_LONG));
            }
            items.push(item);
        }
        Ok(Value::Array(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let inside = self.inside()?;
        let mut fields = Map::new();
        while let Some(name) = map.next_key::<String>()? {
            let value = map.next_value_seed(inside)?;
            if fields.insert(name, value).is_some() {
                return Err(A::Error::custom(REPEATED));
            }
        }
        Ok(Value::Object(fields))
    }
}

fn decode(text: &str) -> Result<String, Refusal> {
    let wrong = || refused("The address is not valid.", "地址无效。");
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => {
                let mut digit = || char::from(rest.next()?).to_digit(16);
                match (digit(), digit()) {
                    (Some(high), Some(low)) => (high << 4 | low) as u8,
                    _ => return Err(wrong()),
                }
            }
            other => other,
        });
    }
    String::from_utf8(bytes).map_err(|_| wrong())
}

fn refused(message: &str, message_zh: &str) -> Refusal {
    Refusal::new(code::BAD_REQUEST, message, message_zh)
}
