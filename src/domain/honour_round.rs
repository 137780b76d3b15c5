use async_graphql::{ComplexObject, Context, Enum, InputObject, MaybeUndefined, SimpleObject};
use entity::{
    honour_award, honour_nomination,
    honour_round::{ActiveModel, Column, Entity, Model},
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
        division::Division,
        external_id,
        honour_award::{HonourAward, HonourAwardOrderField, HonourAwardWhere},
        honour_nomination::{HonourNomination, HonourNominationOrderField, HonourNominationWhere},
        honour_title::{HonourTitle, HonourTitleWhere},
    },
    error::Violation,
    filter::{Archived, Clauses, DivisionFilter, Filter, IdFilter, ListFilter, Nested, Ordering},
    form::Form,
    kind::Kind,
    link::{Link, Linked},
    list::{OrderBy, OrderField, Page},
    resource::{Id, Resource},
    shell::{reads, writes},
    unit_of_work::{ExternalId, RecordOptions, UnitOfWork},
};

/// One selection for a title of honour.
///
/// 荣誉评选批次。
#[derive(Clone, SimpleObject, DerivePartialModel, Serialize, Deserialize)]
#[graphql(complex, directive = requires::apply(to_read(Kind::HonourRound)))]
#[sea_orm(entity = "Entity")]
pub struct HonourRound {
    /// The id. 编号
    pub id: Id<HonourRound>,
    /// The year. 年度
    pub year: i32,
    /// Which edition: 1 is the first. 届次
    pub ordinal: i32,
    /// How many may be conferred. 名额
    pub quota: i32,
    /// The first day of the public notice. 公示开始日期
    pub notice_started_on: Option<Date>,
    /// The last day of the public notice. 公示结束日期
    pub notice_ended_on: Option<Date>,
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
    title_id: Id<HonourTitle>,
}

/// Narrows a list of honour rounds.
///
/// 荣誉评选批次筛选条件。
#[derive(Clone, Debug, Default, InputObject)]
pub struct HonourRoundWhere {
    /// All of these. 全部满足
    and: Option<Vec<HonourRoundWhere>>,
    /// At least one of these. 至少满足一个
    or: Option<Vec<HonourRoundWhere>>,
    /// Not this. 不满足
    not: Option<Box<HonourRoundWhere>>,
    /// Whether archived records are in the list; read at the top only. 是否包含已归档
    archived: Option<Archived>,
    /// The id. 编号
    id: Option<IdFilter>,
    /// The year. 年度
    year: Option<Ordering<i32>>,
    /// Which edition: 1 is the first. 届次
    ordinal: Option<Ordering<i32>>,
    /// How many may be conferred. 名额
    quota: Option<Ordering<i32>>,
    /// The first day of the public notice. 公示开始日期
    notice_started_on: Option<Ordering<Date>>,
    /// The last day of the public notice. 公示结束日期
    notice_ended_on: Option<Ordering<Date>>,
    /// The division that keeps the record. 所属区划
    division_code: Option<DivisionFilter>,
    /// When the record was made. 创建时间
    created_at: Option<Ordering<DateTime>>,
    /// When the record was changed last. 更新时间
    updated_at: Option<Ordering<DateTime>>,
    /// The title. 荣誉称号
    title: Option<Nested<HonourTitleWhere>>,
    /// Who was recommended. 推荐对象
    nominations: Option<ListFilter<HonourNominationWhere>>,
    /// Who was honoured. 授予记录
    awards: Option<ListFilter<HonourAwardWhere>>,
}

/// What a list of honour rounds can be sorted by.
///
/// 荣誉评选批次排序字段。
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum HonourRoundOrderField {
    /// The year. 年度
    Year,
    /// Which edition: 1 is the first. 届次
    Ordinal,
    /// When the record was made. 创建时间
    CreatedAt,
    /// When the record was changed last. 更新时间
    UpdatedAt,
}

/// What may be said of a honour round and need not be.
#[derive(Clone, Debug, Default, InputObject)]
pub struct HonourRoundDetails {
    /// The first day of the public notice. 公示开始日期
    notice_started_on: MaybeUndefined<Date>,
    /// The last day of the public notice. 公示结束日期
    notice_ended_on: MaybeUndefined<Date>,
}

/// Creates a honour round.
///
/// 新增荣誉评选批次。
#[derive(Clone, Debug, InputObject)]
pub struct HonourRoundCreateInput {
    /// The title. 荣誉称号
    title_id: Id<HonourTitle>,
    /// The year. 年度
    year: i32,
    /// Which edition: 1 is the first. 届次
    ordinal: i32,
    /// How many may be conferred. 名额
    quota: i32,
    #[graphql(flatten)]
    details: HonourRoundDetails,
    #[graphql(flatten)]
    options: RecordOptions,
}

