use async_graphql::{ComplexObject, Context, Enum, InputObject, MaybeUndefined, SimpleObject};
use entity::{
    wage_arrears_case::{ActiveModel, Column, Entity, Model},
    wage_arrears_party,
};
use sea_orm::DerivePartialModel;
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use value::{BigInt, Date, DateTime, DivisionCode, Fen, Unchecked};

use crate::{
    Result,
    connection::Connection,
    context::{ContextExt, Nullable},
    directive::{requires, to_read},
    domain::{
        dispute_case::{DisputeCase, DisputeCaseWhere},
        division::Division,
        external_id,
        wage_arrears_party::{WageArrearsParty, WageArrearsPartyOrderField, WageArrearsPartyWhere},
    },
    error::Violation,
    filter::{
        Archived, Clauses, DivisionFilter, Filter, IdFilter, ListFilter, Nested, Ordering,
        TextFilter,
    },
    form::Form,
    kind::Kind,
    link::{Link, Linked},
    list::{OrderBy, OrderField, Page},
    resource::{Id, Resource},
    shell::{reads, writes},
    unit_of_work::{ExternalId, RecordOptions, UnitOfWork},
};

/// Wages that are owed for the work on a project or in a case, with all who answer for them.
///
/// 欠薪案件。
#[derive(Clone, SimpleObject, DerivePartialModel, Serialize, Deserialize)]
#[graphql(complex, directive = requires::apply(to_read(Kind::WageArrearsCase)))]
#[sea_orm(entity = "Entity")]
pub struct WageArrearsCase {
    /// The id. 编号
    pub id: Id<WageArrearsCase>,
    /// The project, if it is about one. 工程项目名称
    pub project_name: Option<String>,
    /// How many workers are owed. 涉及职工人数
    pub worker_count: i32,
    /// What is owed to them together. 拖欠金额
    #[graphql(name = "owed")]
    pub owed_fen: Fen,
    /// The day it was found. 发现日期
    pub found_on: Date,
    /// The day all was paid; null before. 清偿日期
    pub settled_on: Option<Date>,
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
    case_id: Option<Id<DisputeCase>>,
}

/// Narrows a list of wage arrears cases.
///
/// 欠薪案件筛选条件。
#[derive(Clone, Debug, Default, InputObject)]
pub struct WageArrearsCaseWhere {
    /// All of these. 全部满足
    and: Option<Vec<WageArrearsCaseWhere>>,
    /// At least one of these. 至少满足一个
    or: Option<Vec<WageArrearsCaseWhere>>,
    /// Not this. 不满足
    not: Option<Box<WageArrearsCaseWhere>>,
    /// Whether archived records are in the list; read at the top only. 是否包含已归档
    archived: Option<Archived>,
    /// The id. 编号
    id: Option<IdFilter>,
    /// The project, if it is about one. 工程项目名称
    project_name: Option<TextFilter>,
    /// How many workers are owed. 涉及职工人数
    worker_count: Option<Ordering<i32>>,
    /// What is owed to them together, in fen. 拖欠金额（分）
    owed_fen: Option<Ordering<BigInt>>,
    /// The day it was found. 发现日期
    found_on: Option<Ordering<Date>>,
    /// The day all was paid; null before. 清偿日期
    settled_on: Option<Ordering<Date>>,
    /// The division that keeps the record. 所属区划
    division_code: Option<DivisionFilter>,
    /// When the record was made. 创建时间
    created_at: Option<Ordering<DateTime>>,
    /// When the record was changed last. 更新时间
    updated_at: Option<Ordering<DateTime>>,
    /// The dispute case, if there is one. 争议案件
    case: Option<Nested<DisputeCaseWhere>>,
    /// Who answers for it, along the chain. 责任单位
    parties: Option<ListFilter<WageArrearsPartyWhere>>,
}

/// What a list of wage arrears cases can be sorted by.
///
/// 欠薪案件排序字段。
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum WageArrearsCaseOrderField {
    /// How many workers are owed. 涉及职工人数
    WorkerCount,
    /// What is owed to them together. 拖欠金额
    Owed,
    /// The day it was found. 发现日期
    FoundOn,
    /// The day all was paid; null before. 清偿日期
    SettledOn,
    /// When the record was made. 创建时间
    CreatedAt,
    /// When the record was changed last. 更新时间
    UpdatedAt,
}

/// What may be said of a wage arrears case and need not be.
#[derive(Clone, Debug, Default, InputObject)]
pub struct WageArrearsCaseDetails {
    /// The dispute case, if there is one. 争议案件
    case_id: MaybeUndefined<Id<DisputeCase>>,
    /// The project, if it is about one. 工程项目名称
    project_name: MaybeUndefined<String>,
    /// The day all was paid; null before. 清偿日期
    settled_on: MaybeUndefined<Date>,
}

