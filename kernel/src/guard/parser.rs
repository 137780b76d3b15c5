//! The syntax of executable documents, read into the executor's own tree, so that what was judged
//! is what runs.

use std::ops::Range;

use async_graphql::indexmap::IndexMap;
use async_graphql::parser::types::{
    BaseType, Directive, Field, FragmentDefinition, FragmentSpread, InlineFragment,
    OperationDefinition, OperationType, Selection, SelectionSet, Type, TypeCondition,
    VariableDefinition,
};
use async_graphql::{Name, Pos, Positioned};
use async_graphql_value::Value;

use super::lexer::{Placed, Token};
use super::{Limits, Refusal};

/// Definitions as they stand in the text: names may still repeat.
#[derive(Debug, Default)]
pub(super) struct Definitions {
    pub operations: Vec<(Option<Name>, Positioned<OperationDefinition>)>,
    pub fragments: Vec<(Name, Positioned<FragmentDefinition>)>,
    /// Descriptions, which mean nothing to the server and which the compiler does not know yet.
    pub descriptions: Vec<Range<usize>>,
}

pub(super) fn parse(tokens: Vec<Placed<'_>>, limits: &Limits) -> Result<Definitions, Refusal> {
    let mut parser = Parser { tokens, at: 0, descriptions: Vec::new(), limits };
    let mut definitions = Definitions::default();
    loop {
        parser.definition(&mut definitions)?;
        if parser.peek() == &Token::End {
            return Ok(Definitions { descriptions: parser.descriptions, ..definitions });
        }
    }
}

struct Parser<'a, 'l> {
    tokens: Vec<Placed<'a>>,
    at: usize,
    descriptions: Vec<Range<usize>>,
    limits: &'l Limits,
}

type Parsed<T> = Result<T, Refusal>;