/// Changes a honour round: absent keeps, null clears, a value sets.
///
/// 更新荣誉评选批次：省略则保留，null 则清除，有值则设置。
#[derive(Clone, Debug, InputObject)]
pub struct HonourRoundUpdateInput {
    /// The record. 记录编号
    id: Id<HonourRound>,
    /// The version that the caller knows. 期望版本
    expected_version: i32,
    /// The year. 年度
    year: MaybeUndefined<i32>,
    /// Which edition: 1 is the first. 届次
    ordinal: MaybeUndefined<i32>,
    /// How many may be conferred. 名额
    quota: MaybeUndefined<i32>,
    #[graphql(flatten)]
    details: HonourRoundDetails,
    #[graphql(flatten)]
    options: RecordOptions,
}

reads! {
    Queries("HonourRoundQueries") of HonourRound by HonourRoundBy, HonourRoundWhere, HonourRoundOrderField {
        /// One honour round; null when there is none that the caller may see. 查询一条荣誉评选批次
        honour_round = "honourRound",
        /// Honour rounds, oldest record first unless told otherwise. 查询荣誉评选批次列表
        honour_rounds = "honourRounds",
    }
}

writes! {
    Mutations("HonourRoundMutations") of HonourRound {
        /// Creates a honour round. 新增荣誉评选批次
        honour_round_create: HonourRoundCreateInput => HonourRoundCreate = create,
        /// Changes a honour round. 更新荣誉评选批次
        honour_round_update: HonourRoundUpdateInput => HonourRoundUpdate = update,
    }
    upsert {
        /// Creates a honour round, or changes the one that has this external id. 按外部编号新增或更新荣誉评选批次
        honour_round_upsert: HonourRoundUpsert of HonourRoundCreateInput, HonourRoundUpdateInput
    }
    archive {
        /// Archives a honour round: out of the lists, still there by id. 归档荣誉评选批次
        honour_round_archive: HonourRoundArchive
    }
    restore {
        /// Brings back an archived honour round. 恢复荣誉评选批次
        honour_round_restore: HonourRoundRestore
    }
}

#[ComplexObject]
impl HonourRound {
    /// The division that keeps the record. 所属区划
    async fn division(&self, ctx: &Context<'_>) -> Nullable<Division> {
        Division::of(ctx, &self.division_code).await
    }

    /// What other systems call it, at most 20, sorted by source. 外部编号
    async fn external_ids(&self, ctx: &Context<'_>) -> Result<Vec<ExternalId>> {
        external_id::names(ctx, self.id.uuid()).await
    }

    /// The title; null when the caller may not see it. 荣誉称号
    async fn title(&self, ctx: &Context<'_>) -> Nullable<HonourTitle> {
        ctx.find(Some(self.title_id)).await
    }

    /// Who was recommended. 推荐对象
    #[expect(clippy::too_many_arguments, reason = "Relay names them")]
    async fn nominations(
        &self,
        ctx: &Context<'_>,
        #[graphql(name = "where", desc = "Narrows the list. 筛选")] filter: Option<
            HonourNominationWhere,
        >,
        #[graphql(desc = "Sorts the list. 排序")] order_by: Option<
            Vec<OrderBy<HonourNominationOrderField>>,
        >,
        #[graphql(desc = "At most so many from the start: 0 to 100, 20 by default. 前若干条")]
        first: Option<i32>,
        #[graphql(desc = "After this cursor. 起始游标")] after: Option<String>,
        #[graphql(desc = "At most so many from the end: 0 to 100. 后若干条")] last: Option<i32>,
        #[graphql(desc = "Before this cursor. 结束游标")] before: Option<String>,
    ) -> Nullable<Connection<HonourNomination>> {
        let page = Page { first, after, last, before };
        ctx.children(self.id, honour_nomination::Column::RoundId, filter, order_by, page).await
    }

    /// Who was honoured. 授予记录
    #[expect(clippy::too_many_arguments, reason = "Relay names them")]
    async fn awards(
        &self,
        ctx: &Context<'_>,
        #[graphql(name = "where", desc = "Narrows the list. 筛选")] filter: Option<
            HonourAwardWhere,
        >,
        #[graphql(desc = "Sorts the list. 排序")] order_by: Option<
            Vec<OrderBy<HonourAwardOrderField>>,
        >,
        #[graphql(desc = "At most so many from the start: 0 to 100, 20 by default. 前若干条")]
        first: Option<i32>,
        #[graphql(desc = "After this cursor. 起始游标")] after: Option<String>,
        #[graphql(desc = "At most so many from the end: 0 to 100. 后若干条")] last: Option<i32>,
        #[graphql(desc = "Before this cursor. 结束游标")] before: Option<String>,
    ) -> Nullable<Connection<HonourAward>> {
        let page = Page { first, after, last, before };
        ctx.children(self.id, honour_award::Column::RoundId, filter, order_by, page).await
    }
}

