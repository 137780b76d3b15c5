//! Documents judged before they run: size, validity, cost, and the memory of those already judged.
//!
//! The order is what keeps a hostile document cheap: bytes, tokens, syntax and expanded size are
//! counted in one pass each over the text or its tree, and only what is within the limits meets the
//! rules of validation, whose work grows faster. The executor is given the tree that was judged,
//! never the text, so that the two cannot read it differently.

mod cache;
mod cost;
mod document;
mod fields;
mod lexer;
mod limits;
mod measure;
mod parser;
mod rules;
mod subscription;
pub mod trusted;
mod variables;

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use apollo_compiler::schema::ExtendedType;
use apollo_compiler::validation::{Valid, WithErrors};
use apollo_compiler::{ExecutableDocument, Schema};
use async_graphql::parser::types::OperationType;
use async_graphql::{Pos, Request, Variables};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use crate::audit::Note;
use crate::error::Error;
use crate::link::Entries;
use crate::plan::Plan;
use crate::viewer::Viewer;
use cache::{Cache, Hash};
use document::Document;
pub use fields::SelectedField;
pub use limits::Limits;
pub use trusted::Trusted;

/// The closed list of codes that a refusal carries.
pub mod code {
    pub const BAD_REQUEST: &str = "BAD_REQUEST";
    pub const GRAPHQL_PARSE_FAILED: &str = "GRAPHQL_PARSE_FAILED";
    pub const GRAPHQL_VALIDATION_FAILED: &str = "GRAPHQL_VALIDATION_FAILED";
    pub const UNAUTHENTICATED: &str = "UNAUTHENTICATED";
    pub const FORBIDDEN: &str = "FORBIDDEN";
    pub const BAD_USER_INPUT: &str = "BAD_USER_INPUT";
    pub const DOCUMENT_TOO_COMPLEX: &str = "DOCUMENT_TOO_COMPLEX";
    /// No document has this id or hash; or only trusted documents run, and this text is none of them.
    /// Not FORBIDDEN: no credential would change it, and clients know what to do without the document.
    pub const PERSISTED_QUERY_NOT_FOUND: &str = "PERSISTED_QUERY_NOT_FOUND";
    pub const PERSISTED_QUERY_MISMATCH: &str = "PERSISTED_QUERY_MISMATCH";
}

/// What a client asks for.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// The text, unless the client names a document by its hash alone.
    pub query: Option<&'a str>,
    /// What the client calls a persisted document: the id of a trusted one, or SHA-256 of the text in
    /// hexadecimal.
    pub sha256: Option<&'a str>,
    pub operation_name: Option<&'a str>,
    pub variables: &'a Map<String, Value>,
    pub introspection: Introspection,
}

/// Whether a client may read the schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Introspection {
    Allowed,
    Refused,
}

/// An operation that may run, with the values of its variables.
#[derive(Debug)]
pub struct Admitted {
    document: Arc<Document>,
    operation: usize,
    variables: Variables,
    introspection: Introspection,
    cost: u64,
    /// Points that are left to the caller.
    pub left: u64,
}

impl Admitted {
    pub fn kind(&self) -> OperationType {
        self.operation().definition.node.ty
    }

    /// The operation's name: letters, digits and underscores of the client's choice.
    pub fn name(&self) -> Option<&str> {
        self.operation().name.as_deref()
    }

    /// Points that the operation may cost at most; of a subscription, each event.
    pub fn cost(&self) -> u64 {
        self.cost
    }

    /// The fields of records that it selects, each once.
    pub fn fields(&self) -> &[SelectedField] {
        &self.operation().fields
    }

    /// The operation as the audit trail names it: its name, which the client chose, and the beginning
    /// of the document's hash, `Name@0123456789abcdef`.
    pub fn label(&self) -> Arc<str> {
        self.operation().label.clone()
    }

    /// What is noted when the executor reads what it selects.
    pub fn personal(&self) -> Arc<[Note]> {
        self.operation().personal.clone()
    }

