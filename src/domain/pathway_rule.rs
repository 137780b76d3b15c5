use async_graphql::{ComplexObject, Context, Enum, InputObject, MaybeUndefined, SimpleObject};
use entity::{
    pathway_rule::{ActiveModel, Column, Entity, Model, PathwayDirection, TitleGrade},
    worker::SkillRank,
};
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
        title_series::{TitleSeries, TitleSeriesWhere},
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

/// What it takes to get from a skill level to a title, or back.
///
/// 职称与职业技能等级贯通规则。
#[derive(Clone, SimpleObject, DerivePartialModel, Serialize, Deserialize)]
#[graphql(complex, directive = requires::apply(to_read(Kind::PathwayRule)))]
#[sea_orm(entity = "Entity")]
pub struct PathwayRule {
    /// The id. 编号
    pub id: Id<PathwayRule>,
    /// The direction. 方向
    pub direction: PathwayDirection,
    /// The skill level. 技能等级
    pub skill_rank: SkillRank,
    /// The grade of the title. 职称层级
    pub grade: TitleGrade,
    /// For how many years the first has to be held. 最低年限
    pub min_years: i32,
    /// The first day it is valid. 有效期起
    pub valid_from: Date,
    /// The last day it is valid; null while it is. 有效期止
    pub valid_to: Option<Date>,
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
    #[graphql(skip)]
    series_id: Id<TitleSeries>,
}

/// Narrows a list of pathway rules.
///
/// 贯通规则筛选条件。
#[derive(Clone, Debug, Default, InputObject)]
pub struct PathwayRuleWhere {
    /// All of these. 全部满足
    and: Option<Vec<PathwayRuleWhere>>,
    /// At least one of these. 至少满足一个
    or: Option<Vec<PathwayRuleWhere>>,
    /// Not this. 不满足
    not: Option<Box<PathwayRuleWhere>>,
    /// Whether archived records are in the list; read at the top only. 是否包含已归档
    archived: Option<Archived>,
    /// The id. 编号
    id: Option<IdFilter>,
    /// The direction. 方向
    direction: Option<Equality<PathwayDirection>>,
    /// The skill level. 技能等级
    skill_rank: Option<Equality<SkillRank>>,
    /// The grade of the title. 职称层级
    grade: Option<Equality<TitleGrade>>,
    /// For how many years the first has to be held. 最低年限
    min_years: Option<Ordering<i32>>,
    /// The first day it is valid. 有效期起
    valid_from: Option<Ordering<Date>>,
    /// The last day it is valid; null while it is. 有效期止
    valid_to: Option<Ordering<Date>>,
    /// The document that sets it. 依据文号
    document_no: Option<TextFilter>,
    /// The division that keeps the record. 所属区划
    division_code: Option<DivisionFilter>,
    /// When the record was made. 创建时间
    created_at: Option<Ordering<DateTime>>,
    /// When the record was changed last. 更新时间
    updated_at: Option<Ordering<DateTime>>,
    /// The series. 职称系列
    series: Option<Nested<TitleSeriesWhere>>,
}

/// What a list of pathway rules can be sorted by.
///
/// 贯通规则排序字段。
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum PathwayRuleOrderField {
    /// The first day it is valid. 有效期起
    ValidFrom,
    /// When the record was made. 创建时间
    CreatedAt,
    /// When the record was changed last. 更新时间
    UpdatedAt,
}

/// What may be said of a pathway rule and need not be.
#[derive(Clone, Debug, Default, InputObject)]
pub struct PathwayRuleDetails {
    /// The last day it is valid; null while it is. 有效期止
    valid_to: MaybeUndefined<Date>,
    /// The document that sets it. 依据文号
    document_no: MaybeUndefined<String>,
}

/// Creates a pathway rule.
///
/// 新增贯通规则。
#[derive(Clone, Debug, InputObject)]
pub struct PathwayRuleCreateInput {
    /// The series. 职称系列
    series_id: Id<TitleSeries>,
    /// The direction. 方向
    direction: PathwayDirection,
    /// The skill level. 技能等级
    skill_rank: SkillRank,
    /// The grade of the title. 职称层级
    grade: TitleGrade,
    /// For how many years the first has to be held. 最低年限
    min_years: i32,
    /// The first day it is valid. 有效期起
    valid_from: Date,
    #[graphql(flatten)]
    details: PathwayRuleDetails,
    #[graphql(flatten)]
    options: RecordOptions,
}

