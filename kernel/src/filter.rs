mod nested;

use std::{borrow::Cow, cell::Cell, fmt::Write};

use async_graphql::{
    Enum, ID, InputObject, InputType, MaybeUndefined, TypeName, Value as GraphQlValue,
};
use sea_orm::{
    ColumnTrait, Condition, QueryFilter, QuerySelect, QueryTrait, Value,
    sea_query::{Expr, ExprTrait, LikeExpr},
};
use value::{DivisionCode, Unchecked};

use crate::{
    Error, Result,
    kind::{Kind, decode_id},
    repository,
    resource::{Column, Resource, common, current},
    viewer::{Territory, Viewer},
};

pub use nested::{ListFilter, Nested};

/// A `where` may hold so many comparisons in all, nested ones included.
const MAX_COMPARISONS: usize = 100;

/// A list in a comparison may hold so many values.
const MAX_VALUES: usize = 500;

/// An input that narrows a list.
pub trait Filter: InputType + Clone + Default + 'static {
    type Resource: Resource;

    fn archived(&self) -> Option<Archived>;

    fn apply<'a>(self, clauses: Clauses<'a>) -> Result<Clauses<'a>>;
}

/// Whether archived records are in a list.
///
/// 列表是否包含已归档的记录。
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Enum)]
pub enum Archived {
    /// Only current records. 仅现行记录
    #[default]
    Exclude,
    /// Current and archived records. 全部记录
    Include,
    /// Only archived records. 仅已归档记录
    Only,
}

/// What a filter asks for.
#[derive(Clone)]
pub struct Narrowed {
    pub condition: Condition,
    /// The one division that all of it lies in, if the filter names one.
    pub division: Option<String>,
}

impl Narrowed {
    /// Who asks, for what meets the condition: it goes with that, and with nothing else.
    pub fn viewer<'v>(&self, viewer: &'v Viewer) -> Cow<'v, Viewer> {
        match &self.division {
            Some(division) => Cow::Owned(viewer.within(division)),
            None => Cow::Borrowed(viewer),
        }
    }
}

/// The condition of a filter.
pub fn condition<W: Filter>(viewer: &Viewer, filter: Option<W>) -> Result<Narrowed> {
    let left = Cell::new(MAX_COMPARISONS);
    narrowed(Clauses::new::<W::Resource>(viewer, &left), filter)
}

/// A filter as a client gives it.
pub fn as_given<W: Filter>(filter: Option<&W>) -> Result<Option<GraphQlValue>> {
    let value = filter.map(InputType::to_value);
    value.as_ref().map_or(Ok(()), storable)?;
    Ok(value)
}

/// A filter as a text, which is the same however a client writes it: most of what a filter could ask is not
/// asked, fields have no order, an enum comes as a word or as a string, one item as a list of one.
pub fn told(given: Option<&GraphQlValue>) -> String {
    let mut text = String::new();
    if let Some(given) = given.filter(|it| **it != GraphQlValue::Null) {
        tell(&mut text, given);
    }
    text
}

fn tell(text: &mut String, value: &GraphQlValue) {
    let mut word = |it: &str| {
        // With its length: whatever is in it, nothing else reads the same.
        write!(text, "{}:{it}", it.len()).expect("a string takes any text");
    };
    match value {
        GraphQlValue::Null | GraphQlValue::Binary(_) => word("null"),
        GraphQlValue::Boolean(it) => word(if *it { "true" } else { "false" }),
        GraphQlValue::Number(it) => word(&it.to_string()),
        GraphQlValue::String(it) => word(it),
        GraphQlValue::Enum(it) => word(it),
        GraphQlValue::List(items) if items.len() == 1 => tell(text, &items[0]),
        GraphQlValue::List(items) => {
            text.push('[');
            for it in items {
                tell(text, it);
            }
            text.push(']');
        }
        GraphQlValue::Object(fields) => {
            let asked = fields.iter().filter(|(_, it)| **it != GraphQlValue::Null);
            let mut asked: Vec<_> = asked.map(|(name, it)| (name.as_str(), it)).collect();
            asked.sort_unstable_by_key(|it| it.0);
            text.push('{');
            for (name, it) in asked {
                text.push_str(name);
                text.push(':');
                tell(text, it);
            }
            text.push('}');
        }
    }
}

