use async_graphql::{ComplexObject, Context, Enum, InputObject, MaybeUndefined, SimpleObject};
use entity::{
    skill_allowance::{ActiveModel, Column, Entity},
    worker::SkillRank,
};
use sea_orm::{ActiveValue::Set, DerivePartialModel};
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use value::{BigInt, DateTime, DivisionCode, Fen};

use crate::{
    Result,
    context::{ContextExt, Nullable},
    directive::{requires, to_read},
    domain::{
        division::Division,
        external_id,
        pay_reform_measure::{PayReformMeasure, PayReformMeasureWhere},
    },
    filter::{Archived, Clauses, DivisionFilter, Equality, Filter, IdFilter, Nested, Ordering},
    form::Form,
    kind::Kind,
    link::{Link, Linked},
    list::OrderField,
    resource::{Id, Resource},
    shell::{reads, writes},
    unit_of_work::{ExternalId, RecordOptions, UnitOfWork},
};

/// What a measure of pay reform grants each month for a skill level.
///
/// 技能津贴标准。
#[derive(Clone, SimpleObject, DerivePartialModel, Serialize, Deserialize)]
#[graphql(complex, directive = requires::apply(to_read(Kind::SkillAllowance)))]
#[sea_orm(entity = "Entity")]
pub struct SkillAllowance {
    /// The id. 编号
    pub id: Id<SkillAllowance>,
    /// The skill level. 技能等级
    pub skill_rank: SkillRank,
    /// The allowance of a month. 月津贴
    #[graphql(name = "monthly")]
    pub monthly_fen: Fen,
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
    measure_id: Id<PayReformMeasure>,
}

/// Narrows a list of skill allowances.
///
/// 技能津贴筛选条件。
#[derive(Clone, Debug, Default, InputObject)]
pub struct SkillAllowanceWhere {
    /// All of these. 全部满足
    and: Option<Vec<SkillAllowanceWhere>>,
    /// At least one of these. 至少满足一个
    or: Option<Vec<SkillAllowanceWhere>>,
    /// Not this. 不满足
    not: Option<Box<SkillAllowanceWhere>>,
    /// Whether archived records are in the list; read at the top only. 是否包含已归档
    archived: Option<Archived>,
    /// The id. 编号
    id: Option<IdFilter>,
    /// The skill level. 技能等级
    skill_rank: Option<Equality<SkillRank>>,
    /// The allowance of a month, in fen. 月津贴（分）
    monthly_fen: Option<Ordering<BigInt>>,
    /// The division that keeps the record. 所属区划
    division_code: Option<DivisionFilter>,
    /// When the record was made. 创建时间
    created_at: Option<Ordering<DateTime>>,
    /// When the record was changed last. 更新时间
    updated_at: Option<Ordering<DateTime>>,
    /// The measure. 薪酬改革举措
    measure: Option<Nested<PayReformMeasureWhere>>,
}

/// What a list of skill allowances can be sorted by.
///
/// 技能津贴排序字段。
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum SkillAllowanceOrderField {
    /// The allowance of a month. 月津贴
    Monthly,
    /// When the record was made. 创建时间
    CreatedAt,
    /// When the record was changed last. 更新时间
    UpdatedAt,
}

/// Adds a skill allowance to a measure.
///
/// 新增技能津贴标准。
#[derive(Clone, Debug, InputObject)]
pub struct SkillAllowanceAddInput {
    /// The measure. 薪酬改革举措
    measure_id: Id<PayReformMeasure>,
    /// The skill level. 技能等级
    skill_rank: SkillRank,
    /// The allowance of a month. 月津贴
    monthly_fen: BigInt,
    #[graphql(flatten)]
    options: RecordOptions,
}

/// Changes a skill allowance: absent keeps, null clears, a value sets.
///
/// 更新技能津贴：省略则保留，null 则清除，有值则设置。
#[derive(Clone, Debug, InputObject)]
pub struct SkillAllowanceUpdateInput {
    /// The record. 记录编号
    id: Id<SkillAllowance>,
    /// The version that the caller knows. 期望版本
    expected_version: i32,
    /// The allowance of a month. 月津贴
    monthly_fen: MaybeUndefined<BigInt>,
    #[graphql(flatten)]
    options: RecordOptions,
}

reads! {
    Queries("SkillAllowanceQueries") of SkillAllowance by SkillAllowanceBy, SkillAllowanceWhere, SkillAllowanceOrderField {
        /// One skill allowance; null when there is none that the caller may see. 查询一条技能津贴
        skill_allowance = "skillAllowance",
        /// Skill allowances, oldest record first unless told otherwise. 查询技能津贴列表
        skill_allowances = "skillAllowances",
    }
}

