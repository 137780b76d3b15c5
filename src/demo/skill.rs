use chrono::{Datelike, NaiveDate, TimeDelta};
use entity::{
    pathway_recognition::{self, PathwayRecognitionStatus},
    pathway_rule::{self, PathwayDirection, TitleGrade},
    professional_title,
    skill_certificate::{self, CertificateOrigin, SkillCertificateStatus},
    skill_evaluation_institution::{
        self, InstitutionKind, SkillEvaluationInstitutionStatus as InstitutionStatus,
    },
    title_series,
    worker::SkillRank,
};
use sea_orm::DbErr;
use uuid::Uuid;

use self::series::SERIES;
use super::{
    Plan,
    dice::{Dice, Stream},
    employer::{Employers, Unit},
    ledger::{Ledger, Place, record},
    place::{CITY, COUNTIES, division},
    worker::People,
};

mod series;

/// Employers that evaluate skill: filed, and still applying.
const FILED: usize = 50;
const APPLYING: usize = 5;
const SOCIAL: usize = 6;
/// Those whose rank became a title, and those on the way.
const CERTIFIED: usize = 8;
const UNDER_WAY: [PathwayRecognitionStatus; 3] = [
    PathwayRecognitionStatus::Applied,
    PathwayRecognitionStatus::ExpertReview,
    PathwayRecognitionStatus::Rejected,
];
/// Certificates and titles of the whole city that are on record, and at least.
const CERTIFICATES: u32 = 6_000;
const FEWEST_CERTIFICATES: u32 = 200;
const TITLES: u32 = 2_000;
const FEWEST_TITLES: u32 = 60;
/// A province that there is not, so that the number is nobody's.
const PROVINCE: &str = "99";

pub async fn make(
    plan: &Plan,
    employers: &Employers,
    people: &People,
    ledger: &mut Ledger<'_>,
) -> Result<(), DbErr> {
    let mut office = Office {
        plan,
        employers,
        people,
        dice: Dice::new(plan.seed, Stream::Skill),
        institutions: Vec::new(),
        series: Vec::new(),
        certificates: 0,
        recognized: Vec::new(),
        ledger,
    };
    office.institutions();
    office.series();
    office.recognitions();
    office.certificates().await?;
    office.titles().await?;
    Ok(())
}

/// An institution that is filed.
struct Institution {
    id: Uuid,
    /// The employer; none of a social organisation.
    unit: Option<Uuid>,
    max_rank: SkillRank,
    filed_on: NaiveDate,
}

struct Office<'a, 'b, 'c> {
    plan: &'a Plan,
    employers: &'a Employers,
    people: &'a People,
    dice: Dice,
    institutions: Vec<Institution>,
    series: Vec<Uuid>,
    certificates: u32,
    /// The workers who had to have a certificate for their recognition.
    recognized: Vec<usize>,
    ledger: &'c mut Ledger<'b>,
}

