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
    kind::Kind,
    repository::Repository,
    resource::{Id, Resource, Row, common},
    unit_of_work::{
        UnitOfWork, WriteOptions, expect_current, expect_version, id_of, locked,
        rounds::{Access, Key, Purpose, Question},
    },
};

/// What became of a claim.
pub enum Claim {
    /// Nobody had the name: the next record of the kind that is created has it.
    New,
    /// A record has it.
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

/// What mutations take that make a record, or change it, besides their own input.
#[derive(Clone, Debug, Default, InputObject)]
pub struct RecordOptions {
    /// Names that other systems have for the record, added to those that it has: at most 20 in all. 外部编号
    pub external_ids: Option<Vec<ExternalId>>,
    #[graphql(flatten)]
    pub options: WriteOptions,
}

impl From<RecordOptions> for WriteOptions {
    fn from(RecordOptions { external_ids, options }: RecordOptions) -> WriteOptions {
        WriteOptions { external_ids, ..options }
    }
}

/// Where an input has them.
const NAMES: &str = "externalIds";
/// A record has at most so many external ids.
const MAX_NAMES: usize = 20;
/// The column with the id for the record of a name that was taken just now.
const CLAIMED: &str = "claimed_for";

impl UnitOfWork<'_> {
    /// Takes a source's name for a record: of many that ask at once, one gets it, and the others
    /// wait for that one's transaction and find the record known.
    pub async fn claim<R: Resource>(&mut self, path: &str, name: &ExternalId) -> Result<Claim> {
        (self.found, self.claimed) = (None, None);
        name.check(path)?;
        let record = Uuid::now_v7();
        let known = if let Access::Whole(transaction) = &self.access {
            let claim = self.new_name(R::KIND, name, record);
            let statement = find_or_claim::<R>(self.repository, name, claim);
            match transaction.query_one(&statement).await? {
                Some(row) if row.try_get::<Option<Uuid>>("", CLAIMED)?.is_some() => None,
                Some(row) => {
                    let row = Row::<R>::from_query_result(&row, "")?;
                    let id = id_of::<R>(&row);
                    self.found = Some(Box::new(row));
                    Some(id)
                }
                // Nobody has the name, or a record that is hidden, or one that came in between.
                None => self.take_new(R::KIND, path, name, record).await?,
            }
        } else {
            self.take(R::KIND, path, name, record).await?
        };
        if let Some(known) = known {
            return Ok(Claim::Known(known));
        }
        self.claimed = Some((R::KIND, record));
        Ok(Claim::New)
    }

    /// Takes a name for a record, or tells which has it. That one is neither looked at nor locked.
    async fn take(
        &self,
        kind: Kind,
        path: &str,
        name: &ExternalId,
        record: Uuid,
    ) -> Result<Option<Uuid>> {
        name.check(path)?;
        match self.look_up(kind, name).await? {
            Some(known) => Ok(Some(known)),
            None => self.take_new(kind, path, name, record).await,
        }
    }

    async fn take_new(
        &self,
        kind: Kind,
        path: &str,
        name: &ExternalId,
        record: Uuid,
    ) -> Result<Option<Uuid>> {
        let claim = self.new_name(kind, name, record);
        let question = about_name(Purpose::Claim, kind, name, Some(claim), claim_names);
        if self.row(question).await?.is_some() {
            return Ok(None);
        }
        // Another has it. If that one gave it up again, the whole is worth another try.
        let known = self.look_up(kind, name).await?;
        known.map(Some).ok_or_else(|| Violation::not_found(path).into())
    }

    fn new_name(&self, kind: Kind, name: &ExternalId, record: Uuid) -> external_id::ActiveModel {
        external_id::ActiveModel {
            id: Set(Uuid::now_v7()),
            kind: Set(kind.name().to_owned()),
            source: Set(name.source.clone()),
            value: Set(name.value.clone()),
            record_id: Set(record),
            created_at: Set(self.now),
        }
    }

    async fn look_up(&self, kind: Kind, name: &ExternalId) -> Result<Option<Uuid>> {
        let row = self.row(about_name(Purpose::LookUp, kind, name, None, look_up_names)).await?;
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

    /// Gives the record of the mutation the names that came with it. A name that another has is refused.
    pub(super) async fn name(&mut self, kind: Kind, record: Uuid) -> Result<()> {
        let Some((_, names)) = self.names.take_if(|(of, _)| *of == kind) else { return Ok(()) };
        if names.len() > MAX_NAMES {
            return Err(too_many_names().into());
        }
        let mut is_renamed = false;
        for (place, name) in names.iter().enumerate() {
            let path = format!("{NAMES}.{place}");
            match self.take(kind, &path, name, record).await? {
                None => is_renamed = true,
                Some(known) if known == record => {}
                Some(_) => {
                    return Err(Violation::new(
                        UserErrorCode::Duplicate,
                        &path,
                        "Another record has this external id.",
                        "该外部编号已属于另一条记录。",
                    )
                    .into());
                }
            }
        }
        if is_renamed {
            self.renamed.push(record);
            if self.count_names(kind, record).await? > MAX_NAMES as u64 {
                return Err(too_many_names().into());
            }
        }
        Ok(())
    }

    #[expect(clippy::disallowed_methods, reason = "external ids are no resource")]
    async fn count_names(&self, kind: Kind, record_id: Uuid) -> Result<u64> {
        let names = external_id::Entity::find()
            .filter(external_id::Column::Kind.eq(kind.name()))
            .filter(external_id::Column::RecordId.eq(record_id));
        Ok(names.count(self.transaction()).await?)
    }

    /// Takes all names from a record.
    #[expect(clippy::disallowed_methods, reason = "external ids are no resource")]
    pub(super) async fn unlink(&self, kind: Kind, record_id: Uuid) -> Result<()> {
        external_id::Entity::delete_many()
            .filter(external_id::Column::Kind.eq(kind.name()))
            .filter(external_id::Column::RecordId.eq(record_id))
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

fn about_name(
    purpose: Purpose,
    kind: Kind,
    name: &ExternalId,
    claim: Option<external_id::ActiveModel>,
    statement: fn(&Repository, Vec<Question>) -> Statement,
) -> Question {
    Question {
        about: (purpose, kind.name()),
        key: Key::Name(name.source.clone(), name.value.clone()),
        part: claim.map(|it| Box::new(it) as Box<dyn Any + Send>),
        statement,
        key_of: |it| Ok(Key::Name(it.try_get("", "source")?, it.try_get("", "value")?)),
    }
}

#[expect(clippy::disallowed_methods, reason = "external ids are no resource")]
fn look_up_names(repository: &Repository, questions: Vec<Question>) -> Statement {
    use external_id::Column;
    let backend = repository.shared.database.backend();
    // They are all about the same kind.
    let kind = questions.first().map_or("", |it| it.about.1);
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
        let values = [kind.into(), names.into()];
        return Statement::from_sql_and_values(backend, sql, values);
    }
    let any = questions.into_iter().fold(Condition::any(), |any, it| match it.key {
        Key::Name(source, value) => any.add(Column::Source.eq(source).and(Column::Value.eq(value))),
        Key::Id(_) | Key::Text(_) => any,
    });
    external_id::Entity::find()
        .select_only()
        .columns([Column::Source, Column::Value, Column::RecordId])
        .filter(Column::Kind.eq(kind))
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

fn too_many_names() -> Violation {
    Violation::new(
        UserErrorCode::InvalidValue,
        NAMES,
        format!("A record has at most {MAX_NAMES} external ids."),
        format!("每条记录最多 {MAX_NAMES} 个外部编号。"),
    )
}
