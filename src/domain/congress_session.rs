use async_graphql::{
    ComplexObject, Context, Enum, InputObject, MaybeUndefined, SimpleObject, Value,
};
use entity::congress_session::{ActiveModel, Column, Entity, Model};
use sea_orm::{ActiveValue::Set, DerivePartialModel};
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use value::{Date, DateTime, DivisionCode};

use crate::{
    Result,
    context::{ContextExt, Nullable},
    directive::{requires, to_read},
    domain::{
        division::Division,
        external_id,
        workers_congress::{WorkersCongress, WorkersCongressWhere},
    },
    error::Violation,
    filter::{Archived, Clauses, DivisionFilter, Filter, IdFilter, Nested, Ordering, TextFilter},
    form::Form,
    kind::Kind,
    link::{Link, Linked},
    list::OrderField,
    resource::{Id, Resource},
    shell::{reads, writes},
    unit_of_work::{ExternalId, RecordOptions, UnitOfWork},
};

/// A session of a workers' congress, and what it resolved.
///
/// 职工代表大会会议。
#[derive(Clone, SimpleObject, DerivePartialModel, Serialize, Deserialize)]
#[graphql(complex, directive = requires::apply(to_read(Kind::CongressSession)))]
#[sea_orm(entity = "Entity")]
pub struct CongressSession {
    /// The id. 编号
    pub id: Id<CongressSession>,
    /// The number of the session within the term. 会议次数
    pub ordinal: i32,
    /// The day it was held. 召开日期
    pub held_on: Date,
    /// How many delegates the congress had. 代表总数
    pub delegates_total: i32,
    /// How many delegates were present. 到会代表人数
    pub delegates_present: i32,
    /// What was on the agenda. 议程
    pub agenda: Option<String>,
    /// What was put to the vote; null where nothing was. 表决事项
    pub resolution: Option<String>,
    /// How many delegates voted for it, by secret ballot. 赞成票数
    pub votes_for: Option<i32>,
    /// The division that keeps the record. 所属区划代码
    pub division_code: DivisionCode,
    /// Grows by one with every change. 版本
    pub version: i32,
    /// When the record was made. 创建时间
    pub created_at: DateTime,
    /// When the record was changed last. 更新时间
    pub updated_at: DateTime,
    /// When the record was archived; null while it is current. 归档时间
    pub archived_at: Option<DateTime>,
    #[graphql(skip)]
    congress_id: Id<WorkersCongress>,
}

/// Narrows a list of congress sessions.
///
/// 职代会会议筛选条件。
#[derive(Clone, Debug, Default, InputObject)]
pub struct CongressSessionWhere {
    /// All of these. 全部满足
    and: Option<Vec<CongressSessionWhere>>,
    /// At least one of these. 至少满足一个
    or: Option<Vec<CongressSessionWhere>>,
    /// Not this. 不满足
    not: Option<Box<CongressSessionWhere>>,
    /// Whether archived records are in the list; read at the top only. 是否包含已归档
    archived: Option<Archived>,
    /// The id. 编号
    id: Option<IdFilter>,
    /// The number of the session within the term. 会议次数
    ordinal: Option<Ordering<i32>>,
    /// The day it was held. 召开日期
    held_on: Option<Ordering<Date>>,
    /// How many delegates the congress had. 代表总数
    delegates_total: Option<Ordering<i32>>,
    /// How many delegates were present. 到会代表人数
    delegates_present: Option<Ordering<i32>>,
    /// What was put to the vote; null where nothing was. 表决事项
    resolution: Option<TextFilter>,
    /// How many delegates voted for it, by secret ballot. 赞成票数
    votes_for: Option<Ordering<i32>>,
    /// The division that keeps the record. 所属区划
    division_code: Option<DivisionFilter>,
    /// When the record was made. 创建时间
    created_at: Option<Ordering<DateTime>>,
    /// When the record was changed last. 更新时间
    updated_at: Option<Ordering<DateTime>>,
    /// The congress. 职工代表大会
    congress: Option<Nested<WorkersCongressWhere>>,
}

/// What a list of congress sessions can be sorted by.
///
/// 职代会会议排序字段。
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum CongressSessionOrderField {
    /// The number of the session within the term. 会议次数
    Ordinal,
    /// The day it was held. 召开日期
    HeldOn,
    /// When the record was made. 创建时间
    CreatedAt,
    /// When the record was changed last. 更新时间
    UpdatedAt,
}

/// What may be said of a congress session and need not be.
#[derive(Clone, Debug, Default, InputObject)]
pub struct CongressSessionDetails {
    /// What was on the agenda. 议程
    agenda: MaybeUndefined<String>,
    /// What was put to the vote; null where nothing was. 表决事项
    resolution: MaybeUndefined<String>,
    /// How many delegates voted for it, by secret ballot. 赞成票数
    votes_for: MaybeUndefined<i32>,
}

