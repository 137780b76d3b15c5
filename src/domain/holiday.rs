use async_graphql::{ComplexObject, Context, Enum, InputObject, MaybeUndefined, SimpleObject};
use chrono::NaiveDate;
use entity::holiday::{ActiveModel, Column, Entity, HolidayKind};
use sea_orm::{ColumnTrait, Condition, DerivePartialModel};
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use value::{Date, DateTime, DivisionCode, Unchecked, WorkCalendar};

use crate::{
    Result,
    context::Nullable,
    directive::{requires, to_read},
    domain::{division::Division, external_id},
    filter::{Archived, Clauses, DivisionFilter, Equality, Filter, IdFilter, Ordering, TextFilter},
    form::Form,
    kind::Kind,
    link::{Link, Linked},
    list::OrderField,
    resource::{Id, Resource},
    shell::{groups, reads, writes},
    unit_of_work::{ExternalId, RecordOptions, UnitOfWork},
};

/// A day that is otherwise than its weekday says: off, or worked in place of another.
///
/// 节假日及调休安排。
#[derive(Clone, SimpleObject, DerivePartialModel, Serialize, Deserialize)]
#[graphql(complex, directive = requires::apply(to_read(Kind::Holiday)))]
#[sea_orm(entity = "Entity")]
pub struct Holiday {
    /// The id. 编号
    pub id: Id<Holiday>,
    /// The day. 日期
    pub observed_on: Date,
    /// Whether it is off or worked. 类别
    pub kind: HolidayKind,
    /// What it is for, such as the spring festival. 名称
    pub name: String,
    /// The notice that says so, such as 2024. 日历版本
    pub calendar_version: String,
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

/// Narrows a list of holidays.
///
/// 节假日安排筛选条件。
#[derive(Clone, Debug, Default, InputObject)]
pub struct HolidayWhere {
    /// All of these. 全部满足
    and: Option<Vec<HolidayWhere>>,
    /// At least one of these. 至少满足一个
    or: Option<Vec<HolidayWhere>>,
    /// Not this. 不满足
    not: Option<Box<HolidayWhere>>,
    /// Whether archived records are in the list; read at the top only. 是否包含已归档
    archived: Option<Archived>,
    /// The id. 编号
    id: Option<IdFilter>,
    /// The day. 日期
    observed_on: Option<Ordering<Date>>,
    /// Whether it is off or worked. 类别
    kind: Option<Equality<HolidayKind>>,
    /// What it is for, such as the spring festival. 名称
    name: Option<TextFilter>,
    /// The notice that says so, such as 2024. 日历版本
    calendar_version: Option<TextFilter>,
    /// The division that keeps the record. 所属区划
    division_code: Option<DivisionFilter>,
    /// When the record was made. 创建时间
    created_at: Option<Ordering<DateTime>>,
    /// When the record was changed last. 更新时间
    updated_at: Option<Ordering<DateTime>>,
}

/// What a list of holidays can be sorted by.
///
/// 节假日安排排序字段。
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum HolidayOrderField {
    /// The day. 日期
    ObservedOn,
    /// When the record was made. 创建时间
    CreatedAt,
    /// When the record was changed last. 更新时间
    UpdatedAt,
}

/// Enters a day of the calendar.
///
/// 登记节假日安排。
#[derive(Clone, Debug, InputObject)]
pub struct HolidayCreateInput {
    /// The day. 日期
    observed_on: Date,
    /// Whether it is off or worked. 类别
    kind: HolidayKind,
    /// What it is for, such as the spring festival. 名称
    name: String,
    /// The notice that says so, such as 2024. 日历版本
    calendar_version: String,
    /// The division that keeps the record. 所属区划代码
    division_code: Unchecked<DivisionCode>,
    #[graphql(flatten)]
    options: RecordOptions,
}

/// Changes a holiday: absent keeps, null clears, a value sets.
///
/// 更新节假日安排：省略则保留，null 则清除，有值则设置。
#[derive(Clone, Debug, InputObject)]
pub struct HolidayUpdateInput {
    /// The record. 记录编号
    id: Id<Holiday>,
    /// The version that the caller knows. 期望版本
    expected_version: i32,
    /// The day. 日期
    observed_on: MaybeUndefined<Date>,
    /// Whether it is off or worked. 类别
    kind: MaybeUndefined<HolidayKind>,
    /// What it is for, such as the spring festival. 名称
    name: MaybeUndefined<String>,
    /// The notice that says so, such as 2024. 日历版本
    calendar_version: MaybeUndefined<String>,
    #[graphql(flatten)]
    options: RecordOptions,
}

reads! {
    Queries("HolidayQueries") of Holiday by HolidayBy, HolidayWhere, HolidayOrderField {
        /// One holiday; null when there is none that the caller may see. 查询一条节假日安排
        holiday = "holiday",
        /// Holidays, oldest record first unless told otherwise. 查询节假日安排列表
        holidays = "holidays",
    }
}

writes! {
    Mutations("HolidayMutations") of Holiday {
        /// Enters a day of the calendar. 登记节假日安排
        holiday_create: HolidayCreateInput => HolidayCreate = create,
        /// Changes a holiday. 更新节假日安排
        holiday_update: HolidayUpdateInput => HolidayUpdate = update,
    }
    upsert {
        /// Creates a holiday, or changes the one that has this external id. 按外部编号新增或更新节假日安排
        holiday_upsert: HolidayUpsert of HolidayCreateInput, HolidayUpdateInput
    }
    archive {
        /// Archives a holiday: out of the lists, still there by id. 归档节假日安排
        holiday_archive: HolidayArchive
    }
    restore {
        /// Brings back an archived holiday. 恢复节假日安排
        holiday_restore: HolidayRestore
    }
}

groups! {
    /// Holidays, counted by what they have in common: at most 1,000 groups. 按字段分组统计节假日安排
    Groups("HolidayGroupQueries") of Holiday by HolidayWhere in holiday_groups: HolidayGroup by HolidayGroupField {
        /// Whether it is off or worked. 类别
        Kind = kind: HolidayKind,
        /// The division that keeps the record. 所属区划代码
        DivisionCode = division_code: DivisionCode,
    }
}

#[ComplexObject]
impl Holiday {
    /// What other systems call it, at most 20, sorted by source. 外部编号
    async fn external_ids(&self, ctx: &Context<'_>) -> Result<Vec<ExternalId>> {
        external_id::names(ctx, self.id.uuid()).await
    }

