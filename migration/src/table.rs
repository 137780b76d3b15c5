//! Tables written as lists of columns; a migration creates them in order and drops them in reverse.
//!
//! Migrations that have run must not change their meaning: add to this module, do not alter it.

use sea_orm::DbBackend;
use sea_orm_migration::prelude::*;

/// A table as a migration lists it.
pub struct NewTable {
    name: &'static str,
    columns: Vec<Column>,
    indexes: Vec<NewIndex>,
}

pub struct NewIndex {
    columns: Vec<&'static str>,
    carried: Vec<&'static str>,
    unique: bool,
    only: Option<Expr>,
}

/// Indexes of a table that a migration gives up, and those that it makes in their place.
pub struct NewIndexes {
    pub table: &'static str,
    pub given_up: Vec<NewIndex>,
    pub made: Vec<NewIndex>,
}

pub fn index<const N: usize>(columns: [&'static str; N]) -> NewIndex {
    NewIndex { columns: columns.into(), carried: Vec::new(), unique: false, only: None }
}

impl NewIndex {
    /// Many rows may hold NULL.
    pub fn unique(self) -> Self {
        Self { unique: true, ..self }
    }

    /// Holds these columns too, last and not in its name: who asks for them need not read the row.
    pub fn carrying<const N: usize>(self, columns: [&'static str; N]) -> Self {
        Self { carried: columns.into(), ..self }
    }

    /// Holds only rows that are not archived: those that lists, counts and groups are of.
    pub fn of_current(self) -> Self {
        self.only(Expr::col("archived_at").is_null())
    }

    /// Holds only the rows that satisfy this.
    pub fn only(self, only: Expr) -> Self {
        Self { only: Some(only), ..self }
    }
}

/// A table of the domain: identity, scope, version and times come first.
pub fn record<const N: usize>(name: &'static str, columns: [Column; N]) -> NewTable {
    let common = [
        uuid("id").primary(),
        text("division_code").indexed(),
        integer("version"),
        timestamp("created_at").indexed(),
        timestamp("updated_at").indexed(),
        timestamp("archived_at").optional(),
    ];
    NewTable::new(name, common.into_iter().chain(columns).collect())
}

/// A table of the kernel, which has only the columns listed.
pub fn table<const N: usize>(name: &'static str, columns: [Column; N]) -> NewTable {
    NewTable::new(name, columns.into())
}

impl NewTable {
    fn new(name: &'static str, columns: Vec<Column>) -> Self {
        let unique = columns.iter().filter(|it| it.unique);
        let unique = unique.map(|it| NewIndex { unique: true, ..index([it.name]) });
        let sorted = columns.iter().filter(|it| it.indexed).map(|it| index([it.name, "id"]));
        let indexes = unique.chain(sorted).collect();
        Self { name, columns, indexes }
    }

    pub fn index<const N: usize>(self, columns: [&'static str; N]) -> Self {
        self.with(index(columns))
    }

    pub fn unique<const N: usize>(self, columns: [&'static str; N]) -> Self {
        self.with(NewIndex { unique: true, ..index(columns) })
    }

    /// Unique among the rows that satisfy `only`.
    pub fn unique_where<const N: usize>(self, columns: [&'static str; N], only: Expr) -> Self {
        self.with(NewIndex { unique: true, only: Some(only), ..index(columns) })
    }

    /// Holds only the rows that satisfy `only`.
    pub fn index_where<const N: usize>(self, columns: [&'static str; N], only: Expr) -> Self {
        self.with(NewIndex { only: Some(only), ..index(columns) })
    }

    fn with(mut self, index: NewIndex) -> Self {
        self.indexes.push(index);
        self
    }
}

/// A column, NOT NULL unless it is optional.
#[expect(clippy::struct_excessive_bools, reason = "each is a word of SQL")]
pub struct Column {
    name: &'static str,
    kind: ColumnType,
    optional: bool,
    primary: bool,
    auto_increment: bool,
    indexed: bool,
    unique: bool,
    references: Option<&'static str>,
    default: Option<Expr>,
    non_negative: bool,
    sealed: bool,
}

pub fn uuid(name: &'static str) -> Column {
    Column::new(name, ColumnType::Uuid)
}

pub fn text(name: &'static str) -> Column {
    Column::new(name, ColumnType::Text)
}

pub fn boolean(name: &'static str) -> Column {
    Column::new(name, ColumnType::Boolean)
}

pub fn integer(name: &'static str) -> Column {
    Column::new(name, ColumnType::Integer)
}

pub fn big_integer(name: &'static str) -> Column {
    Column::new(name, ColumnType::BigInteger)
}

/// How many; never negative.
pub fn count(name: &'static str) -> Column {
    Column { non_negative: true, ..integer(name) }
}

/// Money in fen; never negative.
pub fn amount(name: &'static str) -> Column {
    Column { non_negative: true, ..big_integer(name) }
}

pub fn date(name: &'static str) -> Column {
    Column::new(name, ColumnType::Date)
}

pub fn timestamp(name: &'static str) -> Column {
    Column::new(name, ColumnType::TimestampWithTimeZone)
}

pub fn bytes(name: &'static str) -> Column {
    Column::new(name, ColumnType::Blob)
}

pub fn json(name: &'static str) -> Column {
    Column::new(name, ColumnType::JsonBinary)
}

impl Column {
    fn new(name: &'static str, kind: ColumnType) -> Self {
        Self {
            name,
            kind,
            optional: false,
            primary: false,
            auto_increment: false,
            indexed: false,
            unique: false,
            references: None,
            default: None,
            non_negative: false,
            sealed: false,
        }
    }

    pub fn name(&self) -> &'static str {
        self.name
    }

    pub fn optional(self) -> Self {
        Self { optional: true, ..self }
    }

    pub fn primary(self) -> Self {
        Self { primary: true, ..self }
    }

    pub fn auto_increment(self) -> Self {
        Self { primary: true, auto_increment: true, ..self }
    }

    /// Clients sort or filter by it: an index that ends with `id`, so that every order is total.
    pub fn indexed(self) -> Self {
        Self { indexed: true, ..self }
    }

    /// Many rows may hold NULL.
    pub fn unique(self) -> Self {
        Self { unique: true, ..self }
    }

    /// The `id` of a row of another table; indexed, for it is followed both ways.
    pub fn references(self, table: &'static str) -> Self {
        Self { references: Some(table), indexed: true, ..self }
    }

    pub fn default(self, value: impl Into<Value>) -> Self {
        Self { default: Some(Expr::value(value)), ..self }
    }

    /// Holds envelopes, each behind what may be read of it; no value in clear.
    pub fn sealed(self) -> Self {
        Self { sealed: true, ..self }
    }

    fn definition(&self, backend: DbBackend) -> ColumnDef {
        let mut definition = ColumnDef::new_with_type(self.name, self.kind.clone());
        if !self.optional {
            definition.not_null();
        }
        if self.auto_increment {
            definition.auto_increment().primary_key();
        }
        if let Some(default) = &self.default {
            definition.default(default.clone());
        }
        if self.non_negative {
            definition.check(Expr::col(self.name).gte(0));
        }
        if self.sealed {
            definition.check(Expr::col(self.name).like("%~%"));
        }
        // Both databases then sort text by code point, and PostgreSQL serves prefixes from an index.
        if backend == DbBackend::Postgres && self.kind == ColumnType::Text {
            definition.extra(r#"COLLATE "C""#);
        }
        definition
    }
}

pub async fn create(manager: &SchemaManager<'_>, tables: Vec<NewTable>) -> Result<(), DbErr> {
    for table in tables {
        manager.create_table(table.statement(manager.get_database_backend())).await?;
        for index in &table.indexes {
            manager.create_index(index.statement(table.name)).await?;
        }
    }
    Ok(())
}

pub async fn drop(manager: &SchemaManager<'_>, tables: Vec<NewTable>) -> Result<(), DbErr> {
    for table in tables.into_iter().rev() {
        manager.drop_table(Table::drop().table(table.name).to_owned()).await?;
    }
    Ok(())
}

/// Runs statements, in turn.
pub async fn run(
    manager: &SchemaManager<'_>,
    statements: impl IntoIterator<Item = impl AsRef<str>>,
) -> Result<(), DbErr> {
    for it in statements {
        manager.get_connection().execute_unprepared(it.as_ref()).await?;
    }
    Ok(())
}

/// Gives a table more columns; of rows that are there they hold NULL.
pub async fn widen(
    manager: &SchemaManager<'_>,
    table: &'static str,
    columns: Vec<Column>,
) -> Result<(), DbErr> {
    for column in columns {
        let definition = column.definition(manager.get_database_backend());
        manager.alter_table(Table::alter().table(table).add_column(definition).to_owned()).await?;
    }
    Ok(())
}

/// Takes columns from a table. An index on them has to be gone.
pub async fn narrow(
    manager: &SchemaManager<'_>,
    table: &'static str,
    columns: Vec<Column>,
) -> Result<(), DbErr> {
    for column in columns {
        manager
            .alter_table(Table::alter().table(table).drop_column(column.name).to_owned())
            .await?;
    }
    Ok(())
}

pub async fn replace(manager: &SchemaManager<'_>, tables: Vec<NewIndexes>) -> Result<(), DbErr> {
    for NewIndexes { table, given_up, made } in tables {
        for index in &given_up {
            manager
                .drop_index(Index::drop().name(index.name(table)).table(table).to_owned())
                .await?;
        }
        for index in &made {
            manager.create_index(index.statement(table)).await?;
        }
    }
    Ok(())
}

/// The way back of [`replace`].
pub async fn restore(manager: &SchemaManager<'_>, tables: Vec<NewIndexes>) -> Result<(), DbErr> {
    let back =
        |NewIndexes { table, given_up, made }| NewIndexes { table, given_up: made, made: given_up };
    replace(manager, tables.into_iter().map(back).collect()).await
}

/// Adds columns to a table that is there, with the unique indexes that they ask for.
pub async fn add_columns(
    manager: &SchemaManager<'_>,
    table: &'static str,
    columns: Vec<Column>,
) -> Result<(), DbErr> {
    for column in columns {
        let mut definition = column.definition(manager.get_database_backend());
        manager
            .alter_table(Table::alter().table(table).add_column(&mut definition).to_owned())
            .await?;
        if column.unique {
            add_unique(manager, table, [column.name]).await?;
        }
    }
    Ok(())
}

pub async fn drop_column(
    manager: &SchemaManager<'_>,
    table: &'static str,
    column: &'static str,
) -> Result<(), DbErr> {
    manager.alter_table(Table::alter().table(table).drop_column(column).to_owned()).await
}

pub async fn rename_column(
    manager: &SchemaManager<'_>,
    table: &'static str,
    from: &str,
    to: &str,
) -> Result<(), DbErr> {
    let (from, to) = (Alias::new(from), Alias::new(to));
    manager.alter_table(Table::alter().table(table).rename_column(from, to).to_owned()).await
}

pub async fn add_unique<const N: usize>(
    manager: &SchemaManager<'_>,
    table: &'static str,
    columns: [&'static str; N],
) -> Result<(), DbErr> {
    let unique = NewIndex { unique: true, ..index(columns) };
    manager.create_index(unique.statement(table)).await
}

pub async fn drop_unique<const N: usize>(
    manager: &SchemaManager<'_>,
    table: &'static str,
    columns: [&'static str; N],
) -> Result<(), DbErr> {
    let unique = NewIndex { unique: true, ..index(columns) };
    manager.drop_index(Index::drop().name(unique.name(table)).table(table).to_owned()).await
}

impl NewTable {
    fn statement(&self, backend: DbBackend) -> TableCreateStatement {
        let mut statement = Table::create();
        statement.table(self.name);
        for column in &self.columns {
            statement.col(column.definition(backend));
        }

        let mut key = Index::create();
        for column in self.columns.iter().filter(|it| it.primary && !it.auto_increment) {
            key.col(column.name);
        }
        if !key.get_index_spec().get_column_names().is_empty() {
            statement.primary_key(&mut key);
        }

        for column in &self.columns {
            if let Some(target) = column.references {
                statement.foreign_key(
                    ForeignKey::create()
                        .name(format!("fk_{}__{}", self.name, column.name))
                        .from(self.name, column.name)
                        .to(target, "id"),
                );
            }
        }
        statement
    }
}

impl NewIndex {
    fn name(&self, table: &str) -> String {
        let prefix = if self.unique { "ux" } else { "ix" };
        format!("{prefix}_{table}__{}", self.columns.join("__"))
    }

    fn statement(&self, table: &'static str) -> IndexCreateStatement {
        let mut statement = Index::create();
        statement.name(self.name(table)).table(table);
        for column in self.columns.iter().chain(&self.carried) {
            statement.col(*column);
        }
        if self.unique {
            statement.unique();
        }
        if let Some(only) = &self.only {
            statement.and_where(only.clone());
        }
        statement
    }
}
