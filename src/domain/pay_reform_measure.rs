use async_graphql::{ComplexObject, Context, Enum, InputObject, MaybeUndefined, SimpleObject};
use entity::pay_reform_measure::{ActiveModel, Column, Entity, Model, PayReformKind};
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
        employer::{Employer, EmployerWhere},
        external_id,
    },
    error::Violation,
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

/// A measure by which an employer pays workers for skill and contribution.
///
/// 企业薪酬分配改革举措。
#[derive(Clone, SimpleObject, DerivePartialModel, Serialize, Deserialize)]
#[graphql(complex, directive = requires::apply(to_read(Kind::PayReformMeasure)))]
#[sea_orm(entity = "Entity")]
pub struct PayReformMeasure {
    /// The id. 编号
    pub id: Id<PayReformMeasure>,
    /// The kind. 类别
    pub kind: PayReformKind,
    /// The title. 标题
    pub title: String,
    /// How many workers it covers. 覆盖职工人数
    pub coverage_heads: i32,
    /// The day it took effect. 生效日期
    pub effective_on: Date,
    /// The last day; null while it goes on. 终止日期
    pub ended_on: Option<Date>,
    /// The share of the value of the post, in percent. 岗位价值占比（%）
    pub post_value_percent: Option<i32>,
    /// The share of competence, in percent. 能力素质占比（%）
    pub competence_percent: Option<i32>,
    /// The share of performance, in percent. 业绩贡献占比（%）
    pub performance_percent: Option<i32>,
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
    employer_id: Id<Employer>,
}

/// Narrows a list of pay reform measures.
///
/// 薪酬改革举措筛选条件。
#[derive(Clone, Debug, Default, InputObject)]
pub struct PayReformMeasureWhere {
    /// All of these. 全部满足
    and: Option<Vec<PayReformMeasureWhere>>,
    /// At least one of these. 至少满足一个
    or: Option<Vec<PayReformMeasureWhere>>,
    /// Not this. 不满足
    not: Option<Box<PayReformMeasureWhere>>,
    /// Whether archived records are in the list; read at the top only. 是否包含已归档
    archived: Option<Archived>,
    /// The id. 编号
    id: Option<IdFilter>,
    /// The kind. 类别
    kind: Option<Equality<PayReformKind>>,
    /// The title. 标题
    title: Option<TextFilter>,
    /// How many workers it covers. 覆盖职工人数
    coverage_heads: Option<Ordering<i32>>,
    /// The day it took effect. 生效日期
    effective_on: Option<Ordering<Date>>,
    /// The last day; null while it goes on. 终止日期
    ended_on: Option<Ordering<Date>>,
    /// The share of the value of the post, in percent. 岗位价值占比（%）
    post_value_percent: Option<Ordering<i32>>,
    /// The share of competence, in percent. 能力素质占比（%）
    competence_percent: Option<Ordering<i32>>,
    /// The share of performance, in percent. 业绩贡献占比（%）
    performance_percent: Option<Ordering<i32>>,
    /// The division that keeps the record. 所属区划
    division_code: Option<DivisionFilter>,
    /// When the record was made. 创建时间
    created_at: Option<Ordering<DateTime>>,
    /// When the record was changed last. 更新时间
    updated_at: Option<Ordering<DateTime>>,
    /// The employer. 用人单位
    employer: Option<Nested<EmployerWhere>>,
}

/// What a list of pay reform measures can be sorted by.
///
/// 薪酬改革举措排序字段。
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum PayReformMeasureOrderField {
    /// How many workers it covers. 覆盖职工人数
    CoverageHeads,
    /// The day it took effect. 生效日期
    EffectiveOn,
    /// When the record was made. 创建时间
    CreatedAt,
    /// When the record was changed last. 更新时间
    UpdatedAt,
}

/// What may be said of a pay reform measure and need not be.
#[derive(Clone, Debug, Default, InputObject)]
pub struct PayReformMeasureDetails {
    /// The last day; null while it goes on. 终止日期
    ended_on: MaybeUndefined<Date>,
    /// The share of the value of the post, in percent. 岗位价值占比（%）
    post_value_percent: MaybeUndefined<i32>,
    /// The share of competence, in percent. 能力素质占比（%）
    competence_percent: MaybeUndefined<i32>,
    /// The share of performance, in percent. 业绩贡献占比（%）
    performance_percent: MaybeUndefined<i32>,
}

/// Creates a pay reform measure.
///
/// 新增薪酬改革举措。
#[derive(Clone, Debug, InputObject)]
pub struct PayReformMeasureCreateInput {
    /// The employer. 用人单位
    employer_id: Id<Employer>,
    /// The kind. 类别
    kind: PayReformKind,
    /// The title. 标题
    title: String,
    /// How many workers it covers. 覆盖职工人数
    coverage_heads: i32,
    /// The day it took effect. 生效日期
    effective_on: Date,
    #[graphql(flatten)]
    details: PayReformMeasureDetails,
    #[graphql(flatten)]
    options: RecordOptions,
}

