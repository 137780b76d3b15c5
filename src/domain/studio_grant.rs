use async_graphql::{ComplexObject, Context, Enum, InputObject, MaybeUndefined, SimpleObject};
use chrono::NaiveDate;
use entity::{
    state_transition,
    studio_grant::{ActiveModel, Column, Entity, GrantStatus, GrantStep, Model},
};
use sea_orm::{ActiveValue::Set, DerivePartialModel};
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use value::{BigInt, Date, DateTime, DivisionCode, Fen};

use crate::{
    Result,
    connection::Connection,
    context::{ContextExt, Nullable},
    directive::{requires, to_read},
    domain::{
        division::Division,
        external_id,
        innovation_studio::{InnovationStudio, InnovationStudioWhere},
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

/// Money granted to a studio.
///
/// 创新工作室补助资金。
#[derive(Clone, SimpleObject, DerivePartialModel, Serialize, Deserialize)]
#[graphql(complex, directive = requires::apply(to_read(Kind::StudioGrant)))]
#[sea_orm(entity = "Entity")]
pub struct StudioGrant {
    /// The id. 编号
    pub id: Id<StudioGrant>,
    /// The amount. 金额
    #[graphql(name = "amount")]
    pub amount_fen: Fen,
    /// Where the money comes from. 资金来源
    pub fund_source: String,
    /// What it is for. 用途
    pub purpose: String,
    /// The selection it follows from. 如“十佳创新工作室”，所依据的评选
    pub selection_title: Option<String>,
    /// The day it was granted. 拨付日期
    pub granted_on: Option<Date>,
    /// The state. 状态
    pub status: GrantStatus,
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
    studio_id: Id<InnovationStudio>,
}

/// Narrows a list of studio grants.
///
/// 工作室补助筛选条件。
#[derive(Clone, Debug, Default, InputObject)]
pub struct StudioGrantWhere {
    /// All of these. 全部满足
    and: Option<Vec<StudioGrantWhere>>,
    /// At least one of these. 至少满足一个
    or: Option<Vec<StudioGrantWhere>>,
    /// Not this. 不满足
    not: Option<Box<StudioGrantWhere>>,
    /// Whether archived records are in the list; read at the top only. 是否包含已归档
    archived: Option<Archived>,
    /// The id. 编号
    id: Option<IdFilter>,
    /// The amount in fen. 金额（分）
    amount_fen: Option<Ordering<BigInt>>,
    /// Where the money comes from. 资金来源
    fund_source: Option<TextFilter>,
    /// The selection it follows from. 如“十佳创新工作室”，所依据的评选
    selection_title: Option<TextFilter>,
    /// The day it was granted. 拨付日期
    granted_on: Option<Ordering<Date>>,
    /// The state. 状态
    status: Option<Equality<GrantStatus>>,
    /// The division that keeps the record. 所属区划
    division_code: Option<DivisionFilter>,
    /// When the record was made. 创建时间
    created_at: Option<Ordering<DateTime>>,
    /// When the record was changed last. 更新时间
    updated_at: Option<Ordering<DateTime>>,
    /// The studio. 工作室
    studio: Option<Nested<InnovationStudioWhere>>,
}

/// What a list of studio grants can be sorted by.
///
/// 工作室补助排序字段。
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum StudioGrantOrderField {
    /// The amount in fen. 金额（分）
    Amount,
    /// Where the money comes from. 资金来源
    FundSource,
    /// When the record was made. 创建时间
    CreatedAt,
    /// When the record was changed last. 更新时间
    UpdatedAt,
}

/// What may be said of a studio grant and need not be.
#[derive(Clone, Debug, Default, InputObject)]
pub struct StudioGrantDetails {
    /// The selection it follows from. 如“十佳创新工作室”，所依据的评选
    selection_title: MaybeUndefined<String>,
}

/// Approves a grant to a studio.
///
/// 批准补助。
#[derive(Clone, Debug, InputObject)]
pub struct StudioGrantApproveInput {
    /// The studio. 工作室
    studio_id: Id<InnovationStudio>,
    /// The amount in fen. 金额（分）
    amount_fen: BigInt,
    /// Where the money comes from. 资金来源
    fund_source: String,
    /// What it is for. 用途
    purpose: String,
    #[graphql(flatten)]
    details: StudioGrantDetails,
    #[graphql(flatten)]
    options: RecordOptions,
}

/// Changes a studio grant: absent keeps, null clears, a value sets.
///
/// 更新工作室补助：省略则保留，null 则清除，有值则设置。
#[derive(Clone, Debug, InputObject)]
pub struct StudioGrantUpdateInput {
    /// The record. 记录编号
    id: Id<StudioGrant>,
    /// The version that the caller knows. 期望版本
    expected_version: i32,
    /// The amount in fen. 金额（分）
    amount_fen: MaybeUndefined<BigInt>,
    /// Where the money comes from. 资金来源
    fund_source: MaybeUndefined<String>,
    /// What it is for. 用途
    purpose: MaybeUndefined<String>,
    #[graphql(flatten)]
    details: StudioGrantDetails,
    #[graphql(flatten)]
    options: RecordOptions,
}

steps! {
    Steps("StudioGrantSteps") of StudioGrant {
        /// Pays the grant. 拨付
        studio_grant_pay: StudioGrantPay = GrantStep::Pay,
        /// Cancels the grant. 取消
        studio_grant_cancel: StudioGrantCancel = GrantStep::Cancel,
    }
}

groups! {
    /// Studio grants, counted by what they have in common: at most 1,000 groups. 按字段分组统计工作室补助
    Groups("StudioGrantGroupQueries") of StudioGrant by StudioGrantWhere in studio_grant_groups: StudioGrantGroup by StudioGrantGroupField {
        /// The state. 状态
        Status = status: GrantStatus,
        /// The division that keeps the record. 所属区划代码
        DivisionCode = division_code: DivisionCode,
    }
    totals {
        /// The amounts together. 金额合计
        amount_total: Fen = AmountFen,
    }
}

reads! {
    Queries("StudioGrantQueries") of StudioGrant by StudioGrantBy, StudioGrantWhere, StudioGrantOrderField {
        /// One studio grant; null when there is none that the caller may see. 查询一条工作室补助
        studio_grant = "studioGrant",
        /// Studio grants, oldest record first unless told otherwise. 查询工作室补助列表
        studio_grants = "studioGrants",
    }
}

writes! {
    Mutations("StudioGrantMutations") of StudioGrant {
        /// Approves a grant to a studio. 批准补助
        studio_grant_approve: StudioGrantApproveInput => StudioGrantApprove = create,
        /// Changes a studio grant. 更新工作室补助
        studio_grant_update: StudioGrantUpdateInput => StudioGrantUpdate = update,
    }
    upsert {
        /// Creates a studio grant, or changes the one that has this external id. 按外部编号新增或更新工作室补助
        studio_grant_upsert: StudioGrantUpsert of StudioGrantApproveInput, StudioGrantUpdateInput
    }
    archive {
        /// Archives a studio grant: out of the lists, still there by id. 归档工作室补助
        studio_grant_archive: StudioGrantArchive
    }
    restore {
        /// Brings back an archived studio grant. 恢复工作室补助
        studio_grant_restore: StudioGrantRestore
    }
}

#[ComplexObject]
impl StudioGrant {
    /// The division that keeps the record. 所属区划
    async fn division(&self, ctx: &Context<'_>) -> Nullable<Division> {
        Division::of(ctx, &self.division_code).await
    }

    /// What other systems call it, at most 20, sorted by source. 外部编号
    async fn external_ids(&self, ctx: &Context<'_>) -> Result<Vec<ExternalId>> {
        external_id::names(ctx, self.id.uuid()).await
    }

    /// The studio; null when the caller may not see it. 工作室
    async fn studio(&self, ctx: &Context<'_>) -> Nullable<InnovationStudio> {
        ctx.find(Some(self.studio_id)).await
    }

    /// The steps that are open now. 当前可执行的步骤
    async fn open_steps(&self) -> Vec<GrantStep> {
        machine::steps_from::<StudioGrant>(EDGES, self.status)
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

impl Resource for StudioGrant {
    const KIND: Kind = Kind::StudioGrant;

    type Entity = Entity;

    fn id(&self) -> Uuid {
        self.id.uuid()
    }
}

/// The machine.
const EDGES: &[Edge<StudioGrant>] = &[
    (GrantStatus::Approved, GrantStep::Pay, GrantStatus::Paid),
    (GrantStatus::Approved, GrantStep::Cancel, GrantStatus::Cancelled),
];

impl Machine for StudioGrant {
    type State = GrantStatus;
    type Step = GrantStep;

    fn edges(_row: &Model) -> &'static [Edge<StudioGrant>] {
        EDGES
    }

    fn state(row: &Model) -> GrantStatus {
        row.status
    }

    fn set_state(draft: &mut ActiveModel, state: GrantStatus) {
        draft.status = Set(state);
    }

    fn on_step(_: &Model, step: GrantStep, day: NaiveDate, draft: &mut ActiveModel) {
        if step == GrantStep::Pay {
            draft.granted_on = Set(Some(day));
        }
    }
}

impl Linked for StudioGrant {
    type Where = StudioGrantWhere;
    type Order = StudioGrantOrderField;

    fn link(field: &str) -> Option<Link> {
        Some(match field {
            "externalIds" => external_id::link(),
            "division" => Division::by_code(Column::DivisionCode),
            "studio" => Link::one::<InnovationStudio>(Column::StudioId),
            "openSteps" => machine::link(|it: &StudioGrant| {
                machine::steps_from::<StudioGrant>(EDGES, it.status)
            }),
            "transitions" => Link::many::<StateTransition>(state_transition::Column::RecordId),
            _ => return None,
        })
    }
}

impl Filter for StudioGrantWhere {
    type Resource = StudioGrant;

    fn archived(&self) -> Option<Archived> {
        self.archived
    }

    fn apply<'a>(self, clauses: Clauses<'a>) -> Result<Clauses<'a>> {
        clauses
            .logic(self.and, self.or, self.not)?
            .on(Column::Id, self.id)?
            .on(Column::AmountFen, self.amount_fen)?
            .on(Column::FundSource, self.fund_source)?
            .on(Column::SelectionTitle, self.selection_title)?
            .on(Column::GrantedOn, self.granted_on)?
            .on(Column::Status, self.status)?
            .on(Column::DivisionCode, self.division_code)?
            .on(Column::CreatedAt, self.created_at)?
            .on(Column::UpdatedAt, self.updated_at)?
            .to_one(Column::StudioId, self.studio)
    }
}

impl OrderField for StudioGrantOrderField {
    type Resource = StudioGrant;

    fn column(self) -> Column {
        match self {
            StudioGrantOrderField::Amount => Column::AmountFen,
            StudioGrantOrderField::FundSource => Column::FundSource,
            StudioGrantOrderField::CreatedAt => Column::CreatedAt,
            StudioGrantOrderField::UpdatedAt => Column::UpdatedAt,
        }
    }
}

/// What has to be said of a studio grant, as a mutation says it.
#[derive(Default)]
struct Essentials {
    studio_id: MaybeUndefined<Id<InnovationStudio>>,
    amount_fen: MaybeUndefined<BigInt>,
    fund_source: MaybeUndefined<String>,
    purpose: MaybeUndefined<String>,
}

async fn create(work: &mut UnitOfWork<'_>, input: StudioGrantApproveInput) -> Result<StudioGrant> {
    let essentials = Essentials {
        studio_id: MaybeUndefined::Value(input.studio_id),
        amount_fen: MaybeUndefined::Value(input.amount_fen),
        fund_source: MaybeUndefined::Value(input.fund_source),
        purpose: MaybeUndefined::Value(input.purpose),
    };
    let draft = draft(work, essentials, input.details).await?;
    register(work, draft).await
}

async fn update(work: &mut UnitOfWork<'_>, input: StudioGrantUpdateInput) -> Result<StudioGrant> {
    let row = work.find_version(input.id, input.expected_version).await?;
    let essentials = Essentials {
        amount_fen: input.amount_fen,
        fund_source: input.fund_source,
        purpose: input.purpose,
        ..Essentials::default()
    };
    let draft = draft(work, essentials, input.details).await?;
    work.update::<StudioGrant>(row, draft).await
}

async fn register(work: &mut UnitOfWork<'_>, mut draft: ActiveModel) -> Result<StudioGrant> {
    draft.status = Set(GrantStatus::Approved);
    if let Set(owner) = draft.studio_id {
        let owner = work.find_current::<InnovationStudio>("studioId", Id::new(owner)).await?;
        draft.division_code = Set(owner.division_code);
    }
    work.create::<StudioGrant>(draft).await
}

async fn draft(
    work: &mut UnitOfWork<'_>,
    essentials: Essentials,
    details: StudioGrantDetails,
) -> Result<ActiveModel> {
    let mut form = Form::new(work.rules());
    let draft = ActiveModel {
        studio_id: form.id("studioId", essentials.studio_id),
        amount_fen: form.fen("amountFen", essentials.amount_fen),
        fund_source: form.line("fundSource", essentials.fund_source, 200),
        purpose: form.line("purpose", essentials.purpose, 200),
        selection_title: form.line_option("selectionTitle", details.selection_title, 200),
        ..Default::default()
    };
    let warnings = form.finish()?;
    work.warn(warnings);
    Ok(draft)
}
