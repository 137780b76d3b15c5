use async_graphql::{ComplexObject, Context, Enum, InputObject, ScalarType, SimpleObject, Value};
use entity::metric_snapshot::{Column, Entity, Model};
use sea_orm::DerivePartialModel;
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use value::{Date, DateTime, Decimal, DivisionCode};

use crate::{
    Result,
    context::Nullable,
    directive::{requires, to_read},
    domain::{division::Division, external_id},
    error::Violation,
    filter::{Archived, Clauses, DivisionFilter, Filter, IdFilter, Ordering, TextFilter},
    kind::Kind,
    link::{Link, Linked},
    list::OrderField,
    resource::{Id, Resource},
    shell::{reads, writes},
    unit_of_work::ExternalId,
};

/// A figure as it was when it was published; it stays, whatever is corrected later.
///
/// 指标快照：保留发布时的数值，不随后续更正变动。
#[derive(Clone, SimpleObject, DerivePartialModel, Serialize, Deserialize)]
#[graphql(complex, directive = requires::apply(to_read(Kind::MetricSnapshot)))]
#[sea_orm(entity = "Entity")]
pub struct MetricSnapshot {
    /// The id. 编号
    pub id: Id<MetricSnapshot>,
    /// The code of the figure, such as F13. 指标代码
    pub figure_code: String,
    /// What is counted, where there is a choice: PERSON, RECORD or the basis of the workforce. 口径
    pub basis: Option<String>,
    /// The first day that it is about; null: from the beginning of the records. 统计起始日期
    pub started_on: Option<Date>,
    /// The last day that it is about; null: to the latest record. 统计截止日期
    pub ended_on: Option<Date>,
    /// The day on which it was computed. 计算日期
    pub as_of: Date,
    /// The day it was published; null where it was kept only. 发布日期
    pub published_on: Option<Date>,
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
    value_scaled: Option<i64>,
    #[graphql(skip)]
    places: i32,
    #[graphql(skip)]
    numerator_count: Option<i64>,
    #[graphql(skip)]
    denominator_count: Option<i64>,
}

/// Narrows a list of metric snapshots.
///
/// 指标快照筛选条件。
#[derive(Clone, Debug, Default, InputObject)]
pub struct MetricSnapshotWhere {
    /// All of these. 全部满足
    and: Option<Vec<MetricSnapshotWhere>>,
    /// At least one of these. 至少满足一个
    or: Option<Vec<MetricSnapshotWhere>>,
    /// Not this. 不满足
    not: Option<Box<MetricSnapshotWhere>>,
    /// Whether archived records are in the list; read at the top only. 是否包含已归档
    archived: Option<Archived>,
    /// The id. 编号
    id: Option<IdFilter>,
    /// The code of the figure, such as F13. 指标代码
    figure_code: Option<TextFilter>,
    /// What is counted, where there is a choice: PERSON, RECORD or the basis of the workforce. 口径
    basis: Option<TextFilter>,
    /// The first day that it is about; null: from the beginning of the records. 统计起始日期
    started_on: Option<Ordering<Date>>,
    /// The last day that it is about; null: to the latest record. 统计截止日期
    ended_on: Option<Ordering<Date>>,
    /// The day on which it was computed. 计算日期
    as_of: Option<Ordering<Date>>,
    /// The day it was published; null where it was kept only. 发布日期
    published_on: Option<Ordering<Date>>,
    /// The division that keeps the record. 所属区划
    division_code: Option<DivisionFilter>,
    /// When the record was made. 创建时间
    created_at: Option<Ordering<DateTime>>,
    /// When the record was changed last. 更新时间
    updated_at: Option<Ordering<DateTime>>,
}

/// What a list of metric snapshots can be sorted by.
///
/// 指标快照排序字段。
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum MetricSnapshotOrderField {
    /// The first day that it is about; null: from the beginning of the records. 统计起始日期
    StartedOn,
    /// The last day that it is about; null: to the latest record. 统计截止日期
    EndedOn,
    /// The day on which it was computed. 计算日期
    AsOf,
    /// The day it was published; null where it was kept only. 发布日期
    PublishedOn,
    /// When the record was made. 创建时间
    CreatedAt,
    /// When the record was changed last. 更新时间
    UpdatedAt,
}

reads! {
    Queries("MetricSnapshotQueries") of MetricSnapshot by MetricSnapshotBy, MetricSnapshotWhere, MetricSnapshotOrderField {
        /// One metric snapshot; null when there is none that the caller may see. 查询一条指标快照
        metric_snapshot = "metricSnapshot",
        /// Metric snapshots, oldest record first unless told otherwise. 查询指标快照列表
        metric_snapshots = "metricSnapshots",
    }
}

