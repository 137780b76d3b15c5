//! The audit trail, as those who may read it see it.

use std::collections::HashMap;

use async_graphql::{Context, ID, InputObject, MaybeUndefined, Object, SimpleObject};
use chrono::{TimeDelta, Utc};
use data_encoding::HEXLOWER;
use entity::{
    audit_checkpoint,
    audit_entry::{self, AuditAction, Column},
    audit_seal,
};
use sea_orm::{
    ColumnTrait, Condition, DbBackend, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::Expr,
};
use serde_json::json;
use uuid::Uuid;
use value::{BigInt, DateTime};

use crate::{
    Error, Result,
    audit::{COMMA, DONE, Note, records},
    context::{ContextExt, Nullable},
    cursor::Seal,
    directive::requires,
    kind::{Kind, decode_id, encode_id},
    policy::Scope,
    repository::{Repository, is_any_of},
};

/// What somebody did: who, when, why, to which records and fields; never with which values.
///
/// 审计记录：谁、何时、为何、对哪些记录的哪些字段做了什么，不含字段值。
#[derive(Clone, Debug)]
pub struct AuditEntry {
    row: audit_entry::Model,
    records: Vec<(Kind, Uuid)>,
    seal: Option<audit_seal::Model>,
}

/// What is asked of the trail.
struct Asked {
    condition: Condition,
    /// The record that the entries are about.
    record: Option<(Kind, Uuid)>,
    /// Whether that one alone is shown, and not the others of its entries.
    is_alone: bool,
}

/// A page of the audit trail, newest entry first.
///
/// 一页审计记录，按时间倒序。
#[derive(Clone, Debug, SimpleObject)]
pub struct AuditPage {
    /// The entries, at most 100, newest first. 审计记录
    nodes: Vec<AuditEntry>,
    /// Pass it as `after` for the next page; null on an empty page. 续读游标
    end_cursor: Option<String>,
    /// Are there older entries? 是否还有更早的记录
    has_next_page: bool,
}

/// A signed statement of where the chain of the audit trail stood.
///
/// 审计检查点：对审计链状态的签名声明。
#[derive(Clone, Debug, SimpleObject)]
pub struct AuditCheckpoint {
    /// The position of the last entry that it covers. 覆盖到的位置
    position: BigInt,
    /// The hash of that entry, in hexadecimal. 哈希值
    hash: String,
    /// When it was signed. 签名时间
    at: DateTime,
    /// Which key signed it. 密钥编号
    key_id: String,
    /// The signature (Ed25519), in hexadecimal. 签名
    signature: String,
}

/// Narrows the audit trail.
///
/// 审计记录筛选条件。
#[derive(Clone, Debug, Default, InputObject)]
pub struct AuditWhere {
    /// Only these actions, such as `UNMASK`. 动作
    actions: MaybeUndefined<Vec<AuditAction>>,
    /// Only of the credential with this name. 操作者
    actor: MaybeUndefined<String>,
    /// Only of the request with this id; of reads in a moment, the first. 请求编号
    request_id: MaybeUndefined<String>,
    /// Only about this record; takes `fromAt`, at most 31 days before `toAt`. 记录编号
    record_id: MaybeUndefined<ID>,
    /// Not before. 起始时间
    from_at: MaybeUndefined<DateTime>,
    /// Before; now when absent. 截止时间
    to_at: MaybeUndefined<DateTime>,
}

const DEFAULT_SIZE: i32 = 20;
const MAX_SIZE: i32 = 100;
/// An entry shows the ids of so many records.
const SHOWN: usize = 100;
/// Entries about a record are looked for in so long a time: their ids have no index.
const SPAN: TimeDelta = TimeDelta::days(31);

/// What somebody did: who, when, why, to which records and fields; never with which values.
///
/// 审计记录：谁、何时、为何、对哪些记录的哪些字段做了什么，不含字段值。
#[Object]
impl AuditEntry {
    /// When. 时间
    async fn at(&self) -> DateTime {
        DateTime(self.row.at)
    }

    /// What was done. 动作
    async fn action(&self) -> AuditAction {
        self.row.action
    }

    /// Who: the name of the credential. 操作者
    async fn actor(&self) -> &str {
        &self.row.actor
    }

