use async_graphql::{ComplexObject, Context, Enum, InputObject, MaybeUndefined, SimpleObject};
use entity::volunteer_service_record::{ActiveModel, Column, Entity};
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
        volunteer_enrollment::{VolunteerEnrollment, VolunteerEnrollmentWhere},
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

/// Service that a volunteer did.
///
/// 志愿服务记录。
#[derive(Clone, SimpleObject, DerivePartialModel, Serialize, Deserialize)]
#[graphql(complex, directive = requires::apply(to_read(Kind::VolunteerServiceRecord)))]
#[sea_orm(entity = "Entity")]
pub struct VolunteerServiceRecord {
    /// The id. 编号
    pub id: Id<VolunteerServiceRecord>,
    /// The day. 服务日期
    pub served_on: Date,
    /// How long, in minutes. 时长（分钟）
    pub minutes: i32,
    /// Who confirms it. 评价人
    pub evaluator_name: Option<String>,
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
    enrollment_id: Id<VolunteerEnrollment>,
}

/// Narrows a list of volunteer service records.
///
/// 志愿服务记录筛选条件。
#[derive(Clone, Debug, Default, InputObject)]
pub struct VolunteerServiceRecordWhere {
    /// All of these. 全部满足
    and: Option<Vec<VolunteerServiceRecordWhere>>,
    /// At least one of these. 至少满足一个
    or: Option<Vec<VolunteerServiceRecordWhere>>,
    /// Not this. 不满足
    not: Option<Box<VolunteerServiceRecordWhere>>,
    /// Whether archived records are in the list; read at the top only. 是否包含已归档
    archived: Option<Archived>,
    /// The id. 编号
    id: Option<IdFilter>,
    /// The day. 服务日期
    served_on: Option<Ordering<Date>>,
    /// How long, in minutes. 时长（分钟）
    minutes: Option<Ordering<i32>>,
    /// Who confirms it. 评价人
    evaluator_name: Option<TextFilter>,
    /// The division that keeps the record. 所属区划
    division_code: Option<DivisionFilter>,
    /// When the record was made. 创建时间
    created_at: Option<Ordering<DateTime>>,
    /// When the record was changed last. 更新时间
    updated_at: Option<Ordering<DateTime>>,
    /// The enrolment. 志愿者报名
    enrollment: Option<Nested<VolunteerEnrollmentWhere>>,
}

/// What a list of volunteer service records can be sorted by.
///
/// 志愿服务记录排序字段。
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum VolunteerServiceRecordOrderField {
    /// The day. 服务日期
    ServedOn,
    /// How long, in minutes. 时长（分钟）
    Minutes,
    /// When the record was made. 创建时间
    CreatedAt,
    /// When the record was changed last. 更新时间
    UpdatedAt,
}

/// What may be said of a volunteer service record and need not be.
#[derive(Clone, Debug, Default, InputObject)]
pub struct VolunteerServiceRecordDetails {
    /// Who confirms it. 评价人
    evaluator_name: MaybeUndefined<String>,
}

/// Records service.
///
/// 登记志愿服务。
#[derive(Clone, Debug, InputObject)]
pub struct VolunteerServiceRecordAddInput {
    /// The enrolment. 志愿者报名
    enrollment_id: Id<VolunteerEnrollment>,
    /// The day. 服务日期
    served_on: Date,
    /// How long, in minutes. 时长（分钟）
    minutes: i32,
    #[graphql(flatten)]
    details: VolunteerServiceRecordDetails,
    #[graphql(flatten)]
    options: RecordOptions,
}

/// Changes a volunteer service record: absent keeps, null clears, a value sets.
///
/// 更新志愿服务记录：省略则保留，null 则清除，有值则设置。
#[derive(Clone, Debug, InputObject)]
pub struct VolunteerServiceRecordUpdateInput {
    /// The record. 记录编号
    id: Id<VolunteerServiceRecord>,
    /// The version that the caller knows. 期望版本
    expected_version: i32,
    /// The day. 服务日期
    served_on: MaybeUndefined<Date>,
    /// How long, in minutes. 时长（分钟）
    minutes: MaybeUndefined<i32>,
    #[graphql(flatten)]
    details: VolunteerServiceRecordDetails,
    #[graphql(flatten)]
    options: RecordOptions,
}

reads! {
    Queries("VolunteerServiceRecordQueries") of VolunteerServiceRecord by VolunteerServiceRecordBy, VolunteerServiceRecordWhere, VolunteerServiceRecordOrderField {
        /// One volunteer service record; null when there is none that the caller may see. 查询一条志愿服务记录
        volunteer_service_record = "volunteerServiceRecord",
        /// Volunteer service records, oldest record first unless told otherwise. 查询志愿服务记录列表
        volunteer_service_records = "volunteerServiceRecords",
    }
}

writes! {
    Mutations("VolunteerServiceRecordMutations") of VolunteerServiceRecord {
        /// Records service. 登记志愿服务
        volunteer_service_record_add: VolunteerServiceRecordAddInput => VolunteerServiceRecordAdd = create,
        /// Changes a volunteer service record. 更新志愿服务记录
        volunteer_service_record_update: VolunteerServiceRecordUpdateInput => VolunteerServiceRecordUpdate = update,
    }
    upsert {
        /// Creates a volunteer service record, or changes the one that has this external id. 按外部编号新增或更新志愿服务记录
        volunteer_service_record_upsert: VolunteerServiceRecordUpsert of VolunteerServiceRecordAddInput, VolunteerServiceRecordUpdateInput
    }
    archive {
        /// Archives a volunteer service record: out of the lists, still there by id. 归档志愿服务记录
        volunteer_service_record_archive: VolunteerServiceRecordArchive
    }
    restore {
        /// Brings back an archived volunteer service record. 恢复志愿服务记录
        volunteer_service_record_restore: VolunteerServiceRecordRestore
    }
}

