use async_graphql::{ComplexObject, Context, Enum, InputObject, MaybeUndefined, SimpleObject};
use entity::{
    alliance_activity, alliance_membership,
    innovation_alliance::{ActiveModel, Column, Entity},
};
use sea_orm::DerivePartialModel;
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use value::{Date, DateTime, DivisionCode, Unchecked};

use crate::{
    Result,
    connection::Connection,
    context::{ContextExt, Nullable},
    directive::{requires, to_read},
    domain::{
        alliance_activity::{AllianceActivity, AllianceActivityOrderField, AllianceActivityWhere},
        alliance_membership::{
            AllianceMembership, AllianceMembershipOrderField, AllianceMembershipWhere,
        },
        division::Division,
        external_id,
    },
    filter::{
        Archived, Clauses, DivisionFilter, Filter, IdFilter, ListFilter, Ordering, TextFilter,
    },
    form::Form,
    kind::Kind,
    link::{Link, Linked},
    list::{OrderBy, OrderField, Page},
    resource::{Id, Resource},
    shell::{reads, writes},
    unit_of_work::{ExternalId, RecordOptions, UnitOfWork},
};

/// An alliance of innovation studios.
///
/// 职工创新联盟。
#[derive(Clone, SimpleObject, DerivePartialModel, Serialize, Deserialize)]
#[graphql(complex, directive = requires::apply(to_read(Kind::InnovationAlliance)))]
#[sea_orm(entity = "Entity")]
pub struct InnovationAlliance {
    /// The id. 编号
    pub id: Id<InnovationAlliance>,
    /// The name. 名称
    pub name: String,
    /// The day it was founded. 成立日期
    pub founded_on: Date,
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
}

/// Narrows a list of innovation alliances.
///
/// 创新联盟筛选条件。
#[derive(Clone, Debug, Default, InputObject)]
pub struct InnovationAllianceWhere {
    /// All of these. 全部满足
    and: Option<Vec<InnovationAllianceWhere>>,
    /// At least one of these. 至少满足一个
    or: Option<Vec<InnovationAllianceWhere>>,
    /// Not this. 不满足
    not: Option<Box<InnovationAllianceWhere>>,
    /// Whether archived records are in the list; read at the top only. 是否包含已归档
    archived: Option<Archived>,
    /// The id. 编号
    id: Option<IdFilter>,
    /// The name. 名称
    name: Option<TextFilter>,
    /// The day it was founded. 成立日期
    founded_on: Option<Ordering<Date>>,
    /// The division that keeps the record. 所属区划
    division_code: Option<DivisionFilter>,
    /// When the record was made. 创建时间
    created_at: Option<Ordering<DateTime>>,
    /// When the record was changed last. 更新时间
    updated_at: Option<Ordering<DateTime>>,
    /// Its members. 成员工作室
    memberships: Option<ListFilter<AllianceMembershipWhere>>,
    /// What it does. 联盟活动
    activities: Option<ListFilter<AllianceActivityWhere>>,
}

/// What a list of innovation alliances can be sorted by.
///
/// 创新联盟排序字段。
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum InnovationAllianceOrderField {
    /// The name. 名称
    Name,
    /// The day it was founded. 成立日期
    FoundedOn,
    /// When the record was made. 创建时间
    CreatedAt,
    /// When the record was changed last. 更新时间
    UpdatedAt,
}

/// Founds an alliance.
///
/// 组建创新联盟。
#[derive(Clone, Debug, InputObject)]
pub struct InnovationAllianceFoundInput {
    /// The name. 名称
    name: String,
    /// The day it was founded. 成立日期
    founded_on: Date,
    /// The division that keeps the record. 所属区划
    division_code: Unchecked<DivisionCode>,
    #[graphql(flatten)]
    options: RecordOptions,
}