    /// The roles that the credential had. 角色
    async fn roles(&self) -> Vec<&str> {
        split(&self.row.roles)
    }

    /// The mutation; or the query by its name, which the caller chose, and the beginning of the
    /// document's hash, such as `Roster@0123456789abcdef`. 操作
    async fn operation(&self) -> &str {
        &self.row.operation
    }

    /// `DONE`, `REFUSED`, or the code of an error; of an alert the level, `L3` or `L4`. 结果
    async fn outcome(&self) -> &str {
        &self.row.outcome
    }

    /// The id of the request; of reads of the same fields by one caller and operation within 200 ms, which are one
    /// entry, of the first. 请求编号，短时内合并的读取取首个
    async fn request_id(&self) -> &str {
        &self.row.request_id
    }

    /// Why, as the caller said. 目的
    async fn purpose(&self) -> Option<&str> {
        self.row.purpose.as_deref()
    }

    /// The case it was for, as the caller said. 案号
    async fn case_number(&self) -> Option<&str> {
        self.row.case_number.as_deref()
    }

    /// Which fields, such as `Worker.name`: at most those of the schema. 字段
    async fn fields(&self) -> Vec<&str> {
        split(&self.row.fields)
    }

    /// Which records; at most the first 100 of them. 记录编号
    async fn record_ids(&self) -> Vec<ID> {
        let shown = self.records.iter().take(SHOWN);
        shown.map(|(kind, id)| encode_id(*kind, *id).into()).collect()
    }

    /// How many records. 记录数
    async fn record_count(&self) -> i32 {
        i32::try_from(self.records.len()).unwrap_or(i32::MAX)
    }

    /// Whether it has its place in the chain, as it has a moment after it was written. 是否已封存
    async fn is_sealed(&self) -> bool {
        self.seal.is_some()
    }

    /// Its place in the chain, from 1; null until it is sealed. 链中位置
    async fn position(&self) -> Option<BigInt> {
        self.seal.as_ref().map(|it| BigInt(it.position))
    }

    /// Its hash, which covers all entries before it too, in hexadecimal; null until it is sealed. 哈希值
    async fn hash(&self) -> Option<String> {
        self.seal.as_ref().map(|it| HEXLOWER.encode(&it.hash))
    }
}

#[derive(Default)]
pub struct Queries;

#[Object(name = "AuditQueries")]
impl Queries {
    /// The audit trail, newest entry first. To read it leaves an entry too. 查询审计记录
    #[graphql(directive = requires::apply(Scope::AuditRead.name().to_owned()))]
    async fn audit_entries(
        &self,
        ctx: &Context<'_>,
        #[graphql(name = "where", desc = "Narrows the trail. 筛选")] filter: Option<AuditWhere>,
        #[graphql(desc = "At most so many: 0 to 100, 20 by default. 条数")] first: Option<i32>,
        #[graphql(desc = "After this cursor. 起始游标")] after: Option<String>,
    ) -> Nullable<AuditPage> {
        Some(entries(ctx.repository(), filter.unwrap_or_default(), first, after).await)
    }

    /// The checkpoints of the audit trail, newest first: at most `first`. 查询审计检查点
    #[graphql(directive = requires::apply(Scope::AuditRead.name().to_owned()))]
    async fn audit_checkpoints(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "At most so many: 0 to 100, 20 by default. 条数")] first: Option<i32>,
        #[graphql(desc = "Only of positions before this one. 位置上限")] before: Option<BigInt>,
    ) -> Nullable<Vec<AuditCheckpoint>> {
        Some(checkpoints(ctx.repository(), first, before).await)
    }
}

async fn entries(
    repository: &Repository,
    filter: AuditWhere,
    first: Option<i32>,
    after: Option<String>,
) -> Result<AuditPage> {
    repository.viewer.require(Scope::AuditRead)?;
    let asked = filter.asked(repository)?;
    note(repository, "Query.auditEntries");
    page(repository, asked, first, after).await
}

