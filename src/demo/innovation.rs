use chrono::{NaiveDate, TimeDelta};
use entity::{
    alliance_activity::{self, AllianceActivityKind},
    alliance_membership,
    conversion_agreement::{self, AgreementKind, ConversionMode},
    exhibition::{self, ExhibitionLevel},
    exhibition_entry::{self, ExhibitKind},
    innovation_achievement::InnovationAchievementStatus as Status,
    innovation_alliance,
    revenue_share::{self, ShareBasis},
    selection::{self, SelectionSubject},
    selection_result,
};
use sea_orm::DbErr;
use uuid::Uuid;
use value::Fen;

use super::{
    Plan,
    competition::Competitions,
    dice::{Dice, Stream},
    ledger::{Ledger, Place, record},
    place::{CITY, CITY_NAME, division},
    studio::{Achievement, GRANTS, SELECTION, Studios},
    word,
    worker::People,
};

/// What the letters of intent come to: nearly a hundred million yuan.
const INTENTS: i64 = 9_680_000_000;
/// There are at least so many of them.
const FEWEST_INTENTS: usize = 40;
/// The best of a selection, and those shown at an exhibition.
const TEN: usize = 10;

pub async fn make(
    plan: &Plan,
    people: &People,
    held: &Competitions,
    studios: &Studios,
    ledger: &mut Ledger<'_>,
) -> Result<(), DbErr> {
    let dice = &mut Dice::new(plan.seed, Stream::Innovation);
    let mut fair = Fair { plan, people, studios, dice, ledger };
    fair.selections();
    fair.exhibitions(held);
    fair.intents();
    fair.contracts().await?;
    fair.alliance().await
}

struct Fair<'a, 'b> {
    plan: &'a Plan,
    people: &'a People,
    studios: &'a Studios,
    dice: &'a mut Dice,
    ledger: &'a mut Ledger<'b>,
}