#[ComplexObject]
impl VolunteerServiceRecord {
    /// The division that keeps the record. 所属区划
    async fn division(&self, ctx: &Context<'_>) -> Nullable<Division> {
        Division::of(ctx, &self.division_code).await
    }

    /// What other systems call it, at most 20, sorted by source. 外部编号
    async fn external_ids(&self, ctx: &Context<'_>) -> Result<Vec<ExternalId>> {
        external_id::names(ctx, self.id.uuid()).await
    }

    /// The enrolment; null when the caller may not see it. 志愿者报名
    async fn enrollment(&self, ctx: &Context<'_>) -> Nullable<VolunteerEnrollment> {
        ctx.find(Some(self.enrollment_id)).await
    }
}

impl Resource for VolunteerServiceRecord {
    const KIND: Kind = Kind::VolunteerServiceRecord;

    type Entity = Entity;

    fn id(&self) -> Uuid {
        self.id.uuid()
    }
}

impl Linked for VolunteerServiceRecord {
    type Where = VolunteerServiceRecordWhere;
    type Order = VolunteerServiceRecordOrderField;

    fn link(field: &str) -> Option<Link> {
        Some(match field {
            "externalIds" => external_id::link(),
            "division" => Division::by_code(Column::DivisionCode),
            "enrollment" => Link::one::<VolunteerEnrollment>(Column::EnrollmentId),
            _ => return None,
        })
    }
}

impl Filter for VolunteerServiceRecordWhere {
    type Resource = VolunteerServiceRecord;

    fn archived(&self) -> Option<Archived> {
        self.archived
    }

    fn apply<'a>(self, clauses: Clauses<'a>) -> Result<Clauses<'a>> {
        clauses
            .logic(self.and, self.or, self.not)?
            .on(Column::Id, self.id)?
            .on(Column::ServedOn, self.served_on)?
            .on(Column::Minutes, self.minutes)?
            .on(Column::EvaluatorName, self.evaluator_name)?
            .on(Column::DivisionCode, self.division_code)?
            .on(Column::CreatedAt, self.created_at)?
            .on(Column::UpdatedAt, self.updated_at)?
            .to_one(Column::EnrollmentId, self.enrollment)
    }
}

impl OrderField for VolunteerServiceRecordOrderField {
    type Resource = VolunteerServiceRecord;

    fn column(self) -> Column {
        match self {
            VolunteerServiceRecordOrderField::ServedOn => Column::ServedOn,
            VolunteerServiceRecordOrderField::Minutes => Column::Minutes,
            VolunteerServiceRecordOrderField::CreatedAt => Column::CreatedAt,
            VolunteerServiceRecordOrderField::UpdatedAt => Column::UpdatedAt,
        }
    }
}

/// What has to be said of a volunteer service record, as a mutation says it.
#[derive(Default)]
struct Essentials {
    enrollment_id: MaybeUndefined<Id<VolunteerEnrollment>>,
    served_on: MaybeUndefined<Date>,
    minutes: MaybeUndefined<i32>,
}

async fn create(
    work: &mut UnitOfWork<'_>,
    input: VolunteerServiceRecordAddInput,
) -> Result<VolunteerServiceRecord> {
    let essentials = Essentials {
        enrollment_id: MaybeUndefined::Value(input.enrollment_id),
        served_on: MaybeUndefined::Value(input.served_on),
        minutes: MaybeUndefined::Value(input.minutes),
    };
    let mut draft = draft(work, essentials, input.details).await?;
    if let Set(owner) = draft.enrollment_id {
        let owner =
            work.find_current::<VolunteerEnrollment>("enrollmentId", Id::new(owner)).await?;
        draft.division_code = Set(owner.division_code);
    }
    work.create::<VolunteerServiceRecord>(draft).await
}

async fn update(
    work: &mut UnitOfWork<'_>,
    input: VolunteerServiceRecordUpdateInput,
) -> Result<VolunteerServiceRecord> {
    let row = work.find_version(input.id, input.expected_version).await?;
    let essentials =
        Essentials { served_on: input.served_on, minutes: input.minutes, ..Essentials::default() };
    let draft = draft(work, essentials, input.details).await?;
    work.update::<VolunteerServiceRecord>(row, draft).await
}

async fn draft(
    work: &mut UnitOfWork<'_>,
    essentials: Essentials,
    details: VolunteerServiceRecordDetails,
) -> Result<ActiveModel> {
    let mut form = Form::new(work.rules());
    let draft = ActiveModel {
        enrollment_id: form.id("enrollmentId", essentials.enrollment_id),
        served_on: form.day("servedOn", essentials.served_on),
        minutes: form.number("minutes", essentials.minutes, 1..=1_440),
        evaluator_name: form.line_option("evaluatorName", details.evaluator_name, 100),
        ..Default::default()
    };
    let warnings = form.finish()?;
    work.warn(warnings);
    Ok(draft)
}
