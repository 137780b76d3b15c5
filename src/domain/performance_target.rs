use async_graphql::{ComplexObject, Context, Enum, InputObject, MaybeUndefined, SimpleObject};
use entity::performance_target::{ActiveModel, Column, Entity, Model};
use sea_orm::DerivePartialModel;
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use value::{Date, DateTime, DivisionCode, Unchecked};

use crate::{
    Result,
    context::Nullable,
    directive::{requires, to_read},
    domain::{division::Division, external_id},
    error::Violation,
    filter::{Archived, Clauses, DivisionFilter, Filter, IdFilter, Ordering, TextFilter},
    form::Form,
    kind::Kind,
    link::{Link, Linked},
    list::OrderField,
    resource::{Id, Resource},
    shell::{reads, writes},
    unit_of_work::{ExternalId, RecordOptions, UnitOfWork},
};

/// What a figure is to reach within a period.
///
/// 任务指标。
#[derive(Clone, SimpleObject, DerivePartialModel, Serialize, Deserialize)]
#[graphql(complex, directive = requires::apply(to_read(Kind::PerformanceTarget)))]
#[sea_orm(entity = "Entity")]
pub struct PerformanceTarget {
    /// The id. 编号
    pub id: Id<PerformanceTarget>,
    /// The code of the figure that is to be reached, such as F13. 对应的指标代码
    pub figure_code: String,
    /// The title. 标题
    pub title: String,
    /// The value that is planned, in the unit of the figure. 计划值
    pub planned_value: i32,
    /// The first day of the period. 开始日期
    pub started_on: Date,
    /// The last day of the period. 结束日期
    pub ended_on: Date,
    /// The document that sets it. 依据文号
    pub document_no: Option<String>,
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

/// Narrows a list of performance targets.
///
/// 任务指标筛选条件。
#[derive(Clone, Debug, Default, InputObject)]
pub struct PerformanceTargetWhere {
    /// All of these. 全部满足
    and: Option<Vec<PerformanceTargetWhere>>,
    /// At least one of these. 至少满足一个
    or: Option<Vec<PerformanceTargetWhere>>,
    /// Not this. 不满足
    not: Option<Box<PerformanceTargetWhere>>,
    /// Whether archived records are in the list; read at the top only. 是否包含已归档
    archived: Option<Archived>,
    /// The id. 编号
    id: Option<IdFilter>,
    /// The code of the figure that is to be reached, such as F13. 对应的指标代码
    figure_code: Option<TextFilter>,
    /// The title. 标题
    title: Option<TextFilter>,
    /// The value that is planned, in the unit of the figure. 计划值
    planned_value: Option<Ordering<i32>>,
    /// The first day of the period. 开始日期
    started_on: Option<Ordering<Date>>,
    /// The last day of the period. 结束日期
    ended_on: Option<Ordering<Date>>,
    /// The document that sets it. 依据文号
    document_no: Option<TextFilter>,
    /// The division that keeps the record. 所属区划
    division_code: Option<DivisionFilter>,
    /// When the record was made. 创建时间
    created_at: Option<Ordering<DateTime>>,
    /// When the record was changed last. 更新时间
    updated_at: Option<Ordering<DateTime>>,
}

/// What a list of performance targets can be sorted by.
///
/// 任务指标排序字段。
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum PerformanceTargetOrderField {
    /// The value that is planned, in the unit of the figure. 计划值
    PlannedValue,
    /// The first day of the period. 开始日期
    StartedOn,
    /// When the record was made. 创建时间
    CreatedAt,
    /// When the record was changed last. 更新时间
    UpdatedAt,
}

/// What may be said of a performance target and need not be.
#[derive(Clone, Debug, Default, InputObject)]
pub struct PerformanceTargetDetails {
    /// The document that sets it. 依据文号
    document_no: MaybeUndefined<String>,
}

/// Sets a target.
///
/// 下达任务指标。
#[derive(Clone, Debug, InputObject)]
pub struct PerformanceTargetSetInput {
    /// The code of the figure that is to be reached, such as F13. 对应的指标代码
    figure_code: String,
    /// The title. 标题
    title: String,
    /// The value that is planned, in the unit of the figure. 计划值
    planned_value: i32,
    /// The first day of the period. 开始日期
    started_on: Date,
    /// The last day of the period. 结束日期
    ended_on: Date,
    /// The division that keeps the record. 所属区划
    division_code: Unchecked<DivisionCode>,
    #[graphql(flatten)]
    details: PerformanceTargetDetails,
    #[graphql(flatten)]
    options: RecordOptions,
}

/// Changes a performance target: absent keeps, null clears, a value sets.
///
/// 更新任务指标：省略则保留，null 则清除，有值则设置。
#[derive(Clone, Debug, InputObject)]
pub struct PerformanceTargetUpdateInput {
    /// The record. 记录编号
    id: Id<PerformanceTarget>,
    /// The version that the caller knows. 期望版本
    expected_version: i32,
    /// The title. 标题
    title: MaybeUndefined<String>,
    /// The value that is planned, in the unit of the figure. 计划值
    planned_value: MaybeUndefined<i32>,
    /// The first day of the period. 开始日期
    started_on: MaybeUndefined<Date>,
    /// The last day of the period. 结束日期
    ended_on: MaybeUndefined<Date>,
    #[graphql(flatten)]
    details: PerformanceTargetDetails,
    #[graphql(flatten)]
    options: RecordOptions,
}

reads! {
    Queries("PerformanceTargetQueries") of PerformanceTarget by PerformanceTargetBy, PerformanceTargetWhere, PerformanceTargetOrderField {
        /// One performance target; null when there is none that the caller may see. 查询一条任务指标
        performance_target = "performanceTarget",
        /// Performance targets, oldest record first unless told otherwise. 查询任务指标列表
        performance_targets = "performanceTargets",
    }
}

writes! {
    Mutations("PerformanceTargetMutations") of PerformanceTarget {
        /// Sets a target. 下达任务指标
        performance_target_set: PerformanceTargetSetInput => PerformanceTargetSet = create,
        /// Changes a performance target. 更新任务指标
        performance_target_update: PerformanceTargetUpdateInput => PerformanceTargetUpdate = update,
    }
    upsert {
        /// Creates a performance target, or changes the one that has this external id. 按外部编号新增或更新任务指标
        performance_target_upsert: PerformanceTargetUpsert of PerformanceTargetSetInput, PerformanceTargetUpdateInput
    }
    archive {
        /// Archives a performance target: out of the lists, still there by id. 归档任务指标
        performance_target_archive: PerformanceTargetArchive
    }
    restore {
        /// Brings back an archived performance target. 恢复任务指标
        performance_target_restore: PerformanceTargetRestore
    }
}

#[ComplexObject]
impl PerformanceTarget {
    /// What other systems call it, at most 20, sorted by source. 外部编号
    async fn external_ids(&self, ctx: &Context<'_>) -> Result<Vec<ExternalId>> {
        external_id::names(ctx, self.id.uuid()).await
    }

