use async_graphql::{
    Context, Enum, ID, InputObject, MaybeUndefined, Object, SimpleObject, Subscription,
};
use entity::{
    change_log::{self, ChangeAction, Column},
    state_transition,
};
use futures_util::{Stream, stream};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
    sea_query::{Expr, ExprTrait},
};
use value::DateTime;

use crate::{
    Error, Result,
    change_log::Position,
    context::{ContextExt, Nullable},
    domain::{self, Node},
    kind::{Kind, encode_id},
    policy::{Rows, Scope},
    repository::{self, Repository},
    state_transition::StateTransition,
    viewer::{Viewer, nothing},
};

#[derive(Clone, Debug)]
pub struct Change {
    row: change_log::Model,
    kind: Kind,
    cursor: String,
    left: bool,
}

/// What happened to a record.
///
/// 变更类型。
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum ChangeKind {
    /// It was made. 新建
    Created,
    /// It was changed. 更新
    Updated,
    /// It was archived: deleted, for those who keep a copy. 归档
    Archived,
    /// It was brought back. 恢复
    Restored,
    /// It left the divisions of the caller: delete the copy. 移出管辖范围
    Left,
}

/// Narrows the changes.
///
/// 变更筛选条件。
#[derive(Clone, Debug, Default, InputObject)]
pub struct ChangeWhere {
    /// Only of these kinds of record. 记录种类
    kinds: MaybeUndefined<Vec<Kind>>,
    /// Only of this record. 记录编号
    record_id: MaybeUndefined<ID>,
}

/// A page of changes.
///
/// 一页变更。
#[derive(Clone, SimpleObject)]
pub struct ChangePage {
    /// The changes, oldest first. 变更
    nodes: Vec<Change>,
    /// Pass it as `after` to go on from here; also on an empty page. 续读游标
    end_cursor: String,
    /// More changes right now? 是否还有更多
    has_next_page: bool,
}

const DEFAULT_SIZE: i32 = 100;
const MAX_SIZE: i32 = 500;
/// A subscription reads so many at once.
const BATCH: u64 = 100;

/// One change of one record. Changes have one order, in which every reader sees each once, and the
/// changes of one record in the order they were made.
///
/// 一条记录的一次变更。
#[Object]
impl Change {
    /// Pass it as `after` to go on from here. 游标
    async fn cursor(&self) -> &str {
        &self.cursor
    }

    /// The kind of the record. 记录种类
    async fn kind(&self) -> Kind {
        self.kind
    }

    /// The id of the record. 记录编号
    async fn record_id(&self) -> ID {
        encode_id(self.kind, self.row.record_id).into()
    }

    /// What happened. 变更类型
    async fn action(&self) -> ChangeKind {
        if self.left {
            return ChangeKind::Left;
        }
        match self.row.action {
            ChangeAction::Created => ChangeKind::Created,
            ChangeAction::Updated => ChangeKind::Updated,
            ChangeAction::Archived => ChangeKind::Archived,
            ChangeAction::Restored => ChangeKind::Restored,
        }
    }

    /// The version of the record after the change. 变更后的版本
    async fn record_version(&self) -> i32 {
        self.row.record_version
    }

    /// The mutation that made the change. 操作
    async fn operation(&self) -> &str {
        &self.row.operation
    }

    /// Who made it: the name of the credential. 操作者
    async fn actor(&self) -> &str {
        &self.row.actor
    }

    /// When. 时间
    async fn at(&self) -> DateTime {
        DateTime(self.row.at)
    }

    /// The record as it is now, if the caller may see it. 现在的记录
    async fn node(&self, ctx: &Context<'_>) -> Nullable<Node> {
        if self.left {
            return None;
        }
        domain::find(ctx, self.kind, self.row.record_id).await
    }
}

#[derive(Default)]
pub struct Queries;

#[Object(name = "ChangeQueries")]
impl Queries {
    /// The changes after a cursor, oldest first, archived records included. Without a cursor from
    /// the beginning of the log. 查询变更
    async fn changes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "After this cursor. 起始游标")] after: Option<String>,
        #[graphql(desc = "At most so many: 0 to 500, 100 by default. 条数")] first: Option<i32>,
        #[graphql(name = "where", desc = "Narrows the changes. 筛选")] filter: Option<ChangeWhere>,
    ) -> Nullable<ChangePage> {
        Some(page(ctx.repository(), after, first, filter).await)
    }

    /// The cursor of the last change there is: read a list first, then the changes after it. 最新变更游标
    async fn change_cursor(&self, ctx: &Context<'_>) -> Nullable<String> {
        Some(head(ctx.repository()).await)
    }
}

