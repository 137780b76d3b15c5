use async_graphql::{ComplexObject, Context, Enum, InputObject, MaybeUndefined, SimpleObject};
use entity::membership_drive::{ActiveModel, Column, Entity, Model};
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
        union_organization::{UnionOrganization, UnionOrganizationWhere},
    },
    error::Violation,
    filter::{Archived, Clauses, DivisionFilter, Filter, IdFilter, Nested, Ordering, TextFilter},
    form::Form,
    kind::Kind,
    link::{Link, Linked},
    list::OrderField,
    resource::{Id, Resource},
    shell::{reads, writes},
    unit_of_work::{ExternalId, RecordOptions, UnitOfWork},
};

/// An event at which workers join the union, such as by scanning a code.
///
/// 集中入会活动。
#[derive(Clone, SimpleObject, DerivePartialModel, Serialize, Deserialize)]
#[graphql(complex, directive = requires::apply(to_read(Kind::MembershipDrive)))]
#[sea_orm(entity = "Entity")]
pub struct MembershipDrive {
    /// The id. 编号
    pub id: Id<MembershipDrive>,
    /// The title. 标题
    pub title: String,
    /// Where. 地点
    pub venue: Option<String>,
    /// The first day the code is good for. 开始日期
    pub started_on: Date,
    /// The last day the code is good for. 二维码有效期止
    pub expires_on: Date,
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
    union_organization_id: Id<UnionOrganization>,
}

/// Narrows a list of membership drives.
///
/// 入会活动筛选条件。
#[derive(Clone, Debug, Default, InputObject)]
pub struct MembershipDriveWhere {
    /// All of these. 全部满足
    and: Option<Vec<MembershipDriveWhere>>,
    /// At least one of these. 至少满足一个
    or: Option<Vec<MembershipDriveWhere>>,
    /// Not this. 不满足
    not: Option<Box<MembershipDriveWhere>>,
    /// Whether archived records are in the list; read at the top only. 是否包含已归档
    archived: Option<Archived>,
    /// The id. 编号
    id: Option<IdFilter>,
    /// The title. 标题
    title: Option<TextFilter>,
    /// Where. 地点
    venue: Option<TextFilter>,
    /// The first day the code is good for. 开始日期
    started_on: Option<Ordering<Date>>,
    /// The last day the code is good for. 二维码有效期止
    expires_on: Option<Ordering<Date>>,
    /// The division that keeps the record. 所属区划
    division_code: Option<DivisionFilter>,
    /// When the record was made. 创建时间
    created_at: Option<Ordering<DateTime>>,
    /// When the record was changed last. 更新时间
    updated_at: Option<Ordering<DateTime>>,
    /// The union that is joined. 工会组织
    union_organization: Option<Nested<UnionOrganizationWhere>>,
}

/// What a list of membership drives can be sorted by.
///
/// 入会活动排序字段。
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum MembershipDriveOrderField {
    /// The title. 标题
    Title,
    /// The first day the code is good for. 开始日期
    StartedOn,
    /// When the record was made. 创建时间
    CreatedAt,
    /// When the record was changed last. 更新时间
    UpdatedAt,
}

/// What may be said of a membership drive and need not be.
#[derive(Clone, Debug, Default, InputObject)]
pub struct MembershipDriveDetails {
    /// Where. 地点
    venue: MaybeUndefined<String>,
}

/// Creates a membership drive.
///
/// 新增入会活动。
#[derive(Clone, Debug, InputObject)]
pub struct MembershipDriveCreateInput {
    /// The union that is joined. 工会组织
    union_organization_id: Id<UnionOrganization>,
    /// The title. 标题
    title: String,
    /// The first day the code is good for. 开始日期
    started_on: Date,
    /// The last day the code is good for. 二维码有效期止
    expires_on: Date,
    #[graphql(flatten)]
    details: MembershipDriveDetails,
    #[graphql(flatten)]
    options: RecordOptions,
}

/// Changes a membership drive: absent keeps, null clears, a value sets.
///
/// 更新入会活动：省略则保留，null 则清除，有值则设置。
#[derive(Clone, Debug, InputObject)]
pub struct MembershipDriveUpdateInput {
    /// The record. 记录编号
    id: Id<MembershipDrive>,
    /// The version that the caller knows. 期望版本
    expected_version: i32,
    /// The title. 标题
    title: MaybeUndefined<String>,
    /// The first day the code is good for. 开始日期
    started_on: MaybeUndefined<Date>,
    /// The last day the code is good for. 二维码有效期止
    expires_on: MaybeUndefined<Date>,
    #[graphql(flatten)]
    details: MembershipDriveDetails,
    #[graphql(flatten)]
    options: RecordOptions,
}

reads! {
    Queries("MembershipDriveQueries") of MembershipDrive by MembershipDriveBy, MembershipDriveWhere, MembershipDriveOrderField {
        /// One membership drive; null when there is none that the caller may see. 查询一条入会活动
        membership_drive = "membershipDrive",
        /// Membership drives, oldest record first unless told otherwise. 查询入会活动列表
        membership_drives = "membershipDrives",
    }
}

