//! What every record of Gongtu has, whatever it is a record of: who may see and do what, how rows are read,
//! cut into pages and written, what is taken down of it, and how it is asked for over HTTP.
//!
//! It knows no record: the graph is put into it ([`app::Graph`]). Modules in layer order: each may use
//! only those above it (`tests/it/tidy.rs` checks).

pub mod clock;
pub mod kind;
pub mod error;
pub mod keyring;
pub mod quota;
pub mod policy;
pub mod purpose;
pub mod viewer;
pub mod directive;
pub mod cursor;
pub mod database;
pub mod audit;
pub mod change_log;
pub mod resource;
pub mod repository;
pub mod filter;
pub mod list;
pub mod statement;
pub mod connection;
pub mod link;
pub mod plan;
pub mod form;
pub mod unit_of_work;
pub mod batch;
pub mod context;
pub mod audit_trail;
pub mod aggregate;
pub mod state_transition;
pub mod machine;
pub mod operation;
pub mod setting;
pub mod credential;
pub mod guard;
pub mod app;
pub mod http;

pub use error::{Error, Result};
