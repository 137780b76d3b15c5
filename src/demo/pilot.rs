use chrono::{NaiveDate, TimeDelta};
use entity::{
    best_practice,
    employer::OwnershipGroup,
    pilot_batch::{self, PilotBatchStatus, PilotLevel},
    pilot_measure::{self, FocusArea, ReformTask},
    pilot_unit::{self, PilotUnitKind, PilotUnitStatus},
};
use uuid::Uuid;

use super::{
    Plan,
    dice::{Dice, Stream},
    employer::{Employers, Unit},
    ledger::Ledger,
    place::{CITY, CITY_NAME, COUNTIES, division},
};

/// A batch of pilots: how many of each kind, when, and what became of it.
struct Batch {
    ordinal: i32,
    numeral: &'static str,
    counties: &'static [usize],
    units: usize,
    started_on: NaiveDate,
    ended_on: Option<NaiveDate>,
}

/// The batch under way, as far as other records need to know it.
pub struct Pilots<'a> {
    pub batch: Uuid,
    pub started_on: NaiveDate,
    pub units: Vec<&'a Unit>,
}

/// The batches of 2020 and 2021, and the one under way with 2 counties and 15 grassroots units.
pub fn make<'a>(plan: &Plan, employers: &'a Employers, ledger: &mut Ledger<'_>) -> Pilots<'a> {
    let dice = &mut Dice::new(plan.seed, Stream::Pilot);
    let mut candidates = candidates(employers, dice).into_iter();
    let mut last = None;
    for batch in [
        Batch {
            ordinal: 1,
            numeral: "首",
            counties: &[0],
            units: 8,
            started_on: day(2020, 5, 20),
            ended_on: Some(day(2021, 4, 30)),
        },
        Batch {
            ordinal: 2,
            numeral: "第二",
            counties: &[7, 3],
            units: 12,
            started_on: day(2021, 6, 10),
            ended_on: Some(day(2022, 12, 20)),
        },
        Batch {
            ordinal: 3,
            numeral: "第三",
            counties: &[1, 5],
            units: 15,
            started_on: plan.days_ago(240),
            ended_on: None,
        },
    ] {
        let units: Vec<&Unit> = candidates.by_ref().take(batch.units).collect();
        let id = enter(&batch, &units, plan, dice, ledger);
        last = Some(Pilots { batch: id, started_on: batch.started_on, units });
    }
    last.expect("there are batches")
}

/// Larger employers, of all owners in turn, so that each batch has state units and others.
fn candidates<'a>(employers: &'a Employers, dice: &mut Dice) -> Vec<&'a Unit> {
    let mut units: Vec<&Unit> = employers
        .units
        .iter()
        .filter(|it| it.group != OwnershipGroup::Government)
        .filter(|it| it.group != OwnershipGroup::SelfEmployed)
        .collect();
    units.sort_by_key(|it| (std::cmp::Reverse(it.heads), it.first));
    units.truncate(70);
    let (state, mut other): (Vec<&Unit>, Vec<&Unit>) =
        units.into_iter().partition(|it| it.group == OwnershipGroup::StateOwned);
    dice.shuffle(&mut other);
    let mut mixed = Vec::new();
    let (mut state, mut other) = (state.into_iter(), other.into_iter());
    loop {
        let two = [state.next(), other.next()];
        if two.iter().all(Option::is_none) {
            return mixed;
        }
        mixed.extend(two.into_iter().flatten());
    }
}

fn enter(
    batch: &Batch,
    units: &[&Unit],
    plan: &Plan,
    dice: &mut Dice,
    ledger: &mut Ledger<'_>,
) -> Uuid {
    let stamp = ledger.stamp();
    let batch_id = stamp.id;
    ledger.add(&pilot_batch::Model {
        id: stamp.id,
        division_code: division(CITY),
        version: 1,
        created_at: stamp.at,
        updated_at: stamp.at,
        archived_at: None,
        ordinal: batch.ordinal,
        level: PilotLevel::Municipal,
        title: format!("{CITY_NAME}{}批产业工人队伍建设改革试点", batch.numeral),
        document_no: Some(format!(
            "秦产改演〔{}〕{}号",
            batch.started_on.format("%Y"),
            batch.ordinal
        )),
        issuer: format!("{CITY_NAME}推进产业工人队伍建设改革领导小组"),
        started_on: batch.started_on,
        ended_on: batch.ended_on,
        status: if batch.ended_on.is_some() {
            PilotBatchStatus::Closed
        } else {
            PilotBatchStatus::Active
        },
    });

    let counties = batch.counties.iter().map(|it| (COUNTIES[*it].name, *it, None));
    let units = units.iter().map(|it| (it.name.as_str(), it.county, Some(*it)));
    let first_task = batch.ordinal as usize;
    for (place, (name, county, unit)) in counties.chain(units).enumerate() {
        let status = match (batch.ended_on, place % 5) {
            (Some(_), 0 | 3) => PilotUnitStatus::Promoted,
            (Some(_), _) => PilotUnitStatus::Accepted,
            (None, 0 | 2) => PilotUnitStatus::Implementing,
            (None, 1) => PilotUnitStatus::Surveying,
            (None, _) => PilotUnitStatus::Designated,
        };
        let stamp = ledger.stamp();
        let row = pilot_unit::Model {
            id: stamp.id,
            division_code: division(COUNTIES[county].code),
            version: 1,
            created_at: stamp.at,
            updated_at: stamp.at,
            archived_at: None,
            batch_id,
            kind: if unit.is_some() {
                PilotUnitKind::GrassrootsUnit
            } else {
                PilotUnitKind::CountyDistrict
            },
            name: name.to_owned(),
            level: PilotLevel::Municipal,
            employer_id: unit.map(|it| it.id),
            ownership_group: unit.map(|it| it.group),
            designated_on: Some(batch.started_on),
            status,
        };
        ledger.add(&row);
        ledger.name(&row, "demo-pilot", &format!("P{}-{:02}", batch.ordinal, place + 1));

        let last = batch.ended_on.unwrap_or(plan.yesterday());
        for step in 0..2 + dice.below(3) {
            measure(&row, first_task + place + step, last, batch, dice, ledger);
        }
        if status == PilotUnitStatus::Promoted {
            practice(&row, last, place, ledger);
        }
    }
    batch_id
}

