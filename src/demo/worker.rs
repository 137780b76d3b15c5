use std::collections::HashMap;

use chrono::{NaiveDate, TimeDelta};
use entity::{
    employment_relation::{self, ContractType, EmploymentEndReason, EmploymentRelationStatus},
    union_membership::{self, UnionMembershipStatus},
    worker::{DocumentType, EmploymentStatus, Model, Sex, SkillRank},
};
use sea_orm::DbErr;
use uuid::Uuid;
use value::{DivisionCode, IdNumber, OccupationCode, PersonName, Phone, Secret};

use crate::{
    domain::worker::{ID_NUMBER, PHONE},
    keyring::{Keyring, Sealing},
};

use self::code::{education, ethnicity, political_status, skill_rank};
use super::{
    Plan,
    dice::{Dice, Stream},
    employer::{Employers, Unit},
    ledger::{Ledger, Place},
    number::{IdNumbers, phone},
    place::{COUNTIES, FUNING, OLD_FUNING, checked, checked_on, division},
    trade::Post,
    union::{Local, Unions},
    word,
};

mod code;

/// The workers in their order, as far as other records need to know them.
pub struct People {
    pub all: Vec<Person>,
    /// Those who can lead a studio.
    pub masters: Vec<Master>,
}

#[expect(clippy::struct_excessive_bools, reason = "a fact each, and there are many persons")]
pub struct Person {
    pub id: Uuid,
    pub rank: Option<SkillRank>,
    pub is_industrial: bool,
    pub is_migrant: bool,
    /// Whether the record still stands under the code of the old county.
    is_in_old_funing: bool,
    /// Whether an adult who works, has done so for a while, and is in no union.
    pub can_join: bool,
}

pub struct Master {
    /// The number among all.
    pub person: u32,
    /// The place of the employer.
    pub unit: usize,
    pub name: String,
}

impl People {
    /// The division that keeps the record of a worker.
    pub fn division(&self, person: usize, employers: &Employers) -> DivisionCode {
        if self.all[person].is_in_old_funing {
            return division(OLD_FUNING);
        }
        division(COUNTIES[employers.of(person as u32).county].code)
    }
}

/// Ages in days: the first day of the 16th year has passed, the 65th is not over.
const YOUNGEST: i64 = 16 * 366;
const ADULT: i64 = 18 * 366;
const OLDEST: i64 = 65 * 365;
const YEAR: f64 = 365.2425;
/// So many days one is new to the work.
const NEWCOMER: i64 = 180;
/// Why a value is sealed in any case.
const NEW: &str = "its key is new";

pub async fn make(
    plan: &Plan,
    keyring: &Keyring,
    employers: &Employers,
    unions: &Unions,
    ledger: &mut Ledger<'_>,
) -> Result<People, DbErr> {
    let workers = u64::from(plan.workers);
    ledger.expect(Place::Worker, workers);
    ledger.expect(Place::EmploymentRelation, workers * 103 / 100);
    ledger.expect(Place::UnionMembership, workers * 78 / 100);
    ledger.expect(Place::ExternalId, workers + employers.units.len() as u64);
    ledger.expect(Place::ChangeLog, workers * 32 / 10);

    let mut registrar = Registrar {
        plan,
        keyring,
        employers,
        dice: Dice::new(plan.seed, Stream::Worker),
        numbers: IdNumbers::new(plan.days_ago(OLDEST), plan.days_ago(YOUNGEST)),
        divisions: COUNTIES.iter().map(|it| division(it.code)).collect(),
        old_funing: division(OLD_FUNING),
        occupations: HashMap::new(),
        ledger,
        people: People { all: Vec::with_capacity(plan.workers as usize), masters: Vec::new() },
    };
    for (place, unit) in employers.units.iter().enumerate() {
        let union = unions.of(place);
        for _ in 0..unit.heads {
            registrar.register(place, unit, union);
            registrar.ledger.pass_on().await?;
        }
    }
    Ok(registrar.people)
}

struct Registrar<'a, 'b> {
    plan: &'a Plan,
    keyring: &'a Keyring,
    employers: &'a Employers,
    dice: Dice,
    numbers: IdNumbers,
    divisions: Vec<DivisionCode>,
    old_funing: DivisionCode,
    occupations: HashMap<&'static str, OccupationCode>,
    ledger: &'a mut Ledger<'b>,
    people: People,
}