/// Registers that wages are owed.
///
/// 登记欠薪案件。
#[derive(Clone, Debug, InputObject)]
pub struct WageArrearsCaseRegisterInput {
    /// How many workers are owed. 涉及职工人数
    worker_count: i32,
    /// What is owed to them together, in fen. 拖欠金额（分）
    owed_fen: BigInt,
    /// The day it was found. 发现日期
    found_on: Date,
    /// The division that keeps the record. 所属区划代码
    division_code: Unchecked<DivisionCode>,
    #[graphql(flatten)]
    details: WageArrearsCaseDetails,
    #[graphql(flatten)]
    options: RecordOptions,
}

/// Changes a wage arrears case: absent keeps, null clears, a value sets.
///
/// 更新欠薪案件：省略则保留，null 则清除，有值则设置。
#[derive(Clone, Debug, InputObject)]
pub struct WageArrearsCaseUpdateInput {
    /// The record. 记录编号
    id: Id<WageArrearsCase>,
    /// The version that the caller knows. 期望版本
    expected_version: i32,
    /// How many workers are owed. 涉及职工人数
    worker_count: MaybeUndefined<i32>,
    /// What is owed to them together, in fen. 拖欠金额（分）
    owed_fen: MaybeUndefined<BigInt>,
    /// The day it was found. 发现日期
    found_on: MaybeUndefined<Date>,
    #[graphql(flatten)]
    details: WageArrearsCaseDetails,
    #[graphql(flatten)]
    options: RecordOptions,
}

reads! {
    Queries("WageArrearsCaseQueries") of WageArrearsCase by WageArrearsCaseBy, WageArrearsCaseWhere, WageArrearsCaseOrderField {
        /// One wage arrears case; null when there is none that the caller may see. 查询一条欠薪案件
        wage_arrears_case = "wageArrearsCase",
        /// Wage arrears cases, oldest record first unless told otherwise. 查询欠薪案件列表
        wage_arrears_cases = "wageArrearsCases",
    }
}

writes! {
    Mutations("WageArrearsCaseMutations") of WageArrearsCase {
        /// Registers that wages are owed. 登记欠薪案件
        wage_arrears_case_register: WageArrearsCaseRegisterInput => WageArrearsCaseRegister = create,
        /// Changes a wage arrears case. 更新欠薪案件
        wage_arrears_case_update: WageArrearsCaseUpdateInput => WageArrearsCaseUpdate = update,
    }
    upsert {
        /// Creates a wage arrears case, or changes the one that has this external id. 按外部编号新增或更新欠薪案件
        wage_arrears_case_upsert: WageArrearsCaseUpsert of WageArrearsCaseRegisterInput, WageArrearsCaseUpdateInput
    }
    archive {
        /// Archives a wage arrears case: out of the lists, still there by id. 归档欠薪案件
        wage_arrears_case_archive: WageArrearsCaseArchive
    }
    restore {
        /// Brings back an archived wage arrears case. 恢复欠薪案件
        wage_arrears_case_restore: WageArrearsCaseRestore
    }
}

#[ComplexObject]
impl WageArrearsCase {
    /// The division that keeps the record. 所属区划
    async fn division(&self, ctx: &Context<'_>) -> Nullable<Division> {
        Division::of(ctx, &self.division_code).await
    }

    /// What other systems call it, at most 20, sorted by source. 外部编号
    async fn external_ids(&self, ctx: &Context<'_>) -> Result<Vec<ExternalId>> {
        external_id::names(ctx, self.id.uuid()).await
    }

    /// The dispute case, if there is one; null when the caller may not see it. 争议案件
    async fn case(&self, ctx: &Context<'_>) -> Nullable<DisputeCase> {
        ctx.find(self.case_id).await
    }

    /// Who answers for it, along the chain. 责任单位
    #[expect(clippy::too_many_arguments, reason = "Relay names them")]
    async fn parties(
        &self,
        ctx: &Context<'_>,
        #[graphql(name = "where", desc = "Narrows the list. 筛选")] filter: Option<
            WageArrearsPartyWhere,
        >,
        #[graphql(desc = "Sorts the list. 排序")] order_by: Option<
            Vec<OrderBy<WageArrearsPartyOrderField>>,
        >,
        #[graphql(desc = "At most so many from the start: 0 to 100, 20 by default. 前若干条")]
        first: Option<i32>,
        #[graphql(desc = "After this cursor. 起始游标")] after: Option<String>,
        #[graphql(desc = "At most so many from the end: 0 to 100. 后若干条")] last: Option<i32>,
        #[graphql(desc = "Before this cursor. 结束游标")] before: Option<String>,
    ) -> Nullable<Connection<WageArrearsParty>> {
        let page = Page { first, after, last, before };
        ctx.children(self.id, wage_arrears_party::Column::ArrearsCaseId, filter, order_by, page)
            .await
    }
}

impl Resource for WageArrearsCase {
    const KIND: Kind = Kind::WageArrearsCase;

    type Entity = Entity;

    fn id(&self) -> Uuid {
        self.id.uuid()
    }