    /// The division that keeps the record. 所属区划
    async fn division(&self, ctx: &Context<'_>) -> Nullable<Division> {
        Division::of(ctx, &self.division_code).await
    }
}

impl Resource for PerformanceTarget {
    const KIND: Kind = Kind::PerformanceTarget;

    type Entity = Entity;

    fn id(&self) -> Uuid {
        self.id.uuid()
    }

    fn check(row: &Model) -> Vec<Violation> {
        Violation::out_of_order("endedOn", Some(row.started_on), Some(row.ended_on))
            .into_iter()
            .collect()
    }
}

impl Linked for PerformanceTarget {
    type Where = PerformanceTargetWhere;
    type Order = PerformanceTargetOrderField;

    fn link(field: &str) -> Option<Link> {
        Some(match field {
            "externalIds" => external_id::link(),
            "division" => Division::by_code(Column::DivisionCode),
            _ => return None,
        })
    }
}

impl Filter for PerformanceTargetWhere {
    type Resource = PerformanceTarget;

    fn archived(&self) -> Option<Archived> {
        self.archived
    }

    fn apply<'a>(self, clauses: Clauses<'a>) -> Result<Clauses<'a>> {
        clauses
            .logic(self.and, self.or, self.not)?
            .on(Column::Id, self.id)?
            .on(Column::FigureCode, self.figure_code)?
            .on(Column::Title, self.title)?
            .on(Column::PlannedValue, self.planned_value)?
            .on(Column::StartedOn, self.started_on)?
            .on(Column::EndedOn, self.ended_on)?
            .on(Column::DocumentNo, self.document_no)?
            .on(Column::DivisionCode, self.division_code)?
            .on(Column::CreatedAt, self.created_at)?
            .on(Column::UpdatedAt, self.updated_at)
    }
}

