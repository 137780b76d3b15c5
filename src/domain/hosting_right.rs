use async_graphql::{ComplexObject, Context, Enum, InputObject, MaybeUndefined, SimpleObject};
use chrono::NaiveDate;
use entity::{
    competition::CompetitionLevel,
    hosting_right::{ActiveModel, Column, Entity, HostingRightStatus, HostingRightStep, Model},
    state_transition,
};
use sea_orm::{ActiveValue::Set, DerivePartialModel};
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use value::{Date, DateTime, DivisionCode};

use crate::{
    Result,
    connection::Connection,
    context::{ContextExt, Nullable},
    directive::{requires, to_read},
    domain::{
        competition::{Competition, CompetitionWhere},
        division::Division,
        external_id,
        union_organization::{UnionOrganization, UnionOrganizationWhere},
    },
    filter::{
        Archived, Clauses, DivisionFilter, Equality, Filter, IdFilter, Nested, Ordering, TextFilter,
    },
    form::Form,
    kind::Kind,
    link::{Link, Linked},
    list::{OrderBy, OrderField, Page},
    machine::{self, Edge, Machine},
    resource::{Id, Resource},
    shell::{groups, reads, steps, writes},
    state_transition::{StateTransition, StateTransitionOrderField, StateTransitionWhere},
    unit_of_work::{ExternalId, RecordOptions, UnitOfWork},
};

/// The right to host a competition of others.
///
/// 竞赛承办权。
#[derive(Clone, SimpleObject, DerivePartialModel, Serialize, Deserialize)]
#[graphql(complex, directive = requires::apply(to_read(Kind::HostingRight)))]
#[sea_orm(entity = "Entity")]
pub struct HostingRight {
    /// The id. 编号
    pub id: Id<HostingRight>,
    /// The competition that is to be hosted. 拟承办的竞赛
    pub title: String,
    /// Its level. 竞赛级别
    pub level: CompetitionLevel,
    /// Who grants the right. 授予单位
    pub grantor_name: String,
    /// The day of the application. 申请日期
    pub applied_on: Date,
    /// The day it was granted. 授予日期
    pub granted_on: Option<Date>,
    /// The state. 状态
    pub status: HostingRightStatus,
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
    applicant_id: Id<UnionOrganization>,
    #[graphql(skip)]
    competition_id: Option<Id<Competition>>,
}

/// Narrows a list of hosting rights.
///
/// 竞赛承办权筛选条件。
#[derive(Clone, Debug, Default, InputObject)]
pub struct HostingRightWhere {
    /// All of these. 全部满足
    and: Option<Vec<HostingRightWhere>>,
    /// At least one of these. 至少满足一个
    or: Option<Vec<HostingRightWhere>>,
    /// Not this. 不满足
    not: Option<Box<HostingRightWhere>>,
    /// Whether archived records are in the list; read at the top only. 是否包含已归档
    archived: Option<Archived>,
    /// The id. 编号
    id: Option<IdFilter>,
    /// The competition that is to be hosted. 拟承办的竞赛
    title: Option<TextFilter>,
    /// Its level. 竞赛级别
    level: Option<Equality<CompetitionLevel>>,
    /// Who grants the right. 授予单位
    grantor_name: Option<TextFilter>,
    /// The day of the application. 申请日期
    applied_on: Option<Ordering<Date>>,
    /// The day it was granted. 授予日期
    granted_on: Option<Ordering<Date>>,
    /// The state. 状态
    status: Option<Equality<HostingRightStatus>>,
    /// The division that keeps the record. 所属区划
    division_code: Option<DivisionFilter>,
    /// When the record was made. 创建时间
    created_at: Option<Ordering<DateTime>>,
    /// When the record was changed last. 更新时间
    updated_at: Option<Ordering<DateTime>>,
    /// The union that applies. 申请的工会
    applicant: Option<Nested<UnionOrganizationWhere>>,
    /// The competition, where it is on record. 对应的竞赛
    competition: Option<Nested<CompetitionWhere>>,
}