impl Office<'_, '_, '_> {
    fn institutions(&mut self) {
        let mut units: Vec<&Unit> =
            self.employers.units.iter().filter(|it| it.is_enterprise()).collect();
        units.sort_by_key(|it| (std::cmp::Reverse(it.heads), it.first));
        for (place, unit) in units.into_iter().take(FILED + APPLYING).enumerate() {
            let max_rank =
                if place % 3 == 0 { SkillRank::SeniorTechnician } else { SkillRank::Technician };
            let county = COUNTIES[unit.county].code;
            self.institution(Some(unit.id), &unit.name, county, max_rank, place < FILED);
        }
        for county in COUNTIES.iter().take(SOCIAL) {
            let name = format!("{}职业技能评价中心", county.name);
            self.institution(None, &name, CITY, SkillRank::SeniorTechnician, true);
        }
    }

    fn institution(
        &mut self,
        employer_id: Option<Uuid>,
        name: &str,
        code: &str,
        max_rank: SkillRank,
        is_filed: bool,
    ) {
        let (first, last) = (self.plan.this_year(280), self.plan.this_year(40));
        let filed_on = self.dice.day(first, last);
        let place = self.institutions.len();
        let row = record!(
            self.ledger,
            division(code),
            skill_evaluation_institution {
                employer_id,
                name: name.to_owned(),
                kind: if employer_id.is_some() {
                    InstitutionKind::Employer
                } else {
                    InstitutionKind::SocialOrganization
                },
                filing_no: is_filed.then(|| format!("0000{PROVINCE}{:06}", place + 1)),
                max_rank,
                valid_from: is_filed.then_some(filed_on),
                valid_to: is_filed.then(|| filed_on + TimeDelta::days(3 * 365)),
                filed_on: is_filed.then_some(filed_on),
                revoked_on: None,
                status: if is_filed {
                    InstitutionStatus::Filed
                } else {
                    InstitutionStatus::Applied
                },
            }
        );
        if is_filed {
            self.institutions.push(Institution {
                id: row.id,
                unit: employer_id,
                max_rank,
                filed_on,
            });
        }
    }

    /// The national list, and for the eight series that skill leads to, what it takes.
    fn series(&mut self) {
        let listed_on = NaiveDate::from_ymd_opt(2021, 11, 2).unwrap_or_default();
        for (place, (name, name_en, is_pathway_linked)) in SERIES.into_iter().enumerate() {
            let series = record!(
                self.ledger,
                division(CITY),
                title_series {
                    ordinal: place as i32 + 1,
                    name: name.to_owned(),
                    name_en: Some(name_en.to_owned()),
                    is_pathway_linked,
                    valid_from: listed_on,
                    valid_to: None,
                }
            );
            if is_pathway_linked {
                for (skill_rank, grade, min_years) in PATHWAYS {
                    self.rule(
                        &series,
                        PathwayDirection::SkillToTitle,
                        skill_rank,
                        grade,
                        min_years,
                    );
                }
                let (skill_rank, grade, min_years) = PATHWAYS[0];
                self.rule(&series, PathwayDirection::TitleToSkill, skill_rank, grade, min_years);
            }
            self.series.push(series.id);
        }
    }

    fn rule(
        &mut self,
        series: &title_series::Model,
        direction: PathwayDirection,
        skill_rank: SkillRank,
        grade: TitleGrade,
        min_years: i32,
    ) {
        record!(
            self.ledger,
            series.division_code.clone(),
            pathway_rule {
                series_id: series.id,
                direction,
                skill_rank,
                grade,
                min_years,
                valid_from: series.valid_from,
                valid_to: None,
                document_no: Some("人社部发〔2020〕96号".to_owned()),
            }
        );
    }

    async fn certificates(&mut self) -> Result<(), DbErr> {
        let wanted = self.plan.scaled(CERTIFICATES).max(FEWEST_CERTIFICATES);
        self.ledger.expect(Place::SkillCertificate, u64::from(wanted));
        // Of three workers one has a rank, or more.
        for person in self.dice.sample(wanted as usize * 4, self.people.all.len()) {
            let Some(rank) = self.people.all[person].rank else { continue };
            let has_one = self.recognized.contains(&person);
            if rank > SkillRank::Apprentice && self.certificates < wanted && !has_one {
                self.certificate(person, rank);
                self.ledger.pass_on().await?;
            }
        }
        Ok(())
    }

    /// By the institution of the employer, or by a social one; older ones bear numbers of another
    /// form, as do those of the two highest ranks.
    fn certificate(&mut self, person: usize, rank: SkillRank) -> skill_certificate::Model {
        self.certificates += 1;
        let employer = self.employers.of(person as u32).id;
        let own = self.institutions.iter().position(|it| it.unit == Some(employer));
        let place = own.unwrap_or_else(|| FILED + self.dice.below(SOCIAL));
        let institution = &self.institutions[place];
        let is_appointed = rank >= SkillRank::SpecialGradeTechnician;
        let is_of_institution =
            !is_appointed && rank <= institution.max_rank && !self.dice.happens(4_000);
        let issued_on = if is_of_institution {
            self.dice.day(institution.filed_on, self.plan.yesterday())
        } else {
            self.dice.day(self.plan.days_ago(3_000), self.plan.days_ago(400))
        };
        let letter = if institution.unit.is_some() { 'Y' } else { 'S' };
        let number = if is_of_institution {
            // The digit of the level runs against the rank.
            let level = 6 - rank as i32;
            let (year, serial) = (issued_on.year() % 100, self.certificates);
            format!("{letter}0000{PROVINCE}{:06}{year:02}{level}{serial:06}", place + 1)
        } else {
            format!("DEMO-{}-{:06}", issued_on.year(), self.certificates)
        };
        let origin = if is_appointed {
            CertificateOrigin::Appointment
        } else if self.dice.happens(300) {
            CertificateOrigin::Competition
        } else {
            CertificateOrigin::Exam
        };
        record!(
            self.ledger,
            self.people.division(person, self.employers),
            skill_certificate {
                worker_id: self.people.all[person].id,
                institution_id: is_of_institution.then_some(institution.id),
                competition_entry_id: None,
                number,
                is_format_verified: is_of_institution,
                occupation_code: None,
                skill_rank: rank,
                issued_on,
                origin,
                ended_on: None,
                status: if is_of_institution && self.dice.happens(1_500) {
                    SkillCertificateStatus::Issued
                } else {
                    SkillCertificateStatus::Valid
                },
            }
        )
    }

    async fn titles(&mut self) -> Result<(), DbErr> {
        let wanted = self.plan.scaled(TITLES).max(FEWEST_TITLES) as usize;
        for person in self.dice.sample(wanted, self.people.all.len()) {
            let series = *self.dice.pick(&self.series);
            let grade = self.dice.weighted(&[
                (TitleGrade::Technician, 5),
                (TitleGrade::Assistant, 35),
                (TitleGrade::Intermediate, 42),
                (TitleGrade::AssociateSenior, 15),
                (TitleGrade::FullSenior, 3),
            ]);
            let issued_on = self.dice.day(self.plan.days_ago(6_000), self.plan.days_ago(200));
            self.title(person, series, grade, issued_on);
            self.ledger.pass_on().await?;
        }
        Ok(())
    }

    fn title(&mut self, person: usize, series: Uuid, grade: TitleGrade, issued_on: NaiveDate) {
        record!(
            self.ledger,
            self.people.division(person, self.employers),
            professional_title {
                worker_id: self.people.all[person].id,
                series_id: series,
                grade,
                specialty: None,
                issued_on,
            }
        );
    }

    /// Masters whose rank became a title, with the certificate they had and the title they got.
    fn recognitions(&mut self) {
        let linked: Vec<Uuid> =
            (0..SERIES.len()).filter(|it| SERIES[*it].2).map(|it| self.series[it]).collect();
        let masters = self.dice.sample(CERTIFIED + UNDER_WAY.len(), self.people.masters.len());
        for (place, master) in masters.into_iter().enumerate() {
            let person = self.people.masters[master].person as usize;
            let rank = self.people.all[person].rank.unwrap_or(SkillRank::Senior);
            let (_, grade, min_years) = *PATHWAYS
                .iter()
                .rfind(|(least, ..)| *least <= rank)
                .expect("a master is a senior worker");
            let certificate = self.certificate(person, rank);
            self.recognized.push(person);
            let status = match place.checked_sub(CERTIFIED) {
                None => PathwayRecognitionStatus::Certified,
                Some(place) => UNDER_WAY[place],
            };
            let certified_on = (status == PathwayRecognitionStatus::Certified)
                .then(|| self.dice.day(self.plan.this_year(60), self.plan.this_year(20)));
            let series = linked[place % linked.len()];
            record!(
                self.ledger,
                certificate.division_code,
                pathway_recognition {
                    worker_id: certificate.worker_id,
                    series_id: series,
                    certificate_id: Some(certificate.id),
                    direction: PathwayDirection::SkillToTitle,
                    skill_rank: rank,
                    grade,
                    years: min_years + self.dice.between(0, 6) as i32,
                    applied_on: self.plan.this_year(150),
                    certified_on,
                    status,
                }
            );
            if let Some(certified_on) = certified_on {
                self.title(person, series, grade, certified_on);
            }
        }
    }
}

/// From which rank to which grade, after how many years; lowest first.
const PATHWAYS: [(SkillRank, TitleGrade, i32); 3] = [
    (SkillRank::Senior, TitleGrade::Assistant, 2),
    (SkillRank::Technician, TitleGrade::Intermediate, 3),
    (SkillRank::SeniorTechnician, TitleGrade::AssociateSenior, 4),
];