/// Records a session of a workers' congress.
///
/// 登记职代会会议。
#[derive(Clone, Debug, InputObject)]
pub struct CongressSessionRecordInput {
    /// The congress. 职工代表大会
    congress_id: Id<WorkersCongress>,
    /// The number of the session within the term. 会议次数
    ordinal: i32,
    /// The day it was held. 召开日期
    held_on: Date,
    /// How many delegates were present. 到会代表人数
    delegates_present: i32,
    #[graphql(flatten)]
    details: CongressSessionDetails,
    #[graphql(flatten)]
    options: RecordOptions,
}

/// Changes a congress session: absent keeps, null clears, a value sets.
///
/// 更新职代会会议：省略则保留，null 则清除，有值则设置。
#[derive(Clone, Debug, InputObject)]
pub struct CongressSessionUpdateInput {
    /// The record. 记录编号
    id: Id<CongressSession>,
    /// The version that the caller knows. 期望版本
    expected_version: i32,
    /// The number of the session within the term. 会议次数
    ordinal: MaybeUndefined<i32>,
    /// The day it was held. 召开日期
    held_on: MaybeUndefined<Date>,
    /// How many delegates were present. 到会代表人数
    delegates_present: MaybeUndefined<i32>,
    #[graphql(flatten)]
    details: CongressSessionDetails,
    #[graphql(flatten)]
    options: RecordOptions,
}

reads! {
    Queries("CongressSessionQueries") of CongressSession by CongressSessionBy, CongressSessionWhere, CongressSessionOrderField {
        /// One congress session; null when there is none that the caller may see. 查询一条职代会会议
        congress_session = "congressSession",
        /// Congress sessions, oldest record first unless told otherwise. 查询职代会会议列表
        congress_sessions = "congressSessions",
    }
}

writes! {
    Mutations("CongressSessionMutations") of CongressSession {
        /// Records a session of a workers' congress. 登记职代会会议
        congress_session_record: CongressSessionRecordInput => CongressSessionRecord = create,
        /// Changes a congress session. 更新职代会会议
        congress_session_update: CongressSessionUpdateInput => CongressSessionUpdate = update,
    }
    upsert {
        /// Creates a congress session, or changes the one that has this external id. 按外部编号新增或更新职代会会议
        congress_session_upsert: CongressSessionUpsert of CongressSessionRecordInput, CongressSessionUpdateInput
    }
    archive {
        /// Archives a congress session: out of the lists, still there by id. 归档职代会会议
        congress_session_archive: CongressSessionArchive
    }
    restore {
        /// Brings back an archived congress session. 恢复职代会会议
        congress_session_restore: CongressSessionRestore
    }
}

#[ComplexObject]
impl CongressSession {
    /// The division that keeps the record. 所属区划
    async fn division(&self, ctx: &Context<'_>) -> Nullable<Division> {
        Division::of(ctx, &self.division_code).await
    }

    /// What other systems call it, at most 20, sorted by source. 外部编号
    async fn external_ids(&self, ctx: &Context<'_>) -> Result<Vec<ExternalId>> {
        external_id::names(ctx, self.id.uuid()).await
    }

    /// The congress; null when the caller may not see it. 职工代表大会
    async fn congress(&self, ctx: &Context<'_>) -> Nullable<WorkersCongress> {
        ctx.find(Some(self.congress_id)).await
    }

    /// Whether at least two thirds of the delegates were present. 是否达到法定人数
    async fn is_quorate(&self) -> bool {
        self.quorate()
    }

    /// Whether more than half of all delegates voted for it in a session that was quorate; null where nothing was put to the vote. 表决是否通过
    async fn is_passed(&self) -> Option<bool> {
        self.passed()
    }
}

impl Resource for CongressSession {
    const KIND: Kind = Kind::CongressSession;

    type Entity = Entity;

    fn id(&self) -> Uuid {
        self.id.uuid()
    }

    fn check(row: &Model) -> Vec<Violation> {
        let broken = [
            (row.delegates_present > row.delegates_total).then(|| {
                Violation::inconsistent(
                    "delegatesPresent",
                    "No more delegates are present than there are.",
                    "到会代表人数不能超过代表总数。",
                )
            }),
            row.votes_for.is_some_and(|it| it > row.delegates_present).then(|| {
                Violation::inconsistent(
                    "votesFor",
                    "No more delegates vote than are present.",
                    "赞成票数不能超过到会代表人数。",
                )
            }),
            (row.votes_for.is_some() != row.resolution.is_some()).then(|| {
                Violation::inconsistent(
                    "votesFor",
                    "A vote is on something, and is counted.",
                    "表决事项与赞成票数须同时填写。",
                )
            }),
            (row.resolution.is_some() && !is_quorate(row.delegates_present, row.delegates_total))
                .then(|| {
                    Violation::inconsistent(
                        "resolution",
                        "Fewer than two thirds of the delegates resolve nothing.",
                        "到会代表不足三分之二，不得表决。",
                    )
                }),
        ];
        broken.into_iter().flatten().collect()
    }
}