/// Changes an innovation alliance: absent keeps, null clears, a value sets.
///
/// 更新创新联盟：省略则保留，null 则清除，有值则设置。
#[derive(Clone, Debug, InputObject)]
pub struct InnovationAllianceUpdateInput {
    /// The record. 记录编号
    id: Id<InnovationAlliance>,
    /// The version that the caller knows. 期望版本
    expected_version: i32,
    /// The name. 名称
    name: MaybeUndefined<String>,
    /// The day it was founded. 成立日期
    founded_on: MaybeUndefined<Date>,
    #[graphql(flatten)]
    options: RecordOptions,
}

reads! {
    Queries("InnovationAllianceQueries") of InnovationAlliance by InnovationAllianceBy, InnovationAllianceWhere, InnovationAllianceOrderField {
        /// One innovation alliance; null when there is none that the caller may see. 查询一条创新联盟
        innovation_alliance = "innovationAlliance",
        /// Innovation alliances, oldest record first unless told otherwise. 查询创新联盟列表
        innovation_alliances = "innovationAlliances",
    }
}

writes! {
    Mutations("InnovationAllianceMutations") of InnovationAlliance {
        /// Founds an alliance. 组建创新联盟
        innovation_alliance_found: InnovationAllianceFoundInput => InnovationAllianceFound = create,
        /// Changes an innovation alliance. 更新创新联盟
        innovation_alliance_update: InnovationAllianceUpdateInput => InnovationAllianceUpdate = update,
    }
    upsert {
        /// Creates an innovation alliance, or changes the one that has this external id. 按外部编号新增或更新创新联盟
        innovation_alliance_upsert: InnovationAllianceUpsert of InnovationAllianceFoundInput, InnovationAllianceUpdateInput
    }
    archive {
        /// Archives an innovation alliance: out of the lists, still there by id. 归档创新联盟
        innovation_alliance_archive: InnovationAllianceArchive
    }
    restore {
        /// Brings back an archived innovation alliance. 恢复创新联盟
        innovation_alliance_restore: InnovationAllianceRestore
    }
}

#[ComplexObject]
impl InnovationAlliance {
    /// The division that keeps the record. 所属区划
    async fn division(&self, ctx: &Context<'_>) -> Nullable<Division> {
        Division::of(ctx, &self.division_code).await
    }

    /// What other systems call it, at most 20, sorted by source. 外部编号
    async fn external_ids(&self, ctx: &Context<'_>) -> Result<Vec<ExternalId>> {
        external_id::names(ctx, self.id.uuid()).await
    }

    /// Its members. 成员工作室
    #[expect(clippy::too_many_arguments, reason = "Relay names them")]
    async fn memberships(
        &self,
        ctx: &Context<'_>,
        #[graphql(name = "where", desc = "Narrows the list. 筛选")] filter: Option<
            AllianceMembershipWhere,
        >,
        #[graphql(desc = "Sorts the list. 排序")] order_by: Option<
            Vec<OrderBy<AllianceMembershipOrderField>>,
        >,
        #[graphql(desc = "At most so many from the start: 0 to 100, 20 by default. 前若干条")]
        first: Option<i32>,
        #[graphql(desc = "After this cursor. 起始游标")] after: Option<String>,
        #[graphql(desc = "At most so many from the end: 0 to 100. 后若干条")] last: Option<i32>,
        #[graphql(desc = "Before this cursor. 结束游标")] before: Option<String>,
    ) -> Nullable<Connection<AllianceMembership>> {
        let page = Page { first, after, last, before };
        ctx.children(self.id, alliance_membership::Column::AllianceId, filter, order_by, page).await
    }

    /// What it does. 联盟活动
    #[expect(clippy::too_many_arguments, reason = "Relay names them")]
    async fn activities(
        &self,
        ctx: &Context<'_>,
        #[graphql(name = "where", desc = "Narrows the list. 筛选")] filter: Option<
            AllianceActivityWhere,
        >,
        #[graphql(desc = "Sorts the list. 排序")] order_by: Option<
            Vec<OrderBy<AllianceActivityOrderField>>,
        >,
        #[graphql(desc = "At most so many from the start: 0 to 100, 20 by default. 前若干条")]
        first: Option<i32>,
        #[graphql(desc = "After this cursor. 起始游标")] after: Option<String>,
        #[graphql(desc = "At most so many from the end: 0 to 100. 后若干条")] last: Option<i32>,
        #[graphql(desc = "Before this cursor. 结束游标")] before: Option<String>,
    ) -> Nullable<Connection<AllianceActivity>> {
        let page = Page { first, after, last, before };
        ctx.children(self.id, alliance_activity::Column::AllianceId, filter, order_by, page).await
    }
}