fn measure(
    unit: &pilot_unit::Model,
    place: usize,
    last: NaiveDate,
    batch: &Batch,
    dice: &mut Dice,
    ledger: &mut Ledger<'_>,
) {
    let (task, focus_area, title, summary) = MEASURES[place * 3 % MEASURES.len()];
    let started_on = dice.day(batch.started_on + TimeDelta::days(10), last - TimeDelta::days(30));
    let stamp = ledger.stamp();
    ledger.add(&pilot_measure::Model {
        id: stamp.id,
        division_code: unit.division_code.clone(),
        version: 1,
        created_at: stamp.at,
        updated_at: stamp.at,
        archived_at: None,
        pilot_unit_id: unit.id,
        task,
        focus_area,
        title: title.to_owned(),
        summary: Some(summary.to_owned()),
        started_on,
        ended_on: batch.ended_on.map(|it| dice.day(started_on + TimeDelta::days(20), it)),
    });
}

fn practice(unit: &pilot_unit::Model, last: NaiveDate, place: usize, ledger: &mut Ledger<'_>) {
    let (title, summary) = PRACTICES[place % PRACTICES.len()];
    let stamp = ledger.stamp();
    ledger.add(&best_practice::Model {
        id: stamp.id,
        division_code: unit.division_code.clone(),
        version: 1,
        created_at: stamp.at,
        updated_at: stamp.at,
        archived_at: None,
        pilot_unit_id: unit.id,
        title: title.to_owned(),
        summary: summary.to_owned(),
        published_on: last + TimeDelta::days(30),
        is_replicable: true,
    });
}

fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap_or_default()
}

type Measure = (ReformTask, Option<FocusArea>, &'static str, &'static str);

/// As many as are prime to three, the step that walks through them.
const MEASURES: [Measure; 14] = [
    (
        ReformTask::IdeologicalGuidance,
        None,
        "开办职工“大学习”课堂",
        "分批组织一线职工学习，班组每周一课。",
    ),
    (
        ReformTask::IdeologicalGuidance,
        None,
        "开展“最美工人”推选",
        "由班组推荐、职工评议，宣传身边的先进。",
    ),
    (
        ReformTask::MeritoriousService,
        None,
        "开展劳动和技能竞赛",
        "围绕重点工程和关键工序组织竞赛，每季评比。",
    ),
    (
        ReformTask::MeritoriousService,
        None,
        "规范化建设创新工作室",
        "明确场地、经费和制度，立足岗位攻关。",
    ),
    (
        ReformTask::QualityImprovement,
        Some(FocusArea::SkillFormation),
        "自主开展技能等级评价",
        "按工种编制评价标准，考评结合。",
    ),
    (
        ReformTask::QualityImprovement,
        Some(FocusArea::SkillFormation),
        "推行新型学徒制",
        "名师带徒，签订师徒协议，出师考核。",
    ),
    (
        ReformTask::QualityImprovement,
        Some(FocusArea::CareerSpace),
        "打通技能与职称通道",
        "支持高技能人才参评职称，互认互通。",
    ),
    (
        ReformTask::StatusEnhancement,
        Some(FocusArea::PayAndBenefits),
        "建立技术工人补助性津贴",
        "按技能等级每月发放津贴。",
    ),
    (
        ReformTask::StatusEnhancement,
        Some(FocusArea::PayAndBenefits),
        "实行岗位价值工资分配",
        "工资与岗位价值、能力素质、业绩贡献挂钩。",
    ),
    (
        ReformTask::StatusEnhancement,
        None,
        "落实职工代表大会制度",
        "提高一线职工代表比例，重大事项先审议。",
    ),
    (
        ReformTask::StatusEnhancement,
        Some(FocusArea::CareerSpace),
        "取消岗位身份限制",
        "技能人才可竞聘管理岗位。",
    ),
    (
        ReformTask::WorkforceExpansion,
        None,
        "党建、产改、工建一体推进",
        "扩大党的组织覆盖和工会组织覆盖。",
    ),
    (
        ReformTask::WorkforceExpansion,
        Some(FocusArea::SkillFormation),
        "校企联合培养技能人才",
        "与技工院校共建班级，定向培养。",
    ),
    (
        ReformTask::WorkforceExpansion,
        Some(FocusArea::CareerSpace),
        "拓宽技能人才晋升通道",
        "设立首席技师等岗位，岗位间流动贯通。",
    ),
];

const PRACTICES: [(&str, &str); 4] = [
    (
        "“一岗一标准”技能评价法",
        "把岗位标准写成评价题库，评价结果直接用于定级和津贴，可在同类单位推广。",
    ),
    ("班组创新积分制", "小改小革按效益记积分，积分可兑换培训和疗休养，职工参与面明显扩大。"),
    ("师徒结对全过程记录", "用协议、周记和出师考核记录带徒过程，缩短新工上岗时间。"),
    ("工资集体协商三步法", "先公开、再协商、后表决，使技术工人工资水平随效益合理增长。"),
];
