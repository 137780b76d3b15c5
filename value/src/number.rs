use std::fmt;

use async_graphql::{InputValueError, InputValueResult, Scalar, ScalarType, Value};
use sea_orm::DeriveValueType;
use serde::{Deserialize, Serialize};

use crate::{Defect, text};

const DECIMAL: Defect = Defect::new(
    "DECIMAL-01",
    "a decimal is digits with at most one point between them, and perhaps a minus",
    "小数应为数字，可含一个小数点和负号",
);

/// Bound on the text of a decimal; 64 bits need 20 characters.
const MAX_DECIMAL: usize = 40;

/// A whole number of 64 bits with sign, a string in GraphQL.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    Serialize,
    Deserialize,
    DeriveValueType,
)]
pub struct BigInt(pub i64);

/// An exact decimal number, a string in GraphQL.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Decimal(String);

impl BigInt {
    fn read(value: &Value) -> Option<Self> {
        match value {
            Value::String(text) if is_integer(text) => text.parse().ok().map(Self),
            Value::Number(number) => number.as_i64().map(Self),
            _ => None,
        }
    }
}

/// A whole number of 64 bits with sign, as a string of digits, because JSON numbers lose digits
/// beyond 2^53 in many clients: "5082800000". Sent as such a string or as an integer.
/// 64位有符号整数，以数字字符串表示以免丢失精度，例如“5082800000”；输入可为字符串或整数。
#[Scalar(name = "BigInt")]
impl ScalarType for BigInt {
    // The library's own message for a wrong type repeats the value.
    fn parse(value: Value) -> InputValueResult<Self> {
        Self::read(&value).ok_or_else(|| InputValueError::custom("expected an integer of 64 bits"))
    }

    fn is_valid(value: &Value) -> bool {
        Self::read(value).is_some()
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.to_string())
    }
}

impl Decimal {
    /// Reads `-?digits(.digits)?`, at most 40 characters. The text is kept as it is.
    pub fn parse(text: &str) -> Result<Self, Defect> {
        let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
        let is_fraction = !fraction.is_empty() && text::are_digits(fraction);
        if text.len() <= MAX_DECIMAL && is_integer(whole) && is_fraction {
            Ok(Self(text.to_owned()))
        } else {
            Err(DECIMAL)
        }
    }

    /// `units` of the last of `places` decimal places: 5218 and 2 is 52.18.
    #[must_use]
    pub fn scaled(units: i64, places: u8) -> Self {
        let sign = if units < 0 { "-" } else { "" };
        let places = usize::from(places);
        if places == 0 {
            return Self(units.to_string());
        }
        let digits = format!("{:0>width$}", units.unsigned_abs(), width = places + 1);
        let (whole, fraction) = digits.split_at(digits.len() - places);
        Self(format!("{sign}{whole}.{fraction}"))
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn read(value: &Value) -> Option<Self> {
        match value {
            Value::String(text) => Self::parse(text).ok(),
            Value::Number(number) if !number.is_f64() => Self::parse(&number.to_string()).ok(),
            _ => None,
        }
    }
}

/// A decimal number, exact, as a string: "50828000.00". Sent as such a string or as an integer,
/// never as a floating-point number.
/// 精确小数，以字符串表示，例如“50828000.00”；输入可为字符串或整数，不接受浮点数。
#[Scalar(name = "Decimal")]
impl ScalarType for Decimal {
    fn parse(value: Value) -> InputValueResult<Self> {
        Self::read(&value).ok_or_else(|| InputValueError::custom("expected an exact decimal"))
    }

    fn is_valid(value: &Value) -> bool {
        Self::read(value).is_some()
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.clone())
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Digits with perhaps a minus; `i64::from_str` would take a plus too.
fn is_integer(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    !digits.is_empty() && text::are_digits(digits)
}
