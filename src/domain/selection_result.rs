use async_graphql::{ComplexObject, Context, Enum, InputObject, MaybeUndefined, SimpleObject};
use entity::selection_result::{ActiveModel, Column, Entity, Model};
use sea_orm::{ActiveValue::Set, DerivePartialModel};
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use value::{DateTime, DivisionCode};

use crate::{
    Result,
    context::{ContextExt, Nullable},
    directive::{requires, to_read},
    domain::{
        division::Division,
        external_id,
        innovation_achievement::{InnovationAchievement, InnovationAchievementWhere},
        innovation_studio::{InnovationStudio, InnovationStudioWhere},
        selection::{Selection, SelectionWhere},
    },
    error::Violation,
    filter::{Archived, Clauses, DivisionFilter, Filter, IdFilter, Nested, Ordering},
    form::Form,
    kind::Kind,
    link::{Link, Linked},
    list::OrderField,
    resource::{Id, Resource},
    shell::{reads, writes},
    unit_of_work::{ExternalId, RecordOptions, UnitOfWork},
};

/// A studio or an achievement that was selected.
///
/// 评选结果。
#[derive(Clone, SimpleObject, DerivePartialModel, Serialize, Deserialize)]
#[graphql(complex, directive = requires::apply(to_read(Kind::SelectionResult)))]
#[sea_orm(entity = "Entity")]
pub struct SelectionResult {
    /// The id. 编号
    pub id: Id<SelectionResult>,
    /// The place. 名次
    pub rank: i32,
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
    selection_id: Id<Selection>,
    #[graphql(skip)]
    studio_id: Option<Id<InnovationStudio>>,
    #[graphql(skip)]
    achievement_id: Option<Id<InnovationAchievement>>,
}

/// Narrows a list of selection results.
///
/// 评选结果筛选条件。
#[derive(Clone, Debug, Default, InputObject)]
pub struct SelectionResultWhere {
    /// All of these. 全部满足
    and: Option<Vec<SelectionResultWhere>>,
    /// At least one of these. 至少满足一个
    or: Option<Vec<SelectionResultWhere>>,
    /// Not this. 不满足
    not: Option<Box<SelectionResultWhere>>,
    /// Whether archived records are in the list; read at the top only. 是否包含已归档
    archived: Option<Archived>,
    /// The id. 编号
    id: Option<IdFilter>,
    /// The place. 名次
    rank: Option<Ordering<i32>>,
    /// The division that keeps the record. 所属区划
    division_code: Option<DivisionFilter>,
    /// When the record was made. 创建时间
    created_at: Option<Ordering<DateTime>>,
    /// When the record was changed last. 更新时间
    updated_at: Option<Ordering<DateTime>>,
    /// The selection. 评选活动
    selection: Option<Nested<SelectionWhere>>,
    /// The studio. 创新工作室
    studio: Option<Nested<InnovationStudioWhere>>,
    /// The achievement. 创新成果
    achievement: Option<Nested<InnovationAchievementWhere>>,
}

/// What a list of selection results can be sorted by.
///
/// 评选结果排序字段。
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum SelectionResultOrderField {
    /// The place. 名次
    Rank,
    /// When the record was made. 创建时间
    CreatedAt,
    /// When the record was changed last. 更新时间
    UpdatedAt,
}

/// What may be said of a selection result and need not be.
#[derive(Clone, Debug, Default, InputObject)]
pub struct SelectionResultDetails {
    /// The studio. 创新工作室
    studio_id: MaybeUndefined<Id<InnovationStudio>>,
    /// The achievement. 创新成果
    achievement_id: MaybeUndefined<Id<InnovationAchievement>>,
}

/// Enters a result.
///
/// 登记评选结果。
#[derive(Clone, Debug, InputObject)]
pub struct SelectionResultEnterInput {
    /// The selection. 评选活动
    selection_id: Id<Selection>,
    /// The place. 名次
    rank: i32,
    #[graphql(flatten)]
    details: SelectionResultDetails,
    #[graphql(flatten)]
    options: RecordOptions,
}

/// Changes a selection result: absent keeps, null clears, a value sets.
///
/// 更新评选结果：省略则保留，null 则清除，有值则设置。
#[derive(Clone, Debug, InputObject)]
pub struct SelectionResultUpdateInput {
    /// The record. 记录编号
    id: Id<SelectionResult>,
    /// The version that the caller knows. 期望版本
    expected_version: i32,
    /// The place. 名次
    rank: MaybeUndefined<i32>,
    #[graphql(flatten)]
    details: SelectionResultDetails,
    #[graphql(flatten)]
    options: RecordOptions,
}

reads! {
    Queries("SelectionResultQueries") of SelectionResult by SelectionResultBy, SelectionResultWhere, SelectionResultOrderField {
        /// One selection result; null when there is none that the caller may see. 查询一条评选结果
        selection_result = "selectionResult",
        /// Selection results, oldest record first unless told otherwise. 查询评选结果列表
        selection_results = "selectionResults",
    }
}

writes! {
    Mutations("SelectionResultMutations") of SelectionResult {
        /// Enters a result. 登记评选结果
        selection_result_enter: SelectionResultEnterInput => SelectionResultEnter = create,
        /// Changes a selection result. 更新评选结果
        selection_result_update: SelectionResultUpdateInput => SelectionResultUpdate = update,
    }
    upsert {
        /// Creates a selection result, or changes the one that has this external id. 按外部编号新增或更新评选结果
        selection_result_upsert: SelectionResultUpsert of SelectionResultEnterInput, SelectionResultUpdateInput
    }
    archive {
        /// Archives a selection result: out of the lists, still there by id. 归档评选结果
        selection_result_archive: SelectionResultArchive
    }
    restore {
        /// Brings back an archived selection result. 恢复评选结果
        selection_result_restore: SelectionResultRestore
    }
}

