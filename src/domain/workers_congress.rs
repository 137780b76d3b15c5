use async_graphql::{ComplexObject, Context, Enum, InputObject, MaybeUndefined, SimpleObject};
use entity::{
    congress_delegate, congress_session, proposal,
    workers_congress::{ActiveModel, Column, CongressForm, Entity, Model},
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
        congress_delegate::{CongressDelegate, CongressDelegateOrderField, CongressDelegateWhere},
        congress_session::{CongressSession, CongressSessionOrderField, CongressSessionWhere},
        division::Division,
        employer::{Employer, EmployerWhere},
        external_id,
        proposal::{Proposal, ProposalOrderField, ProposalWhere},
    },
    error::Violation,
    filter::{
        Archived, Clauses, DivisionFilter, Equality, Filter, IdFilter, ListFilter, Nested, Ordering,
    },
    form::Form,
    kind::Kind,
    link::{Link, Linked},
    list::{OrderBy, OrderField, Page},
    resource::{Id, Resource},
    shell::{groups, reads, writes},
    unit_of_work::{ExternalId, RecordOptions, UnitOfWork},
};

/// The workers' congress of an employer, for one term.
///
/// 职工代表大会（届）。
#[derive(Clone, SimpleObject, DerivePartialModel, Serialize, Deserialize)]
#[graphql(complex, directive = requires::apply(to_read(Kind::WorkersCongress)))]
#[sea_orm(entity = "Entity")]
pub struct WorkersCongress {
    /// The id. 编号
    pub id: Id<WorkersCongress>,
    /// Whether delegates meet or all workers. 形式
    pub form: CongressForm,
    /// The number of the term. 届次
    pub term_number: i32,
    /// How many delegates there are; all workers, in a general meeting. 代表总数
    pub delegates_total: i32,
    /// The first day of the term. 届期起
    pub started_on: Date,
    /// The last day of the term; null while it goes on. 届期止
    pub ended_on: Option<Date>,
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

/// Narrows a list of workers' congresses.
///
/// 职工代表大会筛选条件。
#[derive(Clone, Debug, Default, InputObject)]
pub struct WorkersCongressWhere {
    /// All of these. 全部满足
    and: Option<Vec<WorkersCongressWhere>>,
    /// At least one of these. 至少满足一个
    or: Option<Vec<WorkersCongressWhere>>,
    /// Not this. 不满足
    not: Option<Box<WorkersCongressWhere>>,
    /// Whether archived records are in the list; read at the top only. 是否包含已归档
    archived: Option<Archived>,
    /// The id. 编号
    id: Option<IdFilter>,
    /// Whether delegates meet or all workers. 形式
    form: Option<Equality<CongressForm>>,
    /// The number of the term. 届次
    term_number: Option<Ordering<i32>>,
    /// How many delegates there are; all workers, in a general meeting. 代表总数
    delegates_total: Option<Ordering<i32>>,
    /// The first day of the term. 届期起
    started_on: Option<Ordering<Date>>,
    /// The last day of the term; null while it goes on. 届期止
    ended_on: Option<Ordering<Date>>,
    /// The division that keeps the record. 所属区划
    division_code: Option<DivisionFilter>,
    /// When the record was made. 创建时间
    created_at: Option<Ordering<DateTime>>,
    /// When the record was changed last. 更新时间
    updated_at: Option<Ordering<DateTime>>,
    /// The employer. 用人单位
    employer: Option<Nested<EmployerWhere>>,
    /// Its sessions. 历次会议
    sessions: Option<ListFilter<CongressSessionWhere>>,
    /// Its delegates. 职工代表
    delegates: Option<ListFilter<CongressDelegateWhere>>,
    /// What was proposed to it. 职工代表提案
    proposals: Option<ListFilter<ProposalWhere>>,
}

/// What a list of workers' congresses can be sorted by.
///
/// 职工代表大会排序字段。
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum WorkersCongressOrderField {
    /// The number of the term. 届次
    TermNumber,
    /// How many delegates there are; all workers, in a general meeting. 代表总数
    DelegatesTotal,
    /// The first day of the term. 届期起
    StartedOn,
    /// The last day of the term; null while it goes on. 届期止
    EndedOn,
    /// When the record was made. 创建时间
    CreatedAt,
    /// When the record was changed last. 更新时间
    UpdatedAt,
}

/// What may be said of a workers' congress and need not be.
#[derive(Clone, Debug, Default, InputObject)]
pub struct WorkersCongressDetails {
    /// The last day of the term; null while it goes on. 届期止
    ended_on: MaybeUndefined<Date>,
}

/// Convenes a workers' congress.
///
/// 召集职工代表大会。
#[derive(Clone, Debug, InputObject)]
pub struct WorkersCongressConveneInput {
    /// The employer. 用人单位
    employer_id: Id<Employer>,
    /// Whether delegates meet or all workers. 形式
    form: CongressForm,
    /// The number of the term. 届次
    term_number: i32,
    /// How many delegates there are; all workers, in a general meeting. 代表总数
    delegates_total: i32,
    /// The first day of the term. 届期起
    started_on: Date,
    #[graphql(flatten)]
    details: WorkersCongressDetails,
    #[graphql(flatten)]
    options: RecordOptions,
}

/// Changes a workers' congress: absent keeps, null clears, a value sets.
///
/// 更新职工代表大会：省略则保留，null 则清除，有值则设置。
#[derive(Clone, Debug, InputObject)]
pub struct WorkersCongressUpdateInput {
    /// The record. 记录编号
    id: Id<WorkersCongress>,
    /// The version that the caller knows. 期望版本
    expected_version: i32,
    /// Whether delegates meet or all workers. 形式
    form: MaybeUndefined<CongressForm>,
    /// The number of the term. 届次
    term_number: MaybeUndefined<i32>,
    /// How many delegates there are; all workers, in a general meeting. 代表总数
    delegates_total: MaybeUndefined<i32>,
    /// The first day of the term. 届期起
    started_on: MaybeUndefined<Date>,
    #[graphql(flatten)]
    details: WorkersCongressDetails,
    #[graphql(flatten)]
    options: RecordOptions,
}

reads! {
    Queries("WorkersCongressQueries") of WorkersCongress by WorkersCongressBy, WorkersCongressWhere, WorkersCongressOrderField {
        /// One workers' congress; null when there is none that the caller may see. 查询一条职工代表大会
        workers_congress = "workersCongress",
        /// Workers' congresses, oldest record first unless told otherwise. 查询职工代表大会列表
        workers_congresses = "workersCongresses",
    }
}

writes! {
    Mutations("WorkersCongressMutations") of WorkersCongress {
        /// Convenes a workers' congress. 召集职工代表大会
        workers_congress_convene: WorkersCongressConveneInput => WorkersCongressConvene = create,
        /// Changes a workers' congress. 更新职工代表大会
        workers_congress_update: WorkersCongressUpdateInput => WorkersCongressUpdate = update,
    }
    upsert {
        /// Creates a workers' congress, or changes the one that has this external id. 按外部编号新增或更新职工代表大会
        workers_congress_upsert: WorkersCongressUpsert of WorkersCongressConveneInput, WorkersCongressUpdateInput
    }
    archive {
        /// Archives a workers' congress: out of the lists, still there by id. 归档职工代表大会
        workers_congress_archive: WorkersCongressArchive
    }
    restore {
        /// Brings back an archived workers' congress. 恢复职工代表大会
        workers_congress_restore: WorkersCongressRestore
    }
}

groups! {
    /// Workers' congresses, counted by what they have in common: at most 1,000 groups. 按字段分组统计职工代表大会
    Groups("WorkersCongressGroupQueries") of WorkersCongress by WorkersCongressWhere in workers_congress_groups: WorkersCongressGroup by WorkersCongressGroupField {
        /// Whether delegates meet or all workers. 形式
        Form = form: CongressForm,
        /// The division that keeps the record. 所属区划代码
        DivisionCode = division_code: DivisionCode,
    }
}

#[ComplexObject]
impl WorkersCongress {
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