#[derive(Default)]
pub struct Subscriptions;

/// What can be followed.
///
/// 订阅入口。
#[Subscription(name = "Subscription")]
impl Subscriptions {
    /// The changes after a cursor: first those on record, then each as it is made, with no gap and
    /// no repeat between them. Without a cursor from now on; an empty cursor is the beginning of the
    /// log. 订阅变更
    async fn changes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "After this cursor; empty for the beginning. 起始游标")] after: Option<
            String,
        >,
        #[graphql(desc = "End after so many, from 1. 条数上限")] first: Option<i32>,
        #[graphql(name = "where", desc = "Narrows the changes. 筛选")] filter: Option<ChangeWhere>,
    ) -> Result<impl Stream<Item = Result<Change>> + use<>> {
        let repository = ctx.repository().clone();
        repository.viewer.require(Scope::ChangeRead)?;
        let condition = filter.unwrap_or_default().condition(&repository.viewer)?;
        let left = match first {
            Some(first) => {
                Some(u32::try_from(first).ok().filter(|it| *it > 0).ok_or_else(|| {
                    Error::bad_input("first has to be at least 1.", "first 至少为 1。")
                })?)
            }
            None => None,
        };
        let last = match after {
            Some(after) => start(&repository, &after).await?,
            None => repository.shared.change_log.end(&repository.shared.database).await?,
        };
        let bell = repository.shared.change_log.listen();
        let reader =
            Reader { repository, condition, last, left, ready: Vec::new().into_iter(), bell };
        Ok(stream::unfold(reader, |mut reader| async move {
            reader.next().await.map(|it| (it, reader))
        }))
    }
}

/// Reads the log on, and waits where it ends.
struct Reader {
    repository: Repository,
    condition: Condition,
    last: i64,
    left: Option<u32>,
    ready: std::vec::IntoIter<Change>,
    bell: tokio::sync::watch::Receiver<i64>,
}

impl Reader {
    async fn next(&mut self) -> Option<Result<Change>> {
        if self.left == Some(0) {
            return None;
        }
        loop {
            if let Some(change) = self.ready.next() {
                self.left = self.left.map(|it| it - 1);
                return Some(Ok(change));
            }
            // Marked before the look: what comes after the look rings again.
            self.bell.mark_unchanged();
            match read(&self.repository, &self.condition, self.last, BATCH).await {
                Ok((changes, last)) if changes.is_empty() => {
                    self.last = last;
                    self.bell.changed().await.ok()?;
                }
                Ok((changes, last)) => {
                    self.last = last;
                    self.ready = changes.into_iter();
                }
                Err(error) => {
                    self.left = Some(0);
                    return Some(Err(error));
                }
            }
        }
    }
}

async fn head(repository: &Repository) -> Result<String> {
    repository.viewer.require(Scope::ChangeRead)?;
    let last = repository.shared.change_log.end(&repository.shared.database).await?;
    Ok(repository.shared.change_log.cursor(Position::Sequence(last)))
}

async fn start(repository: &Repository, after: &str) -> Result<i64> {
    if after.is_empty() {
        return Ok(0);
    }
    let shared = &repository.shared;
    let position = shared.change_log.position(after)?;
    shared.change_log.sequence(&shared.database, position).await
}

async fn page(
    repository: &Repository,
    after: Option<String>,
    first: Option<i32>,
    filter: Option<ChangeWhere>,
) -> Result<ChangePage> {
    repository.viewer.require(Scope::ChangeRead)?;
    let size = first.unwrap_or(DEFAULT_SIZE);
    let Some(size) = u64::try_from(size).ok().filter(|_| size <= MAX_SIZE) else {
        return Err(Error::bad_input(
            format!("first must be between 0 and {MAX_SIZE}."),
            format!("first 必须在 0 到 {MAX_SIZE} 之间。"),
        ));
    };
    let condition = filter.unwrap_or_default().condition(&repository.viewer)?;
    let start = start(repository, after.as_deref().unwrap_or_default()).await?;
    let (mut nodes, last) = read(repository, &condition, start, size + 1).await?;
    let has_next_page = nodes.len() as u64 > size;
    nodes.truncate(usize::try_from(size).unwrap_or(usize::MAX));
    let change_log = &repository.shared.change_log;
    let end = match nodes.last() {
        Some(change) if has_next_page => change.row.sequence,
        _ if has_next_page => start,
        // What was looked at and was not for this reader need not be looked at again.
        _ => last,
    };
    Ok(ChangePage { nodes, end_cursor: change_log.cursor(Position::Sequence(end)), has_next_page })
}

