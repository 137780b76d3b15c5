use async_graphql::{ComplexObject, Context, Enum, InputObject, MaybeUndefined, SimpleObject};
use entity::{
    innovation_achievement::{
        AchievementKind, ActiveModel, Column, Entity, InnovationAchievementStatus,
        InnovationAchievementStep, Model,
    },
    state_transition,
};
use sea_orm::{ActiveValue::Set, DerivePartialModel};
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use value::{BigInt, Date, DateTime, DivisionCode, Fen, Unchecked};

use crate::{
    Result,
    connection::Connection,
    context::{ContextExt, Nullable},
    directive::{requires, to_read},
    domain::{
        conversion_agreement::{
            ConversionAgreement, ConversionAgreementOrderField, ConversionAgreementWhere,
        },
        division::Division,
        employer::{Employer, EmployerWhere},
        exhibition_entry::{ExhibitionEntry, ExhibitionEntryOrderField, ExhibitionEntryWhere},
        external_id,
        innovation_studio::{InnovationStudio, InnovationStudioWhere},
        selection_result::{SelectionResult, SelectionResultOrderField, SelectionResultWhere},
    },
    filter::{
        Archived, Clauses, DivisionFilter, Equality, Filter, IdFilter, ListFilter, Nested,
        Ordering, TextFilter,
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

/// An achievement of innovation: a patent, a method, a small improvement.
///
/// 职工创新成果。
#[derive(Clone, SimpleObject, DerivePartialModel, Serialize, Deserialize)]
#[graphql(complex, directive = requires::apply(to_read(Kind::InnovationAchievement)))]
#[sea_orm(entity = "Entity")]
pub struct InnovationAchievement {
    /// The id. 编号
    pub id: Id<InnovationAchievement>,
    /// The title. 标题
    pub title: String,
    /// The kind. 类别
    pub kind: AchievementKind,
    /// The number of the patent, copyright or standard. 知识产权编号
    pub ip_no: Option<String>,
    /// The day it was achieved. 取得日期
    pub achieved_on: Date,
    /// The benefit of a year. 年效益
    #[graphql(name = "benefit")]
    pub benefit_fen: Fen,
    /// The state. 状态
    pub status: InnovationAchievementStatus,
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
    studio_id: Option<Id<InnovationStudio>>,
    #[graphql(skip)]
    employer_id: Option<Id<Employer>>,
}

/// Narrows a list of innovation achievements.
///
/// 创新成果筛选条件。
#[derive(Clone, Debug, Default, InputObject)]
pub struct InnovationAchievementWhere {
    /// All of these. 全部满足
    and: Option<Vec<InnovationAchievementWhere>>,
    /// At least one of these. 至少满足一个
    or: Option<Vec<InnovationAchievementWhere>>,
    /// Not this. 不满足
    not: Option<Box<InnovationAchievementWhere>>,
    /// Whether archived records are in the list; read at the top only. 是否包含已归档
    archived: Option<Archived>,
    /// The id. 编号
    id: Option<IdFilter>,
    /// The title. 标题
    title: Option<TextFilter>,
    /// The kind. 类别
    kind: Option<Equality<AchievementKind>>,
    /// The number of the patent, copyright or standard. 知识产权编号
    ip_no: Option<TextFilter>,
    /// The day it was achieved. 取得日期
    achieved_on: Option<Ordering<Date>>,
    /// The benefit of a year in fen. 年效益（分）
    benefit_fen: Option<Ordering<BigInt>>,
    /// The state. 状态
    status: Option<Equality<InnovationAchievementStatus>>,
    /// The division that keeps the record. 所属区划
    division_code: Option<DivisionFilter>,
    /// When the record was made. 创建时间
    created_at: Option<Ordering<DateTime>>,
    /// When the record was changed last. 更新时间
    updated_at: Option<Ordering<DateTime>>,
    /// The studio it comes from. 工作室
    studio: Option<Nested<InnovationStudioWhere>>,
    /// The employer that owns it. 权属单位
    employer: Option<Nested<EmployerWhere>>,
    /// What it was selected for. 评选结果
    selection_results: Option<ListFilter<SelectionResultWhere>>,
    /// Where it was shown. 参展记录
    exhibition_entries: Option<ListFilter<ExhibitionEntryWhere>>,
    /// The agreements on its conversion. 转化协议
    conversion_agreements: Option<ListFilter<ConversionAgreementWhere>>,
}

/// What a list of innovation achievements can be sorted by.
///
/// 创新成果排序字段。
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum InnovationAchievementOrderField {
    /// The title. 标题
    Title,
    /// The day it was achieved. 取得日期
    AchievedOn,
    /// The benefit of a year in fen. 年效益（分）
    Benefit,
    /// When the record was made. 创建时间
    CreatedAt,
    /// When the record was changed last. 更新时间
    UpdatedAt,
}

/// What may be said of an innovation achievement and need not be.
#[derive(Clone, Debug, Default, InputObject)]
pub struct InnovationAchievementDetails {
    /// The studio it comes from. 工作室
    studio_id: MaybeUndefined<Id<InnovationStudio>>,
    /// The employer that owns it. 权属单位
    employer_id: MaybeUndefined<Id<Employer>>,
    /// The number of the patent, copyright or standard. 知识产权编号
    ip_no: MaybeUndefined<String>,
    /// The benefit of a year in fen; 0 unless told otherwise. 年效益（分）
    benefit_fen: MaybeUndefined<BigInt>,
}

/// Registers an achievement.
///
/// 登记创新成果。
#[derive(Clone, Debug, InputObject)]
pub struct InnovationAchievementRegisterInput {
    /// The title. 标题
    title: String,
    /// The kind. 类别
    kind: AchievementKind,
    /// The day it was achieved. 取得日期
    achieved_on: Date,
    /// The division that keeps the record. 所属区划
    division_code: Unchecked<DivisionCode>,
    #[graphql(flatten)]
    details: InnovationAchievementDetails,
    #[graphql(flatten)]
    options: RecordOptions,
}

/// Changes an innovation achievement: absent keeps, null clears, a value sets.
///
/// 更新创新成果：省略则保留，null 则清除，有值则设置。
#[derive(Clone, Debug, InputObject)]
pub struct InnovationAchievementUpdateInput {
    /// The record. 记录编号
    id: Id<InnovationAchievement>,
    /// The version that the caller knows. 期望版本
    expected_version: i32,
    /// The title. 标题
    title: MaybeUndefined<String>,
    /// The kind. 类别
    kind: MaybeUndefined<AchievementKind>,
    /// The day it was achieved. 取得日期
    achieved_on: MaybeUndefined<Date>,
    #[graphql(flatten)]
    details: InnovationAchievementDetails,
    #[graphql(flatten)]
    options: RecordOptions,
}

steps! {
    Steps("InnovationAchievementSteps") of InnovationAchievement {
        /// Assesses it. 评定
        innovation_achievement_assess: InnovationAchievementAssess = InnovationAchievementStep::Assess,
        /// Selects it among the best. 评选入围
        innovation_achievement_select: InnovationAchievementSelect = InnovationAchievementStep::Select,
        /// Shows it at an exhibition. 参展
        innovation_achievement_exhibit: InnovationAchievementExhibit = InnovationAchievementStep::Exhibit,
        /// Signs a letter of intent on it. 签订意向
        innovation_achievement_sign_intent: InnovationAchievementSignIntent = InnovationAchievementStep::SignIntent,
        /// Signs a contract on it. 签订合同
        innovation_achievement_sign_contract: InnovationAchievementSignContract = InnovationAchievementStep::SignContract,
        /// Puts it into practice. 实施转化
        innovation_achievement_implement: InnovationAchievementImplement = InnovationAchievementStep::Implement,
        /// Shares its revenue. 收益分配
        innovation_achievement_share_revenue: InnovationAchievementShareRevenue = InnovationAchievementStep::ShareRevenue,
        /// Notes that its conversion failed. 转化失败
        innovation_achievement_fail_conversion: InnovationAchievementFailConversion = InnovationAchievementStep::FailConversion,
    }
}

groups! {
    /// Achievements, counted by what they have in common: at most 1,000 groups. 按字段分组统计创新成果
    Groups("InnovationAchievementGroupQueries") of InnovationAchievement by InnovationAchievementWhere in innovation_achievement_groups: InnovationAchievementGroup by InnovationAchievementGroupField {
        /// The kind. 类别
        Kind = kind: AchievementKind,
        /// The state. 状态
        Status = status: InnovationAchievementStatus,
        /// The division that keeps the record. 所属区划代码
        DivisionCode = division_code: DivisionCode,
    }
    totals {
        /// The benefits together. 效益合计
        benefit_total: Fen = BenefitFen,
    }
}

reads! {
    Queries("InnovationAchievementQueries") of InnovationAchievement by InnovationAchievementBy, InnovationAchievementWhere, InnovationAchievementOrderField {
        /// One innovation achievement; null when there is none that the caller may see. 查询一条创新成果
        innovation_achievement = "innovationAchievement",
        /// Innovation achievements, oldest record first unless told otherwise. 查询创新成果列表
        innovation_achievements = "innovationAchievements",
    }
}

writes! {
    Mutations("InnovationAchievementMutations") of InnovationAchievement {
        /// Registers an achievement. 登记创新成果
        innovation_achievement_register: InnovationAchievementRegisterInput => InnovationAchievementRegister = create,
        /// Changes an innovation achievement. 更新创新成果
        innovation_achievement_update: InnovationAchievementUpdateInput => InnovationAchievementUpdate = update,
    }
    upsert {
        /// Creates an innovation achievement, or changes the one that has this external id. 按外部编号新增或更新创新成果
        innovation_achievement_upsert: InnovationAchievementUpsert of InnovationAchievementRegisterInput, InnovationAchievementUpdateInput
    }
    archive {
        /// Archives an innovation achievement: out of the lists, still there by id. 归档创新成果
        innovation_achievement_archive: InnovationAchievementArchive
    }
    restore {
        /// Brings back an archived innovation achievement. 恢复创新成果
        innovation_achievement_restore: InnovationAchievementRestore
    }
}

#[ComplexObject]
impl InnovationAchievement {
    /// The division that keeps the record. 所属区划
    async fn division(&self, ctx: &Context<'_>) -> Nullable<Division> {
        Division::of(ctx, &self.division_code).await
    }

    /// What other systems call it, at most 20, sorted by source. 外部编号
    async fn external_ids(&self, ctx: &Context<'_>) -> Result<Vec<ExternalId>> {
        external_id::names(ctx, self.id.uuid()).await
    }

    /// The studio it comes from; null when the caller may not see it. 工作室
    async fn studio(&self, ctx: &Context<'_>) -> Nullable<InnovationStudio> {
        ctx.find(self.studio_id).await
    }

    /// The employer that owns it; null when the caller may not see it. 权属单位
    async fn employer(&self, ctx: &Context<'_>) -> Nullable<Employer> {
        ctx.find(self.employer_id).await
    }

    /// The steps that are open now. 当前可执行的步骤
    async fn open_steps(&self) -> Vec<InnovationAchievementStep> {
        machine::steps_from::<InnovationAchievement>(EDGES, self.status)
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

    /// What it was selected for. 评选结果
    #[expect(clippy::too_many_arguments, reason = "Relay names them")]
    async fn selection_results(
        &self,
        ctx: &Context<'_>,
        #[graphql(name = "where", desc = "Narrows the list. 筛选")] filter: Option<
            SelectionResultWhere,
        >,
        #[graphql(desc = "Sorts the list. 排序")] order_by: Option<
            Vec<OrderBy<SelectionResultOrderField>>,
        >,
        #[graphql(desc = "At most so many from the start: 0 to 100, 20 by default. 前若干条")]
        first: Option<i32>,
        #[graphql(desc = "After this cursor. 起始游标")] after: Option<String>,
        #[graphql(desc = "At most so many from the end: 0 to 100. 后若干条")] last: Option<i32>,
        #[graphql(desc = "Before this cursor. 结束游标")] before: Option<String>,
    ) -> Nullable<Connection<SelectionResult>> {
        let page = Page { first, after, last, before };
        let owner = entity::selection_result::Column::AchievementId;
        ctx.children(self.id, owner, filter, order_by, page).await
    }

    /// Where it was shown. 参展记录
    #[expect(clippy::too_many_arguments, reason = "Relay names them")]
    async fn exhibition_entries(
        &self,
        ctx: &Context<'_>,
        #[graphql(name = "where", desc = "Narrows the list. 筛选")] filter: Option<
            ExhibitionEntryWhere,
        >,
        #[graphql(desc = "Sorts the list. 排序")] order_by: Option<
            Vec<OrderBy<ExhibitionEntryOrderField>>,
        >,
        #[graphql(desc = "At most so many from the start: 0 to 100, 20 by default. 前若干条")]
        first: Option<i32>,
        #[graphql(desc = "After this cursor. 起始游标")] after: Option<String>,
        #[graphql(desc = "At most so many from the end: 0 to 100. 后若干条")] last: Option<i32>,
        #[graphql(desc = "Before this cursor. 结束游标")] before: Option<String>,
    ) -> Nullable<Connection<ExhibitionEntry>> {
        let page = Page { first, after, last, before };
        let owner = entity::exhibition_entry::Column::AchievementId;
        ctx.children(self.id, owner, filter, order_by, page).await
    }

    /// The agreements on its conversion. 转化协议
    #[expect(clippy::too_many_arguments, reason = "Relay names them")]
    async fn conversion_agreements(
        &self,
        ctx: &Context<'_>,
        #[graphql(name = "where", desc = "Narrows the list. 筛选")] filter: Option<
            ConversionAgreementWhere,
        >,
        #[graphql(desc = "Sorts the list. 排序")] order_by: Option<
            Vec<OrderBy<ConversionAgreementOrderField>>,
        >,
        #[graphql(desc = "At most so many from the start: 0 to 100, 20 by default. 前若干条")]
        first: Option<i32>,
        #[graphql(desc = "After this cursor. 起始游标")] after: Option<String>,
        #[graphql(desc = "At most so many from the end: 0 to 100. 后若干条")] last: Option<i32>,
        #[graphql(desc = "Before this cursor. 结束游标")] before: Option<String>,
    ) -> Nullable<Connection<ConversionAgreement>> {
        let page = Page { first, after, last, before };
        let owner = entity::conversion_agreement::Column::AchievementId;
        ctx.children(self.id, owner, filter, order_by, page).await
    }
}

impl Resource for InnovationAchievement {
    const KIND: Kind = Kind::InnovationAchievement;

    type Entity = Entity;

    fn id(&self) -> Uuid {
        self.id.uuid()
    }
}

/// The machine.
const EDGES: &[Edge<InnovationAchievement>] = &[
    (
        InnovationAchievementStatus::Registered,
        InnovationAchievementStep::Assess,
        InnovationAchievementStatus::Assessed,
    ),
    (
        InnovationAchievementStatus::Assessed,
        InnovationAchievementStep::Select,
        InnovationAchievementStatus::Selected,
    ),
    (
        InnovationAchievementStatus::Assessed,
        InnovationAchievementStep::Exhibit,
        InnovationAchievementStatus::Exhibited,
    ),
    (
        InnovationAchievementStatus::Selected,
        InnovationAchievementStep::Exhibit,
        InnovationAchievementStatus::Exhibited,
    ),
    (
        InnovationAchievementStatus::Exhibited,
        InnovationAchievementStep::Exhibit,
        InnovationAchievementStatus::Exhibited,
    ),
    (
        InnovationAchievementStatus::Assessed,
        InnovationAchievementStep::SignIntent,
        InnovationAchievementStatus::IntentSigned,
    ),
    (
        InnovationAchievementStatus::Selected,
        InnovationAchievementStep::SignIntent,
        InnovationAchievementStatus::IntentSigned,
    ),
    (
        InnovationAchievementStatus::Exhibited,
        InnovationAchievementStep::SignIntent,
        InnovationAchievementStatus::IntentSigned,
    ),
    (
        InnovationAchievementStatus::IntentSigned,
        InnovationAchievementStep::SignContract,
        InnovationAchievementStatus::Contracted,
    ),
    (
        InnovationAchievementStatus::Contracted,
        InnovationAchievementStep::Implement,
        InnovationAchievementStatus::Implemented,
    ),
    (
        InnovationAchievementStatus::Implemented,
        InnovationAchievementStep::ShareRevenue,
        InnovationAchievementStatus::RevenueShared,
    ),
    (
        InnovationAchievementStatus::IntentSigned,
        InnovationAchievementStep::FailConversion,
        InnovationAchievementStatus::ConversionFailed,
    ),
    (
        InnovationAchievementStatus::Contracted,
        InnovationAchievementStep::FailConversion,
        InnovationAchievementStatus::ConversionFailed,
    ),
];

impl Machine for InnovationAchievement {
    type State = InnovationAchievementStatus;
    type Step = InnovationAchievementStep;

    fn edges(_row: &Model) -> &'static [Edge<InnovationAchievement>] {
        EDGES
    }

    fn state(row: &Model) -> InnovationAchievementStatus {
        row.status
    }

    fn set_state(draft: &mut ActiveModel, state: InnovationAchievementStatus) {
        draft.status = Set(state);
    }
}

impl Linked for InnovationAchievement {
    type Where = InnovationAchievementWhere;
    type Order = InnovationAchievementOrderField;

    fn link(field: &str) -> Option<Link> {
        Some(match field {
            "externalIds" => external_id::link(),
            "division" => Division::by_code(Column::DivisionCode),
            "studio" => Link::one::<InnovationStudio>(Column::StudioId),
            "employer" => Link::one::<Employer>(Column::EmployerId),
            "openSteps" => machine::link(|it: &InnovationAchievement| {
                machine::steps_from::<InnovationAchievement>(EDGES, it.status)
            }),
            "transitions" => Link::many::<StateTransition>(state_transition::Column::RecordId),
            "selectionResults" => {
                Link::many::<SelectionResult>(entity::selection_result::Column::AchievementId)
            }
            "exhibitionEntries" => {
                Link::many::<ExhibitionEntry>(entity::exhibition_entry::Column::AchievementId)
            }
            "conversionAgreements" => Link::many::<ConversionAgreement>(
                entity::conversion_agreement::Column::AchievementId,
            ),
            _ => return None,
        })
    }
}

impl Filter for InnovationAchievementWhere {
    type Resource = InnovationAchievement;

    fn archived(&self) -> Option<Archived> {
        self.archived
    }

    fn apply<'a>(self, clauses: Clauses<'a>) -> Result<Clauses<'a>> {
        clauses
            .logic(self.and, self.or, self.not)?
            .to_many(
                Column::Id,
                entity::conversion_agreement::Column::AchievementId,
                self.conversion_agreements,
            )?
            .to_many(
                Column::Id,
                entity::exhibition_entry::Column::AchievementId,
                self.exhibition_entries,
            )?
            .to_many(
                Column::Id,
                entity::selection_result::Column::AchievementId,
                self.selection_results,
            )?
            .on(Column::Id, self.id)?
            .on(Column::Title, self.title)?
            .on(Column::Kind, self.kind)?
            .on(Column::IpNo, self.ip_no)?
            .on(Column::AchievedOn, self.achieved_on)?
            .on(Column::BenefitFen, self.benefit_fen)?
            .on(Column::Status, self.status)?
            .on(Column::DivisionCode, self.division_code)?
            .on(Column::CreatedAt, self.created_at)?
            .on(Column::UpdatedAt, self.updated_at)?
            .to_one(Column::StudioId, self.studio)?
            .to_one(Column::EmployerId, self.employer)
    }
}

