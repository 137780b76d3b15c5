//! What an operation may cost: the product of its page sizes, from the variables it came with.
//!
//! A point is an object that may be read; ten fields of objects make a point too, so that breadth
//! is not free. The wrapping objects of a connection (the connection, its edges, its page
//! information) count as fields, and groups that records are counted in, and an export of a
//! person, cost the same however many.
//! The tree is built once for each document, fragments apart, and priced for each request in one
//! walk.

use std::collections::HashMap;

use apollo_compiler::Schema;
use apollo_compiler::ast;
use apollo_compiler::schema::ExtendedType;
use async_graphql::parser::types::{Field, OperationType, Selection, SelectionSet};
use async_graphql::{Name, Variables};
use async_graphql_value::{ConstValue, Value};

use super::Limits;
use super::parser::Definitions;

/// Tenths of a point of a field of an object.
const FIELD: u64 = 1;
/// Tenths of a point of an object.
const OBJECT: u64 = 10;
/// Tenths of a point of records that are counted in groups: what costs is to read the records, not
/// to tell of the groups.
const GROUPS: u64 = 100 * OBJECT;
/// Tenths of a point of all that is kept of a person: some dozen lists.
const EXPORT: u64 = 1_000 * OBJECT;

/// The prices of a document: of its operations, in order, and of the fragments they share.
#[derive(Debug, Default)]
pub(super) struct Prices {
    operations: Vec<Vec<Part>>,
    fragments: Vec<Vec<Part>>,
}

#[derive(Debug)]
enum Part {
    /// Fields that hold no object.
    Fields(u64),
    Object {
        own: u64,
        times: Times,
        inner: Vec<Part>,
    },
    Fragment(usize),
}

#[derive(Debug)]
enum Times {
    Once,
    /// A page: the larger of the sizes asked for.
    Page(Vec<Amount>),
    /// A list as long as the longest list it is asked with.
    Items(Vec<Amount>),
    Assumed,
}

#[derive(Debug)]
enum Amount {
    Fixed(u64),
    Variable(Name),
}

impl Prices {
    pub(super) fn of(schema: &Schema, definitions: &Definitions) -> Self {
        let names = definitions
            .fragments
            .iter()
            .enumerate()
            .map(|(number, (name, _))| (name.as_str(), number))
            .collect();
        let pricing = Pricing { schema, names };
        let fragments = definitions.fragments.iter().map(|(_, fragment)| {
            let on = &fragment.node.type_condition.node.on.node;
            pricing.parts(on, &fragment.node.selection_set.node)
        });
        let operations = definitions.operations.iter().map(|(_, operation)| {
            let root = schema.root_operation(match operation.node.ty {
                OperationType::Query => ast::OperationType::Query,
                OperationType::Mutation => ast::OperationType::Mutation,
                OperationType::Subscription => ast::OperationType::Subscription,
            });
            root.map_or_else(Vec::new, |root| {
                pricing.parts(root, &operation.node.selection_set.node)
            })
        });
        Self { operations: operations.collect(), fragments: fragments.collect() }
    }

    /// The points of an operation, rounded up.
    pub(super) fn cost(&self, operation: usize, variables: &Variables, limits: &Limits) -> u64 {
        let mut bill =
            Bill { prices: self, variables, limits, known: vec![None; self.fragments.len()] };
        self.operations.get(operation).map_or(0, |parts| bill.sum(parts)).div_ceil(OBJECT)
    }
}

struct Pricing<'a> {
    schema: &'a Schema,
    names: HashMap<&'a str, usize>,
}