/// The next changes for this viewer, and the place up to which the log was looked at.
#[expect(clippy::disallowed_methods, reason = "the log is no resource; its scope is set here")]
async fn read(
    repository: &Repository,
    condition: &Condition,
    after: i64,
    limit: u64,
) -> Result<(Vec<Change>, i64)> {
    let database = repository.shared.database.read();
    // Read first: an entry that comes in between is for the next time.
    let end = repository.shared.change_log.end(&repository.shared.database).await?;
    if end <= after {
        return Ok((Vec::new(), after));
    }
    let rows = change_log::Entity::find()
        .filter(Column::Sequence.gt(after))
        .filter(Column::Sequence.lte(end))
        .filter(condition.clone())
        .order_by_asc(Column::Sequence)
        .limit(limit)
        .all(database)
        .await?;
    let last =
        if (rows.len() as u64) < limit { end } else { rows.last().map_or(end, |it| it.sequence) };
    let change_log = &repository.shared.change_log;
    let territory = repository.viewer.territory();
    let changes = rows.into_iter().filter_map(|row| {
        let kind = Kind::named(&row.kind)?;
        let cursor = change_log.cursor(Position::Sequence(row.sequence));
        let left = rows_of(&repository.viewer, kind) == &Rows::Division
            && !territory.covers(&row.division_code);
        Some(Change { row, kind, cursor, left })
    });
    Ok((changes.collect(), last))
}

impl ChangeWhere {
    /// The entries of records that the viewer may see, or might see before the change.
    fn condition(self, viewer: &Viewer) -> Result<Condition> {
        let refused = || Error::bad_input("null cannot be compared.", "不能与 null 比较。");
        let mut asked = Condition::all();
        match self.kinds {
            MaybeUndefined::Undefined => {}
            MaybeUndefined::Null => return Err(refused()),
            MaybeUndefined::Value(kinds) => {
                asked = asked.add(Column::Kind.is_in(kinds.iter().map(|it| it.name())));
            }
        }
        match self.record_id {
            MaybeUndefined::Undefined => {}
            MaybeUndefined::Null => return Err(refused()),
            MaybeUndefined::Value(id) => {
                let record = crate::kind::decode_id(&id);
                asked = asked.add(match record {
                    Some((kind, id)) => Condition::all()
                        .add(Column::Kind.eq(kind.name()))
                        .add(Column::RecordId.eq(id)),
                    None => nothing(),
                });
            }
        }
        Ok(asked.add(visible(viewer)))
    }
}

/// Which records of a kind are the viewer's. The log knows divisions, no subjects: of records that are
/// seen for a subject it tells nobody.
fn rows_of(viewer: &Viewer, kind: Kind) -> &Rows {
    viewer.policy().kind(kind).rows(viewer.standing())
}

fn visible(viewer: &Viewer) -> Condition {
    let of = |rows: Rows| {
        let kinds = Kind::ALL.iter().filter(|kind| {
            *rows_of(viewer, **kind) == rows && viewer.may(viewer.policy().kind(**kind).read)
        });
        Column::Kind.is_in(kinds.map(|it| it.name()))
    };
    let territory = viewer.territory();
    let within = Condition::any()
        .add(territory.holds(Column::DivisionCode))
        .add(territory.holds(Column::PreviousDivisionCode));
    Condition::any()
        .add(of(Rows::All))
        .add(Condition::all().add(of(Rows::Division)).add(within).add(steps_shown_to(viewer)))
}

/// The entries that are no step of a machine, or a step of a record of a kind that the viewer may see.
fn steps_shown_to(viewer: &Viewer) -> Condition {
    if viewer.hidden_kinds().next().is_none() {
        return Condition::all();
    }
    let step = repository::select::<StateTransition>(viewer)
        .select_only()
        .column(state_transition::Column::Id)
        .filter(
            Expr::col(state_transition::Column::Id.as_column_ref())
                .eq(Expr::col(Column::RecordId.as_column_ref())),
        )
        .into_query();
    Condition::any().add(Column::Kind.ne(Kind::StateTransition.name())).add(Expr::exists(step))
}
