use std::{collections::BTreeSet, sync::Arc};

use chrono::{DateTime, Utc};
use sea_orm::{
    ColumnTrait, Condition, DbBackend,
    sea_query::{Expr, ExprTrait},
};
use uuid::Uuid;
use value::{DivisionCode, sealed};

use crate::{
    Error, Result,
    keyring::{Closed, Keys},
    kind::Kind,
    policy::{
        FieldRules, Policy, ProtectedField, ProtectedText, Right, Role, Rows, Scope, Scopes,
        Standing,
    },
    purpose::Purpose,
};

/// Who is asking. Every request has one; it is nobody until a credential says otherwise.
#[derive(Clone, Debug)]
pub struct Viewer {
    /// None for nobody.
    pub credential_id: Option<Uuid>,
    pub name: String,
    pub roles: Vec<Role>,
    pub division: Option<DivisionCode>,
    /// What for, where the request says so.
    pub purpose: Option<Purpose>,
    /// None for nobody.
    pub proof: Option<Arc<Proof>>,
    sight: Sight,
    policy: Arc<Policy>,
}

/// The records that a viewer acts for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Subject {
    pub worker_id: Option<Uuid>,
    pub employer_id: Option<Uuid>,
    pub union_id: Option<Uuid>,
}

/// How a viewer showed who it is, and how long that is good for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proof {
    /// Of the token that was sent.
    pub hash: [u8; 32],
    pub holder: Holder,
    /// None for all that the credential has.
    pub scopes: Option<BTreeSet<Scope>>,
    /// None where the token itself has no end.
    pub ends_at: Option<DateTime<Utc>>,
}

/// Whom a token names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Holder {
    /// Whoever holds this token, which means nothing itself.
    Bearer,
    /// A client, by a token that the key with this name signed.
    Client { id: Uuid, kid: String },
    /// A person, as an OpenID provider knows it.
    Person { issuer: String, subject: String },
}

/// All that decides which rows a viewer sees.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sight {
    /// Of the policy.
    version: u32,
    scopes: Scopes,
    standing: Standing,
    territory: Territory,
    /// Whether the territory is one division at most, and what is asked besides says that all rows are of it.
    is_within: bool,
    subject: Option<Uuid>,
    backend: DbBackend,
}

impl Sight {
    /// The one for whom somebody asks.
    pub fn subject(&self) -> Option<Uuid> {
        self.subject
    }
}

impl Default for Sight {
    fn default() -> Sight {
        Sight {
            version: 0,
            scopes: Scopes::default(),
            standing: Standing::Office,
            territory: Territory::default(),
            is_within: false,
            subject: None,
            backend: DbBackend::Sqlite,
        }
    }
}

/// A credential, as far as it decides what its holder may do.
pub struct Principal {
    pub credential_id: Uuid,
    pub name: String,
    /// Of one standing: roles that ask as different things do not add up, and give nothing.
    pub roles: Vec<Role>,
    /// Fewer scopes than the roles have.
    pub granted: Option<BTreeSet<Scope>>,
    pub division: Option<DivisionCode>,
    pub territory: Territory,
    pub subject: Subject,
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

    /// What of it is one code.
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

    fn is_empty(&self) -> bool {
        self.ranges.is_empty()
    }

    /// The rows whose column lies within.
    pub fn holds(&self, column: impl ColumnTrait) -> Condition {
        self.holds_by(column, Expr::val)
    }

    /// The same with the codes in the text of the statement: the database then knows how many rows they are,
    /// and the few texts there are, one for each division that somebody answers for, are prepared once.
    fn holds_in_text(&self, column: impl ColumnTrait) -> Condition {
        self.holds_by(column, |code| Expr::Constant(code.into()))
    }

    fn holds_by<'a>(
        &'a self,
        column: impl ColumnTrait,
        code: impl Fn(&'a str) -> Expr,
    ) -> Condition {
        if self.is_empty() {
            return nothing();
        }
        self.ranges.iter().fold(Condition::any(), |any, (first, last)| {
            let column = Expr::col(column.as_column_ref());
            any.add(if first == last {
                column.eq(code(first))
            } else if self.aside {
                Expr::cust_with_exprs("+?", [column]).between(code(first), code(last))
            } else {
                column.between(code(first), code(last))
            })
        })
    }
}

