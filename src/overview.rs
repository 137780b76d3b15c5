//! The figures of a city: each the answer to a query over records. What was published of one can be kept.

mod definition;
mod dimension;
mod figure;
mod snapshot;

use std::{
    borrow::Cow,
    collections::{BTreeMap, HashMap},
};

use async_graphql::{Context, Enum, InputObject, Object, SimpleObject};
use sea_orm::{
    ConnectionTrait, QueryResult,
    sea_query::{Expr, ExprTrait},
};
use value::{Date, Decimal, DivisionCode, Unchecked};

use crate::{
    Error, Result,
    context::{ContextExt, Nullable},
    domain::division::Division,
    error::Violation,
    repository::{Repository, unseen_rows},
};

pub use snapshot::Mutations;

use definition::{Against, Definition, Measure, Period, Source};
use figure::DEFINITIONS;

/// The days that a figure is about, both included.
///
/// 统计期间（含首尾两日）。
#[derive(Clone, Copy, Debug, Default, InputObject)]
pub struct PeriodInput {
    /// The first day; absent: from the beginning of the records. 起始日期
    from: Option<Date>,
    /// The last day; absent: to the latest record. 截止日期
    to: Option<Date>,
}

/// What is counted where one person may have several records.
///
/// 一人多条记录时的计数方式。
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Enum)]
pub enum Distinct {
    /// Each person once. 按人数
    #[default]
    Person,
    /// Each record. 按人次
    Record,
}

/// Whom the workforce of a division is.
///
/// 职工总数的统计口径。
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Enum)]
pub enum WorkforceBasis {
    /// Who is employed by a unit of the division. 用人单位所在地
    #[default]
    EmployerLocation,
    /// Whose record the division keeps. 职工档案所在地
    Residence,
    /// Who is a member of a union of the division. 工会会员
    UnionMember,
}

/// The unit of a figure.
///
/// 指标单位。
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum FigureUnit {
    /// Persons. 人
    Person,
    /// Records: batches, units, awards, events. 个（项）
    Record,
    /// Yuan. 元
    Yuan,
    /// A ratio: 0.72 is 72 %. 比率
    Ratio,
    /// The number of an edition. 届
    Edition,
}

/// How exactly the article states a figure.
///
/// 报道中数字的表述方式。
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum FigureQualifier {
    /// Exactly this. 恰为
    Exact,
    /// More than this. 余、多
    MoreThan,
    /// A little less than this. 近
    Nearly,
    /// As much as this. 达
    Reaches,
    /// This for each. 各
    Each,
}

/// By what a figure can be broken down.
///
/// 指标分解维度。
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum FigureDimension {
    /// By the divisions right below the one that is asked for; the division itself for what is kept
    /// there, and what was filed under a former code with its successor. 按下级区划（旧代码并入新代码）
    Division,
    /// By the month of the day that counts. 按月份
    Month,
    /// By the ownership of the employer. 按所有制
    Ownership,
    /// By the section of industry of the employer (GB/T 4754), a letter from A to T. 按行业门类
    Industry,
    /// By level: of the honour, the competition, the pilot, the exhibition, the studio, the union. 按级别
    Level,
}

/// A part of a figure.
///
/// 指标的一个分项。
#[derive(Clone, Debug, SimpleObject)]
pub struct FigurePart {
    /// The code of a division, a month such as 2024-05, a section of industry such as C, or a value such
    /// as PRIVATE; null for records of which it is not known, or not to the caller. 分项
    key: Option<String>,
    /// The value of the part. 数值
    value: Decimal,
}

pub struct Figure {
    definition: &'static Definition,
    asked: Asked,
    computed: Result<Computed>,
}

/// What is asked of figures.
#[derive(Clone)]
struct Asked {
    period: Period,
    distinct: Distinct,
}

/// The value of a figure in the smallest units, and what it was divided from.
#[derive(Clone, Copy, Default)]
struct Computed {
    value: Option<i64>,
    numerator: Option<i64>,
    denominator: Option<i64>,
}

#[derive(Default)]
pub struct Queries;

#[Object(name = "OverviewQueries")]
impl Queries {
    /// The figures of a division, each computed from records by one or two statements: at most
    /// as many as the limit of cost allows, 100 points each. A figure over records that the caller may not read has no value, and an error says so.
    /// 区划指标，均由记录实时计算
    #[expect(clippy::too_many_arguments, reason = "each is a choice of the reader")]
    async fn figures(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The division, with all below it. 区划（含下级）")] division: Unchecked<
            DivisionCode,
        >,
        #[graphql(desc = "The days it is about; absent: all. 统计期间")] period: Option<
            PeriodInput,
        >,
        #[graphql(desc = "Nothing after this day counts; absent: whatever is on record. 截至日期")]
        as_of: Option<Date>,
        #[graphql(desc = "The codes of the figures, such as F13; absent: all. 指标代码")]
        codes: Option<Vec<String>>,
        #[graphql(default, desc = "What is counted of persons. 计数方式")] distinct: Distinct,
        #[graphql(default, desc = "Whom the workforce is. 职工总数口径")] basis: WorkforceBasis,
    ) -> Nullable<Vec<Figure>> {
        Some(figures(ctx.repository(), &division, period, as_of, codes, distinct, basis).await)
    }
}