    /// The mutations that it is: under which key each is answered, and its name.
    pub fn mutations(&self) -> Vec<(String, String)> {
        self.document.mutations(self.operation)
    }

    /// How to answer it, unless it is for the executor.
    pub fn plan(&self) -> Option<Arc<Plan>> {
        self.document.plan(self.operation, &self.variables)
    }

    pub fn variables(&self) -> &Variables {
        &self.variables
    }

    pub fn into_request(self) -> Request {
        let mut request = Request::new("").variables(self.variables).data(Cost(self.cost));
        request.operation_name =
            self.document.operations[self.operation].name.as_ref().map(ToString::to_string);
        request.set_parsed_query(self.document.executable(self.operation));
        match self.introspection {
            Introspection::Allowed => request,
            Introspection::Refused => request.disable_introspection(),
        }
    }

    fn operation(&self) -> &document::Operation {
        &self.document.operations[self.operation]
    }
}

/// How a mutation is called of which no more is known.
const MUTATION: &str = "mutation";

/// Points of the operation, in the executor's context: what a quota counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cost(pub u64);

/// Why a document does not run.
#[derive(Debug, Clone, PartialEq)]
pub struct Refusal {
    pub code: &'static str,
    pub faults: Vec<Fault>,
    /// Seconds after which the same may be asked again.
    pub retry_after: Option<u64>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Fault {
    pub message: String,
    pub message_zh: String,
    pub at: Option<Pos>,
}

impl Refusal {
    pub fn new(
        code: &'static str,
        message: impl Into<String>,
        message_zh: impl Into<String>,
    ) -> Self {
        Self {
            code,
            faults: vec![Fault {
                message: message.into(),
                message_zh: message_zh.into(),
                at: None,
            }],
            retry_after: None,
        }
    }

    /// What an error says of a request that has not begun.
    pub fn of(error: &Error) -> Self {
        let retry_after = match error {
            Error::RateLimited { retry_after } => Some(*retry_after),
            _ => None,
        };
        Self { retry_after, ..Self::new(error.code(), error.message(), error.message_zh()) }
    }

    fn syntax(english: &str, chinese: &str, at: Pos) -> Self {
        let (line, column) = (at.line, at.column);
        let message = format!("{english} at line {line}, column {column}.");
        let message_zh = format!("第 {line} 行第 {column} 列：{chinese}。");
        Self {
            code: code::GRAPHQL_PARSE_FAILED,
            faults: vec![Fault { message, message_zh, at: Some(at) }],
            retry_after: None,
        }
    }

    fn invalid(message: &str, message_zh: &str, at: Pos) -> Self {
        let fault =
            Fault { message: message.to_owned(), message_zh: message_zh.to_owned(), at: Some(at) };
        let faults = vec![fault];
        Self { code: code::GRAPHQL_VALIDATION_FAILED, faults, retry_after: None }
    }

    /// Refuses an operation that selects a field which takes a scope that the viewer lacks: before
    /// anything is read, so that the answer tells nothing of any record.
    pub fn unreadable(fields: &[SelectedField], viewer: &Viewer) -> Result<(), Self> {
        let lacked = fields.iter().filter_map(|(kind, field)| {
            let scope = viewer.lacks(*kind, field)?;
            let message = format!("{}.{field} needs the scope {scope}.", kind.name());
            let message_zh = format!("字段 {}.{field} 需要权限 {scope}。", kind.name());
            Some(Fault { message, message_zh, at: None })
        });
        let faults: Vec<_> = lacked.collect();
        let is_nobody = viewer.credential_id.is_none();
        let code = if is_nobody { code::UNAUTHENTICATED } else { code::FORBIDDEN };
        if faults.is_empty() { Ok(()) } else { Err(Self { code, faults, retry_after: None }) }
    }

