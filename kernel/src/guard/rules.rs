//! Rules of validation where the compiler judges otherwise than the reference implementation:
//! values, variables inside lists and objects, and `@oneOf` objects.

use std::collections::{HashMap, HashSet};

use apollo_compiler::Schema;
use apollo_compiler::ast;
use apollo_compiler::schema::{ExtendedType, InputObjectType};
use async_graphql::indexmap::IndexMap;
use async_graphql::parser::types::{
    BaseType, Directive, OperationDefinition, OperationType, Selection, SelectionSet, Type,
};
use async_graphql::{Name, Pos, Positioned};
use async_graphql_value::Value;

use super::parser::Definitions;
use super::{Fault, subscription};

/// Judgements of the compiler that these rules replace.
pub(super) const REPLACED: [&str; 10] = [
    "SubscriptionUsesMultipleFields",
    "SubscriptionUsesIntrospection",
    "SubscriptionUsesConditionalSelection",
    "DisallowedVariableUsage",
    "UnsupportedValueType",
    "IntCoercionError",
    "FloatCoercionError",
    "UndefinedEnumValue",
    "UndefinedInputValue",
    "RequiredField",
];

/// Where a variable stands, and what that place takes.
struct Usage<'a> {
    variable: &'a Name,
    pos: Pos,
    location: ast::Type,
    location_has_default: bool,
    inside_one_of: bool,
}

#[derive(Default)]
struct Uses<'a> {
    variables: Vec<Usage<'a>>,
    fragments: Vec<&'a str>,
}

pub(super) fn check(schema: &Schema, definitions: &Definitions) -> Vec<Fault> {
    let defaults: Vec<(Value, Pos, ast::Type)> = definitions
        .operations
        .iter()
        .flat_map(|(_, it)| &it.node.variable_definitions)
        .filter_map(|it| {
            let default = it.node.default_value.as_ref()?;
            Some((default.node.clone().into_value(), default.pos, type_of(&it.node.var_type.node)?))
        })
        .collect();
    let mut rules = Rules { schema, faults: Vec::new() };
    for (value, pos, ty) in &defaults {
        rules.value(value, *pos, ty, Place::default(), &mut Uses::default());
    }
    let fragments: HashMap<&str, Uses<'_>> = definitions
        .fragments
        .iter()
        .map(|(name, fragment)| {
            let mut uses = Uses::default();
            rules.directives(&fragment.node.directives, &mut uses);
            let on = &fragment.node.type_condition.node.on.node;
            rules.selection_set(on, &fragment.node.selection_set.node, &mut uses);
            (name.as_str(), uses)
        })
        .collect();
    for (_, operation) in &definitions.operations {
        let mut uses = Uses::default();
        rules.directives(&operation.node.directives, &mut uses);
        for variable in &operation.node.variable_definitions {
            rules.directives(&variable.node.directives, &mut uses);
        }
        let root = schema.root_operation(kind(operation.node.ty)).map_or("", |it| it.as_str());
        rules.selection_set(root, &operation.node.selection_set.node, &mut uses);
        rules.variables(&operation.node, &uses, &fragments);
        if operation.node.ty == OperationType::Subscription {
            rules.faults.extend(subscription::judge(operation, definitions));
        }
    }
    rules.faults
}

struct Rules<'a> {
    schema: &'a Schema,
    faults: Vec<Fault>,
}

impl<'a> Rules<'a> {
    fn selection_set(&mut self, parent: &str, set: &'a SelectionSet, uses: &mut Uses<'a>) {
        for selection in &set.items {
            self.directives(selection.node.directives(), uses);
            match &selection.node {
                Selection::Field(field) => {
                    let Ok(definition) = self.schema.type_field(parent, &field.node.name.node)
                    else {
                        continue;
                    };
                    self.arguments(&field.node.arguments, &definition.node.arguments, uses);
                    self.selection_set(
                        definition.ty.inner_named_type(),
                        &field.node.selection_set.node,
                        uses,
                    );
                }
                Selection::InlineFragment(fragment) => {
                    let on = fragment
                        .node
                        .type_condition
                        .as_ref()
                        .map_or(parent, |it| it.node.on.node.as_str());
                    self.selection_set(on, &fragment.node.selection_set.node, uses);
                }
                Selection::FragmentSpread(spread) => {
                    uses.fragments.push(&spread.node.fragment_name.node);
                }
            }
        }
    }

