//! The contract keeps its own rules, and is what the server serves.

use std::collections::{BTreeMap, BTreeSet};

use apollo_compiler::{
    Node, Schema,
    ast::{FieldDefinition, InputValueDefinition, Type},
    schema::ExtendedType,
};
use expect_test::expect_file;
use serde_json::{Value, json};

use crate::support::TestApp;

/// `UPDATE_EXPECT=1 cargo test --test it schema` accepts a change.
#[test]
fn schema_graphql_is_current() {
    expect_file!["../../schema.graphql"].assert_eq(&gongtu::schema::sdl());
}

#[test]
fn the_contract_is_printed_in_one_order() {
    let schema = schema();
    let printed: Vec<&str> = schema.types.keys().map(apollo_compiler::Name::as_str).collect();
    let own = |it: &&&str| !schema.types[**it].is_built_in() && !it.starts_with("__");
    let own: Vec<&str> = printed.iter().filter(own).copied().collect();
    let mut sorted = own.clone();
    sorted.sort_unstable();
    assert_eq!(own, sorted, "types");
    for (name, fields) in outputs(&schema) {
        // Within a type the order is the author's: what a reader looks for first comes first.
        if fields.iter().any(|it| it.name == "id") {
            assert_eq!(fields[0].name, "id", "fields of {name}");
        }
    }
}

#[tokio::test]
async fn the_server_serves_the_contract() {
    const QUERY: &str = "{ __schema { types { name
        fields(includeDeprecated: true) { name args { name type { ...T } } type { ...T } }
        inputFields { name type { ...T } }
        enumValues(includeDeprecated: true) { name } } } }
        fragment T on __Type { kind name ofType { kind name ofType { kind name ofType { kind name } } } }";
    let app = TestApp::new().await;
    let steward = app.steward().await;

    let told = steward.data(QUERY, json!({})).await;

    let mut served = BTreeSet::new();
    for it in list(&told["__schema"]["types"]) {
        let name = it["name"].as_str().unwrap();
        for field in list(&it["fields"]) {
            let field_name = field["name"].as_str().unwrap();
            served.insert(format!("{name}.{field_name}: {}", type_of(&field["type"])));
            for argument in list(&field["args"]) {
                let argument_name = argument["name"].as_str().unwrap();
                let of = type_of(&argument["type"]);
                served.insert(format!("{name}.{field_name}({argument_name}: {of})"));
            }
        }
        for field in list(&it["inputFields"]) {
            let field_name = field["name"].as_str().unwrap();
            served.insert(format!("{name}.{field_name}: {}", type_of(&field["type"])));
        }
        let values = list(&it["enumValues"]).iter().map(|it| it["name"].as_str().unwrap());
        served.extend(values.map(|it| format!("{name}.{it}")));
    }
    served.retain(|it| !it.starts_with("__"));
    let schema = schema();
    let mut written = BTreeSet::new();
    for (name, fields) in outputs(&schema) {
        for field in fields {
            written.insert(format!("{name}.{}: {}", field.name, field.ty));
            let arguments = field.arguments.iter();
            written.extend(
                arguments.map(|it| format!("{name}.{}({}: {})", field.name, it.name, it.ty)),
            );
        }
    }
    for (name, fields) in inputs(&schema) {
        written.extend(fields.iter().map(|it| format!("{name}.{}: {}", it.name, it.ty)));
    }
    for (name, it) in &schema.types {
        if let ExtendedType::Enum(it) = it {
            written.extend(it.values.keys().map(|it| format!("{name}.{it}")));
        }
    }
    written.retain(|it| !it.starts_with("__"));
    assert_eq!(served.symmetric_difference(&written).collect::<Vec<_>>(), Vec::<&String>::new());
    assert!(served.len() > 3_000, "{}", served.len());
}

