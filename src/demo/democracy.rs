use chrono::{NaiveDate, TimeDelta};
use entity::{
    congress_delegate::{self, DelegateCategory},
    congress_session,
    disclosure_item::{self, DisclosureCategory, DisclosureChannel},
    employee_director::{self, CompanyBoard},
    proposal::{self, ProposalStatus as Status},
    representation_quota::{self, AssemblyKind},
    union_officer::{self, UnionPost},
    workers_congress::{self, CongressForm},
};
use uuid::Uuid;

use super::{
    Plan,
    dice::{Dice, Stream},
    employer::{Employers, Unit},
    ledger::{Ledger, record},
    place::{CITY, CITY_NAME, COUNTIES, division},
    union::Unions,
    worker::People,
};

/// Enterprises whose congress is on record, each large enough for one.
const CONGRESSES: usize = 20;
const FEWEST: u32 = 100;
/// From so many workers on a company has a director whom they elect (Company Law, art. 68).
const WITH_DIRECTOR: u32 = 300;
/// A congress has at least so many delegates, and one for each twenty workers.
const FEWEST_DELEGATES: u32 = 30;

/// Workers' congresses of some enterprises with what came before them, and the officers of their unions.
pub fn make(
    plan: &Plan,
    employers: &Employers,
    people: &People,
    unions: &Unions,
    ledger: &mut Ledger<'_>,
) {
    let mut dice = Dice::new(plan.seed, Stream::Democracy);
    let mut places: Vec<usize> = (0..employers.units.len())
        .filter(|it| employers.units[*it].is_enterprise() && employers.units[*it].heads >= FEWEST)
        .collect();
    dice.shuffle(&mut places);
    places.truncate(CONGRESSES);
    for (turn, place) in places.into_iter().enumerate() {
        let unit = &employers.units[place];
        let started_on = plan.days_ago(dice.between(400, 1_000));
        let mut house = House { plan, unit, people, started_on, dice: &mut dice, ledger };
        house.congress(turn);
        house.disclose();
        // Others may have one too.
        if unit.heads >= WITH_DIRECTOR || turn == 0 {
            house.director();
        }
        house.officers(unions.of(place).id);
    }
    quotas(unions, ledger);
}

/// An employer, and when the term of its congress began.
struct House<'a, 'b> {
    plan: &'a Plan,
    unit: &'a Unit,
    people: &'a People,
    started_on: NaiveDate,
    dice: &'a mut Dice,
    ledger: &'a mut Ledger<'b>,
}

impl House<'_, '_> {
    fn worker(&self, place: u32) -> Uuid {
        self.people.all[(self.unit.first + place) as usize].id
    }

    fn congress(&mut self, turn: usize) {
        let delegates_total = (self.unit.heads / 20).max(FEWEST_DELEGATES) as i32;
        let congress = record!(
            self.ledger,
            division(COUNTIES[self.unit.county].code),
            workers_congress {
                employer_id: self.unit.id,
                form: CongressForm::Delegates,
                term_number: self.dice.between(2, 9) as i32,
                delegates_total,
                started_on: self.started_on,
                ended_on: None,
            }
        );
        for (ordinal, resolution) in [(1, "工资专项集体合同草案"), (2, "职工奖惩办法修订案")]
        {
            let present = delegates_total - self.dice.between(0, 6) as i32;
            record!(
                self.ledger,
                congress.division_code.clone(),
                congress_session {
                    congress_id: congress.id,
                    ordinal,
                    held_on: self.started_on + TimeDelta::days(i64::from(ordinal - 1) * 200 + 5),
                    delegates_total,
                    delegates_present: present,
                    agenda: Some("听取工作报告；审议并表决。".to_owned()),
                    resolution: Some(resolution.to_owned()),
                    votes_for: Some(present - self.dice.between(0, 3) as i32),
                }
            );
        }
        for place in 0..10 {
            let category = match place {
                0..6 => DelegateCategory::Frontline,
                6 | 7 => DelegateCategory::Technical,
                8 => DelegateCategory::Manager,
                _ => DelegateCategory::Other,
            };
            let worker_id = self.worker(place);
            record!(
                self.ledger,
                congress.division_code.clone(),
                congress_delegate {
                    congress_id: congress.id,
                    worker_id,
                    category,
                    started_on: self.started_on,
                    ended_on: None,
                }
            );
        }
        let (topic, content) = PROPOSALS[turn % PROPOSALS.len()];
        let states = [Status::Submitted, Status::Assigned, Status::Answered, Status::Closed];
        self.proposal(&congress, (topic, content), states[turn % states.len()]);
    }

