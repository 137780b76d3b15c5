use chrono::{Datelike, NaiveDate, TimeDelta};
use entity::{
    innovation_achievement::{self, AchievementKind, InnovationAchievementStatus},
    innovation_studio::{self, StudioKind, StudioLevel, StudioStatus},
    studio_accreditation::{self, AccreditationGrade, StudioAccreditationStatus},
    studio_grant::{self, GrantStatus},
    studio_member::{self, StudioRole},
};
use sea_orm::DbErr;
use uuid::Uuid;
use value::{DivisionCode, Fen};

use super::{
    Plan,
    dice::{Dice, Stream},
    employer::{Employers, Unit},
    ledger::{Ledger, Place},
    place::{CITY_NAME, COUNTIES, division},
    worker::{Master, People},
};

/// The studios, as far as other records need to know them: those with a grant first.
pub struct Studios {
    pub all: Vec<Studio>,
    pub achievements: Vec<Achievement>,
}

pub struct Studio {
    pub id: Uuid,
    pub founded_on: NaiveDate,
    /// The numbers of the leader and of a colleague.
    pub persons: [u32; 2],
}

pub struct Achievement {
    pub id: Uuid,
    /// The place of the studio.
    pub studio: usize,
    pub division: DivisionCode,
    pub achieved_on: NaiveDate,
    pub status: InnovationAchievementStatus,
}

/// How many studios of each level, highest first, and how many achievements.
struct Counts {
    national: usize,
    provincial: usize,
    municipal: usize,
    achievements: usize,
}

/// The published figures of the city; elsewhere fewer.
const CITY: Counts = Counts { national: 1, provincial: 50, municipal: 250, achievements: 5_975 };
const FEW: Counts = Counts { national: 1, provincial: 10, municipal: 49, achievements: 600 };
/// Of the city's 5,975 achievements 3,961 are in use.
const CONVERTED: usize = 3_961;
/// Every studio has at least so many achievements.
const FEWEST_ACHIEVEMENTS: usize = 5;
/// The ten best studios, 10,000 yuan each.
pub const GRANTS: usize = 10;
const GRANT: Fen = Fen(1_000_000);
pub const SELECTION: &str = "十佳创新工作室";

pub async fn make(
    plan: &Plan,
    employers: &Employers,
    people: &People,
    ledger: &mut Ledger<'_>,
) -> Result<Studios, DbErr> {
    let dice = &mut Dice::new(plan.seed, Stream::Studio);
    let counts = if plan.is_whole_city() { CITY } else { FEW };
    let studios = counts.national + counts.provincial + counts.municipal;
    let leaders = leaders(employers, people, studios, dice);
    let mut shares = shares(counts.achievements, studios, dice).into_iter();
    ledger.expect(Place::InnovationStudio, studios as u64);
    ledger.expect(Place::InnovationAchievement, counts.achievements as u64);

    let mut made = Studios { all: Vec::new(), achievements: Vec::new() };
    let mut achieved = 0;
    for (place, leader) in leaders.into_iter().enumerate() {
        let level = if place < counts.national {
            StudioLevel::National
        } else if place < counts.national + counts.provincial {
            StudioLevel::Provincial
        } else {
            StudioLevel::Municipal
        };
        let host = &employers.units[leader.unit];
        let founded_on = dice.day(plan.days_ago(3_600), plan.days_ago(500));
        let row = studio(leader, host, level, founded_on, people, dice, ledger);
        ledger.name(&row, "demo-studio", &format!("S{:04}", place + 1));
        accredit(&row, plan, dice, ledger);
        let colleague = members(&row, leader, host, people, plan, dice, ledger);
        if place < GRANTS {
            grant(&row, plan, ledger);
        }
        for _ in 0..shares.next().unwrap_or_default() {
            achieved += 1;
            // Spread evenly, so that the share of those in use comes out exactly.
            let is_converted = achieved * CONVERTED / CITY.achievements
                > (achieved - 1) * CONVERTED / CITY.achievements;
            let it = achievement(&row, achieved, is_converted, plan, dice, ledger);
            made.achievements.push(Achievement {
                id: it.id,
                studio: place,
                division: it.division_code,
                achieved_on: it.achieved_on,
                status: it.status,
            });
        }
        let persons = [leader.person, colleague];
        made.all.push(Studio { id: row.id, founded_on, persons });
        ledger.pass_on().await?;
    }
    Ok(made)
}