writes! {
    Mutations("MembershipDriveMutations") of MembershipDrive {
        /// Creates a membership drive. 新增入会活动
        membership_drive_create: MembershipDriveCreateInput => MembershipDriveCreate = create,
        /// Changes a membership drive. 更新入会活动
        membership_drive_update: MembershipDriveUpdateInput => MembershipDriveUpdate = update,
    }
    upsert {
        /// Creates a membership drive, or changes the one that has this external id. 按外部编号新增或更新入会活动
        membership_drive_upsert: MembershipDriveUpsert of MembershipDriveCreateInput, MembershipDriveUpdateInput
    }
    archive {
        /// Archives a membership drive: out of the lists, still there by id. 归档入会活动
        membership_drive_archive: MembershipDriveArchive
    }
    restore {
        /// Brings back an archived membership drive. 恢复入会活动
        membership_drive_restore: MembershipDriveRestore
    }
}

#[ComplexObject]
impl MembershipDrive {
    /// The division that keeps the record. 所属区划
    async fn division(&self, ctx: &Context<'_>) -> Nullable<Division> {
        Division::of(ctx, &self.division_code).await
    }

    /// What other systems call it, at most 20, sorted by source. 外部编号
    async fn external_ids(&self, ctx: &Context<'_>) -> Result<Vec<ExternalId>> {
        external_id::names(ctx, self.id.uuid()).await
    }

    /// The union that is joined; null when the caller may not see it. 工会组织
    async fn union_organization(&self, ctx: &Context<'_>) -> Nullable<UnionOrganization> {
        ctx.find(Some(self.union_organization_id)).await
    }
}

impl Resource for MembershipDrive {
    const KIND: Kind = Kind::MembershipDrive;

    type Entity = Entity;

    fn id(&self) -> Uuid {
        self.id.uuid()
    }

    fn check(row: &Model) -> Vec<Violation> {
        Violation::out_of_order("expiresOn", Some(row.started_on), Some(row.expires_on))
            .into_iter()
            .collect()
    }
}

impl Linked for MembershipDrive {
    type Where = MembershipDriveWhere;
    type Order = MembershipDriveOrderField;

    fn link(field: &str) -> Option<Link> {
        Some(match field {
            "externalIds" => external_id::link(),
            "division" => Division::by_code(Column::DivisionCode),
            "unionOrganization" => Link::one::<UnionOrganization>(Column::UnionOrganizationId),
            _ => return None,
        })
    }
}

impl Filter for MembershipDriveWhere {
    type Resource = MembershipDrive;

    fn archived(&self) -> Option<Archived> {
        self.archived
    }

    fn apply<'a>(self, clauses: Clauses<'a>) -> Result<Clauses<'a>> {
        clauses
            .logic(self.and, self.or, self.not)?
            .on(Column::Id, self.id)?
            .on(Column::Title, self.title)?
            .on(Column::Venue, self.venue)?
            .on(Column::StartedOn, self.started_on)?
            .on(Column::ExpiresOn, self.expires_on)?
            .on(Column::DivisionCode, self.division_code)?
            .on(Column::CreatedAt, self.created_at)?
            .on(Column::UpdatedAt, self.updated_at)?
            .to_one(Column::UnionOrganizationId, self.union_organization)
    }
}

impl OrderField for MembershipDriveOrderField {
    type Resource = MembershipDrive;

    fn column(self) -> Column {
        match self {
            MembershipDriveOrderField::Title => Column::Title,
            MembershipDriveOrderField::StartedOn => Column::StartedOn,
            MembershipDriveOrderField::CreatedAt => Column::CreatedAt,
            MembershipDriveOrderField::UpdatedAt => Column::UpdatedAt,
        }
    }
}

/// What has to be said of a membership drive, as a mutation says it.
#[derive(Default)]
struct Essentials {
    union_organization_id: MaybeUndefined<Id<UnionOrganization>>,
    title: MaybeUndefined<String>,
    started_on: MaybeUndefined<Date>,
    expires_on: MaybeUndefined<Date>,
}

async fn create(
    work: &mut UnitOfWork<'_>,
    input: MembershipDriveCreateInput,
) -> Result<MembershipDrive> {
    let essentials = Essentials {
        union_organization_id: MaybeUndefined::Value(input.union_organization_id),
        title: MaybeUndefined::Value(input.title),
        started_on: MaybeUndefined::Value(input.started_on),
        expires_on: MaybeUndefined::Value(input.expires_on),
    };
    let mut draft = draft(work, essentials, input.details).await?;
    if let Set(owner) = draft.union_organization_id {
        let owner =
            work.find_current::<UnionOrganization>("unionOrganizationId", Id::new(owner)).await?;
        draft.division_code = Set(owner.division_code);
    }
    work.create::<MembershipDrive>(draft).await
}

async fn update(
    work: &mut UnitOfWork<'_>,
    input: MembershipDriveUpdateInput,
) -> Result<MembershipDrive> {
    let row = work.find_version(input.id, input.expected_version).await?;
    let essentials = Essentials {
        title: input.title,
        started_on: input.started_on,
        expires_on: input.expires_on,
        ..Essentials::default()
    };
    let draft = draft(work, essentials, input.details).await?;
    work.update::<MembershipDrive>(row, draft).await
}

async fn draft(
    work: &mut UnitOfWork<'_>,
    essentials: Essentials,
    details: MembershipDriveDetails,
) -> Result<ActiveModel> {
    let mut form = Form::new(work.rules());
    let draft = ActiveModel {
        union_organization_id: form.id("unionOrganizationId", essentials.union_organization_id),
        title: form.line("title", essentials.title, 200),
        started_on: form.day("startedOn", essentials.started_on),
        expires_on: form.day("expiresOn", essentials.expires_on),
        venue: form.line_option("venue", details.venue, 200),
        ..Default::default()
    };
    let warnings = form.finish()?;
    work.warn(warnings);
    Ok(draft)
}