/// Changes a pay reform measure: absent keeps, null clears, a value sets.
///
/// 更新薪酬改革举措：省略则保留，null 则清除，有值则设置。
#[derive(Clone, Debug, InputObject)]
pub struct PayReformMeasureUpdateInput {
    /// The record. 记录编号
    id: Id<PayReformMeasure>,
    /// The version that the caller knows. 期望版本
    expected_version: i32,
    /// The kind. 类别
    kind: MaybeUndefined<PayReformKind>,
    /// The title. 标题
    title: MaybeUndefined<String>,
    /// How many workers it covers. 覆盖职工人数
    coverage_heads: MaybeUndefined<i32>,
    /// The day it took effect. 生效日期
    effective_on: MaybeUndefined<Date>,
    #[graphql(flatten)]
    details: PayReformMeasureDetails,
    #[graphql(flatten)]
    options: RecordOptions,
}

reads! {
    Queries("PayReformMeasureQueries") of PayReformMeasure by PayReformMeasureBy, PayReformMeasureWhere, PayReformMeasureOrderField {
        /// One pay reform measure; null when there is none that the caller may see. 查询一条薪酬改革举措
        pay_reform_measure = "payReformMeasure",
        /// Pay reform measures, oldest record first unless told otherwise. 查询薪酬改革举措列表
        pay_reform_measures = "payReformMeasures",
    }
}

writes! {
    Mutations("PayReformMeasureMutations") of PayReformMeasure {
        /// Creates a pay reform measure. 新增薪酬改革举措
        pay_reform_measure_create: PayReformMeasureCreateInput => PayReformMeasureCreate = create,
        /// Changes a pay reform measure. 更新薪酬改革举措
        pay_reform_measure_update: PayReformMeasureUpdateInput => PayReformMeasureUpdate = update,
    }
    upsert {
        /// Creates a pay reform measure, or changes the one that has this external id. 按外部编号新增或更新薪酬改革举措
        pay_reform_measure_upsert: PayReformMeasureUpsert of PayReformMeasureCreateInput, PayReformMeasureUpdateInput
    }
    archive {
        /// Archives a pay reform measure: out of the lists, still there by id. 归档薪酬改革举措
        pay_reform_measure_archive: PayReformMeasureArchive
    }
    restore {
        /// Brings back an archived pay reform measure. 恢复薪酬改革举措
        pay_reform_measure_restore: PayReformMeasureRestore
    }
}

groups! {
    /// Pay reform measures, counted by what they have in common: at most 1,000 groups. 按字段分组统计薪酬改革举措
    Groups("PayReformMeasureGroupQueries") of PayReformMeasure by PayReformMeasureWhere in pay_reform_measure_groups: PayReformMeasureGroup by PayReformMeasureGroupField {
        /// The kind. 类别
        Kind = kind: PayReformKind,
        /// The division that keeps the record. 所属区划代码
        DivisionCode = division_code: DivisionCode,
    }
}

#[ComplexObject]
impl PayReformMeasure {
    /// The division that keeps the record. 所属区划
    async fn division(&self, ctx: &Context<'_>) -> Nullable<Division> {
        Division::of(ctx, &self.division_code).await
    }

    /// What other systems call it, at most 20, sorted by source. 外部编号
    async fn external_ids(&self, ctx: &Context<'_>) -> Result<Vec<ExternalId>> {
        external_id::names(ctx, self.id.uuid()).await
    }

    /// The employer; null when the caller may not see it. 用人单位
    async fn employer(&self, ctx: &Context<'_>) -> Nullable<Employer> {
        ctx.find(Some(self.employer_id)).await
    }
}

impl Resource for PayReformMeasure {
    const KIND: Kind = Kind::PayReformMeasure;

    type Entity = Entity;

    fn id(&self) -> Uuid {
        self.id.uuid()
    }

    fn check(row: &Model) -> Vec<Violation> {
        (row.kind == PayReformKind::ThreeFactorPay
            && [row.post_value_percent, row.competence_percent, row.performance_percent]
                .into_iter()
                .map(Option::unwrap_or_default)
                .sum::<i32>()
                != 100)
            .then(|| {
                Violation::inconsistent(
                    "performancePercent",
                    "The three shares of this kind add up to 100.",
                    "三要素分配的三项占比之和应为 100。",
                )
            })
            .into_iter()
            .collect()
    }
}

