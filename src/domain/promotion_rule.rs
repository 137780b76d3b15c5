use async_graphql::{ComplexObject, Context, Enum, InputObject, MaybeUndefined, SimpleObject};
use entity::{
    competition::CompetitionLevel,
    competition_event::CompetitionClass,
    promotion_rule::{ActiveModel, Column, Entity, Model},
    worker::SkillRank,
};
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
    filter::{Archived, Clauses, DivisionFilter, Equality, Filter, IdFilter, Ordering, TextFilter},
    form::Form,
    kind::Kind,
    link::{Link, Linked},
    list::OrderField,
    resource::{Id, Resource},
    shell::{groups, reads, writes},
    unit_of_work::{ExternalId, RecordOptions, UnitOfWork},
};

/// Which skill level a rank in a competition grants.
///
/// 竞赛名次晋升职业技能等级规则。
#[derive(Clone, SimpleObject, DerivePartialModel, Serialize, Deserialize)]
#[graphql(complex, directive = requires::apply(to_read(Kind::PromotionRule)))]
#[sea_orm(entity = "Entity")]
pub struct PromotionRule {
    /// The id. 编号
    pub id: Id<PromotionRule>,
    /// The level of the competition. 竞赛级别
    pub level: CompetitionLevel,
    /// The class of the event. 竞赛类别
    pub competition_class: CompetitionClass,
    /// The first rank. 名次起
    pub rank_from: i32,
    /// The last rank. 名次止
    pub rank_to: i32,
    /// The skill level that it grants. 晋升等级
    pub grant_rank: SkillRank,
    /// Whether each part of the score has to be passed. 是否须各项合格
    pub is_pass_required: bool,
    /// The first day it is valid. 有效期起
    pub valid_from: Date,
    /// The skill level for who has the other already. 已具备该等级时的晋升等级
    pub grant_if_already: Option<SkillRank>,
    /// The last day it is valid; null while it is. 有效期止
    pub valid_to: Option<Date>,
    /// The document that says so. 文号
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

/// Narrows a list of promotion rules.
///
/// 竞赛晋级规则筛选条件。
#[derive(Clone, Debug, Default, InputObject)]
pub struct PromotionRuleWhere {
    /// All of these. 全部满足
    and: Option<Vec<PromotionRuleWhere>>,
    /// At least one of these. 至少满足一个
    or: Option<Vec<PromotionRuleWhere>>,
    /// Not this. 不满足
    not: Option<Box<PromotionRuleWhere>>,
    /// Whether archived records are in the list; read at the top only. 是否包含已归档
    archived: Option<Archived>,
    /// The id. 编号
    id: Option<IdFilter>,
    /// The level of the competition. 竞赛级别
    level: Option<Equality<CompetitionLevel>>,
    /// The class of the event. 竞赛类别
    competition_class: Option<Equality<CompetitionClass>>,
    /// The first rank. 名次起
    rank_from: Option<Ordering<i32>>,
    /// The last rank. 名次止
    rank_to: Option<Ordering<i32>>,
    /// The skill level that it grants. 晋升等级
    grant_rank: Option<Equality<SkillRank>>,
    /// Whether each part of the score has to be passed. 是否须各项合格
    is_pass_required: Option<Equality<bool>>,
    /// The first day it is valid. 有效期起
    valid_from: Option<Ordering<Date>>,
    /// The skill level for who has the other already. 已具备该等级时的晋升等级
    grant_if_already: Option<Equality<SkillRank>>,
    /// The last day it is valid; null while it is. 有效期止
    valid_to: Option<Ordering<Date>>,
    /// The document that says so. 文号
    document_no: Option<TextFilter>,
    /// The division that keeps the record. 所属区划
    division_code: Option<DivisionFilter>,
    /// When the record was made. 创建时间
    created_at: Option<Ordering<DateTime>>,
    /// When the record was changed last. 更新时间
    updated_at: Option<Ordering<DateTime>>,
}

/// What a list of promotion rules can be sorted by.
///
/// 竞赛晋级规则排序字段。
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum PromotionRuleOrderField {
    /// The first rank. 名次起
    RankFrom,
    /// The first day it is valid. 有效期起
    ValidFrom,
    /// The last day it is valid; null while it is. 有效期止
    ValidTo,
    /// When the record was made. 创建时间
    CreatedAt,
    /// When the record was changed last. 更新时间
    UpdatedAt,
}

/// What may be said of a promotion rule and need not be.
#[derive(Clone, Debug, Default, InputObject)]
pub struct PromotionRuleDetails {
    /// The skill level for who has the other already. 已具备该等级时的晋升等级
    grant_if_already: MaybeUndefined<SkillRank>,
    /// The last day it is valid; null while it is. 有效期止
    valid_to: MaybeUndefined<Date>,
    /// The document that says so. 文号
    document_no: MaybeUndefined<String>,
}

/// Enters a rule of promotion.
///
/// 登记竞赛晋级规则。
#[derive(Clone, Debug, InputObject)]
pub struct PromotionRuleCreateInput {
    /// The level of the competition. 竞赛级别
    level: CompetitionLevel,
    /// The class of the event. 竞赛类别
    competition_class: CompetitionClass,
    /// The first rank. 名次起
    rank_from: i32,
    /// The last rank. 名次止
    rank_to: i32,
    /// The skill level that it grants. 晋升等级
    grant_rank: SkillRank,
    /// Whether each part of the score has to be passed. 是否须各项合格
    is_pass_required: bool,
    /// The first day it is valid. 有效期起
    valid_from: Date,
    /// The division that keeps the record. 所属区划代码
    division_code: Unchecked<DivisionCode>,
    #[graphql(flatten)]
    details: PromotionRuleDetails,
    #[graphql(flatten)]
    options: RecordOptions,
}

/// Changes a promotion rule: absent keeps, null clears, a value sets.
///
/// 更新竞赛晋级规则：省略则保留，null 则清除，有值则设置。
#[derive(Clone, Debug, InputObject)]
pub struct PromotionRuleUpdateInput {
    /// The record. 记录编号
    id: Id<PromotionRule>,
    /// The version that the caller knows. 期望版本
    expected_version: i32,
    /// The level of the competition. 竞赛级别
    level: MaybeUndefined<CompetitionLevel>,
    /// The class of the event. 竞赛类别
    competition_class: MaybeUndefined<CompetitionClass>,
    /// The first rank. 名次起
    rank_from: MaybeUndefined<i32>,
    /// The last rank. 名次止
    rank_to: MaybeUndefined<i32>,
    /// The skill level that it grants. 晋升等级
    grant_rank: MaybeUndefined<SkillRank>,
    /// Whether each part of the score has to be passed. 是否须各项合格
    is_pass_required: MaybeUndefined<bool>,
    /// The first day it is valid. 有效期起
    valid_from: MaybeUndefined<Date>,
    #[graphql(flatten)]
    details: PromotionRuleDetails,
    #[graphql(flatten)]
    options: RecordOptions,
}

reads! {
    Queries("PromotionRuleQueries") of PromotionRule by PromotionRuleBy, PromotionRuleWhere, PromotionRuleOrderField {
        /// One promotion rule; null when there is none that the caller may see. 查询一条竞赛晋级规则
        promotion_rule = "promotionRule",
        /// Promotion rules, oldest record first unless told otherwise. 查询竞赛晋级规则列表
        promotion_rules = "promotionRules",
    }
}

writes! {
    Mutations("PromotionRuleMutations") of PromotionRule {
        /// Enters a rule of promotion. 登记竞赛晋级规则
        promotion_rule_create: PromotionRuleCreateInput => PromotionRuleCreate = create,
        /// Changes a promotion rule. 更新竞赛晋级规则
        promotion_rule_update: PromotionRuleUpdateInput => PromotionRuleUpdate = update,
    }
    upsert {
        /// Creates a promotion rule, or changes the one that has this external id. 按外部编号新增或更新竞赛晋级规则
        promotion_rule_upsert: PromotionRuleUpsert of PromotionRuleCreateInput, PromotionRuleUpdateInput
    }
    archive {
        /// Archives a promotion rule: out of the lists, still there by id. 归档竞赛晋级规则
        promotion_rule_archive: PromotionRuleArchive
    }
    restore {
        /// Brings back an archived promotion rule. 恢复竞赛晋级规则
        promotion_rule_restore: PromotionRuleRestore
    }
}

groups! {
    /// Promotion rules, counted by what they have in common: at most 1,000 groups. 按字段分组统计竞赛晋级规则
    Groups("PromotionRuleGroupQueries") of PromotionRule by PromotionRuleWhere in promotion_rule_groups: PromotionRuleGroup by PromotionRuleGroupField {
        /// The level of the competition. 竞赛级别
        Level = level: CompetitionLevel,
        /// The class of the event. 竞赛类别
        CompetitionClass = competition_class: CompetitionClass,
        /// The skill level that it grants. 晋升等级
        GrantRank = grant_rank: SkillRank,
        /// The division that keeps the record. 所属区划代码
        DivisionCode = division_code: DivisionCode,
    }
}

#[ComplexObject]
impl PromotionRule {
    /// What other systems call it, at most 20, sorted by source. 外部编号
    async fn external_ids(&self, ctx: &Context<'_>) -> Result<Vec<ExternalId>> {
        external_id::names(ctx, self.id.uuid()).await
    }

