use std::fmt;

use sea_orm::DeriveValueType;
use serde::{Deserialize, Serialize};

use crate::han::{is_han, is_private_use};
use crate::{Checked, Defect, Face, Rules, Value, text};

const FORM: Defect = Defect::new(
    "NAME-01",
    "a name is Chinese characters with “·” between its parts, or Latin letters",
    "姓名应为汉字（各部分以“·”分隔）或拉丁字母",
);
const LENGTH: Defect =
    Defect::new("NAME-02", "a name has 1 to 50 characters", "姓名应为1至50个字符");
const SEPARATOR: Defect = Defect::new(
    "NAME-03",
    "the separator “·” stands between two parts of a name, once",
    "间隔号“·”只能出现在姓名两部分之间，且不能连续",
);
const SINGLE: Defect =
    Defect::new("NAME-04", "the name is a single character", "姓名只有一个字，请核对");
const PRIVATE_USE: Defect = Defect::new(
    "NAME-05",
    "the name holds a private-use character, which other systems cannot show",
    "姓名含有自造字（私用区字符），其他系统可能无法显示",
);

/// Bound of 民委发〔2016〕33号: the field holds at least 50 characters.
const MAX_CHARACTERS: usize = 50;
/// The only separator of 民委发〔2016〕33号 (GB 13000 code 00B7).
const MIDDLE_DOT: char = '\u{00B7}';

const COMPOUND_SURNAMES: [&str; 54] = [
    "欧阳", "歐陽", "司马", "司馬", "诸葛", "諸葛", "上官", "夏侯", "东方", "東方", "皇甫", "尉迟",
    "尉遲", "公孙", "公孫", "慕容", "令狐", "长孙", "長孫", "宇文", "司徒", "司空", "端木", "独孤",
    "獨孤", "南宫", "南宮", "百里", "闻人", "聞人", "澹台", "澹臺", "公冶", "宗政", "濮阳", "濮陽",
    "淳于", "单于", "單于", "太叔", "申屠", "轩辕", "軒轅", "钟离", "鍾離", "鲜于", "鮮于", "闾丘",
    "万俟", "呼延", "赫连", "赫連", "拓跋", "左丘",
];

/// Name of a person: Chinese characters in parts that “·” separates, or for foreigners Latin
/// capitals; 1 to 50 characters (not bytes).
///
/// The code points of Chinese characters are stored as received: NFC would change compatibility
/// ideographs, hence the name (domain brief §2.1). Only the separator, and in Latin names width and
/// case, are made uniform.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, DeriveValueType)]
pub struct PersonName(String);

impl PersonName {
    /// What stands in the place of a name that was erased: no name, by any rule.
    #[must_use]
    pub fn erased() -> Self {
        Self("***".to_owned())
    }

    /// The name in clear.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// The surname and one or two asterisks, 张* or 欧阳**; of a name in parts the first character,
    /// 阿*·*; of a Latin name the first letter. A single character is hidden.
    #[must_use]
    pub fn masked(&self) -> String {
        let Some(first) = self.0.chars().next() else {
            return String::new();
        };
        if self.0.contains(MIDDLE_DOT) {
            return format!("{first}*{MIDDLE_DOT}*");
        }
        if !is_chinese(first) {
            return format!("{first}**");
        }
        let length = self.0.chars().count();
        let surname = surname_length(&self.0, length);
        let head: String = self.0.chars().take(surname).collect();
        // Two at most: longer names are rare enough to point at their bearers.
        head + &"*".repeat((length - surname).clamp(1, 2))
    }
}

impl Value for PersonName {
    fn check(text: &str, _: &Rules) -> Result<Checked<Self>, Defect> {
        let name = text::plain(text)?;
        // First of all: the cheapest rule bounds the others.
        let length = name.chars().count();
        if !(1..=MAX_CHARACTERS).contains(&length) {
            return Err(LENGTH);
        }
        if !name.contains(is_chinese) {
            return latin(name).map(Checked::clean);
        }

        let name: String =
            name.chars().map(|c| if is_separator(c) { MIDDLE_DOT } else { c }).collect();
        if !name.chars().all(|c| is_chinese(c) || c == MIDDLE_DOT) {
            return Err(FORM);
        }
        if name.split(MIDDLE_DOT).any(str::is_empty) {
            return Err(SEPARATOR);
        }
        let mut warnings = Vec::new();
        warnings.extend((length == 1).then_some(SINGLE));
        warnings.extend(name.contains(is_private_use).then_some(PRIVATE_USE));
        Ok(Checked { value: Self(name), warnings })
    }
}

impl Face for PersonName {
    const NAME: &'static str = "PersonName";
    const DESCRIPTION: &'static str = "Name of a person: 1 to 50 Chinese characters with \"·\" \
        (U+00B7) between the parts, such as \"阿依古丽·买买提\", or Latin capitals; other \
        separators are put right, the characters stay as sent. \
        姓名：1至50个汉字，各部分以“·”（U+00B7）分隔，例如“阿依古丽·买买提”，或拉丁字母大写；\
        其他间隔号自动规范，汉字原样保存。";
}

impl fmt::Debug for PersonName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PersonName(…)")
    }
}

/// `[A-Z][A-Z ,.'-]*` of at least two characters (domain brief §2.1), after width and case.
fn latin(name: &str) -> Result<PersonName, Defect> {
    let name: String = name
        .chars()
        .map(text::half_width)
        .map(|c| if text::is_apostrophe(c) { '\'' } else { c.to_ascii_uppercase() })
        .collect();
    let is_latin = name.len() >= 2
        && name.starts_with(|c: char| c.is_ascii_uppercase())
        && name.bytes().all(|b| b.is_ascii_uppercase() || b" ,.'-".contains(&b));
    if is_latin { Ok(PersonName(name)) } else { Err(FORM) }
}

/// A Chinese name of two characters has a surname of one, also where both make a compound surname.
fn surname_length(name: &str, length: usize) -> usize {
    match length {
        0 | 1 => 0,
        2 => 1,
        _ if COMPOUND_SURNAMES.iter().any(|surname| name.starts_with(surname)) => 2,
        _ => 1,
    }
}

const fn is_chinese(c: char) -> bool {
    is_han(c) || is_private_use(c)
}

/// The marks that are typed for the middle dot (domain brief §2.1).
const fn is_separator(c: char) -> bool {
    matches!(
        c,
        MIDDLE_DOT
            | '\u{2022}'
            | '\u{2027}'
            | '\u{2219}'
            | '\u{22C5}'
            | '\u{25CF}'
            | '\u{30FB}'
            | '\u{FF65}'
            | '\u{FF0E}'
            | '\u{FF0D}'
            | '.'
            | '-'
    )
}
