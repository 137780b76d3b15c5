use std::fmt;

use sea_orm::DeriveValueType;
use serde::{Deserialize, Serialize};

use crate::{Checked, Defect, Face, Rules, Value, division_code, text};

const SHAPE: Defect = Defect::new(
    "USCC-01",
    "a credit code is 18 digits and capital letters without I, O, S, V and Z",
    "统一社会信用代码应为18位数字或大写字母（不含I、O、S、V、Z）",
);
const CHECK: Defect =
    Defect::new("USCC-02", "the check character is wrong", "统一社会信用代码校验码错误");
const ORGANIZATION: Defect = Defect::new(
    "USCC-03",
    "the check character of the organisation code (position 17) is wrong",
    "主体标识码（组织机构代码）校验码错误",
);
const CATEGORY: Defect = Defect::new(
    "USCC-04",
    "the first two characters name no registering authority and category",
    "登记管理部门代码和机构类别代码不存在",
);
const DIVISION: Defect = Defect::new(
    "USCC-05",
    "the division of the registering authority is unknown",
    "登记管理机关行政区划码不存在",
);
const UNION_FOR_EMPLOYER: Defect = Defect::new(
    "USCC-06",
    "this is the code of a union; the code of the employer is needed",
    "此为工会的代码，应填写用人单位的统一社会信用代码",
);
const EMPLOYER_FOR_UNION: Defect = Defect::new(
    "USCC-06",
    "this is not the code of a union; the union has a code of its own, which starts with 8",
    "此非工会的代码，工会的统一社会信用代码以8开头",
);

/// The characters in the order of their values (GB 32100-2015).
const ALPHABET: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";
/// Weights of MOD 31-3: `3^i mod 31` (GB 32100-2015).
const WEIGHTS: [usize; 17] = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];
/// Weights of the organisation code's own check (GB 11714).
const ORGANIZATION_WEIGHTS: [u32; 8] = [3, 7, 9, 10, 5, 8, 4, 2];
/// Registering authority and category of the institution (domain brief §2.5).
const CATEGORIES: [&str; 36] = [
    "11", "12", "13", "19", "21", "29", "31", "32", "33", "34", "35", "39", "41", "49", "51", "52",
    "53", "59", "61", "62", "69", "71", "72", "79", "81", "89", "91", "92", "93", "A1", "A9", "N1",
    "N2", "N3", "N9", "Y1",
];

/// Unified social credit code of an organisation, GB 32100-2015, 18 characters.
///
/// An enterprise and its union have two codes (91… and 81…); putting one in the place of the other
/// is the usual error, hence [`CreditCode::for_employer`] and [`CreditCode::for_union`].
#[derive(
    Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, DeriveValueType,
)]
pub struct CreditCode(String);

impl CreditCode {
    /// Checks the code of an employer, which is not that of a union.
    pub fn for_employer(text: &str, rules: &Rules) -> Result<Checked<Self>, Defect> {
        let checked = Self::check(text, rules)?;
        if checked.value.is_union() { Err(UNION_FOR_EMPLOYER) } else { Ok(checked) }
    }

    /// Checks the code of a union organisation.
    pub fn for_union(text: &str, rules: &Rules) -> Result<Checked<Self>, Defect> {
        let checked = Self::check(text, rules)?;
        if checked.value.is_union() { Ok(checked) } else { Err(EMPLOYER_FOR_UNION) }
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether a union register gave the code: 81 grassroots union, 89 other.
    #[must_use]
    pub fn is_union(&self) -> bool {
        self.0.starts_with('8')
    }

    /// Registering authority and category of the institution, such as `91` for an enterprise.
    #[must_use]
    pub fn category(&self) -> &str {
        text::part(&self.0, 0..2)
    }

    /// Division of the registering authority, not of the place of business.
    #[must_use]
    pub fn division(&self) -> &str {
        text::part(&self.0, 2..8)
    }
}

impl Value for CreditCode {
    fn check(text: &str, rules: &Rules) -> Result<Checked<Self>, Defect> {
        let code = text::code(text);
        // Bytes suffice: the alphabet is ASCII, and no other byte is in it.
        let Some(values) = code.bytes().map(alphabet_value).collect::<Option<Vec<usize>>>() else {
            return Err(SHAPE);
        };
        let Some((&last, body)) = values.split_last().filter(|(_, body)| body.len() == 17) else {
            return Err(SHAPE);
        };
        if !CATEGORIES.contains(&&code[..2]) {
            return Err(CATEGORY);
        }
        if check_value(body) != last {
            return Err(CHECK);
        }

        let mut warnings = Vec::new();
        let organization = &code.as_bytes()[8..17];
        if organization_check(organization) != organization[8] {
            warnings.push(ORGANIZATION);
        }
        if !is_registering_division(&code[2..8], *rules) {
            warnings.push(DIVISION);
        }
        Ok(Checked { value: Self(code), warnings })
    }
}

impl Face for CreditCode {
    const NAME: &'static str = "CreditCode";
    const DESCRIPTION: &'static str = "Unified social credit code of an organisation \
        (GB 32100-2015): 18 digits and capital letters without I, O, S, V, Z, such as \
        \"91130399MATE5T0175\" for an enterprise or \"81130399MATE5T0176\" for its union. \
        统一社会信用代码（GB 32100-2015）：18位数字或大写字母（不含I、O、S、V、Z），\
        例如企业“91130399MATE5T0175”、其工会“81130399MATE5T0176”。";
}

impl fmt::Display for CreditCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn alphabet_value(character: u8) -> Option<usize> {
    ALPHABET.iter().position(|&c| c == character)
}

fn check_value(body: &[usize]) -> usize {
    let sum: usize = body.iter().zip(WEIGHTS).map(|(value, weight)| value * weight).sum();
    // The outer remainder turns 31 into 0; without it the character would be out of the alphabet.
    (31 - sum % 31) % 31
}

/// Check character of an organisation code of GB 11714, where A is 10 and Z is 35.
fn organization_check(code: &[u8]) -> u8 {
    let sum: u32 = code
        .iter()
        .zip(ORGANIZATION_WEIGHTS)
        .map(|(&c, weight)| char::from(c).to_digit(36).unwrap_or_default() * weight)
        .sum();
    b"0123456789X"[((11 - sum % 11) % 11) as usize]
}

fn is_registering_division(division: &str, rules: Rules) -> bool {
    // 100000 is the country: bodies that register with a central authority.
    division == "100000"
        || division_code::is_province(division)
            && !division_code::is_functional_zone(division)
            && (rules.synthetic || !division_code::is_synthetic(division))
}