    /// The division that keeps the record. 所属区划
    async fn division(&self, ctx: &Context<'_>) -> Nullable<Division> {
        Division::of(ctx, &self.division_code).await
    }
}

impl Resource for PromotionRule {
    const KIND: Kind = Kind::PromotionRule;

    type Entity = Entity;

    fn id(&self) -> Uuid {
        self.id.uuid()
    }

    fn check(row: &Model) -> Vec<Violation> {
        let broken = [
            (row.rank_to < row.rank_from).then(|| {
                Violation::inconsistent(
                    "rankTo",
                    "The last rank is before the first.",
                    "名次止不能小于名次起。",
                )
            }),
            row.grant_if_already.is_some_and(|it| it <= row.grant_rank).then(|| {
                Violation::inconsistent(
                    "grantIfAlready",
                    "Who has the level already is granted a higher one.",
                    "已具备该等级者应晋升更高等级。",
                )
            }),
            Violation::out_of_order("validTo", Some(row.valid_from), row.valid_to),
        ];
        broken.into_iter().flatten().collect()
    }
}

impl Linked for PromotionRule {
    type Where = PromotionRuleWhere;
    type Order = PromotionRuleOrderField;

    fn link(field: &str) -> Option<Link> {
        Some(match field {
            "externalIds" => external_id::link(),
            "division" => Division::by_code(Column::DivisionCode),
            _ => return None,
        })
    }
}

impl Filter for PromotionRuleWhere {
    type Resource = PromotionRule;