    /// The division that keeps the record. 所属区划
    async fn division(&self, ctx: &Context<'_>) -> Nullable<Division> {
        Division::of(ctx, &self.division_code).await
    }
}

impl Resource for Holiday {
    const KIND: Kind = Kind::Holiday;

    type Entity = Entity;

    fn id(&self) -> Uuid {
        self.id.uuid()
    }
}

impl Linked for Holiday {
    type Where = HolidayWhere;
    type Order = HolidayOrderField;

    fn link(field: &str) -> Option<Link> {
        Some(match field {
            "externalIds" => external_id::link(),
            "division" => Division::by_code(Column::DivisionCode),
            _ => return None,
        })
    }
}

impl Filter for HolidayWhere {
    type Resource = Holiday;

    fn archived(&self) -> Option<Archived> {
        self.archived
    }

    fn apply<'a>(self, clauses: Clauses<'a>) -> Result<Clauses<'a>> {
        clauses
            .logic(self.and, self.or, self.not)?
            .on(Column::Id, self.id)?
            .on(Column::ObservedOn, self.observed_on)?
            .on(Column::Kind, self.kind)?
            .on(Column::Name, self.name)?
            .on(Column::CalendarVersion, self.calendar_version)?
            .on(Column::DivisionCode, self.division_code)?
            .on(Column::CreatedAt, self.created_at)?
            .on(Column::UpdatedAt, self.updated_at)
    }
}

impl OrderField for HolidayOrderField {
    type Resource = Holiday;

    fn column(self) -> Column {
        match self {
            HolidayOrderField::ObservedOn => Column::ObservedOn,
            HolidayOrderField::CreatedAt => Column::CreatedAt,
            HolidayOrderField::UpdatedAt => Column::UpdatedAt,
        }
    }
}

/// The days that are worked from some day on, and by which notices: those of one day count in the order
/// of their names, the last of them in the end.
pub async fn calendar(
    work: &UnitOfWork<'_>,
    from: NaiveDate,
) -> Result<(WorkCalendar, Option<String>)> {
    let days = Condition::all().add(Column::ObservedOn.gte(from)).add(Column::ArchivedAt.is_null());
    let mut days = work.read_all::<Holiday>(days).await?;
    days.sort_by(|one, other| one.calendar_version.cmp(&other.calendar_version));
    let mut calendar = WorkCalendar::default();
    for it in &days {
        calendar.except(it.observed_on, it.kind == HolidayKind::Workday);
    }
    Ok((calendar, days.pop().map(|it| it.calendar_version)))
}

/// What has to be said of a holiday, as a mutation says it.
#[derive(Default)]
struct Essentials {
    observed_on: MaybeUndefined<Date>,
    kind: MaybeUndefined<HolidayKind>,
    name: MaybeUndefined<String>,
    calendar_version: MaybeUndefined<String>,
    division_code: MaybeUndefined<Unchecked<DivisionCode>>,
}

async fn create(work: &mut UnitOfWork<'_>, input: HolidayCreateInput) -> Result<Holiday> {
    let essentials = Essentials {
        observed_on: MaybeUndefined::Value(input.observed_on),
        kind: MaybeUndefined::Value(input.kind),
        name: MaybeUndefined::Value(input.name),
        calendar_version: MaybeUndefined::Value(input.calendar_version),
        division_code: MaybeUndefined::Value(input.division_code),
    };
    let draft = draft(work, essentials).await?;
    work.create::<Holiday>(draft).await
}

async fn update(work: &mut UnitOfWork<'_>, input: HolidayUpdateInput) -> Result<Holiday> {
    let row = work.find_version(input.id, input.expected_version).await?;
    let essentials = Essentials {
        observed_on: input.observed_on,
        kind: input.kind,
        name: input.name,
        calendar_version: input.calendar_version,
        ..Essentials::default()
    };
    let draft = draft(work, essentials).await?;
    work.update::<Holiday>(row, draft).await
}

async fn draft(work: &mut UnitOfWork<'_>, essentials: Essentials) -> Result<ActiveModel> {
    let mut form = Form::new(work.rules());
    let draft = ActiveModel {
        observed_on: form.day("observedOn", essentials.observed_on),
        kind: form.plain("kind", essentials.kind),
        name: form.line("name", essentials.name, 100),
        calendar_version: form.line("calendarVersion", essentials.calendar_version, 32),
        division_code: form.value("divisionCode", essentials.division_code),
        ..Default::default()
    };
    let warnings = form.finish()?;
    work.warn(warnings);
    Ok(draft)
}
