use chrono::{NaiveDate, TimeDelta};
use entity::{
    dispute_case::DisputeCaseStatus as Status,
    dispute_proceeding::{ProceedingStage as Stage, ProceedingState as State},
};

use crate::demo::{Plan, dice::Dice, recovery::Draft};

/// The proceedings of a case, and where they have led by now.
pub struct Walk {
    pub legs: Vec<Leg>,
    pub status: Status,
    pub closed_on: Option<NaiveDate>,
}

/// One proceeding.
pub struct Leg {
    pub stage: Stage,
    pub state: State,
    pub opened_on: NaiveDate,
    pub accepted_on: Option<NaiveDate>,
    pub due_on: Option<NaiveDate>,
    pub ended_on: Option<NaiveDate>,
}

/// A stage, how it ends, and how many days it takes.
type Step = (Stage, State, i64, i64);

const SETTLED: Step = (Stage::Negotiation, State::Settled, 2, 5);
const NOT_SETTLED: Step = (Stage::Negotiation, State::Failed, 3, 5);
const PERFORMED: Step = (Stage::Mediation, State::Performed, 5, 15);
const NOT_AGREED: Step = (Stage::Mediation, State::Failed, 5, 14);
const LATE: Step = (Stage::Mediation, State::Timeout, 16, 16);
const MEDIATED: Step = (Stage::Arbitration, State::ArbitralMediation, 15, 45);
const FINAL: Step = (Stage::Arbitration, State::AwardFinal, 25, 48);
const NOT_FINAL: Step = (Stage::Arbitration, State::AwardNonFinal, 25, 48);
const WITHDRAWN: Step = (Stage::Arbitration, State::Withdrawn, 8, 30);
const JUDGED: Step = (Stage::CourtFirst, State::Judged, 40, 150);
const ENFORCED: Step = (Stage::Enforcement, State::Paid, 20, 80);
const INSPECTED: Step = (Stage::Inspection, State::Paid, 20, 75);

/// Ways that end with payment; none takes longer than two hundred days.
const PAID: [(&[Step], u32); 6] = [
    (&[PERFORMED], 38),
    (&[NOT_SETTLED, PERFORMED], 20),
    (&[SETTLED], 12),
    (&[NOT_AGREED, MEDIATED], 12),
    (&[INSPECTED], 10),
    (&[LATE, FINAL, ENFORCED], 8),
];

const ANY: [(&[Step], u32); 9] = [
    (&[PERFORMED], 30),
    (&[NOT_SETTLED, PERFORMED], 15),
    (&[SETTLED], 8),
    (&[NOT_AGREED, MEDIATED], 14),
    (&[NOT_AGREED, FINAL], 10),
    (&[LATE, FINAL, ENFORCED], 4),
    (&[NOT_AGREED, NOT_FINAL, JUDGED], 8),
    (&[NOT_AGREED, WITHDRAWN], 8),
    (&[INSPECTED], 3),
];

impl Walk {
    pub fn last(&self) -> &Leg {
        self.legs.last().expect("a case has a proceeding")
    }

    /// When the sum was agreed on, and when it was paid.
    pub fn payment(&self) -> (NaiveDate, NaiveDate) {
        let last = self.last();
        let ended = last.ended_on.unwrap_or(last.opened_on);
        let closed = self.closed_on.unwrap_or(ended);
        match last.state {
            // The agreement ends the proceeding, then comes the money.
            State::Settled | State::ArbitralMediation => (ended, closed),
            State::Paid if last.stage == Stage::Enforcement => (last.opened_on, ended),
            _ => (last.opened_on + (ended - last.opened_on) / 2, ended),
        }
    }
}

/// Goes one of the ways, as far as it leads by yesterday.
pub fn walk(draft: &Draft, plan: &Plan, dice: &mut Dice) -> Walk {
    let yesterday = plan.yesterday();
    let steps = dice.weighted(if draft.paid.is_empty() { &ANY[..] } else { &PAID[..] });
    let mut legs: Vec<Leg> = Vec::with_capacity(steps.len());
    let mut opened_on = draft.registered_on;
    for (stage, state, shortest, longest) in steps {
        let ended_on = opened_on + TimeDelta::days(dice.between(*shortest, *longest));
        if ended_on > yesterday {
            legs.push(open(*stage, opened_on, yesterday, dice));
            return Walk { status: status(*stage), legs, closed_on: None };
        }
        let accepted_on = accepted(*stage, opened_on, ended_on, dice);
        legs.push(Leg {
            stage: *stage,
            state: *state,
            opened_on,
            accepted_on,
            due_on: due(*stage, opened_on, accepted_on),
            ended_on: Some(ended_on),
        });
        opened_on = (ended_on + TimeDelta::days(dice.between(1, 8))).min(yesterday);
    }
    // Where the way ends the case is closed, some days later.
    let closed_on = Some(opened_on);
    Walk { legs, status: Status::Closed, closed_on }
}

