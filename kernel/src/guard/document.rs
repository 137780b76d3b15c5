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
use data_encoding::HEXLOWER;

use super::cache::Hash;
use super::cost::Prices;
use super::fields::SelectedField;
use super::parser::Definitions;
use super::{Refusal, code, subscription};
use crate::audit::Note;
use crate::link::Entries;
use crate::plan::{self, Plan};

#[derive(Debug)]
pub(super) struct Document {
    pub operations: Vec<Operation>,
    pub prices: Prices,
    /// About what it takes to keep.
    pub bytes: usize,
    fragments: HashMap<Name, Positioned<FragmentDefinition>>,
    entries: Entries,
}

#[derive(Debug)]
pub(super) struct Operation {
    pub name: Option<Name>,
    /// As the audit trail names it.
    pub label: Arc<str>,
    pub definition: Positioned<OperationDefinition>,
    pub introspects: bool,
    /// The fields of records that it selects.
    pub fields: Vec<SelectedField>,
    /// Of these, what is noted when the executor reads them.
    pub personal: Arc<[Note]>,
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
        fields: Vec<Vec<SelectedField>>,
        prices: Prices,
        (hash, bytes): (&Hash, usize),
        entries: Entries,
    ) -> Self {
        let operations = definitions.operations.iter().zip(introspects).zip(fields).map(
            |(((name, definition), &introspects), fields)| {
                let mut definition = definition.clone();
                if definition.node.ty == OperationType::Subscription {
                    subscription::merge(&mut definition.node.selection_set.node, &definitions);
                }
                let mut reached = Reached::default();
                reach(&definition.node.selection_set.node, &definitions, &mut reached);
                let Reached { fragments, flags } = reached;
                let fragments = fragments.into_iter().map(Name::new).collect();
                let flags = flags.into_iter().map(Name::new).collect();
                let personal = Note::reads(&fields);
                let (name, plans) = (name.clone(), Mutex::default());
                let known: String = name.as_deref().unwrap_or_default().chars().take(64).collect();
                let label = format!("{known}@{}", HEXLOWER.encode(&hash[..8])).into();
                Operation {
                    name,
                    label,
                    definition,
                    introspects,
                    fields,
                    personal,
                    fragments,
                    flags,
                    plans,
                }
            },
        );
        Self {
            operations: operations.collect(),
            prices,
            bytes,
            fragments: definitions.fragments.into_iter().collect(),
            entries,
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
            entry: self.entries,
            flag: &flag,
        });
        let plan = plan.map(Arc::new);
        plans.push((flags, plan.clone()));
        plan
    }

    /// The mutations of an operation: under which key each is answered, and its name.
    pub(super) fn mutations(&self, operation: usize) -> Vec<(String, String)> {
        let fragment = |name: &str| self.fragments.get(name).map(|it| &it.node);
        mutations(&self.operations[operation].definition.node, &fragment)
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

/// The fields of a mutation, each with the key under which it is answered. The document need not be valid.
pub(super) fn mutations<'d>(
    operation: &'d OperationDefinition,
    fragment: &dyn Fn(&str) -> Option<&'d FragmentDefinition>,
) -> Vec<(String, String)> {
    if operation.ty != OperationType::Mutation {
        return Vec::new();
    }
    let (mut found, mut entered) = (Vec::new(), HashSet::new());
    let mut sets = vec![&operation.selection_set.node];
    while let Some(set) = sets.pop() {
        for selection in &set.items {
            match &selection.node {
                Selection::Field(field) => {
                    let key = field.node.response_key().node.to_string();
                    found.push((key, field.node.name.node.to_string()));
                }
                Selection::InlineFragment(it) => sets.push(&it.node.selection_set.node),
                Selection::FragmentSpread(spread) => {
                    let name = spread.node.fragment_name.node.as_str();
                    if let Some(fragment) = fragment(name).filter(|_| entered.insert(name)) {
                        sets.push(&fragment.selection_set.node);
                    }
                }
            }
        }
    }
    found
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
