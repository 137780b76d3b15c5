use std::fmt;

use sea_orm::DeriveValueType;
use serde::{Deserialize, Serialize};

use crate::{Checked, Defect, Face, Rules, Value, division_code, text};

const SHAPE: Defect = Defect::new(
    "CERT-01",
    "a skill certificate number is Y or S and 21 characters, all digits but for the level",
    "职业技能等级证书编号应为22位，以Y或S开头",
);
const LEVEL: Defect =
    Defect::new("CERT-02", "the level (position 16) is not 1 to 5", "等级代码（第16位）应为1至5");
const LETTER_LEVEL: Defect = Defect::new(
    "CERT-02",
    "the level is a letter, as on certificates of special-grade technicians; compare the document",
    "等级代码为字母，应为特级技师证书，请与证书核对",
);
const PROVINCE: Defect = Defect::new(
    "CERT-03",
    "the province (positions 6 and 7) is unknown",
    "省级代码（第6至7位）不存在",
);

/// Number of a vocational skill level certificate (职业技能等级证书), 22 characters:
/// kind of institution `Y` or `S`, institution 4, province 2, provincial serial 6, year 2,
/// level 1, serial 6 (domain brief §2.11).
///
/// The level is a digit, 1 to 5, or on the certificate of a special-grade technician (two letters
/// and 20 digits in the same seven parts) a letter, which is admitted with a warning. There is no
/// check character: the institution and the level have to be compared with records. Other schemes
/// (16-digit qualifications, provincial numbers) are not this value.
#[derive(
    Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, DeriveValueType,
)]
pub struct CertificateNumber(String);

impl CertificateNumber {
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether an employer issued it (`Y`), not a social evaluation organisation (`S`).
    #[must_use]
    pub fn is_by_employer(&self) -> bool {
        self.0.starts_with('Y')
    }

    /// Institution, province and provincial serial: the key of the institution table.
    #[must_use]
    pub fn institution(&self) -> &str {
        text::part(&self.0, 1..13)
    }

    /// Level 1 (highest) to 5 (lowest); none on the certificate of a special-grade technician.
    #[must_use]
    pub fn level(&self) -> Option<u8> {
        text::part(&self.0, 15..16).parse().ok()
    }
}

impl Value for CertificateNumber {
    fn check(text: &str, _: &Rules) -> Result<Checked<Self>, Defect> {
        let code = text::code(text);
        let [b'Y' | b'S', middle @ .., _, _, _, _, _, _] = code.as_bytes() else {
            return Err(SHAPE);
        };
        let Some((level, middle)) = middle.split_last().filter(|(_, middle)| middle.len() == 14)
        else {
            return Err(SHAPE);
        };
        let serial = &code.as_bytes()[16..];
        if !middle.iter().chain(serial).all(u8::is_ascii_digit) {
            return Err(SHAPE);
        }

        let mut warnings = Vec::new();
        match level {
            b'1'..=b'5' => {}
            b'A'..=b'Z' => warnings.push(LETTER_LEVEL),
            b'0'..=b'9' => return Err(LEVEL),
            _ => return Err(SHAPE),
        }
        if !division_code::is_province(&code[5..7]) {
            warnings.push(PROVINCE);
        }
        Ok(Checked { value: Self(code), warnings })
    }
}

impl Face for CertificateNumber {
    const NAME: &'static str = "CertificateNumber";
    const DESCRIPTION: &'static str = "Number of a vocational skill level certificate: Y or S and \
        21 digits, of which the 16th character is the level 1 to 5, such as \
        \"Y000013000001241000001\". \
        职业技能等级证书编号：Y或S后接21位数字，第16位为等级1至5，例如“Y000013000001241000001”。";
}

impl fmt::Display for CertificateNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
