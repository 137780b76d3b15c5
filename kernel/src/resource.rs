use std::{borrow::Cow, fmt, hash, marker::PhantomData, str::FromStr};

use async_graphql::{
    ContextSelectionSet, ID, InputType, InputValueError, InputValueResult, OutputType, Positioned,
    ServerResult, Value, parser::types::Field, registry::Registry,
};
use sea_orm::{
    ActiveModelTrait, ColIdx, ColumnTrait, Condition, EntityTrait, FromQueryResult,
    IntoActiveModel, PartialModelTrait, QueryResult, TryGetError, TryGetable,
};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::DeserializeOwned};
use uuid::Uuid;

use crate::{
    Result,
    error::Violation,
    keyring::Keyring,
    kind::{Kind, decode_id, encode_id},
    viewer::Viewer,
};

/// A kind of record that is stored, listed, changed and logged like every other.
///
/// The implementor is the GraphQL object, loaded straight from the columns it names. The trait
/// only answers questions; [`crate::repository`] reads with the answers and
/// [`crate::unit_of_work`] writes with them.
pub trait Resource:
    OutputType
    + PartialModelTrait
    + FromQueryResult
    + Serialize
    + DeserializeOwned
    + Clone
    + Send
    + Sync
    + 'static
{
    const KIND: Kind;

    type Entity: EntityTrait<
            Model: IntoActiveModel<Draft<Self>>
                       + FromQueryResult
                       + Serialize
                       + Clone
                       + Send
                       + Sync
                       + 'static,
            ActiveModel: ActiveModelTrait<Entity = Self::Entity> + Send + Sync,
            Column: Send + Sync,
        >;

    fn id(&self) -> Uuid;

    /// Narrows what a viewer with the right to the kind may see: rows that speak of records of
    /// another kind need the right to that kind too.
    fn shown_to(_viewer: &Viewer) -> Condition {
        Condition::all()
    }

    /// Seals what no column holds in clear, before a draft is written: over a row, or as a new one.
    fn seal(_keyring: &Keyring, _row: Option<&Row<Self>>, _draft: &mut Draft<Self>) -> Result<()> {
        Ok(())
    }

    /// The worker whose own matter a row is: that person may write it, without a division.
    fn owner(_row: &Row<Self>) -> Option<Uuid> {
        None
    }

    /// The rules every stored row keeps, whoever wrote it. Paths are columns in camelCase.
    fn check(_row: &Row<Self>) -> Vec<Violation> {
        Vec::new()
    }
}

/// A stored row of a resource.
pub type Row<R> = <<R as Resource>::Entity as EntityTrait>::Model;

/// A row being written.
pub type Draft<R> = <<R as Resource>::Entity as EntityTrait>::ActiveModel;

pub type Column<R> = <<R as Resource>::Entity as EntityTrait>::Column;

/// A column that every table of a resource has: `id`, `division_code`, `version`, `created_at`,
/// `updated_at`, `archived_at`.
pub fn common<R: Resource>(column: &'static str) -> Column<R> {
    let Ok(found) = Column::<R>::from_str(column) else {
        panic!("the table of {} has no column {column}", R::KIND.name());
    };
    found
}

/// A draft in which nothing is set.
pub fn blank<R: Resource>() -> Draft<R> {
    <Draft<R> as ActiveModelTrait>::default()
}

/// The rows this viewer may see.
pub fn visible_to<R: Resource>(viewer: &Viewer) -> Condition {
    let own = viewer.sees(R::KIND, common::<R>("division_code"));
    Condition::all().add(own).add(R::shown_to(viewer))
}

/// The rows that are not archived.
pub fn current<R: Resource>() -> Condition {
    Condition::all().add(common::<R>("archived_at").is_null())
}

/// The id of a resource: a UUID inside, a typed text outside.
pub struct Id<R>(Uuid, PhantomData<fn() -> R>);

impl<R> Id<R> {
    pub fn new(id: Uuid) -> Id<R> {
        Id(id, PhantomData)
    }

    pub fn uuid(self) -> Uuid {
        self.0
    }
}