impl OrderField for PerformanceTargetOrderField {
    type Resource = PerformanceTarget;

    fn column(self) -> Column {
        match self {
            PerformanceTargetOrderField::PlannedValue => Column::PlannedValue,
            PerformanceTargetOrderField::StartedOn => Column::StartedOn,
            PerformanceTargetOrderField::CreatedAt => Column::CreatedAt,
            PerformanceTargetOrderField::UpdatedAt => Column::UpdatedAt,
        }
    }
}

/// What has to be said of a performance target, as a mutation says it.
#[derive(Default)]
struct Essentials {
    figure_code: MaybeUndefined<String>,
    title: MaybeUndefined<String>,
    planned_value: MaybeUndefined<i32>,
    started_on: MaybeUndefined<Date>,
    ended_on: MaybeUndefined<Date>,
    division_code: MaybeUndefined<Unchecked<DivisionCode>>,
}

async fn create(
    work: &mut UnitOfWork<'_>,
    input: PerformanceTargetSetInput,
) -> Result<PerformanceTarget> {
    let essentials = Essentials {
        figure_code: MaybeUndefined::Value(input.figure_code),
        title: MaybeUndefined::Value(input.title),
        planned_value: MaybeUndefined::Value(input.planned_value),
        started_on: MaybeUndefined::Value(input.started_on),
        ended_on: MaybeUndefined::Value(input.ended_on),
        division_code: MaybeUndefined::Value(input.division_code),
    };
    let draft = draft(work, essentials, input.details).await?;
    work.create::<PerformanceTarget>(draft).await
}

async fn update(
    work: &mut UnitOfWork<'_>,
    input: PerformanceTargetUpdateInput,
) -> Result<PerformanceTarget> {
    let row = work.find_version(input.id, input.expected_version).await?;
    let essentials = Essentials {
        title: input.title,
        planned_value: input.planned_value,
        started_on: input.started_on,
        ended_on: input.ended_on,
        ..Essentials::default()
    };
    let draft = draft(work, essentials, input.details).await?;
    work.update::<PerformanceTarget>(row, draft).await
}

async fn draft(
    work: &mut UnitOfWork<'_>,
    essentials: Essentials,
    details: PerformanceTargetDetails,
) -> Result<ActiveModel> {
    let mut form = Form::new(work.rules());
    let draft = ActiveModel {
        figure_code: form.line("figureCode", essentials.figure_code, 10),
        title: form.line("title", essentials.title, 200),
        planned_value: form.number("plannedValue", essentials.planned_value, 1..=1_000_000_000),
        started_on: form.day("startedOn", essentials.started_on),
        ended_on: form.day("endedOn", essentials.ended_on),
        division_code: form.value("divisionCode", essentials.division_code),
        document_no: form.line_option("documentNo", details.document_no, 100),
        ..Default::default()
    };
    let warnings = form.finish()?;
    work.warn(warnings);
    Ok(draft)
}
