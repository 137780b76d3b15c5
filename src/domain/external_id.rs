use std::collections::HashMap;

use async_graphql::{Context, dataloader::Loader};
use entity::external_id::{Column, Entity};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
};
use uuid::Uuid;

use crate::{
    Error, Result,
    repository::{Repository, is_any_of, loaders},
    resource::{Resource, common},
    unit_of_work::ExternalId,
};

/// The names that source systems have for a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct NamesOf(Uuid);

/// The names of a record, sorted by source.
pub async fn names(ctx: &Context<'_>, record: Uuid) -> Result<Vec<ExternalId>> {
    Ok(loaders(ctx).load_one(NamesOf(record)).await?.unwrap_or_default())
}

/// The record that has a name.
#[expect(clippy::disallowed_methods, reason = "external ids are no resource")]
pub fn has_name<R: Resource>(name: &ExternalId) -> Condition {
    let record = Entity::find()
        .select_only()
        .column(Column::RecordId)
        .filter(Column::Kind.eq(R::KIND.name()))
        .filter(Column::Source.eq(name.source.as_str()))
        .filter(Column::Value.eq(name.value.as_str()))
        .into_query();
    Condition::all().add(common::<R>("id").in_subquery(record))
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
            .filter(is_any_of(database.backend(), Column::RecordId, records))
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
