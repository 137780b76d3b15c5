//! The one table of what may be seen and done: kind × right, field × right, role × scope, and which
//! rows are whose. Nothing is allowed that is not listed. A kind that is not listed does not compile,
//! and with a field that is not listed the service does not start.

mod masked;
mod role;
mod rule;
mod table;

use std::{
    collections::BTreeSet,
    sync::{Arc, LazyLock},
};

use crate::kind::Kind;

pub use masked::{ProtectedField, ProtectedText};
pub use role::{Role, RoleRules, Scope, Scopes};

/// The whole of it, as a value: the tests weaken one rule after the other to see themselves fail.
#[derive(Clone, Debug)]
pub struct Policy {
    /// Tells policies apart where something is kept that was decided by one.
    pub version: u32,
    /// In the order of [`Role::ALL`].
    pub roles: Vec<RoleRules>,
    /// In the order of [`Kind::ALL`].
    pub kinds: Vec<KindRules>,
    /// In the order of [`Standing::ALL`].
    pub circles: Vec<Circle>,
}

/// As what somebody asks: it decides which rows are theirs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Standing {
    /// For an office: published registers, nobody's records.
    Office,
    /// For divisions, with all below them and what they were before.
    Territory,
    /// For themselves: one worker.
    Person,
    /// For an employer.
    Employer,
    /// For a union organisation, with the line of those below it.
    Union,
    /// For the cases that are assigned to them.
    Handler,
}

impl Standing {
    pub const ALL: &'static [Standing] = &[
        Standing::Office,
        Standing::Territory,
        Standing::Person,
        Standing::Employer,
        Standing::Union,
        Standing::Handler,
    ];
}

/// Whose records somebody sees who asks for one subject: sets of ids, as SQL that both databases read,
/// with `{me}` for the id of the subject. A set that is not there is empty.
#[derive(Clone, Debug, Default)]
pub struct Circle {
    pub workers: Option<&'static str>,
    pub employers: Option<&'static str>,
    pub unions: Option<&'static str>,
    pub cases: Option<&'static str>,
}

/// The rules of a kind.
#[derive(Clone, Debug)]
pub struct KindRules {
    pub kind: Kind,
    /// The scope that it takes to see records of the kind at all.
    pub read: Scope,
    pub write: Scope,
    /// Which of them, by [`Standing`].
    pub rows: Vec<Rows>,
    pub fields: Vec<FieldRules>,
}

/// Which records of a kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rows {
    None,
    /// All of them: a published register.
    All,
    /// Those of the divisions.
    Division,
    /// Those that meet a condition in SQL over the table's own columns, with `{me}` and the sets of
    /// the [`Circle`]. A set that is empty makes it hold for none.
    Meeting(&'static str),
}

/// The rules of a field. The rights are separate, and none follows from another.
#[derive(Clone, Debug)]
pub struct FieldRules {
    pub name: &'static str,
    pub level: Level,
    pub read: Right,
    /// To narrow a list by it.
    pub filter: Right,
    /// To sort a list by it, which puts it into cursors.
    pub sort: Right,
    /// To count by it, and to add it up.
    pub group: Right,
    pub write: Right,
    /// The scope that shows a protected value whole.
    pub unmask: Option<Scope>,
}

/// Who may do something with a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Right {
    /// Whoever may do it with the record.
    Record,
    /// Who may do it with the record and has this scope.
    Scope(Scope),
    Nobody,
}

/// How carefully a value is to be handled (domain brief §5.5).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Public. 公开
    L1,
    /// Internal. 内部
    L2,
    /// Personal: who read it is on record. 敏感
    L3,
    /// Shown whole only to few, who say what for. 高敏
    L4,
}

impl Level {
    pub const fn name(self) -> &'static str {
        match self {
            Level::L1 => "L1",
            Level::L2 => "L2",
            Level::L3 => "L3",
            Level::L4 => "L4",
        }
    }
}

impl Policy {
    /// The policy of the service.
    pub fn standard() -> &'static Arc<Policy> {
        static STANDARD: LazyLock<Arc<Policy>> = LazyLock::new(|| {
            Arc::new(Policy {
                version: 0,
                roles: Role::ALL.iter().map(|it| it.rules()).collect(),
                kinds: Kind::ALL.iter().map(|it| table::rules(*it)).collect(),
                circles: Standing::ALL.iter().map(|it| table::circle(*it)).collect(),
            })
        });
        &STANDARD
    }

    pub fn role(&self, role: Role) -> &RoleRules {
        &self.roles[role as usize]
    }

    /// What roles are together: as what they ask, and which scopes they have, of those granted. Roles
    /// that ask as different things do not add up, and give nothing.
    pub fn held(
        &self,
        roles: &[Role],
        granted: Option<&BTreeSet<Scope>>,
    ) -> (Standing, BTreeSet<Scope>) {
        let mut rules = roles.iter().map(|it| self.role(*it));
        let Some(first) = rules.next() else { return (Standing::Office, BTreeSet::new()) };
        let mut scopes: BTreeSet<Scope> = first.scopes.iter().copied().collect();
        for other in rules {
            if other.standing != first.standing {
                return (Standing::Office, BTreeSet::new());
            }
            scopes.extend(&other.scopes);
        }
        if let Some(granted) = granted {
            scopes.retain(|it| granted.contains(it));
        }
        (first.standing, scopes)
    }

    pub fn kind(&self, kind: Kind) -> &KindRules {
        &self.kinds[kind as usize]
    }

    pub fn circle(&self, standing: Standing) -> &Circle {
        &self.circles[standing as usize]
    }
}

impl KindRules {
    pub fn rows(&self, standing: Standing) -> &Rows {
        &self.rows[standing as usize]
    }

    /// Whether it is on record who read a field.
    pub fn is_personal(&self, name: &str) -> bool {
        self.fields.iter().any(|it| it.name == name && it.level >= Level::L3)
    }

    /// The rules of a field; also of the column that it is made of: `employer` of `employer_id`.
    pub fn field(&self, name: &str) -> Option<&FieldRules> {
        let exact = self.fields.iter().find(|it| it.name == name);
        exact.or_else(|| self.fields.iter().find(|it| is_column_of(name, it.name)))
    }
}

/// Whether `skill_rank` is `skillRank`, and `employer_id` `employer`.
fn is_column_of(column: &str, field: &str) -> bool {
    let column =
        column.strip_suffix("_id").or_else(|| column.strip_suffix("_fen")).unwrap_or(column);
    let letters = column.bytes().filter(|it| *it != b'_').map(|it| it.to_ascii_lowercase());
    letters.eq(field.bytes().map(|it| it.to_ascii_lowercase()))
}