    fn check(row: &Model) -> Vec<Violation> {
        let broken = [
            Violation::out_of_order("settledOn", Some(row.found_on), row.settled_on),
            (row.case_id.is_none() && row.project_name.is_none()).then(|| {
                Violation::inconsistent(
                    "projectName",
                    "Wages are owed in a case or on a project.",
                    "须关联争议案件或填写工程项目。",
                )
            }),
        ];
        broken.into_iter().flatten().collect()
    }
}

impl Linked for WageArrearsCase {
    type Where = WageArrearsCaseWhere;
    type Order = WageArrearsCaseOrderField;

    fn link(field: &str) -> Option<Link> {
        Some(match field {
            "externalIds" => external_id::link(),
            "division" => Division::by_code(Column::DivisionCode),
            "case" => Link::one::<DisputeCase>(Column::CaseId),
            "parties" => Link::many::<WageArrearsParty>(wage_arrears_party::Column::ArrearsCaseId),
            _ => return None,
        })
    }
}

impl Filter for WageArrearsCaseWhere {
    type Resource = WageArrearsCase;

    fn archived(&self) -> Option<Archived> {
        self.archived
    }

    fn apply<'a>(self, clauses: Clauses<'a>) -> Result<Clauses<'a>> {
        clauses
            .logic(self.and, self.or, self.not)?
            .on(Column::Id, self.id)?
            .on(Column::ProjectName, self.project_name)?
            .on(Column::WorkerCount, self.worker_count)?
            .on(Column::OwedFen, self.owed_fen)?
            .on(Column::FoundOn, self.found_on)?
            .on(Column::SettledOn, self.settled_on)?
            .on(Column::DivisionCode, self.division_code)?
            .on(Column::CreatedAt, self.created_at)?
            .on(Column::UpdatedAt, self.updated_at)?
            .to_one(Column::CaseId, self.case)?
            .to_many(Column::Id, wage_arrears_party::Column::ArrearsCaseId, self.parties)
    }
}

impl OrderField for WageArrearsCaseOrderField {
    type Resource = WageArrearsCase;

    fn column(self) -> Column {
        match self {
            WageArrearsCaseOrderField::WorkerCount => Column::WorkerCount,
            WageArrearsCaseOrderField::Owed => Column::OwedFen,
            WageArrearsCaseOrderField::FoundOn => Column::FoundOn,
            WageArrearsCaseOrderField::SettledOn => Column::SettledOn,
            WageArrearsCaseOrderField::CreatedAt => Column::CreatedAt,
            WageArrearsCaseOrderField::UpdatedAt => Column::UpdatedAt,
        }
    }
}

/// What has to be said of a wage arrears case, as a mutation says it.
#[derive(Default)]
struct Essentials {
    worker_count: MaybeUndefined<i32>,
    owed_fen: MaybeUndefined<BigInt>,
    found_on: MaybeUndefined<Date>,
    division_code: MaybeUndefined<Unchecked<DivisionCode>>,
}

async fn create(
    work: &mut UnitOfWork<'_>,
    input: WageArrearsCaseRegisterInput,
) -> Result<WageArrearsCase> {
    let essentials = Essentials {
        worker_count: MaybeUndefined::Value(input.worker_count),
        owed_fen: MaybeUndefined::Value(input.owed_fen),
        found_on: MaybeUndefined::Value(input.found_on),
        division_code: MaybeUndefined::Value(input.division_code),
    };
    let draft = draft(work, essentials, input.details).await?;
    work.create::<WageArrearsCase>(draft).await
}

async fn update(
    work: &mut UnitOfWork<'_>,
    input: WageArrearsCaseUpdateInput,
) -> Result<WageArrearsCase> {
    let row = work.find_version(input.id, input.expected_version).await?;
    let essentials = Essentials {
        worker_count: input.worker_count,
        owed_fen: input.owed_fen,
        found_on: input.found_on,
        ..Essentials::default()
    };
    let draft = draft(work, essentials, input.details).await?;
    work.update::<WageArrearsCase>(row, draft).await
}

async fn draft(
    work: &mut UnitOfWork<'_>,
    essentials: Essentials,
    details: WageArrearsCaseDetails,
) -> Result<ActiveModel> {
    work.refer("caseId", details.case_id.value().copied()).await?;
    let mut form = Form::new(work.rules());
    let draft = ActiveModel {
        worker_count: form.number("workerCount", essentials.worker_count, 1..=100_000),
        owed_fen: form.fen("owedFen", essentials.owed_fen),
        found_on: form.day("foundOn", essentials.found_on),
        case_id: form.id_option(details.case_id),
        project_name: form.line_option("projectName", details.project_name, 200),
        settled_on: form.day_option(details.settled_on),
        division_code: form.value("divisionCode", essentials.division_code),
        ..Default::default()
    };
    let warnings = form.finish()?;
    work.warn(warnings);
    Ok(draft)
}