    fn proposal(
        &mut self,
        congress: &workers_congress::Model,
        (topic, content): (&str, &str),
        status: Status,
    ) {
        let submitted_on = self.started_on + TimeDelta::days(10);
        let is_assigned = status != Status::Submitted;
        let is_answered = matches!(status, Status::Answered | Status::Closed);
        let worker_id = self.worker(0);
        record!(
            self.ledger,
            congress.division_code.clone(),
            proposal {
                congress_id: congress.id,
                worker_id,
                merged_into_id: None,
                topic: topic.to_owned(),
                content: content.to_owned(),
                submitted_on,
                assignee_name: is_assigned.then(|| "综合管理部".to_owned()),
                reply_due_on: is_assigned.then(|| submitted_on + TimeDelta::days(60)),
                reply: is_answered.then(|| "已采纳并落实。".to_owned()),
                replied_on: is_answered
                    .then(|| submitted_on + TimeDelta::days(self.dice.between(10, 50))),
                is_satisfied: (status == Status::Closed).then_some(true),
                status,
            }
        );
    }

    fn disclose(&mut self) {
        for (title, category, channel) in [
            (
                "年度职工福利费使用情况",
                DisclosureCategory::WorkerInterest,
                DisclosureChannel::NoticeBoard,
            ),
            (
                "年度经营目标完成情况",
                DisclosureCategory::BusinessDecision,
                DisclosureChannel::WorkersCongress,
            ),
        ] {
            record!(
                self.ledger,
                division(COUNTIES[self.unit.county].code),
                disclosure_item {
                    employer_id: self.unit.id,
                    title: title.to_owned(),
                    category,
                    channel,
                    disclosed_on: self.dice.day(self.started_on, self.plan.yesterday()),
                }
            );
        }
    }

    fn director(&mut self) {
        let worker_id = self.worker(1);
        record!(
            self.ledger,
            division(COUNTIES[self.unit.county].code),
            employee_director {
                employer_id: self.unit.id,
                worker_id,
                board: CompanyBoard::Directors,
                started_on: self.started_on,
                ended_on: None,
            }
        );
    }

    fn officers(&mut self, union: Uuid) {
        for (place, post) in
            [(2, UnionPost::Chair), (3, UnionPost::FundsAuditor), (4, UnionPost::WomenCommittee)]
        {
            let worker_id = self.worker(place);
            record!(
                self.ledger,
                division(COUNTIES[self.unit.county].code),
                union_officer {
                    union_organization_id: union,
                    worker_id,
                    post,
                    // From 200 workers on a union may have a chair full-time (Trade Union Law, art. 14).
                    is_full_time: post == UnionPost::Chair && self.unit.heads >= 200,
                    started_on: self.started_on,
                    ended_on: None,
                }
            );
        }
    }
}

/// The shares of industrial workers among the delegates of the city's assemblies.
fn quotas(unions: &Unions, ledger: &mut Ledger<'_>) {
    for (assembly, title, union_organization_id, delegates_total, industrial_worker_delegates) in [
        (AssemblyKind::PartyCongress, "党代表大会", None, 400, 48),
        (AssemblyKind::UnionCongress, "工会代表大会", Some(unions.city), 300, 96),
    ] {
        record!(
            ledger,
            division(CITY),
            representation_quota {
                employer_id: None,
                union_organization_id,
                assembly,
                title: format!("{CITY_NAME}{title}"),
                term_number: 13,
                delegates_total,
                industrial_worker_delegates,
            }
        );
    }
}

const PROPOSALS: [(&str, &str); 3] = [
    ("改善夜班就餐条件", "建议食堂夜间增加热餐供应。"),
    ("完善技能津贴标准", "建议按技能等级调整每月津贴。"),
    ("增加车间降温设施", "建议夏季前完成车间通风改造。"),
];