/// Who read or changed a record, for those who read the trail and for the person of the record.
pub async fn accesses(
    repository: &Repository,
    record: (Kind, Uuid),
    from_at: Option<DateTime>,
    to_at: Option<DateTime>,
    first: Option<i32>,
    after: Option<String>,
) -> Result<AuditPage> {
    let is_subject = record.0 == Kind::Worker && repository.viewer.is_subject(record.1);
    if !is_subject {
        repository.viewer.require(Scope::AuditRead)?;
    }
    let to = to_at.map_or_else(|| repository.shared.clock.now(), |it| it.0);
    let from = from_at.map_or(to - SPAN, |it| it.0);
    let condition = about(repository, record, from, to)?;
    repository.reads.note(&Note::read(record.0, "Worker.accesses"), [record.1]);
    let asked = Asked { condition, record: Some(record), is_alone: true };
    page(repository, asked, first, after).await
}

/// The newest accesses to a record as JSON, and whether there may be more.
pub async fn accesses_as_json(
    repository: &Repository,
    record: (Kind, Uuid),
    first: i32,
) -> Result<(Vec<serde_json::Value>, bool)> {
    let page = accesses(repository, record, None, None, Some(first), None).await?;
    let entry = |AuditEntry { row, .. }: &AuditEntry| {
        json!({
            "at": DateTime(row.at), "action": row.action, "actor": row.actor, "operation": row.operation,
            "outcome": row.outcome, "purpose": row.purpose, "caseNumber": row.case_number,
            "fields": split(&row.fields),
        })
    };
    Ok((page.nodes.iter().map(entry).collect(), page.has_next_page))
}

/// To read the trail is to be written down in it.
fn note(repository: &Repository, field: &'static str) {
    let (action, fields) = (AuditAction::Read, field.into());
    repository.reads.note(&Note { action, kind: None, fields, outcome: DONE }, []);
}

#[expect(clippy::disallowed_methods, reason = "the audit trail is no resource")]
async fn checkpoints(
    repository: &Repository,
    first: Option<i32>,
    before: Option<BigInt>,
) -> Result<Vec<AuditCheckpoint>> {
    repository.viewer.require(Scope::AuditRead)?;
    let size = size(first)?;
    note(repository, "Query.auditCheckpoints");
    let position = audit_checkpoint::Column::Position;
    let mut select = audit_checkpoint::Entity::find();
    if let Some(BigInt(before)) = before {
        select = select.filter(position.lt(before));
    }
    let select = select.order_by_desc(position).limit(size as u64);
    let rows = select.all(repository.shared.database.read()).await?;
    let checkpoints = rows.into_iter().map(|it| AuditCheckpoint {
        position: BigInt(it.position),
        hash: HEXLOWER.encode(&it.hash),
        at: DateTime(it.at),
        key_id: it.key_id,
        signature: HEXLOWER.encode(&it.signature),
    });
    Ok(checkpoints.collect())
}

impl AuditWhere {
    fn asked(self, repository: &Repository) -> Result<Asked> {
        let from = given(self.from_at)?.map(|it| it.0);
        let to = given(self.to_at)?.map(|it| it.0);
        let mut condition = Condition::all()
            .add_option(from.map(|it| Column::At.gte(it)))
            .add_option(to.map(|it| Column::At.lt(it)))
            .add_option(given(self.actions)?.map(|it| Column::Action.is_in(it)))
            .add_option(given(self.actor)?.map(|it| Column::Actor.eq(it)))
            .add_option(given(self.request_id)?.map(|it| Column::RequestId.eq(it)));
        let record = given(self.record_id)?;
        let record = record.map(|it| decode_id(&it).ok_or_else(invalid_id)).transpose()?;
        if let Some(record) = record {
            let to = to.unwrap_or_else(|| repository.shared.clock.now());
            condition = condition.add(about(repository, record, from.unwrap_or_default(), to)?);
        }
        Ok(Asked { condition, record, is_alone: false })
    }
}

/// A comparison that was asked for.
fn given<T>(value: MaybeUndefined<T>) -> Result<Option<T>> {
    match value {
        MaybeUndefined::Undefined => Ok(None),
        MaybeUndefined::Null => {
            Err(Error::bad_input("null cannot be compared.", "不能与 null 比较。"))
        }
        MaybeUndefined::Value(value) => Ok(Some(value)),
    }
}