    fn directives(&mut self, directives: &'a [Positioned<Directive>], uses: &mut Uses<'a>) {
        for directive in directives {
            if let Some(definition) =
                self.schema.directive_definitions.get(directive.node.name.node.as_str())
            {
                self.arguments(&directive.node.arguments, &definition.arguments, uses);
            }
        }
    }

    fn arguments(
        &mut self,
        arguments: &'a [(Positioned<Name>, Positioned<Value>)],
        definitions: &'a [apollo_compiler::Node<ast::InputValueDefinition>],
        uses: &mut Uses<'a>,
    ) {
        for (name, value) in arguments {
            if let Some(definition) = definitions.iter().find(|it| it.name == name.node.as_str()) {
                let place = Place {
                    location_has_default: definition.default_value.is_some(),
                    inside_one_of: false,
                };
                self.value(&value.node, value.pos, &definition.ty, place, uses);
            }
        }
    }

    fn value(
        &mut self,
        value: &'a Value,
        pos: Pos,
        location: &ast::Type,
        place: Place,
        uses: &mut Uses<'a>,
    ) {
        let of = self.schema.types.get(location.inner_named_type());
        match (value, of) {
            (Value::Variable(variable), _) => {
                let Place { location_has_default, inside_one_of } = place;
                let location = location.clone();
                uses.variables.push(Usage {
                    variable,
                    pos,
                    location,
                    location_has_default,
                    inside_one_of,
                });
            }
            (Value::Null, _) if location.is_non_null() => self.unfit(location, pos),
            (Value::Null, _) => {}
            (Value::List(items), _) if location.is_list() => {
                for item in items {
                    self.value(item, pos, location.item_type(), Place::default(), uses);
                }
            }
            (Value::List(items), Some(ExtendedType::Scalar(scalar))) if !scalar.is_built_in() => {
                let item_location = location.clone().nullable();
                for item in items {
                    self.value(item, pos, &item_location, Place::default(), uses);
                }
            }
            (Value::Object(fields), Some(ExtendedType::InputObject(object))) => {
                // The reference implementation looks for this where the place takes the object
                // itself, and may be null.
                let inside_one_of =
                    matches!(location, ast::Type::Named(_)) && object.directives.has("oneOf");
                self.object(object, fields, pos);
                for (name, value) in fields {
                    if let Some(definition) = object.fields.get(name.as_str()) {
                        let location_has_default = definition.default_value.is_some();
                        let place = Place { location_has_default, inside_one_of };
                        self.value(value, pos, &definition.ty, place, uses);
                    }
                }
            }
            (value, Some(of)) if !is_leaf_value(value, of) => self.unfit(location, pos),
            _ => {}
        }
    }

    fn object(&mut self, object: &InputObjectType, fields: &IndexMap<Name, Value>, pos: Pos) {
        let of = &object.name;
        if let Some((unknown, _)) =
            fields.iter().find(|(it, _)| !object.fields.contains_key(it.as_str()))
        {
            self.fault(
                format!("Field \"{unknown}\" is not defined by type \"{of}\"."),
                format!("类型 \"{of}\" 没有字段 \"{unknown}\"。"),
                pos,
            );
        }
        let missing = |it: &&apollo_compiler::schema::Component<ast::InputValueDefinition>| {
            it.is_required() && !fields.contains_key(it.name.as_str())
        };
        if let Some(missing) = object.fields.values().find(missing) {
            let (name, ty) = (&missing.name, &missing.ty);
            self.fault(
                format!("Field \"{of}.{name}\" of required type \"{ty}\" was not provided."),
                format!("缺少类型为 \"{ty}\" 的必填字段 \"{of}.{name}\"。"),
                pos,
            );
        }
        if object.directives.has("oneOf")
            && (fields.len() != 1 || fields.values().any(|it| matches!(it, Value::Null)))
        {
            self.fault(
                format!("OneOf Input Object \"{of}\" must specify exactly one key, which must not be null."),
                format!("OneOf 输入对象 \"{of}\" 必须恰好给出一个非空的字段。"),
                pos,
            );
        }
    }

