//! One test binary: the service on a fresh database, over real HTTP.

mod access;
mod batch;
mod change_feed;
mod differential;
mod domain_rules;
mod figures;
mod filtering;
mod fixture;
mod hidden;
mod idempotency;
mod machines;
mod operations;
mod paging;
mod playground;
mod reading;
mod schema;
mod statements;
mod support;
mod territory;
mod tidy;
mod values;
mod worker;
mod world;
mod writing;