impl Resource for HonourRound {
    const KIND: Kind = Kind::HonourRound;

    type Entity = Entity;

    fn id(&self) -> Uuid {
        self.id.uuid()
    }

    fn check(row: &Model) -> Vec<Violation> {
        Violation::out_of_order("noticeEndedOn", row.notice_started_on, row.notice_ended_on)
            .into_iter()
            .collect()
    }
}

impl Linked for HonourRound {
    type Where = HonourRoundWhere;
    type Order = HonourRoundOrderField;

    fn link(field: &str) -> Option<Link> {
        Some(match field {
            "externalIds" => external_id::link(),
            "division" => Division::by_code(Column::DivisionCode),
            "title" => Link::one::<HonourTitle>(Column::TitleId),
            "nominations" => Link::many::<HonourNomination>(honour_nomination::Column::RoundId),
            "awards" => Link::many::<HonourAward>(honour_award::Column::RoundId),
            _ => return None,
        })
    }
}

impl Filter for HonourRoundWhere {
    type Resource = HonourRound;

    fn archived(&self) -> Option<Archived> {
        self.archived
    }

    fn apply<'a>(self, clauses: Clauses<'a>) -> Result<Clauses<'a>> {
        clauses
            .logic(self.and, self.or, self.not)?
            .on(Column::Id, self.id)?
            .on(Column::Year, self.year)?
            .on(Column::Ordinal, self.ordinal)?
            .on(Column::Quota, self.quota)?
            .on(Column::NoticeStartedOn, self.notice_started_on)?
            .on(Column::NoticeEndedOn, self.notice_ended_on)?
            .on(Column::DivisionCode, self.division_code)?
            .on(Column::CreatedAt, self.created_at)?
            .on(Column::UpdatedAt, self.updated_at)?
            .to_one(Column::TitleId, self.title)?
            .to_many(Column::Id, honour_nomination::Column::RoundId, self.nominations)?
            .to_many(Column::Id, honour_award::Column::RoundId, self.awards)
    }
}

impl OrderField for HonourRoundOrderField {
    type Resource = HonourRound;

    fn column(self) -> Column {
        match self {
            HonourRoundOrderField::Year => Column::Year,
            HonourRoundOrderField::Ordinal => Column::Ordinal,
            HonourRoundOrderField::CreatedAt => Column::CreatedAt,
            HonourRoundOrderField::UpdatedAt => Column::UpdatedAt,
        }
    }
}

/// What has to be said of a honour round, as a mutation says it.
#[derive(Default)]
struct Essentials {
    title_id: MaybeUndefined<Id<HonourTitle>>,
    year: MaybeUndefined<i32>,
    ordinal: MaybeUndefined<i32>,
    quota: MaybeUndefined<i32>,
}

async fn create(work: &mut UnitOfWork<'_>, input: HonourRoundCreateInput) -> Result<HonourRound> {
    let essentials = Essentials {
        title_id: MaybeUndefined::Value(input.title_id),
        year: MaybeUndefined::Value(input.year),
        ordinal: MaybeUndefined::Value(input.ordinal),
        quota: MaybeUndefined::Value(input.quota),
    };
    let mut draft = draft(work, essentials, input.details).await?;
    if let Set(owner) = draft.title_id {
        let owner = work.find_current::<HonourTitle>("titleId", Id::new(owner)).await?;
        draft.division_code = Set(owner.division_code);
    }
    work.create::<HonourRound>(draft).await
}

async fn update(work: &mut UnitOfWork<'_>, input: HonourRoundUpdateInput) -> Result<HonourRound> {
    let row = work.find_version(input.id, input.expected_version).await?;
    let essentials = Essentials {
        year: input.year,
        ordinal: input.ordinal,
        quota: input.quota,
        ..Essentials::default()
    };
    let draft = draft(work, essentials, input.details).await?;
    work.update::<HonourRound>(row, draft).await
}

async fn draft(
    work: &mut UnitOfWork<'_>,
    essentials: Essentials,
    details: HonourRoundDetails,
) -> Result<ActiveModel> {
    let mut form = Form::new(work.rules());
    let draft = ActiveModel {
        title_id: form.id("titleId", essentials.title_id),
        year: form.number("year", essentials.year, 1949..=2200),
        ordinal: form.number("ordinal", essentials.ordinal, 1..=1_000),
        quota: form.number("quota", essentials.quota, 1..=1_000_000),
        notice_started_on: form.day_option(details.notice_started_on),
        notice_ended_on: form.day_option(details.notice_ended_on),
        ..Default::default()
    };
    let warnings = form.finish()?;
    work.warn(warnings);
    Ok(draft)
}
