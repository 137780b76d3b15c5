use std::cell::Cell;

use chrono::NaiveDate;
use entity::union_organization::{Model, UnionKind, UnionLevel, UnionOrganizationStatus};
use sea_orm::DbErr;
use uuid::Uuid;
use value::CreditCode;

use super::{
    Plan,
    dice::{Dice, Stream},
    employer::Employers,
    ledger::{Ledger, Place},
    number::CreditCodes,
    place::{CITY, CITY_NAME, COUNTIES, checked, division},
    word,
};

/// The unions, as far as other records need to know them.
pub struct Unions {
    pub city: Uuid,
    pub counties: Vec<Uuid>,
    /// The place among the locals of the one for couriers, riders and drivers.
    gig: usize,
    locals: Vec<Local>,
    /// The place among the locals of each employer's union.
    of_unit: Vec<usize>,
}

/// A union that has members of its own.
pub struct Local {
    pub id: Uuid,
    pub established_on: NaiveDate,
    /// County and running number.
    number: String,
    members: Cell<u32>,
}

/// From so many workers on an employer has a union of its own, by article 11 of the Trade Union
/// Law; smaller ones share one.
const OWN_UNION: u32 = 26;
const TOWNSHIPS: u32 = 110;

impl Unions {
    /// The union of the workers of an employer.
    pub fn of(&self, unit: usize) -> &Local {
        &self.locals[self.of_unit[unit]]
    }

    /// The union of those in new forms of employment.
    pub fn of_gig_workers(&self) -> &Local {
        &self.locals[self.gig]
    }
}

impl Local {
    pub fn next_member_no(&self) -> String {
        self.members.update(|it| it + 1);
        format!("{}{:08}", self.number, self.members.get())
    }
}

pub async fn make(
    plan: &Plan,
    employers: &Employers,
    ledger: &mut Ledger<'_>,
) -> Result<Unions, DbErr> {
    let mut founder = Founder {
        dice: Dice::new(plan.seed, Stream::Union),
        codes: CreditCodes::new(&mut Dice::new(plan.seed, Stream::Union)),
        yesterday: plan.yesterday(),
        ledger,
    };
    let units = employers.units.len() as u64;
    founder.ledger.expect(Place::UnionOrganization, units / 4 + u64::from(plan.scaled(TOWNSHIPS)));

    let city = founder.found(Draft {
        name: format!("{CITY_NAME}总工会"),
        division: CITY,
        level: UnionLevel::Municipal,
        kind: UnionKind::Federation,
        parent: None,
        employer: None,
        years: (1950, 1951),
    });
    let mut unions = Unions {
        city: city.id,
        counties: Vec::new(),
        gig: 0,
        locals: Vec::new(),
        of_unit: Vec::new(),
    };
    let mut townships: Vec<Vec<Uuid>> = Vec::new();
    // The unions of small employers, by county.
    let mut joint: Vec<Vec<usize>> = Vec::new();
    for county in &COUNTIES {
        let federation = founder.found(Draft {
            name: format!("{}总工会", county.name),
            division: county.code,
            level: UnionLevel::County,
            kind: UnionKind::Federation,
            parent: Some(city.id),
            employer: None,
            years: (1951, 1990),
        });
        unions.counties.push(federation.id);
        let (mut below, mut shared) = (Vec::new(), Vec::new());
        for place in 0..(plan.scaled(TOWNSHIPS) * county.share / 1_000).max(2) {
            let kind = if place % 2 == 0 { "街道" } else { "镇" };
            let name = format!("{}{}{kind}", county.name, word::simulated(&mut founder.dice));
            let township = founder.found(Draft {
                name: format!("{name}总工会"),
                division: county.code,
                level: UnionLevel::Township,
                kind: UnionKind::Federation,
                parent: Some(federation.id),
                employer: None,
                years: (1998, 2010),
            });
            below.push(township.id);
            let union = founder.found(Draft {
                name: format!("{name}企业联合工会"),
                division: county.code,
                level: UnionLevel::Grassroots,
                kind: UnionKind::JointGrassroots,
                parent: Some(township.id),
                employer: None,
                years: (2005, 2015),
            });
            shared.push(unions.locals.len());
            unions.locals.push(union.local(county.code, unions.locals.len()));
        }
        townships.push(below);
        joint.push(shared);
    }

    for unit in &employers.units {
        if unit.heads < OWN_UNION {
            unions.of_unit.push(*founder.dice.pick(&joint[unit.county]));
            continue;
        }
        let parent = *founder.dice.pick(&townships[unit.county]);
        let county = COUNTIES[unit.county].code;
        let union = founder.found(Draft {
            name: format!("{}工会委员会", unit.name),
            division: county,
            level: UnionLevel::Grassroots,
            kind: UnionKind::Grassroots,
            parent: Some(parent),
            employer: Some(unit.id),
            years: (1990, 2022),
        });
        unions.of_unit.push(unions.locals.len());
        unions.locals.push(union.local(county, unions.locals.len()));
        founder.ledger.pass_on().await?;
    }

    let union = founder.found(Draft {
        name: format!("{CITY_NAME}新就业形态劳动者工会联合会"),
        division: CITY,
        level: UnionLevel::Grassroots,
        kind: UnionKind::UnionAssociation,
        parent: Some(city.id),
        employer: None,
        years: (2021, 2021),
    });
    unions.gig = unions.locals.len();
    unions.locals.push(union.local(CITY, unions.gig));
    Ok(unions)
}

struct Founder<'a, 'b> {
    dice: Dice,
    codes: CreditCodes,
    yesterday: NaiveDate,
    ledger: &'a mut Ledger<'b>,
}

struct Draft {
    name: String,
    division: &'static str,
    level: UnionLevel,
    kind: UnionKind,
    parent: Option<Uuid>,
    employer: Option<Uuid>,
    years: (i32, i32),
}

struct Founded {
    id: Uuid,
    on: NaiveDate,
}

impl Founded {
    fn local(&self, county: &str, place: usize) -> Local {
        Local {
            id: self.id,
            established_on: self.on,
            number: format!("{county}{:05}", place + 1),
            members: Cell::new(0),
        }
    }
}

impl Founder<'_, '_> {
    fn found(&mut self, draft: Draft) -> Founded {
        let status = if draft.kind == UnionKind::Federation {
            UnionOrganizationStatus::LegalPerson
        } else {
            self.dice.weighted(&[
                (UnionOrganizationStatus::LegalPerson, 62),
                (UnionOrganizationStatus::Established, 34),
                (UnionOrganizationStatus::TermOverdue, 4),
            ])
        };
        // The code comes with the registration as a legal person.
        let credit_code = (status != UnionOrganizationStatus::Established)
            .then(|| checked::<CreditCode>(&self.codes.next("81")));
        let on = self.dice.day(new_year(draft.years.0), new_year(draft.years.1 + 1));
        let on = on.min(self.yesterday);
        let stamp = self.ledger.stamp();
        self.ledger.add(&Model {
            id: stamp.id,
            division_code: division(draft.division),
            version: 1,
            created_at: stamp.at,
            updated_at: stamp.at,
            archived_at: None,
            name: draft.name,
            credit_code,
            level: draft.level,
            kind: draft.kind,
            parent_id: draft.parent,
            employer_id: draft.employer,
            established_on: Some(on),
            status,
        });
        Founded { id: stamp.id, on }
    }
}

fn new_year(year: i32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, 1, 1).unwrap_or_default()
}
