use std::fmt;

use sea_orm::{DbErr, DeriveValueType, TryFromU64};
use serde::{Deserialize, Serialize};

use crate::{Checked, Defect, Face, Rules, Value, text};

const SHAPE: Defect = Defect::new(
    "OCCUPATION-01",
    "an occupation code has the form 6-18-02-04, its first digit is 1 to 8",
    "职业代码格式应为“6-18-02-04”，首位为1至8",
);

/// Code of an occupation in the 职业分类大典: `M-MM-SS-OO`, major group 1 to 8.
///
/// Shape only: editions renumber, so a code means something together with its edition
/// (domain brief §2.9).
#[derive(
    Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, DeriveValueType,
)]
pub struct OccupationCode(String);

impl OccupationCode {
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The major group, `1` to `8`.
    #[must_use]
    pub fn major_group(&self) -> &str {
        text::part(&self.0, 0..1)
    }
}

impl Value for OccupationCode {
    fn check(text: &str, _: &Rules) -> Result<Checked<Self>, Defect> {
        let code = text::code(text);
        let is_code = code.len() == 10
            && code.bytes().enumerate().all(|(position, b)| match position {
                0 => matches!(b, b'1'..=b'8'),
                1 | 4 | 7 => b == b'-',
                _ => b.is_ascii_digit(),
            });
        if is_code { Ok(Checked::clean(Self(code))) } else { Err(SHAPE) }
    }
}

impl Face for OccupationCode {
    const NAME: &'static str = "OccupationCode";
    const DESCRIPTION: &'static str = "Code of an occupation in the national classification \
        (职业分类大典): major, middle and small group and occupation, such as \"6-18-02-04\". \
        职业代码（《中华人民共和国职业分类大典》）：大类-中类-小类-细类，例如“6-18-02-04”。";
}

impl fmt::Display for OccupationCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// An occupation code may be part of a primary key, which is never made from a row number.
impl TryFromU64 for OccupationCode {
    fn try_from_u64(_: u64) -> Result<Self, DbErr> {
        Err(DbErr::ConvertFromU64("OccupationCode"))
    }
}
