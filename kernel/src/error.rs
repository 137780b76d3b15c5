use std::{borrow::Cow, sync::Arc};

use async_graphql::{
    Enum, ErrorExtensionValues, Response, ServerError, SimpleObject, Value as GraphQlValue,
    extensions::{Extension, ExtensionContext, ExtensionFactory, NextRequest, NextSubscribe},
};
use chrono::NaiveDate;
use futures_util::{StreamExt, stream::BoxStream};
use sea_orm::{DbErr, RuntimeErr, SqlErr, sqlx};
use value::Defect;

/// Why an operation did not happen. Resolvers return it as it is.
#[derive(Clone, Debug, thiserror::Error)]
pub enum Error {
    #[error("{}", self.message())]
    Unauthenticated,
    /// The viewer lacks this scope.
    #[error("{}", self.message())]
    Forbidden(&'static str),
    /// A value that is shown whole only for a purpose, and the request declares none.
    #[error("{}", self.message())]
    PurposeRequired,
    /// Something the caller can mend. In a mutation it becomes `userErrors`.
    #[error("{}", self.message())]
    Invalid(Vec<Violation>),
    /// An argument that cannot be used: a malformed id or cursor, a page that is too large.
    #[error("{}", self.message())]
    BadInput { code: &'static str, message: String, message_zh: String },
    #[error("{}", self.message())]
    RateLimited { retry_after: u64 },
    #[error("{}", self.message())]
    Timeout,
    #[error("{}", self.message())]
    Unavailable,
    #[error("{}", self.message())]
    Internal(#[source] Arc<dyn std::error::Error + Send + Sync>),
}

pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What kind of thing the caller can mend.
///
/// 调用方可以改正的问题种类。
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum UserErrorCode {
    /// A value breaks the rule that `rule` names. 值不符合规则
    InvalidValue,
    /// A value that has to be there is missing or null. 缺少必填值
    Required,
    /// The record, or one that the input refers to, is missing or hidden. 记录不存在或不可见
    NotFound,
    /// A record with this natural key or external id exists already. 记录重复
    Duplicate,
    /// The record changed since the version that was expected; see `currentVersion`. 版本冲突
    VersionConflict,
    /// The state machine has no such step from the present state; see `openSteps`. 状态不允许此步骤
    InvalidTransition,
    /// The idempotency key was used for another input. 幂等键已用于其他输入
    IdempotencyMismatch,
    /// The row would lie outside the divisions of the caller. 超出管辖范围
    OutOfScope,
    /// Values that are right one by one do not go together. 各值之间相互矛盾
    Inconsistent,
    /// The record is archived: restore it first. 记录已归档
    Archived,
}

/// Something in the input that the caller can mend.
///
/// 输入中调用方可以改正的问题。
#[derive(Clone, Debug, PartialEq, Eq, SimpleObject, serde::Serialize, serde::Deserialize)]
#[graphql(name = "UserError")]
pub struct Violation {
    /// Switch on this. 错误代码
    pub code: UserErrorCode,
    /// Where in the arguments, from the outermost: `["input", "items", "3", "idNumber"]`. 出错位置
    pub path: Vec<String>,
    /// The rule that is broken, such as `ID-02`; the documentation lists them. 违反的规则
    pub rule: Option<String>,
    /// For developers, in English. 英文说明
    pub message: String,
    /// For developers, in Chinese. 中文说明
    pub message_zh: String,
    /// With `VERSION_CONFLICT`: the version the record has now. 当前版本
    pub current_version: Option<i32>,
    /// With `INVALID_TRANSITION`: the steps that are open now. 当前可执行的步骤
    pub open_steps: Option<Vec<String>>,
}

impl Violation {
    pub fn new(
        code: UserErrorCode,
        path: &str,
        message: impl Into<String>,
        message_zh: impl Into<String>,
    ) -> Violation {
        Violation {
            code,
            path: path.split('.').filter(|it| !it.is_empty()).map(str::to_owned).collect(),
            rule: None,
            message: message.into(),
            message_zh: message_zh.into(),
            current_version: None,
            open_steps: None,
        }
    }

    pub fn defect(path: &str, defect: Defect) -> Violation {
        let mut it =
            Violation::new(UserErrorCode::InvalidValue, path, defect.message, defect.message_zh);
        it.rule = Some(defect.rule.to_owned());
        it
    }

    pub fn required(path: &str) -> Violation {
        Violation::new(UserErrorCode::Required, path, "A value is required.", "此项必填。")
    }

    pub fn not_found(path: &str) -> Violation {
        Violation::new(UserErrorCode::NotFound, path, "No such record.", "记录不存在。")
    }

    /// A last day that comes before the first.
    pub fn out_of_order(
        path: &str,
        first: Option<NaiveDate>,
        last: Option<NaiveDate>,
    ) -> Option<Violation> {
        (last? < first?).then(|| {
            let mut violation = Violation::inconsistent(
                path,
                "The last day is before the first.",
                "结束日期早于开始日期。",
            );
            violation.rule = Some("PERIOD-01".to_owned());
            violation
        })
    }

    pub fn inconsistent(path: &str, message: &str, message_zh: &str) -> Violation {
        Violation::new(UserErrorCode::Inconsistent, path, message, message_zh)
    }
}

impl From<Violation> for Error {
    fn from(it: Violation) -> Error {
        Error::Invalid(vec![it])
    }
}

impl Error {
    pub fn bad_input(message: impl Into<String>, message_zh: impl Into<String>) -> Error {
        Error::BadInput {
            code: "BAD_USER_INPUT",
            message: message.into(),
            message_zh: message_zh.into(),
        }
    }

    pub fn cursor() -> Error {
        Error::BadInput {
            code: "CURSOR_INVALID",
            message: "The cursor is not one of this list, in this order, with this filter.".into(),
            message_zh: "游标不属于此列表（或排序、筛选条件不同）。".into(),
        }
    }

    pub fn internal(err: impl std::error::Error + Send + Sync + 'static) -> Error {
        Error::Internal(Arc::new(err))
    }

    /// The stable `extensions.code` that clients switch on.
    pub fn code(&self) -> &'static str {
        match self {
            Error::Unauthenticated => "UNAUTHENTICATED",
            Error::Forbidden(_) => "FORBIDDEN",
            Error::PurposeRequired => "PURPOSE_REQUIRED",
            Error::Invalid(_) => "BAD_USER_INPUT",
            Error::BadInput { code, .. } => code,
            Error::RateLimited { .. } => "RATE_LIMITED",
            Error::Timeout => "TIMEOUT",
            Error::Unavailable => "UNAVAILABLE",
            Error::Internal(_) => "INTERNAL",
        }
    }

    pub fn message(&self) -> String {
        match self {
            Error::Unauthenticated => "Sign in to continue.".into(),
            Error::Forbidden(scope) => format!("This needs the scope {scope}."),
            Error::PurposeRequired => {
                "This value is shown only for a purpose that the request declares.".into()
            }
            Error::Invalid(violations) => {
                violations.first().map_or_else(String::new, |it| it.message.clone())
            }
            Error::BadInput { message, .. } => message.clone(),
            Error::RateLimited { .. } => "Too many requests.".into(),
            Error::Timeout => "The operation took too long.".into(),
            Error::Unavailable => "The service is not available now.".into(),
            Error::Internal(_) => "Something went wrong on our side.".into(),
        }
    }

    pub fn message_zh(&self) -> String {
        match self {
            Error::Unauthenticated => "请先登录。".into(),
            Error::Forbidden(scope) => format!("需要权限 {scope}。"),
            Error::PurposeRequired => "查看此项原值须在请求中声明用途。".into(),
            Error::Invalid(violations) => {
                violations.first().map_or_else(String::new, |it| it.message_zh.clone())
            }
            Error::BadInput { message_zh, .. } => message_zh.clone(),
            Error::RateLimited { .. } => "请求过于频繁。".into(),
            Error::Timeout => "操作超时。".into(),
            Error::Unavailable => "服务暂不可用。".into(),
            Error::Internal(_) => "服务内部错误。".into(),
        }
    }

    /// Worth running the whole transaction again: a deadlock, a serialization failure, a busy file.
    pub fn is_transient(&self) -> bool {
        let Error::Internal(err) = self else { return false };
        let Some(err) = err.downcast_ref::<DbErr>() else { return false };
        database_code(err).is_some_and(|code| {
            matches!(code.as_str(), "40001" | "40P01" | "55P03" | "5" | "6" | "261" | "517")
        })
    }

    /// The database met a whole number that it has no place for.
    pub fn is_overflow(&self) -> bool {
        let Error::Internal(err) = self else { return false };
        let Some(err) = err.downcast_ref::<DbErr>() else { return false };
        // SQLite has one code for this and for most of what it refuses.
        database_code(err).is_some_and(|code| {
            code == "22003" || (code == "1" && err.to_string().contains("integer overflow"))
        })
    }
}

fn database_code(err: &DbErr) -> Option<String> {
    match err {
        DbErr::Exec(RuntimeErr::SqlxError(err)) | DbErr::Query(RuntimeErr::SqlxError(err)) => {
            err.as_database_error()?.code().map(Cow::into_owned)
        }
        _ => None,
    }
}

impl From<DbErr> for Error {
    fn from(err: DbErr) -> Error {
        match err.sql_err() {
            Some(SqlErr::UniqueConstraintViolation(constraint)) => {
                return Violation::new(
                    UserErrorCode::Duplicate,
                    &unique_column(&constraint),
                    "A record with this value exists already, or may not be changed by you.",
                    "已存在相同的记录，或您无权更改该记录。",
                )
                .into();
            }
            Some(SqlErr::ForeignKeyConstraintViolation(_)) => {
                return Violation::not_found("").into();
            }
            _ => {}
        }
        match (&err, database_code(&err).as_deref()) {
            (_, Some("57014")) => Error::Timeout,
            (_, Some("53300" | "57P01" | "57P02" | "57P03" | "08006" | "08001")) => {
                Error::Unavailable
            }
            (DbErr::ConnectionAcquire(_) | DbErr::Conn(_), _) => Error::Unavailable,
            (
                DbErr::Exec(RuntimeErr::SqlxError(inner))
                | DbErr::Query(RuntimeErr::SqlxError(inner)),
                None,
            ) if matches!(**inner, sqlx::Error::Io(_) | sqlx::Error::PoolTimedOut) => {
                Error::Unavailable
            }
            _ => Error::internal(err),
        }
    }
}

/// The input field behind a unique constraint, in camelCase; empty when it cannot be told.
fn unique_column(message: &str) -> String {
    // SQLite names `table.column, table.column`; PostgreSQL the index `ux_table__column__column`.
    let name = if let Some((_, rest)) = message.split_once("ux_") {
        rest.split('"').next().unwrap_or_default().rsplit("__").next().unwrap_or_default()
    } else {
        message.rsplit('.').next().unwrap_or_default()
    };
    let name = name.trim();
    // A blind index is of the column that it is named by.
    let name = name.split("_index_").next().unwrap_or_default();
    if name.is_empty() || !name.bytes().all(|it| it.is_ascii_lowercase() || it == b'_') {
        return String::new();
    }
    camel_case(name)
}

/// `id_number` → `idNumber`.
pub fn camel_case(column: &str) -> String {
    let mut words = column.split('_');
    let mut name = words.next().unwrap_or_default().to_owned();
    for word in words {
        let (first, rest) = word.split_at(word.len().min(1));
        name.push_str(&first.to_uppercase());
        name.push_str(rest);
    }
    name
}

/// Puts `extensions.code` on every error of a response, and logs the internal ones, once.
pub struct ErrorCodes;

impl ExtensionFactory for ErrorCodes {
    fn create(&self) -> Arc<dyn Extension> {
        Arc::new(ErrorCodes)
    }
}

#[async_trait::async_trait]
impl Extension for ErrorCodes {
    async fn request(&self, ctx: &ExtensionContext<'_>, next: NextRequest<'_>) -> Response {
        let mut response = next.run(ctx).await;
        response.errors.iter_mut().for_each(add_code);
        response
    }

    fn subscribe<'s>(
        &self,
        ctx: &ExtensionContext<'_>,
        stream: BoxStream<'s, Response>,
        next: NextSubscribe<'_>,
    ) -> BoxStream<'s, Response> {
        let coded = |mut response: Response| {
            response.errors.iter_mut().for_each(add_code);
            response
        };
        next.run(ctx, stream).map(coded).boxed()
    }
}

