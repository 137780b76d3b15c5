use async_graphql::{ComplexObject, Context, Enum, InputObject, MaybeUndefined, SimpleObject};
use entity::competition_team::{ActiveModel, Column, Entity};
use sea_orm::{ActiveValue::Set, DerivePartialModel};
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use value::{Date, DateTime, DivisionCode};

use crate::{
    Result,
    context::{ContextExt, Nullable},
    directive::{requires, to_read},
    domain::{
        competition::{Competition, CompetitionWhere},
        division::Division,
        external_id,
        union_organization::{UnionOrganization, UnionOrganizationWhere},
    },
    filter::{Archived, Clauses, DivisionFilter, Filter, IdFilter, Nested, Ordering, TextFilter},
    form::Form,
    kind::Kind,
    link::{Link, Linked},
    list::OrderField,
    resource::{Id, Resource},
    shell::{reads, writes},
    unit_of_work::{ExternalId, RecordOptions, UnitOfWork},
};

/// A team that a union sends to a competition.
///
/// 竞赛代表队。
#[derive(Clone, SimpleObject, DerivePartialModel, Serialize, Deserialize)]
#[graphql(complex, directive = requires::apply(to_read(Kind::CompetitionTeam)))]
#[sea_orm(entity = "Entity")]
pub struct CompetitionTeam {
    /// The id. 编号
    pub id: Id<CompetitionTeam>,
    /// The name of the team. 名称
    pub name: String,
    /// The day it entered. 报名日期
    pub entered_on: Option<Date>,
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
    competition_id: Id<Competition>,
    #[graphql(skip)]
    union_organization_id: Id<UnionOrganization>,
}

/// Narrows a list of competition teams.
///
/// 代表队筛选条件。
#[derive(Clone, Debug, Default, InputObject)]
pub struct CompetitionTeamWhere {
    /// All of these. 全部满足
    and: Option<Vec<CompetitionTeamWhere>>,
    /// At least one of these. 至少满足一个
    or: Option<Vec<CompetitionTeamWhere>>,
    /// Not this. 不满足
    not: Option<Box<CompetitionTeamWhere>>,
    /// Whether archived records are in the list; read at the top only. 是否包含已归档
    archived: Option<Archived>,
    /// The id. 编号
    id: Option<IdFilter>,
    /// The name of the team. 名称
    name: Option<TextFilter>,
    /// The day it entered. 报名日期
    entered_on: Option<Ordering<Date>>,
    /// The division that keeps the record. 所属区划
    division_code: Option<DivisionFilter>,
    /// When the record was made. 创建时间
    created_at: Option<Ordering<DateTime>>,
    /// When the record was changed last. 更新时间
    updated_at: Option<Ordering<DateTime>>,
    /// The competition. 竞赛
    competition: Option<Nested<CompetitionWhere>>,
    /// The union that sends it. 派出工会
    union_organization: Option<Nested<UnionOrganizationWhere>>,
}

/// What a list of competition teams can be sorted by.
///
/// 代表队排序字段。
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum CompetitionTeamOrderField {
    /// The name of the team. 名称
    Name,
    /// The day it entered. 报名日期
    EnteredOn,
    /// When the record was made. 创建时间
    CreatedAt,
    /// When the record was changed last. 更新时间
    UpdatedAt,
}

/// What may be said of a competition team and need not be.
#[derive(Clone, Debug, Default, InputObject)]
pub struct CompetitionTeamDetails {
    /// The day it entered. 报名日期
    entered_on: MaybeUndefined<Date>,
}

/// Enters a team.
///
/// 登记代表队。
#[derive(Clone, Debug, InputObject)]
pub struct CompetitionTeamEnterInput {
    /// The competition. 竞赛
    competition_id: Id<Competition>,
    /// The union that sends it. 派出工会
    union_organization_id: Id<UnionOrganization>,
    /// The name of the team. 名称
    name: String,
    #[graphql(flatten)]
    details: CompetitionTeamDetails,
    #[graphql(flatten)]
    options: RecordOptions,
}

/// Changes a competition team: absent keeps, null clears, a value sets.
///
/// 更新代表队：省略则保留，null 则清除，有值则设置。
#[derive(Clone, Debug, InputObject)]
pub struct CompetitionTeamUpdateInput {
    /// The record. 记录编号
    id: Id<CompetitionTeam>,
    /// The version that the caller knows. 期望版本
    expected_version: i32,
    /// The name of the team. 名称
    name: MaybeUndefined<String>,
    #[graphql(flatten)]
    details: CompetitionTeamDetails,
    #[graphql(flatten)]
    options: RecordOptions,
}

reads! {
    Queries("CompetitionTeamQueries") of CompetitionTeam by CompetitionTeamBy, CompetitionTeamWhere, CompetitionTeamOrderField {
        /// One competition team; null when there is none that the caller may see. 查询一条代表队
        competition_team = "competitionTeam",
        /// Competition teams, oldest record first unless told otherwise. 查询代表队列表
        competition_teams = "competitionTeams",
    }
}