fn narrowed<W: Filter>(clauses: Clauses<'_>, filter: Option<W>) -> Result<Narrowed> {
    let archived = filter.as_ref().and_then(Filter::archived).unwrap_or_default();
    let own = match archived {
        Archived::Exclude => current::<W::Resource>(),
        Archived::Include => Condition::all(),
        Archived::Only => current::<W::Resource>().not(),
    };
    let clauses = match filter {
        Some(filter) => filter.apply(clauses)?,
        None => clauses,
    };
    // Never into `own` itself: what is added to a negated condition is negated with it.
    let condition = Condition::all().add(own).add(clauses.condition);
    Ok(Narrowed { condition, division: clauses.division })
}

/// Refuses the one character that PostgreSQL has no place for: asked for it, it fails, where SQLite
/// finds nothing.
pub fn storable(value: &GraphQlValue) -> Result<()> {
    match value {
        GraphQlValue::String(text) if text.contains('\0') => Err(Error::bad_input(
            "A text may not hold the character U+0000.",
            "文本不能包含字符 U+0000。",
        )),
        GraphQlValue::List(items) => items.iter().try_for_each(storable),
        GraphQlValue::Object(fields) => fields.values().try_for_each(storable),
        _ => Ok(()),
    }
}

/// Conditions as they are gathered, all of which have to hold.
pub struct Clauses<'a> {
    viewer: &'a Viewer,
    /// What is narrowed.
    kind: Kind,
    left: &'a Cell<usize>,
    condition: Condition,
    /// The record's own division, where these clauses name one.
    division: Option<String>,
}

impl<'a> Clauses<'a> {
    fn new<R: Resource>(viewer: &'a Viewer, left: &'a Cell<usize>) -> Clauses<'a> {
        Clauses { viewer, kind: R::KIND, left, condition: Condition::all(), division: None }
    }

    fn fresh<R: Resource>(&self) -> Clauses<'a> {
        Clauses::new::<R>(self.viewer, self.left)
    }

    fn and(mut self, condition: impl Into<Condition>) -> Result<Clauses<'a>> {
        let left = self.left.get().checked_sub(1).ok_or_else(|| {
            Error::bad_input(
                format!("A filter may hold at most {MAX_COMPARISONS} comparisons."),
                format!("筛选条件最多 {MAX_COMPARISONS} 个。"),
            )
        })?;
        self.left.set(left);
        self.condition = self.condition.add(condition.into());
        Ok(self)
    }

    /// `and`, `or` and `not`. An empty `and` holds always, an empty `or` never.
    pub fn logic<W: Filter>(
        mut self,
        and: Option<Vec<W>>,
        or: Option<Vec<W>>,
        not: Option<Box<W>>,
    ) -> Result<Clauses<'a>> {
        for filter in and.into_iter().flatten() {
            let inner = filter.apply(self.fresh::<W::Resource>())?.condition;
            self = self.and(inner)?;
        }
        if let Some(or) = or {
            let mut any = Condition::any().add(Expr::val(false));
            for filter in or {
                any = any.add(
                    filter.apply(self.fresh::<W::Resource>())?.and(Expr::val(true))?.condition,
                );
            }
            self = self.and(any)?;
        }
        if let Some(not) = not {
            let inner = not.apply(self.fresh::<W::Resource>())?.condition;
            // A comparison with null is neither true nor false: `not` means «does not hold».
            self = self.and(Expr::expr(holds(inner)).not())?;
        }
        Ok(self)
    }

    pub fn on(
        mut self,
        column: impl ColumnTrait,
        comparison: Option<impl Comparison>,
    ) -> Result<Clauses<'a>> {
        match comparison {
            Some(comparison) => {
                self.viewer.require_field(self.kind, column.as_str(), |it| it.filter)?;
                if column.as_str() == "division_code" {
                    self.division = comparison.division().map(str::to_owned);
                }
                let condition = comparison.on(column)?;
                self.and(condition)
            }
            None => Ok(self),
        }
    }

    /// A related record, given the column that refers to it.
    pub fn to_one<W: Filter>(
        self,
        column: impl ColumnTrait,
        filter: Option<Nested<W>>,
    ) -> Result<Clauses<'a>> {
        let Some(filter) = filter else { return Ok(self) };
        self.viewer.require_field(self.kind, column.as_str(), |it| it.filter)?;
        let related = narrowed(self.fresh::<W::Resource>(), Some(filter.get()))?.condition;
        let ids = repository::select::<W::Resource>(self.viewer)
            .select_only()
            .column(common::<W::Resource>("id"))
            .filter(related)
            .into_query();
        self.and(column.in_subquery(ids))
    }

    /// Records that refer to this one, given the column they do it with.
    pub fn to_many<W: Filter>(
        mut self,
        id: impl ColumnTrait,
        column: Column<W::Resource>,
        filter: Option<ListFilter<W>>,
    ) -> Result<Clauses<'a>> {
        let Some(ListFilter { some, none, every }) = filter else { return Ok(self) };
        let viewer = self.viewer;
        let owners = |condition: Condition| {
            repository::select::<W::Resource>(viewer)
                .select_only()
                .column(column)
                .filter(Expr::col(column.as_column_ref()).is_not_null())
                .filter(condition)
                .into_query()
        };
        if let Some(some) = some {
            let condition = narrowed(self.fresh::<W::Resource>(), Some(some.get()))?.condition;
            self = self.and(id.in_subquery(owners(condition)))?;
        }
        if let Some(none) = none {
            let condition = narrowed(self.fresh::<W::Resource>(), Some(none.get()))?.condition;
            self = self.and(id.not_in_subquery(owners(condition)))?;
        }
        if let Some(every) = every {
            let inner = every.get().apply(self.fresh::<W::Resource>())?.condition;
            let failing = current::<W::Resource>().add(Expr::expr(holds(inner)).not());
            self = self.and(id.not_in_subquery(owners(failing)))?;
        }
        Ok(self)
    }
}

