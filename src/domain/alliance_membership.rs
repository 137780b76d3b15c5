use async_graphql::{ComplexObject, Context, Enum, InputObject, MaybeUndefined, SimpleObject};
use entity::alliance_membership::{ActiveModel, Column, Entity, Model};
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
        innovation_studio::{InnovationStudio, InnovationStudioWhere},
    },
    error::Violation,
    filter::{Archived, Clauses, DivisionFilter, Filter, IdFilter, Nested, Ordering},
    form::Form,
    kind::Kind,
    link::{Link, Linked},
    list::OrderField,
    resource::{Id, Resource},
    shell::{reads, writes},
    unit_of_work::{ExternalId, RecordOptions, UnitOfWork},
};

/// The place of a studio in an alliance.
///
/// 创新联盟成员。
#[derive(Clone, SimpleObject, DerivePartialModel, Serialize, Deserialize)]
#[graphql(complex, directive = requires::apply(to_read(Kind::AllianceMembership)))]
#[sea_orm(entity = "Entity")]
pub struct AllianceMembership {
    /// The id. 编号
    pub id: Id<AllianceMembership>,
    /// The day of joining. 加入日期
    pub joined_on: Date,
    /// The day of leaving; null while a member. 退出日期
    pub left_on: Option<Date>,
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
    #[graphql(skip)]
    studio_id: Id<InnovationStudio>,
}

/// Narrows a list of alliance memberships.
///
/// 联盟成员筛选条件。
#[derive(Clone, Debug, Default, InputObject)]
pub struct AllianceMembershipWhere {
    /// All of these. 全部满足
    and: Option<Vec<AllianceMembershipWhere>>,
    /// At least one of these. 至少满足一个
    or: Option<Vec<AllianceMembershipWhere>>,
    /// Not this. 不满足
    not: Option<Box<AllianceMembershipWhere>>,
    /// Whether archived records are in the list; read at the top only. 是否包含已归档
    archived: Option<Archived>,
    /// The id. 编号
    id: Option<IdFilter>,
    /// The day of joining. 加入日期
    joined_on: Option<Ordering<Date>>,
    /// The day of leaving; null while a member. 退出日期
    left_on: Option<Ordering<Date>>,
    /// The division that keeps the record. 所属区划
    division_code: Option<DivisionFilter>,
    /// When the record was made. 创建时间
    created_at: Option<Ordering<DateTime>>,
    /// When the record was changed last. 更新时间
    updated_at: Option<Ordering<DateTime>>,
    /// The alliance. 创新联盟
    alliance: Option<Nested<InnovationAllianceWhere>>,
    /// The studio. 创新工作室
    studio: Option<Nested<InnovationStudioWhere>>,
}

/// What a list of alliance memberships can be sorted by.
///
/// 联盟成员排序字段。
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum AllianceMembershipOrderField {
    /// The day of joining. 加入日期
    JoinedOn,
    /// When the record was made. 创建时间
    CreatedAt,
    /// When the record was changed last. 更新时间
    UpdatedAt,
}

/// What may be said of an alliance membership and need not be.
#[derive(Clone, Debug, Default, InputObject)]
pub struct AllianceMembershipDetails {
    /// The day of leaving; null while a member. 退出日期
    left_on: MaybeUndefined<Date>,
}

/// Admits a studio to an alliance.
///
/// 工作室加入联盟。
#[derive(Clone, Debug, InputObject)]
pub struct AllianceMembershipAdmitInput {
    /// The alliance. 创新联盟
    alliance_id: Id<InnovationAlliance>,
    /// The studio. 创新工作室
    studio_id: Id<InnovationStudio>,
    /// The day of joining. 加入日期
    joined_on: Date,
    #[graphql(flatten)]
    details: AllianceMembershipDetails,
    #[graphql(flatten)]
    options: RecordOptions,
}

/// Changes an alliance membership: absent keeps, null clears, a value sets.
///
/// 更新联盟成员：省略则保留，null 则清除，有值则设置。
#[derive(Clone, Debug, InputObject)]
pub struct AllianceMembershipUpdateInput {
    /// The record. 记录编号
    id: Id<AllianceMembership>,
    /// The version that the caller knows. 期望版本
    expected_version: i32,
    /// The day of joining. 加入日期
    joined_on: MaybeUndefined<Date>,
    #[graphql(flatten)]
    details: AllianceMembershipDetails,
    #[graphql(flatten)]
    options: RecordOptions,
}

reads! {
    Queries("AllianceMembershipQueries") of AllianceMembership by AllianceMembershipBy, AllianceMembershipWhere, AllianceMembershipOrderField {
        /// One alliance membership; null when there is none that the caller may see. 查询一条联盟成员
        alliance_membership = "allianceMembership",
        /// Alliance memberships, oldest record first unless told otherwise. 查询联盟成员列表
        alliance_memberships = "allianceMemberships",
    }
}

