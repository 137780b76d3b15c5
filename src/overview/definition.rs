//! What each figure is: a list of the graph, a filter in the words of GraphQL, and what is counted of it.

use std::borrow::Cow;

use async_graphql::{
    InputType, Name, Value,
    parser::{
        parse_query,
        types::{DocumentOperations, Selection},
    },
    value,
};
use chrono::NaiveDate;
use sea_orm::{
    ConnectionTrait, DynIden, EntityName, EntityTrait, IdenStatic, Iterable, QueryFilter,
    QuerySelect, QueryTrait,
    sea_query::{Alias, Asterisk, Expr, ExprTrait, IntoIden, SelectStatement},
};
use value::DivisionCode;

use super::{Asked, Distinct, FigureQualifier, FigureUnit, WorkforceBasis, figure::BATCHES};
use crate::{
    Result,
    filter::{self, Filter},
    link::Root,
    repository::{Repository, select},
    resource::Resource,
};

/// A figure.
pub struct Definition {
    pub code: &'static str,
    pub unit: FigureUnit,
    pub qualifier: FigureQualifier,
    /// The words of the article.
    pub phrase: &'static str,
    pub meaning: &'static str,
    pub source: fn(WorkforceBasis) -> Source,
    /// The column of the day that a period is about.
    pub day: Option<&'static str>,
    pub against: Against,
}

/// What a figure is compared with.
pub enum Against {
    Nothing,
    /// The figure is the share of this.
    Share(Source),
    /// The figure is what goes beyond this, as a share of it.
    Excess(Source),
}

/// Records, and what is counted of them.
#[derive(Clone, Copy)]
pub struct Source {
    list: &'static str,
    rows: fn(&Repository, Value) -> Result<SelectStatement>,
    table: fn() -> DynIden,
    has: fn(&str) -> bool,
    /// With the variables of [`Period::variable`].
    filter: &'static str,
    pub measure: Measure,
    /// Whose division counts.
    pub place: Place,
}

/// Where a record lies, as its filter says.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// In the division that keeps it.
    Own,
    /// Where the employer is that it refers to.
    Employer,
}