    /// Its sessions. 历次会议
    #[expect(clippy::too_many_arguments, reason = "Relay names them")]
    async fn sessions(
        &self,
        ctx: &Context<'_>,
        #[graphql(name = "where", desc = "Narrows the list. 筛选")] filter: Option<
            CongressSessionWhere,
        >,
        #[graphql(desc = "Sorts the list. 排序")] order_by: Option<
            Vec<OrderBy<CongressSessionOrderField>>,
        >,
        #[graphql(desc = "At most so many from the start: 0 to 100, 20 by default. 前若干条")]
        first: Option<i32>,
        #[graphql(desc = "After this cursor. 起始游标")] after: Option<String>,
        #[graphql(desc = "At most so many from the end: 0 to 100. 后若干条")] last: Option<i32>,
        #[graphql(desc = "Before this cursor. 结束游标")] before: Option<String>,
    ) -> Nullable<Connection<CongressSession>> {
        let page = Page { first, after, last, before };
        ctx.children(self.id, congress_session::Column::CongressId, filter, order_by, page).await
    }

    /// Its delegates. 职工代表
    #[expect(clippy::too_many_arguments, reason = "Relay names them")]
    async fn delegates(
        &self,
        ctx: &Context<'_>,
        #[graphql(name = "where", desc = "Narrows the list. 筛选")] filter: Option<
            CongressDelegateWhere,
        >,
        #[graphql(desc = "Sorts the list. 排序")] order_by: Option<
            Vec<OrderBy<CongressDelegateOrderField>>,
        >,
        #[graphql(desc = "At most so many from the start: 0 to 100, 20 by default. 前若干条")]
        first: Option<i32>,
        #[graphql(desc = "After this cursor. 起始游标")] after: Option<String>,
        #[graphql(desc = "At most so many from the end: 0 to 100. 后若干条")] last: Option<i32>,
        #[graphql(desc = "Before this cursor. 结束游标")] before: Option<String>,
    ) -> Nullable<Connection<CongressDelegate>> {
        let page = Page { first, after, last, before };
        ctx.children(self.id, congress_delegate::Column::CongressId, filter, order_by, page).await
    }

