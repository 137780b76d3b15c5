//! What the audit trail is told of mutations.

use std::collections::BTreeSet;

use entity::audit_entry::AuditAction;
use sea_orm::ConnectionTrait;

use crate::{
    Result,
    audit::{self, Act, DONE, REFUSED},
    change_log::Entry,
    error::camel_case,
    repository::Repository,
};

/// What a mutation did, as the audit trail tells it.
pub(super) fn act<'a>(operation: &'a str, entries: &[Entry]) -> Act<'a> {
    let records: BTreeSet<_> = entries.iter().map(|it| (it.kind, it.record_id)).collect();
    Act {
        action: AuditAction::Write,
        operation,
        outcome: DONE,
        fields: fields(entries),
        records: records.into_iter().collect(),
    }
}

/// Records who attempted what, and why nothing came of it.
pub async fn note_write(
    repository: &Repository,
    database: &impl ConnectionTrait,
    operation: &str,
    outcome: &str,
) -> Result<()> {
    if ![DONE, REFUSED].contains(&outcome) {
        repository.reads.failed(operation);
    }
    if outcome != DONE && !repository.shared.journal.hears(&repository.viewer) {
        return Ok(());
    }
    let (fields, records) = (String::new(), Vec::new());
    let act = Act { action: AuditAction::Write, operation, outcome, fields, records };
    let rows = act.rows(repository.caller(), repository.shared.clock.now());
    let backend = database.get_database_backend();
    database.execute_raw(audit::insert(backend, &rows)).await?;
    Ok(())
}

/// The fields that were written, as the audit trail names them.
fn fields(entries: &[Entry]) -> String {
    let columns: BTreeSet<_> =
        entries.iter().flat_map(|it| it.columns.iter().map(|column| (it.kind, *column))).collect();
    let fields = columns.iter().map(|(kind, it)| format!("{}.{}", kind.name(), camel_case(it)));
    fields.collect::<Vec<_>>().join(audit::COMMA)
}