/// What is counted.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Measure {
    Records,
    /// Persons, by the column that names them, or records: as it is asked.
    Persons(&'static str),
    /// Different values of a column.
    Different(&'static str),
    Sum(&'static str),
    Least(&'static str),
    Greatest(&'static str),
}

/// Where and when.
#[derive(Clone)]
pub struct Period {
    division: DivisionCode,
    from: Option<NaiveDate>,
    to: Option<NaiveDate>,
    pub basis: WorkforceBasis,
    /// The ordinal of the latest batch of pilots; 0 where there is none.
    latest: i64,
}

impl Period {
    pub async fn new(
        repository: &Repository,
        division: DivisionCode,
        from: Option<NaiveDate>,
        to: Option<NaiveDate>,
        basis: WorkforceBasis,
    ) -> Result<Period> {
        let mut period = Period { division, from, to, basis, latest: 0 };
        // Who may not read batches gets no figure of them either, and is told there.
        if let Ok(rows) = BATCHES.rows(repository, &period) {
            let select = BATCHES.measured(rows, Distinct::Record);
            let row = repository.shared.database.read().query_one(&select).await?;
            let latest = row.map(|it| it.try_get::<Option<i64>>("", "number")).transpose()?;
            period.latest = latest.flatten().unwrap_or(0);
        }
        Ok(period)
    }

    fn between(&self, from: Option<NaiveDate>) -> Value {
        let mut days = async_graphql::indexmap::IndexMap::new();
        for (name, day) in [("gte", from), ("lte", self.to)] {
            days.extend(day.map(|it| (Name::new(name), Value::from(it.to_string()))));
        }
        Value::Object(days)
    }

    /// What stands for a variable of a filter.
    fn variable(&self, name: &str) -> Value {
        match name {
            "division" => value!({ "within": (self.division.as_str()) }),
            // The divisions it lies in: what is kept for all of them is good for it too.
            "above" => {
                let code = self.division.as_str();
                let above = [format!("{}0000", &code[..2]), format!("{}00", &code[..4])];
                value!({ "in": (above.to_vec()) })
            }
            "between" => self.between(self.from),
            "until" => self.between(None),
            "latest" => Value::from(self.latest),
            _ => unreachable!("the table of figures names a variable that is not there"),
        }
    }

    /// The division right below the one that is asked for in which another lies.
    pub fn below(&self, code: &str) -> String {
        let own = self.division.as_str();
        if own.ends_with("0000") && code != own { format!("{}00", &code[..4]) } else { code.into() }
    }
}

impl Definition {
    pub fn source(&self, period: &Period) -> Source {
        (self.source)(period.basis)
    }

    pub fn basis(&self, asked: &Asked) -> Option<Cow<'static, str>> {
        let source = self.source(&asked.period);
        if self.code == "F01" {
            return Some(asked.period.basis.to_value().to_string().into());
        }
        matches!(source.measure, Measure::Persons(_))
            .then(|| asked.distinct.to_value().to_string().into())
    }
}

impl Source {
    pub const fn new<R: Root>(filter: &'static str, measure: Measure) -> Source {
        let (rows, table, has) = (rows::<R::Where>, table::<R>, has::<R>);
        Source { list: R::MANY, rows, table, has, filter, measure, place: Place::Own }
    }

    pub const fn at_employer(self) -> Source {
        Source { place: Place::Employer, ..self }
    }

    /// Whether the records have a column.
    pub fn has(&self, column: &str) -> bool {
        (self.has)(column)
    }

    pub fn column(&self, name: &'static str) -> Expr {
        Expr::col(((self.table)(), Alias::new(name)))
    }

    fn filter(&self, period: &Period) -> Value {
        let document = parse_query(format!("{{ it(where: {}) }}", self.filter));
        let Ok(DocumentOperations::Single(operation)) = document.map(|it| it.operations) else {
            unreachable!("a filter of the table of figures is no GraphQL")
        };
        let selection = operation.node.selection_set.node.items.into_iter().next();
        let Some(Selection::Field(field)) = selection.map(|it| it.node) else {
            unreachable!("it was written as a field")
        };
        let given = field.node.arguments.into_iter().next().map(|it| it.1.node);
        let filled = given.map(|it| {
            it.into_const_with(|name| Ok::<_, std::convert::Infallible>(period.variable(&name)))
        });
        match filled {
            Some(Ok(filter)) => filter,
            _ => unreachable!("it was written with an argument"),
        }
    }

    /// The records, with nothing selected yet.
    pub fn rows(&self, repository: &Repository, period: &Period) -> Result<SelectStatement> {
        (self.rows)(repository, self.filter(period))
    }

    /// The query that lists them.
    pub fn query(&self, period: &Period) -> String {
        format!(
            "{{ {}(first: 100, where: {}) {{ totalCount nodes {{ id }} pageInfo {{ hasNextPage endCursor }} }} }}",
            self.list,
            self.filter(period)
        )
    }

    /// Counts rows.
    pub fn measured(&self, mut rows: SelectStatement, distinct: Distinct) -> SelectStatement {
        let column = |name: &'static str| Expr::col(Alias::new(name));
        let number = match self.measure {
            Measure::Persons(name) if distinct == Distinct::Person => column(name).count_distinct(),
            Measure::Records | Measure::Persons(_) => Expr::col(Asterisk).count(),
            Measure::Different(name) => column(name).count_distinct(),
            Measure::Sum(name) => column(name).sum(),
            Measure::Least(name) => column(name).min(),
            Measure::Greatest(name) => column(name).max(),
        };
        // PostgreSQL adds whole numbers up in a wider type, and counts in a narrower one.
        rows.expr_as(number.cast_as("bigint"), "number");
        rows
    }
}

fn table<R: Resource>() -> DynIden {
    Alias::new(<R::Entity as Default>::default().table_name()).into_iden()
}

fn has<R: Resource>(column: &str) -> bool {
    <R::Entity as EntityTrait>::Column::iter().any(|it| it.as_str() == column)
}

fn rows<W: Filter>(repository: &Repository, filter: Value) -> Result<SelectStatement> {
    let viewer = &repository.viewer;
    viewer.require(viewer.policy().kind(W::Resource::KIND).read)?;
    let Ok(filter) = W::parse(Some(filter)) else {
        unreachable!("the table of figures has a filter that the list does not take")
    };
    let narrowed = filter::condition(viewer, Some(filter))?;
    let select = select::<W::Resource>(&narrowed.viewer(viewer)).select_only();
    Ok(select.filter(narrowed.condition).into_query())
}
