//! Which fields of records an operation selects, wherever in it: what they take is asked before it runs.

use std::collections::{BTreeSet, HashSet};

use apollo_compiler::{Schema, ast};
use async_graphql::parser::types::{OperationDefinition, OperationType, Selection, SelectionSet};

use super::parser::Definitions;
use crate::kind::Kind;
use crate::policy::Policy;

/// A field of a kind of record.
pub type SelectedField = (Kind, &'static str);

/// The fields of records that an operation selects.
pub(super) fn selected(
    schema: &Schema,
    definitions: &Definitions,
    operation: &OperationDefinition,
) -> Vec<SelectedField> {
    let mut walk = Walk { schema, definitions, entered: HashSet::new(), found: BTreeSet::new() };
    let root = schema.root_operation(match operation.ty {
        OperationType::Query => ast::OperationType::Query,
        OperationType::Mutation => ast::OperationType::Mutation,
        OperationType::Subscription => ast::OperationType::Subscription,
    });
    if let Some(root) = root {
        walk.set(root, &operation.selection_set.node);
    }
    walk.found.into_iter().collect()
}

struct Walk<'a> {
    schema: &'a Schema,
    definitions: &'a Definitions,
    /// Fragments: each is walked once, for it is of one type wherever it is used.
    entered: HashSet<&'a str>,
    found: BTreeSet<SelectedField>,
}

impl<'a> Walk<'a> {
    fn set(&mut self, of: &str, set: &'a SelectionSet) {
        let kind = Kind::ALL.iter().copied().find(|it| it.name() == of);
        for selection in &set.items {
            match &selection.node {
                Selection::Field(field) => {
                    let name = field.node.name.node.as_str();
                    if let Some(kind) = kind {
                        let rules = Policy::standard().kind(kind).fields.iter();
                        let known = rules.map(|it| it.name).find(|it| *it == name);
                        self.found.extend(known.map(|it| (kind, it)));
                    }
                    if let Ok(definition) = self.schema.type_field(of, name) {
                        let inner = definition.ty.inner_named_type();
                        self.set(inner, &field.node.selection_set.node);
                    }
                }
                Selection::InlineFragment(fragment) => {
                    let on = fragment.node.type_condition.as_ref();
                    let on = on.map_or(of, |it| it.node.on.node.as_str());
                    self.set(on, &fragment.node.selection_set.node);
                }
                Selection::FragmentSpread(spread) => {
                    let name = spread.node.fragment_name.node.as_str();
                    let fragment = self.definitions.fragments.iter().find(|(it, _)| it == name);
                    if let Some((name, fragment)) = fragment
                        && self.entered.insert(name)
                    {
                        let on = &fragment.node.type_condition.node.on.node;
                        self.set(on, &fragment.node.selection_set.node);
                    }
                }
            }
        }
    }
}
