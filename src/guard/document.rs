//! A document that was judged: what of the judgement does not depend on a request, kept for the
//! next one.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};

use async_graphql::parser::types::{
    DocumentOperations, ExecutableDocument, FragmentDefinition, OperationDefinition, OperationType,
    Selection, SelectionSet,
};
use async_graphql::{Name, Positioned, Variables};
use async_graphql_value::{ConstValue, Value};

use super::cost::Prices;
use super::parser::Definitions;
use super::{Refusal, code, subscription};
use crate::domain;
use crate::plan::{self, Plan};

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
    /// The variables of `@skip` and `@include`.
    flags: Vec<Name>,
    /// How to answer it, for the values of these that came.
    plans: Mutex<Vec<(Flags, Option<Arc<Plan>>)>>,
}

/// The values of the variables that decide which fields are in the answer.
type Flags = Vec<bool>;

/// So many combinations of flags are planned; what comes with others is for the executor.
const MAX_PLANS: usize = 8;

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
                let mut reached = Reached::default();
                reach(&definition.node.selection_set.node, &definitions, &mut reached);
                let Reached { fragments, flags } = reached;
                let fragments = fragments.into_iter().map(Name::new).collect();
                let flags = flags.into_iter().map(Name::new).collect();
                let (name, plans) = (name.clone(), Mutex::default());
                Operation { name, definition, introspects, fragments, flags, plans }
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

    /// How to answer an operation with these variables, unless it is for the executor.
    pub(super) fn plan(&self, operation: usize, variables: &Variables) -> Option<Arc<Plan>> {
        let operation = &self.operations[operation];
        if operation.definition.node.ty != OperationType::Query {
            return None;
        }
        let flag = |name: &str| variables.get(name) == Some(&ConstValue::Boolean(true));
        let flags: Flags = operation.flags.iter().map(|it| flag(it)).collect();
        let mut plans = operation.plans.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, plan)) = plans.iter().find(|it| it.0 == flags) {
            return plan.clone();
        }
        if plans.len() == MAX_PLANS {
            return None;
        }
        let plan = Plan::of(&plan::Definition {
            operation: &operation.definition.node,
            fragment: &|name| Some(&self.fragments.get(name)?.node),
            entry: domain::entry,
            flag: &flag,
        });
        let plan = plan.map(Arc::new);
        plans.push((flags, plan.clone()));
        plan
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

/// What an operation uses of its document.
#[derive(Default)]
struct Reached<'d> {
    fragments: HashSet<&'d str>,
    flags: BTreeSet<&'d str>,
}

fn reach<'d>(set: &'d SelectionSet, definitions: &'d Definitions, reached: &mut Reached<'d>) {
    for selection in &set.items {
        let directives = match &selection.node {
            Selection::Field(it) => &it.node.directives,
            Selection::InlineFragment(it) => &it.node.directives,
            Selection::FragmentSpread(it) => &it.node.directives,
        };
        for (_, value) in directives.iter().flat_map(|it| &it.node.arguments) {
            if let Value::Variable(name) = &value.node {
                reached.flags.insert(name);
            }
        }
        match &selection.node {
            Selection::Field(field) => reach(&field.node.selection_set.node, definitions, reached),
            Selection::InlineFragment(fragment) => {
                reach(&fragment.node.selection_set.node, definitions, reached);
            }
            Selection::FragmentSpread(spread) => {
                let name = spread.node.fragment_name.node.as_str();
                let fragment = definitions.fragments.iter().find(|(it, _)| it == name);
                if let Some((name, fragment)) = fragment
                    && reached.fragments.insert(name)
                {
                    reach(&fragment.node.selection_set.node, definitions, reached);
                }
            }
        }
    }
}