    /// Refuses what is more than a limit, telling both.
    fn over(what: &str, what_zh: &str, actual: u64, limit: u64) -> Result<(), Self> {
        if actual <= limit {
            return Ok(());
        }
        let message = format!("The request is too complex: {actual} {what}, the limit is {limit}.");
        let message_zh = format!("请求过于复杂：{actual} {what_zh}，上限为 {limit}。");
        Err(Self::new(code::DOCUMENT_TOO_COMPLEX, message, message_zh))
    }
}

pub struct Guard {
    schema: Arc<Valid<Schema>>,
    entries: Entries,
    limits: Limits,
    cache: Cache,
    /// Hashes of the trusted documents by their ids.
    trusted: HashMap<String, Hash>,
}

/// The schema that documents are judged by: read once, and shared by guards.
#[derive(Debug, Clone)]
pub struct Contract {
    schema: Arc<Valid<Schema>>,
    entries: Entries,
}

impl Contract {
    /// Reads the schema as the service prints it. `entries` are those of its queries that can be planned.
    ///
    /// # Errors
    ///
    /// When the schema is not valid by the specification.
    pub fn parse(sdl: &str, entries: Entries) -> anyhow::Result<Contract> {
        let mut sdl = sdl.to_owned();
        if !sdl.contains("directive @oneOf") {
            sdl.push_str("\ndirective @oneOf on INPUT_OBJECT\n");
        }
        let invalid =
            |it: WithErrors<Schema>| anyhow::anyhow!("the schema is not valid:\n{}", it.errors);
        let mut schema = Schema::parse(sdl, "schema.graphql").map_err(invalid)?;
        know_one_of(&mut schema)?;
        Ok(Contract { schema: Arc::new(schema.validate().map_err(invalid)?), entries })
    }
}

impl Guard {
    /// Judges by a schema, within limits.
    ///
    /// # Errors
    ///
    /// When a trusted document is not valid by the specification.
    pub fn new(contract: Contract, limits: Limits) -> anyhow::Result<Self> {
        let cache = Cache::new(limits.document_cache_bytes);
        let Contract { schema, entries } = contract;
        let mut guard = Self { schema, entries, limits, cache, trusted: HashMap::new() };
        let documents = std::mem::take(&mut guard.limits.trusted.documents);
        for (id, text) in documents {
            guard.trust(&id, &text).map_err(|it| {
                let why: Vec<&str> = it.faults.iter().map(|it| it.message.as_str()).collect();
                anyhow::anyhow!("the trusted document {id} cannot run: {}", why.join(" "))
            })?;
        }
        Ok(guard)
    }

    fn trust(&mut self, id: &str, text: &str) -> Result<(), Refusal> {
        self.short(text)?;
        let hash: Hash = Sha256::digest(text.as_bytes()).into();
        let document = Arc::new(self.judge(text, &hash)?);
        self.cache.keep(hash, document);
        self.trusted.insert(id.to_owned(), hash);
        Ok(())
    }

    pub fn limits(&self) -> &Limits {
        &self.limits
    }

    /// Judges a request.
    ///
    /// # Errors
    ///
    /// With the reason, when it must not run.
    pub fn admit(&self, asked: Asked<'_>) -> Result<Admitted, Refusal> {
        let document = self.document(asked)?;
        let operation = document.operation(asked.operation_name)?;
        let chosen = &document.operations[operation];
        if chosen.introspects && asked.introspection == Introspection::Refused {
            return Err(Refusal::new(
                code::GRAPHQL_VALIDATION_FAILED,
                "Introspection is not open to this caller.",
                "当前调用方不能内省模式。",
            ));
        }
        let definitions = &chosen.definition.node.variable_definitions;
        let variables =
            variables::coerce(&self.schema, definitions, asked.variables, &self.limits)?;
        let cost = document.prices.cost(operation, &variables, &self.limits);
        Refusal::over("points of cost", "点开销", cost, self.limits.cost)?;
        let introspection = asked.introspection;
        Ok(Admitted { document, operation, variables, introspection, cost, left: 0 })
    }

