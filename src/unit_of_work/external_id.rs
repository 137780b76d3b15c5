//! The names that source systems have for records.

use async_graphql::{InputObject, SimpleObject};
use entity::external_id;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter,
    QuerySelect, QueryTrait, sea_query::OnConflict,
};
use uuid::Uuid;

use crate::{
    Result,
    error::{UserErrorCode, Violation},
    resource::{Id, Resource, Row},
    unit_of_work::{UnitOfWork, expect_current, expect_version},
};

/// A source's name for a record, and the record.
pub enum Claim {
    /// Nobody had the name: create the record under this id.
    New(Uuid),
    Known(Uuid),
}

/// A name that a source system has for a record.
///
/// 来源系统中的外部编号。
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, InputObject, SimpleObject)]
#[graphql(input_name = "ExternalIdInput")]
pub struct ExternalId {
    /// The source system, such as `hrss`: 1 to 64 letters, digits, `-`, `_`, `.`. 来源系统
    pub source: String,
    /// The id there: 1 to 128 characters, unique per source and kind of record. 来源系统中的编号
    pub value: String,
}

/// A record has at most so many external ids.
const MAX_NAMES: usize = 20;

impl UnitOfWork<'_> {
    /// Takes a source's name for a record: of many that ask at once, one gets it, and the others
    /// wait for that one's transaction and find the record known.
    #[expect(clippy::disallowed_methods, reason = "external ids are no resource")]
    pub async fn claim<R: Resource>(&self, path: &str, name: &ExternalId) -> Result<Claim> {
        name.check(path)?;
        let record_id = Uuid::now_v7();
        let claim = external_id::Entity::insert(external_id::ActiveModel {
            id: Set(Uuid::now_v7()),
            kind: Set(R::KIND.name().to_owned()),
            source: Set(name.source.clone()),
            value: Set(name.value.clone()),
            record_id: Set(record_id),
            created_at: Set(self.now),
        })
        .on_conflict(
            OnConflict::columns([
                external_id::Column::Kind,
                external_id::Column::Source,
                external_id::Column::Value,
            ])
            .do_nothing()
            .to_owned(),
        );
        let claimed = self.transaction.execute(&claim.into_query()).await?.rows_affected();
        if claimed == 1 {
            return Ok(Claim::New(record_id));
        }
        let known: Option<Uuid> = external_id::Entity::find()
            .select_only()
            .column(external_id::Column::RecordId)
            .filter(external_id::Column::Kind.eq(R::KIND.name()))
            .filter(external_id::Column::Source.eq(name.source.as_str()))
            .filter(external_id::Column::Value.eq(name.value.as_str()))
            .into_tuple()
            .one(&self.transaction)
            .await?;
        // The other transaction gave it up in between: the whole is worth another try.
        known.map(Claim::Known).ok_or_else(|| Violation::not_found(path).into())
    }

    /// The record that an upsert found known by its name: current, and the version that the caller
    /// expects, where one is expected.
    pub async fn find_claimed<R: Resource>(
        &self,
        id: Uuid,
        expected_version: Option<i32>,
    ) -> Result<Row<R>> {
        let row = self.find::<R>("externalId", Id::new(id)).await?;
        if let Some(expected) = expected_version {
            expect_version::<R>(&row, expected)?;
        }
        expect_current::<R>("externalId", &row)?;
        Ok(row)
    }

    /// Gives a record further names. A name that another record has is refused.
    pub async fn link<R: Resource>(
        &mut self,
        path: &str,
        record_id: Uuid,
        names: Option<Vec<ExternalId>>,
    ) -> Result<()> {
        if names.as_ref().is_some_and(|it| it.len() > MAX_NAMES) {
            return Err(too_many_names(path).into());
        }
        for (place, name) in names.into_iter().flatten().enumerate() {
            let path = format!("{path}.{place}");
            let taken = match self.claim::<R>(&path, &name).await? {
                Claim::Known(id) => id != record_id,
                Claim::New(_) => {
                    self.reassign::<R>(&name, record_id).await?;
                    self.renamed.push(record_id);
                    false
                }
            };
            if taken {
                return Err(Violation::new(
                    UserErrorCode::Duplicate,
                    &path,
                    "Another record has this external id.",
                    "该外部编号已属于另一条记录。",
                )
                .into());
            }
        }
        if self.renamed.contains(&record_id)
            && self.count_names::<R>(record_id).await? > MAX_NAMES as u64
        {
            return Err(too_many_names(path).into());
        }
        Ok(())
    }

    #[expect(clippy::disallowed_methods, reason = "external ids are no resource")]
    async fn count_names<R: Resource>(&self, record_id: Uuid) -> Result<u64> {
        let names = external_id::Entity::find()
            .filter(external_id::Column::Kind.eq(R::KIND.name()))
            .filter(external_id::Column::RecordId.eq(record_id));
        Ok(names.count(&self.transaction).await?)
    }

    #[expect(clippy::disallowed_methods, reason = "external ids are no resource")]
    async fn reassign<R: Resource>(&self, name: &ExternalId, record_id: Uuid) -> Result<()> {
        external_id::Entity::update_many()
            .col_expr(external_id::Column::RecordId, record_id.into())
            .filter(external_id::Column::Kind.eq(R::KIND.name()))
            .filter(external_id::Column::Source.eq(name.source.as_str()))
            .filter(external_id::Column::Value.eq(name.value.as_str()))
            .exec(&self.transaction)
            .await?;
        Ok(())
    }
}

impl ExternalId {
    fn check(&self, path: &str) -> Result<()> {
        let plain = |it: u8| it.is_ascii_alphanumeric() || matches!(it, b'-' | b'_' | b'.');
        let source_is_good =
            (1..=64).contains(&self.source.len()) && self.source.bytes().all(plain);
        let length = self.value.chars().count();
        let value_is_good =
            (1..=128).contains(&length) && !self.value.chars().any(char::is_control);
        let (field, message, message_zh) = match (source_is_good, value_is_good) {
            (true, true) => return Ok(()),
            (false, _) => (
                "source",
                "A source has 1 to 64 letters, digits, '-', '_' or '.'.",
                "来源系统为 1 至 64 个字母、数字、“-”、“_”或“.”。",
            ),
            (_, false) => {
                ("value", "An external id has 1 to 128 characters.", "外部编号为 1 至 128 个字符。")
            }
        };
        let path = format!("{path}.{field}");
        Err(Violation::new(UserErrorCode::InvalidValue, &path, message, message_zh).into())
    }
}

fn too_many_names(path: &str) -> Violation {
    Violation::new(
        UserErrorCode::InvalidValue,
        path,
        format!("A record has at most {MAX_NAMES} external ids."),
        format!("每条记录最多 {MAX_NAMES} 个外部编号。"),
    )
}