impl Registrar<'_, '_> {
    /// A worker, with the work and the membership.
    fn register(&mut self, place: usize, unit: &Unit, union: &Local) {
        let number = self.people.all.len() + 1;
        let trade = unit.trade();
        let age = self.age();
        let post = self.dice.weighted(trade.posts);
        let row = self.worker(unit, number, age, post);
        self.ledger.add(&row);
        self.ledger.name(&row, "demo-hrss", &format!("W{number:08}"));

        let started_on = self.work(unit, &row, age, post);
        let is_member = self.dice.happens(7_800);
        if is_member {
            self.membership(union, &row, started_on);
        }

        self.people.all.push(Person {
            id: row.id,
            rank: row.skill_rank,
            is_industrial: row.is_industrial_worker,
            is_migrant: row.is_migrant_worker,
            is_in_old_funing: row.division_code.as_str() == OLD_FUNING,
            can_join: !is_member
                && age > ADULT + NEWCOMER
                && started_on < self.plan.days_ago(NEWCOMER)
                && row.employment_status == EmploymentStatus::Employed,
        });
        if row.skill_rank >= Some(SkillRank::Technician) {
            let name = row.name.expose().to_owned();
            self.people.masters.push(Master { person: number as u32 - 1, unit: place, name });
        }
    }

    fn worker(&mut self, unit: &Unit, number: usize, age: i64, post: Post) -> Model {
        let trade = unit.trade();
        let stamp = self.ledger.stamp();
        let dice = &mut self.dice;
        let birth = self.plan.days_ago(age);
        let is_male = dice.happens(trade.male * 100);
        let division_code = if unit.county == FUNING && dice.happens(200) {
            self.old_funing.clone()
        } else {
            self.divisions[unit.county].clone()
        };
        // Most were registered where they work.
        let county = if dice.happens(8_500) { unit.county } else { dice.below(COUNTIES.len()) };
        let has_number = !dice.happens(100);
        let is_foreign = !has_number && dice.happens(800);
        let id_number = if has_number { self.numbers.next(county, birth, is_male) } else { None };
        let is_in_parts = number % 1_500 == 750;
        let (name, ethnicity) = if is_foreign {
            (word::latin_name(dice), None)
        } else if is_in_parts {
            (word::name_in_parts(dice, is_male), Some("05"))
        } else {
            (word::name(dice, is_male), Some(ethnicity(dice, county)))
        };
        let is_industrial = trade.is_industrial && post.is_frontline;
        let is_migrant = !is_foreign && dice.happens(if is_industrial { 5_200 } else { 2_000 });
        let id_number = id_number.map(|it| checked_on::<IdNumber>(&it, self.plan.today));
        let phone = (!dice.happens(500)).then(|| checked::<Phone>(&phone(dice)));
        let mut sealing = Sealing::of(self.keyring, ID_NUMBER.table, stamp.id, None);
        let [odd, even] = id_number
            .as_ref()
            .map(|it| self.keyring.index(ID_NUMBER, it.expose()))
            .unwrap_or_default();
        Model {
            id: stamp.id,
            division_code,
            version: 1,
            created_at: stamp.at,
            updated_at: stamp.at,
            archived_at: None,
            name: checked::<PersonName>(&name),
            sex: if is_male { Sex::Male } else { Sex::Female },
            birth_on: Some(birth),
            document_type: if is_foreign {
                DocumentType::Passport
            } else {
                DocumentType::ResidentId
            },
            id_number: id_number.map(|it| sealing.seal(ID_NUMBER, &it).expect(NEW)),
            id_number_index_odd: odd,
            id_number_index_even: even,
            phone: phone.map(|it| sealing.seal(PHONE, &it).expect(NEW)),
            data_key: sealing.made(),
            ethnicity_code: ethnicity.map(str::to_owned),
            education_code: Some(education(dice, trade.code).to_owned()),
            political_status_code: (!is_foreign).then(|| political_status(dice, age).to_owned()),
            is_migrant_worker: is_migrant,
            is_industrial_worker: is_industrial,
            employment_status: dice.weighted(&[
                (EmploymentStatus::Employed, 9_780),
                (EmploymentStatus::LaidOff, 120),
                (EmploymentStatus::SickLeave, 90),
                (EmploymentStatus::Other, 10),
            ]),
            skill_rank: skill_rank(dice, age, is_industrial),
            employer_id: Some(unit.id),
            erased_at: None,
            erasure_ground: None,
        }
    }

