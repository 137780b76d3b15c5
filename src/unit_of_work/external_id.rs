//! The names that source systems have for records.

use std::any::Any;

use async_graphql::{InputObject, SimpleObject};
use entity::external_id;
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, ConnectionTrait, DbBackend, EntityTrait, FromQueryResult,
    PaginatorTrait, QueryFilter, QueryResult, QuerySelect, QueryTrait, Statement,
    sea_query::{
        Asterisk, CommonTableExpression, Expr, ExprTrait, InsertStatement, JoinType, OnConflict,
        Query, SelectStatement, WithClause,
    },
};
use serde_json::json;
use uuid::Uuid;

use crate::{
    Result,
    error::{UserErrorCode, Violation},
    repository::Repository,
    resource::{Id, Resource, Row, common},
    unit_of_work::{
        UnitOfWork, expect_current, expect_version, id_of, locked,
        rounds::{Access, Key, Purpose, Question},
    },
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
/// The column with the id for the record of a name that was taken just now.
const CLAIMED: &str = "claimed_for";

impl UnitOfWork<'_> {
    /// Takes a source's name for a record: of many that ask at once, one gets it, and the others
    /// wait for that one's transaction and find the record known.
    pub async fn claim<R: Resource>(&mut self, path: &str, name: &ExternalId) -> Result<Claim> {
        self.found = None;
        name.check(path)?;
        if let Access::Whole(transaction) = &self.access {
            let claim = self.new_name::<R>(name);
            let statement = find_or_claim::<R>(self.repository, name, claim);
            if let Some(row) = transaction.query_one(&statement).await? {
                if let Some(claimed) = row.try_get("", CLAIMED)? {
                    return Ok(Claim::New(claimed));
                }
                let row = Row::<R>::from_query_result(&row, "")?;
                let id = id_of::<R>(&row);
                self.found = Some(Box::new(row));
                return Ok(Claim::Known(id));
            }
            // Nobody has the name, or a record that is hidden, or one that came in between.
            return self.take_new::<R>(path, name).await;
        }
        self.take_name::<R>(path, name).await
    }

    /// As [`Self::claim`], but a record that is known is neither looked at nor locked.
    async fn take_name<R: Resource>(&self, path: &str, name: &ExternalId) -> Result<Claim> {
        name.check(path)?;
        if let Some(known) = self.look_up::<R>(name).await? {
            return Ok(Claim::Known(known));
        }
        self.take_new::<R>(path, name).await
    }

    async fn take_new<R: Resource>(&self, path: &str, name: &ExternalId) -> Result<Claim> {
        let claim = self.new_name::<R>(name);
        let question = about_name::<R>(Purpose::Claim, name, Some(claim), claim_names);
        if let Some(row) = self.row(question).await? {
            return Ok(Claim::New(row.try_get("", "record_id")?));
        }
        // Another has it. If that one gave it up again, the whole is worth another try.
        let known = self.look_up::<R>(name).await?;
        known.map(Claim::Known).ok_or_else(|| Violation::not_found(path).into())
    }

    /// The name for a record that is still to be made.
    fn new_name<R: Resource>(&self, name: &ExternalId) -> external_id::ActiveModel {
        external_id::ActiveModel {
            id: Set(Uuid::now_v7()),
            kind: Set(R::KIND.name().to_owned()),
            source: Set(name.source.clone()),
            value: Set(name.value.clone()),
            record_id: Set(Uuid::now_v7()),
            created_at: Set(self.now),
        }
    }

    async fn look_up<R: Resource>(&self, name: &ExternalId) -> Result<Option<Uuid>> {
        let row =
            self.row(about_name::<R>(Purpose::LookUp, name, None, look_up_names::<R>)).await?;
        Ok(row.map(|it| it.try_get("", "record_id")).transpose()?)
    }

    /// The row that answers a question, if there is one.
    pub(super) async fn row(&self, question: Question) -> Result<Option<QueryResult>> {
        match &self.access {
            Access::Whole(transaction) => {
                let statement = question.statement;
                let statement = statement(self.repository, vec![question]);
                Ok(transaction.query_one_raw(statement).await?)
            }
            Access::Item(rounds) => rounds.row(question).await,
        }
    }

    /// The record that an upsert found known by its name: current, and the version that the caller
    /// expects, where one is expected.
    pub async fn find_claimed<R: Resource>(
        &mut self,
        id: Uuid,
        expected_version: Option<i32>,
    ) -> Result<Row<R>> {
        let found = self.found.take().and_then(|it| it.downcast::<Row<R>>().ok());
        let row = match found.filter(|it| id_of::<R>(it) == id) {
            Some(row) => *row,
            None => self.find::<R>("externalId", Id::new(id)).await?,
        };
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
            let taken = match self.take_name::<R>(&path, &name).await? {
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
        Ok(names.count(self.transaction()).await?)
    }

    /// Takes all names from a record.
    #[expect(clippy::disallowed_methods, reason = "external ids are no resource")]
    pub(super) async fn unlink<R: Resource>(&self, record_id: Uuid) -> Result<()> {
        external_id::Entity::delete_many()
            .filter(external_id::Column::Kind.eq(R::KIND.name()))
            .filter(external_id::Column::RecordId.eq(record_id))
            .exec(self.transaction())
            .await?;
        Ok(())
    }

    #[expect(clippy::disallowed_methods, reason = "external ids are no resource")]
    async fn reassign<R: Resource>(&self, name: &ExternalId, record_id: Uuid) -> Result<()> {
        external_id::Entity::update_many()
            .col_expr(external_id::Column::RecordId, record_id.into())
            .filter(external_id::Column::Kind.eq(R::KIND.name()))
            .filter(external_id::Column::Source.eq(name.source.as_str()))
            .filter(external_id::Column::Value.eq(name.value.as_str()))
            .exec(self.transaction())
            .await?;
        Ok(())
    }
}

impl ExternalId {
    fn check(&self, path: &str) -> Result<()> {
        if let Some(wrong) = wrong_source(&format!("{path}.source"), &self.source) {
            return Err(wrong.into());
        }
        let length = self.value.chars().count();
        if (1..=128).contains(&length) && !self.value.chars().any(char::is_control) {
            return Ok(());
        }
        Err(Violation::new(
            UserErrorCode::InvalidValue,
            &format!("{path}.value"),
            "An external id has 1 to 128 characters.",
            "外部编号为 1 至 128 个字符。",
        )
        .into())
    }
}

/// What is wrong with the name of a source system, if anything is.
pub fn wrong_source(path: &str, source: &str) -> Option<Violation> {
    let plain = |it: u8| it.is_ascii_alphanumeric() || matches!(it, b'-' | b'_' | b'.');
    let is_good = (1..=64).contains(&source.len()) && source.bytes().all(plain);
    (!is_good).then(|| {
        Violation::new(
            UserErrorCode::InvalidValue,
            path,
            "A source has 1 to 64 letters, digits, '-', '_' or '.'.",
            "来源系统为 1 至 64 个字母、数字、“-”、“_”或“.”。",
        )
    })
}

fn about_name<R: Resource>(
    purpose: Purpose,
    name: &ExternalId,
    claim: Option<external_id::ActiveModel>,
    statement: fn(&Repository, Vec<Question>) -> Statement,
) -> Question {
    Question {
        about: (purpose, R::KIND.name()),
        key: Key::Name(name.source.clone(), name.value.clone()),
        part: claim.map(|it| Box::new(it) as Box<dyn Any + Send>),
        statement,
        key_of: |it| Ok(Key::Name(it.try_get("", "source")?, it.try_get("", "value")?)),
    }
}

#[expect(clippy::disallowed_methods, reason = "external ids are no resource")]
fn look_up_names<R: Resource>(repository: &Repository, questions: Vec<Question>) -> Statement {
    use external_id::Column;
    let backend = repository.shared.database.backend();
    if backend == DbBackend::Postgres {
        // One bound value, however many names: the statement is prepared once.
        let names = questions.into_iter().filter_map(|it| match it.key {
            Key::Name(source, value) => Some(json!({ "source": source, "value": value })),
            Key::Id(_) | Key::Text(_) => None,
        });
        let names = names.collect::<serde_json::Value>().to_string();
        // Name by name, whatever the database makes of their number: the index has each once.
        let sql = "SELECT known.* FROM json_to_recordset($2::json) AS it (source text, value text) \
                   CROSS JOIN LATERAL (SELECT source, value, record_id FROM external_id \
                   WHERE kind = $1 AND source = it.source AND value = it.value LIMIT 1) AS known";
        let values = [R::KIND.name().into(), names.into()];
        return Statement::from_sql_and_values(backend, sql, values);
    }
    let any = questions.into_iter().fold(Condition::any(), |any, it| match it.key {
        Key::Name(source, value) => any.add(Column::Source.eq(source).and(Column::Value.eq(value))),
        Key::Id(_) | Key::Text(_) => any,
    });
    external_id::Entity::find()
        .select_only()
        .columns([Column::Source, Column::Value, Column::RecordId])
        .filter(Column::Kind.eq(R::KIND.name()))
        .filter(any)
        .build(backend)
}

fn claim_names(repository: &Repository, questions: Vec<Question>) -> Statement {
    use external_id::ActiveModel;
    let claims = questions.into_iter().filter_map(|it| it.part?.downcast::<ActiveModel>().ok());
    repository.shared.database.backend().build(&insert_names(claims.map(|it| *it)))
}

/// Names that another record has are left out.
#[expect(clippy::disallowed_methods, reason = "external ids are no resource")]
fn insert_names(names: impl IntoIterator<Item = external_id::ActiveModel>) -> InsertStatement {
    use external_id::Column;
    let mut taken = OnConflict::columns([Column::Kind, Column::Source, Column::Value]);
    let mut insert = external_id::Entity::insert_many(names).into_query();
    insert.on_conflict(taken.do_nothing().to_owned()).returning_all();
    insert
}

/// The record that has a name.
#[expect(clippy::disallowed_methods, reason = "external ids are no resource")]
pub fn has_name<R: Resource>(name: &ExternalId) -> Condition {
    use external_id::Column;
    let record = external_id::Entity::find()
        .select_only()
        .column(Column::RecordId)
        .filter(Column::Kind.eq(R::KIND.name()))
        .filter(Column::Source.eq(name.source.as_str()))
        .filter(Column::Value.eq(name.value.as_str()))
        .into_query();
    Condition::all().add(common::<R>("id").in_subquery(record))
}

/// The row that has the name, locked, if the viewer may see it. Where nobody has the name,
/// PostgreSQL takes it in the same breath, and there is a row with nothing but [`CLAIMED`].
fn find_or_claim<R: Resource>(
    repository: &Repository,
    name: &ExternalId,
    claim: external_id::ActiveModel,
) -> SelectStatement {
    let rows = locked::<R>(repository).filter(has_name::<R>(name));
    if repository.shared.database.backend() != DbBackend::Postgres {
        let nothing = Expr::cust("NULL");
        return rows.expr_as(nothing, CLAIMED).into_query();
    }
    let (mut found, mut claimed) = (CommonTableExpression::new(), CommonTableExpression::new());
    found.table_name("found").query(rows.into_query());
    claimed.table_name("claimed").query(insert_names([claim]));
    let mut either = Query::select();
    either
        .column(("found", Asterisk))
        .expr_as(Expr::col(("claimed", external_id::Column::RecordId)), CLAIMED)
        .from("found")
        .join(JoinType::FullOuterJoin, "claimed", Expr::cust("TRUE"))
        .with_cte(WithClause::new().cte(found).cte(claimed).to_owned());
    either
}

fn too_many_names(path: &str) -> Violation {
    Violation::new(
        UserErrorCode::InvalidValue,
        path,
        format!("A record has at most {MAX_NAMES} external ids."),
        format!("每条记录最多 {MAX_NAMES} 个外部编号。"),
    )
}
