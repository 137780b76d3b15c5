//! One test binary: the service on a fresh database, over real HTTP.

mod support;
mod worker;
