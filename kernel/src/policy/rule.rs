//! How the rules of a kind are written in the table.

use super::{FieldRules, KindRules, Level, Right, Rows, Scope, Standing};
use crate::kind::Kind;

/// A published register: who may read it sees all of it.
pub(super) fn register(kind: Kind, read: Scope, write: Scope) -> KindRules {
    let rows = vec![Rows::All; Standing::ALL.len()];
    KindRules { kind, read, write, rows, fields: Vec::new() }
}

/// Records of a division, and of the subjects that this condition finds.
pub(super) fn records(
    kind: Kind,
    read: Scope,
    write: Scope,
    of_subject: &'static str,
) -> KindRules {
    let rows = Standing::ALL.iter().map(|standing| match standing {
        Standing::Office => Rows::None,
        Standing::Territory => Rows::Division,
        _ => Rows::Meeting(of_subject),
    });
    KindRules { kind, read, write, rows: rows.collect(), fields: Vec::new() }
}

impl KindRules {
    pub(super) fn seen_as(mut self, standing: Standing, condition: &'static str) -> KindRules {
        self.rows[standing as usize] = Rows::Meeting(condition);
        self
    }

    pub(super) fn hidden_from(mut self, standing: Standing) -> KindRules {
        self.rows[standing as usize] = Rows::None;
        self
    }

    /// Fields that whoever sees the record may see.
    pub(super) fn fields(self, level: Level, names: &'static str) -> KindRules {
        self.each(names, |name| rule(name, level, Right::Record))
    }

    /// Fields that take a further scope.
    pub(super) fn needing(self, scope: Scope, level: Level, names: &'static str) -> KindRules {
        self.each(names, |name| rule(name, level, Right::Scope(scope)))
    }

    /// Of these, fields that whoever sees the records may count by and add up.
    pub(super) fn counted(mut self, names: &'static str) -> KindRules {
        let counted: Vec<&str> = names.split_whitespace().collect();
        self.fields
            .iter_mut()
            .filter(|it| counted.contains(&it.name))
            .for_each(|it| it.group = Right::Record);
        self
    }

    /// Fields whose value is masked for all who lack a scope. What is masked for some orders and
    /// narrows nothing for anybody.
    pub(super) fn masked(self, scope: Scope, level: Level, names: &'static str) -> KindRules {
        self.each(names, |name| FieldRules {
            filter: Right::Nobody,
            sort: Right::Nobody,
            group: Right::Nobody,
            unmask: Some(scope),
            ..rule(name, level, Right::Record)
        })
    }

    fn each(mut self, names: &'static str, rule: impl Fn(&'static str) -> FieldRules) -> KindRules {
        self.fields.extend(names.split_whitespace().map(rule));
        self
    }
}

fn rule(name: &'static str, level: Level, read: Right) -> FieldRules {
    FieldRules {
        name,
        level,
        read,
        filter: read,
        sort: read,
        group: read,
        write: read,
        unmask: None,
    }
}