impl Linked for CongressSession {
    type Where = CongressSessionWhere;
    type Order = CongressSessionOrderField;

    fn link(field: &str) -> Option<Link> {
        Some(match field {
            "externalIds" => external_id::link(),
            "division" => Division::by_code(Column::DivisionCode),
            "congress" => Link::one::<WorkersCongress>(Column::CongressId),
            "isQuorate" => Link::computed(|it: &CongressSession| it.quorate().into()),
            "isPassed" => {
                Link::computed(|it: &CongressSession| it.passed().map_or(Value::Null, Value::from))
            }
            _ => return None,
        })
    }
}

impl Filter for CongressSessionWhere {
    type Resource = CongressSession;

    fn archived(&self) -> Option<Archived> {
        self.archived
    }

    fn apply<'a>(self, clauses: Clauses<'a>) -> Result<Clauses<'a>> {
        clauses
            .logic(self.and, self.or, self.not)?
            .on(Column::Id, self.id)?
            .on(Column::Ordinal, self.ordinal)?
            .on(Column::HeldOn, self.held_on)?
            .on(Column::DelegatesTotal, self.delegates_total)?
            .on(Column::DelegatesPresent, self.delegates_present)?
            .on(Column::Resolution, self.resolution)?
            .on(Column::VotesFor, self.votes_for)?
            .on(Column::DivisionCode, self.division_code)?
            .on(Column::CreatedAt, self.created_at)?
            .on(Column::UpdatedAt, self.updated_at)?
            .to_one(Column::CongressId, self.congress)
    }
}

impl OrderField for CongressSessionOrderField {
    type Resource = CongressSession;

    fn column(self) -> Column {
        match self {
            CongressSessionOrderField::Ordinal => Column::Ordinal,
            CongressSessionOrderField::HeldOn => Column::HeldOn,
            CongressSessionOrderField::CreatedAt => Column::CreatedAt,
            CongressSessionOrderField::UpdatedAt => Column::UpdatedAt,
        }
    }
}

impl CongressSession {
    fn quorate(&self) -> bool {
        is_quorate(self.delegates_present, self.delegates_total)
    }

    fn passed(&self) -> Option<bool> {
        self.votes_for.map(|it| self.quorate() && it * 2 > self.delegates_total)
    }
}

/// Two thirds of the delegates have to be there (rules of democratic management, art. 21).
fn is_quorate(present: i32, total: i32) -> bool {
    present * 3 >= total * 2
}

/// What has to be said of a congress session, as a mutation says it.
#[derive(Default)]
struct Essentials {
    congress_id: MaybeUndefined<Id<WorkersCongress>>,
    ordinal: MaybeUndefined<i32>,
    held_on: MaybeUndefined<Date>,
    delegates_present: MaybeUndefined<i32>,
}

async fn create(
    work: &mut UnitOfWork<'_>,
    input: CongressSessionRecordInput,
) -> Result<CongressSession> {
    let essentials = Essentials {
        congress_id: MaybeUndefined::Value(input.congress_id),
        ordinal: MaybeUndefined::Value(input.ordinal),
        held_on: MaybeUndefined::Value(input.held_on),
        delegates_present: MaybeUndefined::Value(input.delegates_present),
    };
    let mut draft = draft(work, essentials, input.details).await?;
    if let Set(owner) = draft.congress_id {
        let owner = work.find_current::<WorkersCongress>("congressId", Id::new(owner)).await?;
        draft.division_code = Set(owner.division_code);
        draft.delegates_total = Set(owner.delegates_total);
    }
    work.create::<CongressSession>(draft).await
}

async fn update(
    work: &mut UnitOfWork<'_>,
    input: CongressSessionUpdateInput,
) -> Result<CongressSession> {
    let row = work.find_version(input.id, input.expected_version).await?;
    let essentials = Essentials {
        ordinal: input.ordinal,
        held_on: input.held_on,
        delegates_present: input.delegates_present,
        ..Essentials::default()
    };
    let draft = draft(work, essentials, input.details).await?;
    work.update::<CongressSession>(row, draft).await
}

async fn draft(
    work: &mut UnitOfWork<'_>,
    essentials: Essentials,
    details: CongressSessionDetails,
) -> Result<ActiveModel> {
    let mut form = Form::new(work.rules());
    let draft = ActiveModel {
        congress_id: form.id("congressId", essentials.congress_id),
        ordinal: form.number("ordinal", essentials.ordinal, 1..=1_000),
        held_on: form.day("heldOn", essentials.held_on),
        delegates_present: form.number(
            "delegatesPresent",
            essentials.delegates_present,
            0..=100_000,
        ),
        agenda: form.paragraphs_option("agenda", details.agenda, 2000),
        resolution: form.line_option("resolution", details.resolution, 200),
        votes_for: form.number_option("votesFor", details.votes_for, 0..=100_000),
        ..Default::default()
    };
    let warnings = form.finish()?;
    work.warn(warnings);
    Ok(draft)
}