    /// The names of the mutations that a refused request asked for, each once. Of a text that cannot be
    /// read nobody knows which: one that speaks of a mutation is taken for one.
    pub fn mutations(&self, asked: Asked<'_>) -> Vec<String> {
        let known = || {
            let hash = self.named(asked.sha256?).ok()?;
            self.cache.get(&hash)
        };
        let all = match asked.query {
            Some(text) => match self.read(text) {
                Ok(definitions) => {
                    let fragment = |name: &str| {
                        let mut all = definitions.fragments.iter();
                        all.find(|(it, _)| it == name).map(|(_, it)| &it.node)
                    };
                    let operations = definitions.operations.iter().filter(|(name, _)| {
                        asked.operation_name.is_none() || name.as_deref() == asked.operation_name
                    });
                    let mutations =
                        operations.map(|(_, it)| document::mutations(&it.node, &fragment));
                    mutations.flatten().collect()
                }
                Err(_) if text.contains(MUTATION) => vec![(String::new(), String::new())],
                Err(_) => Vec::new(),
            },
            None => known().map_or_else(Vec::new, |it| {
                it.operation(asked.operation_name)
                    .map_or_else(|_| Vec::new(), |at| it.mutations(at))
            }),
        };
        // A name that the schema does not have is a text of the caller's.
        let name = |(_, name): (_, String)| match self.schema.type_field("Mutation", &name) {
            Ok(_) => name,
            Err(_) => MUTATION.to_owned(),
        };
        let names: BTreeSet<String> = all.into_iter().map(name).collect();
        names.into_iter().take(self.limits.root_fields as usize).collect()
    }

    fn read(&self, text: &str) -> Result<parser::Definitions, Refusal> {
        self.short(text)?;
        parser::parse(lexer::tokens(text, &self.limits)?, &self.limits)
    }

    /// Bytes and number of the documents that are kept.
    pub fn kept(&self) -> (usize, usize) {
        (self.cache.bytes(), self.cache.len())
    }

    fn document(&self, asked: Asked<'_>) -> Result<Arc<Document>, Refusal> {
        let persisted = asked.sha256.map(|it| self.named(it)).transpose()?;
        let Some(text) = asked.query else {
            let Some(hash) = persisted else {
                return Err(Refusal::new(
                    code::BAD_REQUEST,
                    "The request has no `query`.",
                    "请求缺少 `query`。",
                ));
            };
            let is_open = !self.limits.trusted.only || self.cache.is_kept(&hash);
            let known = self.cache.get(&hash).filter(|_| is_open);
            count("persisted", known.is_some());
            return known.ok_or_else(unknown);
        };
        self.short(text)?;
        let hash: Hash = Sha256::digest(text.as_bytes()).into();
        if persisted.is_some_and(|it| it != hash) {
            return Err(Refusal::new(
                code::PERSISTED_QUERY_MISMATCH,
                "The hash does not match the document.",
                "哈希值与文档不符。",
            ));
        }
        if self.limits.trusted.only && !self.cache.is_kept(&hash) {
            return Err(Refusal::new(
                code::PERSISTED_QUERY_NOT_FOUND,
                "Only trusted documents run here, and this is none of them.",
                "此服务仅执行受信任的文档，该文档不在其中。",
            ));
        }
        let known = self.cache.get(&hash);
        count("text", known.is_some());
        if let Some(known) = known {
            return Ok(known);
        }
        let document = Arc::new(self.judge(text, &hash)?);
        self.cache.insert(hash, document.clone());
        Ok(document)
    }

    /// The hash of the document that a client calls by this name.
    fn named(&self, name: &str) -> Result<Hash, Refusal> {
        match self.trusted.get(name) {
            Some(hash) => Ok(*hash),
            // With a manifest a name may be any text.
            None => {
                hash_of(name).map_err(|it| if self.trusted.is_empty() { it } else { unknown() })
            }
        }
    }

    fn short(&self, text: &str) -> Result<(), Refusal> {
        Refusal::over("bytes", "字节", text.len() as u64, self.limits.document_bytes as u64)
    }

