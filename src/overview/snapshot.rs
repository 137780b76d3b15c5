//! Figures that are kept as they were: what was published stays, whatever is corrected later.

use std::borrow::Cow;

use async_graphql::{Context, InputObject, Object};
use entity::metric_snapshot::ActiveModel;
use sea_orm::ActiveValue::Set;
use value::{Date, DivisionCode, Unchecked};

use super::{Distinct, Figure, PeriodInput, WorkforceBasis, figures};
use crate::{
    Error, Result,
    context::{ContextExt, Nullable},
    directive::{requires, to_write},
    domain::metric_snapshot::MetricSnapshot,
    error::Violation,
    kind::Kind,
    operation::Payload,
    repository::Repository,
    shell::operation,
    unit_of_work::{RecordOptions, UnitOfWork},
};

/// Which figure to keep.
///
/// 固化指标。
#[derive(Clone, Debug, InputObject)]
pub struct MetricSnapshotFreezeInput {
    /// The code of the figure, such as F13. 指标代码
    figure_code: String,
    /// The division that the figure is of, with all below it; it keeps the record. 区划代码（含下级）
    division_code: Unchecked<DivisionCode>,
    /// The days it is about; absent: all. 统计期间
    period: Option<PeriodInput>,
    /// What is counted of persons. 计数方式
    #[graphql(default)]
    distinct: Distinct,
    /// Whom the workforce is. 职工总数口径
    #[graphql(default)]
    basis: WorkforceBasis,
    /// The day it was published; absent where it is kept only. 发布日期
    published_on: Option<Date>,
    #[graphql(flatten)]
    options: RecordOptions,
}

operation!(MetricSnapshotFreeze of MetricSnapshot);

#[derive(Default)]
pub struct Mutations;

#[Object(name = "MetricSnapshotFreezeMutations")]
impl Mutations {
    /// Keeps a figure as it is computed now, from the records that the caller sees. 固化当前指标值
    #[graphql(directive = requires::apply(to_write(Kind::MetricSnapshot)))]
    async fn metric_snapshot_freeze(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to write. 输入")] input: MetricSnapshotFreezeInput,
    ) -> Nullable<Payload<MetricSnapshotFreeze>> {
        let options = input.options.clone();
        // Before the transaction: a figure reads over connections of its own.
        let may_write = ctx.viewer().may(ctx.viewer().policy().kind(Kind::MetricSnapshot).write);
        let draft = if may_write {
            draft(ctx.repository(), &input).await
        } else {
            Ok(ActiveModel::default())
        };
        let draft = match draft {
            Ok(draft) => Ok(draft),
            Err(Error::Invalid(violations)) => Err(violations),
            Err(error) => return Some(Err(error)),
        };
        let write = ctx
            .write(Kind::MetricSnapshot, options, draft, |work, draft| Box::pin(keep(work, draft)));
        Some(write.await)
    }
}

async fn keep(
    work: &mut UnitOfWork<'_>,
    draft: Result<ActiveModel, Vec<Violation>>,
) -> Result<MetricSnapshot> {
    work.create::<MetricSnapshot>(draft.map_err(Error::Invalid)?).await
}

async fn draft(repository: &Repository, input: &MetricSnapshotFreezeInput) -> Result<ActiveModel> {
    let rules = repository.rules();
    let division = input
        .division_code
        .check(&rules)
        .map_err(|defect| Error::Invalid(vec![Violation::defect("divisionCode", defect)]))?
        .value;
    let code = Some(vec![input.figure_code.clone()]);
    let (distinct, basis) = (input.distinct, input.basis);
    let period = input.period.unwrap_or_default();
    let found =
        figures(repository, &input.division_code, Some(period), None, code, distinct, basis)
            .await?;
    let Some(Figure { definition, asked, computed }) = found.into_iter().next() else {
        return Err(Violation::not_found("figureCode").into());
    };
    let computed = computed?;
    let PeriodInput { from, to } = period;
    Ok(ActiveModel {
        division_code: Set(division),
        figure_code: Set(definition.code.to_owned()),
        basis: Set(definition.basis(&asked).map(Cow::into_owned)),
        started_on: Set(from.map(|it| it.0)),
        ended_on: Set(to.map(|it| it.0)),
        as_of: Set(rules.today),
        published_on: Set(input.published_on.map(|it| it.0)),
        value_scaled: Set(computed.value),
        places: Set(definition.unit.places().into()),
        numerator_count: Set(computed.numerator),
        denominator_count: Set(computed.denominator),
        ..Default::default()
    })
}