writes! {
    Mutations("MetricSnapshotMutations") of MetricSnapshot {
    }
    archive {
        /// Archives a metric snapshot: out of the lists, still there by id. 归档指标快照
        metric_snapshot_archive: MetricSnapshotArchive
    }
    restore {
        /// Brings back an archived metric snapshot. 恢复指标快照
        metric_snapshot_restore: MetricSnapshotRestore
    }
}

#[ComplexObject]
impl MetricSnapshot {
    /// The division that keeps the record. 所属区划
    async fn division(&self, ctx: &Context<'_>) -> Nullable<Division> {
        Division::of(ctx, &self.division_code).await
    }

    /// What other systems call it, at most 20, sorted by source. 外部编号
    async fn external_ids(&self, ctx: &Context<'_>) -> Result<Vec<ExternalId>> {
        external_id::names(ctx, self.id.uuid()).await
    }

    /// The value; null where it was not defined. 数值
    async fn value(&self) -> Option<Decimal> {
        self.told()
    }

    /// What was divided; null where nothing was. 分子
    async fn numerator(&self) -> Option<Decimal> {
        self.divided()
    }

    /// By what it was divided; null where nothing was. 分母
    async fn denominator(&self) -> Option<Decimal> {
        self.divisor()
    }
}

impl Resource for MetricSnapshot {
    const KIND: Kind = Kind::MetricSnapshot;

    type Entity = Entity;

    fn id(&self) -> Uuid {
        self.id.uuid()
    }

    fn check(row: &Model) -> Vec<Violation> {
        Violation::out_of_order("endedOn", row.started_on, row.ended_on).into_iter().collect()
    }
}

impl Linked for MetricSnapshot {
    type Where = MetricSnapshotWhere;
    type Order = MetricSnapshotOrderField;

    fn link(field: &str) -> Option<Link> {
        Some(match field {
            "externalIds" => external_id::link(),
            "division" => Division::by_code(Column::DivisionCode),
            "value" => Link::computed(|it: &MetricSnapshot| number(it.told())),
            "numerator" => Link::computed(|it: &MetricSnapshot| number(it.divided())),
            "denominator" => Link::computed(|it: &MetricSnapshot| number(it.divisor())),
            _ => return None,
        })
    }
}

impl Filter for MetricSnapshotWhere {
    type Resource = MetricSnapshot;

    fn archived(&self) -> Option<Archived> {
        self.archived
    }

    fn apply<'a>(self, clauses: Clauses<'a>) -> Result<Clauses<'a>> {
        clauses
            .logic(self.and, self.or, self.not)?
            .on(Column::Id, self.id)?
            .on(Column::FigureCode, self.figure_code)?
            .on(Column::Basis, self.basis)?
            .on(Column::StartedOn, self.started_on)?
            .on(Column::EndedOn, self.ended_on)?
            .on(Column::AsOf, self.as_of)?
            .on(Column::PublishedOn, self.published_on)?
            .on(Column::DivisionCode, self.division_code)?
            .on(Column::CreatedAt, self.created_at)?
            .on(Column::UpdatedAt, self.updated_at)
    }
}

impl OrderField for MetricSnapshotOrderField {
    type Resource = MetricSnapshot;

    fn column(self) -> Column {
        match self {
            MetricSnapshotOrderField::StartedOn => Column::StartedOn,
            MetricSnapshotOrderField::EndedOn => Column::EndedOn,
            MetricSnapshotOrderField::AsOf => Column::AsOf,
            MetricSnapshotOrderField::PublishedOn => Column::PublishedOn,
            MetricSnapshotOrderField::CreatedAt => Column::CreatedAt,
            MetricSnapshotOrderField::UpdatedAt => Column::UpdatedAt,
        }
    }
}

impl MetricSnapshot {
    fn told(&self) -> Option<Decimal> {
        let places = u8::try_from(self.places).unwrap_or_default();
        self.value_scaled.map(|it| Decimal::scaled(it, places))
    }

    fn divided(&self) -> Option<Decimal> {
        self.numerator_count.map(|it| Decimal::scaled(it, 0))
    }

    fn divisor(&self) -> Option<Decimal> {
        self.denominator_count.map(|it| Decimal::scaled(it, 0))
    }
}

fn number(of: Option<Decimal>) -> Value {
    of.map_or(Value::Null, |it| it.to_value())
}
