use chrono::{Datelike, TimeDelta};
use entity::{
    dispute_case::{
        CaseSensitivity, DisputeCategory as Category, DisputeChannel, DisputeGround, Model,
    },
    dispute_claim::{self, ClaimDecision},
    dispute_party::{self, PartyRole},
    dispute_proceeding::{self, ProceedingStage, ProceedingState},
    wage_recovery::{self, RecoveryMethod, WageRecoveryStatus},
};
use sea_orm::DbErr;
use uuid::Uuid;
use value::Fen;

use self::{
    route::{Leg, Walk},
    subject::{FURTHER, RECOVERED, SIDE_CLAIMS, is_pay},
};
use super::{
    Plan,
    dice::{Dice, Stream},
    employer::{Employers, Unit},
    ledger::Ledger,
    place::{COUNTIES, division},
    recovery::{self, Draft},
    rights::Handled,
    union::Unions,
    worker::{People, Person},
};

mod route;
mod subject;

/// So many cases have something more to tell of.
const HANDLED: usize = 60;

/// The cases, numbered by year as they were registered.
pub async fn make(
    plan: &Plan,
    employers: &Employers,
    people: &People,
    unions: &Unions,
    ledger: &mut Ledger<'_>,
) -> Result<Vec<Handled>, DbErr> {
    let mut registry = Registry {
        plan,
        unions,
        dice: Dice::new(plan.seed, Stream::Dispute),
        year: 0,
        number: 0,
        handled: Vec::new(),
        ledger,
    };
    for draft in recovery::drafts(plan, employers) {
        let persons = draft.first as usize..(draft.first + draft.workers) as usize;
        registry.enter(&draft, &employers.units[draft.unit], &people.all[persons]);
        registry.ledger.pass_on().await?;
    }
    Ok(registry.handled)
}

struct Registry<'a, 'b> {
    plan: &'a Plan,
    unions: &'a Unions,
    dice: Dice,
    year: i32,
    number: u32,
    /// The first of the cases.
    handled: Vec<Handled>,
    ledger: &'a mut Ledger<'b>,
}

impl Registry<'_, '_> {
    fn enter(&mut self, draft: &Draft, unit: &Unit, persons: &[Person]) {
        let is_paid = !draft.paid.is_empty();
        let walk = route::walk(draft, self.plan, &mut self.dice);
        let (category, ground, label) =
            self.dice.weighted(if is_paid { &RECOVERED } else { &FURTHER });
        let case = self.case(draft, unit, &walk, (category, ground, label));
        self.parties(&case, unit, persons);
        let sums = if is_paid {
            self.paid(&case, draft, unit, persons, &walk)
        } else {
            self.unpaid(&case, unit, persons, &walk)
        };
        self.claims(&case, persons, &walk, sums);
        let proceedings: Vec<Uuid> =
            walk.legs.iter().map(|leg| self.proceeding(&case, unit, leg)).collect();
        if self.handled.len() < HANDLED {
            let first =
                walk.legs.iter().zip(proceedings).zip(persons).map(|((leg, id), person)| Handled {
                    case: case.id,
                    proceeding: id,
                    opened_on: leg.opened_on,
                    ended_on: leg.ended_on,
                    registered_on: case.registered_on,
                    employer: unit.id,
                    worker: person.id,
                    county: unit.county,
                });
            self.handled.extend(first.take(1));
        }
    }

    fn case(
        &mut self,
        draft: &Draft,
        unit: &Unit,
        walk: &Walk,
        (category, ground, label): (Category, DisputeGround, &str),
    ) -> Model {
        let year = draft.registered_on.year();
        self.number = if year == self.year { self.number + 1 } else { 1 };
        self.year = year;
        let is_collective = draft.workers >= 10;
        let dice = &mut self.dice;
        let occurred_on = draft.registered_on - TimeDelta::days(dice.between(20, 300));
        let handler =
            if draft.workers >= 30 { self.unions.city } else { self.unions.counties[unit.county] };
        let stamp = self.ledger.stamp();
        let row = Model {
            id: stamp.id,
            division_code: division(COUNTIES[unit.county].code),
            version: 1,
            created_at: stamp.at,
            updated_at: stamp.at,
            archived_at: None,
            case_no: format!("秦工维〔{year}〕{:04}号", self.number),
            title: format!("{}{label}{}争议", unit.name, if is_collective { "集体" } else { "" }),
            ground,
            category,
            is_collective,
            worker_count: draft.workers as i32,
            occurred_on: Some(occurred_on),
            known_on: Some(dice.day(occurred_on, draft.registered_on - TimeDelta::days(3))),
            registered_on: draft.registered_on,
            closed_on: walk.closed_on,
            channel: dice.weighted(&[
                (DisputeChannel::WalkIn, 34),
                (DisputeChannel::Hotline12351, 26),
                (DisputeChannel::Hotline12345, 12),
                (DisputeChannel::App, 14),
                (DisputeChannel::Referral, 10),
                (DisputeChannel::Inspection, 4),
            ]),
            handler_id: Some(handler),
            sensitivity: if draft.workers >= 30 || dice.happens(200) {
                CaseSensitivity::Sensitive
            } else {
                CaseSensitivity::Normal
            },
            summary: Some(format!("{}名职工反映{label}问题，由工会协调处理。", draft.workers)),
            status: walk.status,
        };
        self.ledger.add(&row);
        self.ledger.name(&row, "demo-dispute", &row.case_no);
        row
    }

