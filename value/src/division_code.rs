use std::fmt;

use sea_orm::{DbErr, DeriveValueType, TryFromU64};
use serde::{Deserialize, Serialize};

use crate::{Checked, Defect, Face, Rules, Value, text};

const SHAPE: Defect =
    Defect::new("DIVISION-01", "a division code is six digits", "行政区划代码应为6位数字");
const PROVINCE: Defect = Defect::new(
    "DIVISION-02",
    "the first two digits name no province",
    "前两位不是省级行政区划代码",
);

/// Code of an administrative division, GB/T 2260: six digits, of which the first two name a
/// province (11..82).
///
/// Shape only: whether the code exists, and when, is data (domain brief §2.6).
#[derive(
    Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, DeriveValueType,
)]
pub struct DivisionCode(String);

/// Level of a division, as its trailing zeros tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum DivisionLevel {
    Province,
    Prefecture,
    County,
}

impl DivisionCode {
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    #[must_use]
    pub fn level(&self) -> DivisionLevel {
        match (text::part(&self.0, 2..4), text::part(&self.0, 4..6)) {
            ("00", "00") => DivisionLevel::Province,
            (_, "00") => DivisionLevel::Prefecture,
            _ => DivisionLevel::County,
        }
    }

    /// The digits that all divisions below this one share: two, four or six.
    #[must_use]
    pub fn prefix(&self) -> &str {
        match self.level() {
            DivisionLevel::Province => text::part(&self.0, 0..2),
            DivisionLevel::Prefecture => text::part(&self.0, 0..4),
            DivisionLevel::County => &self.0,
        }
    }

    /// Whether `other` is this division or, by its digits, lies in it.
    #[must_use]
    pub fn contains(&self, other: &Self) -> bool {
        other.0.starts_with(self.prefix())
    }
}

impl Value for DivisionCode {
    fn check(text: &str, _: &Rules) -> Result<Checked<Self>, Defect> {
        let code = text::code(text);
        if code.len() != 6 || !text::are_digits(&code) {
            return Err(SHAPE);
        }
        if !is_province(&code) {
            return Err(PROVINCE);
        }
        Ok(Checked::clean(Self(code)))
    }
}

impl Face for DivisionCode {
    const NAME: &'static str = "DivisionCode";
    const DESCRIPTION: &'static str = "Code of an administrative division (GB/T 2260, with the \
        statistical codes of functional zones): six digits, such as \"130302\". \
        行政区划代码（GB/T 2260，含功能区统计代码）：6位数字，例如“130302”。";
}

impl fmt::Display for DivisionCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A division code may be a primary key, which is never made from a row number.
impl TryFromU64 for DivisionCode {
    fn try_from_u64(_: u64) -> Result<Self, DbErr> {
        Err(DbErr::ConvertFromU64("DivisionCode"))
    }
}

/// Whether the code starts with a province, an autonomous region, a municipality or a special
/// administrative region (GB/T 2260).
pub(crate) fn is_province(code: &str) -> bool {
    let (Some(region), Some(province)) = (code.as_bytes().first(), code.as_bytes().get(1)) else {
        return false;
    };
    match region {
        b'1' | b'6' => matches!(province, b'1'..=b'5'),
        b'2' => matches!(province, b'1'..=b'3'),
        b'3' => matches!(province, b'1'..=b'7'),
        b'4' => matches!(province, b'1'..=b'6'),
        b'5' => matches!(province, b'0'..=b'4'),
        b'7' => *province == b'1',
        b'8' => matches!(province, b'1' | b'2'),
        _ => false,
    }
}

/// Whether the code is one of the unallocated ones of synthetic data (domain brief §7).
pub(crate) fn is_synthetic(code: &str) -> bool {
    matches!(code.as_bytes(), [b'1', b'3', b'0', b'3', b'9', b'1'..=b'9'])
}

/// Whether the code is a statistical one of a functional zone (71..79), which no register issues
/// numbers under (domain brief §2.6).
pub(crate) fn is_functional_zone(code: &str) -> bool {
    matches!(code.as_bytes(), [_, _, _, _, b'7', b'1'..=b'9'])
}
