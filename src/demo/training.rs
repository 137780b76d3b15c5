use chrono::{NaiveDate, TimeDelta};
use entity::{
    training_enrollment::{self, TrainingEnrollmentStatus as Status},
    training_program::{self, TrainingKind},
    training_provider::{self, ProviderKind},
    training_subsidy_payment::{self, PayeeKind, TrainingSubsidyPaymentStatus as PaymentStatus},
    worker::SkillRank,
};
use sea_orm::DbErr;
use value::{Fen, OccupationCode};

use super::{
    Plan,
    competition::EVENTS,
    dice::{Dice, Stream},
    employer::{Employers, Unit},
    ledger::{Ledger, Place, record},
    place::{CITY, CITY_NAME, COUNTIES, checked, division},
    worker::People,
};

/// The city trained 16,092 with 22,170,400 yuan; a smaller one fewer with as much.
const TRAINEES: u32 = 16_092;
const TOTAL: i64 = 2_217_040_000;
/// Elsewhere one of so many workers.
const SHARE: u32 = 40;
const COLLEGES: usize = 3;
const CENTRES: usize = 8;
const CLASS: usize = 40;
/// Classes in which somebody failed, left or is still taught, of so many.
const SOME: usize = 8;

/// Courses, who completed them, and what was paid for each of those.
pub async fn make(
    plan: &Plan,
    employers: &Employers,
    people: &People,
    ledger: &mut Ledger<'_>,
) -> Result<(), DbErr> {
    let dice = &mut Dice::new(plan.seed, Stream::Training);
    let trainees = TRAINEES.min(plan.workers / SHARE) as usize;
    ledger.expect(Place::TrainingEnrollment, trainees as u64);
    ledger.expect(Place::TrainingSubsidyPayment, trainees as u64);
    let providers = providers(employers, ledger);
    let classes = trainees.div_ceil(CLASS).max(providers.len());
    let extra = classes.div_ceil(SOME) * 3;
    let mut workers = dice.sample(trainees + extra, people.all.len()).into_iter();

    let mut register = Register { plan, people, dice, ledger, trainees, paid: 0 };
    for class in 0..classes {
        let program = register.program(&providers[class % providers.len()], class, false);
        let first = class * trainees / classes;
        let next = (class + 1) * trainees / classes;
        for worker in workers.by_ref().take(next - first) {
            register.completed(&program, worker);
            register.ledger.pass_on().await?;
        }
        if class % SOME > 0 {
            continue;
        }
        let ongoing = register.program(&providers[class % providers.len()], class, true);
        for (program, status, payment) in [
            (&program, Status::Failed, PaymentStatus::Rejected),
            (&program, Status::Dropped, PaymentStatus::Recovered),
            (&ongoing, Status::Enrolled, PaymentStatus::Applied),
        ] {
            let worker = workers.next().expect("as many as were drawn");
            register.incomplete(program, worker, status, payment);
        }
    }
    Ok(())
}

/// Colleges of the city, a school in each county, and the centres of large enterprises.
fn providers(employers: &Employers, ledger: &mut Ledger<'_>) -> Vec<training_provider::Model> {
    let mut number = 0;
    let mut provider = |kind, code: &str, name: String, unit: Option<&Unit>| {
        number += 1;
        record!(
            ledger,
            division(code),
            training_provider {
                employer_id: unit.map(|it| it.id),
                name,
                kind,
                filing_no: Some(format!("培演{number:04}")),
            }
        )
    };
    let mut providers = Vec::new();
    for word in ["拟岚", "拟澜", "拟筠"].into_iter().take(COLLEGES) {
        let name = format!("{CITY_NAME}{word}技师学院");
        providers.push(provider(ProviderKind::TechnicalCollege, CITY, name, None));
    }
    for county in &COUNTIES {
        let name = format!("{}拟珂职业培训学校", county.name);
        providers.push(provider(ProviderKind::VocationalSchool, county.code, name, None));
    }
    let mut units: Vec<&Unit> = employers.units.iter().collect();
    units.sort_by_key(|it| (std::cmp::Reverse(it.heads), it.first));
    for unit in units.into_iter().take(CENTRES) {
        let name = format!("{}职工培训中心", unit.name);
        let code = COUNTIES[unit.county].code;
        providers.push(provider(ProviderKind::EnterpriseCentre, code, name, Some(unit)));
    }
    providers
}

struct Register<'a, 'b> {
    plan: &'a Plan,
    people: &'a People,
    dice: &'a mut Dice,
    ledger: &'a mut Ledger<'b>,
    trainees: usize,
    /// To how many was paid.
    paid: usize,
}