impl<'a> Parser<'a, '_> {
    fn definition(&mut self, definitions: &mut Definitions) -> Parsed<()> {
        let pos = self.pos();
        if self.is('{') {
            let selection_set = self.selection_set()?;
            let (ty, variable_definitions, directives) =
                (OperationType::Query, Vec::new(), Vec::new());
            let operation =
                OperationDefinition { ty, variable_definitions, directives, selection_set };
            definitions.operations.push((None, Positioned::new(operation, pos)));
            return Ok(());
        }
        self.description();
        let Token::Name(keyword) = *self.peek() else { return Err(self.unexpected()) };
        let ty = match keyword {
            "query" => OperationType::Query,
            "mutation" => OperationType::Mutation,
            "subscription" => OperationType::Subscription,
            "fragment" => {
                self.at += 1;
                let name = self.fragment_name()?;
                if !self.take_keyword("on") {
                    return Err(self.unexpected());
                }
                let type_condition = self.type_condition()?;
                let directives = self.directives(false)?;
                let selection_set = self.selection_set()?;
                let fragment = FragmentDefinition { type_condition, directives, selection_set };
                definitions.fragments.push((name.node, Positioned::new(fragment, pos)));
                return Ok(());
            }
            _ => return Err(self.unexpected()),
        };
        self.at += 1;
        let name = match self.peek() {
            Token::Name(_) => Some(self.name()?.node),
            _ => None,
        };
        let variable_definitions = self.optional_many('(', ')', Self::variable_definition)?;
        let directives = self.directives(false)?;
        let selection_set = self.selection_set()?;
        let operation = OperationDefinition { ty, variable_definitions, directives, selection_set };
        definitions.operations.push((name, Positioned::new(operation, pos)));
        Ok(())
    }

    fn variable_definition(&mut self) -> Parsed<Positioned<VariableDefinition>> {
        self.description();
        let pos = self.pos();
        self.expect('$')?;
        let name = self.name()?;
        self.expect(':')?;
        let type_pos = self.pos();
        let var_type = Positioned::new(self.type_reference()?, type_pos);
        let default_value = if self.take('=') {
            let value = self.value(true)?;
            let pos = value.pos;
            value.node.into_const().map(|it| Positioned::new(it, pos))
        } else {
            None
        };
        let directives = self.directives(true)?;
        Ok(Positioned::new(VariableDefinition { name, var_type, directives, default_value }, pos))
    }

    fn type_reference(&mut self) -> Parsed<Type> {
        let base = if self.take('[') {
            let item = self.type_reference()?;
            self.expect(']')?;
            BaseType::List(Box::new(item))
        } else {
            BaseType::Named(self.name()?.node)
        };
        Ok(Type { base, nullable: !self.take('!') })
    }

    fn selection_set(&mut self) -> Parsed<Positioned<SelectionSet>> {
        let pos = self.pos();
        Ok(Positioned::new(SelectionSet { items: self.many('{', '}', Self::selection)? }, pos))
    }

    fn selection(&mut self) -> Parsed<Positioned<Selection>> {
        let pos = self.pos();
        let selection = if self.peek() != &Token::Spread {
            Selection::Field(Positioned::new(self.field()?, pos))
        } else {
            self.at += 1;
            let conditional = self.take_keyword("on");
            if !conditional && matches!(self.peek(), Token::Name(_)) {
                let fragment_name = self.fragment_name()?;
                let directives = self.directives(false)?;
                Selection::FragmentSpread(Positioned::new(
                    FragmentSpread { fragment_name, directives },
                    pos,
                ))
            } else {
                let type_condition = if conditional { Some(self.type_condition()?) } else { None };
                let directives = self.directives(false)?;
                let selection_set = self.selection_set()?;
                let fragment = InlineFragment { type_condition, directives, selection_set };
                Selection::InlineFragment(Positioned::new(fragment, pos))
            }
        };
        Ok(Positioned::new(selection, pos))
    }

    fn field(&mut self) -> Parsed<Field> {
        let first = self.name()?;
        let (alias, name) =
            if self.take(':') { (Some(first), self.name()?) } else { (None, first) };
        let arguments = self.arguments(false)?;
        let directives = self.directives(false)?;
        let selection_set =
            if self.is('{') { self.selection_set()? } else { Positioned::default() };
        Ok(Field { alias, name, arguments, directives, selection_set })
    }

    fn arguments(&mut self, constant: bool) -> Parsed<Vec<(Positioned<Name>, Positioned<Value>)>> {
        self.optional_many('(', ')', |this| {
            let name = this.name()?;
            this.expect(':')?;
            Ok((name, this.value(constant)?))
        })
    }

    fn directives(&mut self, constant: bool) -> Parsed<Vec<Positioned<Directive>>> {
        let mut directives = Vec::new();
        while self.is('@') {
            let pos = self.pos();
            self.at += 1;
            let name = self.name()?;
            let arguments = self.arguments(constant)?;
            directives.push(Positioned::new(Directive { name, arguments }, pos));
        }
        let (most, count) = (self.limits.directives_per_node as u64, directives.len() as u64);
        Refusal::over("directives on one node", "同一节点上的指令", count, most)?;
        Ok(directives)
    }

    fn value(&mut self, constant: bool) -> Parsed<Positioned<Value>> {
        let pos = self.pos();
        let value = match self.peek() {
            Token::Punctuator('[') => {
                self.at += 1;
                let mut items = Vec::new();
                while !self.take(']') {
                    items.push(self.value(constant)?.node);
                }
                Value::List(items)
            }
            Token::Punctuator('{') => {
                self.at += 1;
                let mut fields = IndexMap::new();
                while !self.take('}') {
                    let name = self.name()?;
                    self.expect(':')?;
                    let value = self.value(constant)?.node;
                    if fields.insert(name.node, value).is_some() {
                        return Err(Refusal::invalid(
                            "An input object names one field twice.",
                            "输入对象中有重复的字段。",
                            name.pos,
                        ));
                    }
                }
                Value::Object(fields)
            }
            Token::Punctuator('$') if !constant => {
                self.at += 1;
                Value::Variable(self.name()?.node)
            }
            Token::Int(text) | Token::Float(text) => {
                let number = number(text).ok_or_else(|| {
                    Refusal::invalid(
                        "A number is too large to be represented.",
                        "数字过大，无法表示。",
                        pos,
                    )
                })?;
                self.at += 1;
                Value::Number(number)
            }
            Token::Text(_) => {
                let token = std::mem::replace(&mut self.tokens[self.at].0, Token::End);
                self.at += 1;
                match token {
                    Token::Text(text) => Value::String(text),
                    _ => return Err(self.unexpected()),
                }
            }
            Token::Name(name) => {
                let value = match *name {
                    "true" => Value::Boolean(true),
                    "false" => Value::Boolean(false),
                    "null" => Value::Null,
                    name => Value::Enum(Name::new(name)),
                };
                self.at += 1;
                value
            }
            _ => return Err(self.unexpected()),
        };
        Ok(Positioned::new(value, pos))
    }

    fn type_condition(&mut self) -> Parsed<Positioned<TypeCondition>> {
        let pos = self.pos();
        Ok(Positioned::new(TypeCondition { on: self.name()? }, pos))
    }

    fn fragment_name(&mut self) -> Parsed<Positioned<Name>> {
        if self.peek() == &Token::Name("on") { Err(self.unexpected()) } else { self.name() }
    }

    fn name(&mut self) -> Parsed<Positioned<Name>> {
        let Token::Name(name) = *self.peek() else { return Err(self.unexpected()) };
        let name = Positioned::new(Name::new(name), self.pos());
        self.at += 1;
        Ok(name)
    }

    fn description(&mut self) {
        if matches!(self.peek(), Token::Text(_)) {
            self.descriptions.push(self.tokens[self.at].2.clone());
            self.at += 1;
        }
    }

    fn optional_many<T>(
        &mut self,
        open: char,
        close: char,
        item: impl FnMut(&mut Self) -> Parsed<T>,
    ) -> Parsed<Vec<T>> {
        if self.is(open) { self.many(open, close, item) } else { Ok(Vec::new()) }
    }

    fn many<T>(
        &mut self,
        open: char,
        close: char,
        mut item: impl FnMut(&mut Self) -> Parsed<T>,
    ) -> Parsed<Vec<T>> {
        self.expect(open)?;
        let mut items = vec![item(self)?];
        while !self.take(close) {
            items.push(item(self)?);
        }
        Ok(items)
    }

    fn expect(&mut self, punctuator: char) -> Parsed<()> {
        if self.take(punctuator) { Ok(()) } else { Err(self.unexpected()) }
    }

    fn take(&mut self, punctuator: char) -> bool {
        let found = self.is(punctuator);
        self.at += usize::from(found);
        found
    }

    fn take_keyword(&mut self, keyword: &str) -> bool {
        let found = self.peek() == &Token::Name(keyword);
        self.at += usize::from(found);
        found
    }

    fn is(&self, punctuator: char) -> bool {
        self.peek() == &Token::Punctuator(punctuator)
    }

    fn peek(&self) -> &Token<'a> {
        &self.tokens[self.at].0
    }

    fn pos(&self) -> Pos {
        self.tokens[self.at].1
    }

    fn unexpected(&self) -> Refusal {
        match self.peek() {
            Token::End => Refusal::syntax("The document ends too early", "文档不完整", self.pos()),
            _ => Refusal::syntax("Unexpected token", "意外的词法记号", self.pos()),
        }
    }
}

fn number(text: &str) -> Option<serde_json::Number> {
    let whole = text
        .parse::<i64>()
        .ok()
        .map(Into::into)
        .or_else(|| text.parse::<u64>().ok().map(Into::into));
    whole.or_else(|| serde_json::Number::from_f64(text.parse().ok()?))
}