    fn archived(&self) -> Option<Archived> {
        self.archived
    }

    fn apply<'a>(self, clauses: Clauses<'a>) -> Result<Clauses<'a>> {
        clauses
            .logic(self.and, self.or, self.not)?
            .on(Column::Id, self.id)?
            .on(Column::Level, self.level)?
            .on(Column::CompetitionClass, self.competition_class)?
            .on(Column::RankFrom, self.rank_from)?
            .on(Column::RankTo, self.rank_to)?
            .on(Column::GrantRank, self.grant_rank)?
            .on(Column::IsPassRequired, self.is_pass_required)?
            .on(Column::ValidFrom, self.valid_from)?
            .on(Column::GrantIfAlready, self.grant_if_already)?
            .on(Column::ValidTo, self.valid_to)?
            .on(Column::DocumentNo, self.document_no)?
            .on(Column::DivisionCode, self.division_code)?
            .on(Column::CreatedAt, self.created_at)?
            .on(Column::UpdatedAt, self.updated_at)
    }
}

impl OrderField for PromotionRuleOrderField {
    type Resource = PromotionRule;

    fn column(self) -> Column {
        match self {
            PromotionRuleOrderField::RankFrom => Column::RankFrom,
            PromotionRuleOrderField::ValidFrom => Column::ValidFrom,
            PromotionRuleOrderField::ValidTo => Column::ValidTo,
            PromotionRuleOrderField::CreatedAt => Column::CreatedAt,
            PromotionRuleOrderField::UpdatedAt => Column::UpdatedAt,
        }
    }
}

