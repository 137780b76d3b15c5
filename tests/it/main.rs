//! One test binary: the service on a fresh database, over real HTTP.

mod batch;
mod change_feed;
mod domain_rules;
mod figures;
mod fixture;
mod guard;
mod guard_limits;
mod guard_validity;
mod http;
mod http_body;
mod http_stream;
mod http_text;
mod http_time;
mod idempotency;
mod machines;
mod operations;
mod playground;
mod schema;
mod support;
mod tidy;
mod websocket;
mod wire;
mod worker;
mod writing;