/// What a list of hosting rights can be sorted by.
///
/// 竞赛承办权排序字段。
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum HostingRightOrderField {
    /// The competition that is to be hosted. 拟承办的竞赛
    Title,
    /// The day of the application. 申请日期
    AppliedOn,
    /// The day it was granted. 授予日期
    GrantedOn,
    /// When the record was made. 创建时间
    CreatedAt,
    /// When the record was changed last. 更新时间
    UpdatedAt,
}

/// What may be said of a hosting right and need not be.
#[derive(Clone, Debug, Default, InputObject)]
pub struct HostingRightDetails {
    /// The competition, where it is on record. 对应的竞赛
    competition_id: MaybeUndefined<Id<Competition>>,
}

/// Applies for the right to host.
///
/// 申请竞赛承办权。
#[derive(Clone, Debug, InputObject)]
pub struct HostingRightApplyInput {
    /// The union that applies. 申请的工会
    applicant_id: Id<UnionOrganization>,
    /// The competition that is to be hosted. 拟承办的竞赛
    title: String,
    /// Its level. 竞赛级别
    level: CompetitionLevel,
    /// Who grants the right. 授予单位
    grantor_name: String,
    /// The day of the application. 申请日期
    applied_on: Date,
    #[graphql(flatten)]
    details: HostingRightDetails,
    #[graphql(flatten)]
    options: RecordOptions,
}

/// Changes a hosting right: absent keeps, null clears, a value sets.
///
/// 更新竞赛承办权：省略则保留，null 则清除，有值则设置。
#[derive(Clone, Debug, InputObject)]
pub struct HostingRightUpdateInput {
    /// The record. 记录编号
    id: Id<HostingRight>,
    /// The version that the caller knows. 期望版本
    expected_version: i32,
    /// The competition that is to be hosted. 拟承办的竞赛
    title: MaybeUndefined<String>,
    /// Who grants the right. 授予单位
    grantor_name: MaybeUndefined<String>,
    /// The day of the application. 申请日期
    applied_on: MaybeUndefined<Date>,
    #[graphql(flatten)]
    details: HostingRightDetails,
    #[graphql(flatten)]
    options: RecordOptions,
}

reads! {
    Queries("HostingRightQueries") of HostingRight by HostingRightBy, HostingRightWhere, HostingRightOrderField {
        /// One hosting right; null when there is none that the caller may see. 查询一条竞赛承办权
        hosting_right = "hostingRight",
        /// Hosting rights, oldest record first unless told otherwise. 查询竞赛承办权列表
        hosting_rights = "hostingRights",
    }
}

writes! {
    Mutations("HostingRightMutations") of HostingRight {
        /// Applies for the right to host. 申请竞赛承办权
        hosting_right_apply: HostingRightApplyInput => HostingRightApply = create,
        /// Changes a hosting right. 更新竞赛承办权
        hosting_right_update: HostingRightUpdateInput => HostingRightUpdate = update,
    }
    upsert {
        /// Creates a hosting right, or changes the one that has this external id. 按外部编号新增或更新竞赛承办权
        hosting_right_upsert: HostingRightUpsert of HostingRightApplyInput, HostingRightUpdateInput
    }
    archive {
        /// Archives a hosting right: out of the lists, still there by id. 归档竞赛承办权
        hosting_right_archive: HostingRightArchive
    }
    restore {
        /// Brings back an archived hosting right. 恢复竞赛承办权
        hosting_right_restore: HostingRightRestore
    }
}

steps! {
    Steps("HostingRightSteps") of HostingRight {
        /// Grants it. 授予
        hosting_right_grant: HostingRightGrant = HostingRightStep::Grant,
        /// Refuses it. 不予授予
        hosting_right_refuse: HostingRightRefuse = HostingRightStep::Refuse,
        /// Withdraws the application. 撤回
        hosting_right_withdraw: HostingRightWithdraw = HostingRightStep::Withdraw,
    }
}

groups! {
    /// Hosting rights, counted by what they have in common: at most 1,000 groups. 按字段分组统计竞赛承办权
    Groups("HostingRightGroupQueries") of HostingRight by HostingRightWhere in hosting_right_groups: HostingRightGroup by HostingRightGroupField {
        /// Its level. 竞赛级别
        Level = level: CompetitionLevel,
        /// The state. 状态
        Status = status: HostingRightStatus,
        /// The division that keeps the record. 所属区划代码
        DivisionCode = division_code: DivisionCode,
    }
}