writes! {
    Mutations("CompetitionTeamMutations") of CompetitionTeam {
        /// Enters a team. 登记代表队
        competition_team_enter: CompetitionTeamEnterInput => CompetitionTeamEnter = create,
        /// Changes a competition team. 更新代表队
        competition_team_update: CompetitionTeamUpdateInput => CompetitionTeamUpdate = update,
    }
    upsert {
        /// Creates a competition team, or changes the one that has this external id. 按外部编号新增或更新代表队
        competition_team_upsert: CompetitionTeamUpsert of CompetitionTeamEnterInput, CompetitionTeamUpdateInput
    }
    archive {
        /// Archives a competition team: out of the lists, still there by id. 归档代表队
        competition_team_archive: CompetitionTeamArchive
    }
    restore {
        /// Brings back an archived competition team. 恢复代表队
        competition_team_restore: CompetitionTeamRestore
    }
}

#[ComplexObject]
impl CompetitionTeam {
    /// The division that keeps the record. 所属区划
    async fn division(&self, ctx: &Context<'_>) -> Nullable<Division> {
        Division::of(ctx, &self.division_code).await
    }

    /// What other systems call it, at most 20, sorted by source. 外部编号
    async fn external_ids(&self, ctx: &Context<'_>) -> Result<Vec<ExternalId>> {
        external_id::names(ctx, self.id.uuid()).await
    }

    /// The competition; null when the caller may not see it. 竞赛
    async fn competition(&self, ctx: &Context<'_>) -> Nullable<Competition> {
        ctx.find(Some(self.competition_id)).await
    }

    /// The union that sends it; null when the caller may not see it. 派出工会
    async fn union_organization(&self, ctx: &Context<'_>) -> Nullable<UnionOrganization> {
        ctx.find(Some(self.union_organization_id)).await
    }
}

impl Resource for CompetitionTeam {
    const KIND: Kind = Kind::CompetitionTeam;

    type Entity = Entity;

    fn id(&self) -> Uuid {
        self.id.uuid()
    }
}

impl Linked for CompetitionTeam {
    type Where = CompetitionTeamWhere;
    type Order = CompetitionTeamOrderField;

    fn link(field: &str) -> Option<Link> {
        Some(match field {
            "externalIds" => external_id::link(),
            "division" => Division::by_code(Column::DivisionCode),
            "competition" => Link::one::<Competition>(Column::CompetitionId),
            "unionOrganization" => Link::one::<UnionOrganization>(Column::UnionOrganizationId),
            _ => return None,
        })
    }
}

impl Filter for CompetitionTeamWhere {
    type Resource = CompetitionTeam;

    fn archived(&self) -> Option<Archived> {
        self.archived
    }

    fn apply<'a>(self, clauses: Clauses<'a>) -> Result<Clauses<'a>> {
        clauses
            .logic(self.and, self.or, self.not)?
            .on(Column::Id, self.id)?
            .on(Column::Name, self.name)?
            .on(Column::EnteredOn, self.entered_on)?
            .on(Column::DivisionCode, self.division_code)?
            .on(Column::CreatedAt, self.created_at)?
            .on(Column::UpdatedAt, self.updated_at)?
            .to_one(Column::CompetitionId, self.competition)?
            .to_one(Column::UnionOrganizationId, self.union_organization)
    }
}

impl OrderField for CompetitionTeamOrderField {
    type Resource = CompetitionTeam;

    fn column(self) -> Column {
        match self {
            CompetitionTeamOrderField::Name => Column::Name,
            CompetitionTeamOrderField::EnteredOn => Column::EnteredOn,
            CompetitionTeamOrderField::CreatedAt => Column::CreatedAt,
            CompetitionTeamOrderField::UpdatedAt => Column::UpdatedAt,
        }
    }
}

/// What has to be said of a competition team, as a mutation says it.
#[derive(Default)]
struct Essentials {
    competition_id: MaybeUndefined<Id<Competition>>,
    union_organization_id: MaybeUndefined<Id<UnionOrganization>>,
    name: MaybeUndefined<String>,
}

async fn create(
    work: &mut UnitOfWork<'_>,
    input: CompetitionTeamEnterInput,
) -> Result<CompetitionTeam> {
    let essentials = Essentials {
        competition_id: MaybeUndefined::Value(input.competition_id),
        union_organization_id: MaybeUndefined::Value(input.union_organization_id),
        name: MaybeUndefined::Value(input.name),
    };
    let mut draft = draft(work, essentials, input.details).await?;
    if let Set(owner) = draft.competition_id {
        let owner = work.find_current::<Competition>("competitionId", Id::new(owner)).await?;
        draft.division_code = Set(owner.division_code);
    }
    work.create::<CompetitionTeam>(draft).await
}

async fn update(
    work: &mut UnitOfWork<'_>,
    input: CompetitionTeamUpdateInput,
) -> Result<CompetitionTeam> {
    let row = work.find_version(input.id, input.expected_version).await?;
    let essentials = Essentials { name: input.name, ..Essentials::default() };
    let draft = draft(work, essentials, input.details).await?;
    work.update::<CompetitionTeam>(row, draft).await
}

async fn draft(
    work: &mut UnitOfWork<'_>,
    essentials: Essentials,
    details: CompetitionTeamDetails,
) -> Result<ActiveModel> {
    work.refer("unionOrganizationId", essentials.union_organization_id.value().copied()).await?;
    let mut form = Form::new(work.rules());
    let draft = ActiveModel {
        competition_id: form.id("competitionId", essentials.competition_id),
        union_organization_id: form.id("unionOrganizationId", essentials.union_organization_id),
        name: form.line("name", essentials.name, 100),
        entered_on: form.day_option(details.entered_on),
        ..Default::default()
    };
    let warnings = form.finish()?;
    work.warn(warnings);
    Ok(draft)
}
