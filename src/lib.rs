//! Gongtu 工图: a city's trade-union records as one GraphQL service.
//!
//! Modules in layer order, those of the kernel first: each may use only those above it
//! (`tests/it/tidy.rs` checks).

pub use kernel::{
    Error, Result, aggregate, app, audit, audit_trail, batch, change_log, clock, connection,
    context, credential, cursor, database, directive, error, filter, form, guard, http, keyring,
    kind, link, list, machine, operation, plan, policy, purpose, quota, repository, resource,
    setting, state_transition, statement, unit_of_work, viewer,
};

pub mod shell;
pub mod domain;
pub mod overview;
pub mod change_feed;
pub mod client;
pub mod custody;
pub mod migrate;
pub mod schema;
pub mod service;
pub mod config;
pub mod playground;
pub mod demo;