#[test]
fn everything_is_described_in_both_languages() {
    let schema = schema();
    let mut offences = Vec::new();
    let mut check = |place: String, description: Option<&Node<str>>| {
        if let Some(fault) = fault_of(description.map_or("", |it| it)) {
            offences.push(format!("{place}: {fault}"));
        }
    };

    for (name, it) in own_types(&schema) {
        check(name.to_owned(), it.description());
        if let ExtendedType::Enum(it) = it {
            for (value, it) in &it.values {
                check(format!("{name}.{value}"), it.description.as_ref());
            }
        }
    }
    for (name, fields) in outputs(&schema) {
        for field in fields {
            check(format!("{name}.{}", field.name), field.description.as_ref());
            for it in &field.arguments {
                check(format!("{name}.{}({})", field.name, it.name), it.description.as_ref());
            }
        }
    }
    for (name, fields) in inputs(&schema) {
        for it in fields {
            check(format!("{name}.{}", it.name), it.description.as_ref());
        }
    }
    assert_eq!(offences, Vec::<String>::new(), "{} offences", offences.len());
}

#[test]
fn a_description_has_an_english_sentence_and_chinese() {
    for (description, is_good) in [
        ("The name. 姓名", true),
        ("A batch of pilots.\n\n试点批次。", true),
        ("", false),
        ("The name.", false),
        ("姓名", false),
        ("姓名 The name.", false),
        ("the name 姓名", false),
        ("The name 姓名", false),
        ("The name, such as `王芳`. 姓名", true),
        ("The name, such as `王芳`.", false),
    ] {
        assert_eq!(fault_of(description).is_none(), is_good, "{description}");
    }
}

/// What is done to clients, which are no records: it has no place in the change log, and a secret that
/// was told is not told again.
const CLIENTS: [&str; 3] = ["clientCreate", "clientRotateSecret", "clientRevoke"];

#[test]
fn a_mutation_takes_its_own_input_and_returns_its_own_payload() {
    let schema = schema();
    let ExtendedType::Object(mutations) = &schema.types["Mutation"] else { panic!("no mutations") };

    let mut offences = Vec::new();
    let mut used: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for (name, field) in mutations.fields.iter().filter(|(it, _)| !CLIENTS.contains(&it.as_str())) {
        let pascal = format!("{}{}", name[..1].to_uppercase(), &name[1..]);
        let arguments: Vec<String> =
            field.arguments.iter().map(|it| format!("{}: {}", it.name, it.ty)).collect();
        if arguments != [format!("input: {pascal}Input!")] {
            offences.push(format!("{name} takes {arguments:?}"));
        }
        if field.ty.to_string() != format!("{pascal}Payload") {
            offences.push(format!("{name} returns {}", field.ty));
        }
        for it in &field.arguments {
            used.entry(it.ty.inner_named_type().to_string()).or_default().push(name.as_str());
        }
        let ExtendedType::Object(payload) = &schema.types[field.ty.inner_named_type()] else {
            offences.push(format!("{} is no object", field.ty));
            continue;
        };
        let of = |it: &str| payload.fields.get(it).map(|it| it.ty.to_string()).unwrap_or_default();
        let told = [of("userErrors"), of("changeCursor"), of("replayed")];
        if told != ["[UserError!]!", "String", "Boolean!"] {
            offences.push(format!("{} holds {told:?}", field.ty));
        }
        let input = schema.types.get(format!("{pascal}Input").as_str());
        let Some(ExtendedType::InputObject(input)) = input else { continue };
        for (option, ty) in [("idempotencyKey", "String"), ("validateOnly", "Boolean!")] {
            if input.fields.get(option).map(|it| it.ty.to_string()).as_deref() != Some(ty) {
                offences.push(format!("{name} takes no {option}"));
            }
        }
    }

    let shared = used.into_iter().filter(|(_, mutations)| mutations.len() > 1);
    offences.extend(shared.map(|it| format!("shared: {it:?}")));
    assert_eq!(offences, Vec::<String>::new());
    assert!(mutations.fields.len() > 150, "{}", mutations.fields.len());
}

