use std::fmt;

use chrono::{Datelike, NaiveDate};

use crate::{Checked, Defect, DocumentType, Face, Rules, Secret, Value, division_code, text};

const SHAPE: Defect = Defect::new(
    "ID-01",
    "an identity number is 17 digits and a check character, which is a digit or X",
    "公民身份号码应为17位数字加1位校验码（数字或X）",
);
const CHECK: Defect =
    Defect::new("ID-02", "the check character is wrong", "公民身份号码校验码错误");
const BIRTH: Defect = Defect::new(
    "ID-03",
    "the birth date is no day of the calendar, too early or in the future",
    "出生日期不存在、过早或晚于当前日期",
);
const AREA: Defect = Defect::new(
    "ID-04",
    "the area code is all zeros or was never allocated",
    "地址码全为零或从未分配",
);
const AREA_UNKNOWN: Defect = Defect::new(
    "ID-04",
    "the area code is in no table of divisions, or is a statistical code",
    "地址码不在行政区划代码表中，或为统计用代码",
);
const SEQUENCE: Defect = Defect::new("ID-06", "the sequence number is 000", "顺序码为000，请核对");
const FIFTEEN: Defect = Defect::new(
    "ID-12",
    "the 15-digit form is out of use; confirm the 18-digit form",
    "15位号码已停用，请确认升位后的18位号码",
);
const SCIENTIFIC: Defect = Defect::new(
    "DQ-ID-06",
    "a spreadsheet turned the number into scientific notation, its digits are lost",
    "号码被电子表格转换为科学计数法，数字已丢失",
);
const ROUNDED: Defect = Defect::new(
    "DQ-ID-06",
    "the number ends in 000, as a spreadsheet rounds it to 15 digits",
    "号码末三位为000，可能被电子表格按15位有效数字舍入",
);

/// Weights of ISO 7064 MOD 11-2: `2^(18-i) mod 11` for position i (GB 11643-1999).
const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const CHECK_CHARACTERS: [u8; 11] = *b"10X98765432";

/// Identity number of 18 characters, `AAAAAA YYYYMMDD SSS C`.
///
/// Four documents carry one: the resident identity card (GB 11643-1999), the residence permits of
/// Hong Kong (81), Macao (82) and Taiwan (83) residents, and the foreign permanent resident's card
/// of 2023, whose number starts with 9. Of the last only the check character is a rule, because
/// the meaning of its other positions is not confirmed (domain brief §2.2 to §2.4).
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct IdNumber(String);

impl IdNumber {
    /// Code of the county that registered the person when the number was given: a division that
    /// may be abolished since, not a place of birth or work.
    #[must_use]
    pub fn area(&self) -> &str {
        text::part(&self.0, 0..6)
    }

    /// Missing only where a foreign permanent resident's number holds no date.
    #[must_use]
    pub fn birth_date(&self) -> Option<NaiveDate> {
        calendar_date(text::part(&self.0, 6..14))
    }

    /// Sex by digit 17: odd is male, even is female.
    #[must_use]
    pub fn is_male(&self) -> bool {
        self.0.as_bytes().get(16).is_some_and(|digit| digit % 2 == 1)
    }

    /// Completed years on `date`; missing before birth, and where the birth date is.
    #[must_use]
    pub fn age_on(&self, date: NaiveDate) -> Option<u32> {
        date.years_since(self.birth_date()?)
    }

    /// The document that carries such a number.
    #[must_use]
    pub fn document_type(&self) -> DocumentType {
        match text::part(&self.0, 0..2).as_bytes() {
            [b'9', _] => DocumentType::Fpr2023,
            b"81" | b"82" => DocumentType::HkMoResidence,
            b"83" => DocumentType::TwResidence,
            _ => DocumentType::ResidentId,
        }
    }

    /// The 18-digit form of a number of 15 digits (before 1999), for a person to confirm; nothing
    /// if `text` is no such number. The result still has to be checked.
    #[must_use]
    pub fn upgrade(text: &str) -> Option<String> {
        let code = text::code(text);
        if !is_fifteen(&code) {
            return None;
        }
        let body = format!("{}19{}", &code[..6], &code[6..]);
        let check = check_character(body.as_bytes());
        Some(format!("{body}{}", char::from(check)))
    }
}

impl Secret for IdNumber {
    fn expose(&self) -> &str {
        &self.0
    }

