use std::borrow::Cow;

use async_graphql::parser::types::Field;
use async_graphql::registry::Registry;
use async_graphql::{
    ContextSelectionSet, OutputType, Positioned, ServerResult, SimpleObject, Value,
};
use sea_orm::DeriveValueType;
use serde::{Deserialize, Serialize};

use crate::{BigInt, Decimal, Defect, text};

const SHAPE: Defect = Defect::new(
    "MONEY-01",
    "an amount in yuan is digits with at most two decimal places",
    "金额（元）应为数字，最多两位小数",
);
const RANGE: Defect = Defect::new("MONEY-02", "the amount is too large", "金额过大");

/// An amount of money in fen (1/100 yuan), never a float. Answered to clients as [`Money`].
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
pub struct Fen(pub i64);

/// An amount of money in renminbi. 人民币金额。
#[derive(Clone, Debug, PartialEq, Eq, SimpleObject)]
pub struct Money {
    /// The amount in fen, the unit of account: "5082800000". 以分为单位的金额。
    pub fen: BigInt,
    /// The same amount in yuan with two decimal places: "50828000.00". 以元为单位的金额，两位小数。
    pub yuan: Decimal,
}

impl Fen {
    pub const ZERO: Self = Self(0);

    /// Nothing on overflow, as with all sums of money here.
    #[must_use]
    pub fn checked_add(self, other: Self) -> Option<Self> {
        self.0.checked_add(other.0).map(Self)
    }

    #[must_use]
    pub fn checked_sub(self, other: Self) -> Option<Self> {
        self.0.checked_sub(other.0).map(Self)
    }

    #[must_use]
    pub fn total(amounts: impl IntoIterator<Item = Self>) -> Option<Self> {
        amounts.into_iter().try_fold(Self::ZERO, Self::checked_add)
    }

    /// The amount in yuan, always with two decimal places: `50828000.00`.
    #[must_use]
    pub fn yuan(self) -> String {
        Decimal::scaled(self.0, 2).to_string()
    }

    /// Reads an amount in yuan: `-?digits`, perhaps a point and one or two digits. No grouping
    /// commas, because 1,234 is read differently by different people.
    pub fn from_yuan(text: &str) -> Result<Self, Defect> {
        let code = text::code(text);
        let (is_negative, digits) = match code.strip_prefix('-') {
            Some(digits) => (true, digits),
            None => (false, code.as_str()),
        };
        let (whole, fraction) = match digits.split_once('.') {
            Some(parts) => parts,
            None => (digits, "00"),
        };
        if whole.is_empty()
            || !(1..=2).contains(&fraction.len())
            || !text::are_digits(whole)
            || !text::are_digits(fraction)
        {
            return Err(SHAPE);
        }
        // `1.5` is 1 yuan 50.
        let magnitude: i128 = format!("{whole}{fraction:0<2}").parse().map_err(|_| RANGE)?;
        let fen = if is_negative { -magnitude } else { magnitude };
        i64::try_from(fen).map(Self).map_err(|_| RANGE)
    }
}

impl From<Fen> for Money {
    fn from(amount: Fen) -> Self {
        Self { fen: BigInt(amount.0), yuan: Decimal::scaled(amount.0, 2) }
    }
}

impl From<BigInt> for Fen {
    fn from(amount: BigInt) -> Self {
        Self(amount.0)
    }
}

/// The face of [`Money`], so that a model's column is a field of its object as it stands.
impl OutputType for Fen {
    fn type_name() -> Cow<'static, str> {
        <Money as OutputType>::type_name()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        <Money as OutputType>::create_type_info(registry)
    }

    async fn resolve(
        &self,
        ctx: &ContextSelectionSet<'_>,
        field: &Positioned<Field>,
    ) -> ServerResult<Value> {
        OutputType::resolve(&Money::from(*self), ctx, field).await
    }
}
