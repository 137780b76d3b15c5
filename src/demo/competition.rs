use std::ops::Range;

use chrono::{Datelike, NaiveDate, TimeDelta};
use entity::{
    competition::{self, CompetitionKind, CompetitionLevel, CompetitionStatus},
    competition_appeal::{self, CompetitionAppealStatus},
    competition_award::{self, AwardTier},
    competition_entry::{self, CompetitionEntryStatus},
    competition_event::{self, CompetitionClass, EventFormat, EventGroup},
    competition_team, promotion_rule, score_component, score_sheet,
    worker::SkillRank,
};
use sea_orm::DbErr;
use uuid::Uuid;
use value::{Fen, OccupationCode};

use super::{
    Plan,
    dice::{Dice, Stream},
    employer::Employers,
    ledger::{Ledger, record},
    place::{CITY, CITY_NAME, COUNTIES, checked, division},
    union::Unions,
    worker::People,
};

/// The competitions, as far as other records need to know them.
pub struct Competitions {
    /// The province's, which is still to be held.
    pub provincial: Uuid,
    /// The number of the worker who came first in each event, in the order of the events.
    pub champions: Vec<usize>,
}

/// The city's competition of this year, with ten events of each class, and the province's that the
/// city is to host.
pub async fn make(
    plan: &Plan,
    employers: &Employers,
    people: &People,
    unions: &Unions,
    ledger: &mut Ledger<'_>,
) -> Result<Competitions, DbErr> {
    let dice = &mut Dice::new(plan.seed, Stream::Competition);
    let new_year = NaiveDate::from_ymd_opt(plan.today.year(), 1, 1).unwrap_or_default();
    let started_on = plan.days_ago(150).max(new_year);
    // In the first days of a year the competition is a short one.
    let ended_on = plan.days_ago(20).max(started_on);
    let held = Draft {
        title: format!("{}年{CITY_NAME}职工职业技能大赛", plan.today.year()),
        level: CompetitionLevel::Municipal,
        edition: plan.today.year() - 2003,
        organizer: (Some(unions.city), format!("{CITY_NAME}总工会")),
        days: (started_on, ended_on),
        status: CompetitionStatus::Awarded,
        number: format!("C{}-1", plan.today.year()),
    };
    let competition_id = held.enter(ledger);
    teams(competition_id, unions, started_on, ledger);
    promotion_rules(new_year, ledger);
    let entrants = &mut Entrants::new(people, dice);
    let mut champions = Vec::with_capacity(EVENTS.len());
    for (place, (title, occupation)) in EVENTS.into_iter().enumerate() {
        let days = (ended_on - started_on).num_days() * place as i64 / EVENTS.len() as i64;
        let stamp = ledger.stamp();
        let class = if place < 10 { CompetitionClass::ClassI } else { CompetitionClass::ClassII };
        ledger.add(&competition_event::Model {
            id: stamp.id,
            division_code: division(CITY),
            version: 1,
            created_at: stamp.at,
            updated_at: stamp.at,
            archived_at: None,
            competition_id,
            title: title.to_owned(),
            occupation_code: occupation.map(checked::<OccupationCode>),
            competition_class: class,
            format: EventFormat::Individual,
            participant_group: EventGroup::Employee,
            min_teams: 6,
            venue: Some(format!("{}职工培训基地", COUNTIES[place % COUNTIES.len()].name)),
            held_on: Some(started_on + TimeDelta::days(days)),
        });
        let event = Event { id: stamp.id, place, awarded_on: ended_on };
        champions.extend(event.enter(entrants, employers, people, dice, ledger));
        ledger.pass_on().await?;
    }

    let opens = plan.today + TimeDelta::days(30);
    let provincial = Draft {
        title: format!("{}年河北省职工职业技能大赛（{CITY_NAME}总工会承办）", opens.year()),
        level: CompetitionLevel::Provincial,
        edition: opens.year() - 2001,
        organizer: (None, "河北省总工会".to_owned()),
        days: (opens, opens + TimeDelta::days(3)),
        status: CompetitionStatus::Announced,
        number: format!("C{}-2", opens.year()),
    }
    .enter(ledger);
    Ok(Competitions { provincial, champions })
}

struct Draft {
    title: String,
    level: CompetitionLevel,
    edition: i32,
    organizer: (Option<Uuid>, String),
    days: (NaiveDate, NaiveDate),
    status: CompetitionStatus,
    number: String,
}

impl Draft {
    fn enter(self, ledger: &mut Ledger<'_>) -> Uuid {
        let stamp = ledger.stamp();
        let row = competition::Model {
            id: stamp.id,
            division_code: division(CITY),
            version: 1,
            created_at: stamp.at,
            updated_at: stamp.at,
            archived_at: None,
            title: self.title,
            kind: CompetitionKind::Skill,
            level: self.level,
            edition: self.edition,
            year: self.days.0.year(),
            organizer_id: self.organizer.0,
            organizer_name: self.organizer.1,
            started_on: Some(self.days.0),
            ended_on: Some(self.days.1),
            status: self.status,
        };
        ledger.add(&row);
        ledger.name(&row, "demo-competition", &self.number);
        row.id
    }
}

