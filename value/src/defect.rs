use std::fmt;

/// A broken rule of a value.
///
/// The messages are constants, so a defect can be logged and shown: it never echoes the input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Defect {
    /// Stable code of the rule, such as `ID-02` (domain brief §2).
    pub rule: &'static str,
    pub message: &'static str,
    pub message_zh: &'static str,
}

impl Defect {
    #[must_use]
    pub const fn new(rule: &'static str, message: &'static str, message_zh: &'static str) -> Self {
        Self { rule, message, message_zh }
    }
}

impl fmt::Display for Defect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.rule, self.message)
    }
}

impl std::error::Error for Defect {}
