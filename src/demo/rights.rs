use chrono::{Datelike, NaiveDate, TimeDelta};
use entity::{
    deadline::{self, DeadlineRule},
    holiday::{self, HolidayKind},
    hotline_ticket::{
        self, HotlineTicketStatus as TicketStatus, TicketCategory, TicketChannel, TicketDifficulty,
        TicketSatisfaction,
    },
    legal_aid_grant::{self, LegalAidForm},
    union_legal_notice::{self, UnionLegalNoticeStatus as NoticeStatus},
    wage_arrears_case,
    wage_arrears_party::{self, ChainRole},
};
use uuid::Uuid;
use value::{DivisionCode, Fen, Term, TermUnit, WorkCalendar};

use super::{
    Plan,
    dice::{Dice, Stream},
    employer::Employers,
    ledger::{Ledger, record},
    place::{CITY, COUNTIES, division},
    union::Unions,
};

/// A case as it was entered, as far as what follows it needs to know.
pub struct Handled {
    pub case: Uuid,
    pub proceeding: Uuid,
    pub opened_on: NaiveDate,
    pub ended_on: Option<NaiveDate>,
    pub registered_on: NaiveDate,
    pub employer: Uuid,
    pub worker: Uuid,
    pub county: usize,
}

/// The calendar, and what the union does beside the cases: letters to employers, the hotline, legal aid,
/// chains of those who answer for wages.
pub fn make(
    plan: &Plan,
    employers: &Employers,
    unions: &Unions,
    handled: &[Handled],
    ledger: &mut Ledger<'_>,
) {
    let dice = &mut Dice::new(plan.seed, Stream::Rights);
    let calendar = holidays(plan, ledger);
    for (turn, it) in handled.iter().enumerate() {
        let place = division(COUNTIES[it.county].code);
        limit(it, &place, &calendar, ledger);
        match turn % 4 {
            0 => notice(it, &place, (plan, unions, &calendar), turn / 4, ledger),
            1 => ticket(it, &place, unions, turn / 4, dice, ledger),
            2 => aid(it, &place, plan, ledger),
            _ => arrears(it, &place, (plan, employers), dice, ledger),
        }
    }
}

/// The holidays with a fixed day, of each year that has demo data.
fn holidays(plan: &Plan, ledger: &mut Ledger<'_>) -> WorkCalendar {
    let mut calendar = WorkCalendar::default();
    for year in plan.year() - 2..=plan.year() + 1 {
        for (month, day, name) in [
            (1, 1, "元旦"),
            (5, 1, "劳动节"),
            (5, 2, "劳动节"),
            (10, 1, "国庆节"),
            (10, 2, "国庆节"),
            (10, 3, "国庆节"),
        ] {
            let day = NaiveDate::from_ymd_opt(year, month, day).unwrap_or_default();
            calendar.except(day, false);
            record!(
                ledger,
                division(CITY),
                holiday {
                    observed_on: day,
                    kind: HolidayKind::Holiday,
                    name: name.to_owned(),
                    calendar_version: format!("demo-{year}"),
                }
            );
        }
    }
    calendar
}

fn limit(it: &Handled, place: &DivisionCode, calendar: &WorkCalendar, ledger: &mut Ledger<'_>) {
    let term = Term::new(15, TermUnit::Day);
    let due_on = term.due(it.opened_on, calendar).unwrap_or(it.opened_on);
    record!(
        ledger,
        place.clone(),
        deadline {
            proceeding_id: it.proceeding,
            rule: DeadlineRule::Mediation,
            started_on: it.opened_on,
            length: term.length.cast_signed(),
            unit: term.unit,
            extended_by: 0,
            due_on,
            met_on: it.ended_on.map(|it| it.min(due_on)),
            calendar_version: Some(format!("demo-{}", it.opened_on.year())),
        }
    );
}

