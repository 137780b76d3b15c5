//! One test binary: the service on a fresh database, over real HTTP.

mod batch;
mod change_feed;
mod domain_rules;
mod figures;
mod fixture;
mod idempotency;
mod machines;
mod operations;
mod playground;
mod schema;
mod support;
mod tidy;
mod worker;
mod writing;
