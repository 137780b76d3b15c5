//! One test binary: the service on a fresh database, over real HTTP.

mod change_feed;
mod figures;
mod operations;
mod playground;
mod schema;
mod support;
mod tidy;
mod worker;
