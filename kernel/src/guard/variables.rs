//! The values of an operation's variables, coerced as the specification says: the executor meets
//! only values that fit.

use apollo_compiler::Schema;
use apollo_compiler::ast::Type;
use apollo_compiler::schema::ExtendedType;
use async_graphql::indexmap::IndexMap;
use async_graphql::parser::types::VariableDefinition;
use async_graphql::{Name, Positioned, Variables};
use async_graphql_value::ConstValue;
use serde_json::{Map, Value};

use super::rules::type_of;
use super::{Fault, Limits, Refusal, code};

pub(super) fn coerce(
    schema: &Schema,
    definitions: &[Positioned<VariableDefinition>],
    given: &Map<String, Value>,
    limits: &Limits,
) -> Result<Variables, Refusal> {
    for value in given.values() {
        bounded(value, 1, limits)?;
    }
    let mut coerced = Variables::default();
    let mut faults = Vec::new();
    for definition in definitions {
        let name = &definition.node.name.node;
        let Some(ty) = type_of(&definition.node.var_type.node) else { continue };
        let outcome = match (given.get(name.as_str()), &definition.node.default_value) {
            (Some(value), _) => value_of(schema, &ty, value, &Path::Root(name)).map(Some),
            (None, Some(default)) => Ok(Some(default.node.clone())),
            (None, None) if ty.is_non_null() => {
                Err(wrong(&Path::Root(name), "is required", "是必填的"))
            }
            (None, None) => Ok(None),
        };
        match outcome {
            Ok(Some(value)) => {
                coerced.insert(name.clone(), value);
            }
            Ok(None) => {}
            Err(mut fault) => {
                fault.at = Some(definition.pos);
                faults.push(fault);
            }
        }
    }
    if faults.is_empty() {
        Ok(coerced)
    } else {
        Err(Refusal { code: code::BAD_USER_INPUT, faults, retry_after: None })
    }
}

/// Keeps every walk over a value short, whoever walks it later.
fn bounded(value: &Value, level: usize, limits: &Limits) -> Result<(), Refusal> {
    let most = limits.variable_nesting as u64;
    Refusal::over(
        "levels of lists and objects in the variables",
        "层变量列表与对象",
        level as u64,
        most,
    )?;
    match value {
        Value::Array(items) => {
            let (count, most) = (items.len() as u64, limits.list_items as u64);
            Refusal::over("items of one list in the variables", "项变量列表元素", count, most)?;
            items.iter().try_for_each(|it| bounded(it, level + 1, limits))
        }
        Value::Object(fields) => fields.values().try_for_each(|it| bounded(it, level + 1, limits)),
        _ => Ok(()),
    }
}

/// Where a value stands. Only names of the schema and indexes are told, never a value.
enum Path<'a> {
    Root(&'a str),
    Field(&'a Path<'a>, &'a str),
    Item(&'a Path<'a>, usize),
}

impl std::fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Path::Root(name) => write!(f, "${name}"),
            Path::Field(parent, name) => write!(f, "{parent}.{name}"),
            Path::Item(parent, index) => write!(f, "{parent}[{index}]"),
        }
    }
}

fn value_of(
    schema: &Schema,
    ty: &Type,
    value: &Value,
    path: &Path<'_>,
) -> Result<ConstValue, Fault> {
    if value.is_null() {
        return if ty.is_non_null() {
            Err(wrong(path, "must not be null", "不能为 null"))
        } else {
            Ok(ConstValue::Null)
        };
    }
    if ty.is_list() {
        let item = ty.item_type();
        let Value::Array(items) = value else {
            return Ok(ConstValue::List(vec![value_of(schema, item, value, path)?]));
        };
        let items = items.iter().enumerate();
        let items = items.map(|(index, it)| value_of(schema, item, it, &Path::Item(path, index)));
        return Ok(ConstValue::List(items.collect::<Result<_, _>>()?));
    }
    let name = ty.inner_named_type().as_str();
    let expected =
        || wrong(path, &format!("is not a value of {name}"), &format!("不是 {name} 的值"));
    match schema.types.get(name) {
        Some(ExtendedType::Enum(definition)) => match value {
            Value::String(text) if definition.values.contains_key(text.as_str()) => {
                Ok(ConstValue::String(text.clone()))
            }
            _ => Err(expected()),
        },
        Some(ExtendedType::InputObject(definition)) => {
            let Value::Object(given) = value else { return Err(expected()) };
            let mut fields = IndexMap::new();
            for (field, definition) in &definition.fields {
                match given.get(field.as_str()) {
                    Some(value) => {
                        let value =
                            value_of(schema, &definition.ty, value, &Path::Field(path, field))?;
                        fields.insert(Name::new(field.as_str()), value);
                    }
                    None if definition.ty.is_non_null() && definition.default_value.is_none() => {
                        return Err(wrong(&Path::Field(path, field), "is required", "是必填的"));
                    }
                    // The executor knows the default.
                    None => {}
                }
            }
            if fields.len() != given.len() {
                let problem = format!("has a field that {name} does not define");
                return Err(wrong(path, &problem, &format!("含有 {name} 未定义的字段")));
            }
            if definition.directives.has("oneOf")
                && (fields.len() != 1 || fields.values().any(|it| it == &ConstValue::Null))
            {
                return Err(wrong(
                    path,
                    "must have exactly one field, not null",
                    "必须恰好有一个非空字段",
                ));
            }
            Ok(ConstValue::Object(fields))
        }
        _ => scalar(name, value).ok_or_else(expected),
    }
}

fn scalar(name: &str, value: &Value) -> Option<ConstValue> {
    match (name, value) {
        ("Int", Value::Number(number)) => {
            let whole = number.as_i64().or_else(|| whole(number.as_f64()?))?;
            i32::try_from(whole).ok().map(|it| ConstValue::Number(it.into()))
        }
        ("Float", Value::Number(number)) => Some(ConstValue::Number(number.clone())),
        ("String", Value::String(text)) | ("ID", Value::String(text)) => {
            Some(ConstValue::String(text.clone()))
        }
        ("ID", Value::Number(number)) => {
            let id = if number.is_f64() {
                number.as_f64().filter(|it| it.fract() == 0.0)?.to_string()
            } else {
                number.to_string()
            };
            Some(ConstValue::String(id))
        }
        ("Boolean", Value::Bool(value)) => Some(ConstValue::Boolean(*value)),
        ("Int" | "Float" | "String" | "ID" | "Boolean", _) => None,
        _ => Some(constant(value)),
    }
}

/// A number such as `2.0`, which JSON cannot tell from `2`.
fn whole(number: f64) -> Option<i64> {
    (number.fract() == 0.0 && number.abs() <= 9_007_199_254_740_992.0).then_some(number as i64)
}

/// A value of a scalar of our own, which judges for itself.
fn constant(value: &Value) -> ConstValue {
    match value {
        Value::Null => ConstValue::Null,
        Value::Bool(value) => ConstValue::Boolean(*value),
        Value::Number(number) => ConstValue::Number(number.clone()),
        Value::String(text) => ConstValue::String(text.clone()),
        Value::Array(items) => ConstValue::List(items.iter().map(constant).collect()),
        Value::Object(fields) => ConstValue::Object(
            fields.iter().map(|(name, value)| (Name::new(name), constant(value))).collect(),
        ),
    }
}

fn wrong(path: &Path<'_>, problem: &str, problem_zh: &str) -> Fault {
    Fault {
        message: format!("The value of \"{path}\" {problem}."),
        message_zh: format!("\"{path}\" 的值{problem_zh}。"),
        at: None,
    }
}
