use chrono::NaiveDate;
use entity::{
    metric_snapshot,
    organization_coverage::{self, CoverageKind, CoverageScope},
    pay_reform_measure::{self, PayReformKind},
    performance_target,
    policy_document::{self, PolicyKind},
    skill_allowance,
    worker::SkillRank,
};
use value::Fen;

use super::{
    Plan,
    dice::{Dice, Stream},
    employer::Unit,
    ledger::{Ledger, record},
    pilot::Pilots,
    place::{CITY, CITY_NAME, COUNTIES, division},
};

/// The documents behind the batch under way, what the city aims at, and how the pilot units pay.
pub fn make(plan: &Plan, pilots: &Pilots<'_>, ledger: &mut Ledger<'_>) {
    let dice = &mut Dice::new(plan.seed, Stream::Reform);
    documents(pilots, ledger);
    target(plan, ledger);
    for (place, unit) in pilots.units.iter().enumerate() {
        measure(unit, place, pilots.started_on, plan, dice, ledger);
        coverage(unit, place, plan, dice, ledger);
    }
}

fn documents(pilots: &Pilots<'_>, ledger: &mut Ledger<'_>) {
    let year = pilots.started_on.format("%Y");
    for (place, (kind, title, summary)) in [
        (
            PolicyKind::Plan,
            "关于深化秦皇岛市第三批产业工人队伍建设改革试点工作方案",
            "围绕改革五大任务，先行先试，形成可复制、可推广的经验。",
        ),
        (
            PolicyKind::Opinion,
            "关于提高技术工人待遇的实施意见",
            "建立技术工人补助性津贴，按技能要素和创新成果参与分配。",
        ),
        (
            PolicyKind::Rules,
            "秦皇岛市劳模和工匠人才创新工作室管理办法",
            "明确命名、考核、资金补助和摘牌的程序。",
        ),
        (
            PolicyKind::Notice,
            "关于做好技能人才评价机构遴选工作的通知",
            "支持企业自主开展技能评价，贯通技能等级与职称。",
        ),
    ]
    .into_iter()
    .enumerate()
    {
        record!(
            ledger,
            division(CITY),
            policy_document {
                batch_id: (place == 0).then_some(pilots.batch),
                title: title.to_owned(),
                document_no: Some(format!("秦产改演〔{year}〕{}号", 10 + place)),
                kind,
                issuer: format!("{CITY_NAME}推进产业工人队伍建设改革领导小组"),
                issued_on: pilots.started_on,
                summary: Some(summary.to_owned()),
            }
        );
    }
}

/// Thirty institutions were aimed at; fifty are two thirds more, and were published.
fn target(plan: &Plan, ledger: &mut Ledger<'_>) {
    let year = plan.year();
    record!(
        ledger,
        division(CITY),
        performance_target {
            figure_code: "F13".to_owned(),
            title: "企业技能人才评价机构遴选数".to_owned(),
            planned_value: 30,
            started_on: NaiveDate::from_ymd_opt(year, 1, 1).unwrap_or_default(),
            ended_on: NaiveDate::from_ymd_opt(year, 12, 31).unwrap_or_default(),
            document_no: Some(format!("秦人社演〔{year}〕5号")),
        }
    );
    record!(
        ledger,
        division(CITY),
        metric_snapshot {
            figure_code: "F13".to_owned(),
            basis: None,
            started_on: None,
            ended_on: None,
            as_of: plan.yesterday(),
            published_on: Some(plan.yesterday()),
            value_scaled: Some(50),
            places: 0,
            numerator_count: None,
            denominator_count: None,
        }
    );
}

/// Two measures each: one for all, one in turn.
fn measure(
    unit: &Unit,
    place: usize,
    first: NaiveDate,
    plan: &Plan,
    dice: &mut Dice,
    ledger: &mut Ledger<'_>,
) {
    const TURNS: [(PayReformKind, &str); 3] = [
        (PayReformKind::ThreeFactorPay, "岗位价值、能力素质、业绩贡献三要素工资分配"),
        (PayReformKind::ContributionShare, "技能要素和创新成果按贡献参与分配"),
        (PayReformKind::IdentityBarrierRemoval, "取消工人与干部身份限制"),
    ];
    let own = TURNS[place % TURNS.len()];
    for (kind, title) in [(PayReformKind::SkillAllowance, "技术工人补助性津贴"), own] {
        let post = dice.between(6, 9) as i32 * 5;
        let competence = dice.between(5, 7) as i32 * 5;
        let has_factors = kind == PayReformKind::ThreeFactorPay;
        let measure = record!(
            ledger,
            division(COUNTIES[unit.county].code),
            pay_reform_measure {
                employer_id: unit.id,
                kind,
                title: title.to_owned(),
                coverage_heads: (i64::from(unit.heads) * dice.between(30, 90) / 100) as i32,
                effective_on: dice.day(first, plan.yesterday()),
                ended_on: None,
                post_value_percent: has_factors.then_some(post),
                competence_percent: has_factors.then_some(competence),
                performance_percent: has_factors.then_some(100 - post - competence),
            }
        );
        if kind == PayReformKind::SkillAllowance {
            allowances(&measure, dice, ledger);
        }
    }
}

/// By rank, each more than the one below.
fn allowances(measure: &pay_reform_measure::Model, dice: &mut Dice, ledger: &mut Ledger<'_>) {
    let mut monthly = dice.between(2, 4) * 10_000;
    for skill_rank in [
        SkillRank::Senior,
        SkillRank::Technician,
        SkillRank::SeniorTechnician,
        SkillRank::SpecialGradeTechnician,
        SkillRank::ChiefTechnician,
    ] {
        record!(
            ledger,
            measure.division_code.clone(),
            skill_allowance { measure_id: measure.id, skill_rank, monthly_fen: Fen(monthly) }
        );
        monthly += dice.between(2, 8) * 10_000;
    }
}

fn coverage(unit: &Unit, place: usize, plan: &Plan, dice: &mut Dice, ledger: &mut Ledger<'_>) {
    // Where there is no cell of the party, its work is done by one sent there.
    let party = if place % 4 == 3 { CoverageScope::Work } else { CoverageScope::Organization };
    for (kind, scope) in
        [(CoverageKind::Party, party), (CoverageKind::Union, CoverageScope::Organization)]
    {
        record!(
            ledger,
            division(COUNTIES[unit.county].code),
            organization_coverage {
                employer_id: unit.id,
                kind,
                scope,
                established_on: dice.day(plan.days_ago(7_000), plan.days_ago(10)),
                ended_on: None,
            }
        );
    }
}