#[ComplexObject]
impl HostingRight {
    /// The division that keeps the record. 所属区划
    async fn division(&self, ctx: &Context<'_>) -> Nullable<Division> {
        Division::of(ctx, &self.division_code).await
    }

    /// What other systems call it, at most 20, sorted by source. 外部编号
    async fn external_ids(&self, ctx: &Context<'_>) -> Result<Vec<ExternalId>> {
        external_id::names(ctx, self.id.uuid()).await
    }

    /// The union that applies; null when the caller may not see it. 申请的工会
    async fn applicant(&self, ctx: &Context<'_>) -> Nullable<UnionOrganization> {
        ctx.find(Some(self.applicant_id)).await
    }

    /// The competition, where it is on record; null when the caller may not see it. 对应的竞赛
    async fn competition(&self, ctx: &Context<'_>) -> Nullable<Competition> {
        ctx.find(self.competition_id).await
    }

    /// The steps that are open now. 当前可执行的步骤
    async fn open_steps(&self) -> Vec<HostingRightStep> {
        machine::steps_from::<HostingRight>(EDGES, self.status)
    }

    /// The steps that were taken, oldest first. 状态变更记录
    #[expect(clippy::too_many_arguments, reason = "Relay names them")]
    async fn transitions(
        &self,
        ctx: &Context<'_>,
        #[graphql(name = "where", desc = "Narrows the list. 筛选")] filter: Option<
            StateTransitionWhere,
        >,
        #[graphql(desc = "Sorts the list. 排序")] order_by: Option<
            Vec<OrderBy<StateTransitionOrderField>>,
        >,
        #[graphql(desc = "At most so many from the start: 0 to 100, 20 by default. 前若干条")]
        first: Option<i32>,
        #[graphql(desc = "After this cursor. 起始游标")] after: Option<String>,
        #[graphql(desc = "At most so many from the end: 0 to 100. 后若干条")] last: Option<i32>,
        #[graphql(desc = "Before this cursor. 结束游标")] before: Option<String>,
    ) -> Nullable<Connection<StateTransition>> {
        let page = Page { first, after, last, before };
        let record = state_transition::Column::RecordId;
        ctx.children(self.id, record, filter, order_by, page).await
    }
}

impl Resource for HostingRight {
    const KIND: Kind = Kind::HostingRight;

    type Entity = Entity;

    fn id(&self) -> Uuid {
        self.id.uuid()
    }
}

/// The machine.
const EDGES: &[Edge<HostingRight>] = &[
    (HostingRightStatus::Applied, HostingRightStep::Grant, HostingRightStatus::Granted),
    (HostingRightStatus::Applied, HostingRightStep::Refuse, HostingRightStatus::Refused),
    (HostingRightStatus::Applied, HostingRightStep::Withdraw, HostingRightStatus::Withdrawn),
];

impl Machine for HostingRight {
    type State = HostingRightStatus;
    type Step = HostingRightStep;

    fn edges(_row: &Model) -> &'static [Edge<HostingRight>] {
        EDGES
    }

    fn state(row: &Model) -> HostingRightStatus {
        row.status
    }

    fn set_state(draft: &mut ActiveModel, state: HostingRightStatus) {
        draft.status = Set(state);
    }

    fn on_step(_: &Model, step: HostingRightStep, day: NaiveDate, draft: &mut ActiveModel) {
        if step == HostingRightStep::Grant {
            draft.granted_on = Set(Some(day));
        }
    }
}

impl Linked for HostingRight {
    type Where = HostingRightWhere;
    type Order = HostingRightOrderField;

    fn link(field: &str) -> Option<Link> {
        Some(match field {
            "externalIds" => external_id::link(),
            "division" => Division::by_code(Column::DivisionCode),
            "applicant" => Link::one::<UnionOrganization>(Column::ApplicantId),
            "competition" => Link::one::<Competition>(Column::CompetitionId),
            "openSteps" => machine::link(|it: &HostingRight| {
                machine::steps_from::<HostingRight>(EDGES, it.status)
            }),
            "transitions" => Link::many::<StateTransition>(state_transition::Column::RecordId),
            _ => return None,
        })
    }
}

