//! One test binary: the service on a fresh database, over real HTTP.

mod batch;
mod domain_rules;
mod fixture;
mod idempotency;
mod machines;
mod support;
mod worker;
mod reading;
mod paging;
mod filtering;
mod differential;
mod statements;
mod world;
mod access;
mod hidden;
mod territory;
mod values;
mod writing;