/// Masters at employers that can man a studio; few at one employer while there are others.
fn leaders<'a>(
    employers: &Employers,
    people: &'a People,
    count: usize,
    dice: &mut Dice,
) -> Vec<&'a Master> {
    let mut masters: Vec<&Master> =
        people.masters.iter().filter(|it| employers.units[it.unit].heads >= 12).collect();
    dice.shuffle(&mut masters);
    let mut at = vec![0_usize; employers.units.len()];
    let mut ranked: Vec<(usize, usize, &Master)> = Vec::with_capacity(masters.len());
    for (place, master) in masters.into_iter().enumerate() {
        at[master.unit] += 1;
        ranked.push((at[master.unit], place, master));
    }
    ranked.sort_unstable_by_key(|(nth, place, _)| (*nth, *place));
    ranked.into_iter().map(|(.., master)| master).take(count).collect()
}

/// Shares of the achievements, at least a few for each studio, whose sum is exact.
fn shares(achievements: usize, studios: usize, dice: &mut Dice) -> Vec<usize> {
    let mut shares = vec![FEWEST_ACHIEVEMENTS; studios];
    for _ in 0..achievements.saturating_sub(FEWEST_ACHIEVEMENTS * studios) {
        *shares.get_mut(dice.below(studios)).expect("a studio") += 1;
    }
    shares
}

fn studio(
    leader: &Master,
    host: &Unit,
    level: StudioLevel,
    founded_on: NaiveDate,
    people: &People,
    dice: &mut Dice,
    ledger: &mut Ledger<'_>,
) -> innovation_studio::Model {
    let stamp = ledger.stamp();
    let row = innovation_studio::Model {
        id: stamp.id,
        division_code: division(COUNTIES[host.county].code),
        version: 1,
        created_at: stamp.at,
        updated_at: stamp.at,
        archived_at: None,
        name: format!("{}劳模和工匠人才创新工作室", leader.name),
        leader_id: Some(people.all[leader.person as usize].id),
        host_employer_id: Some(host.id),
        kind: if dice.happens(200) { StudioKind::Joint } else { StudioKind::Single },
        field: host.trade().label.to_owned(),
        level,
        founded_on,
        status: StudioStatus::Active,
    };
    ledger.add(&row);
    row
}

/// Named in the year after it was founded; reviewed every three years.
fn accredit(
    studio: &innovation_studio::Model,
    plan: &Plan,
    dice: &mut Dice,
    ledger: &mut Ledger<'_>,
) {
    const REVIEW: i64 = 3 * 365;
    let named_on = studio.founded_on + TimeDelta::days(dice.between(200, 450));
    let reviews = (plan.yesterday() - named_on).num_days() / REVIEW;
    let stamp = ledger.stamp();
    ledger.add(&studio_accreditation::Model {
        id: stamp.id,
        division_code: studio.division_code.clone(),
        version: 1,
        created_at: stamp.at,
        updated_at: stamp.at,
        archived_at: None,
        studio_id: studio.id,
        level: studio.level,
        batch: format!("{}年度", named_on.year()),
        score_centi: Some(dice.between(8_000, 9_900) as i32),
        document_no: Some(format!("工创演〔{}〕{}号", named_on.year(), dice.between(1, 60))),
        named_on: Some(named_on),
        review_due_on: Some(named_on + TimeDelta::days(REVIEW * (reviews + 1))),
        grade: (reviews > 0).then(|| {
            dice.weighted(&[(AccreditationGrade::Passed, 7), (AccreditationGrade::Excellent, 3)])
        }),
        removed_on: None,
        status: StudioAccreditationStatus::Named,
    });
}

/// 5 to 12 colleagues of one employer, of whom the first leads; the number of the second.
fn members(
    studio: &innovation_studio::Model,
    leader: &Master,
    host: &Unit,
    people: &People,
    plan: &Plan,
    dice: &mut Dice,
    ledger: &mut Ledger<'_>,
) -> u32 {
    let others = dice.between(4, 11) as usize;
    let mut persons = vec![leader.person];
    let colleagues = dice.sample(others + 1, host.heads as usize);
    persons.extend(
        colleagues.into_iter().map(|it| host.first + it as u32).filter(|it| *it != leader.person),
    );
    persons.truncate(others + 1);
    let second = persons[1];
    for (place, person) in persons.into_iter().enumerate() {
        let stamp = ledger.stamp();
        ledger.add(&studio_member::Model {
            id: stamp.id,
            division_code: studio.division_code.clone(),
            version: 1,
            created_at: stamp.at,
            updated_at: stamp.at,
            archived_at: None,
            studio_id: studio.id,
            worker_id: people.all[person as usize].id,
            role: match place {
                0 => StudioRole::Leader,
                1..5 => StudioRole::Core,
                _ => StudioRole::Apprentice,
            },
            joined_on: if place < 4 {
                studio.founded_on
            } else {
                dice.day(studio.founded_on, plan.yesterday())
            },
            left_on: None,
        });
    }
    second
}

