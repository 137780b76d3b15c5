use entity::{
    competition::CompetitionLevel,
    employer::OwnershipGroup,
    honour_award::{self, HonourAwardStatus, HonourRank},
    honour_nomination::{self, AwardeeCategory as Category, HonourNominationStatus},
    honour_round,
    honour_title::{self, AwardeeKind, HonourLevel},
    hosting_right::{self, HostingRightStatus},
};
use uuid::Uuid;
use value::Fen;

use super::{
    Plan,
    competition::Competitions,
    dice::{Dice, Stream},
    employer::{Employers, Unit},
    ledger::{Ledger, record},
    place::{CITY, CITY_NAME, COUNTIES, division},
    union::Unions,
    worker::People,
};

/// Of 50 medals 36 go to the front line and to technical professionals.
const MEDALS: [(Category, usize); 6] = [
    (Category::IndustrialWorker, 22),
    (Category::OtherFrontline, 8),
    (Category::TechnicalProfessional, 6),
    (Category::ScienceEducation, 5),
    (Category::EnterpriseHead, 6),
    (Category::Cadre, 3),
];
const BEAUTIFUL: usize = 20;
const BEAUTIFUL_NOMINEES: usize = 10;
const CERTIFICATES: usize = 20;
const PIONEERS: usize = 40;
/// So many are asked beside the masters: enough for all honours.
const OTHERS: usize = 800;

/// The city's honours of this year, and its right to host the province's competition.
pub fn make(
    plan: &Plan,
    employers: &Employers,
    people: &People,
    unions: &Unions,
    held: &Competitions,
    ledger: &mut Ledger<'_>,
) {
    let jury = &mut Jury {
        plan,
        employers,
        people,
        candidates: Candidates::new(people, held, plan.seed),
        ledger,
    };
    jury.medals();
    jury.most_beautiful();
    jury.units();
    hosting_rights(plan, unions, held, ledger);
}

/// Workers who are honoured, each once: champions of the competition first, then masters.
struct Candidates {
    industrial: Vec<usize>,
    other: Vec<usize>,
}

impl Candidates {
    fn new(people: &People, held: &Competitions, seed: u64) -> Candidates {
        let mut dice = Dice::new(seed, Stream::Honour);
        let mut masters: Vec<usize> = people.masters.iter().map(|it| it.person as usize).collect();
        dice.shuffle(&mut masters);
        // A small city has few masters: then others, who have no rank and thus are not among them.
        let mut all = dice.sample(OTHERS, people.all.len());
        all.retain(|it| people.all[*it].rank.is_none());
        all.extend(masters);
        all.retain(|it| !held.champions.contains(it));
        // They are taken from the end.
        all.extend(held.champions.iter().rev());
        let (industrial, other) = all.into_iter().partition(|it| people.all[*it].is_industrial);
        Candidates { industrial, other }
    }

    fn take(&mut self, is_industrial: bool) -> usize {
        let pool = if is_industrial { &mut self.industrial } else { &mut self.other };
        pool.pop().expect("more candidates than honours")
    }
}

struct Jury<'a, 'b, 'c> {
    plan: &'a Plan,
    employers: &'a Employers,
    people: &'a People,
    candidates: Candidates,
    ledger: &'c mut Ledger<'b>,
}

/// Who is honoured, and how far the recommendation came.
struct Honour {
    round: Uuid,
    subject: Subject,
    recommender: String,
    is_non_public: bool,
    status: HonourNominationStatus,
    rank: HonourRank,
    bonus: Fen,
}

enum Subject {
    Person(usize, Category),
    Employer(Uuid),
    Team(Uuid, String),
}

