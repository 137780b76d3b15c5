//! Gongtu 工图: a city's trade-union records as one GraphQL service.
//!
//! Modules in layer order: each may use only those above it (`tests/it/tidy.rs` checks).

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
pub mod shell;
pub mod domain;
pub mod overview;
pub mod change_feed;
pub mod credential;
pub mod client;
pub mod setting;
pub mod custody;
pub mod migrate;
pub mod schema;
pub mod guard;
pub mod config;
pub mod app;
pub mod http;
pub mod demo;

pub use error::{Error, Result};
