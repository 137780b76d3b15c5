use async_graphql::{Enum, InputObject, SimpleObject};
use entity::state_transition::{Column, Entity};
use sea_orm::{ColumnTrait, Condition, DerivePartialModel};
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use value::{Date, DateTime, DivisionCode};

use crate::{
    Result,
    directive::{requires, to_read},
    filter::{Archived, Clauses, Filter, Ordering, TextFilter},
    kind::Kind,
    link::{Link, Linked},
    list::OrderField,
    resource::{Id, Resource},
    viewer::Viewer,
};

/// One step of a state machine that was taken: by whom is in the change log.
///
/// 状态机中已执行的一个步骤。
#[derive(Clone, SimpleObject, DerivePartialModel, Serialize, Deserialize)]
#[graphql(directive = requires::apply(to_read(Kind::StateTransition)))]
#[sea_orm(entity = "Entity")]
pub struct StateTransition {
    /// The id. 编号
    pub id: Id<StateTransition>,
    /// The state before. 原状态
    pub from_state: String,
    /// The step. 步骤
    pub step: String,
    /// The state after. 新状态
    pub to_state: String,
    /// The day it happened. 发生日期
    pub occurred_on: Date,
    /// The document it rests on. 依据文件
    pub basis: Option<String>,
    /// A remark. 备注
    pub note: Option<String>,
    /// When it was recorded. 记录时间
    pub created_at: DateTime,
    #[graphql(skip)]
    pub record_id: Uuid,
    #[graphql(skip)]
    pub division_code: DivisionCode,
}

/// Narrows a list of state transitions.
///
/// 状态变更记录的筛选条件。
#[derive(Clone, Debug, Default, InputObject)]
pub struct StateTransitionWhere {
    /// All of these. 全部满足
    and: Option<Vec<StateTransitionWhere>>,
    /// At least one of these. 至少满足一个
    or: Option<Vec<StateTransitionWhere>>,
    /// Not this. 不满足
    not: Option<Box<StateTransitionWhere>>,
    /// The step. 步骤
    step: Option<TextFilter>,
    /// The state after. 新状态
    to_state: Option<TextFilter>,
    /// The day it happened. 发生日期
    occurred_on: Option<Ordering<Date>>,
}

/// What a list of state transitions can be sorted by.
///
/// 状态变更记录的排序字段。
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum StateTransitionOrderField {
    /// When it was recorded. 记录时间
    CreatedAt,
    /// The day it happened. 发生日期
    OccurredOn,
}

impl Resource for StateTransition {
    const KIND: Kind = Kind::StateTransition;

    type Entity = Entity;

    fn id(&self) -> Uuid {
        self.id.uuid()
    }

    /// What became of a record is for those who may see records of its kind.
    fn shown_to(viewer: &Viewer) -> Condition {
        let hidden: Vec<&str> = viewer.hidden_kinds().map(Kind::name).collect();
        if hidden.is_empty() {
            return Condition::all();
        }
        Condition::all().add(Column::RecordKind.is_not_in(hidden))
    }
}

impl Linked for StateTransition {
    type Where = StateTransitionWhere;
    type Order = StateTransitionOrderField;

    fn link(_: &str) -> Option<Link> {
        None
    }
}

impl Filter for StateTransitionWhere {
    type Resource = StateTransition;

    fn archived(&self) -> Option<Archived> {
        None
    }

    fn apply<'a>(self, clauses: Clauses<'a>) -> Result<Clauses<'a>> {
        clauses
            .logic(self.and, self.or, self.not)?
            .on(Column::Step, self.step)?
            .on(Column::ToState, self.to_state)?
            .on(Column::OccurredOn, self.occurred_on)
    }
}

impl OrderField for StateTransitionOrderField {
    type Resource = StateTransition;

    fn column(self) -> Column {
        match self {
            StateTransitionOrderField::CreatedAt => Column::CreatedAt,
            StateTransitionOrderField::OccurredOn => Column::OccurredOn,
        }
    }
}