async fn figures(
    repository: &Repository,
    division: &Unchecked<DivisionCode>,
    period: Option<PeriodInput>,
    as_of: Option<Date>,
    codes: Option<Vec<String>>,
    distinct: Distinct,
    basis: WorkforceBasis,
) -> Result<Vec<Figure>> {
    let division = division
        .check(&repository.rules())
        .map_err(|defect| Error::Invalid(vec![Violation::defect("division", defect)]))?
        .value;
    expect_known(repository, &division).await?;
    let PeriodInput { from, to } = period.unwrap_or_default();
    let days = [from, to, as_of].map(|it| it.map(|it| it.0));
    let to = [days[1], days[2]].into_iter().flatten().min();
    if days[0].zip(to).is_some_and(|(from, to)| from > to) {
        return Err(Error::bad_input(
            "The period ends before it begins.",
            "统计期间的截止日期早于起始日期。",
        ));
    }
    let period = Period::new(repository, division, days[0], to, basis).await?;
    let asked = Asked { period, distinct };
    let mut figures = Vec::new();
    for definition in chosen(codes)? {
        let computed = compute(repository, definition, &asked).await;
        figures.push(Figure { definition, asked: asked.clone(), computed });
    }
    Ok(figures)
}

/// A code that no division has would have figures too: all of them 0.
async fn expect_known(repository: &Repository, division: &DivisionCode) -> Result<()> {
    let known = &repository.shared.divisions;
    if known.contains(division.as_str()) {
        return Ok(());
    }
    let mut rows = unseen_rows::<Division>();
    rows.expr(Expr::val(1)).and_where(Expr::col("code").eq(division.as_str())).limit(1);
    if repository.shared.database.read().query_one(&rows).await?.is_none() {
        return Err(Error::bad_input("There is no such division.", "没有该行政区划。"));
    }
    known.insert(division.as_str().to_owned());
    Ok(())
}

fn chosen(codes: Option<Vec<String>>) -> Result<Vec<&'static Definition>> {
    let Some(codes) = codes else { return Ok(DEFINITIONS.iter().collect()) };
    let find = |code: &String| {
        DEFINITIONS.iter().find(|it| it.code == code).ok_or_else(|| {
            let known: Vec<&str> = DEFINITIONS.iter().map(|it| it.code).collect();
            Error::bad_input(
                format!("There is no figure {code:?}; known: {}.", known.join(", ")),
                format!("没有代码为“{code}”的指标；可用：{}。", known.join("、")),
            )
        })
    };
    codes.iter().map(find).collect()
}

/// A figure of a division, computed from the records that the caller may see.
///
/// 指标：由调用方可见的记录实时计算，不存储。
#[Object]
impl Figure {
    /// The code: that of the domain brief, such as F13. 指标代码
    async fn code(&self) -> &str {
        self.definition.code
    }

    /// The value; null where it is not defined, such as a ratio to nothing. 数值
    async fn value(&self) -> Nullable<Decimal> {
        self.told(|it| it.value)
    }

    /// The unit. 单位
    async fn unit(&self) -> FigureUnit {
        self.definition.unit
    }

    /// How exactly the article states it. 表述方式
    async fn qualifier(&self) -> FigureQualifier {
        self.definition.qualifier
    }

    /// What was divided; null where nothing was. 分子
    async fn numerator(&self) -> Nullable<Decimal> {
        self.part(|it| it.numerator)
    }

    /// By what it was divided; null where nothing was. 分母
    async fn denominator(&self) -> Nullable<Decimal> {
        self.part(|it| it.denominator)
    }

    /// What is counted, where there is a choice: PERSON, RECORD or the basis of the workforce. 口径
    async fn basis(&self) -> Option<Cow<'static, str>> {
        self.definition.basis(&self.asked)
    }

    /// What it means, in English and Chinese. 定义
    async fn definition(&self) -> &str {
        self.definition.meaning
    }

    /// The words of the article that state it. 报道原句
    async fn phrase(&self) -> &str {
        self.definition.phrase
    }

    /// The query whose answer are the records behind it, to be sent as it is. 下钻查询
    async fn query(&self) -> String {
        let period = &self.asked.period;
        self.definition.source(period).query(period)
    }

    /// Its parts, which add up to it, apart from persons who are in several; at most 1,000. Null for
    /// ratios and editions, and where its records have no such part. 指标分解
    async fn breakdown(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "By what. 分解维度")] by: FigureDimension,
    ) -> Nullable<Vec<FigurePart>> {
        breakdown(ctx.repository(), self, by).await.transpose()
    }
}

