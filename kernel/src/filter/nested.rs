//! Conditions on other kinds of record.

use std::{borrow::Cow, fmt, sync::Arc};

use async_graphql::{
    InputObject, InputType, InputValueError, InputValueResult, TypeName, Value, registry::Registry,
};

/// A condition on the records at the other end of a list.
///
/// 对关联列表中记录的条件。
#[derive(Clone, Debug, InputObject)]
#[graphql(name_type)]
pub struct ListFilter<W: InputType + Clone + 'static> {
    /// At least one of them. 至少一个满足
    pub(super) some: Option<Nested<W>>,
    /// Not one of them. 没有一个满足
    pub(super) none: Option<Nested<W>>,
    /// Each of them; true when there are none. 全部满足
    pub(super) every: Option<Nested<W>>,
}

/// A condition on another kind of record.
///
/// Kinds refer to each other in circles, and so do their filters. Behind a function the compiler does
/// not follow them: to see that one can be sent to another thread it would go through all of them,
/// again for each place that asks.
pub struct Nested<W>(Arc<dyn Fn() -> W + Send + Sync>);

impl<W> Nested<W> {
    pub(super) fn get(&self) -> W {
        (self.0)()
    }
}

impl<W> Clone for Nested<W> {
    fn clone(&self) -> Nested<W> {
        Nested(self.0.clone())
    }
}

impl<W> fmt::Debug for Nested<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(std::any::type_name::<W>())
    }
}

impl<W: InputType + Clone + 'static> InputType for Nested<W> {
    type RawValueType = Nested<W>;

    fn type_name() -> Cow<'static, str> {
        W::type_name()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        W::create_type_info(registry)
    }

    fn parse(value: Option<Value>) -> InputValueResult<Nested<W>> {
        let filter = W::parse(value).map_err(InputValueError::propagate)?;
        Ok(Nested(Arc::new(move || filter.clone())))
    }

    fn to_value(&self) -> Value {
        self.get().to_value()
    }

    fn as_raw_value(&self) -> Option<&Nested<W>> {
        Some(self)
    }
}

impl<W: InputType + Clone + 'static> TypeName for ListFilter<W> {
    fn type_name() -> Cow<'static, str> {
        let name = W::type_name();
        format!("{}ListWhere", name.strip_suffix("Where").unwrap_or(&name)).into()
    }
}