writes! {
    Mutations("SkillAllowanceMutations") of SkillAllowance {
        /// Adds a skill allowance to a measure. 新增技能津贴标准
        skill_allowance_add: SkillAllowanceAddInput => SkillAllowanceAdd = create,
        /// Changes a skill allowance. 更新技能津贴
        skill_allowance_update: SkillAllowanceUpdateInput => SkillAllowanceUpdate = update,
    }
    upsert {
        /// Creates a skill allowance, or changes the one that has this external id. 按外部编号新增或更新技能津贴
        skill_allowance_upsert: SkillAllowanceUpsert of SkillAllowanceAddInput, SkillAllowanceUpdateInput
    }
    archive {
        /// Archives a skill allowance: out of the lists, still there by id. 归档技能津贴
        skill_allowance_archive: SkillAllowanceArchive
    }
    restore {
        /// Brings back an archived skill allowance. 恢复技能津贴
        skill_allowance_restore: SkillAllowanceRestore
    }
}

#[ComplexObject]
impl SkillAllowance {
    /// The division that keeps the record. 所属区划
    async fn division(&self, ctx: &Context<'_>) -> Nullable<Division> {
        Division::of(ctx, &self.division_code).await
    }

    /// What other systems call it, at most 20, sorted by source. 外部编号
    async fn external_ids(&self, ctx: &Context<'_>) -> Result<Vec<ExternalId>> {
        external_id::names(ctx, self.id.uuid()).await
    }

    /// The measure; null when the caller may not see it. 薪酬改革举措
    async fn measure(&self, ctx: &Context<'_>) -> Nullable<PayReformMeasure> {
        ctx.find(Some(self.measure_id)).await
    }
}

impl Resource for SkillAllowance {
    const KIND: Kind = Kind::SkillAllowance;

    type Entity = Entity;

    fn id(&self) -> Uuid {
        self.id.uuid()
    }
}

impl Linked for SkillAllowance {
    type Where = SkillAllowanceWhere;
    type Order = SkillAllowanceOrderField;

    fn link(field: &str) -> Option<Link> {
        Some(match field {
            "externalIds" => external_id::link(),
            "division" => Division::by_code(Column::DivisionCode),
            "measure" => Link::one::<PayReformMeasure>(Column::MeasureId),
            _ => return None,
        })
    }
}

impl Filter for SkillAllowanceWhere {
    type Resource = SkillAllowance;

    fn archived(&self) -> Option<Archived> {
        self.archived
    }

    fn apply<'a>(self, clauses: Clauses<'a>) -> Result<Clauses<'a>> {
        clauses
            .logic(self.and, self.or, self.not)?
            .on(Column::Id, self.id)?
            .on(Column::SkillRank, self.skill_rank)?
            .on(Column::MonthlyFen, self.monthly_fen)?
            .on(Column::DivisionCode, self.division_code)?
            .on(Column::CreatedAt, self.created_at)?
            .on(Column::UpdatedAt, self.updated_at)?
            .to_one(Column::MeasureId, self.measure)
    }
}

impl OrderField for SkillAllowanceOrderField {
    type Resource = SkillAllowance;

    fn column(self) -> Column {
        match self {
            SkillAllowanceOrderField::Monthly => Column::MonthlyFen,
            SkillAllowanceOrderField::CreatedAt => Column::CreatedAt,
            SkillAllowanceOrderField::UpdatedAt => Column::UpdatedAt,
        }
    }
}

/// What has to be said of a skill allowance, as a mutation says it.
#[derive(Default)]
struct Essentials {
    measure_id: MaybeUndefined<Id<PayReformMeasure>>,
    skill_rank: MaybeUndefined<SkillRank>,
    monthly_fen: MaybeUndefined<BigInt>,
}

async fn create(
    work: &mut UnitOfWork<'_>,
    input: SkillAllowanceAddInput,
) -> Result<SkillAllowance> {
    let essentials = Essentials {
        measure_id: MaybeUndefined::Value(input.measure_id),
        skill_rank: MaybeUndefined::Value(input.skill_rank),
        monthly_fen: MaybeUndefined::Value(input.monthly_fen),
    };
    let mut draft = draft(work, essentials).await?;
    if let Set(owner) = draft.measure_id {
        let owner = work.find_current::<PayReformMeasure>("measureId", Id::new(owner)).await?;
        draft.division_code = Set(owner.division_code);
    }
    work.create::<SkillAllowance>(draft).await
}

async fn update(
    work: &mut UnitOfWork<'_>,
    input: SkillAllowanceUpdateInput,
) -> Result<SkillAllowance> {
    let row = work.find_version(input.id, input.expected_version).await?;
    let essentials = Essentials { monthly_fen: input.monthly_fen, ..Essentials::default() };
    let draft = draft(work, essentials).await?;
    work.update::<SkillAllowance>(row, draft).await
}

async fn draft(work: &mut UnitOfWork<'_>, essentials: Essentials) -> Result<ActiveModel> {
    let mut form = Form::new(work.rules());
    let draft = ActiveModel {
        measure_id: form.id("measureId", essentials.measure_id),
        skill_rank: form.plain("skillRank", essentials.skill_rank),
        monthly_fen: form.fen("monthlyFen", essentials.monthly_fen),
        ..Default::default()
    };
    let warnings = form.finish()?;
    work.warn(warnings);
    Ok(draft)
}
