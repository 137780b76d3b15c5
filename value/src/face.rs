//! How values look to a GraphQL client.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

use async_graphql::parser::types::Field;
use async_graphql::registry::{MetaType, MetaTypeId, Registry};
use async_graphql::{
    ContextSelectionSet, InputType, InputValueError, InputValueResult, OutputType, Positioned,
    ServerResult, Value as Json,
};

use crate::{
    CertificateNumber, Checked, CreditCode, Defect, DivisionCode, IndustryCode, OccupationCode,
    PersonName, Rules, Value,
};

/// The scalar that stands for a value in the schema.
pub trait Face: Value + 'static {
    const NAME: &'static str;
    /// An English sentence, then Chinese, with the format and a synthetic example.
    const DESCRIPTION: &'static str;
    const SPECIFIED_BY: Option<&'static str> = None;
}

/// The text of a value as a client sent it, to be checked by the operation.
///
/// Any JSON string is accepted and all else refused: a bad value inside a batch must become an
/// error of its item, not refuse the request. `Debug` is redacted, whatever the value.
pub struct Unchecked<T> {
    text: String,
    value: PhantomData<fn() -> T>,
}

impl<T> Unchecked<T> {
    pub fn new(text: impl Into<String>) -> Self {
        Self { text: text.into(), value: PhantomData }
    }

    /// The text in clear, before any check.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.text
    }
}

impl<T: Value> Unchecked<T> {
    pub fn check(&self, rules: &Rules) -> Result<Checked<T>, Defect> {
        T::check(&self.text, rules)
    }
}

impl<T: Face> InputType for Unchecked<T> {
    type RawValueType = Self;

    fn type_name() -> Cow<'static, str> {
        Cow::Borrowed(T::NAME)
    }

    fn create_type_info(registry: &mut Registry) -> String {
        register::<T>(registry)
    }

    fn parse(value: Option<Json>) -> InputValueResult<Self> {
        match value {
            Some(Json::String(text)) => Ok(Self::new(text)),
            // `InputValueError::expected_type` would repeat the value, which may be personal.
            _ => Err(InputValueError::custom("expected a string")),
        }
    }

    fn to_value(&self) -> Json {
        Json::String(self.text.clone())
    }

    fn as_raw_value(&self) -> Option<&Self::RawValueType> {
        Some(self)
    }
}

/// What was sent may be returned where the value itself may be.
impl<T: Face + OutputType> OutputType for Unchecked<T> {
    fn type_name() -> Cow<'static, str> {
        Cow::Borrowed(T::NAME)
    }

    fn create_type_info(registry: &mut Registry) -> String {
        register::<T>(registry)
    }

    async fn resolve(
        &self,
        _: &ContextSelectionSet<'_>,
        _: &Positioned<Field>,
    ) -> ServerResult<Json> {
        Ok(Json::String(self.text.clone()))
    }
}

impl<T> fmt::Debug for Unchecked<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Unchecked(…)")
    }
}

// Written out, since a derive would ask for `T: Clone` and so on, though no `T` is inside.
impl<T> Clone for Unchecked<T> {
    fn clone(&self) -> Self {
        Self::new(self.text.clone())
    }
}

impl<T> PartialEq for Unchecked<T> {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl<T> Eq for Unchecked<T> {}

/// Registers the scalar of `T`, the same for its input and its output.
fn register<T: Face>(registry: &mut Registry) -> String {
    registry.create_input_type::<Unchecked<T>, _>(MetaTypeId::Scalar, |_| MetaType::Scalar {
        name: T::NAME.to_owned(),
        description: Some(T::DESCRIPTION.to_owned()),
        is_valid: Some(Arc::new(|value| matches!(value, Json::String(_)))),
        visible: None,
        inaccessible: false,
        tags: Vec::new(),
        specified_by_url: T::SPECIFIED_BY.map(ToOwned::to_owned),
        directive_invocations: Vec::new(),
        requires_scopes: Vec::new(),
    })
}

macro_rules! shown {
    ($($value:ident => $text:ident),* $(,)?) => {
        $(impl $value {
            /// As it is answered.
            #[must_use]
            pub fn to_value(&self) -> Json {
                Json::String(self.$text().to_owned())
            }
        }

        impl OutputType for $value {
            fn type_name() -> Cow<'static, str> {
                Cow::Borrowed(<$value as Face>::NAME)
            }

            fn create_type_info(registry: &mut Registry) -> String {
                register::<$value>(registry)
            }

            async fn resolve(
                &self,
                _: &ContextSelectionSet<'_>,
                _: &Positioned<Field>,
            ) -> ServerResult<Json> {
                Ok(self.to_value())
            }
        })*
    };
}

// The values that can be fields of an object as they are. `IdNumber` and `Phone` are missing on
// purpose: the policy layer decides whether they are answered in clear, masked or not at all.
shown! {
    CertificateNumber => as_str,
    CreditCode => as_str,
    DivisionCode => as_str,
    IndustryCode => as_str,
    OccupationCode => as_str,
    PersonName => expose,
}
