use chrono::{NaiveDate, TimeDelta};
use entity::{
    employer::OwnershipGroup,
    gig_engagement,
    membership_application::{
        self, ApplicationChannel as Channel, MembershipApplicationStatus as Status, WorkCategory,
    },
    membership_drive,
    membership_transfer::{self, MembershipTransferStatus},
    union_membership::{self, UnionMembershipStatus},
};
use uuid::Uuid;

use super::{
    Plan,
    dice::{Dice, Stream},
    employer::Employers,
    ledger::{Ledger, record},
    place::{CITY, CITY_NAME, division},
    union::Unions,
    worker::People,
};

/// 200 riders and couriers scanned the code and were admitted.
const RIDERS: usize = 120;
const COURIERS: usize = 80;
/// When the rally was, days ago.
const RALLY: i64 = 45;
/// So many want to go on to another union.
const TRANSFERS: usize = 6;

/// A rally at which couriers and riders join the union, and applications that came otherwise.
pub fn make(
    plan: &Plan,
    employers: &Employers,
    people: &People,
    unions: &Unions,
    ledger: &mut Ledger<'_>,
) {
    let mut dice = Dice::new(plan.seed, Stream::Joining);
    let mut candidates: Vec<u32> = (0..people.all.len() as u32)
        .filter(|it| people.all[*it as usize].can_join)
        .filter(|it| employers.of(*it).group != OwnershipGroup::Government)
        .collect();
    dice.shuffle(&mut candidates);
    let held_on = plan.this_year(RALLY);
    let union = unions.of_gig_workers();
    let drive = record!(
        ledger,
        division(CITY),
        membership_drive {
            union_organization_id: union.id,
            title: "新就业形态劳动者集中入会行动".to_owned(),
            venue: Some(format!("{CITY_NAME}工人文化宫")),
            started_on: held_on,
            expires_on: held_on,
        }
    );
    let mut rally =
        Rally { plan, employers, people, unions, dice, candidates, held_on, transfers: 0, ledger };

    let drive = Some(drive.id);
    for (category, status, count) in [
        (WorkCategory::FoodDeliveryRider, Status::Approved, RIDERS),
        (WorkCategory::Courier, Status::Approved, COURIERS),
        (WorkCategory::FoodDeliveryRider, Status::Rejected, 7),
        (WorkCategory::Courier, Status::Rejected, 5),
        (WorkCategory::FoodDeliveryRider, Status::Submitted, 5),
        (WorkCategory::Courier, Status::Submitted, 3),
    ] {
        for _ in 0..count {
            rally.apply(drive, Channel::QrScan, category, status);
        }
    }
    for (channel, category, status) in [
        (Channel::Online, WorkCategory::TruckDriver, Status::UnderReview),
        (Channel::Online, WorkCategory::RideHailingDriver, Status::Returned),
        (Channel::Online, WorkCategory::DomesticWorker, Status::Submitted),
        (Channel::Paper, WorkCategory::Employee, Status::Submitted),
        (Channel::Paper, WorkCategory::Employee, Status::Withdrawn),
        (Channel::Online, WorkCategory::Employee, Status::Draft),
    ] {
        rally.apply(None, channel, category, status);
    }
}

struct Rally<'a, 'b, 'c> {
    plan: &'a Plan,
    employers: &'a Employers,
    people: &'a People,
    unions: &'a Unions,
    dice: Dice,
    candidates: Vec<u32>,
    held_on: NaiveDate,
    transfers: usize,
    ledger: &'c mut Ledger<'b>,
}

impl Rally<'_, '_, '_> {
    fn apply(
        &mut self,
        drive_id: Option<Uuid>,
        channel: Channel,
        category: WorkCategory,
        status: Status,
    ) {
        let person = self.candidates.pop().expect("enough who are in no union") as usize;
        let worker_id = self.people.all[person].id;
        let is_decided = matches!(status, Status::Approved | Status::Rejected);
        let last = (self.held_on + TimeDelta::days(20)).min(self.plan.yesterday());
        let decided_on = is_decided.then(|| self.dice.day(self.held_on, last));
        record!(
            self.ledger,
            division(CITY),
            membership_application {
                worker_id,
                union_organization_id: self.unions.of_gig_workers().id,
                drive_id,
                channel,
                category,
                submitted_on: (status != Status::Draft).then_some(self.held_on),
                decided_on,
                status,
            }
        );
        if category != WorkCategory::Employee {
            self.engagement(person, category);
        }
        if let (Status::Approved, Some(joined_on)) = (status, decided_on) {
            let member = record!(
                self.ledger,
                self.people.division(person, self.employers),
                union_membership {
                    worker_id,
                    union_organization_id: self.unions.of_gig_workers().id,
                    member_no: self.unions.of_gig_workers().next_member_no(),
                    joined_on,
                    ended_on: None,
                    status: UnionMembershipStatus::Active,
                    change_reason: None,
                }
            );
            if self.transfers < TRANSFERS {
                self.transfer(&member);
            }
        }
    }

    /// Some ask the union of their county to take them over, in turn without success.
    fn transfer(&mut self, member: &union_membership::Model) {
        let turn = self.transfers;
        self.transfers += 1;
        let is_refused = turn % 2 == 1;
        record!(
            self.ledger,
            member.division_code.clone(),
            membership_transfer {
                membership_id: member.id,
                from_union_id: member.union_organization_id,
                to_union_organization_id: self.unions.counties[turn % self.unions.counties.len()],
                new_membership_id: None,
                requested_on: self.plan.yesterday().max(member.joined_on),
                reason: Some("工作地点变动".to_owned()),
                decided_on: is_refused.then(|| self.plan.yesterday().max(member.joined_on)),
                status: if is_refused {
                    MembershipTransferStatus::Refused
                } else {
                    MembershipTransferStatus::Requested
                },
            }
        );
    }

    /// What they do for a platform, beside the work they are employed for.
    fn engagement(&mut self, person: usize, category: WorkCategory) {
        let platform = match category {
            WorkCategory::FoodDeliveryRider => "拟棠外卖",
            WorkCategory::Courier => "拟舸快递",
            WorkCategory::TruckDriver => "拟嵘货运",
            WorkCategory::RideHailingDriver => "拟曜出行",
            _ => "拟菡到家",
        };
        record!(
            self.ledger,
            self.people.division(person, self.employers),
            gig_engagement {
                worker_id: self.people.all[person].id,
                platform_name: platform.to_owned(),
                category,
                station_name: Some(format!("{platform}第{}站", self.dice.between(1, 40))),
                started_on: self.dice.day(self.plan.days_ago(600), self.plan.days_ago(RALLY + 10)),
                ended_on: None,
            }
        );
    }
}