    /// What was proposed to it. 职工代表提案
    #[expect(clippy::too_many_arguments, reason = "Relay names them")]
    async fn proposals(
        &self,
        ctx: &Context<'_>,
        #[graphql(name = "where", desc = "Narrows the list. 筛选")] filter: Option<ProposalWhere>,
        #[graphql(desc = "Sorts the list. 排序")] order_by: Option<
            Vec<OrderBy<ProposalOrderField>>,
        >,
        #[graphql(desc = "At most so many from the start: 0 to 100, 20 by default. 前若干条")]
        first: Option<i32>,
        #[graphql(desc = "After this cursor. 起始游标")] after: Option<String>,
        #[graphql(desc = "At most so many from the end: 0 to 100. 后若干条")] last: Option<i32>,
        #[graphql(desc = "Before this cursor. 结束游标")] before: Option<String>,
    ) -> Nullable<Connection<Proposal>> {
        let page = Page { first, after, last, before };
        ctx.children(self.id, proposal::Column::CongressId, filter, order_by, page).await
    }
}

impl Resource for WorkersCongress {
    const KIND: Kind = Kind::WorkersCongress;

    type Entity = Entity;

    fn id(&self) -> Uuid {
        self.id.uuid()
    }

    fn check(row: &Model) -> Vec<Violation> {
        let broken = [
            Violation::out_of_order("endedOn", Some(row.started_on), row.ended_on),
            (row.form == CongressForm::Delegates && row.delegates_total < FEWEST_DELEGATES).then(
                || {
                    Violation::inconsistent(
                        "delegatesTotal",
                        "A congress has at least 30 delegates.",
                        "职工代表大会代表不得少于30人。",
                    )
                },
            ),
            (row.form == CongressForm::GeneralMeeting && row.delegates_total >= MOST_IN_MEETING)
                .then(|| {
                    Violation::inconsistent(
                        "form",
                        "From 100 workers on, delegates meet.",
                        "职工100人以上的应召开职工代表大会。",
                    )
                }),
        ];
        broken.into_iter().flatten().collect()
    }
}

impl Linked for WorkersCongress {
    type Where = WorkersCongressWhere;
    type Order = WorkersCongressOrderField;

    fn link(field: &str) -> Option<Link> {
        Some(match field {
            "externalIds" => external_id::link(),
            "division" => Division::by_code(Column::DivisionCode),
            "employer" => Link::one::<Employer>(Column::EmployerId),
            "sessions" => Link::many::<CongressSession>(congress_session::Column::CongressId),
            "delegates" => Link::many::<CongressDelegate>(congress_delegate::Column::CongressId),
            "proposals" => Link::many::<Proposal>(proposal::Column::CongressId),
            _ => return None,
        })
    }
}

impl Filter for WorkersCongressWhere {
    type Resource = WorkersCongress;

