//! State machines: a state changes only through a step that the machine has, and every step taken
//! is kept with its date and its basis.

use async_graphql::{
    InputObject, Value,
    resolver_utils::{EnumType, enum_value},
};
use chrono::NaiveDate;
use entity::state_transition;
use sea_orm::ActiveValue::Set;
use value::{Date, text};

use crate::{
    Error, Result,
    error::{UserErrorCode, Violation},
    link::Link,
    resource::{Draft, Resource, Row, blank},
    state_transition::StateTransition,
    unit_of_work::{UnitOfWork, division_of, id_of},
};

/// An edge: from a state, by a step, to a state.
pub type Edge<M> = (<M as Machine>::State, <M as Machine>::Step, <M as Machine>::State);

/// A resource with states. The implementor answers; [`UnitOfWork::step`] acts.
pub trait Machine: Resource {
    type State: EnumType + Copy + PartialEq + Send + Sync + 'static;
    type Step: EnumType + Copy + PartialEq + Send + Sync + 'static;

    /// The edges of the machine this row runs in.
    fn edges(row: &Row<Self>) -> &'static [Edge<Self>];

    fn state(row: &Row<Self>) -> Self::State;

    fn set_state(draft: &mut Draft<Self>, state: Self::State);

    /// What else changes with a step taken on a day. The new state is in the draft.
    fn on_step(_row: &Row<Self>, _step: Self::Step, _day: NaiveDate, _draft: &mut Draft<Self>) {}
}

/// The steps that are open to a row.
pub fn open_steps<M: Machine>(row: &Row<M>) -> Vec<M::Step> {
    steps_from::<M>(M::edges(row), M::state(row))
}

/// The steps that some edges have from a state.
pub fn steps_from<M: Machine>(edges: &[Edge<M>], state: M::State) -> Vec<M::Step> {
    edges.iter().filter(|(from, ..)| *from == state).map(|(_, step, _)| *step).collect()
}

/// The steps that are open to a record, for the planner.
pub fn link<R: Resource, S: EnumType>(open: fn(&R) -> Vec<S>) -> Link {
    Link::computed(move |it: &R| Value::List(open(it).into_iter().map(enum_value).collect()))
}

/// When and on what basis a step was taken.
#[derive(Clone, Debug, Default, InputObject)]
pub struct StepDetails {
    /// The day it happened; today unless told otherwise, and not in the future. 发生日期
    pub occurred_on: Option<Date>,
    /// The document it rests on, such as its number: at most 200 characters. 依据文件
    pub basis: Option<String>,
    /// A remark of at most 500 characters. 备注
    pub note: Option<String>,
}

impl UnitOfWork<'_> {
    /// Takes a step. `also` sets what the caller told with it.
    pub async fn step<M: Machine>(
        &mut self,
        row: Row<M>,
        step: M::Step,
        details: StepDetails,
        also: impl FnOnce(&mut Draft<M>),
    ) -> Result<M> {
        let from = M::state(&row);
        let edge = M::edges(&row).iter().find(|it| it.0 == from && it.1 == step);
        let Some((_, _, to)) = edge else {
            return Err(refused::<M>(&row, step).into());
        };
        let today = self.rules().today;
        let day = details.occurred_on.map_or(today, |it| it.0);
        if day > today {
            return Err(Violation::inconsistent(
                "occurredOn",
                "A step cannot have happened in the future.",
                "步骤发生日期不能晚于今天。",
            )
            .into());
        }
        let basis = short_text("basis", details.basis, 200)?;
        let note = short_text("note", details.note, 500)?;
        let mut draft = blank::<M>();
        M::set_state(&mut draft, *to);
        M::on_step(&row, step, day, &mut draft);
        also(&mut draft);
        self.create::<StateTransition>(state_transition::ActiveModel {
            division_code: Set(division_of::<M>(&row)),
            record_kind: Set(M::KIND.name().to_owned()),
            record_id: Set(id_of::<M>(&row)),
            from_state: Set(name(from)),
            step: Set(name(step)),
            to_state: Set(name(*to)),
            occurred_on: Set(day),
            basis: Set(basis),
            note: Set(note),
            ..Default::default()
        })
        .await?;
        // A step that leads where it came from is a change all the same.
        self.touch::<M>(row, draft).await.map_err(as_told)
    }
}

/// The input of a step names the record and the day, not the columns that they set.
fn as_told(mut error: Error) -> Error {
    if let Error::Invalid(violations) = &mut error {
        for it in violations {
            let is_of_day = it.rule.as_deref() == Some("PERIOD-01");
            it.path = vec![if is_of_day { "occurredOn" } else { "id" }.to_owned()];
        }
    }
    error
}

fn short_text(path: &str, input: Option<String>, max: usize) -> Result<Option<String>> {
    let Some(input) = input.filter(|it| !it.is_empty()) else { return Ok(None) };
    Ok(Some(text::line(&input, max).map_err(|it| Violation::defect(path, it))?))
}

fn refused<M: Machine>(row: &Row<M>, step: M::Step) -> Violation {
    let open: Vec<String> = open_steps::<M>(row).into_iter().map(name).collect();
    let (state, step) = (name(M::state(row)), name(step));
    let list = if open.is_empty() { "none".to_owned() } else { open.join(", ") };
    let list_zh = if open.is_empty() { "无".to_owned() } else { open.join("、") };
    let mut violation = Violation::new(
        UserErrorCode::InvalidTransition,
        "id",
        format!("There is no step {step} from {state}; open steps: {list}."),
        format!("状态 {state} 不能执行 {step}；当前可执行：{list_zh}。"),
    );
    violation.open_steps = Some(open);
    violation
}

fn name<E: EnumType>(value: E) -> String {
    async_graphql::resolver_utils::enum_value(value).to_string().trim_matches('"').to_owned()
}