impl Linked for PayReformMeasure {
    type Where = PayReformMeasureWhere;
    type Order = PayReformMeasureOrderField;

    fn link(field: &str) -> Option<Link> {
        Some(match field {
            "externalIds" => external_id::link(),
            "division" => Division::by_code(Column::DivisionCode),
            "employer" => Link::one::<Employer>(Column::EmployerId),
            _ => return None,
        })
    }
}

impl Filter for PayReformMeasureWhere {
    type Resource = PayReformMeasure;

    fn archived(&self) -> Option<Archived> {
        self.archived
    }

    fn apply<'a>(self, clauses: Clauses<'a>) -> Result<Clauses<'a>> {
        clauses
            .logic(self.and, self.or, self.not)?
            .on(Column::Id, self.id)?
            .on(Column::Kind, self.kind)?
            .on(Column::Title, self.title)?
            .on(Column::CoverageHeads, self.coverage_heads)?
            .on(Column::EffectiveOn, self.effective_on)?
            .on(Column::EndedOn, self.ended_on)?
            .on(Column::PostValuePercent, self.post_value_percent)?
            .on(Column::CompetencePercent, self.competence_percent)?
            .on(Column::PerformancePercent, self.performance_percent)?
            .on(Column::DivisionCode, self.division_code)?
            .on(Column::CreatedAt, self.created_at)?
            .on(Column::UpdatedAt, self.updated_at)?
            .to_one(Column::EmployerId, self.employer)
    }
}

impl OrderField for PayReformMeasureOrderField {
    type Resource = PayReformMeasure;

    fn column(self) -> Column {
        match self {
            PayReformMeasureOrderField::CoverageHeads => Column::CoverageHeads,
            PayReformMeasureOrderField::EffectiveOn => Column::EffectiveOn,
            PayReformMeasureOrderField::CreatedAt => Column::CreatedAt,
            PayReformMeasureOrderField::UpdatedAt => Column::UpdatedAt,
        }
    }
}

/// What has to be said of a pay reform measure, as a mutation says it.
#[derive(Default)]
struct Essentials {
    employer_id: MaybeUndefined<Id<Employer>>,
    kind: MaybeUndefined<PayReformKind>,
    title: MaybeUndefined<String>,
    coverage_heads: MaybeUndefined<i32>,
    effective_on: MaybeUndefined<Date>,
}

async fn create(
    work: &mut UnitOfWork<'_>,
    input: PayReformMeasureCreateInput,
) -> Result<PayReformMeasure> {
    let essentials = Essentials {
        employer_id: MaybeUndefined::Value(input.employer_id),
        kind: MaybeUndefined::Value(input.kind),
        title: MaybeUndefined::Value(input.title),
        coverage_heads: MaybeUndefined::Value(input.coverage_heads),
        effective_on: MaybeUndefined::Value(input.effective_on),
    };
    let mut draft = draft(work, essentials, input.details).await?;
    if let Set(owner) = draft.employer_id {
        let owner = work.find_current::<Employer>("employerId", Id::new(owner)).await?;
        draft.division_code = Set(owner.division_code);
    }
    work.create::<PayReformMeasure>(draft).await
}

async fn update(
    work: &mut UnitOfWork<'_>,
    input: PayReformMeasureUpdateInput,
) -> Result<PayReformMeasure> {
    let row = work.find_version(input.id, input.expected_version).await?;
    let essentials = Essentials {
        kind: input.kind,
        title: input.title,
        coverage_heads: input.coverage_heads,
        effective_on: input.effective_on,
        ..Essentials::default()
    };
    let draft = draft(work, essentials, input.details).await?;
    work.update::<PayReformMeasure>(row, draft).await
}

async fn draft(
    work: &mut UnitOfWork<'_>,
    essentials: Essentials,
    details: PayReformMeasureDetails,
) -> Result<ActiveModel> {
    let mut form = Form::new(work.rules());
    let draft = ActiveModel {
        employer_id: form.id("employerId", essentials.employer_id),
        kind: form.plain("kind", essentials.kind),
        title: form.line("title", essentials.title, 200),
        coverage_heads: form.number("coverageHeads", essentials.coverage_heads, 0..=10_000_000),
        effective_on: form.day("effectiveOn", essentials.effective_on),
        ended_on: form.day_option(details.ended_on),
        post_value_percent: form.number_option(
            "postValuePercent",
            details.post_value_percent,
            0..=100,
        ),
        competence_percent: form.number_option(
            "competencePercent",
            details.competence_percent,
            0..=100,
        ),
        performance_percent: form.number_option(
            "performancePercent",
            details.performance_percent,
            0..=100,
        ),
        ..Default::default()
    };
    let warnings = form.finish()?;
    work.warn(warnings);
    Ok(draft)
}