    fn archived(&self) -> Option<Archived> {
        self.archived
    }

    fn apply<'a>(self, clauses: Clauses<'a>) -> Result<Clauses<'a>> {
        clauses
            .logic(self.and, self.or, self.not)?
            .on(Column::Id, self.id)?
            .on(Column::Form, self.form)?
            .on(Column::TermNumber, self.term_number)?
            .on(Column::DelegatesTotal, self.delegates_total)?
            .on(Column::StartedOn, self.started_on)?
            .on(Column::EndedOn, self.ended_on)?
            .on(Column::DivisionCode, self.division_code)?
            .on(Column::CreatedAt, self.created_at)?
            .on(Column::UpdatedAt, self.updated_at)?
            .to_one(Column::EmployerId, self.employer)?
            .to_many(Column::Id, congress_session::Column::CongressId, self.sessions)?
            .to_many(Column::Id, congress_delegate::Column::CongressId, self.delegates)?
            .to_many(Column::Id, proposal::Column::CongressId, self.proposals)
    }
}

impl OrderField for WorkersCongressOrderField {
    type Resource = WorkersCongress;

    fn column(self) -> Column {
        match self {
            WorkersCongressOrderField::TermNumber => Column::TermNumber,
            WorkersCongressOrderField::DelegatesTotal => Column::DelegatesTotal,
            WorkersCongressOrderField::StartedOn => Column::StartedOn,
            WorkersCongressOrderField::EndedOn => Column::EndedOn,
            WorkersCongressOrderField::CreatedAt => Column::CreatedAt,
            WorkersCongressOrderField::UpdatedAt => Column::UpdatedAt,
        }
    }
}

/// The fewest delegates that make a congress (rules of democratic management, art. 8).
const FEWEST_DELEGATES: i32 = 30;
/// From so many workers on, not all of them meet.
const MOST_IN_MEETING: i32 = 100;

/// What has to be said of a workers' congress, as a mutation says it.
#[derive(Default)]
struct Essentials {
    employer_id: MaybeUndefined<Id<Employer>>,
    form: MaybeUndefined<CongressForm>,
    term_number: MaybeUndefined<i32>,
    delegates_total: MaybeUndefined<i32>,
    started_on: MaybeUndefined<Date>,
}

async fn create(
    work: &mut UnitOfWork<'_>,
    input: WorkersCongressConveneInput,
) -> Result<WorkersCongress> {
    let essentials = Essentials {
        employer_id: MaybeUndefined::Value(input.employer_id),
        form: MaybeUndefined::Value(input.form),
        term_number: MaybeUndefined::Value(input.term_number),
        delegates_total: MaybeUndefined::Value(input.delegates_total),
        started_on: MaybeUndefined::Value(input.started_on),
    };
    let mut draft = draft(work, essentials, input.details).await?;
    if let Set(owner) = draft.employer_id {
        let owner = work.find_current::<Employer>("employerId", Id::new(owner)).await?;
        draft.division_code = Set(owner.division_code);
    }
    work.create::<WorkersCongress>(draft).await
}

async fn update(
    work: &mut UnitOfWork<'_>,
    input: WorkersCongressUpdateInput,
) -> Result<WorkersCongress> {
    let row = work.find_version(input.id, input.expected_version).await?;
    let essentials = Essentials {
        form: input.form,
        term_number: input.term_number,
        delegates_total: input.delegates_total,
        started_on: input.started_on,
        ..Essentials::default()
    };
    let draft = draft(work, essentials, input.details).await?;
    work.update::<WorkersCongress>(row, draft).await
}

async fn draft(
    work: &mut UnitOfWork<'_>,
    essentials: Essentials,
    details: WorkersCongressDetails,
) -> Result<ActiveModel> {
    let mut form = Form::new(work.rules());
    let draft = ActiveModel {
        employer_id: form.id("employerId", essentials.employer_id),
        form: form.plain("form", essentials.form),
        term_number: form.number("termNumber", essentials.term_number, 1..=1_000),
        delegates_total: form.number("delegatesTotal", essentials.delegates_total, 1..=100_000),
        started_on: form.day("startedOn", essentials.started_on),
        ended_on: form.day_option(details.ended_on),
        ..Default::default()
    };
    let warnings = form.finish()?;
    work.warn(warnings);
    Ok(draft)
}