impl Resource for InnovationAlliance {
    const KIND: Kind = Kind::InnovationAlliance;

    type Entity = Entity;

    fn id(&self) -> Uuid {
        self.id.uuid()
    }
}

impl Linked for InnovationAlliance {
    type Where = InnovationAllianceWhere;
    type Order = InnovationAllianceOrderField;

    fn link(field: &str) -> Option<Link> {
        Some(match field {
            "externalIds" => external_id::link(),
            "division" => Division::by_code(Column::DivisionCode),
            "memberships" => {
                Link::many::<AllianceMembership>(alliance_membership::Column::AllianceId)
            }
            "activities" => Link::many::<AllianceActivity>(alliance_activity::Column::AllianceId),
            _ => return None,
        })
    }
}

impl Filter for InnovationAllianceWhere {
    type Resource = InnovationAlliance;

    fn archived(&self) -> Option<Archived> {
        self.archived
    }

    fn apply<'a>(self, clauses: Clauses<'a>) -> Result<Clauses<'a>> {
        clauses
            .logic(self.and, self.or, self.not)?
            .on(Column::Id, self.id)?
            .on(Column::Name, self.name)?
            .on(Column::FoundedOn, self.founded_on)?
            .on(Column::DivisionCode, self.division_code)?
            .on(Column::CreatedAt, self.created_at)?
            .on(Column::UpdatedAt, self.updated_at)?
            .to_many(Column::Id, alliance_membership::Column::AllianceId, self.memberships)?
            .to_many(Column::Id, alliance_activity::Column::AllianceId, self.activities)
    }
}

impl OrderField for InnovationAllianceOrderField {
    type Resource = InnovationAlliance;

    fn column(self) -> Column {
        match self {
            InnovationAllianceOrderField::Name => Column::Name,
            InnovationAllianceOrderField::FoundedOn => Column::FoundedOn,
            InnovationAllianceOrderField::CreatedAt => Column::CreatedAt,
            InnovationAllianceOrderField::UpdatedAt => Column::UpdatedAt,
        }
    }
}

/// What has to be said of an innovation alliance, as a mutation says it.
#[derive(Default)]
struct Essentials {
    name: MaybeUndefined<String>,
    founded_on: MaybeUndefined<Date>,
    division_code: MaybeUndefined<Unchecked<DivisionCode>>,
}

async fn create(
    work: &mut UnitOfWork<'_>,
    input: InnovationAllianceFoundInput,
) -> Result<InnovationAlliance> {
    let essentials = Essentials {
        name: MaybeUndefined::Value(input.name),
        founded_on: MaybeUndefined::Value(input.founded_on),
        division_code: MaybeUndefined::Value(input.division_code),
    };
    let draft = draft(work, essentials).await?;
    work.create::<InnovationAlliance>(draft).await
}

async fn update(
    work: &mut UnitOfWork<'_>,
    input: InnovationAllianceUpdateInput,
) -> Result<InnovationAlliance> {
    let row = work.find_version(input.id, input.expected_version).await?;
    let essentials =
        Essentials { name: input.name, founded_on: input.founded_on, ..Essentials::default() };
    let draft = draft(work, essentials).await?;
    work.update::<InnovationAlliance>(row, draft).await
}

async fn draft(work: &mut UnitOfWork<'_>, essentials: Essentials) -> Result<ActiveModel> {
    let mut form = Form::new(work.rules());
    let draft = ActiveModel {
        name: form.line("name", essentials.name, 200),
        founded_on: form.day("foundedOn", essentials.founded_on),
        division_code: form.value("divisionCode", essentials.division_code),
        ..Default::default()
    };
    let warnings = form.finish()?;
    work.warn(warnings);
    Ok(draft)
}