impl Jury<'_, '_, '_> {
    fn most_beautiful(&mut self) {
        let body = format!("{CITY_NAME}总工会、{CITY_NAME}委宣传部");
        let kind = AwardeeKind::Person;
        // It is given every year since 2017.
        let ordinal = self.plan.year() - 2016;
        let title = ("MOST_BEAUTIFUL_WORKER", "最美工人", "Most Beautiful Worker");
        let round = self.round(title, kind, &body, ordinal, BEAUTIFUL);
        for place in 0..BEAUTIFUL + BEAUTIFUL_NOMINEES {
            let is_industrial = place % 3 != 2;
            let category =
                if is_industrial { Category::IndustrialWorker } else { Category::OtherFrontline };
            let rank = if place < BEAUTIFUL { HonourRank::Winner } else { HonourRank::Nominee };
            self.person(round, category, HonourNominationStatus::Conferred, rank, Fen(0));
        }
    }

    fn medals(&mut self) {
        let title = ("MAY_DAY_LABOUR_MEDAL", "五一劳动奖章", "May Day Labour Medal");
        let quota = MEDALS.iter().map(|(_, count)| count).sum();
        let round = self.first_round(title, AwardeeKind::Person, quota);
        for (category, count) in MEDALS {
            for _ in 0..count {
                let status = HonourNominationStatus::Conferred;
                self.person(round, category, status, HonourRank::Winner, Fen(300_000));
            }
        }
        for category in [Category::EnterpriseHead, Category::Cadre, Category::OtherFrontline] {
            let status = HonourNominationStatus::Rejected;
            self.person(round, category, status, HonourRank::Nominee, Fen(0));
        }
    }

    /// Certificates for the largest employers, and teams of theirs and of the next.
    fn units(&mut self) {
        let title = ("MAY_DAY_LABOUR_CERTIFICATE", "五一劳动奖状", "May Day Labour Certificate");
        let certificates = self.first_round(title, AwardeeKind::Organization, CERTIFICATES);
        let title = ("WORKER_PIONEER", "工人先锋号", "Worker Pioneer");
        let pioneers = self.first_round(title, AwardeeKind::Team, PIONEERS);
        let employers = self.employers;
        let mut units: Vec<&Unit> = employers.units.iter().collect();
        units.sort_by_key(|it| (std::cmp::Reverse(it.heads), it.first));
        for (place, unit) in units.into_iter().take(PIONEERS + 2).enumerate() {
            if place < CERTIFICATES {
                self.unit(certificates, unit, Subject::Employer(unit.id), true);
            }
            let team = format!("{}{}班组", TEAMS[place % TEAMS.len()], place % 5 + 1);
            // The last two were not found worthy.
            self.unit(pioneers, unit, Subject::Team(unit.id, team), place < PIONEERS);
        }
    }

    fn first_round(&mut self, title: (&str, &str, &str), kind: AwardeeKind, quota: usize) -> Uuid {
        self.round(title, kind, &format!("{CITY_NAME}总工会"), 1, quota)
    }

    fn round(
        &mut self,
        (code, name, name_en): (&str, &str, &str),
        awardee_kind: AwardeeKind,
        body: &str,
        ordinal: i32,
        quota: usize,
    ) -> Uuid {
        let title = record!(
            self.ledger,
            division(CITY),
            honour_title {
                code: code.to_owned(),
                name: name.to_owned(),
                name_en: Some(name_en.to_owned()),
                awardee_kind,
                level: HonourLevel::Municipal,
                conferring_body: body.to_owned(),
            }
        );
        record!(
            self.ledger,
            title.division_code.clone(),
            honour_round {
                title_id: title.id,
                year: self.plan.year(),
                ordinal,
                quota: quota as i32,
                notice_started_on: Some(self.plan.this_year(100)),
                notice_ended_on: Some(self.plan.this_year(93)),
            }
        )
        .id
    }

    fn person(
        &mut self,
        round: Uuid,
        category: Category,
        status: HonourNominationStatus,
        rank: HonourRank,
        bonus: Fen,
    ) {
        let is_industrial = category == Category::IndustrialWorker;
        let person = self.candidates.take(is_industrial);
        let unit = self.employers.of(person as u32);
        self.enter(Honour {
            round,
            subject: Subject::Person(person, category),
            recommender: format!("{}总工会", COUNTIES[unit.county].name),
            is_non_public: is_non_public(unit.group),
            status,
            rank,
            bonus,
        });
    }

    fn unit(&mut self, round: Uuid, unit: &Unit, subject: Subject, is_honoured: bool) {
        self.enter(Honour {
            round,
            subject,
            recommender: format!("{}总工会", COUNTIES[unit.county].name),
            is_non_public: is_non_public(unit.group),
            status: if is_honoured {
                HonourNominationStatus::Conferred
            } else {
                HonourNominationStatus::Rejected
            },
            rank: HonourRank::Winner,
            bonus: Fen(0),
        });
    }

    /// The recommendation, and what was conferred upon it.
    fn enter(&mut self, honour: Honour) {
        let (worker_id, employer_id, team_name, category, is_migrant_worker) = match honour.subject
        {
            Subject::Person(person, category) => {
                let it = &self.people.all[person];
                (Some(it.id), None, None, Some(category), it.is_migrant)
            }
            Subject::Employer(id) => (None, Some(id), None, None, false),
            Subject::Team(id, name) => (None, Some(id), Some(name), None, false),
        };
        let nomination = record!(
            self.ledger,
            division(CITY),
            honour_nomination {
                round_id: honour.round,
                worker_id,
                employer_id,
                team_name,
                category,
                is_migrant_worker,
                is_non_public: honour.is_non_public,
                recommender_name: honour.recommender,
                status: honour.status,
            }
        );
        if honour.status == HonourNominationStatus::Conferred {
            record!(
                self.ledger,
                division(CITY),
                honour_award {
                    round_id: honour.round,
                    nomination_id: Some(nomination.id),
                    worker_id,
                    employer_id,
                    team_name: nomination.team_name,
                    category,
                    rank: honour.rank,
                    document_no: Some(format!("秦工演〔{}〕18号", self.plan.year())),
                    conferred_on: self.plan.this_year(85),
                    bonus_fen: honour.bonus,
                    revoked_on: None,
                    status: HonourAwardStatus::Conferred,
                }
            );
        }
    }
}

fn is_non_public(group: OwnershipGroup) -> bool {
    use OwnershipGroup as Group;
    matches!(group, Group::Private | Group::SelfEmployed | Group::HkMoTw | Group::Foreign)
}

/// One is won, one is not.
fn hosting_rights(plan: &Plan, unions: &Unions, held: &Competitions, ledger: &mut Ledger<'_>) {
    for (competition_id, title, status) in [
        (Some(held.provincial), "河北省职工职业技能大赛承办权", HostingRightStatus::Granted),
        (None, "河北省职工数字化技能竞赛承办权", HostingRightStatus::Refused),
    ] {
        let is_granted = status == HostingRightStatus::Granted;
        record!(
            ledger,
            division(CITY),
            hosting_right {
                applicant_id: unions.city,
                competition_id,
                title: title.to_owned(),
                level: CompetitionLevel::Provincial,
                grantor_name: "河北省总工会".to_owned(),
                applied_on: plan.this_year(160),
                granted_on: is_granted.then(|| plan.this_year(110)),
                status,
            }
        );
    }
}

const TEAMS: [&str; 8] = ["焊接", "装配", "检修", "调度", "质检", "运行", "维护", "服务"];
