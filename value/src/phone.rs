use std::fmt;

use crate::{Checked, Defect, Face, Rules, Secret, Value, text};

const SHAPE: Defect = Defect::new(
    "PHONE-01",
    "a mobile number is 11 digits from 13 to 19, or +852, +853 or +886 and a local number",
    "手机号码应为11位（以13至19开头），或以+852、+853、+886开头的号码",
);

/// Regions whose numbers keep their prefix, with the digits of a local number.
const REGIONS: [(&str, usize); 3] = [("+852", 8), ("+853", 8), ("+886", 9)];

/// Mobile number: 11 digits `1[3-9]…` without the country code, or a number of Hong Kong (+852),
/// Macao (+853) or Taiwan (+886) with it (domain brief §2.18).
///
/// Never a key of a person: numbers are shared and given out again.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Phone(String);

impl Secret for Phone {
    fn expose(&self) -> &str {
        &self.0
    }

    /// The first three digits (or the region) and the last four: `154****5678`.
    fn masked(&self) -> String {
        let head = if self.0.starts_with('+') { 4 } else { 3 };
        let tail = self.0.len().saturating_sub(4).max(head);
        format!("{}****{}", text::part(&self.0, 0..head), text::part(&self.0, tail..self.0.len()))
    }
}

impl Value for Phone {
    fn check(text: &str, _: &Rules) -> Result<Checked<Self>, Defect> {
        let mut number = text::code(text).replace('-', "");
        if let Some(international) = number.strip_prefix("00") {
            number = format!("+{international}");
        }
        if number.starts_with("+86") {
            number.drain(..3);
        }
        if is_mainland(&number) || is_regional(&number) {
            Ok(Checked::clean(Self(number)))
        } else {
            Err(SHAPE)
        }
    }
}

impl Face for Phone {
    const NAME: &'static str = "Phone";
    const DESCRIPTION: &'static str = "Mobile number: 11 digits, such as \"15412345678\"; +86, \
        blanks and hyphens are removed, +852, +853 and +886 stay. Only sent by a client, never \
        returned in clear by this scalar. \
        手机号码：11位数字，例如“15412345678”；自动去除+86、空格和连字符，保留+852、+853、+886。\
        仅用于输入。";
}

impl fmt::Debug for Phone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Phone(…)")
    }
}

fn is_mainland(number: &str) -> bool {
    number.len() == 11
        && text::are_digits(number)
        && matches!(number.as_bytes(), [b'1', b'3'..=b'9', ..])
}

fn is_regional(number: &str) -> bool {
    REGIONS.iter().any(|(prefix, length)| {
        number
            .strip_prefix(prefix)
            .is_some_and(|local| local.len() == *length && text::are_digits(local))
    })
}