    /// The workers, of whom three speak for many; their employer; at times an agent of the union.
    fn parties(&mut self, case: &Model, unit: &Unit, persons: &[Person]) {
        for (place, person) in persons.iter().enumerate() {
            let role = if case.is_collective && place < 3 {
                PartyRole::Representative
            } else {
                PartyRole::Applicant
            };
            self.party(case, role, |it| it.worker_id = Some(person.id));
        }
        self.party(case, PartyRole::Respondent, |it| it.employer_id = Some(unit.id));
        if self.dice.happens(3_000) {
            let name = format!("{}职工法律援助工作站", COUNTIES[unit.county].name);
            self.party(case, PartyRole::Agent, |it| it.name = Some(name));
        }
    }

    fn party(
        &mut self,
        case: &Model,
        role: PartyRole,
        who: impl FnOnce(&mut dispute_party::Model),
    ) {
        let stamp = self.ledger.stamp();
        let mut row = dispute_party::Model {
            id: stamp.id,
            division_code: case.division_code.clone(),
            version: 1,
            created_at: stamp.at,
            updated_at: stamp.at,
            archived_at: None,
            case_id: case.id,
            role,
            worker_id: None,
            employer_id: None,
            name: None,
        };
        who(&mut row);
        self.ledger.add(&row);
    }

    /// What each worker was paid; the sums of what was claimed and paid.
    fn paid(
        &mut self,
        case: &Model,
        draft: &Draft,
        unit: &Unit,
        persons: &[Person],
        walk: &Walk,
    ) -> Sums {
        let (agreed_on, paid_on) = walk.payment();
        let mut claimed_sum = 0;
        for (person, paid) in persons.iter().zip(&draft.paid) {
            let claimed = if self.dice.happens(6_000) {
                *paid
            } else {
                paid + paid * self.dice.between(1, 30) / 100
            };
            claimed_sum += claimed;
            let method = match walk.last().stage {
                ProceedingStage::Enforcement => RecoveryMethod::Enforcement,
                ProceedingStage::Inspection => self.dice.weighted(&[
                    (RecoveryMethod::AccountDeduction, 7),
                    (RecoveryMethod::EmergencyFund, 3),
                ]),
                _ => self.dice.weighted(&[(RecoveryMethod::Bank, 9), (RecoveryMethod::Cash, 1)]),
            };
            let mut row = self.recovery(case, unit, person, claimed);
            row.agreed_fen = Some(Fen(*paid));
            row.agreed_on = Some(agreed_on);
            row.paid_fen = Fen(*paid);
            row.paid_on = Some(paid_on);
            row.method = Some(method);
            row.status = WageRecoveryStatus::Paid;
            self.ledger.add(&row);
        }
        Sums { claimed: claimed_sum, paid: Some(draft.paid.iter().sum()) }
    }

    /// What each worker claims, where it is pay and not settled yet; the sum.
    fn unpaid(&mut self, case: &Model, unit: &Unit, persons: &[Person], walk: &Walk) -> Sums {
        let mut sum = 0;
        for person in persons {
            let claimed = (self.dice.log_normal(1_100_000.0, 1.0) as i64).clamp(80_000, 60_000_000);
            sum += claimed;
            if walk.closed_on.is_none() && is_pay(case.category) {
                let mut row = self.recovery(case, unit, person, claimed);
                if walk.last().state == ProceedingState::Agreed {
                    row.agreed_fen = Some(Fen(claimed * self.dice.between(60, 100) / 100));
                    row.agreed_on = walk.last().accepted_on;
                    row.status = WageRecoveryStatus::Agreed;
                }
                self.ledger.add(&row);
            }
        }
        Sums { claimed: sum, paid: None }
    }

