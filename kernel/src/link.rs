//! How records hang together, as data: what the planner asks of a resource.

use std::{borrow::Cow, collections::HashMap, marker::PhantomData, str::FromStr, sync::Arc};

use async_graphql::{InputType, Name, Positioned, Value, Variables, indexmap::IndexMap};
use async_graphql_value::Value as InputValue;
use futures_util::future::BoxFuture;
use sea_orm::{
    ColumnTrait, ColumnType, Condition, DynIden, IdenStatic, QueryResult,
    sea_query::SelectStatement,
};
use uuid::Uuid;

use crate::{
    Error, Result,
    filter::{self, Filter, storable},
    kind::Kind,
    list::{List, OrderBy, OrderField, Page},
    policy::ProtectedField,
    repository::{Repository, rows, unseen_rows},
    resource::{Column, Id, Resource, common, visible_to},
    statement::Statements,
    viewer::Viewer,
};

/// A resource as one of a graph. A field of the object that is not named by [`Linked::link`] is the
/// column of that name, or it is not planned.
pub trait Linked: Resource {
    type Where: Filter<Resource = Self> + 'static;
    type Order: OrderField<Resource = Self>;

    fn link(field: &str) -> Option<Link>;
}

/// A resource that the query reaches by itself, one and many.
pub trait Root: Linked {
    type By: Key<Resource = Self>;

    /// The field of one record.
    const ONE: &'static str;
    /// The field of the list.
    const MANY: &'static str;
}

/// What names one record.
pub trait Key: InputType {
    type Resource: Resource;

    /// The protected field that the record is looked up by.
    fn protected(&self) -> Option<ProtectedField> {
        None
    }

    fn criterion(self, repository: &Repository) -> Result<Criterion>;
}

/// By what one record is found.
pub enum Criterion {
    Id(Uuid),
    Other(Condition),
}

impl Criterion {
    pub fn condition<R: Resource>(self) -> Condition {
        match self {
            Criterion::Id(id) => common::<R>("id").eq(id).into(),
            Criterion::Other(condition) => condition,
        }
    }
}

impl<R> From<Id<R>> for Criterion {
    fn from(id: Id<R>) -> Criterion {
        Criterion::Id(id.uuid())
    }
}

impl<C: Into<Condition>> From<C> for Criterion {
    fn from(condition: C) -> Criterion {
        Criterion::Other(condition.into())
    }
}

/// The one record that is asked for.
pub struct Sought {
    pub criterion: Criterion,
    /// The protected field that it is looked up by.
    pub protected: Option<ProtectedField>,
}

/// What a key asks for.
pub fn sought<K: Key>(repository: &Repository, key: K) -> Result<Sought> {
    let protected = key.protected();
    Ok(Sought { criterion: key.criterion(repository)?, protected })
}

/// How a field that is not a column of its own comes about.
#[derive(Clone)]
pub enum Link {
    /// The record that a column refers to, by a column of that record.
    One { from: &'static str, to: &'static str, target: &'static dyn Source },
    /// The records that refer to this one by a column.
    Many { foreign_key: &'static str, target: &'static dyn Source },
    /// A sealed column.
    Protected(ProtectedField),
    /// Worked out from the record.
    Computed(Compute),
    /// A list of flat objects of a type, loaded for many records at once by their ids.
    Loaded { load: Load, type_name: &'static str },
}

/// Given the row and what the names of the record's columns begin with.
pub type Compute = Arc<dyn Fn(&QueryResult, &str) -> Result<Value> + Send + Sync>;
pub type Load =
    for<'a> fn(&'a Repository, Vec<Uuid>) -> BoxFuture<'a, Result<HashMap<Uuid, Value>>>;

impl Link {
    /// The record whose id is in a column.
    pub fn one<T: Linked>(from: impl ColumnTrait) -> Link {
        Link::one_by::<T>(from, common::<T>("id"))
    }

    pub fn one_by<T: Linked>(from: impl ColumnTrait, to: Column<T>) -> Link {
        Link::One { from: from.as_str(), to: to.as_str(), target: source::<T>() }
    }

    pub fn many<T: Linked>(foreign_key: Column<T>) -> Link {
        Link::Many { foreign_key: foreign_key.as_str(), target: source::<T>() }
    }

    pub fn computed<R: Resource>(compute: impl Fn(&R) -> Value + Send + Sync + 'static) -> Link {
        Link::Computed(Arc::new(move |row, prefix| {
            Ok(compute(&R::from_query_result(row, prefix)?))
        }))
    }
}

/// A kind of record, for code that is the same for all of them.
pub trait Source: Send + Sync {
    fn kind(&self) -> Kind;

    /// The type of a column; nothing when there is none of that name.
    fn column_type(&self, column: &str) -> Option<ColumnType>;

    fn column(&self, column: &str) -> (DynIden, DynIden);

    /// All columns that an object of this kind is made of.
    fn columns(&self) -> Vec<&'static str>;

    fn link(&self, field: &str) -> Option<Link>;

    /// The rows that a viewer may see, with nothing selected yet.
    fn select(&self, viewer: &Viewer) -> SelectStatement;

    /// All rows, whoever asks: the condition of [`Self::visible_to`] is to be filled in.
    fn unseen(&self) -> SelectStatement;

    fn visible_to(&self, viewer: &Viewer) -> Condition;

