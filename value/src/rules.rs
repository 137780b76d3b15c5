use chrono::NaiveDate;

use crate::Defect;

/// The context of a check: what the text alone cannot say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rules {
    /// The day of the check. Passed in, because no rule may read a clock.
    pub today: NaiveDate,
    /// Admits numbers that cannot belong to a person: the unallocated county codes 130391..130399
    /// and birth years from 1800 (domain brief §7 and §10). Never set in production.
    pub synthetic: bool,
}

impl Rules {
    /// First birth year that is taken as true.
    #[must_use]
    pub const fn first_birth_year(&self) -> i32 {
        if self.synthetic { 1800 } else { 1900 }
    }
}

/// A value, with the rules it bends but does not break.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checked<T> {
    pub value: T,
    /// Reported to the sender as they are; they do not stop a write.
    pub warnings: Vec<Defect>,
}

impl<T> Checked<T> {
    /// A value without a warning.
    pub const fn clean(value: T) -> Self {
        Self { value, warnings: Vec::new() }
    }
}

/// A value that is made from text.
pub trait Value: Sized {
    /// Normalises `text`, then applies every rule that needs no data beyond `rules`.
    fn check(text: &str, rules: &Rules) -> Result<Checked<Self>, Defect>;
}
