use chrono::{NaiveDate, TimeDelta};
use entity::{
    activity,
    activity_participation::{self, ParticipantRole},
    campaign::{self, CampaignKind},
    volunteer_enrollment::{self, VolunteerEnrollmentStatus as Status},
    volunteer_service_record,
};
use sea_orm::DbErr;
use uuid::Uuid;

use super::{
    Plan,
    dice::{Dice, Stream},
    ledger::{Ledger, Place, record},
    place::{CITY, CITY_NAME, COUNTIES, division},
    worker::People,
};

/// The city's volunteers; elsewhere one of so many workers.
const VOLUNTEERS: usize = 100_000;
const SHARE: u32 = 7;
/// Beside those that were taken, one of so many asks still, and one gave up.
const OTHERS: usize = 200;
const PARTICIPANTS: usize = 20;

/// Campaigns with what was held in each county, and the volunteers of one of them.
pub async fn make(plan: &Plan, people: &People, ledger: &mut Ledger<'_>) -> Result<(), DbErr> {
    let dice = &mut Dice::new(plan.seed, Stream::Culture);
    let persons =
        &mut dice.sample(CAMPAIGNS.len() * COUNTIES.len() * PARTICIPANTS, people.all.len());
    for (kind, title, slogan, label) in CAMPAIGNS {
        let started_on = plan.this_year(260);
        let campaign = record!(
            ledger,
            division(CITY),
            campaign {
                title: title.to_owned(),
                slogan: slogan.map(str::to_owned),
                kind,
                organizer_name: format!("{CITY_NAME}总工会"),
                started_on,
                ended_on: None,
            }
        );
        for county in 0..COUNTIES.len() {
            let held = activity(&campaign, county, label, plan, dice, ledger);
            let left = persons.len().saturating_sub(PARTICIPANTS);
            participate(&held, &persons.split_off(left), people, ledger);
        }
        ledger.pass_on().await?;
        if kind == CampaignKind::Volunteer {
            volunteers(campaign.id, started_on, plan, people, dice, ledger).await?;
        }
    }
    Ok(())
}

fn activity(
    campaign: &campaign::Model,
    county: usize,
    label: &str,
    plan: &Plan,
    dice: &mut Dice,
    ledger: &mut Ledger<'_>,
) -> activity::Model {
    let name = COUNTIES[county].name;
    record!(
        ledger,
        division(COUNTIES[county].code),
        activity {
            campaign_id: Some(campaign.id),
            title: format!("{name}{label}"),
            kind: campaign.kind,
            held_on: dice.day(campaign.started_on, plan.yesterday()),
            sessions: dice.between(1, 6) as i32,
            capacity: Some(dice.between(3, 30) as i32 * 10),
            venue: Some(format!("{name}工人文化宫")),
        }
    )
}

/// The first speaks, the next two organise; now and then one does not come.
fn participate(
    held: &activity::Model,
    persons: &[usize],
    people: &People,
    ledger: &mut Ledger<'_>,
) {
    for (place, person) in persons.iter().enumerate() {
        record!(
            ledger,
            held.division_code.clone(),
            activity_participation {
                activity_id: held.id,
                worker_id: people.all[*person].id,
                role: match place {
                    0 => ParticipantRole::Speaker,
                    1 | 2 => ParticipantRole::Organizer,
                    _ => ParticipantRole::Participant,
                },
                checked_in_on: (place % 10 != 9).then_some(held.held_on),
            }
        );
    }
}

async fn volunteers(
    campaign: Uuid,
    first: NaiveDate,
    plan: &Plan,
    people: &People,
    dice: &mut Dice,
    ledger: &mut Ledger<'_>,
) -> Result<(), DbErr> {
    let taken = if plan.is_whole_city() {
        VOLUNTEERS
    } else {
        VOLUNTEERS.min((plan.workers / SHARE) as usize)
    };
    ledger.expect(Place::VolunteerEnrollment, taken as u64);
    let others = taken.div_ceil(OTHERS);
    let last = plan.this_year(20);
    for (place, person) in dice.sample(taken + 2 * others, people.all.len()).into_iter().enumerate()
    {
        let status = if place < taken {
            dice.weighted(&[
                (Status::Approved, 45),
                (Status::Serving, 42),
                (Status::ServiceRecorded, 10),
                (Status::Certified, 3),
            ])
        } else if place < taken + others {
            Status::Applied
        } else {
            Status::Cancelled
        };
        let enrolled_on = dice.day(first, last);
        let approved_on = enrolled_on + TimeDelta::days(dice.between(1, 6));
        let approved_on = approved_on.min(plan.yesterday());
        let enrollment = record!(
            ledger,
            division(CITY),
            volunteer_enrollment {
                campaign_id: campaign,
                worker_id: people.all[person].id,
                enrolled_on,
                approved_on: (place < taken).then_some(approved_on),
                status,
            }
        );
        if matches!(status, Status::ServiceRecorded | Status::Certified) {
            record!(
                ledger,
                division(CITY),
                volunteer_service_record {
                    enrollment_id: enrollment.id,
                    served_on: dice.day(approved_on, plan.yesterday()),
                    minutes: dice.between(2, 16) as i32 * 30,
                    evaluator_name: Some(format!("{}志愿服务队", dice.pick(&COUNTIES).name)),
                }
            );
        }
        ledger.pass_on().await?;
    }
    Ok(())
}

type Campaign = (CampaignKind, &'static str, Option<&'static str>, &'static str);

const CAMPAIGNS: [Campaign; 6] = [
    (
        CampaignKind::Volunteer,
        "擦亮文明城市品牌、全市职工在行动",
        Some("擦亮文明城市品牌"),
        "职工志愿服务活动",
    ),
    (
        CampaignKind::LabourAndSkillCompetition,
        "“建功‘十四五’、争当排头兵”推动高质量发展劳动和技能竞赛",
        Some("建功“十四五”、争当排头兵"),
        "劳动竞赛现场会",
    ),
    (CampaignKind::Classroom, "“大学习”课堂", None, "“大学习”课堂"),
    (CampaignKind::Reading, "职工诵读活动", Some("书香伴我行"), "职工诵读会"),
    (CampaignKind::Selection, "“最美秦皇岛人·最美工人”推选活动", None, "“最美工人”宣讲会"),
    (CampaignKind::Rights, "维护职工队伍权益专项行动", None, "法律服务进企业"),
];