impl Filter for HostingRightWhere {
    type Resource = HostingRight;

    fn archived(&self) -> Option<Archived> {
        self.archived
    }

    fn apply<'a>(self, clauses: Clauses<'a>) -> Result<Clauses<'a>> {
        clauses
            .logic(self.and, self.or, self.not)?
            .on(Column::Id, self.id)?
            .on(Column::Title, self.title)?
            .on(Column::Level, self.level)?
            .on(Column::GrantorName, self.grantor_name)?
            .on(Column::AppliedOn, self.applied_on)?
            .on(Column::GrantedOn, self.granted_on)?
            .on(Column::Status, self.status)?
            .on(Column::DivisionCode, self.division_code)?
            .on(Column::CreatedAt, self.created_at)?
            .on(Column::UpdatedAt, self.updated_at)?
            .to_one(Column::ApplicantId, self.applicant)?
            .to_one(Column::CompetitionId, self.competition)
    }
}

impl OrderField for HostingRightOrderField {
    type Resource = HostingRight;

    fn column(self) -> Column {
        match self {
            HostingRightOrderField::Title => Column::Title,
            HostingRightOrderField::AppliedOn => Column::AppliedOn,
            HostingRightOrderField::GrantedOn => Column::GrantedOn,
            HostingRightOrderField::CreatedAt => Column::CreatedAt,
            HostingRightOrderField::UpdatedAt => Column::UpdatedAt,
        }
    }
}

/// What has to be said of a hosting right, as a mutation says it.
#[derive(Default)]
struct Essentials {
    applicant_id: MaybeUndefined<Id<UnionOrganization>>,
    title: MaybeUndefined<String>,
    level: MaybeUndefined<CompetitionLevel>,
    grantor_name: MaybeUndefined<String>,
    applied_on: MaybeUndefined<Date>,
}

async fn create(work: &mut UnitOfWork<'_>, input: HostingRightApplyInput) -> Result<HostingRight> {
    let essentials = Essentials {
        applicant_id: MaybeUndefined::Value(input.applicant_id),
        title: MaybeUndefined::Value(input.title),
        level: MaybeUndefined::Value(input.level),
        grantor_name: MaybeUndefined::Value(input.grantor_name),
        applied_on: MaybeUndefined::Value(input.applied_on),
    };
    let mut draft = draft(work, essentials, input.details).await?;
    draft.status = Set(HostingRightStatus::Applied);
    if let Set(owner) = draft.applicant_id {
        let owner = work.find_current::<UnionOrganization>("applicantId", Id::new(owner)).await?;
        draft.division_code = Set(owner.division_code);
    }
    work.create::<HostingRight>(draft).await
}

async fn update(work: &mut UnitOfWork<'_>, input: HostingRightUpdateInput) -> Result<HostingRight> {
    let row = work.find_version(input.id, input.expected_version).await?;
    let essentials = Essentials {
        title: input.title,
        grantor_name: input.grantor_name,
        applied_on: input.applied_on,
        ..Essentials::default()
    };
    let draft = draft(work, essentials, input.details).await?;
    work.update::<HostingRight>(row, draft).await
}

async fn draft(
    work: &mut UnitOfWork<'_>,
    essentials: Essentials,
    details: HostingRightDetails,
) -> Result<ActiveModel> {
    work.refer("competitionId", details.competition_id.value().copied()).await?;
    let mut form = Form::new(work.rules());
    let draft = ActiveModel {
        applicant_id: form.id("applicantId", essentials.applicant_id),
        title: form.line("title", essentials.title, 200),
        level: form.plain("level", essentials.level),
        grantor_name: form.line("grantorName", essentials.grantor_name, 200),
        applied_on: form.day("appliedOn", essentials.applied_on),
        competition_id: form.id_option(details.competition_id),
        ..Default::default()
    };
    let warnings = form.finish()?;
    work.warn(warnings);
    Ok(draft)
}