/// A condition as a value that is never null.
fn holds(condition: Condition) -> Expr {
    Expr::case(condition, Expr::val(true)).finally(Expr::val(false)).into()
}

/// One comparison of a column.
pub trait Comparison {
    fn on(self, column: impl ColumnTrait) -> Result<Condition>;

    /// The one division that it leaves, if it is a comparison of divisions.
    fn division(&self) -> Option<&str> {
        None
    }
}

/// Compares a value.
///
/// 值比较。
#[derive(Clone, Debug, InputObject)]
#[graphql(name_type)]
pub struct Equality<T: InputType> {
    /// Equal to. 等于
    eq: MaybeUndefined<T>,
    /// Not equal to; a missing value is not equal. 不等于
    neq: MaybeUndefined<T>,
    /// One of at most 500; an empty list matches nothing. 属于
    #[graphql(name = "in")]
    one_of: MaybeUndefined<Vec<T>>,
    /// None of at most 500; an empty list matches everything. 不属于
    not_in: MaybeUndefined<Vec<T>>,
    /// Missing or not. 是否为空
    is_null: MaybeUndefined<bool>,
}

/// Compares a value that has an order.
///
/// 有序值比较。
#[derive(Clone, Debug, InputObject)]
#[graphql(name_type)]
pub struct Ordering<T: InputType> {
    /// Equal to. 等于
    eq: MaybeUndefined<T>,
    /// Not equal to; a missing value is not equal. 不等于
    neq: MaybeUndefined<T>,
    /// One of at most 500; an empty list matches nothing. 属于
    #[graphql(name = "in")]
    one_of: MaybeUndefined<Vec<T>>,
    /// None of at most 500; an empty list matches everything. 不属于
    not_in: MaybeUndefined<Vec<T>>,
    /// Less than. 小于
    lt: MaybeUndefined<T>,
    /// Less than or equal to. 小于等于
    lte: MaybeUndefined<T>,
    /// Greater than. 大于
    gt: MaybeUndefined<T>,
    /// Greater than or equal to. 大于等于
    gte: MaybeUndefined<T>,
    /// From the first to the second, both included: exactly two values. 介于两值之间（含端点）
    between: MaybeUndefined<Vec<T>>,
    /// Missing or not. 是否为空
    is_null: MaybeUndefined<bool>,
}

/// Compares text of a short list, such as names of units.
///
/// 文本比较。
#[derive(Clone, Debug, Default, InputObject)]
pub struct TextFilter {
    /// Equal to. 等于
    eq: MaybeUndefined<String>,
    /// Not equal to; a missing value is not equal. 不等于
    neq: MaybeUndefined<String>,
    /// One of at most 500; an empty list matches nothing. 属于
    #[graphql(name = "in")]
    one_of: MaybeUndefined<Vec<String>>,
    /// None of at most 500; an empty list matches everything. 不属于
    not_in: MaybeUndefined<Vec<String>>,
    /// Has this somewhere; `%` and `_` are plain characters. 包含
    contains: MaybeUndefined<String>,
    /// Begins with this; `%` and `_` are plain characters. 开头为
    starts_with: MaybeUndefined<String>,
    /// Missing or not. 是否为空
    is_null: MaybeUndefined<bool>,
}

