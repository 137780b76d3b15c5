use chrono::{NaiveDate, TimeDelta};
use entity::{
    agreement_party::{self, AgreementRole},
    agreement_review::{self, ReviewOpinion},
    collective_agreement::{
        self, AgreementScope as Scope, AgreementSubject as Subject,
        CollectiveAgreementStatus as Status,
    },
};
use uuid::Uuid;

use super::{
    Plan,
    dice::{Dice, Stream},
    employer::Employers,
    ledger::{Ledger, record},
    place::{COUNTIES, division},
    union::Unions,
};

/// So long an authority may object (Labour Contract Law, art. 54).
const OBJECTION: i64 = 15;
/// Of the eleven employers whose wage agreements were filed eight have one of their own.
const SINGLE: usize = 8;
const REGIONAL: usize = 3;
/// The county with most employers, so that there are three that are small.
const REGION: usize = 0;
/// The largest unit that needs no union of its own.
const SMALL: u32 = 25;

/// Wage agreements of eleven employers that were reviewed and filed, and others around them.
pub fn make(plan: &Plan, employers: &Employers, unions: &Unions, ledger: &mut Ledger<'_>) {
    let dice = &mut Dice::new(plan.seed, Stream::Agreement);
    let mut places: Vec<usize> =
        (0..employers.units.len()).filter(|it| employers.units[*it].is_enterprise()).collect();
    dice.shuffle(&mut places);
    let (mut large, small): (Vec<usize>, Vec<usize>) =
        places.into_iter().partition(|it| employers.units[*it].heads > SMALL);
    let office = &mut Office { plan, employers, unions, dice, ledger };

    for place in 0..SINGLE {
        let unit = large.pop().expect("enough employers with a union");
        let opinion =
            if place % 3 == 2 { ReviewOpinion::DeemedEffective } else { ReviewOpinion::Approved };
        office.single(unit, Subject::Wage, Some(opinion), Status::InForce);
    }
    let in_county = small.into_iter().filter(|it| employers.units[*it].county == REGION);
    let together: Vec<usize> = in_county.take(REGIONAL).collect();
    office.regional(&together, REGION);

    for (subject, opinion, status) in [
        (Subject::Wage, Some(ReviewOpinion::Objected), Status::Objected),
        (Subject::Comprehensive, Some(ReviewOpinion::Approved), Status::InForce),
        (Subject::FemaleWorkers, Some(ReviewOpinion::Approved), Status::InForce),
        (Subject::Safety, None, Status::UnderReview),
        (Subject::Wage, None, Status::Negotiating),
    ] {
        let unit = large.pop().expect("enough employers with a union");
        office.single(unit, subject, opinion, status);
    }
}

struct Office<'a, 'b> {
    plan: &'a Plan,
    employers: &'a Employers,
    unions: &'a Unions,
    dice: &'a mut Dice,
    ledger: &'a mut Ledger<'b>,
}

impl Office<'_, '_> {
    /// An agreement of one employer with its union.
    fn single(
        &mut self,
        place: usize,
        subject: Subject,
        opinion: Option<ReviewOpinion>,
        status: Status,
    ) {
        let unit = &self.employers.units[place];
        let title = format!("{}{}", unit.name, label(subject));
        let signed_on = (status != Status::Negotiating)
            .then(|| self.dice.day(self.plan.days_ago(280), self.plan.days_ago(60)));
        // One under review came in a few days ago.
        let signed_on =
            if status == Status::UnderReview { Some(self.plan.days_ago(8)) } else { signed_on };
        let county = unit.county;
        let agreement = self.agreement(
            title,
            (Scope::Enterprise, subject, county),
            unit.heads,
            (signed_on, opinion, status),
        );
        self.employer(&agreement, unit.id);
        self.union(&agreement, self.unions.of(place).id);
    }