// Derives would demand the same of `R`.
impl<R> Clone for Id<R> {
    fn clone(&self) -> Id<R> {
        *self
    }
}

impl<R> Copy for Id<R> {}

impl<R> PartialEq for Id<R> {
    fn eq(&self, other: &Id<R>) -> bool {
        self.0 == other.0
    }
}

impl<R> Eq for Id<R> {}

impl<R> hash::Hash for Id<R> {
    fn hash<H: hash::Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}

impl<R> fmt::Debug for Id<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl<R> From<Id<R>> for Uuid {
    fn from(id: Id<R>) -> Uuid {
        id.0
    }
}

impl<R> TryGetable for Id<R> {
    fn try_get_by<I: ColIdx>(row: &QueryResult, index: I) -> Result<Id<R>, TryGetError> {
        Uuid::try_get_by(row, index).map(Id::new)
    }
}

impl<R> Serialize for Id<R> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl<'de, R> Deserialize<'de> for Id<R> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Id<R>, D::Error> {
        Uuid::deserialize(deserializer).map(Id::new)
    }
}

/// The id of a record of any kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AnyId {
    pub kind: Kind,
    pub id: Uuid,
}

impl AnyId {
    /// The id that two columns hold, where they hold one.
    pub fn of(kind: Option<Kind>, id: Option<Uuid>) -> Option<AnyId> {
        Some(AnyId { kind: kind?, id: id? })
    }

    /// As the planner writes it.
    pub fn told(id: Option<AnyId>) -> Value {
        id.map_or(Value::Null, |it| it.to_value())
    }
}

impl InputType for AnyId {
    type RawValueType = Self;

    fn type_name() -> Cow<'static, str> {
        <ID as InputType>::type_name()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        <ID as InputType>::create_type_info(registry)
    }

    fn parse(value: Option<Value>) -> InputValueResult<Self> {
        let text = ID::parse(value).map_err(InputValueError::propagate)?;
        let found = decode_id(&text).map(|(kind, id)| AnyId { kind, id });
        found.ok_or_else(|| {
            InputValueError::custom("not an id of a record")
                .with_extension("code", "INVALID_ID")
                .with_extension("messageZh", "该编号不是记录的编号。")
        })
    }

    fn to_value(&self) -> Value {
        Value::String(encode_id(self.kind, self.id))
    }

    fn as_raw_value(&self) -> Option<&Self> {
        Some(self)
    }
}

impl OutputType for AnyId {
    fn type_name() -> Cow<'static, str> {
        <ID as OutputType>::type_name()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        <ID as OutputType>::create_type_info(registry)
    }

    async fn resolve(
        &self,
        _: &ContextSelectionSet<'_>,
        _: &Positioned<Field>,
    ) -> ServerResult<Value> {
        Ok(self.to_value())
    }
}

impl<R: Resource> InputType for Id<R> {
    type RawValueType = Self;

    fn type_name() -> Cow<'static, str> {
        <ID as InputType>::type_name()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        <ID as InputType>::create_type_info(registry)
    }

    fn parse(value: Option<Value>) -> InputValueResult<Self> {
        let text = ID::parse(value).map_err(InputValueError::propagate)?;
        match decode_id(&text) {
            Some((kind, id)) if kind == R::KIND => Ok(Id::new(id)),
            _ => Err(InputValueError::custom(format!("not an id of kind {}", R::KIND.name()))
                .with_extension("code", "INVALID_ID")
                .with_extension("messageZh", "该编号不是此类记录的编号。")),
        }
    }

    fn to_value(&self) -> Value {
        Value::String(encode_id(R::KIND, self.0))
    }

    fn as_raw_value(&self) -> Option<&Self> {
        Some(self)
    }
}

impl<R: Resource> OutputType for Id<R> {
    fn type_name() -> Cow<'static, str> {
        <ID as OutputType>::type_name()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        <ID as OutputType>::create_type_info(registry)
    }

    async fn resolve(
        &self,
        _: &ContextSelectionSet<'_>,
        _: &Positioned<Field>,
    ) -> ServerResult<Value> {
        Ok(self.to_value())
    }
}