/// Compares text of a long list, such as names of persons: by its beginning at most.
///
/// 文本比较（仅支持前缀）。
#[derive(Clone, Debug, Default, InputObject)]
pub struct PrefixFilter {
    /// Equal to. 等于
    eq: MaybeUndefined<String>,
    /// One of at most 500; an empty list matches nothing. 属于
    #[graphql(name = "in")]
    one_of: MaybeUndefined<Vec<String>>,
    /// Begins with this; `%` and `_` are plain characters. 开头为
    starts_with: MaybeUndefined<String>,
}

/// Compares ids.
///
/// 编号比较。
#[derive(Clone, Debug, Default, InputObject)]
pub struct IdFilter {
    /// Equal to. 等于
    eq: MaybeUndefined<ID>,
    /// One of at most 500; an empty list matches nothing. 属于
    #[graphql(name = "in")]
    one_of: MaybeUndefined<Vec<ID>>,
}

/// Compares codes of administrative divisions.
///
/// 行政区划代码比较。
#[derive(Clone, Debug, Default, InputObject)]
pub struct DivisionFilter {
    /// Equal to. 等于
    eq: MaybeUndefined<Unchecked<DivisionCode>>,
    /// One of at most 500; an empty list matches nothing. 属于
    #[graphql(name = "in")]
    one_of: MaybeUndefined<Vec<Unchecked<DivisionCode>>>,
    /// The division or one below it: `130300` covers all codes from 130300 to 130399. 该区划及其下级
    within: MaybeUndefined<Unchecked<DivisionCode>>,
}

impl<T: InputType> TypeName for Equality<T> {
    fn type_name() -> Cow<'static, str> {
        format!("{}Filter", T::type_name()).into()
    }
}

impl<T: InputType> TypeName for Ordering<T> {
    fn type_name() -> Cow<'static, str> {
        format!("{}Filter", T::type_name()).into()
    }
}

/// An operand as it is asked for, or nothing. An explicit null is refused: in a comparison it would
/// mean anything between «all rows» and «none», and has emptied tables elsewhere.
fn given<T>(operand: MaybeUndefined<T>) -> Result<Option<T>> {
    match operand {
        MaybeUndefined::Undefined => Ok(None),
        MaybeUndefined::Value(value) => Ok(Some(value)),
        MaybeUndefined::Null => Err(Error::bad_input(
            "null cannot be compared; use isNull.",
            "不能与 null 比较，请使用 isNull。",
        )),
    }
}

fn values<T: Into<Value>>(list: Vec<T>) -> Result<Vec<Value>> {
    within_bounds(&list)?;
    Ok(list.into_iter().map(Into::into).collect())
}

fn within_bounds<T>(list: &[T]) -> Result<()> {
    if list.len() <= MAX_VALUES {
        return Ok(());
    }
    Err(Error::bad_input(
        format!("A list in a comparison may hold at most {MAX_VALUES} values."),
        format!("比较列表最多 {MAX_VALUES} 个值。"),
    ))
}

/// What all comparisons share.
struct Compare<C> {
    column: C,
    condition: Condition,
}

impl<C: ColumnTrait> Compare<C> {
    fn new(column: C) -> Compare<C> {
        Compare { column, condition: Condition::all() }
    }

    fn with<T>(
        mut self,
        operand: MaybeUndefined<T>,
        compare: impl FnOnce(&C, T) -> Result<Expr>,
    ) -> Result<Compare<C>> {
        if let Some(operand) = given(operand)? {
            self.condition = self.condition.add(compare(&self.column, operand)?);
        }
        Ok(self)
    }

    fn equality<T: Into<Value>>(
        self,
        eq: MaybeUndefined<T>,
        neq: MaybeUndefined<T>,
        one_of: MaybeUndefined<Vec<T>>,
        not_in: MaybeUndefined<Vec<T>>,
    ) -> Result<Compare<C>> {
        self.with(eq, |column, it| Ok(column.eq(it.into())))?
            .with(neq, |column, it| Ok(column.ne(it.into()).or(column.is_null())))?
            .with(one_of, |column, it| Ok(column.is_in(values(it)?)))?
            .with(not_in, |column, it| Ok(column.is_not_in(values(it)?).or(column.is_null())))
    }

