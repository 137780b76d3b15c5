use std::time::Duration;

use super::Trusted;
use crate::audit;
use crate::quota::Budgets;

/// Every bound of the service's face, in one place. A request that passes one is refused with the
/// limit and the actual figure; nothing is cut silently.
#[derive(Debug, Clone)]
pub struct Limits {
    // What a document may be.
    /// Bytes of a document's text.
    pub document_bytes: usize,
    /// Lexical tokens of a document.
    pub tokens: usize,
    /// Brackets open at once in the text, of whatever kind: what keeps every later recursion short.
    pub brackets: usize,
    /// Operations in one document.
    pub operations: usize,
    /// Directives in one document.
    pub directives: usize,
    /// Directives on one node.
    pub directives_per_node: usize,

    // What an operation may be once its fragments are expanded.
    /// Levels of fields, introspection apart.
    pub depth: u64,
    /// Levels of fields and fragments together.
    pub nesting: u64,
    /// Fields.
    pub fields: u64,
    /// Aliased fields.
    pub aliases: u64,
    /// Fields of the root.
    pub root_fields: u64,
    /// Fragments used, counted at each use.
    pub fragment_uses: u64,
    /// Fields, arguments, values and directives of all operations together.
    pub weight: u64,
    /// Levels of fields inside `__schema` and `__type`.
    pub introspection_depth: u64,
    /// Fields inside `__schema` and `__type`.
    pub introspection_fields: u64,

    // What an operation may cost with the variables it came with.
    /// Points: one an object that may be read, a tenth a field of it.
    pub cost: u64,
    /// What one caller may spend.
    pub budgets: Budgets,
    /// Objects a page holds when neither `first` nor `last` says so.
    pub page_default: u64,
    /// Objects a page holds at most.
    pub page_maximum: u64,
    /// Objects counted for a list that takes no page arguments.
    pub list_assumed: u64,
    /// Items of one list in the variables.
    pub list_items: usize,
    /// Levels of lists and objects in the variables.
    pub variable_nesting: usize,

    /// Bytes of known documents that are kept parsed.
    pub document_cache_bytes: usize,

    // What an answer may be.
    /// Errors in one answer.
    pub errors: usize,
    /// Characters of one error message.
    pub error_message: usize,

    // What a connection may do.
    /// Bytes of a request's body.
    pub body_bytes: usize,
    /// Bytes of a request's headers.
    pub header_bytes: usize,
    /// Connections open at once.
    pub connections: usize,
    /// Requests in flight on one HTTP/2 connection.
    pub streams: u32,
    /// Time for a request's headers to arrive.
    pub header_time: Duration,
    /// Time for a request's body to arrive.
    pub body_time: Duration,
    /// Time a connection may be kept open idle.
    pub idle_time: Duration,
    /// Time a client may leave written bytes unread.
    pub write_time: Duration,
    /// Time for an operation to be answered.
    pub request_time: Duration,
    /// Time for work in flight to finish once the service is told to stop.
    pub drain_time: Duration,

    // What a WebSocket or an event stream may do.
    /// Bytes of one WebSocket message.
    pub message_bytes: usize,
    /// Operations running on one socket.
    pub operations_per_socket: usize,
    /// Time for a socket to introduce itself.
    pub init_time: Duration,
    /// Time between two questions whether a socket's credential still holds.
    pub revocation_time: Duration,
    /// Time between two signs of life on a quiet socket or stream.
    pub keep_alive_time: Duration,

    /// Origins of browsers that may call, besides the service's own: `https://host[:port]`,
    /// compared whole.
    pub origins: Vec<String>,

    /// Documents that may be asked for by their ids, and whether by others' texts too.
    pub trusted: Trusted,

    /// How the audit trail is kept, and how many personal reads are usual.
    pub audit: audit::Settings,

    /// Time between two looks for changes that another replica wrote and died before it told of them.
    pub sequencer_pause: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            document_bytes: 64 << 10,
            tokens: 10_000,
            brackets: 64,
            operations: 50,
            directives: 50,
            directives_per_node: 4,
            depth: 12,
            nesting: 64,
            fields: 2_000,
            aliases: 50,
            root_fields: 20,
            fragment_uses: 2_000,
            weight: 20_000,
            introspection_depth: 20,
            introspection_fields: 500,
            cost: 10_000,
            budgets: Budgets::default(),
            page_default: 20,
            page_maximum: 100,
            list_assumed: 10,
            list_items: 1_000,
            variable_nesting: 64,
            document_cache_bytes: 16 << 20,
            errors: 10,
            error_message: 300,
            body_bytes: 1 << 20,
            header_bytes: 16 << 10,
            connections: 10_000,
            streams: 100,
            header_time: Duration::from_secs(10),
            body_time: Duration::from_secs(30),
            idle_time: Duration::from_mins(1),
            write_time: Duration::from_secs(30),
            request_time: Duration::from_secs(30),
            drain_time: Duration::from_secs(25),
            message_bytes: 256 << 10,
            operations_per_socket: 100,
            init_time: Duration::from_secs(5),
            // With the second for which a credential is remembered: within two.
            revocation_time: Duration::from_millis(500),
            keep_alive_time: Duration::from_secs(12),
            origins: Vec::new(),
            trusted: Trusted::default(),
            audit: audit::Settings::default(),
            sequencer_pause: Duration::from_millis(100),
        }
    }
}