fn notice(
    it: &Handled,
    place: &DivisionCode,
    (plan, unions, calendar): (&Plan, &Unions, &WorkCalendar),
    turn: usize,
    ledger: &mut Ledger<'_>,
) {
    let states = [NoticeStatus::ReminderSent, NoticeStatus::OpinionSent, NoticeStatus::Closed];
    let status = states[turn % states.len()];
    let sent_on = it.registered_on;
    let after = |days| (sent_on + TimeDelta::days(days)).min(plan.yesterday());
    let opinion_on = (status == NoticeStatus::OpinionSent).then(|| after(10));
    record!(
        ledger,
        place.clone(),
        union_legal_notice {
            union_organization_id: unions.counties[it.county],
            employer_id: it.employer,
            case_id: Some(it.case),
            subject: "及时足额支付劳动报酬".to_owned(),
            sent_on,
            document_no: Some(format!("工督演〔{}〕{}号", sent_on.year(), turn + 1)),
            opinion_on,
            reply_due_on: opinion_on
                .and_then(|it| Term::new(15, TermUnit::Workday).due(it, calendar)),
            replied_on: (status == NoticeStatus::Closed).then(|| after(5)),
            outcome: (status == NoticeStatus::Closed).then(|| "用人单位已整改。".to_owned()),
            status,
        }
    );
}

fn ticket(
    it: &Handled,
    place: &DivisionCode,
    unions: &Unions,
    turn: usize,
    dice: &mut Dice,
    ledger: &mut Ledger<'_>,
) {
    let states = [TicketStatus::Closed, TicketStatus::Handling, TicketStatus::Dispatched];
    let status = states[turn % states.len()];
    let is_closed = status == TicketStatus::Closed;
    let received_on = it.registered_on;
    record!(
        ledger,
        place.clone(),
        hotline_ticket {
            worker_id: Some(it.worker),
            handler_id: Some(unions.counties[it.county]),
            case_id: Some(it.case),
            ticket_no: format!("R{}{:04}", received_on.year(), turn + 1),
            category: dice.weighted(&[
                (TicketCategory::Consultation, 5),
                (TicketCategory::Complaint, 3),
                (TicketCategory::Help, 2),
            ]),
            channel: TicketChannel::Hotline,
            topic: "劳动报酬支付".to_owned(),
            received_on,
            difficulty: Some(TicketDifficulty::Ordinary),
            due_on: Some(received_on + TimeDelta::days(15)),
            satisfaction: is_closed.then_some(TicketSatisfaction::Satisfied),
            closed_on: is_closed.then_some(received_on),
            status,
        }
    );
}

fn aid(it: &Handled, place: &DivisionCode, plan: &Plan, ledger: &mut Ledger<'_>) {
    let granted_on = (it.registered_on + TimeDelta::days(2)).min(plan.yesterday());
    let ended_on = it.ended_on.map(|it| it.max(granted_on));
    record!(
        ledger,
        place.clone(),
        legal_aid_grant {
            case_id: it.case,
            worker_id: it.worker,
            form: LegalAidForm::Mediation,
            granted_on,
            provider_name: format!("{}职工法律援助工作站", COUNTIES[it.county].name),
            ended_on,
            outcome: ended_on.map(|_| "协助职工达成调解协议。".to_owned()),
        }
    );
}

/// A project with its developer, general contractor and subcontractor: the last is the respondent.
fn arrears(
    it: &Handled,
    place: &DivisionCode,
    (plan, employers): (&Plan, &Employers),
    dice: &mut Dice,
    ledger: &mut Ledger<'_>,
) {
    let workers = dice.between(3, 40);
    let row = record!(
        ledger,
        place.clone(),
        wage_arrears_case {
            case_id: Some(it.case),
            project_name: Some(format!("{}演示工程", COUNTIES[it.county].name)),
            worker_count: workers as i32,
            owed_fen: Fen(workers * 1_200_000),
            found_on: it.registered_on,
            settled_on: it.ended_on.filter(|it| *it <= plan.yesterday()),
        }
    );
    let mut others = employers.units.iter().map(|unit| unit.id).filter(|id| *id != it.employer);
    for (ordinal, role) in
        (1..).zip([ChainRole::Developer, ChainRole::GeneralContractor, ChainRole::Subcontractor])
    {
        let other = if role == ChainRole::Subcontractor { None } else { others.next() };
        record!(
            ledger,
            place.clone(),
            wage_arrears_party {
                arrears_case_id: row.id,
                employer_id: other.unwrap_or(it.employer),
                role,
                ordinal,
            }
        );
    }
}