impl Figure {
    fn told(&self, number: impl Fn(&Computed) -> Option<i64>) -> Nullable<Decimal> {
        let places = self.definition.unit.places();
        self.computed
            .clone()
            .map(|it| number(&it).map(|it| Decimal::scaled(it, places)))
            .transpose()
    }

    fn part(&self, number: impl Fn(&Computed) -> Option<i64>) -> Nullable<Decimal> {
        self.computed.clone().map(|it| number(&it).map(|it| Decimal::scaled(it, 0))).transpose()
    }
}

impl FigureUnit {
    /// Decimal places of the smallest unit: fen, hundredths of a ratio.
    fn places(self) -> u8 {
        match self {
            FigureUnit::Yuan | FigureUnit::Ratio => 2,
            FigureUnit::Person | FigureUnit::Record | FigureUnit::Edition => 0,
        }
    }
}

async fn compute(
    repository: &Repository,
    definition: &Definition,
    asked: &Asked,
) -> Result<Computed> {
    let counted = number(repository, definition.source(&asked.period), asked).await?;
    let (other, is_excess) = match definition.against {
        Against::Nothing => return Ok(Computed { value: counted, ..Computed::default() }),
        Against::Share(other) => (other, false),
        Against::Excess(other) => (other, true),
    };
    let numerator = counted.unwrap_or(0);
    let denominator = number(repository, other, asked).await?.unwrap_or(0);
    let value = (denominator != 0).then(|| {
        let part = if is_excess { numerator - denominator } else { numerator };
        hundredths(part, denominator)
    });
    Ok(Computed { value, numerator: Some(numerator), denominator: Some(denominator) })
}

/// What is counted; of no records nothing adds up to 0, and has no first.
async fn number(repository: &Repository, source: Source, asked: &Asked) -> Result<Option<i64>> {
    let rows = source.rows(repository, &asked.period)?;
    let select = source.measured(rows, asked.distinct);
    let row = repository.shared.database.read().query_one(&select).await?;
    let number: Option<i64> = row.map(|it| it.try_get("", "number")).transpose()?.flatten();
    Ok(if matches!(source.measure, Measure::Sum(_)) { number.or(Some(0)) } else { number })
}

/// A quotient in hundredths, half away from zero.
fn hundredths(numerator: i64, denominator: i64) -> i64 {
    let (numerator, denominator) = (i128::from(numerator) * 100, i128::from(denominator));
    let half = denominator.abs() / 2 * if numerator < 0 { -1 } else { 1 };
    i64::try_from((numerator + half) / denominator).unwrap_or(i64::MAX)
}

async fn breakdown(
    repository: &Repository,
    figure: &Figure,
    by: FigureDimension,
) -> Result<Option<Vec<FigurePart>>> {
    let Figure { definition, asked, .. } = figure;
    let source = definition.source(&asked.period);
    let adds_up = !matches!(source.measure, Measure::Least(_))
        && matches!(definition.against, Against::Nothing);
    if !adds_up {
        return Ok(None);
    }
    let Some(part) = dimension::part(repository, &source, by, definition.day)? else {
        return Ok(None);
    };
    let rows = source.rows(repository, &asked.period)?;
    let mut select = source.measured(rows, asked.distinct);
    // By its place: PostgreSQL does not see that two subqueries are the same.
    select.expr_as(part, "part").add_group_by([Expr::cust("2")]);
    let successors = match by {
        FigureDimension::Division => dimension::successors(repository).await?,
        _ => HashMap::new(),
    };
    let mut parts: BTreeMap<Option<String>, i64> = BTreeMap::new();
    for row in &repository.shared.database.read().query_all(&select).await? {
        let (key, number) = read(row)?;
        let key = match by {
            FigureDimension::Division => {
                key.map(|it| asked.period.below(dimension::folded(&successors, &it)))
            }
            _ => key,
        };
        *parts.entry(key).or_default() += number;
    }
    if parts.len() > 1_000 {
        return Err(Error::bad_input("There are more than 1,000 parts.", "分项超过 1,000 个。"));
    }
    let places = definition.unit.places();
    let part = |(key, number)| FigurePart { key, value: Decimal::scaled(number, places) };
    Ok(Some(parts.into_iter().map(part).collect()))
}

fn read(row: &QueryResult) -> Result<(Option<String>, i64)> {
    Ok((row.try_get("", "part")?, row.try_get::<Option<i64>>("", "number")?.unwrap_or(0)))
}
