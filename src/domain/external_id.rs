use std::collections::HashMap;

use async_graphql::{Context, Name, Value, dataloader::Loader};
use entity::external_id::{Column, Entity};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use crate::{
    Error, Result,
    link::Link,
    repository::{Repository, is_any_of, loaders},
    unit_of_work::ExternalId,
};

pub use crate::unit_of_work::has_name;

/// The names that source systems have for a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct NamesOf(Uuid);

/// The names of a record, sorted by source.
pub async fn names(ctx: &Context<'_>, record: Uuid) -> Result<Vec<ExternalId>> {
    Ok(loaders(ctx).load_one(NamesOf(record)).await?.unwrap_or_default())
}

/// The names of records, for the planner.
pub fn link() -> Link {
    Link::Loaded {
        load: |repository, records| {
            Box::pin(async move {
                let keys: Vec<NamesOf> = records.into_iter().map(NamesOf).collect();
                let names = repository.load(&keys).await?;
                let object = |it: &ExternalId| -> Value {
                    let fields = [("source", &it.source), ("value", &it.value)];
                    let fields = fields.map(|(name, text)| (Name::new(name), text.as_str().into()));
                    Value::Object(fields.into())
                };
                let list = |it: &Vec<ExternalId>| Value::List(it.iter().map(object).collect());
                Ok(names.iter().map(|(NamesOf(record), it)| (*record, list(it))).collect())
            })
        },
        type_name: "ExternalId",
    }
}

impl Loader<NamesOf> for Repository {
    type Value = Vec<ExternalId>;
    type Error = Error;

    #[expect(clippy::disallowed_methods, reason = "external ids are no resource")]
    async fn load(&self, keys: &[NamesOf]) -> Result<HashMap<NamesOf, Vec<ExternalId>>> {
        let database = &self.shared.database;
        let records = keys.iter().map(|it| it.0);
        let found: Vec<(Uuid, String, String)> = Entity::find()
            .select_only()
            .columns([Column::RecordId, Column::Source, Column::Value])
            .filter(is_any_of(database.backend(), Column::RecordId.as_column_ref(), records))
            .order_by_asc(Column::Source)
            .order_by_asc(Column::Value)
            .into_tuple()
            .all(database.read())
            .await?;
        let mut names: HashMap<NamesOf, Vec<ExternalId>> = HashMap::new();
        for (record, source, value) in found {
            names.entry(NamesOf(record)).or_default().push(ExternalId { source, value });
        }
        Ok(names)
    }
}