/// Whether a code is the next number after another.
fn follows(code: &str, next: &str) -> bool {
    let number = |it: &str| it.parse::<u32>().ok();
    number(code).zip(number(next)).is_some_and(|(code, next)| code + 1 == next)
}

/// Nobody.
impl Default for Viewer {
    fn default() -> Viewer {
        Viewer {
            credential_id: None,
            name: String::new(),
            roles: Vec::new(),
            division: None,
            purpose: None,
            proof: None,
            sight: Sight::default(),
            policy: Policy::standard().clone(),
        }
    }
}

impl Viewer {
    pub fn new(principal: Principal, backend: DbBackend) -> Viewer {
        Viewer::under(Policy::standard().clone(), principal, backend)
    }

    /// Under a policy that is not the standard one.
    pub fn under(policy: Arc<Policy>, principal: Principal, backend: DbBackend) -> Viewer {
        let Principal { credential_id, name, roles, granted, division, territory, subject } =
            principal;
        let (standing, scopes) = policy.held(&roles, granted.as_ref());
        let subject = match standing {
            Standing::Office | Standing::Territory => None,
            Standing::Person => subject.worker_id,
            Standing::Employer => subject.employer_id,
            Standing::Union => subject.union_id,
            Standing::Handler => Some(credential_id),
        };
        let territory =
            if standing == Standing::Territory { territory } else { Territory::default() };
        let territory = territory.asked_of(backend);
        let version = policy.version;
        let scopes = scopes.into_iter().collect();
        let is_within = false;
        let sight = Sight { version, scopes, standing, territory, is_within, subject, backend };
        let credential_id = Some(credential_id);
        Viewer { credential_id, name, roles, division, purpose: None, proof: None, sight, policy }
    }

    /// The viewer, asking for rows that all lie in this division: what else is asked must say so.
    #[must_use]
    pub fn within(&self, division: &str) -> Viewer {
        let mut viewer = self.clone();
        viewer.sight.territory = self.sight.territory.only(division);
        viewer.sight.is_within = true;
        viewer
    }

    pub fn policy(&self) -> &Policy {
        &self.policy
    }

    /// Whether another viewer may do and see the same.
    pub fn has_rights_of(&self, other: &Viewer) -> bool {
        (&self.roles, &self.sight) == (&other.roles, &other.sight)
    }

    pub fn sight(&self) -> &Sight {
        &self.sight
    }

    pub fn standing(&self) -> Standing {
        self.sight.standing
    }

    /// Whether the records of this worker are the viewer's own.
    pub fn is_subject(&self, worker_id: Uuid) -> bool {
        self.sight.standing == Standing::Person && self.sight.subject == Some(worker_id)
    }

    pub fn may(&self, scope: Scope) -> bool {
        self.sight.scopes.contains(scope)
    }

    pub fn scopes(&self) -> impl Iterator<Item = Scope> {
        self.sight.scopes.iter()
    }

    /// The kinds of record of which this viewer may see none.
    pub fn hidden_kinds(&self) -> impl Iterator<Item = Kind> {
        Kind::ALL.iter().copied().filter(|it| !self.may(self.policy.kind(*it).read))
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

    /// Refuses who may not use a field for something, given what right that takes. A column without
    /// rules is for nobody.
    pub fn require_field(
        &self,
        kind: Kind,
        column: &str,
        right: impl FnOnce(&FieldRules) -> Right,
    ) -> Result<()> {
        match self.policy.kind(kind).field(column).map_or(Right::Nobody, right) {
            Right::Record => Ok(()),
            Right::Scope(scope) => self.require(scope),
            Right::Nobody => Err(Error::bad_input(
                "This field can neither be compared nor sorted or grouped by.",
                "该字段不能用于筛选、排序或分组。",
            )),
        }
    }

    /// Refuses who may not set a field. What is no field of the schema is set by rules alone.
    pub fn require_write(&self, kind: Kind, column: &str) -> Result<()> {
        match self.policy.kind(kind).field(column).map(|it| it.write) {
            Some(Right::Scope(scope)) => self.require(scope),
            Some(Right::Nobody) => Err(Error::bad_input(
                "This field is not set by callers.",
                "该字段不能由调用方设置。",
            )),
            Some(Right::Record) | None => Ok(()),
        }
    }

    /// The scope that a field takes and this viewer lacks.
    pub fn lacks(&self, kind: Kind, field: &str) -> Option<&'static str> {
        match self.policy.kind(kind).field(field)?.read {
            Right::Scope(scope) if !self.may(scope) => Some(scope.name()),
            _ => None,
        }
    }

