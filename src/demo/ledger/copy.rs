//! `COPY`, by which PostgreSQL takes many rows.

use std::{fmt::Write, io};

use sea_orm::{
    DatabaseConnection, DbErr, RuntimeErr, Value,
    sqlx::{self, Connection},
};

use super::table::{Batch, Load};

/// The data go to the server in pieces of this size.
const PIECE: usize = 1 << 18;

/// Writes the rows of some tables, all or none of them.
pub async fn write(database: &DatabaseConnection, batches: &[Batch]) -> Result<(), DbErr> {
    copy(database, batches).await.map_err(|it| DbErr::Exec(RuntimeErr::SqlxError(it.into())))
}

async fn copy(database: &DatabaseConnection, batches: &[Batch]) -> Result<(), sqlx::Error> {
    let mut connection = database.get_postgres_connection_pool().acquire().await?;
    let mut transaction = connection.begin().await?;
    for batch in batches {
        let Load::Copy(statement, text) = &batch.load else { continue };
        let mut copy = transaction.copy_in_raw(statement).await?;
        for piece in text.chunks(PIECE) {
            copy.send(piece).await?;
        }
        let count = copy.finish().await?;
        if count != batch.count {
            let message = format!("{count} of {} rows were copied", batch.count);
            return Err(io::Error::other(message).into());
        }
    }
    transaction.commit().await
}

/// Writes a row in the text format: tabs between the values, a line feed after the last.
pub fn write_row(values: impl Iterator<Item = Value>, to: &mut Vec<u8>) {
    let mut separator = "";
    for value in values {
        to.extend_from_slice(separator.as_bytes());
        separator = "\t";
        write_value(value, to);
    }
    to.push(b'\n');
}

fn write_value(value: Value, to: &mut Vec<u8>) {
    let mut plain = String::new();
    let written = match value {
        Value::Bool(Some(it)) => write!(plain, "{it}"),
        Value::Int(Some(it)) => write!(plain, "{it}"),
        Value::BigInt(Some(it)) => write!(plain, "{it}"),
        Value::Uuid(Some(it)) => write!(plain, "{it}"),
        Value::ChronoDate(Some(it)) => write!(plain, "{it}"),
        Value::ChronoDateTimeUtc(Some(it)) => write!(plain, "{it}"),
        Value::String(Some(it)) => return write_text(&it, to),
        Value::Bool(None)
        | Value::Int(None)
        | Value::BigInt(None)
        | Value::Uuid(None)
        | Value::ChronoDate(None)
        | Value::ChronoDateTimeUtc(None)
        | Value::String(None) => write!(plain, "\\N"),
        other => unreachable!("no column of a record holds {other:?}"),
    };
    written.expect("text takes text");
    to.extend_from_slice(plain.as_bytes());
}

fn write_text(text: &str, to: &mut Vec<u8>) {
    for byte in text.bytes() {
        match byte {
            b'\\' => to.extend_from_slice(b"\\\\"),
            b'\t' => to.extend_from_slice(b"\\t"),
            b'\n' => to.extend_from_slice(b"\\n"),
            b'\r' => to.extend_from_slice(b"\\r"),
            _ => to.push(byte),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_keeps_its_blanks_and_nulls() {
        let values = [Value::from("a\tb\\c\nd"), Value::String(None), 7_i64.into(), true.into()];
        let mut text = Vec::new();
        write_row(values.into_iter(), &mut text);
        assert_eq!(String::from_utf8(text).unwrap(), "a\\tb\\\\c\\nd\t\\N\t7\ttrue\n");
    }
}