/// Gives an error its code and its Chinese message.
pub fn add_code(error: &mut ServerError) {
    let mut extensions = error.extensions.take().unwrap_or_default();
    match error.source::<Error>() {
        Some(source) => describe(source, &mut extensions),
        // Raised by the library on a document that was found valid: a value it could not read.
        None if extensions.get("code").is_none() => {
            extensions.set("code", "BAD_USER_INPUT");
            extensions.set("messageZh", "输入值无法解析。");
        }
        None => {}
    }
    if let Some(source @ Error::Internal(err)) = error.source::<Error>() {
        let path = error.path.iter().map(|it| format!("{it:?}")).collect::<Vec<_>>().join(".");
        tracing::error!(error = %Chain(err.as_ref()), path, "internal error");
        error.message = source.message();
    }
    error.extensions = Some(extensions);
}

fn describe(source: &Error, extensions: &mut ErrorExtensionValues) {
    extensions.set("code", source.code());
    extensions.set("messageZh", source.message_zh());
    match source {
        Error::Forbidden(scope) => extensions.set("requiredScope", *scope),
        Error::RateLimited { retry_after } => extensions.set("retryAfter", *retry_after),
        Error::Invalid(violations) => {
            let violations = serde_json::to_value(violations).expect("strings serialize");
            let violations = GraphQlValue::from_json(violations).expect("JSON converts");
            extensions.set("violations", violations);
        }
        _ => {}
    }
}

/// Database errors repeat the values of a row in their details: only the class is logged.
struct Chain<'a>(&'a (dyn std::error::Error + 'static));

impl std::fmt::Display for Chain<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.0.downcast_ref::<DbErr>() {
            Some(err) => match database_code(err) {
                Some(code) => write!(f, "database error {code}"),
                None => write!(f, "database error: {}", class(err)),
            },
            None => write!(f, "{}", self.0),
        }
    }
}

fn class(err: &DbErr) -> &'static str {
    match err {
        DbErr::Type(_) | DbErr::TryIntoErr { .. } => "a column holds another type than expected",
        DbErr::RecordNotFound(_) => "a row that was just written is gone",
        DbErr::RecordNotInserted | DbErr::RecordNotUpdated => "a row was not written",
        DbErr::Json(_) => "a JSON column cannot be read",
        DbErr::Query(_) | DbErr::Exec(_) => "a statement failed",
        _ => "other",
    }
}