    /// The first three and the last four characters: `130***********0019`. The six digits of the
    /// area would say more than the mask hides, once a birth date stands beside it.
    fn masked(&self) -> String {
        format!("{}***********{}", text::part(&self.0, 0..3), text::part(&self.0, 14..18))
    }
}

impl Value for IdNumber {
    fn check(text: &str, rules: &Rules) -> Result<Checked<Self>, Defect> {
        let code = text::code(text);
        if is_scientific(&code) {
            return Err(SCIENTIFIC);
        }
        if is_fifteen(&code) {
            return Err(FIFTEEN);
        }
        let Some((&last, body)) = code.as_bytes().split_last() else {
            return Err(SHAPE);
        };
        if body.len() != 17
            || !body.iter().all(u8::is_ascii_digit)
            || !(last.is_ascii_digit() || last == b'X')
        {
            return Err(SHAPE);
        }
        if check_character(body) != last {
            return Err(CHECK);
        }

        let mut warnings = Vec::new();
        let is_born = is_birth_date(&code[6..14], *rules);
        if body[0] == b'9' {
            warnings.extend((!is_born).then_some(BIRTH));
        } else {
            warnings.extend(area_warning(&code[..6], *rules)?);
            if !is_born {
                return Err(BIRTH);
            }
            warnings.extend((&code[14..17] == "000").then_some(SEQUENCE));
        }
        warnings.extend(code.ends_with("000").then_some(ROUNDED));
        Ok(Checked { value: Self(code), warnings })
    }
}

impl Face for IdNumber {
    const NAME: &'static str = "IdNumber";
    const DESCRIPTION: &'static str = "Identity number of 18 characters (GB 11643-1999, residence \
        permits of Hong Kong, Macao and Taiwan residents, foreign permanent residents from 2023): \
        17 digits and a check character, such as \"130399185006150191\"; blanks, full-width \
        characters and a lower-case x are put right. Only sent by a client, never returned in \
        clear by this scalar. \
        公民身份号码（含港澳台居民居住证、2023版外国人永久居留身份证）：17位数字加1位校验码，\
        例如“130399185006150191”；空格、全角字符和小写x会自动规范。仅用于输入。";
}

impl fmt::Debug for IdNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("IdNumber(…)")
    }
}

/// The check character of the first 17 digits.
fn check_character(body: &[u8]) -> u8 {
    let sum: u32 =
        body.iter().zip(WEIGHTS).map(|(digit, weight)| u32::from(digit - b'0') * weight).sum();
    CHECK_CHARACTERS[(sum % 11) as usize]
}

/// A missing or doubtful area is a warning, since every list of divisions is incomplete; an area
/// that nobody can have is an error.
fn area_warning(area: &str, rules: Rules) -> Result<Option<Defect>, Defect> {
    if area == "000000" {
        return Err(AREA);
    }
    if division_code::is_synthetic(area) {
        return if rules.synthetic { Ok(None) } else { Err(AREA) };
    }
    let is_known = match area.as_bytes()[0] {
        // Taiwan's permits start with 83, its division code with 71.
        b'8' => matches!(area, "810000" | "820000" | "830000"),
        _ => division_code::is_province(area) && !division_code::is_functional_zone(area),
    };
    Ok((!is_known).then_some(AREA_UNKNOWN))
}

fn is_birth_date(digits: &str, rules: Rules) -> bool {
    calendar_date(digits)
        .is_some_and(|date| date.year() >= rules.first_birth_year() && date <= rules.today)
}

fn calendar_date(digits: &str) -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(
        digits.get(..4)?.parse().ok()?,
        digits.get(4..6)?.parse().ok()?,
        digits.get(6..8)?.parse().ok()?,
    )
}

fn is_fifteen(code: &str) -> bool {
    code.len() == 15 && text::are_digits(code)
}

/// Whether the text is a number as `1.30399E+17`.
fn is_scientific(code: &str) -> bool {
    let Some((mantissa, exponent)) = code.split_once('E') else {
        return false;
    };
    let exponent = exponent.trim_start_matches(['+', '-']);
    mantissa.starts_with(|c: char| c.is_ascii_digit())
        && mantissa.bytes().all(|b| b.is_ascii_digit() || b == b'.')
        && !exponent.is_empty()
        && text::are_digits(exponent)
}
