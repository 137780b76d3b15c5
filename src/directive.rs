//! What a client needs to know of a type or field beyond its shape, in the contract itself.

use async_graphql::TypeDirective;

use crate::{kind::Kind, policy};

/// The scope that it takes to read or call this. 读取或调用所需的权限
#[TypeDirective(location = "Object", location = "FieldDefinition")]
pub fn requires(#[graphql(desc = "The scope, such as `worker:read`. 权限")] scope: String) {}

/// How sensitive the value is: `L1` public, `L2` internal, `L3` personal, `L4` shown whole only to
/// few. 敏感级别
#[TypeDirective(location = "FieldDefinition")]
pub fn sensitivity(#[graphql(desc = "`L1` to `L4`. 级别")] level: String) {}

pub fn to_read(kind: Kind) -> String {
    policy::rights(kind).read.name().to_owned()
}

pub fn to_write(kind: Kind) -> String {
    policy::rights(kind).write.name().to_owned()
}