impl OrderField for InnovationAchievementOrderField {
    type Resource = InnovationAchievement;

    fn column(self) -> Column {
        match self {
            InnovationAchievementOrderField::Title => Column::Title,
            InnovationAchievementOrderField::AchievedOn => Column::AchievedOn,
            InnovationAchievementOrderField::Benefit => Column::BenefitFen,
            InnovationAchievementOrderField::CreatedAt => Column::CreatedAt,
            InnovationAchievementOrderField::UpdatedAt => Column::UpdatedAt,
        }
    }
}

/// What has to be said of an innovation achievement, as a mutation says it.
#[derive(Default)]
struct Essentials {
    title: MaybeUndefined<String>,
    kind: MaybeUndefined<AchievementKind>,
    achieved_on: MaybeUndefined<Date>,
    division_code: MaybeUndefined<Unchecked<DivisionCode>>,
}

async fn create(
    work: &mut UnitOfWork<'_>,
    input: InnovationAchievementRegisterInput,
) -> Result<InnovationAchievement> {
    let essentials = Essentials {
        title: MaybeUndefined::Value(input.title),
        kind: MaybeUndefined::Value(input.kind),
        achieved_on: MaybeUndefined::Value(input.achieved_on),
        division_code: MaybeUndefined::Value(input.division_code),
    };
    let draft = draft(work, essentials, input.details).await?;
    register(work, draft).await
}