    fn recovery(
        &mut self,
        case: &Model,
        unit: &Unit,
        person: &Person,
        claimed: i64,
    ) -> wage_recovery::Model {
        let stamp = self.ledger.stamp();
        wage_recovery::Model {
            id: stamp.id,
            division_code: case.division_code.clone(),
            version: 1,
            created_at: stamp.at,
            updated_at: stamp.at,
            archived_at: None,
            case_id: case.id,
            worker_id: person.id,
            employer_id: Some(unit.id),
            claimed_fen: Fen(claimed),
            agreed_fen: None,
            agreed_on: None,
            paid_fen: Fen::ZERO,
            paid_on: None,
            method: None,
            status: WageRecoveryStatus::Claimed,
        }
    }

    /// The claim the case is about; at times up to three that led to nothing.
    fn claims(&mut self, case: &Model, persons: &[Person], walk: &Walk, sums: Sums) {
        let (decision, awarded, paid) = match sums.paid {
            Some(paid) if paid == sums.claimed => {
                (ClaimDecision::Supported, Some(paid), Some(paid))
            }
            Some(paid) => (ClaimDecision::Partly, Some(paid), Some(paid)),
            None => self.decide(walk, sums.claimed),
        };
        let further = self.dice.weighted(&[(0, 45), (1, 30), (2, 15), (3, 10)]);
        self.claim(case, persons, case.category, sums.claimed, (decision, awarded, paid));
        let first = self.dice.below(SIDE_CLAIMS.len());
        for place in 0..further {
            let category = SIDE_CLAIMS[(first + place) % SIDE_CLAIMS.len()];
            if category == case.category {
                continue;
            }
            let claimed = self.dice.between(500, 9_000) * 100;
            let decided = if walk.closed_on.is_none() {
                (ClaimDecision::Pending, None, None)
            } else if self.dice.happens(6_000) {
                (ClaimDecision::Withdrawn, None, None)
            } else {
                (ClaimDecision::Rejected, Some(0), Some(0))
            };
            self.claim(case, persons, category, claimed, decided);
        }
    }

    fn decide(&mut self, walk: &Walk, claimed: i64) -> Decided {
        if walk.closed_on.is_none() {
            return (ClaimDecision::Pending, None, None);
        }
        let part = claimed * self.dice.between(40, 95) / 100;
        match walk.last().state {
            ProceedingState::Withdrawn => (ClaimDecision::Withdrawn, None, None),
            ProceedingState::Paid | ProceedingState::Performed | ProceedingState::Settled => {
                (ClaimDecision::Partly, Some(part), Some(part))
            }
            ProceedingState::ArbitralMediation => (ClaimDecision::Partly, Some(part), Some(part)),
            _ => match self.dice.below(100) {
                0..32 => (ClaimDecision::Supported, Some(claimed), Some(claimed)),
                32..80 => (ClaimDecision::Partly, Some(part), Some(part)),
                _ => (ClaimDecision::Rejected, Some(0), Some(0)),
            },
        }
    }

    fn claim(
        &mut self,
        case: &Model,
        persons: &[Person],
        category: Category,
        claimed: i64,
        (decision, awarded, paid): Decided,
    ) {
        let stamp = self.ledger.stamp();
        let period_to = case.known_on.unwrap_or(case.registered_on);
        self.ledger.add(&dispute_claim::Model {
            id: stamp.id,
            division_code: case.division_code.clone(),
            version: 1,
            created_at: stamp.at,
            updated_at: stamp.at,
            archived_at: None,
            case_id: case.id,
            worker_id: if let [person] = persons { Some(person.id) } else { None },
            category,
            claimed_fen: Fen(claimed),
            awarded_fen: awarded.map(Fen),
            paid_fen: paid.map(Fen),
            period_from: Some(period_to - TimeDelta::days(self.dice.between(30, 300))),
            period_to: Some(period_to),
            decision,
        });
    }

    fn proceeding(&mut self, case: &Model, unit: &Unit, leg: &Leg) -> Uuid {
        let county = COUNTIES[unit.county].name;
        let stamp = self.ledger.stamp();
        self.ledger.add(&dispute_proceeding::Model {
            id: stamp.id,
            division_code: case.division_code.clone(),
            version: 1,
            created_at: stamp.at,
            updated_at: stamp.at,
            archived_at: None,
            case_id: case.id,
            stage: leg.stage,
            body: route::body(leg.stage, county, &unit.name),
            docket_no: route::docket(leg, case.registered_on.year(), &case.case_no),
            opened_on: leg.opened_on,
            accepted_on: leg.accepted_on,
            due_on: leg.due_on,
            ended_on: leg.ended_on,
            outcome: leg.ended_on.and_then(|_| route::outcome(leg.state)).map(str::to_owned),
            state: leg.state,
        });
        stamp.id
    }
}

/// Of a case, in fen; nothing is paid in some.
struct Sums {
    claimed: i64,
    paid: Option<i64>,
}

/// With what was awarded and paid, in fen.
type Decided = (ClaimDecision, Option<i64>, Option<i64>);