#[ComplexObject]
impl SelectionResult {
    /// The division that keeps the record. 所属区划
    async fn division(&self, ctx: &Context<'_>) -> Nullable<Division> {
        Division::of(ctx, &self.division_code).await
    }

    /// What other systems call it, at most 20, sorted by source. 外部编号
    async fn external_ids(&self, ctx: &Context<'_>) -> Result<Vec<ExternalId>> {
        external_id::names(ctx, self.id.uuid()).await
    }

    /// The selection; null when the caller may not see it. 评选活动
    async fn selection(&self, ctx: &Context<'_>) -> Nullable<Selection> {
        ctx.find(Some(self.selection_id)).await
    }

    /// The studio; null when the caller may not see it. 创新工作室
    async fn studio(&self, ctx: &Context<'_>) -> Nullable<InnovationStudio> {
        ctx.find(self.studio_id).await
    }

    /// The achievement; null when the caller may not see it. 创新成果
    async fn achievement(&self, ctx: &Context<'_>) -> Nullable<InnovationAchievement> {
        ctx.find(self.achievement_id).await
    }
}

impl Resource for SelectionResult {
    const KIND: Kind = Kind::SelectionResult;

    type Entity = Entity;

    fn id(&self) -> Uuid {
        self.id.uuid()
    }

    fn check(row: &Model) -> Vec<Violation> {
        (row.studio_id.is_some() == row.achievement_id.is_some())
            .then(|| {
                Violation::inconsistent(
                    "studioId",
                    "A result is one studio or one achievement.",
                    "评选结果应为一个工作室或一项成果，二者取一。",
                )
            })
            .into_iter()
            .collect()
    }
}

impl Linked for SelectionResult {
    type Where = SelectionResultWhere;
    type Order = SelectionResultOrderField;

    fn link(field: &str) -> Option<Link> {
        Some(match field {
            "externalIds" => external_id::link(),
            "division" => Division::by_code(Column::DivisionCode),
            "selection" => Link::one::<Selection>(Column::SelectionId),
            "studio" => Link::one::<InnovationStudio>(Column::StudioId),
            "achievement" => Link::one::<InnovationAchievement>(Column::AchievementId),
            _ => return None,
        })
    }
}

impl Filter for SelectionResultWhere {
    type Resource = SelectionResult;

    fn archived(&self) -> Option<Archived> {
        self.archived
    }

    fn apply<'a>(self, clauses: Clauses<'a>) -> Result<Clauses<'a>> {
        clauses
            .logic(self.and, self.or, self.not)?
            .on(Column::Id, self.id)?
            .on(Column::Rank, self.rank)?
            .on(Column::DivisionCode, self.division_code)?
            .on(Column::CreatedAt, self.created_at)?
            .on(Column::UpdatedAt, self.updated_at)?
            .to_one(Column::SelectionId, self.selection)?
            .to_one(Column::StudioId, self.studio)?
            .to_one(Column::AchievementId, self.achievement)
    }
}

impl OrderField for SelectionResultOrderField {
    type Resource = SelectionResult;

    fn column(self) -> Column {
        match self {
            SelectionResultOrderField::Rank => Column::Rank,
            SelectionResultOrderField::CreatedAt => Column::CreatedAt,
            SelectionResultOrderField::UpdatedAt => Column::UpdatedAt,
        }
    }
}

/// What has to be said of a selection result, as a mutation says it.
#[derive(Default)]
struct Essentials {
    selection_id: MaybeUndefined<Id<Selection>>,
    rank: MaybeUndefined<i32>,
}

async fn create(
    work: &mut UnitOfWork<'_>,
    input: SelectionResultEnterInput,
) -> Result<SelectionResult> {
    let essentials = Essentials {
        selection_id: MaybeUndefined::Value(input.selection_id),
        rank: MaybeUndefined::Value(input.rank),
    };
    let mut draft = draft(work, essentials, input.details).await?;
    if let Set(owner) = draft.selection_id {
        let owner = work.find_current::<Selection>("selectionId", Id::new(owner)).await?;
        draft.division_code = Set(owner.division_code);
    }
    work.create::<SelectionResult>(draft).await
}

async fn update(
    work: &mut UnitOfWork<'_>,
    input: SelectionResultUpdateInput,
) -> Result<SelectionResult> {
    let row = work.find_version(input.id, input.expected_version).await?;
    let essentials = Essentials { rank: input.rank, ..Essentials::default() };
    let draft = draft(work, essentials, input.details).await?;
    work.update::<SelectionResult>(row, draft).await
}

async fn draft(
    work: &mut UnitOfWork<'_>,
    essentials: Essentials,
    details: SelectionResultDetails,
) -> Result<ActiveModel> {
    work.refer("studioId", details.studio_id.value().copied()).await?;
    work.refer("achievementId", details.achievement_id.value().copied()).await?;
    let mut form = Form::new(work.rules());
    let draft = ActiveModel {
        selection_id: form.id("selectionId", essentials.selection_id),
        rank: form.number("rank", essentials.rank, 1..=10_000),
        studio_id: form.id_option(details.studio_id),
        achievement_id: form.id_option(details.achievement_id),
        ..Default::default()
    };
    let warnings = form.finish()?;
    work.warn(warnings);
    Ok(draft)
}