/// Changes a pathway rule: absent keeps, null clears, a value sets.
///
/// 更新贯通规则：省略则保留，null 则清除，有值则设置。
#[derive(Clone, Debug, InputObject)]
pub struct PathwayRuleUpdateInput {
    /// The record. 记录编号
    id: Id<PathwayRule>,
    /// The version that the caller knows. 期望版本
    expected_version: i32,
    /// The skill level. 技能等级
    skill_rank: MaybeUndefined<SkillRank>,
    /// The grade of the title. 职称层级
    grade: MaybeUndefined<TitleGrade>,
    /// For how many years the first has to be held. 最低年限
    min_years: MaybeUndefined<i32>,
    /// The first day it is valid. 有效期起
    valid_from: MaybeUndefined<Date>,
    #[graphql(flatten)]
    details: PathwayRuleDetails,
    #[graphql(flatten)]
    options: RecordOptions,
}

reads! {
    Queries("PathwayRuleQueries") of PathwayRule by PathwayRuleBy, PathwayRuleWhere, PathwayRuleOrderField {
        /// One pathway rule; null when there is none that the caller may see. 查询一条贯通规则
        pathway_rule = "pathwayRule",
        /// Pathway rules, oldest record first unless told otherwise. 查询贯通规则列表
        pathway_rules = "pathwayRules",
    }
}

writes! {
    Mutations("PathwayRuleMutations") of PathwayRule {
        /// Creates a pathway rule. 新增贯通规则
        pathway_rule_create: PathwayRuleCreateInput => PathwayRuleCreate = create,
        /// Changes a pathway rule. 更新贯通规则
        pathway_rule_update: PathwayRuleUpdateInput => PathwayRuleUpdate = update,
    }
    upsert {
        /// Creates a pathway rule, or changes the one that has this external id. 按外部编号新增或更新贯通规则
        pathway_rule_upsert: PathwayRuleUpsert of PathwayRuleCreateInput, PathwayRuleUpdateInput
    }
    archive {
        /// Archives a pathway rule: out of the lists, still there by id. 归档贯通规则
        pathway_rule_archive: PathwayRuleArchive
    }
    restore {
        /// Brings back an archived pathway rule. 恢复贯通规则
        pathway_rule_restore: PathwayRuleRestore
    }
}

groups! {
    /// Pathway rules, counted by what they have in common: at most 1,000 groups. 按字段分组统计贯通规则
    Groups("PathwayRuleGroupQueries") of PathwayRule by PathwayRuleWhere in pathway_rule_groups: PathwayRuleGroup by PathwayRuleGroupField {
        /// The direction. 方向
        Direction = direction: PathwayDirection,
        /// The division that keeps the record. 所属区划代码
        DivisionCode = division_code: DivisionCode,
    }
}

#[ComplexObject]
impl PathwayRule {
    /// The division that keeps the record. 所属区划
    async fn division(&self, ctx: &Context<'_>) -> Nullable<Division> {
        Division::of(ctx, &self.division_code).await
    }

    /// What other systems call it, at most 20, sorted by source. 外部编号
    async fn external_ids(&self, ctx: &Context<'_>) -> Result<Vec<ExternalId>> {
        external_id::names(ctx, self.id.uuid()).await
    }

    /// The series; null when the caller may not see it. 职称系列
    async fn series(&self, ctx: &Context<'_>) -> Nullable<TitleSeries> {
        ctx.find(Some(self.series_id)).await
    }
}

impl Resource for PathwayRule {
    const KIND: Kind = Kind::PathwayRule;

    type Entity = Entity;

    fn id(&self) -> Uuid {
        self.id.uuid()
    }

    fn check(row: &Model) -> Vec<Violation> {
        let broken = [
            Violation::out_of_order("validTo", Some(row.valid_from), row.valid_to),
            (row.skill_rank < SkillRank::Senior).then(|| {
                Violation::inconsistent(
                    "skillRank",
                    "Recognition begins with senior workers (rank 3).",
                    "贯通认定面向高级工及以上等级。",
                )
            }),
        ];
        broken.into_iter().flatten().collect()
    }
}

impl Linked for PathwayRule {
    type Where = PathwayRuleWhere;
    type Order = PathwayRuleOrderField;