impl Register<'_, '_> {
    fn program(
        &mut self,
        provider: &training_provider::Model,
        class: usize,
        is_ongoing: bool,
    ) -> training_program::Model {
        let (kind, hours, label) = match provider.kind {
            ProviderKind::EnterpriseCentre => (TrainingKind::OnJobUpgrade, 80, "岗位技能提升培训"),
            _ if class % 5 == 4 => (TrainingKind::Entrepreneurship, 60, "创新创业培训"),
            _ if class.is_multiple_of(2) => (TrainingKind::EmploymentSkill, 120, "就业技能培训"),
            _ => (TrainingKind::OnJobUpgrade, 80, "岗位技能提升培训"),
        };
        let (trade, occupation) = EVENTS[class % EVENTS.len()];
        let is_of_trade = kind != TrainingKind::Entrepreneurship;
        let plan = self.plan;
        let (started_on, ended_on) = if is_ongoing {
            (plan.this_year(15), plan.today + TimeDelta::days(20))
        } else {
            let started_on = self.dice.day(plan.this_year(280), plan.this_year(90));
            let days = self.dice.between(8, 25);
            (started_on, (started_on + TimeDelta::days(days)).min(plan.this_year(60)))
        };
        record!(
            self.ledger,
            provider.division_code.clone(),
            training_program {
                provider_id: provider.id,
                title: if is_of_trade {
                    format!("{trade}{label}第{}期", class + 1)
                } else {
                    format!("{label}第{}期", class + 1)
                },
                kind,
                occupation_code: occupation.filter(|_| is_of_trade).map(checked::<OccupationCode>),
                target_rank: match kind {
                    TrainingKind::OnJobUpgrade => Some(SkillRank::Senior),
                    TrainingKind::EmploymentSkill => Some(SkillRank::Elementary),
                    TrainingKind::Entrepreneurship => None,
                },
                hours,
                plan_heads: CLASS as i32 + 5,
                started_on,
                ended_on,
            }
        )
    }

    fn completed(&mut self, program: &training_program::Model, worker: usize) {
        let attended = program.hours * self.dice.between(90, 100) as i32 / 100;
        let enrollment =
            self.enrollment(program, worker, attended, Some(program.ended_on), Status::Completed);
        // An even share, and a fen more for the first until nothing is left.
        let (share, left) = (TOTAL / self.trainees as i64, TOTAL % self.trainees as i64);
        let amount = share + i64::from((self.paid as i64) < left);
        self.paid += 1;
        let status =
            self.dice.weighted(&[(PaymentStatus::Disbursed, 80), (PaymentStatus::Reconciled, 20)]);
        self.payment(&enrollment, program, Fen(amount), status);
    }

    fn incomplete(
        &mut self,
        program: &training_program::Model,
        worker: usize,
        status: Status,
        payment: PaymentStatus,
    ) {
        let attended = program.hours * self.dice.between(20, 70) as i32 / 100;
        let enrollment = self.enrollment(program, worker, attended, None, status);
        self.payment(&enrollment, program, Fen(120_000), payment);
    }

    fn enrollment(
        &mut self,
        program: &training_program::Model,
        worker: usize,
        attended_hours: i32,
        completed_on: Option<NaiveDate>,
        status: Status,
    ) -> training_enrollment::Model {
        record!(
            self.ledger,
            program.division_code.clone(),
            training_enrollment {
                program_id: program.id,
                worker_id: self.people.all[worker].id,
                attended_hours,
                completed_on,
                status,
            }
        )
    }

    fn payment(
        &mut self,
        enrollment: &training_enrollment::Model,
        program: &training_program::Model,
        amount_fen: Fen,
        status: PaymentStatus,
    ) {
        let plan = self.plan;
        let applied_on =
            self.dice.day(program.ended_on.min(plan.this_year(10)), plan.this_year(45));
        let is_paid = matches!(
            status,
            PaymentStatus::Disbursed | PaymentStatus::Reconciled | PaymentStatus::Recovered
        );
        record!(
            self.ledger,
            enrollment.division_code.clone(),
            training_subsidy_payment {
                enrollment_id: enrollment.id,
                payee_kind: match program.kind {
                    TrainingKind::EmploymentSkill => PayeeKind::Provider,
                    TrainingKind::OnJobUpgrade => PayeeKind::Employer,
                    TrainingKind::Entrepreneurship => PayeeKind::Person,
                },
                fund_source: "职业技能提升专账资金".to_owned(),
                amount_fen,
                applied_on,
                disbursed_on: is_paid
                    .then(|| self.dice.day(applied_on.max(plan.this_year(40)), plan.this_year(5))),
                status,
            }
        );
    }
}