writes! {
    Mutations("AllianceMembershipMutations") of AllianceMembership {
        /// Admits a studio to an alliance. 工作室加入联盟
        alliance_membership_admit: AllianceMembershipAdmitInput => AllianceMembershipAdmit = create,
        /// Changes an alliance membership. 更新联盟成员
        alliance_membership_update: AllianceMembershipUpdateInput => AllianceMembershipUpdate = update,
    }
    upsert {
        /// Creates an alliance membership, or changes the one that has this external id. 按外部编号新增或更新联盟成员
        alliance_membership_upsert: AllianceMembershipUpsert of AllianceMembershipAdmitInput, AllianceMembershipUpdateInput
    }
    archive {
        /// Archives an alliance membership: out of the lists, still there by id. 归档联盟成员
        alliance_membership_archive: AllianceMembershipArchive
    }
    restore {
        /// Brings back an archived alliance membership. 恢复联盟成员
        alliance_membership_restore: AllianceMembershipRestore
    }
}

#[ComplexObject]
impl AllianceMembership {
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

    /// The studio; null when the caller may not see it. 创新工作室
    async fn studio(&self, ctx: &Context<'_>) -> Nullable<InnovationStudio> {
        ctx.find(Some(self.studio_id)).await
    }
}

impl Resource for AllianceMembership {
    const KIND: Kind = Kind::AllianceMembership;

    type Entity = Entity;

    fn id(&self) -> Uuid {
        self.id.uuid()
    }

    fn check(row: &Model) -> Vec<Violation> {
        Violation::out_of_order("leftOn", Some(row.joined_on), row.left_on).into_iter().collect()
    }
}

impl Linked for AllianceMembership {
    type Where = AllianceMembershipWhere;
    type Order = AllianceMembershipOrderField;

    fn link(field: &str) -> Option<Link> {
        Some(match field {
            "externalIds" => external_id::link(),
            "division" => Division::by_code(Column::DivisionCode),
            "alliance" => Link::one::<InnovationAlliance>(Column::AllianceId),
            "studio" => Link::one::<InnovationStudio>(Column::StudioId),
            _ => return None,
        })
    }
}

impl Filter for AllianceMembershipWhere {
    type Resource = AllianceMembership;

    fn archived(&self) -> Option<Archived> {
        self.archived
    }

    fn apply<'a>(self, clauses: Clauses<'a>) -> Result<Clauses<'a>> {
        clauses
            .logic(self.and, self.or, self.not)?
            .on(Column::Id, self.id)?
            .on(Column::JoinedOn, self.joined_on)?
            .on(Column::LeftOn, self.left_on)?
            .on(Column::DivisionCode, self.division_code)?
            .on(Column::CreatedAt, self.created_at)?
            .on(Column::UpdatedAt, self.updated_at)?
            .to_one(Column::AllianceId, self.alliance)?
            .to_one(Column::StudioId, self.studio)
    }
}

impl OrderField for AllianceMembershipOrderField {
    type Resource = AllianceMembership;

    fn column(self) -> Column {
        match self {
            AllianceMembershipOrderField::JoinedOn => Column::JoinedOn,
            AllianceMembershipOrderField::CreatedAt => Column::CreatedAt,
            AllianceMembershipOrderField::UpdatedAt => Column::UpdatedAt,
        }
    }
}

/// What has to be said of an alliance membership, as a mutation says it.
#[derive(Default)]
struct Essentials {
    alliance_id: MaybeUndefined<Id<InnovationAlliance>>,
    studio_id: MaybeUndefined<Id<InnovationStudio>>,
    joined_on: MaybeUndefined<Date>,
}

async fn create(
    work: &mut UnitOfWork<'_>,
    input: AllianceMembershipAdmitInput,
) -> Result<AllianceMembership> {
    let essentials = Essentials {
        alliance_id: MaybeUndefined::Value(input.alliance_id),
        studio_id: MaybeUndefined::Value(input.studio_id),
        joined_on: MaybeUndefined::Value(input.joined_on),
    };
    let mut draft = draft(work, essentials, input.details).await?;
    if let Set(owner) = draft.alliance_id {
        let owner = work.find_current::<InnovationAlliance>("allianceId", Id::new(owner)).await?;
        draft.division_code = Set(owner.division_code);
    }
    work.create::<AllianceMembership>(draft).await
}

async fn update(
    work: &mut UnitOfWork<'_>,
    input: AllianceMembershipUpdateInput,
) -> Result<AllianceMembership> {
    let row = work.find_version(input.id, input.expected_version).await?;
    let essentials = Essentials { joined_on: input.joined_on, ..Essentials::default() };
    let draft = draft(work, essentials, input.details).await?;
    work.update::<AllianceMembership>(row, draft).await
}

async fn draft(
    work: &mut UnitOfWork<'_>,
    essentials: Essentials,
    details: AllianceMembershipDetails,
) -> Result<ActiveModel> {
    work.refer("studioId", essentials.studio_id.value().copied()).await?;
    let mut form = Form::new(work.rules());
    let draft = ActiveModel {
        alliance_id: form.id("allianceId", essentials.alliance_id),
        studio_id: form.id("studioId", essentials.studio_id),
        joined_on: form.day("joinedOn", essentials.joined_on),
        left_on: form.day_option(details.left_on),
        ..Default::default()
    };
    let warnings = form.finish()?;
    work.warn(warnings);
    Ok(draft)
}
