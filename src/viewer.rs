use std::collections::BTreeSet;

use sea_orm::{
    ColumnTrait, Condition, DbBackend,
    sea_query::{Expr, ExprTrait},
};
use uuid::Uuid;
use value::DivisionCode;

use crate::{
    Error, Result,
    kind::Kind,
    policy::{self, Masked, ProtectedField, ProtectedText, Reach, Role, Scope},
};

/// Who is asking. Every request has one; it is nobody until a credential says otherwise.
#[derive(Clone, Debug, Default)]
pub struct Viewer {
    /// None for nobody.
    pub credential_id: Option<Uuid>,
    pub name: String,
    pub roles: Vec<Role>,
    pub division: Option<DivisionCode>,
    sight: Sight,
}

/// All that decides which rows a viewer sees.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sight {
    scopes: BTreeSet<Scope>,
    territory: Territory,
}

/// The divisions a viewer answers for, as ranges of codes. None at all is nothing, not everything.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Territory {
    ranges: Vec<(String, String)>,
    /// Whether a range is kept away from the index of its column.
    aside: bool,
}

impl Territory {
    /// A division with all below it, and the codes that earlier divisions of it had.
    pub fn of(
        division: &DivisionCode,
        predecessors: impl IntoIterator<Item = String>,
    ) -> Territory {
        let code = division.as_str();
        let width = match () {
            () if code.ends_with("0000") => 2,
            () if code.ends_with("00") => 4,
            () => 6,
        };
        let first = format!("{:0<6}", &code[..width]);
        let last = format!("{:9<6}", &code[..width]);
        let mut codes: Vec<String> = predecessors.into_iter().collect();
        codes.retain(|it| !(first <= *it && *it <= last));
        codes.sort_unstable();
        codes.dedup();
        let mut ranges = vec![(first, last)];
        // Codes that follow each other are one range: it holds no code but them.
        for code in codes {
            match ranges[1..].last_mut() {
                Some((_, last)) if follows(last, &code) => *last = code,
                _ => ranges.push((code.clone(), code)),
            }
        }
        Territory { ranges, aside: false }
    }

    /// What of it is one code: that code, or nothing.
    fn only(&self, code: &str) -> Territory {
        let range = (code.to_owned(), code.to_owned());
        let ranges = if self.covers(code) { vec![range] } else { Vec::new() };
        Territory { ranges, aside: self.aside }
    }

    /// As it is best asked of a database. SQLite takes the index of a range before the one that has the
    /// rows in their order: a page would cost as much as all rows of a city.
    #[must_use]
    pub fn asked_of(self, backend: DbBackend) -> Territory {
        Territory { aside: backend == DbBackend::Sqlite, ..self }
    }

    pub fn covers(&self, code: &str) -> bool {
        self.ranges.iter().any(|(first, last)| first.as_str() <= code && code <= last.as_str())
    }

    /// The rows whose column lies within.
    pub fn holds(&self, column: impl ColumnTrait) -> Condition {
        if self.ranges.is_empty() {
            return nothing();
        }
        self.ranges.iter().fold(Condition::any(), |any, (first, last)| {
            any.add(if first == last {
                column.eq(first.as_str())
            } else if self.aside {
                let column = Expr::cust_with_exprs("+?", [Expr::col(column.as_column_ref())]);
                column.between(first.as_str(), last.as_str())
            } else {
                column.between(first.as_str(), last.as_str())
            })
        })
    }
}

/// Whether a code is the next number after another.
fn follows(code: &str, next: &str) -> bool {
    let number = |it: &str| it.parse::<u32>().ok();
    number(code).zip(number(next)).is_some_and(|(code, next)| code + 1 == next)
}

impl Viewer {
    /// The viewer, seeing of its divisions no other than this one: all that a list needs that is narrowed
    /// to it.
    #[must_use]
    pub fn within(&self, division: &str) -> Viewer {
        let mut viewer = self.clone();
        viewer.sight.territory = self.sight.territory.only(division);
        viewer
    }

