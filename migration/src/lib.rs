//! The database schema, step by step: one migration a file, for SQLite and PostgreSQL alike.

pub use sea_orm_migration::MigratorTrait;
use sea_orm_migration::prelude::*;

mod table;

mod m20261122_000001_kernel;
mod m20261122_000002_divisions;
mod m20261122_000003_workers;
mod m20261122_000004_pilots;
mod m20261122_000005_competitions;
mod m20261122_000006_studios;
mod m20261122_000007_disputes;
mod m20261122_000008_transitions;
mod m20261125_000009_indexes;
mod m20261125_000010_credentials;
mod m20261125_000011_sealed;
mod m20261125_000012_audit;
mod m20261125_000013_assignments;
mod m20261125_000014_subject_requests;
mod m20261125_000020_systems;
mod m20261126_000021_democracy_and_rights;
mod m20261126_000022_code_value;
mod m20261126_000023_seals;
mod m20261126_000024_numberless;

pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261122_000001_kernel::Migration),
            Box::new(m20261122_000002_divisions::Migration),
            Box::new(m20261122_000003_workers::Migration),
            Box::new(m20261122_000004_pilots::Migration),
            Box::new(m20261122_000005_competitions::Migration),
            Box::new(m20261122_000006_studios::Migration),
            Box::new(m20261122_000007_disputes::Migration),
            Box::new(m20261122_000008_transitions::Migration),
            Box::new(m20261125_000009_indexes::Migration),
            Box::new(m20261125_000010_credentials::Migration),
            Box::new(m20261125_000011_sealed::Migration),
            Box::new(m20261125_000012_audit::Migration),
            Box::new(m20261125_000013_assignments::Migration),
            Box::new(m20261125_000014_subject_requests::Migration),
            Box::new(m20261125_000020_systems::Migration),
            Box::new(m20261126_000021_democracy_and_rights::Migration),
            Box::new(m20261126_000022_code_value::Migration),
            Box::new(m20261126_000023_seals::Migration),
            Box::new(m20261126_000024_numberless::Migration),
        ]
    }
}