    /// An agreement of small employers of a county with its federation.
    fn regional(&mut self, places: &[usize], county: usize) {
        let title = format!("{}区域性工资专项集体合同", COUNTIES[county].name);
        let heads = places.iter().map(|it| self.employers.units[*it].heads).sum();
        let signed_on = self.dice.day(self.plan.days_ago(280), self.plan.days_ago(60));
        let agreement = self.agreement(
            title,
            (Scope::Regional, Subject::Wage, county),
            heads,
            (Some(signed_on), Some(ReviewOpinion::Approved), Status::Published),
        );
        for place in places {
            self.employer(&agreement, self.employers.units[*place].id);
        }
        self.union(&agreement, self.unions.counties[county]);
    }

    /// The agreement with its review, where it came so far.
    fn agreement(
        &mut self,
        title: String,
        (scope, subject, county): (Scope, Subject, usize),
        heads: u32,
        (signed_on, opinion, status): (Option<NaiveDate>, Option<ReviewOpinion>, Status),
    ) -> collective_agreement::Model {
        let received_on = signed_on.map(|it| it + TimeDelta::days(self.dice.between(1, 6)));
        let due_on = received_on.map(|it| it + TimeDelta::days(OBJECTION));
        let opinion_on = match (opinion, received_on, due_on) {
            (Some(ReviewOpinion::DeemedEffective), _, Some(due)) => Some(due + TimeDelta::days(1)),
            (Some(_), Some(received), Some(due)) => {
                Some(self.dice.day(received + TimeDelta::days(2), due))
            }
            _ => None,
        };
        let is_effective = opinion_on.is_some() && opinion != Some(ReviewOpinion::Objected);
        let published_on = opinion_on
            .filter(|_| is_effective)
            .map(|it| it + TimeDelta::days(self.dice.between(1, 5)));
        // Wages are agreed on for a year, the rest for three.
        let days = if subject == Subject::Wage { 365 } else { 3 * 365 };
        let started_on = opinion_on.filter(|_| is_effective);
        let row = record!(
            self.ledger,
            division(COUNTIES[county].code),
            collective_agreement {
                title,
                scope,
                subject,
                coverage_heads: heads as i32,
                raise_centi: (subject == Subject::Wage)
                    .then(|| self.dice.between(30, 80) as i32 * 10),
                signed_on,
                published_on,
                started_on,
                ended_on: started_on.map(|it| it + TimeDelta::days(days - 1)),
                status,
            }
        );
        if let Some(received_on) = received_on {
            record!(
                self.ledger,
                row.division_code.clone(),
                agreement_review {
                    agreement_id: row.id,
                    authority_name: format!("{}人力资源和社会保障局", COUNTIES[county].name),
                    received_on,
                    due_on,
                    opinion,
                    opinion_on,
                    opinion_no: opinion.map(|_| format!(
                        "集审演〔{}〕{:03}号",
                        received_on.format("%Y"),
                        self.dice.between(1, 400)
                    )),
                }
            );
        }
        row
    }

    fn employer(&mut self, agreement: &collective_agreement::Model, id: Uuid) {
        record!(
            self.ledger,
            agreement.division_code.clone(),
            agreement_party {
                agreement_id: agreement.id,
                employer_id: Some(id),
                union_organization_id: None,
                role: AgreementRole::Employer,
            }
        );
    }

    fn union(&mut self, agreement: &collective_agreement::Model, id: Uuid) {
        record!(
            self.ledger,
            agreement.division_code.clone(),
            agreement_party {
                agreement_id: agreement.id,
                employer_id: None,
                union_organization_id: Some(id),
                role: AgreementRole::Workers,
            }
        );
    }
}

fn label(subject: Subject) -> &'static str {
    match subject {
        Subject::Comprehensive => "集体合同",
        Subject::Wage => "工资专项集体合同",
        Subject::Safety => "劳动安全卫生专项集体合同",
        Subject::FemaleWorkers => "女职工权益保护专项集体合同",
    }
}
