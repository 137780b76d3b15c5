//! Normalisation, which comes before any rule (domain brief §2.1).

use std::ops::Range;

use unicode_normalization::UnicodeNormalization;

use crate::Defect;

const CONTROL: Defect = Defect::new(
    "TEXT-01",
    "the text contains a control character or a line break",
    "文本含有控制字符或换行符",
);
const BIDI: Defect = Defect::new(
    "TEXT-02",
    "the text contains a character that changes the writing direction",
    "文本含有改变书写方向的控制字符",
);
const EMPTY: Defect = Defect::new("TEXT-03", "the text is empty", "文本为空");
const LENGTH: Defect = Defect::new("TEXT-04", "the text is too long", "文本过长");

/// Normal form of a code field: half-width, upper-case, without blanks, invisible characters and
/// the apostrophes that Excel puts before text cells; dashes become the hyphen.
///
/// Other characters stay, for the rules of the value to refuse. Idempotent.
#[must_use]
pub fn code(text: &str) -> String {
    text.chars()
        .map(half_width)
        .filter(|&c| !c.is_whitespace() && !is_invisible(c) && !is_apostrophe(c))
        .map(|c| if is_dash(c) { '-' } else { c.to_ascii_uppercase() })
        .collect()
}

/// One line of text, such as a title: trimmed, NFC, 1..=`max` characters (not bytes).
///
/// Refuses control characters, line breaks and direction controls: they hide text from a reader.
/// Not for names of persons, because NFC replaces CJK compatibility ideographs.
pub fn line(text: &str, max: usize) -> Result<String, Defect> {
    bounded(plain(text)?.nfc().collect(), max)
}

/// Several lines of text, such as a statement of facts: as [`line`], but `\n` and `\t` stay, and
/// `\r\n` becomes `\n`.
pub fn paragraphs(text: &str, max: usize) -> Result<String, Defect> {
    let text = text.replace("\r\n", "\n");
    let lines = trim(&text);
    refuse(lines, |c| c != '\n' && c != '\t')?;
    bounded(lines.nfc().collect(), max)
}

/// The text without blanks at its ends, all other code points unchanged; refuses what [`line`]
/// refuses, except for the length.
pub(crate) fn plain(text: &str) -> Result<&str, Defect> {
    let text = trim(text);
    refuse(text, |_| true)?;
    Ok(text)
}

/// Full-width U+FF01..U+FF5E to ASCII, the ideographic space to a space.
pub(crate) fn half_width(c: char) -> char {
    match c {
        '\u{3000}' => ' ',
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(c) - 0xFF01 + 0x21).unwrap_or(c),
        _ => c,
    }
}

pub(crate) const fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '\u{2018}' | '\u{2019}')
}

pub(crate) fn are_digits(text: &str) -> bool {
    // `char::is_numeric` and `\d` would admit Arabic-Indic and other digits.
    text.bytes().all(|b| b.is_ascii_digit())
}

/// Part of a code, or nothing where a stored code is shorter: reading must not panic.
pub(crate) fn part(code: &str, range: Range<usize>) -> &str {
    code.get(range).unwrap_or_default()
}

fn trim(text: &str) -> &str {
    text.trim_matches(|c: char| c.is_whitespace() || is_invisible(c))
}

fn refuse(text: &str, counts: impl Fn(char) -> bool) -> Result<(), Defect> {
    for c in text.chars().filter(|&c| counts(c)) {
        if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') {
            return Err(CONTROL);
        }
        if is_bidi_control(c) {
            return Err(BIDI);
        }
    }
    Ok(())
}

fn bounded(text: String, max: usize) -> Result<String, Defect> {
    // Counted after NFC, which can lengthen a text.
    match text.chars().count() {
        0 => Err(EMPTY),
        count if count > max => Err(LENGTH),
        _ => Ok(text),
    }
}

const fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200B}' | '\u{2060}' | '\u{FEFF}')
}

const fn is_dash(c: char) -> bool {
    matches!(c, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}')
}

const fn is_bidi_control(c: char) -> bool {
    matches!(
        c,
        '\u{061C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}'
    )
}