async fn update(
    work: &mut UnitOfWork<'_>,
    input: InnovationAchievementUpdateInput,
) -> Result<InnovationAchievement> {
    let row = work.find_version(input.id, input.expected_version).await?;
    let essentials = Essentials {
        title: input.title,
        kind: input.kind,
        achieved_on: input.achieved_on,
        ..Essentials::default()
    };
    let draft = draft(work, essentials, input.details).await?;
    work.update::<InnovationAchievement>(row, draft).await
}

async fn register(
    work: &mut UnitOfWork<'_>,
    mut draft: ActiveModel,
) -> Result<InnovationAchievement> {
    if !draft.benefit_fen.is_set() {
        draft.benefit_fen = Set(Fen(0));
    }
    draft.status = Set(InnovationAchievementStatus::Registered);
    work.create::<InnovationAchievement>(draft).await
}

async fn draft(
    work: &mut UnitOfWork<'_>,
    essentials: Essentials,
    details: InnovationAchievementDetails,
) -> Result<ActiveModel> {
    work.refer("studioId", details.studio_id.value().copied()).await?;
    work.refer("employerId", details.employer_id.value().copied()).await?;
    let mut form = Form::new(work.rules());
    let draft = ActiveModel {
        title: form.line("title", essentials.title, 200),
        kind: form.plain("kind", essentials.kind),
        achieved_on: form.day("achievedOn", essentials.achieved_on),
        division_code: form.value("divisionCode", essentials.division_code),
        studio_id: form.id_option(details.studio_id),
        employer_id: form.id_option(details.employer_id),
        ip_no: form.line_option("ipNo", details.ip_no, 200),
        benefit_fen: form.fen("benefitFen", details.benefit_fen),
        ..Default::default()
    };
    let warnings = form.finish()?;
    work.warn(warnings);
    Ok(draft)
}