    /// In days: normal around 38.3 years, from 16 to 65, few of them minors.
    fn age(&mut self) -> i64 {
        loop {
            let age = ((37.9 + self.dice.normal() * 10.2) * YEAR) as i64;
            // Three of a thousand are minors, a third of what the curve gives.
            if age > ADULT && age < OLDEST
                || age > YOUNGEST && age <= ADULT && self.dice.happens(3_200)
            {
                return age;
            }
        }
    }

    /// The present employment, perhaps one before; the day the present one began.
    fn work(&mut self, unit: &Unit, worker: &Model, age: i64, post: Post) -> NaiveDate {
        // Work begins at 18; of a minor, at 16.
        let longest = if age > ADULT + 30 { age - ADULT } else { age - YOUNGEST };
        let tenure = (self.dice.log_normal(1_500.0, 1.1) as i64).clamp(1, longest.max(1));
        let started_on = self.plan.days_ago(tenure);
        if tenure + 60 < longest && self.dice.happens(340) {
            let ended_on = started_on - TimeDelta::days(self.dice.between(1, 45));
            let before = self.plan.days_ago(longest);
            let earlier = self.dice.day(before, ended_on - TimeDelta::days(1));
            let (employer_id, reason) = if self.dice.happens(3_000) {
                (*self.dice.pick(&self.employers.gone), EmploymentEndReason::EmployerClosed)
            } else {
                let reason = self.dice.weighted(&[
                    (EmploymentEndReason::Resigned, 40),
                    (EmploymentEndReason::ChangedEmployer, 30),
                    (EmploymentEndReason::Expired, 22),
                    (EmploymentEndReason::Dismissed, 8),
                ]);
                (self.dice.pick(&self.employers.units).id, reason)
            };
            let end = Some((ended_on, reason));
            self.relation(worker, employer_id, post, earlier, end);
        }
        self.relation(worker, unit.id, post, started_on, None);
        started_on
    }

    fn relation(
        &mut self,
        worker: &Model,
        employer_id: Uuid,
        post: Post,
        started_on: NaiveDate,
        end: Option<(NaiveDate, EmploymentEndReason)>,
    ) {
        let stamp = self.ledger.stamp();
        let occupation_code = post
            .occupation
            .map(|it| self.occupations.entry(it).or_insert_with(|| checked(it)).clone());
        self.ledger.add(&employment_relation::Model {
            id: stamp.id,
            division_code: worker.division_code.clone(),
            version: 1,
            created_at: stamp.at,
            updated_at: stamp.at,
            archived_at: None,
            worker_id: worker.id,
            employer_id,
            contract_type: self.dice.weighted(&[
                (ContractType::FixedTerm, 62),
                (ContractType::OpenEnded, 24),
                (ContractType::Dispatch, 8),
                (ContractType::TaskBased, 3),
                (ContractType::PartTime, 3),
            ]),
            post_title: Some(post.title.to_owned()),
            occupation_code,
            is_frontline: post.is_frontline,
            started_on,
            ended_on: end.map(|(day, _)| day),
            end_reason: end.map(|(_, reason)| reason),
            status: if end.is_some() {
                EmploymentRelationStatus::Ended
            } else {
                EmploymentRelationStatus::Active
            },
        });
    }

    fn membership(&mut self, union: &Local, worker: &Model, started_on: NaiveDate) {
        let first = started_on.max(union.established_on);
        let joined_on =
            (first + TimeDelta::days(self.dice.between(0, 365))).min(self.plan.yesterday());
        let is_retained = worker.employment_status == EmploymentStatus::LaidOff;
        let stamp = self.ledger.stamp();
        self.ledger.add(&union_membership::Model {
            id: stamp.id,
            division_code: worker.division_code.clone(),
            version: 1,
            created_at: stamp.at,
            updated_at: stamp.at,
            archived_at: None,
            worker_id: worker.id,
            union_organization_id: union.id,
            member_no: union.next_member_no(),
            joined_on,
            ended_on: None,
            status: if is_retained {
                UnionMembershipStatus::Retained
            } else {
                UnionMembershipStatus::Active
            },
            change_reason: is_retained.then(|| "在本单位下岗后待岗".to_owned()),
        });
    }
}