#[test]
fn what_has_an_id_is_a_node() {
    let schema = schema();
    let mut offences = Vec::new();
    let mut nodes = 0;
    for it in schema.types.values() {
        let ExtendedType::Object(it) = it else { continue };
        let has_id = it.fields.get("id").is_some_and(|it| it.ty.to_string() == "ID!");
        let is_node = it.implements_interfaces.iter().any(|it| it.name == "Node");
        nodes += usize::from(is_node);
        if has_id != is_node {
            offences.push(it.name.to_string());
        }
    }
    assert_eq!(offences, Vec::<String>::new());
    assert_eq!(nodes, gongtu::kind::Kind::ALL.len());
}

/// Lists that something else bounds: the input that a payload answers, the depth of an input, the
/// closed lists of roles and scopes.
const BOUNDED: &[&str] =
    &["userErrors", "warnings", "results", "path", "openSteps", "roles", "scopes"];

#[test]
fn a_list_is_a_connection_or_says_its_bound() {
    let schema = schema();
    let mut offences = Vec::new();
    for (name, fields) in outputs(&schema) {
        let is_page = name.ends_with("Connection") || name == "ChangePage";
        for field in fields {
            let place = format!("{name}.{}", field.name);
            let is_listed = BOUNDED.contains(&field.name.as_str());
            if !is_list(&field.ty) || is_page || is_listed {
                continue;
            }
            let description = field.description.as_deref().unwrap_or_default();
            let is_of_an_enum =
                matches!(schema.types[field.ty.inner_named_type()], ExtendedType::Enum(_));
            if !is_of_an_enum && !description.to_lowercase().contains("at most") {
                offences.push(format!("{place}: {description}"));
            }
        }
    }
    for (name, it) in own_types(&schema) {
        let ExtendedType::Object(it) = it else { continue };
        if name.ends_with("Connection") {
            let fields: Vec<&str> = it.fields.keys().map(apollo_compiler::Name::as_str).collect();
            let expected = ["edges", "nodes", "pageInfo", "totalCount", "totalCountIsExact"];
            if fields != expected {
                offences.push(format!("{name} has {fields:?}"));
            }
        }
    }
    assert_eq!(offences, Vec::<String>::new());
}

/// Names that the rules for lists and writes give themselves, an option of a count, the instant of a
/// change, and the two ends of a period.
const NAMED_OTHERWISE: &[&str] = &[
    "asOf",
    "at",
    "exact",
    "from",
    "periodFrom",
    "periodTo",
    "replayed",
    "to",
    "totalCountIsExact",
    "validFrom",
    "validTo",
    "validateOnly",
];

#[test]
fn names_follow_the_rules() {
    let schema = schema();
    let pascal = |it: &str| it.starts_with(|it: char| it.is_ascii_uppercase()) && !it.contains('_');
    let camel = |it: &str| it.starts_with(|it: char| it.is_ascii_lowercase()) && !it.contains('_');
    let shout =
        |it: &str| it.chars().all(|it| it.is_ascii_uppercase() || it.is_ascii_digit() || it == '_');
    let mut offences = BTreeSet::new();

    for (name, it) in own_types(&schema) {
        if !pascal(name) {
            offences.insert(name.to_owned());
        }
        if let ExtendedType::Enum(it) = it {
            offences
                .extend(it.values.keys().filter(|it| !shout(it)).map(|it| format!("{name}.{it}")));
        }
    }
    let mut check = |place: String, name: &str, ty: &Type| {
        let is_good = camel(name)
            && match ty.inner_named_type().as_str() {
                _ if is_list(ty) => true,
                "Boolean" => ["is", "has", "viewerCan"].iter().any(|it| {
                    name.strip_prefix(it)
                        .is_some_and(|it| it.starts_with(|it: char| it.is_ascii_uppercase()))
                }),
                "DateTime" => name.ends_with("At"),
                "Date" => name.ends_with("On"),
                "Float" => false,
                _ => true,
            };
        if !is_good && !NAMED_OTHERWISE.contains(&name) {
            offences.insert(format!("{place}: {ty}"));
        }
    };
    for (name, fields) in outputs(&schema) {
        for field in fields {
            check(format!("{name}.{}", field.name), &field.name, &field.ty);
            for it in &field.arguments {
                check(format!("{name}.{}({})", field.name, it.name), &it.name, &it.ty);
            }
        }
    }
    // A filter's fields are named after its comparisons.
    for (name, fields) in inputs(&schema).into_iter().filter(|(it, _)| !it.ends_with("Filter")) {
        for it in fields {
            check(format!("{name}.{}", it.name), &it.name, &it.ty);
        }
    }
    assert_eq!(offences, BTreeSet::new());
}