/// What has to be said of a promotion rule, as a mutation says it.
#[derive(Default)]
struct Essentials {
    level: MaybeUndefined<CompetitionLevel>,
    competition_class: MaybeUndefined<CompetitionClass>,
    rank_from: MaybeUndefined<i32>,
    rank_to: MaybeUndefined<i32>,
    grant_rank: MaybeUndefined<SkillRank>,
    is_pass_required: MaybeUndefined<bool>,
    valid_from: MaybeUndefined<Date>,
    division_code: MaybeUndefined<Unchecked<DivisionCode>>,
}

async fn create(
    work: &mut UnitOfWork<'_>,
    input: PromotionRuleCreateInput,
) -> Result<PromotionRule> {
    let essentials = Essentials {
        level: MaybeUndefined::Value(input.level),
        competition_class: MaybeUndefined::Value(input.competition_class),
        rank_from: MaybeUndefined::Value(input.rank_from),
        rank_to: MaybeUndefined::Value(input.rank_to),
        grant_rank: MaybeUndefined::Value(input.grant_rank),
        is_pass_required: MaybeUndefined::Value(input.is_pass_required),
        valid_from: MaybeUndefined::Value(input.valid_from),
        division_code: MaybeUndefined::Value(input.division_code),
    };
    let draft = draft(work, essentials, input.details).await?;
    work.create::<PromotionRule>(draft).await
}

async fn update(
    work: &mut UnitOfWork<'_>,
    input: PromotionRuleUpdateInput,
) -> Result<PromotionRule> {
    let row = work.find_version(input.id, input.expected_version).await?;
    let essentials = Essentials {
        level: input.level,
        competition_class: input.competition_class,
        rank_from: input.rank_from,
        rank_to: input.rank_to,
        grant_rank: input.grant_rank,
        is_pass_required: input.is_pass_required,
        valid_from: input.valid_from,
        ..Essentials::default()
    };
    let draft = draft(work, essentials, input.details).await?;
    work.update::<PromotionRule>(row, draft).await
}

async fn draft(
    work: &mut UnitOfWork<'_>,
    essentials: Essentials,
    details: PromotionRuleDetails,
) -> Result<ActiveModel> {
    let mut form = Form::new(work.rules());
    let draft = ActiveModel {
        level: form.plain("level", essentials.level),
        competition_class: form.plain("competitionClass", essentials.competition_class),
        rank_from: form.number("rankFrom", essentials.rank_from, 1..=10_000),
        rank_to: form.number("rankTo", essentials.rank_to, 1..=10_000),
        grant_rank: form.plain("grantRank", essentials.grant_rank),
        is_pass_required: form.plain("isPassRequired", essentials.is_pass_required),
        valid_from: form.day("validFrom", essentials.valid_from),
        grant_if_already: form.plain_option(details.grant_if_already),
        valid_to: form.day_option(details.valid_to),
        document_no: form.line_option("documentNo", details.document_no, 100),
        division_code: form.value("divisionCode", essentials.division_code),
        ..Default::default()
    };
    let warnings = form.finish()?;
    work.warn(warnings);
    Ok(draft)
}
