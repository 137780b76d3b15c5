use async_graphql::{ComplexObject, Context, Enum, InputObject, MaybeUndefined, SimpleObject};
use entity::alliance_activity::{ActiveModel, AllianceActivityKind, Column, Entity};
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
        innovation_alliance::{InnovationAlliance, InnovationAllianceWhere},
    },
    filter::{
        Archived, Clauses, DivisionFilter, Equality, Filter, IdFilter, Nested, Ordering, TextFilter,
    },
    form::Form,
    kind::Kind,
    link::{Link, Linked},
    list::OrderField,
    resource::{Id, Resource},
    shell::{groups, reads, writes},
    unit_of_work::{ExternalId, RecordOptions, UnitOfWork},
};

/// What an alliance did.
///
/// 创新联盟活动。
#[derive(Clone, SimpleObject, DerivePartialModel, Serialize, Deserialize)]
#[graphql(complex, directive = requires::apply(to_read(Kind::AllianceActivity)))]
#[sea_orm(entity = "Entity")]
pub struct AllianceActivity {
    /// The id. 编号
    pub id: Id<AllianceActivity>,
    /// The kind. 类别
    pub kind: AllianceActivityKind,
    /// The title. 标题
    pub title: String,
    /// The day. 日期
    pub held_on: Date,
    /// How many took part. 参加人数
    pub participants: i32,
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
    alliance_id: Id<InnovationAlliance>,
}

/// Narrows a list of alliance activities.
///
/// 联盟活动筛选条件。
#[derive(Clone, Debug, Default, InputObject)]
pub struct AllianceActivityWhere {
    /// All of these. 全部满足
    and: Option<Vec<AllianceActivityWhere>>,
    /// At least one of these. 至少满足一个
    or: Option<Vec<AllianceActivityWhere>>,
    /// Not this. 不满足
    not: Option<Box<AllianceActivityWhere>>,
    /// Whether archived records are in the list; read at the top only. 是否包含已归档
    archived: Option<Archived>,
    /// The id. 编号
    id: Option<IdFilter>,
    /// The kind. 类别
    kind: Option<Equality<AllianceActivityKind>>,
    /// The title. 标题
    title: Option<TextFilter>,
    /// The day. 日期
    held_on: Option<Ordering<Date>>,
    /// How many took part. 参加人数
    participants: Option<Ordering<i32>>,
    /// The division that keeps the record. 所属区划
    division_code: Option<DivisionFilter>,
    /// When the record was made. 创建时间
    created_at: Option<Ordering<DateTime>>,
    /// When the record was changed last. 更新时间
    updated_at: Option<Ordering<DateTime>>,
    /// The alliance. 创新联盟
    alliance: Option<Nested<InnovationAllianceWhere>>,
}

/// What a list of alliance activities can be sorted by.
///
/// 联盟活动排序字段。
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum AllianceActivityOrderField {
    /// The day. 日期
    HeldOn,
    /// When the record was made. 创建时间
    CreatedAt,
    /// When the record was changed last. 更新时间
    UpdatedAt,
}

/// What may be said of an alliance activity and need not be.
#[derive(Clone, Debug, Default, InputObject)]
pub struct AllianceActivityDetails {
    /// How many took part. 参加人数
    participants: MaybeUndefined<i32>,
}

/// Creates an alliance activity.
///
/// 新增联盟活动。
#[derive(Clone, Debug, InputObject)]
pub struct AllianceActivityCreateInput {
    /// The alliance. 创新联盟
    alliance_id: Id<InnovationAlliance>,
    /// The kind. 类别
    kind: AllianceActivityKind,
    /// The title. 标题
    title: String,
    /// The day. 日期
    held_on: Date,
    #[graphql(flatten)]
    details: AllianceActivityDetails,
    #[graphql(flatten)]
    options: RecordOptions,
}

/// Changes an alliance activity: absent keeps, null clears, a value sets.
///
/// 更新联盟活动：省略则保留，null 则清除，有值则设置。
#[derive(Clone, Debug, InputObject)]
pub struct AllianceActivityUpdateInput {
    /// The record. 记录编号
    id: Id<AllianceActivity>,
    /// The version that the caller knows. 期望版本
    expected_version: i32,
    /// The kind. 类别
    kind: MaybeUndefined<AllianceActivityKind>,
    /// The title. 标题
    title: MaybeUndefined<String>,
    /// The day. 日期
    held_on: MaybeUndefined<Date>,
    #[graphql(flatten)]
    details: AllianceActivityDetails,
    #[graphql(flatten)]
    options: RecordOptions,
}

reads! {
    Queries("AllianceActivityQueries") of AllianceActivity by AllianceActivityBy, AllianceActivityWhere, AllianceActivityOrderField {
        /// One alliance activity; null when there is none that the caller may see. 查询一条联盟活动
        alliance_activity = "allianceActivity",
        /// Alliance activities, oldest record first unless told otherwise. 查询联盟活动列表
        alliance_activities = "allianceActivities",
    }
}

writes! {
    Mutations("AllianceActivityMutations") of AllianceActivity {
        /// Creates an alliance activity. 新增联盟活动
        alliance_activity_create: AllianceActivityCreateInput => AllianceActivityCreate = create,
        /// Changes an alliance activity. 更新联盟活动
        alliance_activity_update: AllianceActivityUpdateInput => AllianceActivityUpdate = update,
    }
    upsert {
        /// Creates an alliance activity, or changes the one that has this external id. 按外部编号新增或更新联盟活动
        alliance_activity_upsert: AllianceActivityUpsert of AllianceActivityCreateInput, AllianceActivityUpdateInput
    }
    archive {
        /// Archives an alliance activity: out of the lists, still there by id. 归档联盟活动
        alliance_activity_archive: AllianceActivityArchive
    }
    restore {
        /// Brings back an archived alliance activity. 恢复联盟活动
        alliance_activity_restore: AllianceActivityRestore
    }
}