impl<'a> Fair<'a, '_> {
    /// Ten achievements in use, other ones each time it is asked, though some may come again.
    fn ten(&mut self) -> Vec<&'a Achievement> {
        let used: Vec<&Achievement> = self
            .studios
            .achievements
            .iter()
            .filter(|it| matches!(it.status, Status::Implemented | Status::RevenueShared))
            .collect();
        self.dice.sample(TEN, used.len()).into_iter().map(|it| used[it]).collect()
    }

    /// The ten best achievements, and the ten best studios, to which the grants went.
    fn selections(&mut self) {
        let achievements: Vec<Uuid> = self.ten().into_iter().map(|it| it.id).collect();
        let studios: Vec<Uuid> = self.studios.all.iter().take(GRANTS).map(|it| it.id).collect();
        for (title, subject_kind, results) in [
            ("十佳创新成果", SelectionSubject::Achievement, achievements),
            (SELECTION, SelectionSubject::Studio, studios),
        ] {
            let is_studio = subject_kind == SelectionSubject::Studio;
            let selection = record!(
                self.ledger,
                division(CITY),
                selection {
                    title: title.to_owned(),
                    subject_kind,
                    quota: TEN as i32,
                    held_on: self.plan.this_year(75),
                }
            );
            for (rank, id) in (1..).zip(results) {
                record!(
                    self.ledger,
                    selection.division_code.clone(),
                    selection_result {
                        selection_id: selection.id,
                        studio_id: is_studio.then_some(id),
                        achievement_id: (!is_studio).then_some(id),
                        rank,
                    }
                );
            }
        }
    }

    /// The nation's, the province's, and the city's own, where all were shown that count as shown.
    fn exhibitions(&mut self, held: &Competitions) {
        let national = self.exhibition(
            "大国工匠创新交流大会",
            (ExhibitionLevel::National, Some(1)),
            "北京市",
            110,
        );
        for it in self.ten() {
            self.entry(national, ExhibitKind::Achievement, it.id);
        }

        let provincial = self.exhibition(
            "省产业工人建功新时代风采展",
            (ExhibitionLevel::Provincial, None),
            "石家庄市",
            70,
        );
        for it in self.ten() {
            self.entry(provincial, ExhibitKind::Achievement, it.id);
        }
        self.entry(provincial, ExhibitKind::Studio, self.studios.all[0].id);
        for champion in held.champions.iter().take(2) {
            self.entry(provincial, ExhibitKind::Person, self.people.all[*champion].id);
        }

        let municipal = self.exhibition(
            "秦皇岛市职工创新成果展",
            (ExhibitionLevel::Municipal, None),
            CITY_NAME,
            90,
        );
        let studios = self.studios;
        for it in studios.achievements.iter().filter(|it| it.status == Status::Exhibited) {
            self.entry(municipal, ExhibitKind::Achievement, it.id);
        }
    }

    fn exhibition(
        &mut self,
        name: &str,
        (level, ordinal): (ExhibitionLevel, Option<i32>),
        place: &str,
        days: i64,
    ) -> Uuid {
        record!(
            self.ledger,
            division(CITY),
            exhibition {
                name: name.to_owned(),
                level,
                ordinal,
                place: Some(place.to_owned()),
                started_on: self.plan.this_year(days),
                ended_on: Some(self.plan.this_year(days - 3)),
            }
        )
        .id
    }

    fn entry(&mut self, exhibition_id: Uuid, subject_kind: ExhibitKind, id: Uuid) {
        record!(
            self.ledger,
            division(CITY),
            exhibition_entry {
                exhibition_id,
                achievement_id: (subject_kind == ExhibitKind::Achievement).then_some(id),
                studio_id: (subject_kind == ExhibitKind::Studio).then_some(id),
                worker_id: (subject_kind == ExhibitKind::Person).then_some(id),
                subject_kind,
            }
        );
    }

    /// Letters for all achievements that came so far, and for some that have gone further.
    fn intents(&mut self) {
        let all = &self.studios.achievements;
        let mut intended: Vec<&Achievement> =
            all.iter().filter(|it| it.status == Status::IntentSigned).collect();
        let further = all.iter().filter(|it| it.status == Status::Contracted);
        let missing = FEWEST_INTENTS.saturating_sub(intended.len());
        intended.extend(further.take(missing));

        let draws: Vec<i64> =
            intended.iter().map(|_| self.dice.log_normal(100.0, 0.8) as i64 + 10).collect();
        let sum: i64 = draws.iter().sum();
        // To ten thousand yuan; the last takes what rounding leaves.
        let unit = 1_000_000;
        let mut left = INTENTS;
        let last = intended.len() - 1;
        for (place, it) in intended.into_iter().enumerate() {
            let amount =
                if place == last { left } else { INTENTS * draws[place] / sum / unit * unit };
            left -= amount;
            let signed_on = self.dice.day(self.plan.this_year(110), self.plan.this_year(30));
            self.agreement(it, AgreementKind::LetterOfIntent, (amount, 0), signed_on);
        }
        for it in all.iter().filter(|it| it.status == Status::Contracted).take(TEN) {
            let signed_on = self.dice.day(it.achieved_on, self.plan.yesterday());
            self.agreement(it, AgreementKind::Framework, (100_000_000, 0), signed_on);
        }
    }

    /// Contracts for what was contracted; of what they brought, those who made it have a share.
    async fn contracts(&mut self) -> Result<(), DbErr> {
        let studios = self.studios;
        for it in &studios.achievements {
            if !matches!(it.status, Status::Contracted | Status::RevenueShared) {
                continue;
            }
            let is_shared = it.status == Status::RevenueShared;
            let amount = (self.dice.log_normal(60_000.0, 0.9) as i64 + 5_000) * 100;
            let percent = if is_shared { self.dice.between(30, 100) } else { 0 };
            let received = amount * percent / 100;
            let signed_on = self.dice.day(it.achieved_on, self.plan.days_ago(5));
            let contract =
                self.agreement(it, AgreementKind::Contract, (amount, received), signed_on);
            if is_shared {
                self.shares(&contract, studios.all[it.studio].persons);
            }
            self.ledger.pass_on().await?;
        }
        Ok(())
    }

    /// The law gives those who made it half, where nothing else was agreed.
    fn shares(&mut self, contract: &conversion_agreement::Model, persons: [u32; 2]) {
        let (basis, percents) = self.dice.weighted(
            &[
                (ShareBasis::Statutory, [3_500, 1_500]),
                (ShareBasis::CompanyRule, [2_000, 1_000]),
                (ShareBasis::Contract, [3_000, 3_000]),
            ]
            .map(|it| (it, 1)),
        );
        for (person, percent_centi) in persons.into_iter().zip(percents) {
            record!(
                self.ledger,
                contract.division_code.clone(),
                revenue_share {
                    agreement_id: contract.id,
                    worker_id: self.people.all[person as usize].id,
                    basis,
                    percent_centi,
                    paid_fen: Fen(contract.received_fen.0 * i64::from(percent_centi) / 10_000),
                }
            );
        }
    }

    fn agreement(
        &mut self,
        achievement: &Achievement,
        kind: AgreementKind,
        (amount, received): (i64, i64),
        signed_on: NaiveDate,
    ) -> conversion_agreement::Model {
        record!(
            self.ledger,
            achievement.division.clone(),
            conversion_agreement {
                achievement_id: achievement.id,
                counterparty_name: format!("秦皇岛{}科技有限公司", word::simulated(self.dice)),
                kind,
                mode: self.dice.weighted(&[
                    (ConversionMode::License, 40),
                    (ConversionMode::Assign, 30),
                    (ConversionMode::Cooperate, 25),
                    (ConversionMode::Equity, 5),
                ]),
                amount_fen: Fen(amount),
                signed_on,
                received_fen: Fen(received),
            }
        )
    }

    /// Of all studios, since October 2021.
    async fn alliance(&mut self) -> Result<(), DbErr> {
        const ACTIVITIES: [(AllianceActivityKind, &str); 4] = [
            (AllianceActivityKind::Exchange, "创新工作室技能交流"),
            (AllianceActivityKind::Cooperation, "联合技术攻关"),
            (AllianceActivityKind::Training, "工匠讲堂"),
            (AllianceActivityKind::Conversion, "创新成果转化对接"),
        ];
        let founded_on = NaiveDate::from_ymd_opt(2021, 10, 15).unwrap_or_default();
        let name = format!("{CITY_NAME}职工创新联盟");
        let alliance =
            record!(self.ledger, division(CITY), innovation_alliance { name, founded_on });
        let studios = self.studios;
        self.ledger.expect(Place::AllianceMembership, studios.all.len() as u64);
        for studio in &studios.all {
            record!(
                self.ledger,
                alliance.division_code.clone(),
                alliance_membership {
                    alliance_id: alliance.id,
                    studio_id: studio.id,
                    joined_on: founded_on.max(studio.founded_on + TimeDelta::days(180)),
                    left_on: None,
                }
            );
            self.ledger.pass_on().await?;
        }
        for place in 0..3 * ACTIVITIES.len() {
            let (kind, title) = ACTIVITIES[place % ACTIVITIES.len()];
            record!(
                self.ledger,
                alliance.division_code.clone(),
                alliance_activity {
                    alliance_id: alliance.id,
                    kind,
                    title: format!("{title}第{}期", place / ACTIVITIES.len() + 1),
                    held_on: self.dice.day(self.plan.this_year(300), self.plan.yesterday()),
                    participants: self.dice.between(20, 120) as i32,
                }
            );
        }
        Ok(())
    }
}
