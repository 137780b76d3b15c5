//! Which characters write a Chinese name.

/// Characters of Script=Han, by whole blocks, so that a later Unicode version adds no rule: the
/// radicals, 々 〇 and the Hangzhou numerals, the unified ideographs with extensions A to J, and
/// the compatibility ideographs (Unicode `Scripts.txt`).
pub(crate) const fn is_han(c: char) -> bool {
    matches!(
        c,
        '\u{2E80}'..='\u{2FD5}'
            | '\u{3005}'
            | '\u{3007}'
            | '\u{3021}'..='\u{3029}'
            | '\u{3038}'..='\u{303B}'
            | '\u{3400}'..='\u{4DBF}'
            | '\u{4E00}'..='\u{9FFF}'
            | '\u{F900}'..='\u{FAFF}'
            | '\u{20000}'..='\u{2EE5F}'
            | '\u{2F800}'..='\u{2FA1F}'
            | '\u{30000}'..='\u{3347F}'
    )
}

/// Characters of a private-use area: rare name characters that an older system had no code for.
pub(crate) const fn is_private_use(c: char) -> bool {
    matches!(
        c,
        '\u{E000}'..='\u{F8FF}' | '\u{F0000}'..='\u{FFFFD}' | '\u{100000}'..='\u{10FFFD}'
    )
}
