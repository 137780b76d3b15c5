use async_graphql::{ComplexObject, Context, Enum, InputObject, MaybeUndefined, SimpleObject};
use entity::exhibition_entry::{ActiveModel, Column, Entity, ExhibitKind, Model};
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
        exhibition::{Exhibition, ExhibitionWhere},
        external_id,
        innovation_achievement::{InnovationAchievement, InnovationAchievementWhere},
        innovation_studio::{InnovationStudio, InnovationStudioWhere},
        worker::{Worker, WorkerWhere},
    },
    error::Violation,
    filter::{Archived, Clauses, DivisionFilter, Equality, Filter, IdFilter, Nested, Ordering},
    form::Form,
    kind::Kind,
    link::{Link, Linked},
    list::OrderField,
    resource::{Id, Resource},
    shell::{groups, reads, writes},
    unit_of_work::{ExternalId, RecordOptions, UnitOfWork},
};

/// An achievement, a studio or a person at an exhibition.
///
/// 参展记录。
#[derive(Clone, SimpleObject, DerivePartialModel, Serialize, Deserialize)]
#[graphql(complex, directive = requires::apply(to_read(Kind::ExhibitionEntry)))]
#[sea_orm(entity = "Entity")]
pub struct ExhibitionEntry {
    /// The id. 编号
    pub id: Id<ExhibitionEntry>,
    /// What was shown. 参展对象
    pub subject_kind: ExhibitKind,
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
    exhibition_id: Id<Exhibition>,
    #[graphql(skip)]
    achievement_id: Option<Id<InnovationAchievement>>,
    #[graphql(skip)]
    studio_id: Option<Id<InnovationStudio>>,
    #[graphql(skip)]
    worker_id: Option<Id<Worker>>,
}

/// Narrows a list of exhibition entries.
///
/// 参展筛选条件。
#[derive(Clone, Debug, Default, InputObject)]
pub struct ExhibitionEntryWhere {
    /// All of these. 全部满足
    and: Option<Vec<ExhibitionEntryWhere>>,
    /// At least one of these. 至少满足一个
    or: Option<Vec<ExhibitionEntryWhere>>,
    /// Not this. 不满足
    not: Option<Box<ExhibitionEntryWhere>>,
    /// Whether archived records are in the list; read at the top only. 是否包含已归档
    archived: Option<Archived>,
    /// The id. 编号
    id: Option<IdFilter>,
    /// What was shown. 参展对象
    subject_kind: Option<Equality<ExhibitKind>>,
    /// The division that keeps the record. 所属区划
    division_code: Option<DivisionFilter>,
    /// When the record was made. 创建时间
    created_at: Option<Ordering<DateTime>>,
    /// When the record was changed last. 更新时间
    updated_at: Option<Ordering<DateTime>>,
    /// The exhibition. 展会
    exhibition: Option<Nested<ExhibitionWhere>>,
    /// The achievement. 创新成果
    achievement: Option<Nested<InnovationAchievementWhere>>,
    /// The studio. 创新工作室
    studio: Option<Nested<InnovationStudioWhere>>,
    /// The person. 个人
    worker: Option<Nested<WorkerWhere>>,
}

/// What a list of exhibition entries can be sorted by.
///
/// 参展排序字段。
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum ExhibitionEntryOrderField {
    /// When the record was made. 创建时间
    CreatedAt,
    /// When the record was changed last. 更新时间
    UpdatedAt,
}

/// What may be said of an exhibition entry and need not be.
#[derive(Clone, Debug, Default, InputObject)]
#[expect(clippy::struct_field_names, reason = "each is a reference")]
pub struct ExhibitionEntryDetails {
    /// The achievement. 创新成果
    achievement_id: MaybeUndefined<Id<InnovationAchievement>>,
    /// The studio. 创新工作室
    studio_id: MaybeUndefined<Id<InnovationStudio>>,
    /// The person. 个人
    worker_id: MaybeUndefined<Id<Worker>>,
}

/// Enters what was shown.
///
/// 登记参展。
#[derive(Clone, Debug, InputObject)]
pub struct ExhibitionEntryEnterInput {
    /// The exhibition. 展会
    exhibition_id: Id<Exhibition>,
    /// What was shown. 参展对象
    subject_kind: ExhibitKind,
    #[graphql(flatten)]
    details: ExhibitionEntryDetails,
    #[graphql(flatten)]
    options: RecordOptions,
}

