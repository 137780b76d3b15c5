use async_graphql::{InputValueError, InputValueResult, Scalar, ScalarType, Value};
use chrono::{NaiveDate, SecondsFormat, Utc};
use sea_orm::DeriveValueType;
use serde::{Deserialize, Serialize};

/// A calendar day.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    Serialize,
    Deserialize,
    DeriveValueType,
)]
#[serde(transparent)]
pub struct Date(pub NaiveDate);

/// An instant, to the microsecond.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    Serialize,
    Deserialize,
    DeriveValueType,
)]
#[serde(transparent)]
pub struct DateTime(pub chrono::DateTime<Utc>);

impl Date {
    /// `YYYY-MM-DD` and nothing else, from year 1 to 9999.
    fn read(value: &Value) -> Option<Self> {
        let Value::String(text) = value else { return None };
        let shaped = text.len() == 10
            && text.bytes().enumerate().all(|(place, it)| match place {
                4 | 7 => it == b'-',
                _ => it.is_ascii_digit(),
            });
        if !shaped || text.starts_with("0000") {
            return None;
        }
        text.parse().ok().map(Self)
    }
}

impl DateTime {
    /// RFC 3339 with a time zone; the year has four digits.
    fn read(value: &Value) -> Option<Self> {
        let Value::String(text) = value else { return None };
        if text.len() > 40 || !text.is_ascii() {
            return None;
        }
        let instant = chrono::DateTime::parse_from_rfc3339(text).ok()?;
        Some(Self(instant.with_timezone(&Utc)))
    }
}

/// A calendar day in China, as ISO 8601: "2026-11-22". 日期，格式为年-月-日，例如“2026-11-22”。
#[Scalar(name = "Date")]
impl ScalarType for Date {
    fn parse(value: Value) -> InputValueResult<Self> {
        Self::read(&value).ok_or_else(|| InputValueError::custom("expected a date YYYY-MM-DD"))
    }

    fn is_valid(value: &Value) -> bool {
        Self::read(value).is_some()
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.format("%Y-%m-%d").to_string())
    }
}

/// An instant in UTC, as RFC 3339: "2026-11-22T01:02:03.456789Z". Any time zone is accepted.
/// 时间（协调世界时），例如“2026-11-22T01:02:03.456789Z”；输入可带任意时区。
#[Scalar(name = "DateTime", specified_by_url = "https://www.rfc-editor.org/rfc/rfc3339")]
impl ScalarType for DateTime {
    fn parse(value: Value) -> InputValueResult<Self> {
        Self::read(&value).ok_or_else(|| InputValueError::custom("expected an RFC 3339 instant"))
    }

    fn is_valid(value: &Value) -> bool {
        Self::read(value).is_some()
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.to_rfc3339_opts(SecondsFormat::AutoSi, true))
    }
}
