use async_graphql::MaybeUndefined;
use chrono::NaiveDate;
use sea_orm::{
    ActiveValue::{self, NotSet, Set},
    sea_query::Nullable,
};
use uuid::Uuid;
use value::{BigInt, Checked, Date, Defect, Fen, Rules, Sealed, Secret, Unchecked, Value, text};

use crate::{
    Error, Result,
    error::{UserErrorCode, Violation},
    resource::{AnyId, Id, Resource},
};

/// A type that a column, null or not, can hold.
pub trait Stored: Into<sea_orm::Value> + Nullable {}

impl<T: Into<sea_orm::Value> + Nullable> Stored for T {}

/// Turns an input into the columns of a draft, and gathers every rule that a value breaks.
///
/// An absent field keeps the column, null clears it, a value sets it. A column that may not be
/// cleared refuses null.
pub struct Form {
    rules: Rules,
    violations: Vec<Violation>,
    warnings: Vec<Violation>,
}

impl Form {
    pub fn new(rules: Rules) -> Form {
        Form { rules, violations: Vec::new(), warnings: Vec::new() }
    }

    pub fn refuse(&mut self, violation: Violation) {
        self.violations.push(violation);
    }

    /// Something the caller should know that is no error.
    pub fn warn(&mut self, path: &str, rule: &str, message: &str, message_zh: &str) {
        let mut warning = Violation::new(UserErrorCode::InvalidValue, path, message, message_zh);
        warning.rule = Some(rule.to_owned());
        self.warnings.push(warning);
    }

    /// Ends the form: what was broken, or what should be known.
    pub fn finish(self) -> Result<Vec<Violation>> {
        if self.violations.is_empty() {
            Ok(self.warnings)
        } else {
            Err(Error::Invalid(self.violations))
        }
    }

    /// A value that has to be there.
    pub fn value<T: Value + Stored>(
        &mut self,
        path: &str,
        input: MaybeUndefined<Unchecked<T>>,
    ) -> ActiveValue<T> {
        self.value_with(path, input, Unchecked::check)
    }

    /// A value that has to be there, read by a rule of its own.
    pub fn value_with<T: Value + Stored>(
        &mut self,
        path: &str,
        input: MaybeUndefined<Unchecked<T>>,
        check: impl FnOnce(&Unchecked<T>, &Rules) -> Result<Checked<T>, Defect>,
    ) -> ActiveValue<T> {
        let option = self.option_with(path, input, check);
        self.present(path, option)
    }

    /// A value that may be missing.
    pub fn option<T: Value + Stored>(
        &mut self,
        path: &str,
        input: MaybeUndefined<Unchecked<T>>,
    ) -> ActiveValue<Option<T>> {
        self.option_with(path, input, Unchecked::check)
    }

    /// A value that may be missing, and is sealed when it is written.
    pub fn secret_option<T: Value + Secret>(
        &mut self,
        path: &str,
        input: MaybeUndefined<Unchecked<T>>,
    ) -> ActiveValue<Option<Sealed<T>>> {
        self.option_with(path, input, |it, rules| {
            let Checked { value, warnings } = it.check(rules)?;
            Ok(Checked { value: Sealed::open(value), warnings })
        })
    }

    /// A value that may be missing, read by a rule of its own.
    pub fn option_with<T: Value, S: Stored>(
        &mut self,
        path: &str,
        input: MaybeUndefined<Unchecked<T>>,
        check: impl FnOnce(&Unchecked<T>, &Rules) -> Result<Checked<S>, Defect>,
    ) -> ActiveValue<Option<S>> {
        match input {
            MaybeUndefined::Undefined => NotSet,
            MaybeUndefined::Null => Set(None),
            MaybeUndefined::Value(text) => match check(&text, &self.rules) {
                Ok(checked) => {
                    let warnings = checked.warnings.into_iter();
                    self.warnings.extend(warnings.map(|it| Violation::defect(path, it)));
                    Set(Some(checked.value))
                }
                Err(defect) => {
                    self.violations.push(Violation::defect(path, defect));
                    NotSet
                }
            },
        }
    }

    /// A line of text that has to be there, of 1 to `max` characters.
    pub fn line(
        &mut self,
        path: &str,
        input: MaybeUndefined<String>,
        max: usize,
    ) -> ActiveValue<String> {
        let option = self.line_option(path, input, max);
        self.present(path, option)
    }