/// Changes an exhibition entry: absent keeps, null clears, a value sets.
///
/// 更新参展：省略则保留，null 则清除，有值则设置。
#[derive(Clone, Debug, InputObject)]
pub struct ExhibitionEntryUpdateInput {
    /// The record. 记录编号
    id: Id<ExhibitionEntry>,
    /// The version that the caller knows. 期望版本
    expected_version: i32,
    #[graphql(flatten)]
    details: ExhibitionEntryDetails,
    #[graphql(flatten)]
    options: RecordOptions,
}

reads! {
    Queries("ExhibitionEntryQueries") of ExhibitionEntry by ExhibitionEntryBy, ExhibitionEntryWhere, ExhibitionEntryOrderField {
        /// One exhibition entry; null when there is none that the caller may see. 查询一条参展
        exhibition_entry = "exhibitionEntry",
        /// Exhibition entries, oldest record first unless told otherwise. 查询参展列表
        exhibition_entries = "exhibitionEntries",
    }
}

writes! {
    Mutations("ExhibitionEntryMutations") of ExhibitionEntry {
        /// Enters what was shown. 登记参展
        exhibition_entry_enter: ExhibitionEntryEnterInput => ExhibitionEntryEnter = create,
        /// Changes an exhibition entry. 更新参展
        exhibition_entry_update: ExhibitionEntryUpdateInput => ExhibitionEntryUpdate = update,
    }
    upsert {
        /// Creates an exhibition entry, or changes the one that has this external id. 按外部编号新增或更新参展
        exhibition_entry_upsert: ExhibitionEntryUpsert of ExhibitionEntryEnterInput, ExhibitionEntryUpdateInput
    }
    archive {
        /// Archives an exhibition entry: out of the lists, still there by id. 归档参展
        exhibition_entry_archive: ExhibitionEntryArchive
    }
    restore {
        /// Brings back an archived exhibition entry. 恢复参展
        exhibition_entry_restore: ExhibitionEntryRestore
    }
}

groups! {
    /// Exhibition entries, counted by what they have in common: at most 1,000 groups. 按字段分组统计参展
    Groups("ExhibitionEntryGroupQueries") of ExhibitionEntry by ExhibitionEntryWhere in exhibition_entry_groups: ExhibitionEntryGroup by ExhibitionEntryGroupField {
        /// What was shown. 参展对象
        SubjectKind = subject_kind: ExhibitKind,
        /// The division that keeps the record. 所属区划代码
        DivisionCode = division_code: DivisionCode,
    }
}

#[ComplexObject]
impl ExhibitionEntry {
    /// The division that keeps the record. 所属区划
    async fn division(&self, ctx: &Context<'_>) -> Nullable<Division> {
        Division::of(ctx, &self.division_code).await
    }

    /// What other systems call it, at most 20, sorted by source. 外部编号
    async fn external_ids(&self, ctx: &Context<'_>) -> Result<Vec<ExternalId>> {
        external_id::names(ctx, self.id.uuid()).await
    }

    /// The exhibition; null when the caller may not see it. 展会
    async fn exhibition(&self, ctx: &Context<'_>) -> Nullable<Exhibition> {
        ctx.find(Some(self.exhibition_id)).await
    }

    /// The achievement; null when the caller may not see it. 创新成果
    async fn achievement(&self, ctx: &Context<'_>) -> Nullable<InnovationAchievement> {
        ctx.find(self.achievement_id).await
    }

    /// The studio; null when the caller may not see it. 创新工作室
    async fn studio(&self, ctx: &Context<'_>) -> Nullable<InnovationStudio> {
        ctx.find(self.studio_id).await
    }

    /// The person; null when the caller may not see it. 个人
    async fn worker(&self, ctx: &Context<'_>) -> Nullable<Worker> {
        ctx.find(self.worker_id).await
    }
}

impl Resource for ExhibitionEntry {
    const KIND: Kind = Kind::ExhibitionEntry;

    type Entity = Entity;

    fn id(&self) -> Uuid {
        self.id.uuid()
    }