/// Workers for the events, each for one at most: of industry for the first ten, else for the rest.
struct Entrants {
    industrial: Vec<usize>,
    other: Vec<usize>,
}

const MOST_ENTRIES: usize = 40;

impl Entrants {
    fn new(people: &People, dice: &mut Dice) -> Entrants {
        let mut pool = |is_industrial: bool| -> Vec<usize> {
            let all: Vec<usize> = (0..people.all.len())
                .filter(|it| people.all[*it].is_industrial == is_industrial)
                .collect();
            let sample = dice.sample(10 * MOST_ENTRIES, all.len());
            sample.into_iter().map(|it| all[it]).collect()
        };
        Entrants { industrial: pool(true), other: pool(false) }
    }

    fn take(&mut self, is_industrial: bool, count: usize) -> Vec<usize> {
        let pool = if is_industrial { &mut self.industrial } else { &mut self.other };
        pool.split_off(pool.len().saturating_sub(count))
    }
}

struct Event {
    id: Uuid,
    place: usize,
    awarded_on: NaiveDate,
}

#[derive(Clone, Copy)]
struct Scores {
    theory: i32,
    practice: i32,
    total: i32,
}

/// Ranks from the first, who wins them, and how much.
const PRIZES: [(Range<i32>, AwardTier, &str, i64); 3] = [
    (1..2, AwardTier::First, "一等奖", 500_000),
    (2..4, AwardTier::Second, "二等奖", 300_000),
    (4..7, AwardTier::Third, "三等奖", 200_000),
];

impl Event {
    /// Who came first.
    fn enter(
        &self,
        entrants: &mut Entrants,
        employers: &Employers,
        people: &People,
        dice: &mut Dice,
        ledger: &mut Ledger<'_>,
    ) -> Option<usize> {
        let count = dice.between(10, MOST_ENTRIES as i64) as usize;
        let persons = entrants.take(self.place < 10, count);
        // Up to three did not come or were sent away: enough remain for all prizes.
        let missing = dice.below(4);
        let scores: Vec<Option<Scores>> =
            (0..persons.len()).map(|it| (it >= missing).then(|| Scores::draw(dice))).collect();
        let ranks = ranks(&scores);
        let parts = self.components(ledger);

        let mut champion = None;
        for (place, person) in persons.into_iter().enumerate() {
            let unit = employers.of(person as u32);
            let stamp = ledger.stamp();
            let rank = ranks[place];
            if rank == Some(1) {
                champion = Some(person);
            }
            let prize = rank.and_then(|rank| PRIZES.iter().find(|it| it.0.contains(&rank)));
            ledger.add(&competition_entry::Model {
                id: stamp.id,
                division_code: division(CITY),
                version: 1,
                created_at: stamp.at,
                updated_at: stamp.at,
                archived_at: None,
                event_id: self.id,
                worker_id: people.all[person].id,
                bib_no: format!("{:02}{:03}", self.place + 1, place + 1),
                team_name: Some(format!("{}代表队", COUNTIES[unit.county].name)),
                status: match (rank, prize) {
                    (None, _) if place == 0 => CompetitionEntryStatus::Disqualified,
                    (None, _) => CompetitionEntryStatus::Absent,
                    (Some(_), Some(_)) => CompetitionEntryStatus::Awarded,
                    (Some(_), None) => CompetitionEntryStatus::NotAwarded,
                },
                theory_score_centi: scores[place].map(|it| it.theory),
                practice_score_centi: scores[place].map(|it| it.practice),
                total_score_centi: scores[place].map(|it| it.total),
                rank,
            });
            let entry_id = stamp.id;
            if let Some(scores) = scores[place].filter(|_| rank <= Some(3)) {
                self.sheets(entry_id, parts, scores, ledger);
            }
            // Who came fourth in the first event had it looked at again.
            if self.place == 0 && rank == Some(4) {
                self.appeal(entry_id, ledger);
            }
            if let Some((_, tier, title, bonus)) = prize {
                let stamp = ledger.stamp();
                ledger.add(&competition_award::Model {
                    id: stamp.id,
                    division_code: division(CITY),
                    version: 1,
                    created_at: stamp.at,
                    updated_at: stamp.at,
                    archived_at: None,
                    event_id: self.id,
                    entry_id,
                    tier: *tier,
                    rank,
                    title: format!("{}{title}", EVENTS[self.place].0),
                    bonus_fen: Fen(*bonus),
                    awarded_on: self.awarded_on,
                });
            }
        }
        champion
    }

    /// Theory for 30 of 100, practice for 70; practice breaks a tie.
    fn components(&self, ledger: &mut Ledger<'_>) -> [Uuid; 2] {
        [("理论", 3_000, 2), ("实操", 7_000, 1)].map(|(name, weight_basis_points, tie_order)| {
            record!(
                ledger,
                division(CITY),
                score_component {
                    event_id: self.id,
                    name: name.to_owned(),
                    weight_basis_points,
                    max_score_centi: 10_000,
                    tie_order,
                    pass_mark_centi: Some(6_000),
                }
            )
            .id
        })
    }

