use std::{collections::HashMap, mem};

use sea_orm::{
    DatabaseConnection, DbBackend, DbErr, EntityTrait, IdenStatic, Iterable, ModelTrait, Statement,
    Value, sea_query::Values,
};

use super::copy;

/// A table and its rows that wait.
pub struct Table {
    pub name: &'static str,
    /// How many rows there will be, or about.
    pub expected: u64,
    pub written: u64,
    columns: String,
    width: usize,
    waiting: u64,
    rows: Rows,
    /// The statements by the number of rows they insert.
    inserts: HashMap<usize, String>,
}

/// Rows of one table on their way.
pub struct Batch {
    /// The place of the table.
    pub place: usize,
    pub count: u64,
    pub load: Load,
}

/// How rows go into the database.
pub enum Load {
    Insert(Vec<Statement>),
    /// `COPY` to PostgreSQL with its data.
    Copy(String, Vec<u8>),
}

/// SQLite takes values, PostgreSQL the text of a `COPY`: a long statement with many values would
/// wait some 40 ms in the network, since the driver does not turn Nagle's algorithm off.
enum Rows {
    Values(Vec<Value>),
    Text(Vec<u8>),
}

/// The numbers of rows that statements insert: few, because each is a statement to prepare and keep.
const SIZES: [usize; 6] = [512, 128, 32, 8, 2, 1];
/// SQLite binds no more values to a statement.
const MOST_BINDS: usize = 32_766;

impl Rows {
    fn new(backend: DbBackend) -> Rows {
        match backend {
            DbBackend::Postgres => Rows::Text(Vec::new()),
            _ => Rows::Values(Vec::new()),
        }
    }
}

impl Table {
    pub fn of<E: EntityTrait>(database: &DatabaseConnection) -> Table {
        let columns: Vec<String> =
            E::Column::iter().map(|it| format!(r#""{}""#, it.as_str())).collect();
        Table {
            name: E::default().table_name(),
            expected: 0,
            written: 0,
            width: columns.len(),
            columns: columns.join(", "),
            waiting: 0,
            rows: Rows::new(database.get_database_backend()),
            inserts: HashMap::new(),
        }
    }

    pub fn put<M: ModelTrait>(&mut self, row: &M) {
        self.waiting += 1;
        let values = <M::Entity as EntityTrait>::Column::iter().map(|it| row.get(it));
        match &mut self.rows {
            Rows::Values(waiting) => waiting.extend(values),
            Rows::Text(text) => copy::write_row(values, text),
        }
    }

    /// What waits, if anything does.
    pub fn batch(&mut self, place: usize) -> Option<Batch> {
        let count = mem::take(&mut self.waiting);
        if count == 0 {
            return None;
        }
        let load = match &mut self.rows {
            Rows::Values(values) => {
                let values = mem::take(values);
                Load::Insert(self.inserts(values))
            }
            Rows::Text(text) => {
                let copy = format!(r#"COPY "{}" ({}) FROM STDIN"#, self.name, self.columns);
                Load::Copy(copy, mem::take(text))
            }
        };
        Some(Batch { place, count, load })
    }

    fn inserts(&mut self, values: Vec<Value>) -> Vec<Statement> {
        let mut left = values.len() / self.width;
        let mut values = values.into_iter();
        let mut statements = Vec::new();
        while let Some(rows) =
            SIZES.into_iter().find(|it| *it <= left && *it * self.width <= MOST_BINDS)
        {
            statements.push(Statement {
                sql: self.insert(rows),
                values: Some(Values(values.by_ref().take(rows * self.width).collect())),
                db_backend: DbBackend::Sqlite,
            });
            left -= rows;
        }
        statements
    }

    fn insert(&mut self, rows: usize) -> String {
        let make = || {
            let row = format!("({})", vec!["?"; self.width].join(", "));
            let rows = vec![row.as_str(); rows].join(", ");
            format!(r#"INSERT INTO "{}" ({}) VALUES {rows}"#, self.name, self.columns)
        };
        self.inserts.entry(rows).or_insert_with(make).clone()
    }
}

/// Writes the rows of some tables, all or none of them.
pub async fn write(database: DatabaseConnection, batches: &[Batch]) -> Result<(), DbErr> {
    match database.get_database_backend() {
        DbBackend::Postgres => copy::write(&database, batches).await,
        _ => insert(&database, batches).await,
    }
}

async fn insert(database: &DatabaseConnection, batches: &[Batch]) -> Result<(), DbErr> {
    use sea_orm::{ConnectionTrait, TransactionTrait};

    let transaction = database.begin().await?;
    for batch in batches {
        if let Load::Insert(statements) = &batch.load {
            for statement in statements {
                transaction.execute_raw(statement.clone()).await?;
            }
        }
    }
    transaction.commit().await
}