    fn check(row: &Model) -> Vec<Violation> {
        ((row.achievement_id.is_some(), row.studio_id.is_some(), row.worker_id.is_some())
            != (
                row.subject_kind == ExhibitKind::Achievement,
                row.subject_kind == ExhibitKind::Studio,
                row.subject_kind == ExhibitKind::Person,
            ))
            .then(|| {
                Violation::inconsistent(
                    "subjectKind",
                    "What was shown is one record, of the kind that is named.",
                    "参展对象应为一条记录，且与参展类别一致。",
                )
            })
            .into_iter()
            .collect()
    }
}

impl Linked for ExhibitionEntry {
    type Where = ExhibitionEntryWhere;
    type Order = ExhibitionEntryOrderField;

    fn link(field: &str) -> Option<Link> {
        Some(match field {
            "externalIds" => external_id::link(),
            "division" => Division::by_code(Column::DivisionCode),
            "exhibition" => Link::one::<Exhibition>(Column::ExhibitionId),
            "achievement" => Link::one::<InnovationAchievement>(Column::AchievementId),
            "studio" => Link::one::<InnovationStudio>(Column::StudioId),
            "worker" => Link::one::<Worker>(Column::WorkerId),
            _ => return None,
        })
    }
}

impl Filter for ExhibitionEntryWhere {
    type Resource = ExhibitionEntry;

    fn archived(&self) -> Option<Archived> {
        self.archived
    }

    fn apply<'a>(self, clauses: Clauses<'a>) -> Result<Clauses<'a>> {
        clauses
            .logic(self.and, self.or, self.not)?
            .on(Column::Id, self.id)?
            .on(Column::SubjectKind, self.subject_kind)?
            .on(Column::DivisionCode, self.division_code)?
            .on(Column::CreatedAt, self.created_at)?
            .on(Column::UpdatedAt, self.updated_at)?
            .to_one(Column::ExhibitionId, self.exhibition)?
            .to_one(Column::AchievementId, self.achievement)?
            .to_one(Column::StudioId, self.studio)?
            .to_one(Column::WorkerId, self.worker)
    }
}

impl OrderField for ExhibitionEntryOrderField {
    type Resource = ExhibitionEntry;

    fn column(self) -> Column {
        match self {
            ExhibitionEntryOrderField::CreatedAt => Column::CreatedAt,
            ExhibitionEntryOrderField::UpdatedAt => Column::UpdatedAt,
        }
    }
}

/// What has to be said of an exhibition entry, as a mutation says it.
#[derive(Default)]
struct Essentials {
    exhibition_id: MaybeUndefined<Id<Exhibition>>,
    subject_kind: MaybeUndefined<ExhibitKind>,
}

async fn create(
    work: &mut UnitOfWork<'_>,
    input: ExhibitionEntryEnterInput,
) -> Result<ExhibitionEntry> {
    let essentials = Essentials {
        exhibition_id: MaybeUndefined::Value(input.exhibition_id),
        subject_kind: MaybeUndefined::Value(input.subject_kind),
    };
    let mut draft = draft(work, essentials, input.details).await?;
    if let Set(owner) = draft.exhibition_id {
        let owner = work.find_current::<Exhibition>("exhibitionId", Id::new(owner)).await?;
        draft.division_code = Set(owner.division_code);
    }
    work.create::<ExhibitionEntry>(draft).await
}

async fn update(
    work: &mut UnitOfWork<'_>,
    input: ExhibitionEntryUpdateInput,
) -> Result<ExhibitionEntry> {
    let row = work.find_version(input.id, input.expected_version).await?;
    let essentials = Essentials::default();
    let draft = draft(work, essentials, input.details).await?;
    work.update::<ExhibitionEntry>(row, draft).await
}

async fn draft(
    work: &mut UnitOfWork<'_>,
    essentials: Essentials,
    details: ExhibitionEntryDetails,
) -> Result<ActiveModel> {
    work.refer("achievementId", details.achievement_id.value().copied()).await?;
    work.refer("studioId", details.studio_id.value().copied()).await?;
    work.refer("workerId", details.worker_id.value().copied()).await?;
    let mut form = Form::new(work.rules());
    let draft = ActiveModel {
        exhibition_id: form.id("exhibitionId", essentials.exhibition_id),
        subject_kind: form.plain("subjectKind", essentials.subject_kind),
        achievement_id: form.id_option(details.achievement_id),
        studio_id: form.id_option(details.studio_id),
        worker_id: form.id_option(details.worker_id),
        ..Default::default()
    };
    let warnings = form.finish()?;
    work.warn(warnings);
    Ok(draft)
}
