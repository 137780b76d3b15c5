//! Values that not every reader of their record sees as they are.

use async_graphql::SimpleObject;

use crate::{keyring::Place, kind::Kind};

/// A field that not every reader of its row may see as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProtectedField {
    WorkerIdNumber,
    WorkerPhone,
}

impl ProtectedField {
    /// The kind and the name of the field.
    pub const fn of(self) -> (Kind, &'static str) {
        match self {
            ProtectedField::WorkerIdNumber => (Kind::Worker, "idNumber"),
            ProtectedField::WorkerPhone => (Kind::Worker, "phone"),
        }
    }

    /// Where the value is kept, sealed.
    pub const fn place(self) -> Place {
        let (table, column) = match self {
            ProtectedField::WorkerIdNumber => ("worker", "id_number"),
            ProtectedField::WorkerPhone => ("worker", "phone"),
        };
        Place { table, column }
    }
}

/// A personal value, whole or masked, and which of the two it is.
///
/// 个人信息值：原值或脱敏值，并标明属于哪一种。
#[derive(Clone, SimpleObject)]
pub struct ProtectedText {
    /// The value, or its mask with a fixed number of `*`. 原值或脱敏值
    pub value: String,
    /// True when `value` is a mask. A mask is never accepted where a value is asked for. 是否已脱敏
    pub is_masked: bool,
    /// The scope that would show the value; null when it is shown, or when nothing can show it.
    /// 查看原值所需权限
    pub unmask_scope: Option<String>,
}