groups! {
    /// Alliance activities, counted by what they have in common: at most 1,000 groups. 按字段分组统计联盟活动
    Groups("AllianceActivityGroupQueries") of AllianceActivity by AllianceActivityWhere in alliance_activity_groups: AllianceActivityGroup by AllianceActivityGroupField {
        /// The kind. 类别
        Kind = kind: AllianceActivityKind,
        /// The division that keeps the record. 所属区划代码
        DivisionCode = division_code: DivisionCode,
    }
}

#[ComplexObject]
impl AllianceActivity {
    /// The division that keeps the record. 所属区划
    async fn division(&self, ctx: &Context<'_>) -> Nullable<Division> {
        Division::of(ctx, &self.division_code).await
    }

    /// What other systems call it, at most 20, sorted by source. 外部编号
    async fn external_ids(&self, ctx: &Context<'_>) -> Result<Vec<ExternalId>> {
        external_id::names(ctx, self.id.uuid()).await
    }

    /// The alliance; null when the caller may not see it. 创新联盟
    async fn alliance(&self, ctx: &Context<'_>) -> Nullable<InnovationAlliance> {
        ctx.find(Some(self.alliance_id)).await
    }
}

impl Resource for AllianceActivity {
    const KIND: Kind = Kind::AllianceActivity;

    type Entity = Entity;

    fn id(&self) -> Uuid {
        self.id.uuid()
    }
}

impl Linked for AllianceActivity {
    type Where = AllianceActivityWhere;
    type Order = AllianceActivityOrderField;

    fn link(field: &str) -> Option<Link> {
        Some(match field {
            "externalIds" => external_id::link(),
            "division" => Division::by_code(Column::DivisionCode),
            "alliance" => Link::one::<InnovationAlliance>(Column::AllianceId),
            _ => return None,
        })
    }
}

impl Filter for AllianceActivityWhere {
    type Resource = AllianceActivity;

    fn archived(&self) -> Option<Archived> {
        self.archived
    }

    fn apply<'a>(self, clauses: Clauses<'a>) -> Result<Clauses<'a>> {
        clauses
            .logic(self.and, self.or, self.not)?
            .on(Column::Id, self.id)?
            .on(Column::Kind, self.kind)?
            .on(Column::Title, self.title)?
            .on(Column::HeldOn, self.held_on)?
            .on(Column::Participants, self.participants)?
            .on(Column::DivisionCode, self.division_code)?
            .on(Column::CreatedAt, self.created_at)?
            .on(Column::UpdatedAt, self.updated_at)?
            .to_one(Column::AllianceId, self.alliance)
    }
}

impl OrderField for AllianceActivityOrderField {
    type Resource = AllianceActivity;

    fn column(self) -> Column {
        match self {
            AllianceActivityOrderField::HeldOn => Column::HeldOn,
            AllianceActivityOrderField::CreatedAt => Column::CreatedAt,
            AllianceActivityOrderField::UpdatedAt => Column::UpdatedAt,
        }
    }
}

/// What has to be said of an alliance activity, as a mutation says it.
#[derive(Default)]
struct Essentials {
    alliance_id: MaybeUndefined<Id<InnovationAlliance>>,
    kind: MaybeUndefined<AllianceActivityKind>,
    title: MaybeUndefined<String>,
    held_on: MaybeUndefined<Date>,
}

async fn create(
    work: &mut UnitOfWork<'_>,
    input: AllianceActivityCreateInput,
) -> Result<AllianceActivity> {
    let essentials = Essentials {
        alliance_id: MaybeUndefined::Value(input.alliance_id),
        kind: MaybeUndefined::Value(input.kind),
        title: MaybeUndefined::Value(input.title),
        held_on: MaybeUndefined::Value(input.held_on),
    };
    let mut draft = draft(work, essentials, input.details).await?;
    if !draft.participants.is_set() {
        draft.participants = Set(0);
    }
    if let Set(owner) = draft.alliance_id {
        let owner = work.find_current::<InnovationAlliance>("allianceId", Id::new(owner)).await?;
        draft.division_code = Set(owner.division_code);
    }
    work.create::<AllianceActivity>(draft).await
}

async fn update(
    work: &mut UnitOfWork<'_>,
    input: AllianceActivityUpdateInput,
) -> Result<AllianceActivity> {
    let row = work.find_version(input.id, input.expected_version).await?;
    let essentials = Essentials {
        kind: input.kind,
        title: input.title,
        held_on: input.held_on,
        ..Essentials::default()
    };
    let draft = draft(work, essentials, input.details).await?;
    work.update::<AllianceActivity>(row, draft).await
}

async fn draft(
    work: &mut UnitOfWork<'_>,
    essentials: Essentials,
    details: AllianceActivityDetails,
) -> Result<ActiveModel> {
    let mut form = Form::new(work.rules());
    let draft = ActiveModel {
        alliance_id: form.id("allianceId", essentials.alliance_id),
        kind: form.plain("kind", essentials.kind),
        title: form.line("title", essentials.title, 200),
        held_on: form.day("heldOn", essentials.held_on),
        participants: form.number("participants", details.participants, 0..=1_000_000),
        ..Default::default()
    };
    let warnings = form.finish()?;
    work.warn(warnings);
    Ok(draft)
}