    /// A line of text that may be missing, of 1 to `max` characters.
    pub fn line_option(
        &mut self,
        path: &str,
        input: MaybeUndefined<String>,
        max: usize,
    ) -> ActiveValue<Option<String>> {
        match input {
            MaybeUndefined::Undefined => NotSet,
            MaybeUndefined::Null => Set(None),
            MaybeUndefined::Value(input) => self.good(path, text::line(&input, max)),
        }
    }

    /// Paragraphs of text that may be missing, of 1 to `max` characters in all.
    pub fn paragraphs_option(
        &mut self,
        path: &str,
        input: MaybeUndefined<String>,
        max: usize,
    ) -> ActiveValue<Option<String>> {
        match input {
            MaybeUndefined::Undefined => NotSet,
            MaybeUndefined::Null => Set(None),
            MaybeUndefined::Value(input) => self.good(path, text::paragraphs(&input, max)),
        }
    }

    /// Paragraphs of text that have to be there, of 1 to `max` characters in all.
    pub fn paragraphs(
        &mut self,
        path: &str,
        input: MaybeUndefined<String>,
        max: usize,
    ) -> ActiveValue<String> {
        let option = self.paragraphs_option(path, input, max);
        self.present(path, option)
    }

    /// A code of so many digits that may be missing.
    pub fn code_option(
        &mut self,
        path: &str,
        input: MaybeUndefined<String>,
        digits: usize,
    ) -> ActiveValue<Option<String>> {
        match input {
            MaybeUndefined::Undefined => NotSet,
            MaybeUndefined::Null => Set(None),
            MaybeUndefined::Value(input) => {
                let code = text::code(&input);
                if code.len() == digits && code.bytes().all(|it| it.is_ascii_digit()) {
                    return Set(Some(code));
                }
                let mut violation = Violation::new(
                    UserErrorCode::InvalidValue,
                    path,
                    format!("The code has {digits} digits."),
                    format!("代码应为 {digits} 位数字。"),
                );
                violation.rule = Some("CODE-01".to_owned());
                self.violations.push(violation);
                NotSet
            }
        }
    }

    /// A SHA-256 in hexadecimal that has to be there; it is kept in lower case.
    pub fn sha256(&mut self, path: &str, input: MaybeUndefined<String>) -> ActiveValue<String> {
        let option = match input {
            MaybeUndefined::Undefined => NotSet,
            MaybeUndefined::Null => Set(None),
            MaybeUndefined::Value(input) => {
                let digits = input.to_ascii_lowercase();
                if digits.len() == 64 && digits.bytes().all(|it| it.is_ascii_hexdigit()) {
                    return Set(digits);
                }
                let mut violation = Violation::new(
                    UserErrorCode::InvalidValue,
                    path,
                    "A SHA-256 has 64 hexadecimal digits.",
                    "SHA-256 应为 64 位十六进制数字。",
                );
                violation.rule = Some("HASH-01".to_owned());
                self.violations.push(violation);
                NotSet
            }
        };
        self.present(path, option)
    }

    /// A day that has to be there.
    pub fn day(&mut self, path: &str, input: MaybeUndefined<Date>) -> ActiveValue<NaiveDate> {
        let option = self.day_option(input);
        self.present(path, option)
    }

    /// A day that may be missing.
    pub fn day_option(&mut self, input: MaybeUndefined<Date>) -> ActiveValue<Option<NaiveDate>> {
        match input {
            MaybeUndefined::Undefined => NotSet,
            MaybeUndefined::Null => Set(None),
            MaybeUndefined::Value(day) => Set(Some(day.0)),
        }
    }

    fn good<T: Stored>(
        &mut self,
        path: &str,
        checked: Result<T, Defect>,
    ) -> ActiveValue<Option<T>> {
        match checked {
            Ok(value) => Set(Some(value)),
            Err(defect) => {
                self.violations.push(Violation::defect(path, defect));
                NotSet
            }
        }
    }

    /// A value of a type that cannot be wrong, which has to be there.
    pub fn plain<T: Stored>(&mut self, path: &str, input: MaybeUndefined<T>) -> ActiveValue<T> {
        let option = self.plain_option(input);
        self.present(path, option)
    }

