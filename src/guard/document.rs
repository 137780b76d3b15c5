//! A document that was judged: what of the judgement does not depend on a request, kept for the
//! next one.

use std::collections::{HashMap, HashSet};

use async_graphql::parser::types::{
    DocumentOperations, ExecutableDocument, FragmentDefinition, OperationDefinition, OperationType,
    Selection, SelectionSet,
};
use async_graphql::{Name, Positioned};

use super::cost::Prices;
use super::parser::Definitions;
use super::{Refusal, code, subscription};

#[derive(Debug)]
pub(super) struct Document {
    pub operations: Vec<Operation>,
    pub prices: Prices,
    /// About what it takes to keep.
    pub bytes: usize,
    fragments: HashMap<Name, Positioned<FragmentDefinition>>,
}

#[derive(Debug)]
pub(super) struct Operation {
    pub name: Option<Name>,
    pub definition: Positioned<OperationDefinition>,
    pub introspects: bool,
    fragments: Vec<Name>,
}

impl Document {
    /// Takes definitions that were found valid.
    pub(super) fn new(
        definitions: Definitions,
        introspects: &[bool],
        prices: Prices,
        bytes: usize,
    ) -> Self {
        let operations = definitions.operations.iter().zip(introspects).map(
            |((name, definition), &introspects)| {
                let mut definition = definition.clone();
                if definition.node.ty == OperationType::Subscription {
                    subscription::merge(&mut definition.node.selection_set.node, &definitions);
                }
                let mut reached = HashSet::new();
                reach(&definition.node.selection_set.node, &definitions, &mut reached);
                let fragments = reached.into_iter().map(Name::new).collect();
                Operation { name: name.clone(), definition, introspects, fragments }
            },
        );
        Self {
            operations: operations.collect(),
            prices,
            bytes,
            fragments: definitions.fragments.into_iter().collect(),
        }
    }

    /// The operation that a request means.
    pub(super) fn operation(&self, name: Option<&str>) -> Result<usize, Refusal> {
        let found = match name {
            Some(name) => self.operations.iter().position(|it| it.name.as_deref() == Some(name)),
            None if self.operations.len() == 1 => Some(0),
            None => None,
        };
        found.ok_or_else(|| match name {
            Some(_) => Refusal::new(
                code::GRAPHQL_VALIDATION_FAILED,
                "The document has no operation of that name.",
                "文档中没有该名称的操作。",
            ),
            None => Refusal::new(
                code::GRAPHQL_VALIDATION_FAILED,
                "The document has several operations: `operationName` must name one.",
                "文档包含多个操作：必须用 `operationName` 指明其中一个。",
            ),
        })
    }

    /// The operation alone, with the fragments that it uses, as the executor takes it.
    pub(super) fn executable(&self, operation: usize) -> ExecutableDocument {
        let operation = &self.operations[operation];
        let definition = operation.definition.clone();
        let operations = match &operation.name {
            Some(name) => DocumentOperations::Multiple([(name.clone(), definition)].into()),
            None => DocumentOperations::Single(definition),
        };
        let fragments = operation.fragments.iter();
        let fragments = fragments
            .filter_map(|it| Some((it.clone(), self.fragments.get(it)?.clone())))
            .collect();
        ExecutableDocument { operations, fragments }
    }
}

fn reach<'d>(set: &'d SelectionSet, definitions: &'d Definitions, reached: &mut HashSet<&'d str>) {
    for selection in &set.items {
        match &selection.node {
            Selection::Field(field) => reach(&field.node.selection_set.node, definitions, reached),
            Selection::InlineFragment(fragment) => {
                reach(&fragment.node.selection_set.node, definitions, reached);
            }
            Selection::FragmentSpread(spread) => {
                let name = spread.node.fragment_name.node.as_str();
                let fragment = definitions.fragments.iter().find(|(it, _)| it == name);
                if let Some((name, fragment)) = fragment
                    && reached.insert(name)
                {
                    reach(&fragment.node.selection_set.node, definitions, reached);
                }
            }
        }
    }
}