    /// A protected value as this viewer may see it: masked, or whole with a purpose. Nobody has to say
    /// why they read what is said of themselves. To mask it takes no key; what does not open is shown
    /// by its mask to everybody.
    pub fn show(
        &self,
        field: ProtectedField,
        keys: &Keys,
        closed: Closed<'_>,
    ) -> Result<ProtectedText> {
        let masked = |unmask_scope| {
            let value = sealed::parts(closed.text).0.to_owned();
            ProtectedText { value, is_masked: true, unmask_scope }
        };
        if let Some(scope) = self.masks(field) {
            return Ok(masked(Some(scope.name().to_owned())));
        }
        if self.lacks_purpose() {
            return Err(Error::PurposeRequired);
        }
        let Ok(value) = keys.open(field.place(), closed) else {
            tracing::error!(id = %closed.id, ?field, "a sealed value cannot be opened");
            return Ok(masked(None));
        };
        let value = value.to_string();
        Ok(ProtectedText { value, is_masked: false, unmask_scope: None })
    }

    /// The scope that this viewer lacks to see a value whole.
    pub fn masks(&self, field: ProtectedField) -> Option<Scope> {
        let (kind, name) = field.of();
        let rules = self.policy.kind(kind).field(name);
        rules.and_then(|it| it.unmask).filter(|it| !self.may(*it))
    }

    fn lacks_purpose(&self) -> bool {
        self.purpose.is_none() && self.sight.standing != Standing::Person
    }

    /// Whether some of these fields would be shown whole, if only the request said what for.
    pub fn lacks_purpose_for(&self, fields: &[(Kind, &str)]) -> bool {
        let shown = |(kind, name): &(Kind, &str)| {
            let rules = self.policy.kind(*kind).field(name);
            rules.and_then(|it| it.unmask).is_some_and(|it| self.may(it))
        };
        self.lacks_purpose() && fields.iter().any(shown)
    }

    /// The same, asking for this.
    #[must_use]
    pub fn asking_for(&self, purpose: Purpose) -> Viewer {
        Viewer { purpose: Some(purpose), ..self.clone() }
    }

    /// The rows of a kind that this viewer may see, given the column of their division.
    pub fn sees(&self, kind: Kind, division: impl ColumnTrait) -> Condition {
        let rules = self.policy.kind(kind);
        if !self.may(rules.read) {
            return nothing();
        }
        match rules.rows(self.sight.standing) {
            Rows::None => nothing(),
            Rows::All => Condition::all(),
            // PostgreSQL would compare the code of the rows twice, and the two with each other, row by row.
            Rows::Division if self.sight.is_within && !self.sight.territory.is_empty() => {
                Condition::all()
            }
            Rows::Division => self.sight.territory.holds_in_text(division),
            Rows::Meeting(condition) => self.meets(condition),
        }
    }

    /// A condition on what is the subject's.
    fn meets(&self, condition: &str) -> Condition {
        let Some(me) = self.sight.subject else { return nothing() };
        let circle = self.policy.circle(self.sight.standing);
        let mut text = condition.to_owned();
        for (name, set) in [
            ("{workers}", circle.workers),
            ("{employers}", circle.employers),
            ("{unions}", circle.unions),
            ("{cases}", circle.cases),
            ("{line}", Some(LINE)),
        ] {
            if text.contains(name) {
                let Some(set) = set else { return nothing() };
                text = text.replace(name, set);
            }
        }
        let places = text.matches("{me}").count();
        let values = std::iter::repeat_n(Expr::val(me), places);
        let condition = match self.sight.backend {
            DbBackend::Postgres => Expr::cust_with_exprs(text.replace("{me}", "$1"), values),
            _ => Expr::cust_with_exprs(text.replace("{me}", "?"), values),
        };
        Condition::all().add(condition)
    }
}

/// A union organisation with all below it.
const LINE: &str = "(WITH RECURSIVE line(id) AS (SELECT {me} UNION SELECT below.id \
    FROM union_organization AS below JOIN line ON below.parent_id = line.id) SELECT id FROM line)";

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
