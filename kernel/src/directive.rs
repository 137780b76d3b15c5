//! What a client needs to know of a type or field beyond its shape, in the contract itself.

use std::borrow::Cow;

use async_graphql::{
    InputType, TypeDirective, Value,
    indexmap::IndexMap,
    registry::{
        __DirectiveLocation as Location, MetaDirective, MetaDirectiveInvocation, MetaInputValue,
        Registry, location_traits,
    },
};

use crate::{
    kind::Kind,
    policy::{KindRules, Policy, Right},
};

/// The scope that it takes to read or call this. 读取或调用所需的权限
#[TypeDirective(location = "Object", location = "FieldDefinition")]
pub fn requires(#[graphql(desc = "The scope, such as `worker:read`. 权限")] scope: String) {}

/// `@sensitivity`: how carefully a value is to be handled.
#[expect(non_camel_case_types, reason = "the name of the directive")]
pub struct sensitivity;

// By hand: the library's attribute knows no place in a document. A directive that no document can use
// counts as unreachable with linters that read the schema by introspection.
impl TypeDirective for sensitivity {
    fn name(&self) -> Cow<'static, str> {
        "sensitivity".into()
    }

    fn register(&self, registry: &mut Registry) {
        let ty = <String as InputType>::create_type_info(registry);
        let mut level = MetaInputValue::new("level".to_owned(), ty);
        level.description = Some("`L1` to `L4`. 级别".to_owned());
        let description = "How sensitive the value is: `L1` public, `L2` internal, `L3` personal, `L4` \
            shown whole only to few. On a variable it is a mark for the client's own tools. 敏感级别";
        registry.add_directive(MetaDirective {
            name: "sensitivity".to_owned(),
            description: Some(description.to_owned()),
            locations: vec![Location::FIELD_DEFINITION, Location::VARIABLE_DEFINITION],
            args: IndexMap::from([("level".to_owned(), level)]),
            is_repeatable: false,
            visible: None,
            composable: None,
        });
    }
}

impl location_traits::Directive_At_FIELD_DEFINITION for sensitivity {}

impl sensitivity {
    pub fn apply(level: String) -> MetaDirectiveInvocation {
        let args = IndexMap::from([("level".to_owned(), Value::String(level))]);
        MetaDirectiveInvocation { name: "sensitivity".to_owned(), args }
    }
}

pub fn to_read(kind: Kind) -> String {
    Policy::standard().kind(kind).read.name().to_owned()
}

pub fn to_write(kind: Kind) -> String {
    Policy::standard().kind(kind).write.name().to_owned()
}

/// The contract with what the policy says of each field of a record. The table is told from, not
/// repeated in the slices. A field that the table does not have is an error.
pub fn annotated(sdl: &str) -> anyhow::Result<String> {
    let mut text = String::with_capacity(sdl.len() + sdl.len() / 4);
    let mut rules: Option<&KindRules> = None;
    let mut field = "";
    let mut is_described = false;
    for line in sdl.lines() {
        text.push_str(line);
        is_described ^= line.trim_start().starts_with("\"\"\"");
        let inner = line.strip_prefix("  ").filter(|_| !is_described);
        if let Some(rest) = line.strip_prefix("type ") {
            let kind = Kind::ALL.iter().find(|it| rest.split(' ').next() == Some(it.name()));
            rules = kind.map(|it| Policy::standard().kind(*it));
        } else if line == "}" {
            rules = None;
        } else if let (Some(rules), Some(inner)) = (rules, inner) {
            // A field begins with its name; its type stands behind it, or behind its arguments.
            if inner.starts_with(|it: char| it.is_ascii_alphabetic()) {
                field = inner.split(['(', ':']).next().unwrap_or_default();
            }
            if inner.starts_with("): ")
                || inner.strip_prefix(field).is_some_and(|it| it.starts_with(": "))
            {
                let told = told(rules, field).ok_or_else(|| {
                    anyhow::anyhow!("no policy for the field {}.{field}", rules.kind.name())
                })?;
                text.push_str(&told);
            }
        }
        text.push('\n');
    }
    Ok(text)
}

fn told(rules: &KindRules, field: &str) -> Option<String> {
    let rules = rules.fields.iter().find(|it| it.name == field)?;
    let level = format!(" @sensitivity(level: \"{}\")", rules.level.name());
    Some(match rules.read {
        Right::Scope(scope) => format!(" @requires(scope: \"{}\"){level}", scope.name()),
        _ => level,
    })
}