    fn judge(&self, text: &str, hash: &Hash) -> Result<Document, Refusal> {
        let tokens = lexer::tokens(text, &self.limits)?;
        // Measured on documents of many shapes: a token takes about this much once parsed, and as much
        // again in the plan.
        let bytes = text.len() + tokens.len() * 320;
        let definitions = parser::parse(tokens, &self.limits)?;
        let introspects = measure::measure(&definitions, &self.limits)?;
        self.validate(text, &definitions)?;
        let prices = cost::Prices::of(&self.schema, &definitions);
        let fields = definitions.operations.iter();
        let fields = fields.map(|(_, it)| fields::selected(&self.schema, &definitions, &it.node));
        let fields: Vec<_> = fields.collect();
        Ok(Document::new(definitions, &introspects, fields, prices, (hash, bytes), self.entries))
    }

    fn validate(&self, text: &str, definitions: &parser::Definitions) -> Result<(), Refusal> {
        let mut faults = Vec::new();
        let mut text = text.to_owned();
        for range in &definitions.descriptions {
            let blank = text[range.clone()]
                .chars()
                .map(|it| if it == '\n' || it == '\r' { it } else { ' ' });
            let blank = format!("{:1$}", blank.collect::<String>(), range.len());
            text.replace_range(range.clone(), &blank);
        }
        if let Err(invalid) =
            ExecutableDocument::parse_and_validate(&self.schema, text, "document.graphql")
        {
            let errors = invalid
                .errors
                .iter()
                .map(|it| (it.error.unstable_error_name().unwrap_or_default(), it));
            let mut judged: Vec<_> =
                errors.filter(|(name, _)| !rules::REPLACED.contains(name)).collect();
            // An object whose fields are all unknown looks empty to the compiler: saying so would
            // mislead.
            if judged.iter().any(|(name, _)| *name == "UndefinedField") {
                judged.retain(|(name, _)| *name != "MissingSubselection");
            }
            faults.extend(judged.into_iter().take(self.limits.errors).map(|(_, it)| {
                let told = it.unstable_to_json_compat();
                let at = told.locations.first().map(|it| Pos { line: it.line, column: it.column });
                Fault {
                    message_zh: format!("文档无效：{}", told.message),
                    message: told.message,
                    at,
                }
            }));
        }
        faults.extend(rules::check(&self.schema, definitions));
        if faults.is_empty() {
            Ok(())
        } else {
            Err(Refusal { code: code::GRAPHQL_VALIDATION_FAILED, faults, retry_after: None })
        }
    }
}

/// Adds what the executor's introspection tells and the compiler's does not know yet.
fn know_one_of(schema: &mut Schema) -> anyhow::Result<()> {
    let more = Schema::parse("type More { isOneOf: Boolean }", "more.graphql");
    let more = more.map_err(|it| anyhow::anyhow!("{}", it.errors))?;
    let field = more.get_object("More").and_then(|it| it.fields.get_key_value("isOneOf"));
    if let (Some((name, field)), Some(ExtendedType::Object(known))) =
        (field, schema.types.get_mut("__Type"))
    {
        known.make_mut().fields.insert(name.clone(), field.clone());
    }
    Ok(())
}

fn unknown() -> Refusal {
    // Clients of the protocol look for this very message.
    Refusal::new(
        code::PERSISTED_QUERY_NOT_FOUND,
        "PersistedQueryNotFound",
        "服务端没有该持久化查询。",
    )
}

fn hash_of(text: &str) -> Result<Hash, Refusal> {
    let bytes = data_encoding::HEXLOWER_PERMISSIVE.decode(text.as_bytes()).ok();
    bytes.and_then(|it| it.try_into().ok()).ok_or_else(|| {
        Refusal::new(
            code::BAD_REQUEST,
            "The hash of a persisted query is 64 hexadecimal digits.",
            "持久化查询的哈希应为 64 位十六进制数字。",
        )
    })
}

fn count(by: &'static str, known: bool) {
    let outcome = if known { "hit" } else { "miss" };
    metrics::counter!("gongtu_document_cache_total", "by" => by, "outcome" => outcome).increment(1);
}
