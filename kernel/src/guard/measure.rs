//! How large an operation is once its fragments are expanded, counted without expanding them: each
//! fragment is measured once, so that the work is linear in the document whatever the document
//! says.

use std::collections::HashMap;

use async_graphql::parser::types::{Directive, Field, Selection, SelectionSet};
use async_graphql::{Pos, Positioned};
use async_graphql_value::Value;

use super::parser::Definitions;
use super::{Limits, Refusal};

#[derive(Debug, Clone, Copy, Default)]
struct Size {
    fields: u64,
    aliases: u64,
    fragment_uses: u64,
    weight: u64,
    depth: u64,
    nesting: u64,
    root_fields: u64,
    introspection_fields: u64,
    introspection_depth: u64,
    /// Lists of the introspection schema inside one another; their lengths multiply.
    introspection_lists: u64,
    introspects: bool,
}

/// Refuses a document of which some operation is too large; tells of each operation whether it
/// reads the schema.
pub(super) fn measure(definitions: &Definitions, limits: &Limits) -> Result<Vec<bool>, Refusal> {
    let fragments =
        definitions.fragments.iter().map(|(name, it)| (name.as_str(), &it.node.selection_set.node));
    let mut measure = Measure { fragments: fragments.collect(), known: HashMap::new(), limits };
    let count = definitions.operations.len() as u64;
    Refusal::over("operations", "操作", count, limits.operations as u64)?;
    let mut weight = 0_u64;
    let mut introspects = Vec::with_capacity(definitions.operations.len());
    for (_, operation) in &definitions.operations {
        let size = measure.selection_set(&operation.node.selection_set.node, 0)?;
        measure.judge(&size)?;
        let variables = operation.node.variable_definitions.len() as u64;
        weight = weight.saturating_add(size.weight).saturating_add(variables);
        introspects.push(size.introspects);
    }
    // Fragments that no operation uses are refused later, but they are validated first.
    for (name, fragment) in &definitions.fragments {
        if !measure.known.contains_key(name.as_str()) {
            let size = measure.selection_set(&fragment.node.selection_set.node, 0)?;
            weight = weight.saturating_add(size.weight);
        }
    }
    Refusal::over(
        "fields, arguments, values and directives",
        "字段、参数、值和指令",
        weight,
        limits.weight,
    )?;
    Ok(introspects)
}

struct Measure<'d> {
    fragments: HashMap<&'d str, &'d SelectionSet>,
    /// `None` while a fragment is being measured: a cycle counts nothing here and is refused by
    /// validation.
    known: HashMap<&'d str, Option<Size>>,
    limits: &'d Limits,
}

impl<'d> Measure<'d> {
    fn judge(&self, size: &Size) -> Result<(), Refusal> {
        let limits = self.limits;
        Refusal::over("levels of fields", "层字段", size.depth, limits.depth)?;
        Refusal::over(
            "levels of fields and fragments",
            "层字段与片段",
            size.nesting,
            limits.nesting,
        )?;
        Refusal::over("fields", "字段", size.fields, limits.fields)?;
        Refusal::over("aliases", "别名", size.aliases, limits.aliases)?;
        Refusal::over("root fields", "根字段", size.root_fields, limits.root_fields)?;
        Refusal::over("uses of fragments", "片段引用", size.fragment_uses, limits.fragment_uses)?;
        let (depth, fields) = (size.introspection_depth, size.introspection_fields);
        Refusal::over("levels of introspection", "层内省", depth, limits.introspection_depth)?;
        Refusal::over("introspection fields", "内省字段", fields, limits.introspection_fields)
    }

    fn selection_set(&mut self, set: &'d SelectionSet, level: u64) -> Result<Size, Refusal> {
        // The same bound keeps this recursion short: a chain of fragments is as deep as it is long.
        Refusal::over(
            "levels of fields and fragments",
            "层字段与片段",
            level,
            self.limits.nesting,
        )?;
        let mut total = Size::default();
        for selection in &set.items {
            let size = match &selection.node {
                Selection::Field(field) => self.field(&field.node, selection.pos, level)?,
                Selection::InlineFragment(fragment) => {
                    let inner = self.selection_set(&fragment.node.selection_set.node, level + 1)?;
                    inner.inside_fragment(&fragment.node.directives)
                }
                Selection::FragmentSpread(spread) => {
                    let name = spread.node.fragment_name.node.as_str();
                    self.fragment(name, level + 1)?.inside_fragment(&spread.node.directives)
                }
            };
            total.add(&size);
        }
        Ok(total)
    }