    fn link(field: &str) -> Option<Link> {
        Some(match field {
            "externalIds" => external_id::link(),
            "division" => Division::by_code(Column::DivisionCode),
            "series" => Link::one::<TitleSeries>(Column::SeriesId),
            _ => return None,
        })
    }
}

impl Filter for PathwayRuleWhere {
    type Resource = PathwayRule;

    fn archived(&self) -> Option<Archived> {
        self.archived
    }

    fn apply<'a>(self, clauses: Clauses<'a>) -> Result<Clauses<'a>> {
        clauses
            .logic(self.and, self.or, self.not)?
            .on(Column::Id, self.id)?
            .on(Column::Direction, self.direction)?
            .on(Column::SkillRank, self.skill_rank)?
            .on(Column::Grade, self.grade)?
            .on(Column::MinYears, self.min_years)?
            .on(Column::ValidFrom, self.valid_from)?
            .on(Column::ValidTo, self.valid_to)?
            .on(Column::DocumentNo, self.document_no)?
            .on(Column::DivisionCode, self.division_code)?
            .on(Column::CreatedAt, self.created_at)?
            .on(Column::UpdatedAt, self.updated_at)?
            .to_one(Column::SeriesId, self.series)
    }
}

impl OrderField for PathwayRuleOrderField {
    type Resource = PathwayRule;

    fn column(self) -> Column {
        match self {
            PathwayRuleOrderField::ValidFrom => Column::ValidFrom,
            PathwayRuleOrderField::CreatedAt => Column::CreatedAt,
            PathwayRuleOrderField::UpdatedAt => Column::UpdatedAt,
        }
    }
}

/// What has to be said of a pathway rule, as a mutation says it.
#[derive(Default)]
struct Essentials {
    series_id: MaybeUndefined<Id<TitleSeries>>,
    direction: MaybeUndefined<PathwayDirection>,
    skill_rank: MaybeUndefined<SkillRank>,
    grade: MaybeUndefined<TitleGrade>,
    min_years: MaybeUndefined<i32>,
    valid_from: MaybeUndefined<Date>,
}

async fn create(work: &mut UnitOfWork<'_>, input: PathwayRuleCreateInput) -> Result<PathwayRule> {
    let essentials = Essentials {
        series_id: MaybeUndefined::Value(input.series_id),
        direction: MaybeUndefined::Value(input.direction),
        skill_rank: MaybeUndefined::Value(input.skill_rank),
        grade: MaybeUndefined::Value(input.grade),
        min_years: MaybeUndefined::Value(input.min_years),
        valid_from: MaybeUndefined::Value(input.valid_from),
    };
    let mut draft = draft(work, essentials, input.details).await?;
    if let Set(owner) = draft.series_id {
        let owner = work.find_current::<TitleSeries>("seriesId", Id::new(owner)).await?;
        draft.division_code = Set(owner.division_code);
    }
    work.create::<PathwayRule>(draft).await
}

async fn update(work: &mut UnitOfWork<'_>, input: PathwayRuleUpdateInput) -> Result<PathwayRule> {
    let row = work.find_version(input.id, input.expected_version).await?;
    let essentials = Essentials {
        skill_rank: input.skill_rank,
        grade: input.grade,
        min_years: input.min_years,
        valid_from: input.valid_from,
        ..Essentials::default()
    };
    let draft = draft(work, essentials, input.details).await?;
    work.update::<PathwayRule>(row, draft).await
}

async fn draft(
    work: &mut UnitOfWork<'_>,
    essentials: Essentials,
    details: PathwayRuleDetails,
) -> Result<ActiveModel> {
    let mut form = Form::new(work.rules());
    let draft = ActiveModel {
        series_id: form.id("seriesId", essentials.series_id),
        direction: form.plain("direction", essentials.direction),
        skill_rank: form.plain("skillRank", essentials.skill_rank),
        grade: form.plain("grade", essentials.grade),
        min_years: form.number("minYears", essentials.min_years, 0..=50),
        valid_from: form.day("validFrom", essentials.valid_from),
        valid_to: form.day_option(details.valid_to),
        document_no: form.line_option("documentNo", details.document_no, 100),
        ..Default::default()
    };
    let warnings = form.finish()?;
    work.warn(warnings);
    Ok(draft)
}