fn grant(studio: &innovation_studio::Model, plan: &Plan, ledger: &mut Ledger<'_>) {
    let stamp = ledger.stamp();
    ledger.add(&studio_grant::Model {
        id: stamp.id,
        division_code: studio.division_code.clone(),
        version: 1,
        created_at: stamp.at,
        updated_at: stamp.at,
        archived_at: None,
        studio_id: studio.id,
        amount_fen: GRANT,
        fund_source: format!("{CITY_NAME}总工会专项经费"),
        purpose: "十佳创新工作室资金补助".to_owned(),
        selection_title: Some(SELECTION.to_owned()),
        granted_on: Some(plan.days_ago(60)),
        status: GrantStatus::Paid,
    });
}

fn achievement(
    studio: &innovation_studio::Model,
    number: usize,
    is_converted: bool,
    plan: &Plan,
    dice: &mut Dice,
    ledger: &mut Ledger<'_>,
) -> innovation_achievement::Model {
    use InnovationAchievementStatus as Status;
    let kind = dice.weighted(&[
        (AchievementKind::FiveSmalls, 38),
        (AchievementKind::PatentUtility, 20),
        (AchievementKind::TechReform, 16),
        (AchievementKind::PatentInvention, 8),
        (AchievementKind::AdvancedOperationMethod, 7),
        (AchievementKind::Paper, 4),
        (AchievementKind::SoftwareCopyright, 4),
        (AchievementKind::Standard, 2),
        (AchievementKind::PatentDesign, 1),
    ]);
    let (name, prefix) = match kind {
        AchievementKind::PatentInvention => ("装置及方法", Some("ZL-DEMO-1")),
        AchievementKind::PatentUtility => ("专用装置", Some("ZL-DEMO-2")),
        AchievementKind::PatentDesign => ("外观设计", Some("ZL-DEMO-3")),
        AchievementKind::SoftwareCopyright => ("管理软件", Some("SR-DEMO-")),
        AchievementKind::FiveSmalls => ("小改小革", None),
        AchievementKind::AdvancedOperationMethod => ("先进操作法", None),
        AchievementKind::Standard => ("作业标准", None),
        AchievementKind::Paper => ("研究", None),
        AchievementKind::TechReform => ("技术改造", None),
    };
    let status = if is_converted {
        dice.weighted(&[
            (Status::Contracted, 20),
            (Status::Implemented, 60),
            (Status::RevenueShared, 20),
        ])
    } else {
        dice.weighted(&[
            (Status::Registered, 48),
            (Status::Assessed, 36),
            (Status::Exhibited, 6),
            (Status::IntentSigned, 4),
            (Status::ConversionFailed, 6),
        ])
    };
    // One that is in use was achieved a while ago.
    let last = plan.days_ago(if status == Status::Registered { 1 } else { 120 });
    let benefit = if matches!(status, Status::Implemented | Status::RevenueShared) {
        (dice.log_normal(80_000.0, 1.2) as i64).min(20_000_000) * 100
    } else {
        0
    };
    let stamp = ledger.stamp();
    let row = innovation_achievement::Model {
        id: stamp.id,
        division_code: studio.division_code.clone(),
        version: 1,
        created_at: stamp.at,
        updated_at: stamp.at,
        archived_at: None,
        studio_id: Some(studio.id),
        employer_id: studio.host_employer_id,
        title: format!("{}{}{name}", studio.field, dice.pick(&SUBJECTS)),
        kind,
        ip_no: prefix.map(|it| format!("{it}{number:06}")),
        achieved_on: dice.day(studio.founded_on, last),
        benefit_fen: Fen(benefit),
        status,
    };
    ledger.add(&row);
    row
}

const SUBJECTS: [&str; 16] = [
    "工装夹具",
    "节能降耗",
    "防错检测",
    "快速换模",
    "起吊定位",
    "焊接变形控制",
    "除尘降噪",
    "余热回收",
    "在线测量",
    "安全防护",
    "物料转运",
    "设备点检",
    "工序优化",
    "故障诊断",
    "质量追溯",
    "排产调度",
];