    fn unfit(&mut self, location: &ast::Type, pos: Pos) {
        self.fault(
            format!("Expected value of type \"{location}\", found another."),
            format!("此处应为 \"{location}\" 类型的值。"),
            pos,
        );
    }

    /// Every variable fits each place where the operation uses it, through its fragments.
    fn variables(
        &mut self,
        operation: &'a OperationDefinition,
        own: &Uses<'a>,
        fragments: &HashMap<&str, Uses<'a>>,
    ) {
        let defined: HashMap<&str, (Option<ast::Type>, bool)> = operation
            .variable_definitions
            .iter()
            .map(|it| {
                let default = it.node.default_value.as_ref();
                let has_default = default.is_some_and(|it| it.node != async_graphql::Value::Null);
                (it.node.name.node.as_str(), (type_of(&it.node.var_type.node), has_default))
            })
            .collect();
        let mut reached = HashSet::new();
        let mut waiting = vec![own];
        while let Some(uses) = waiting.pop() {
            for usage in &uses.variables {
                let Some((Some(ty), has_default)) = defined.get(usage.variable.as_str()) else {
                    continue;
                };
                self.usage(usage, ty, *has_default);
            }
            for name in &uses.fragments {
                if reached.insert(*name) {
                    waiting.extend(fragments.get(name));
                }
            }
        }
    }

    fn usage(&mut self, usage: &Usage<'_>, ty: &ast::Type, has_default: bool) {
        let (name, location) = (usage.variable, &usage.location);
        let fits = if location.is_non_null() && !ty.is_non_null() {
            (has_default || usage.location_has_default)
                && ty.is_assignable_to(&location.clone().nullable())
        } else {
            ty.is_assignable_to(location)
        };
        if !fits {
            self.fault(
                format!("Variable \"${name}\" of type \"{ty}\" used in position expecting type \"{location}\"."),
                format!("变量 \"${name}\" 的类型 \"{ty}\" 与此处要求的类型 \"{location}\" 不符。"),
                usage.pos,
            );
        } else if usage.inside_one_of && !ty.is_non_null() {
            self.fault(
                format!("Variable \"${name}\" of type \"{ty}\" must be non-nullable to be used in a OneOf Input Object."),
                format!("变量 \"${name}\" 的类型 \"{ty}\" 必须非空，才能用于 OneOf 输入对象。"),
                usage.pos,
            );
        }
    }

    fn fault(&mut self, message: String, message_zh: String, pos: Pos) {
        self.faults.push(Fault { message, message_zh, at: Some(pos) });
    }
}

/// Whether a literal is a value of a scalar or an enum. Scalars of our own judge for themselves.
fn is_leaf_value(value: &Value, of: &ExtendedType) -> bool {
    match of {
        ExtendedType::Enum(definition) => {
            matches!(value, Value::Enum(name) if definition.values.contains_key(name.as_str()))
        }
        ExtendedType::Scalar(definition) => match (definition.name.as_str(), value) {
            ("Int", Value::Number(number)) => {
                number.as_i64().is_some_and(|it| i32::try_from(it).is_ok())
            }
            ("Float", Value::Number(_)) => true,
            ("ID", Value::Number(number)) => !number.is_f64(),
            ("ID" | "String", Value::String(_)) | ("Boolean", Value::Boolean(_)) => true,
            ("Int" | "Float" | "ID" | "String" | "Boolean", _) => false,
            _ => true,
        },
        _ => false,
    }
}

#[derive(Default)]
struct Place {
    location_has_default: bool,
    inside_one_of: bool,
}

pub(super) fn kind(ty: OperationType) -> ast::OperationType {
    match ty {
        OperationType::Query => ast::OperationType::Query,
        OperationType::Mutation => ast::OperationType::Mutation,
        OperationType::Subscription => ast::OperationType::Subscription,
    }
}

/// The compiler's form of a type that was read.
pub(super) fn type_of(ty: &Type) -> Option<ast::Type> {
    let base = match &ty.base {
        BaseType::Named(name) => ast::Type::Named(apollo_compiler::Name::new(name.as_str()).ok()?),
        BaseType::List(item) => type_of(item)?.list(),
    };
    Some(if ty.nullable { base } else { base.non_null() })
}
