//! What a request reads of persons.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use entity::audit_entry::AuditAction;
use uuid::Uuid;

use super::{COMMA, DONE};
use crate::{
    kind::Kind,
    policy::{Policy, ProtectedField},
};

/// A kind of read, known before any row is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    pub action: AuditAction,
    pub kind: Option<Kind>,
    /// As `Worker.name`, separated by commas.
    pub fields: Arc<str>,
    pub outcome: &'static str,
}

impl Note {
    /// A read of personal fields.
    pub fn read(kind: Kind, fields: impl Into<Arc<str>>) -> Note {
        let (action, kind, fields) = (AuditAction::Read, Some(kind), fields.into());
        Note { action, kind, fields, outcome: DONE }
    }

    /// The reads of those fields that are personal: a note for each kind.
    pub fn reads(fields: &[(Kind, &str)]) -> Arc<[Note]> {
        let mut personal: BTreeMap<Kind, BTreeSet<String>> = BTreeMap::new();
        for (kind, field) in fields {
            if Policy::standard().kind(*kind).is_personal(field) {
                personal.entry(*kind).or_default().insert(format!("{}.{field}", kind.name()));
            }
        }
        let note = |(kind, fields): (Kind, BTreeSet<String>)| {
            Note::read(kind, fields.into_iter().collect::<Vec<_>>().join(COMMA))
        };
        personal.into_iter().map(note).collect()
    }

    /// A read of a value that others see masked.
    pub fn unmask(field: ProtectedField) -> Note {
        Note { action: AuditAction::Unmask, ..Note::protected(field) }
    }

    /// A look-up of records by a protected field, and how it ended.
    pub fn look_up(field: ProtectedField, outcome: &'static str) -> Note {
        Note { action: AuditAction::Lookup, outcome, ..Note::protected(field) }
    }

    fn protected(field: ProtectedField) -> Note {
        let (kind, name) = field.of();
        Note::read(kind, format!("{}.{name}", kind.name()))
    }
}

/// What a request has read so far. It lives as long as the request does.
#[derive(Debug, Default)]
pub struct Reads {
    /// What an answer that is not planned may read of each kind, whatever row it is.
    personal: Arc<[Note]>,
    gathered: Mutex<Vec<(Note, Vec<Uuid>)>>,
    /// The mutations that failed, and whose entries are written.
    failed: Mutex<Vec<String>>,
}

impl Reads {
    pub fn new(personal: Arc<[Note]>) -> Reads {
        Reads { personal, ..Reads::default() }
    }

    pub fn note(&self, note: &Note, ids: impl IntoIterator<Item = Uuid>) {
        let mut gathered = self.gathered.lock().unwrap_or_else(PoisonError::into_inner);
        match gathered.iter_mut().find(|(it, _)| it == note) {
            Some((_, known)) => known.extend(ids),
            None => gathered.push((note.clone(), ids.into_iter().collect())),
        }
    }

    /// Rows of a kind that the executor was given.
    pub fn rows(&self, kind: Kind, ids: impl IntoIterator<Item = Uuid>) {
        if let Some(note) = self.personal.iter().find(|it| it.kind == Some(kind)) {
            self.note(note, ids);
        }
    }

    /// A mutation failed, and that is written down.
    pub fn failed(&self, operation: &str) {
        self.failures().push(operation.to_owned());
    }

    /// Whether it is written down that a mutation failed; each failure is asked for once.
    pub fn take_failed(&self, operation: &str) -> bool {
        let mut failures = self.failures();
        let place = failures.iter().position(|it| it == operation);
        place.map(|it| failures.swap_remove(it)).is_some()
    }

    fn failures(&self) -> MutexGuard<'_, Vec<String>> {
        self.failed.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// All of it, each record once; then there is none.
    pub fn take(&self) -> Vec<(Note, Vec<Uuid>)> {
        let mut gathered = self.gathered.lock().unwrap_or_else(PoisonError::into_inner);
        let mut gathered = std::mem::take(&mut *gathered);
        for (_, ids) in &mut gathered {
            ids.sort_unstable();
            ids.dedup();
        }
        // A look-up that found nobody tells something; no rows tell nothing.
        gathered.retain(|(it, ids)| {
            it.kind.is_none() || it.action == AuditAction::Lookup || !ids.is_empty()
        });
        gathered
    }
}
