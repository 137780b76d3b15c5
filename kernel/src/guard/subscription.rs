//! The single root field of a subscription.

use std::collections::HashSet;

use async_graphql::parser::types::{
    Directive, Field, OperationDefinition, Selection, SelectionSet,
};
use async_graphql::{Name, Positioned};
use async_graphql_value::Value;

use super::parser::Definitions;
use super::{Fault, Refusal};

pub(super) fn judge(
    operation: &Positioned<OperationDefinition>,
    definitions: &Definitions,
) -> Vec<Fault> {
    let mut fields = Vec::new();
    let set = &operation.node.selection_set.node;
    if let Err(refusal) = root_fields(set, definitions, &mut HashSet::new(), &mut fields) {
        return refusal.faults;
    }
    let mut faults = Vec::new();
    let mut fault = |message: &str, message_zh: &str| {
        let (message, message_zh) = (message.to_owned(), message_zh.to_owned());
        faults.push(Fault { message, message_zh, at: Some(operation.pos) });
    };
    if fields.len() > 1 {
        fault("A subscription must select only one top level field.", "订阅只能选择一个顶层字段。");
    }
    if fields.iter().flat_map(|(_, them)| them).any(|it| it.node.name.node.starts_with("__")) {
        fault(
            "A subscription must not select an introspection top level field.",
            "订阅的顶层字段不能是内省字段。",
        );
    }
    faults
}

/// The executor opens one stream for each selection at a subscription's root: selections of one
/// field become one.
pub(super) fn merge(set: &mut SelectionSet, definitions: &Definitions) {
    let mut fields = Vec::new();
    if root_fields(set, definitions, &mut HashSet::new(), &mut fields).is_err() {
        return;
    }
    let merged = fields.into_iter().filter_map(|(_, them)| {
        let (first, rest) = them.split_first()?;
        let mut field: Positioned<Field> = (*first).clone();
        let more = rest.iter().flat_map(|it| it.node.selection_set.node.items.clone());
        field.node.selection_set.node.items.extend(more);
        let pos = field.pos;
        Some(Positioned::new(Selection::Field(field), pos))
    });
    set.items = merged.collect();
}

/// The root fields of a subscription by response key, through its fragments, without what `@skip`
/// and `@include` leave out.
fn root_fields<'d>(
    set: &'d SelectionSet,
    definitions: &'d Definitions,
    seen: &mut HashSet<&'d str>,
    found: &mut Vec<(&'d Name, Vec<&'d Positioned<Field>>)>,
) -> Result<(), Refusal> {
    for selection in &set.items {
        let excluded =
            selection.node.directives().iter().map(excludes).collect::<Result<Vec<_>, _>>()?;
        if excluded.contains(&true) {
            continue;
        }
        match &selection.node {
            Selection::Field(field) => {
                let key = &field.node.response_key().node;
                match found.iter_mut().find(|(it, _)| *it == key) {
                    Some((_, fields)) => fields.push(field),
                    None => found.push((key, vec![field])),
                }
            }
            Selection::InlineFragment(fragment) => {
                root_fields(&fragment.node.selection_set.node, definitions, seen, found)?;
            }
            Selection::FragmentSpread(spread) => {
                let name = spread.node.fragment_name.node.as_str();
                if !seen.insert(name) {
                    continue;
                }
                if let Some((_, fragment)) = definitions.fragments.iter().find(|(it, _)| it == name)
                {
                    root_fields(&fragment.node.selection_set.node, definitions, seen, found)?;
                }
            }
        }
    }
    Ok(())
}

/// Whether a directive leaves its selection out whatever the variables are.
fn excludes(directive: &Positioned<Directive>) -> Result<bool, Refusal> {
    let included = match directive.node.name.node.as_str() {
        "skip" => false,
        "include" => true,
        _ => return Ok(false),
    };
    match directive.node.get_argument("if").map(|it| &it.node) {
        Some(Value::Boolean(value)) => Ok(*value != included),
        Some(Value::Variable(_)) => Err(Refusal::invalid(
            "The root field of a subscription must not depend on a variable.",
            "订阅的根字段不能取决于变量。",
            directive.pos,
        )),
        // Of another type: refused for that.
        _ => Ok(false),
    }
}