    fn nullity(self, is_null: MaybeUndefined<bool>) -> Result<Compare<C>> {
        self.with(is_null, |column, it| {
            Ok(if it { column.is_null() } else { column.is_not_null() })
        })
    }
}

impl<T: InputType + Into<Value>> Comparison for Equality<T> {
    fn on(self, column: impl ColumnTrait) -> Result<Condition> {
        let compare = Compare::new(column).equality(self.eq, self.neq, self.one_of, self.not_in)?;
        Ok(compare.nullity(self.is_null)?.condition)
    }
}

impl<T: InputType + Into<Value>> Comparison for Ordering<T> {
    fn on(self, column: impl ColumnTrait) -> Result<Condition> {
        let compare = Compare::new(column)
            .equality(self.eq, self.neq, self.one_of, self.not_in)?
            .with(self.lt, |column, it| Ok(column.lt(it.into())))?
            .with(self.lte, |column, it| Ok(column.lte(it.into())))?
            .with(self.gt, |column, it| Ok(column.gt(it.into())))?
            .with(self.gte, |column, it| Ok(column.gte(it.into())))?
            .with(self.between, |column, it| match <[T; 2]>::try_from(it) {
                Ok([first, last]) => Ok(column.between(first.into(), last.into())),
                Err(_) => Err(Error::bad_input(
                    "between takes exactly two values.",
                    "between 需要恰好两个值。",
                )),
            })?;
        Ok(compare.nullity(self.is_null)?.condition)
    }
}

impl Comparison for TextFilter {
    fn on(self, column: impl ColumnTrait) -> Result<Condition> {
        let compare = Compare::new(column)
            .equality(self.eq, self.neq, self.one_of, self.not_in)?
            .with(self.contains, |column, it| Ok(like(column, "%", &it, "%")))?
            .with(self.starts_with, |column, it| Ok(like(column, "", &it, "%")))?;
        Ok(compare.nullity(self.is_null)?.condition)
    }
}

impl Comparison for PrefixFilter {
    fn on(self, column: impl ColumnTrait) -> Result<Condition> {
        let compare = Compare::new(column)
            .with(self.eq, |column, it| Ok(column.eq(it)))?
            .with(self.one_of, |column, it| Ok(column.is_in(values(it)?)))?
            .with(self.starts_with, |column, it| Ok(like(column, "", &it, "%")))?;
        Ok(compare.condition)
    }
}

impl Comparison for IdFilter {
    fn on(self, column: impl ColumnTrait) -> Result<Condition> {
        // An id of another kind is of no row of this one. A kind and its table have one name.
        let table = column.entity_name();
        let uuid = |id: &ID| {
            decode_id(id).filter(|(kind, _)| kind.prefix() == table.inner()).map(|(_, id)| id)
        };
        let compare = Compare::new(column)
            .with(self.eq, |column, it| {
                Ok(uuid(&it).map_or_else(|| Expr::val(false), |it| column.eq(it)))
            })?
            .with(self.one_of, |column, it| {
                within_bounds(&it)?;
                Ok(column.is_in(it.iter().filter_map(uuid)))
            })?;
        Ok(compare.condition)
    }
}

impl Comparison for DivisionFilter {
    fn division(&self) -> Option<&str> {
        Some(self.eq.value()?.expose())
    }

    fn on(self, column: impl ColumnTrait) -> Result<Condition> {
        let compare = Compare::new(column)
            .with(self.eq, |column, it| Ok(column.eq(it.expose())))?
            .with(self.one_of, |column, it| {
                Ok(column.is_in(values(it.iter().map(Unchecked::expose).collect())?))
            })?;
        let within = given(self.within)?;
        let mut condition = compare.condition;
        if let Some(within) = within {
            let rules = value::Rules { today: chrono::NaiveDate::MAX, synthetic: true };
            let code = within
                .check(&rules)
                .map_err(|defect| Error::bad_input(defect.message, defect.message_zh))?;
            condition = condition.add(Territory::of(&code.value, []).holds(compare.column));
        }
        Ok(condition)
    }
}

/// `LIKE`, with what the caller wrote taken as plain text.
fn like(column: &impl ColumnTrait, before: &str, text: &str, after: &str) -> Expr {
    let mut pattern = String::with_capacity(text.len() + 2);
    pattern.push_str(before);
    for it in text.chars() {
        if matches!(it, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(it);
    }
    pattern.push_str(after);
    column.like(LikeExpr::new(pattern).escape('\\'))
}