/// The entries about a record within a time, and perhaps some in which the bytes of its id lie across
/// two others.
fn about(
    repository: &Repository,
    (_, id): (Kind, Uuid),
    from: chrono::DateTime<Utc>,
    to: chrono::DateTime<Utc>,
) -> Result<Condition> {
    if to - from > SPAN {
        return Err(Error::bad_input(
            "Entries about a record are looked for in at most 31 days: give fromAt and toAt.",
            "按记录查询审计的时间范围最多 31 天：请指定 fromAt 与 toAt。",
        ));
    }
    let holds = match repository.shared.database.backend() {
        DbBackend::Postgres => "position($2 in $1) > 0",
        _ => "instr(?, ?) > 0",
    };
    let id = Expr::val(id.as_bytes().to_vec());
    let holds = Expr::cust_with_exprs(holds, [Expr::col(Column::Records), id]);
    Ok(Condition::all().add(Column::At.gte(from)).add(Column::At.lt(to)).add(holds))
}

#[expect(clippy::disallowed_methods, reason = "the audit trail is no resource")]
async fn page(
    repository: &Repository,
    asked: Asked,
    first: Option<i32>,
    after: Option<String>,
) -> Result<AuditPage> {
    let size = size(first)?;
    let seal = Seal::new(&repository.shared.secret, "audit");
    let mut select = audit_entry::Entity::find().filter(asked.condition);
    if let Some(after) = after {
        let (at, id) = place(&seal.open(&after)?).ok_or_else(Error::cursor)?;
        let same = Condition::all().add(Column::At.eq(at)).add(Column::Id.lt(id));
        select = select.filter(Condition::any().add(Column::At.lt(at)).add(same));
    }
    let select = select.order_by_desc(Column::At).order_by_desc(Column::Id).limit(size as u64 + 1);
    let database = &repository.shared.database;
    let mut rows = select.all(database.read()).await?;
    let has_next_page = rows.len() > size;
    rows.truncate(size);
    let cursor = |row: &audit_entry::Model| {
        let mut body = row.at.timestamp_micros().to_be_bytes().to_vec();
        body.extend_from_slice(row.id.as_bytes());
        seal.seal(&body)
    };
    let end_cursor = rows.last().map(cursor);
    let entry_id = audit_seal::Column::EntryId.as_column_ref();
    let seals = audit_seal::Entity::find()
        .filter(is_any_of(database.backend(), entry_id, rows.iter().map(|it| it.id)))
        .all(database.read())
        .await?;
    let mut seals: HashMap<_, _> = seals.into_iter().map(|it| (it.entry_id, it)).collect();
    let entry = |row: audit_entry::Model| {
        let mut records = records(&row.kinds, &row.records);
        if let Some(record) = asked.record {
            if !records.contains(&record) {
                return None;
            }
            if asked.is_alone {
                records = vec![record];
            }
        }
        Some(AuditEntry { seal: seals.remove(&row.id), row, records })
    };
    let nodes = rows.into_iter().filter_map(entry).collect();
    Ok(AuditPage { nodes, end_cursor, has_next_page })
}

fn size(first: Option<i32>) -> Result<usize> {
    let size = first.unwrap_or(DEFAULT_SIZE);
    usize::try_from(size).ok().filter(|_| size <= MAX_SIZE).ok_or_else(|| {
        Error::bad_input(
            format!("first must be between 0 and {MAX_SIZE}."),
            format!("first 必须在 0 到 {MAX_SIZE} 之间。"),
        )
    })
}

/// The place that a cursor names.
fn place(body: &[u8]) -> Option<(chrono::DateTime<Utc>, Uuid)> {
    let (at, id) = body.split_at_checked(8)?;
    let at = i64::from_be_bytes(at.try_into().ok()?);
    Some((chrono::DateTime::from_timestamp_micros(at)?, Uuid::from_slice(id).ok()?))
}

fn invalid_id() -> Error {
    Error::BadInput {
        code: "INVALID_ID",
        message: "recordId is not an id.".into(),
        message_zh: "recordId 不是有效编号。".into(),
    }
}

/// The names in a column.
fn split(names: &str) -> Vec<&str> {
    names.split(COMMA).filter(|it| !it.is_empty()).collect()
}