impl Pricing<'_> {
    fn parts(&self, parent: &str, set: &SelectionSet) -> Vec<Part> {
        let mut parts = Vec::new();
        let mut fields = 0;
        for selection in &set.items {
            match &selection.node {
                Selection::Field(field) => match self.object(parent, &field.node) {
                    Some(object) => parts.push(object),
                    None => fields += FIELD,
                },
                Selection::InlineFragment(fragment) => {
                    let on = fragment
                        .node
                        .type_condition
                        .as_ref()
                        .map_or(parent, |it| it.node.on.node.as_str());
                    parts.extend(self.parts(on, &fragment.node.selection_set.node));
                }
                Selection::FragmentSpread(spread) => {
                    parts.extend(
                        self.names
                            .get(spread.node.fragment_name.node.as_str())
                            .map(|&it| Part::Fragment(it)),
                    );
                }
            }
        }
        if fields > 0 {
            parts.push(Part::Fields(fields));
        }
        parts
    }

    fn object(&self, parent: &str, field: &Field) -> Option<Part> {
        let name = field.name.node.as_str();
        if field.selection_set.node.items.is_empty() {
            return None;
        }
        if name == "__schema" || name == "__type" {
            // Introspection has limits of its own.
            return Some(Part::Fields(FIELD));
        }
        let definition = self.schema.type_field(parent, name).ok()?;
        let of = definition.ty.inner_named_type();
        let takes = |name: &str| definition.arguments.iter().any(|it| it.name == name);
        let wraps = self.is_connection(parent) || self.is_connection(of);
        // A look-up takes one `by`; groups are by a list of fields.
        let groups = definition.arguments.iter().any(|it| it.name == "by" && it.ty.is_list());
        let own = match () {
            () if groups => GROUPS,
            () if of == "WorkerExport" => EXPORT,
            // A figure, or its parts, is counted like a group.
            () if of == "Figure" || of == "FigurePart" => GROUPS,
            () if wraps && name != "nodes" => FIELD,
            () => OBJECT,
        };
        let times = if groups {
            Times::Once
        } else if takes("first") || takes("last") {
            Times::Page(["first", "last"].into_iter().filter_map(|it| amount(field, it)).collect())
        } else if !definition.ty.is_list() || of == "FigurePart" || self.is_connection(parent) {
            Times::Once
        } else {
            let lists = definition.arguments.iter().filter(|it| it.ty.is_list());
            let amounts: Vec<_> = lists.filter_map(|it| amount(field, &it.name)).collect();
            if amounts.is_empty() { Times::Assumed } else { Times::Items(amounts) }
        };
        Some(Part::Object { own, times, inner: self.parts(of, &field.selection_set.node) })
    }

    /// A page of Relay: its objects were counted where the page was asked for.
    fn is_connection(&self, name: &str) -> bool {
        let Some(ExtendedType::Object(object)) = self.schema.types.get(name) else { return false };
        object.fields.contains_key("pageInfo") && object.fields.contains_key("edges")
    }
}

fn amount(field: &Field, argument: &str) -> Option<Amount> {
    match &field.get_argument(argument)?.node {
        Value::Number(number) => Some(Amount::Fixed(number.as_u64().unwrap_or(0))),
        Value::List(items) => Some(Amount::Fixed(items.len() as u64)),
        Value::Variable(name) => Some(Amount::Variable(name.clone())),
        _ => None,
    }
}

struct Bill<'a> {
    prices: &'a Prices,
    variables: &'a Variables,
    limits: &'a Limits,
    known: Vec<Option<u64>>,
}

impl Bill<'_> {
    fn sum(&mut self, parts: &[Part]) -> u64 {
        parts.iter().fold(0, |total: u64, part| {
            total.saturating_add(match part {
                Part::Fields(fields) => *fields,
                Part::Object { own, times, inner } => {
                    let each = self.sum(inner).saturating_add(*own);
                    each.saturating_mul(self.times(times))
                }
                Part::Fragment(number) => self.fragment(*number),
            })
        })
    }

    fn fragment(&mut self, number: usize) -> u64 {
        if let Some(known) = self.known[number] {
            return known;
        }
        let prices = self.prices;
        let cost = self.sum(&prices.fragments[number]);
        self.known[number] = Some(cost);
        cost
    }

    fn times(&self, times: &Times) -> u64 {
        let limits = self.limits;
        match times {
            Times::Once => 1,
            Times::Page(sizes) => {
                let asked = sizes.iter().filter_map(|it| self.amount(it)).max();
                asked.unwrap_or(limits.page_default).clamp(1, limits.page_maximum)
            }
            Times::Items(lengths) => {
                lengths.iter().filter_map(|it| self.amount(it)).max().unwrap_or(1).max(1)
            }
            Times::Assumed => limits.list_assumed,
        }
    }

    fn amount(&self, amount: &Amount) -> Option<u64> {
        match amount {
            Amount::Fixed(amount) => Some(*amount),
            Amount::Variable(name) => match self.variables.get(name)? {
                ConstValue::Number(number) => Some(number.as_u64().unwrap_or(0)),
                ConstValue::List(items) => Some(items.len() as u64),
                _ => None,
            },
        }
    }
}
