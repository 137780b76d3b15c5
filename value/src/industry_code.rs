use std::fmt;

use sea_orm::{DbErr, DeriveValueType, TryFromU64};
use serde::{Deserialize, Serialize};

use crate::{Checked, Defect, Face, Rules, Value, text};

const SHAPE: Defect = Defect::new(
    "INDUSTRY-01",
    "an industry code is a letter from A to T, alone or with 2 to 4 digits",
    "行业代码应为字母A至T，可后接2至4位数字",
);
const SECTION: Defect = Defect::new(
    "INDUSTRY-02",
    "the division (first two digits) does not belong to the section (letter)",
    "大类代码（前两位数字）不属于该门类（字母）",
);

/// Last division of each section, A to T; a section starts after the one before it
/// (GB/T 4754-2017).
const LAST_DIVISIONS: [u8; 20] =
    [5, 12, 43, 46, 50, 52, 60, 62, 65, 69, 70, 72, 75, 79, 82, 83, 85, 90, 96, 97];

/// Code of an industry, GB/T 4754-2017: section `C`, division `C37`, group `C371` or class `C3714`.
///
/// Shape and the match of letter and division; whether a group or class exists is data.
#[derive(
    Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, DeriveValueType,
)]
pub struct IndustryCode(String);

impl IndustryCode {
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The section, a letter from A to T.
    #[must_use]
    pub fn section(&self) -> &str {
        text::part(&self.0, 0..1)
    }

    /// The division of two digits, if the code goes so deep.
    #[must_use]
    pub fn division(&self) -> Option<&str> {
        self.0.get(1..3)
    }
}

impl Value for IndustryCode {
    fn check(text: &str, _: &Rules) -> Result<Checked<Self>, Defect> {
        let code = text::code(text);
        let [section @ b'A'..=b'T', digits @ ..] = code.as_bytes() else {
            return Err(SHAPE);
        };
        if !digits.iter().all(u8::is_ascii_digit) {
            return Err(SHAPE);
        }
        match digits {
            [] => {}
            [tens, units] | [tens, units, _] | [tens, units, _, _] => {
                let division = (tens - b'0') * 10 + units - b'0';
                if !has_division(*section, division) {
                    return Err(SECTION);
                }
            }
            _ => return Err(SHAPE),
        }
        Ok(Checked::clean(Self(code)))
    }
}

impl Face for IndustryCode {
    const NAME: &'static str = "IndustryCode";
    const DESCRIPTION: &'static str = "Code of an industry (GB/T 4754-2017): a letter from A to T, \
        alone or with 2 to 4 digits, such as \"C\", \"C37\" or \"C3714\". \
        国民经济行业代码（GB/T 4754-2017）：门类字母A至T，可后接2至4位数字，\
        例如“C”“C37”“C3714”。";
}

impl fmt::Display for IndustryCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// An industry code may be a primary key, which is never made from a row number.
impl TryFromU64 for IndustryCode {
    fn try_from_u64(_: u64) -> Result<Self, DbErr> {
        Err(DbErr::ConvertFromU64("IndustryCode"))
    }
}

/// `section` is a letter from A to T.
fn has_division(section: u8, division: u8) -> bool {
    let index = usize::from(section - b'A');
    let before = if index == 0 { 0 } else { LAST_DIVISIONS[index - 1] };
    before < division && division <= LAST_DIVISIONS[index]
}