    pub fn new(
        credential_id: Uuid,
        name: String,
        roles: Vec<Role>,
        granted: Option<&BTreeSet<Scope>>,
        division: Option<DivisionCode>,
        territory: Territory,
    ) -> Viewer {
        let mut scopes: BTreeSet<Scope> =
            roles.iter().flat_map(|it| it.scopes().iter().copied()).collect();
        if let Some(granted) = granted {
            scopes.retain(|it| granted.contains(it));
        }
        let sight = Sight { scopes, territory };
        Viewer { credential_id: Some(credential_id), name, roles, division, sight }
    }

    pub fn sight(&self) -> &Sight {
        &self.sight
    }

    pub fn may(&self, scope: Scope) -> bool {
        self.sight.scopes.contains(&scope)
    }

    pub fn scopes(&self) -> impl Iterator<Item = Scope> {
        self.sight.scopes.iter().copied()
    }

    /// The kinds of record of which this viewer may see none.
    pub fn hidden_kinds(&self) -> impl Iterator<Item = Kind> {
        Kind::ALL.iter().copied().filter(|it| !self.may(policy::rights(*it).read))
    }

    pub fn territory(&self) -> &Territory {
        &self.sight.territory
    }

    /// Refuses who may not.
    pub fn require(&self, scope: Scope) -> Result<()> {
        if self.may(scope) {
            Ok(())
        } else if self.credential_id.is_none() {
            Err(Error::Unauthenticated)
        } else {
            Err(Error::Forbidden(scope.name()))
        }
    }

    /// A protected value as this viewer may see it.
    pub fn show(&self, field: ProtectedField, value: &impl Masked) -> ProtectedText {
        let is_masked = !self.may(field.unmask());
        ProtectedText {
            value: if is_masked { value.mask() } else { value.whole().to_owned() },
            is_masked,
            unmask_scope: is_masked.then(|| field.unmask().name().to_owned()),
        }
    }

    /// The rows of a kind that this viewer may see, given the column of their division.
    pub fn sees(&self, kind: Kind, division: impl ColumnTrait) -> Condition {
        let rights = policy::rights(kind);
        if !self.may(rights.read) {
            return nothing();
        }
        match rights.reach {
            Reach::Everywhere => Condition::all(),
            Reach::Territory => self.sight.territory.holds(division),
        }
    }
}

/// No row at all.
pub fn nothing() -> Condition {
    Condition::all().add(Expr::val(false))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn territory(code: &str, predecessors: &[&str]) -> Territory {
        let rules = value::Rules { today: chrono::NaiveDate::MIN, synthetic: false };
        let code = <DivisionCode as value::Value>::check(code, &rules).unwrap().value;
        Territory::of(&code, predecessors.iter().map(|it| (*it).to_owned()))
    }

    #[test]
    fn a_county_covers_itself_and_the_county_it_was() {
        let funing = territory("130306", &["130323"]);
        assert!(funing.covers("130306") && funing.covers("130323"));
        assert!(!funing.covers("130302") && !funing.covers("130300"));
    }

    #[test]
    fn a_city_covers_its_counties_and_their_codes_of_another_prefecture() {
        let city = territory("130300", &["132701"]);
        assert!(city.covers("130300") && city.covers("130399") && city.covers("132701"));
        assert!(!city.covers("130400") && !city.covers("132702") && !city.covers("130000"));
    }

    #[test]
    fn codes_that_follow_each_other_are_one_range_and_no_other_code_is_in_it() {
        let former = ["132702", "132705", "132703", "132701", "132703"];
        let city = territory("130300", &former);
        assert_eq!(city.ranges.len(), 3);
        assert!(former.iter().all(|it| city.covers(it)));
        assert!(!city.covers("132700") && !city.covers("132704") && !city.covers("132706"));
    }

    #[test]
    fn one_division_of_a_territory_is_that_one_or_nothing() {
        let city = territory("130300", &["132701"]);
        let county = city.only("130302");
        assert!(county.covers("130302") && !county.covers("130303") && !county.covers("132701"));
        assert!(!city.only("130400").covers("130400"));
    }

    #[test]
    fn no_territory_covers_nothing() {
        assert!(!Territory::default().covers("130300"));
    }
}