    /// A value of a type that cannot be wrong, which may be missing.
    pub fn plain_option<T: Stored>(&mut self, input: MaybeUndefined<T>) -> ActiveValue<Option<T>> {
        match input {
            MaybeUndefined::Undefined => NotSet,
            MaybeUndefined::Null => Set(None),
            MaybeUndefined::Value(value) => Set(Some(value)),
        }
    }

    /// A number within bounds, which has to be there.
    pub fn number(
        &mut self,
        path: &str,
        input: MaybeUndefined<i32>,
        bounds: std::ops::RangeInclusive<i32>,
    ) -> ActiveValue<i32> {
        let option = self.number_option(path, input, bounds);
        self.present(path, option)
    }

    /// A number within bounds, which may be missing.
    pub fn number_option(
        &mut self,
        path: &str,
        input: MaybeUndefined<i32>,
        bounds: std::ops::RangeInclusive<i32>,
    ) -> ActiveValue<Option<i32>> {
        match input {
            MaybeUndefined::Value(number) if !bounds.contains(&number) => {
                let (first, last) = bounds.into_inner();
                let mut violation = Violation::new(
                    UserErrorCode::InvalidValue,
                    path,
                    format!("The number is from {first} to {last}."),
                    format!("数值应在 {first} 至 {last} 之间。"),
                );
                violation.rule = Some("NUMBER-RANGE".to_owned());
                self.violations.push(violation);
                NotSet
            }
            input => self.plain_option(input),
        }
    }

    /// An amount in fen, not below zero, which has to be there.
    pub fn fen(&mut self, path: &str, input: MaybeUndefined<BigInt>) -> ActiveValue<Fen> {
        let option = self.fen_option(path, input);
        self.present(path, option)
    }

    /// An amount in fen, not below zero, which may be missing.
    pub fn fen_option(
        &mut self,
        path: &str,
        input: MaybeUndefined<BigInt>,
    ) -> ActiveValue<Option<Fen>> {
        match input {
            MaybeUndefined::Undefined => NotSet,
            MaybeUndefined::Null => Set(None),
            MaybeUndefined::Value(BigInt(fen)) if fen < 0 => {
                let mut violation = Violation::new(
                    UserErrorCode::InvalidValue,
                    path,
                    "An amount is not below zero.",
                    "金额不能为负数。",
                );
                violation.rule = Some("MONEY-01".to_owned());
                self.violations.push(violation);
                NotSet
            }
            MaybeUndefined::Value(BigInt(fen)) => Set(Some(Fen(fen))),
        }
    }

    /// A reference that has to be there. That the record exists is for the unit of work to see.
    pub fn id<R: Resource>(
        &mut self,
        path: &str,
        input: MaybeUndefined<Id<R>>,
    ) -> ActiveValue<Uuid> {
        let option = self.id_option(input);
        self.present(path, option)
    }

    /// A reference that may be missing.
    pub fn id_option<R: Resource>(
        &mut self,
        input: MaybeUndefined<Id<R>>,
    ) -> ActiveValue<Option<Uuid>> {
        match input {
            MaybeUndefined::Undefined => NotSet,
            MaybeUndefined::Null => Set(None),
            MaybeUndefined::Value(id) => Set(Some(id.uuid())),
        }
    }

    /// A reference to a record of any kind that may be missing: the columns of its kind and its id.
    pub fn any_id_option(
        &mut self,
        input: MaybeUndefined<AnyId>,
    ) -> (ActiveValue<Option<String>>, ActiveValue<Option<Uuid>>) {
        match input {
            MaybeUndefined::Undefined => (NotSet, NotSet),
            MaybeUndefined::Null => (Set(None), Set(None)),
            MaybeUndefined::Value(it) => (Set(Some(it.kind.name().to_owned())), Set(Some(it.id))),
        }
    }

    fn present<T: Stored>(&mut self, path: &str, value: ActiveValue<Option<T>>) -> ActiveValue<T> {
        match value {
            Set(Some(value)) => Set(value),
            Set(None) => {
                self.violations.push(Violation::required(path));
                NotSet
            }
            _ => NotSet,
        }
    }
}