fn schema() -> apollo_compiler::validation::Valid<Schema> {
    Schema::parse_and_validate(gongtu::schema::sdl(), "schema.graphql").expect("a valid schema")
}

fn own_types(schema: &Schema) -> Vec<(&str, &ExtendedType)> {
    let own = schema.types.iter().filter(|(_, it)| !it.is_built_in());
    own.map(|(name, it)| (name.as_str(), it)).collect()
}

/// The types that answer, with their fields.
fn outputs(schema: &Schema) -> Vec<(&str, Vec<&FieldDefinition>)> {
    own_types(schema).into_iter().filter_map(|(name, it)| Some((name, fields_of(it)?))).collect()
}

fn fields_of(it: &ExtendedType) -> Option<Vec<&FieldDefinition>> {
    match it {
        ExtendedType::Object(it) => Some(it.fields.values().map(|it| &***it).collect()),
        ExtendedType::Interface(it) => Some(it.fields.values().map(|it| &***it).collect()),
        _ => None,
    }
}

/// The types that are asked with, with their fields.
fn inputs(schema: &Schema) -> Vec<(&str, Vec<&InputValueDefinition>)> {
    own_types(schema)
        .into_iter()
        .filter_map(|(name, it)| match it {
            ExtendedType::InputObject(it) => {
                Some((name, it.fields.values().map(|it| &***it).collect()))
            }
            _ => None,
        })
        .collect()
}

fn is_list(ty: &Type) -> bool {
    matches!(ty, Type::List(_) | Type::NonNullList(_))
}

/// What a description lacks: an English sentence, and then Chinese.
fn fault_of(description: &str) -> Option<&'static str> {
    let is_chinese = |it: char| ('\u{4e00}'..='\u{9fff}').contains(&it);
    let plain = without_examples(description);
    let Some(place) = plain.find(is_chinese) else { return Some("no Chinese") };
    let english = &plain[..place];
    if !english.starts_with(|it: char| it.is_ascii_uppercase() || it.is_ascii_digit() || it == '`')
    {
        return Some("no English sentence first");
    }
    let ends = [". ", ".\n", "? ", "?\n"];
    if !ends.iter().any(|it| english.contains(it)) {
        return Some("the English sentence has no end");
    }
    None
}

/// Without what stands in quotes, which may be Chinese in an English sentence.
fn without_examples(description: &str) -> String {
    let mut plain = String::new();
    let mut end = None;
    for letter in description.chars() {
        match end {
            Some(it) if it == letter => end = None,
            Some(_) => continue,
            None => {
                end = [('`', '`'), ('"', '"'), ('(', ')')]
                    .iter()
                    .find(|it| it.0 == letter)
                    .map(|it| it.1);
            }
        }
        plain.push(letter);
    }
    plain
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], |it| it)
}

fn type_of(ty: &Value) -> String {
    match ty["kind"].as_str().unwrap() {
        "NON_NULL" => format!("{}!", type_of(&ty["ofType"])),
        "LIST" => format!("[{}]", type_of(&ty["ofType"])),
        _ => ty["name"].as_str().unwrap().to_owned(),
    }
}