/// A proceeding that is under way.
fn open(stage: Stage, opened_on: NaiveDate, yesterday: NaiveDate, dice: &mut Dice) -> Leg {
    let days = (yesterday - opened_on).num_days();
    let state = match (stage, days) {
        (Stage::Negotiation, _) => State::Negotiating,
        (Stage::Mediation, ..2) => State::Applied,
        (Stage::Mediation, 5..) if dice.happens(5_000) => State::Agreed,
        (Stage::Mediation, _) => State::Mediating,
        (Stage::Arbitration, ..6) => State::Applied,
        (Stage::Arbitration, ..16) => State::Served,
        (Stage::Arbitration, _) => State::Hearing,
        (Stage::CourtFirst | Stage::CourtSecond, ..16) => State::Filed,
        (Stage::CourtFirst | Stage::CourtSecond, _) => State::Trial,
        (Stage::Enforcement, ..6) => State::Applied,
        (Stage::Enforcement, _) => State::Enforcing,
        (Stage::Inspection, ..6) => State::Reported,
        (Stage::Inspection, _) => State::Investigating,
    };
    let accepted_on = match state {
        State::Applied | State::Reported => None,
        _ => accepted(stage, opened_on, yesterday, dice),
    };
    Leg {
        stage,
        state,
        opened_on,
        accepted_on,
        due_on: due(stage, opened_on, accepted_on),
        ended_on: None,
    }
}

fn accepted(
    stage: Stage,
    opened_on: NaiveDate,
    last: NaiveDate,
    dice: &mut Dice,
) -> Option<NaiveDate> {
    let longest = match stage {
        Stage::Negotiation => return None,
        Stage::Mediation => 3,
        Stage::CourtFirst | Stage::CourtSecond => 7,
        Stage::Arbitration | Stage::Enforcement | Stage::Inspection => 5,
    };
    Some((opened_on + TimeDelta::days(dice.between(1, longest))).min(last))
}

/// By the clocks of the law; workdays are counted as seven for five.
fn due(stage: Stage, opened_on: NaiveDate, accepted_on: Option<NaiveDate>) -> Option<NaiveDate> {
    let (from, days) = match stage {
        Stage::Negotiation => (Some(opened_on), 5),
        Stage::Mediation => (Some(opened_on), 15),
        Stage::Arbitration => (accepted_on, 45),
        Stage::CourtFirst => (accepted_on, 180),
        Stage::CourtSecond => (accepted_on, 90),
        Stage::Enforcement => (accepted_on, 180),
        Stage::Inspection => (accepted_on, 84),
    };
    from.map(|it| it + TimeDelta::days(days))
}

fn status(stage: Stage) -> Status {
    match stage {
        Stage::Negotiation => Status::InNegotiation,
        Stage::Mediation => Status::InMediation,
        Stage::Arbitration => Status::InArbitration,
        Stage::CourtFirst | Stage::CourtSecond => Status::InCourt,
        Stage::Enforcement => Status::InEnforcement,
        Stage::Inspection => Status::UnderInspection,
    }
}

pub fn body(stage: Stage, county: &str, employer: &str) -> String {
    match stage {
        Stage::Negotiation => format!("{employer}与职工双方"),
        Stage::Mediation => format!("{county}总工会劳动争议调解中心"),
        Stage::Arbitration => format!("{county}劳动人事争议仲裁委员会"),
        Stage::CourtFirst | Stage::Enforcement => format!("{county}基层人民法院"),
        Stage::CourtSecond => "中级人民法院".to_owned(),
        Stage::Inspection => format!("{county}劳动保障监察机构"),
    }
}

/// What the body calls the proceeding, once it has accepted it.
pub fn docket(leg: &Leg, year: i32, case_no: &str) -> Option<String> {
    let mark = match leg.stage {
        Stage::Negotiation => return None,
        Stage::Mediation => "调",
        Stage::Arbitration => "仲",
        Stage::CourtFirst => "民初",
        Stage::CourtSecond => "民终",
        Stage::Enforcement => "执",
        Stage::Inspection => "监",
    };
    let number = case_no.split('〕').nth(1)?;
    leg.accepted_on.map(|_| format!("演{mark}〔{year}〕{number}"))
}

pub fn outcome(state: State) -> Option<&'static str> {
    Some(match state {
        State::Settled => "双方达成和解",
        State::Failed => "未达成一致",
        State::Performed => "调解协议已履行",
        State::Timeout => "十五日内未达成调解协议",
        State::ArbitralMediation => "仲裁调解结案",
        State::AwardFinal => "终局裁决",
        State::AwardNonFinal => "非终局裁决",
        State::Withdrawn => "申请人撤回申请",
        State::Judged => "一审判决",
        State::Paid => "款项已全部支付",
        _ => return None,
    })
}
