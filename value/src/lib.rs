//! Values of the domain: parsed once, then always valid.
//!
//! Text becomes a value through [`Value::check`] only. Two doors beside it trust what lies behind
//! them: a database column (`DeriveValueType`) and a stored snapshot (`Deserialize`). Neither may
//! be opened to a client; clients send [`Unchecked`] text.
//!
//! Values about a person ([`IdNumber`], [`Phone`], [`PersonName`]) have no `Display` and a redacted
//! `Debug`. Their text comes out of `expose` alone, so that each use of it can be searched for.
//! An identity number or a phone can be neither a column nor a field of a GraphQL object; a column
//! holds it as a [`Sealed`] value:
//!
//! ```compile_fail,E0277
//! fn is_shown<T: async_graphql::OutputType>() {}
//! is_shown::<value::IdNumber>();
//! ```
//!
//! ```compile_fail,E0277
//! fn is_shown<T: async_graphql::OutputType>() {}
//! is_shown::<value::Unchecked<value::Phone>>();
//! ```
//!
//! ```compile_fail,E0277
//! fn is_stored<T: Into<sea_orm::Value>>() {}
//! is_stored::<value::IdNumber>();
//! ```
//!
//! ```
//! fn is_stored<T: Into<sea_orm::Value>>() {}
//! fn is_shown<T: async_graphql::OutputType>() {}
//! is_stored::<value::Sealed<value::IdNumber>>();
//! is_shown::<value::PersonName>();
//! ```

#![expect(
    clippy::missing_errors_doc,
    reason = "the error is a Defect and its rule is in the doc comment"
)]

pub mod defect;
pub mod rules;
pub mod text;
pub mod division_code;
pub mod document_type;
pub mod id_number;
pub mod credit_code;
pub mod phone;
mod han;
pub mod person_name;
pub mod industry_code;
pub mod occupation_code;
pub mod certificate_number;
pub mod number;
pub mod fen;
pub mod calendar;
pub mod term;
pub mod sealed;
pub mod face;

pub use calendar::{Date, DateTime};
pub use certificate_number::CertificateNumber;
pub use credit_code::CreditCode;
pub use defect::Defect;
pub use division_code::{DivisionCode, DivisionLevel};
pub use document_type::DocumentType;
pub use face::{Face, Unchecked};
pub use fen::{Fen, Money};
pub use id_number::IdNumber;
pub use industry_code::IndustryCode;
pub use number::{BigInt, Decimal};
pub use occupation_code::OccupationCode;
pub use person_name::PersonName;
pub use phone::Phone;
pub use rules::{Checked, Rules, Value};
pub use sealed::{Sealed, Secret};
pub use term::{Term, TermUnit, WorkCalendar};
