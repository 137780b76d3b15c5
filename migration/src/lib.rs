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
        ]
    }
}
