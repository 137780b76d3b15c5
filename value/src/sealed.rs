use std::fmt;

use sea_orm::sea_query::{ArrayType, ColumnType, Nullable, ValueType, ValueTypeErr};
use sea_orm::{ColIdx, IntoActiveValue, QueryResult, TryGetError, TryGetable, Value as Column};
use serde::de::Error as _;
use serde::ser::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A value about a person of which only the mask may be seen without need.
pub trait Secret: Clone + PartialEq {
    /// The value in clear.
    fn expose(&self) -> &str;

    fn masked(&self) -> String;
}

/// A value as a column holds it: its mask in clear, and behind it the value in an envelope,
/// `130***********0019~AWd…`.
///
/// Until it is sealed it holds the value itself, and then has no way into a column: it would be
/// its mask alone, which every such column refuses.
#[derive(Clone, PartialEq, Eq)]
pub struct Sealed<T>(State<T>);

#[derive(Clone, PartialEq, Eq)]
enum State<T> {
    Open(T),
    Sealed(String),
}

/// Stands between the mask and the envelope, and in neither.
const SEAM: char = '~';

impl<T> Sealed<T> {
    /// A value that is still to be sealed.
    pub const fn open(value: T) -> Self {
        Self(State::Open(value))
    }

    /// The value, as long as it is not sealed.
    #[must_use]
    pub const fn as_open(&self) -> Option<&T> {
        match &self.0 {
            State::Open(value) => Some(value),
            State::Sealed(_) => None,
        }
    }

    /// As the column has it; nothing as long as it is not sealed.
    #[must_use]
    pub fn as_text(&self) -> Option<&str> {
        match &self.0 {
            State::Open(_) => None,
            State::Sealed(text) => Some(text),
        }
    }
}

/// The mask and the envelope of what a column holds. Without an envelope it is no mask either.
#[must_use]
pub fn parts(text: &str) -> (&str, &str) {
    text.split_once(SEAM).unwrap_or_default()
}

impl<T: Secret> Sealed<T> {
    /// A value in its envelope, which is text of the base64url alphabet.
    pub fn new(value: &T, envelope: &str) -> Self {
        Self(State::Sealed(format!("{}{SEAM}{envelope}", value.masked())))
    }
}

impl<T> fmt::Debug for Sealed<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sealed(…)")
    }
}

/// What was read of a row: trusted as the row is.
impl<T> From<String> for Sealed<T> {
    fn from(text: String) -> Self {
        Self(State::Sealed(text))
    }
}

impl<T: Secret> From<Sealed<T>> for Column {
    fn from(value: Sealed<T>) -> Self {
        match value.0 {
            State::Open(value) => value.masked(),
            State::Sealed(text) => text,
        }
        .into()
    }
}

impl<T> TryGetable for Sealed<T> {
    fn try_get_by<I: ColIdx>(row: &QueryResult, index: I) -> Result<Self, TryGetError> {
        String::try_get_by(row, index).map(Self::from)
    }
}

impl<T> ValueType for Sealed<T> {
    fn try_from(value: Column) -> Result<Self, ValueTypeErr> {
        <String as ValueType>::try_from(value).map(Self::from)
    }

    fn type_name() -> String {
        "Sealed".to_owned()
    }

    fn array_type() -> ArrayType {
        ArrayType::String
    }

    fn column_type() -> ColumnType {
        ColumnType::Text
    }
}

impl<T> Nullable for Sealed<T> {
    fn null() -> Column {
        Column::String(None)
    }
}

impl<T> IntoActiveValue<Self> for Sealed<T>
where
    Self: Into<Column>,
{
    fn into_active_value(self) -> sea_orm::ActiveValue<Self> {
        sea_orm::ActiveValue::Set(self)
    }
}

impl<T> Serialize for Sealed<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.0 {
            State::Open(_) => Err(S::Error::custom("a value is not sealed")),
            State::Sealed(text) => text.serialize(serializer),
        }
    }
}

impl<'de, T> Deserialize<'de> for Sealed<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        if text.contains(SEAM) {
            Ok(Self::from(text))
        } else {
            Err(D::Error::custom("a value is not sealed"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{IdNumber, Rules, Value};

    fn number() -> IdNumber {
        let rules = Rules { today: chrono::NaiveDate::MAX, synthetic: true };
        IdNumber::check("130399185006150191", &rules).expect("it keeps the rules").value
    }

    #[test]
    fn a_sealed_value_shows_its_mask_and_its_envelope() {
        let sealed = Sealed::new(&number(), "AQID_-");

        assert_eq!(Column::from(sealed.clone()), Column::from("130***********0191~AQID_-"));
        assert_eq!(sealed.as_text().map(parts), Some(("130***********0191", "AQID_-")));
        assert_eq!(sealed.as_open(), None);
        let json = serde_json::to_string(&sealed).unwrap();
        assert_eq!(serde_json::from_str::<Sealed<IdNumber>>(&json).unwrap(), sealed);
    }

    #[test]
    fn an_open_value_is_never_written() {
        let open = Sealed::open(number());

        assert_eq!((open.as_open(), open.as_text()), (Some(&number()), None));
        assert_eq!(Column::from(open.clone()), Column::from("130***********0191"));
        assert!(serde_json::to_string(&open).is_err());
        assert_eq!(format!("{open:?}"), "Sealed(…)");
        assert!(serde_json::from_str::<Sealed<IdNumber>>("\"130399185006150191\"").is_err());
    }

    #[test]
    fn what_has_no_envelope_is_not_taken_for_a_mask() {
        assert_eq!(parts("130399185006150191"), ("", ""));
    }
}