    /// The list that these arguments ask for. Without a relation nobody asks for its cursors.
    fn list(
        &self,
        repository: &Repository,
        relation: Option<&str>,
        given: &Arguments<'_>,
    ) -> Result<List>;
}

/// The kind of record that is `R`.
pub fn source<R: Linked>() -> &'static dyn Source {
    &Of::<R>(PhantomData)
}

struct Of<R>(PhantomData<fn() -> R>);

impl<R: Linked> Source for Of<R> {
    fn kind(&self) -> Kind {
        R::KIND
    }

    fn column_type(&self, column: &str) -> Option<ColumnType> {
        Some(Column::<R>::from_str(column).ok()?.def().get_column_type().clone())
    }

    fn column(&self, column: &str) -> (DynIden, DynIden) {
        let Ok(column) = Column::<R>::from_str(column) else {
            unreachable!("asked for by the type of a column that is not there")
        };
        column.as_column_ref()
    }

    fn columns(&self) -> Vec<&'static str> {
        use sea_orm::Iterable;
        <Column<R> as Iterable>::iter().map(|it| it.as_str()).collect()
    }

    fn link(&self, field: &str) -> Option<Link> {
        R::link(field)
    }

    fn select(&self, viewer: &Viewer) -> SelectStatement {
        rows::<R>(viewer)
    }

    fn unseen(&self) -> SelectStatement {
        unseen_rows::<R>()
    }

    fn visible_to(&self, viewer: &Viewer) -> Condition {
        visible_to::<R>(viewer)
    }

    fn list(
        &self,
        repository: &Repository,
        relation: Option<&str>,
        given: &Arguments<'_>,
    ) -> Result<List> {
        let filter: Option<R::Where> = given.get("where")?;
        let order: Option<Vec<OrderBy<R::Order>>> = given.get("orderBy")?;
        let page = Page {
            first: given.get("first")?,
            after: given.get("after")?,
            last: given.get("last")?,
            before: given.get("before")?,
        };
        let bound = relation.map(|it| (it, filter::told(given.value("where").as_ref())));
        List::of(repository, bound, filter, order, page)
    }
}

/// Fields of the query, as data.
pub trait Plannable {
    /// The field of that name, if it can be planned.
    fn entry(_field: &str) -> Option<Entry> {
        None
    }
}

/// The field of the query that has a name, if it can be planned.
pub type Entries = fn(&str) -> Option<Entry>;

/// A field by which the query reaches records.
#[derive(Clone, Copy)]
pub enum Entry {
    One { target: &'static dyn Source, by: By },
    Many { target: &'static dyn Source },
    Groups { type_name: fn() -> Cow<'static, str>, count: Count },
}

pub type By = fn(&Repository, &Arguments<'_>) -> Result<Sought>;
/// Counts records by what they have in common. Of each group come the values that have these names; the
/// statements are kept for the next time.
pub type Count =
    for<'a> fn(&'a Repository, &Arguments<'_>, &'a [String], &'a Statements) -> Result<Counted<'a>>;
pub type Counted<'a> = BoxFuture<'a, Result<Vec<Vec<Value>>>>;

/// The field of that name, if it is of this resource.
pub fn entry<R: Root>(field: &str) -> Option<Entry> {
    let target = source::<R>();
    if field == R::ONE {
        return Some(Entry::One {
            target,
            by: |repository, given| sought(repository, given.get::<R::By>("by")?),
        });
    }
    (field == R::MANY).then_some(Entry::Many { target })
}

/// The name of a list of children among all lists of its type.
pub fn relation(kind: Kind, foreign_key: &str) -> String {
    format!("{}.{foreign_key}", kind.name())
}

/// The arguments of a field, with the variables of a request.
pub struct Arguments<'a> {
    pub given: &'a [(Positioned<Name>, Positioned<InputValue>)],
    pub variables: &'a Variables,
}

impl Arguments<'_> {
    pub fn has(&self, name: &str) -> bool {
        self.given.iter().any(|(it, _)| it.node == name)
    }

    /// An argument as its type reads it. What it says of a wrong value is not for the client: the
    /// executor then says it.
    pub fn get<T: InputType>(&self, name: &str) -> Result<T> {
        let value = self.value(name);
        value.as_ref().map_or(Ok(()), storable)?;
        T::parse(value)
            .map_err(|_| Error::bad_input("The value cannot be read.", "输入值无法解析。"))
    }

    /// An argument as it was given.
    fn value(&self, name: &str) -> Option<Value> {
        let given = self.given.iter().find(|(it, _)| it.node == name);
        given.and_then(|(_, value)| self.resolve(&value.node))
    }

    /// As the executor resolves it: a field of an object whose variable is missing is missing too.
    fn resolve(&self, value: &InputValue) -> Option<Value> {
        Some(match value {
            InputValue::Variable(name) => return self.variables.get(name).cloned(),
            InputValue::Null => Value::Null,
            InputValue::Number(it) => Value::Number(it.clone()),
            InputValue::String(it) => Value::String(it.clone()),
            InputValue::Boolean(it) => Value::Boolean(*it),
            InputValue::Binary(it) => Value::Binary(it.clone()),
            InputValue::Enum(it) => Value::Enum(it.clone()),
            InputValue::List(items) => Value::List(
                items.iter().map(|it| self.resolve(it).unwrap_or(Value::Null)).collect(),
            ),
            InputValue::Object(fields) => {
                let fields = fields.iter();
                let fields =
                    fields.filter_map(|(name, it)| Some((name.clone(), self.resolve(it)?)));
                Value::Object(fields.collect::<IndexMap<_, _>>())
            }
        })
    }
}