    fn fragment(&mut self, name: &str, level: u64) -> Result<Size, Refusal> {
        let Some((&name, &set)) = self.fragments.get_key_value(name) else {
            return Ok(Size::default());
        };
        if let Some(known) = self.known.get(name) {
            return Ok(known.unwrap_or_default());
        }
        self.known.insert(name, None);
        let size = self.selection_set(set, level)?;
        self.known.insert(name, Some(size));
        Ok(size)
    }

    fn field(&mut self, field: &'d Field, pos: Pos, level: u64) -> Result<Size, Refusal> {
        let inner = self.selection_set(&field.selection_set.node, level + 1)?;
        let name = field.name.node.as_str();
        let own = 1 + directives_weight(&field.directives) + values_weight(&field.arguments);
        let mut size = Size {
            fields: inner.fields.saturating_add(1),
            aliases: inner.aliases.saturating_add(u64::from(field.alias.is_some())),
            weight: inner.weight.saturating_add(own),
            depth: inner.depth + 1,
            nesting: inner.nesting + 1,
            root_fields: 1,
            introspection_lists: inner.introspection_lists + u64::from(is_introspection_list(name)),
            ..inner
        };
        if name == "__schema" || name == "__type" {
            if inner.introspection_lists >= 3 {
                return Err(Refusal::invalid(
                    "Introspection nests lists too deep: at most two of `fields`, `interfaces`, `possibleTypes` and `inputFields` inside one another.",
                    "内省的列表嵌套过深：`fields`、`interfaces`、`possibleTypes`、`inputFields` 最多嵌套两层。",
                    pos,
                ));
            }
            size = Size {
                fields: 1,
                depth: 1,
                introspection_fields: size.fields,
                introspection_depth: size.depth,
                introspects: true,
                ..size
            };
        }
        size.introspects |= name == "_service";
        Ok(size)
    }
}

impl Size {
    fn add(&mut self, other: &Self) {
        self.fields = self.fields.saturating_add(other.fields);
        self.aliases = self.aliases.saturating_add(other.aliases);
        self.fragment_uses = self.fragment_uses.saturating_add(other.fragment_uses);
        self.weight = self.weight.saturating_add(other.weight);
        self.root_fields = self.root_fields.saturating_add(other.root_fields);
        self.introspection_fields =
            self.introspection_fields.saturating_add(other.introspection_fields);
        self.depth = self.depth.max(other.depth);
        self.nesting = self.nesting.max(other.nesting);
        self.introspection_depth = self.introspection_depth.max(other.introspection_depth);
        self.introspection_lists = self.introspection_lists.max(other.introspection_lists);
        self.introspects |= other.introspects;
    }

    fn inside_fragment(self, directives: &[Positioned<Directive>]) -> Self {
        Self {
            fragment_uses: self.fragment_uses.saturating_add(1),
            weight: self.weight.saturating_add(1 + directives_weight(directives)),
            nesting: self.nesting + 1,
            ..self
        }
    }
}

fn is_introspection_list(name: &str) -> bool {
    matches!(name, "fields" | "interfaces" | "possibleTypes" | "inputFields")
}

fn directives_weight(directives: &[Positioned<Directive>]) -> u64 {
    directives.iter().map(|it| 1 + values_weight(&it.node.arguments)).sum()
}

fn values_weight(arguments: &[(Positioned<async_graphql::Name>, Positioned<Value>)]) -> u64 {
    arguments.iter().map(|(_, value)| 1 + value_weight(&value.node)).sum()
}

fn value_weight(value: &Value) -> u64 {
    match value {
        Value::List(items) => 1 + items.iter().map(value_weight).sum::<u64>(),
        Value::Object(fields) => 1 + fields.values().map(value_weight).sum::<u64>(),
        _ => 1,
    }
}