    /// What three referees gave, who agree.
    fn sheets(&self, entry_id: Uuid, parts: [Uuid; 2], scores: Scores, ledger: &mut Ledger<'_>) {
        for (component_id, raw_score_centi) in
            parts.into_iter().zip([scores.theory, scores.practice])
        {
            for referee in 1..=3 {
                record!(
                    ledger,
                    division(CITY),
                    score_sheet {
                        entry_id,
                        component_id,
                        referee_no: format!("{:02}-{referee}", self.place + 1),
                        raw_score_centi,
                        signed_on: self.awarded_on,
                    }
                );
            }
        }
    }

    fn appeal(&self, entry_id: Uuid, ledger: &mut Ledger<'_>) {
        record!(
            ledger,
            division(CITY),
            competition_appeal {
                entry_id,
                grounds: "申请复核实操计时。".to_owned(),
                filed_on: self.awarded_on,
                decision: Some("经复核，计时无误。".to_owned()),
                decided_on: Some(self.awarded_on),
                status: CompetitionAppealStatus::Dismissed,
            }
        );
    }
}

/// A team of each county.
fn teams(competition_id: Uuid, unions: &Unions, day: NaiveDate, ledger: &mut Ledger<'_>) {
    for (county, union) in COUNTIES.iter().zip(&unions.counties) {
        record!(
            ledger,
            division(CITY),
            competition_team {
                competition_id,
                union_organization_id: *union,
                name: format!("{}代表队", county.name),
                entered_on: Some(day),
            }
        );
    }
}

/// A city's competition grants a level less than the province's.
fn promotion_rules(valid_from: NaiveDate, ledger: &mut Ledger<'_>) {
    for (competition_class, rank_from, rank_to, grant_rank) in [
        (CompetitionClass::ClassI, 1, 3, SkillRank::Technician),
        (CompetitionClass::ClassI, 4, 10, SkillRank::Senior),
        (CompetitionClass::ClassII, 1, 1, SkillRank::Technician),
        (CompetitionClass::ClassII, 2, 5, SkillRank::Senior),
    ] {
        record!(
            ledger,
            division(CITY),
            promotion_rule {
                level: CompetitionLevel::Municipal,
                competition_class,
                rank_from,
                rank_to,
                grant_rank,
                is_pass_required: true,
                valid_from,
                grant_if_already: None,
                valid_to: None,
                document_no: None,
            }
        );
    }
}

impl Scores {
    /// In hundredths of a point; theory counts for 30 of 100.
    fn draw(dice: &mut Dice) -> Scores {
        let mut draw = |mean: f64| ((mean + dice.normal() * 8.0) * 100.0).clamp(3_000.0, 10_000.0);
        let (theory, practice) = (draw(78.0) as i32, draw(80.0) as i32);
        Scores { theory, practice, total: (theory * 30 + practice * 70 + 50) / 100 }
    }
}

/// By total, then by practice, then by number: every rank is held once, without a gap.
fn ranks(scores: &[Option<Scores>]) -> Vec<Option<i32>> {
    let mut order: Vec<(i32, i32, usize)> = scores
        .iter()
        .enumerate()
        .filter_map(|(place, it)| it.map(|it| (-it.total, -it.practice, place)))
        .collect();
    order.sort_unstable();
    let mut ranks = vec![None; scores.len()];
    for (rank, (.., place)) in (1..).zip(order) {
        ranks[place] = Some(rank);
    }
    ranks
}

/// The trades of class I, then those of class II; with the code of the occupation where it is sure.
pub const EVENTS: [(&str, Option<&str>); 20] = [
    ("车工", Some("6-18-01-01")),
    ("数控机床操作调整工", Some("6-18-01-07")),
    ("焊工", Some("6-18-02-04")),
    ("装配钳工", Some("6-20-01-01")),
    ("电工", Some("6-31-01-03")),
    ("起重装卸机械操作工", Some("6-30-05-01")),
    ("砌筑工", Some("6-29-01-01")),
    ("钢筋工", Some("6-29-01-04")),
    ("汽车维修工", Some("4-12-01-01")),
    ("工业机器人系统操作员", None),
    ("中式烹调师", Some("4-03-02-01")),
    ("餐厅服务员", Some("4-03-02-05")),
    ("快递员", Some("4-02-07-08")),
    ("网约配送员", Some("4-02-07-10")),
    ("道路货运汽车驾驶员", Some("4-02-02-02")),
    ("家政服务员", Some("4-10-01-06")),
    ("保安员", Some("4-07-05-01")),
    ("营业员", Some("4-01-02-01")),
    ("养老护理员", Some("4-10-01-05")),
    ("育婴员", Some("4-10-01-02")),
];
