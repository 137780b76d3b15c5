use std::collections::HashSet;

use entity::employer::{EmployerStatus, Model, OwnershipGroup};
use sea_orm::DbErr;
use uuid::Uuid;
use value::{CreditCode, IndustryCode};

use super::{
    Plan,
    dice::{Dice, Stream},
    ledger::{Ledger, Place},
    number::CreditCodes,
    place::{COUNTIES, Shares, checked, division},
    trade::{LARGEST, TRADES, Trade},
    word,
};

/// The employers, as far as other records need to know them.
pub struct Employers {
    pub units: Vec<Unit>,
    /// Those that no longer exist, where some worked before.
    pub gone: Vec<Uuid>,
}

/// An employer with workers, who are numbered from `first` on.
pub struct Unit {
    pub id: Uuid,
    pub name: String,
    pub county: usize,
    pub trade: usize,
    pub group: OwnershipGroup,
    pub first: u32,
    pub heads: u32,
}

impl Unit {
    pub fn trade(&self) -> &'static Trade {
        &TRADES[self.trade]
    }

    /// Whether it is more than a shop and no part of the state.
    pub fn is_enterprise(&self) -> bool {
        use OwnershipGroup as Group;
        !matches!(self.group, Group::Government | Group::Institution | Group::SelfEmployed)
    }
}

impl Employers {
    /// The employer of the worker with that number.
    pub fn of(&self, person: u32) -> &Unit {
        let next = self.units.partition_point(|it| it.first <= person);
        &self.units[next - 1]
    }
}

/// Employers of the whole city.
const EMPLOYERS: u32 = 24_000;
const FEWEST: u32 = 400;
/// Sizes of the twelve largest units of the whole city; the others stay below.
const LARGEST_SIZES: [u32; 12] =
    [9_000, 6_200, 5_400, 4_800, 4_300, 4_000, 3_700, 3_500, 3_300, 3_200, 3_100, 3_050];

pub async fn make(plan: &Plan, ledger: &mut Ledger<'_>) -> Result<Employers, DbErr> {
    let dice = &mut Dice::new(plan.seed, Stream::Employer);
    let all = plan.scaled(EMPLOYERS).max(FEWEST);
    // 3 of 200 are gone.
    let gone = all * 15 / 1_000;
    ledger.expect(Place::Employer, u64::from(all));

    let mut codes = CreditCodes::new(dice);
    let mut names = HashSet::new();
    let mut employers = Employers { units: Vec::new(), gone: Vec::new() };
    let mut first = 0;
    for draft in drafts(plan, dice, (all - gone) as usize) {
        let parent = (draft.group == OwnershipGroup::StateOwned
            && employers.units.len() > LARGEST.len()
            && dice.happens(2_000))
        .then(|| employers.units[dice.below(LARGEST.len())].id);
        let row = row(draft, EmployerStatus::Active, parent, &mut codes, &mut names, dice, ledger);
        enter(&row, ledger);
        employers.units.push(Unit {
            id: row.id,
            name: row.name,
            county: draft.county,
            trade: draft.trade,
            group: draft.group,
            first,
            heads: draft.heads,
        });
        first += draft.heads;
        ledger.pass_on().await?;
    }
    for _ in 0..gone {
        let draft = Draft {
            county: dice.below(COUNTIES.len()),
            trade: dice.below(9),
            group: OwnershipGroup::Private,
            heads: 0,
        };
        let status = dice.weighted(&[
            (EmployerStatus::Cancelled, 60),
            (EmployerStatus::Revoked, 25),
            (EmployerStatus::MovedOut, 15),
        ]);
        let row = row(draft, status, None, &mut codes, &mut names, dice, ledger);
        enter(&row, ledger);
        employers.gone.push(row.id);
    }
    Ok(employers)
}

#[derive(Clone, Copy)]
struct Draft {
    county: usize,
    trade: usize,
    group: OwnershipGroup,
    heads: u32,
}

/// Sizes, counties, trades and owners, so that the shares of the workers come out; the twelve
/// largest first, the others in random order.
fn drafts(plan: &Plan, dice: &mut Dice, count: usize) -> Vec<Draft> {
    let total = u64::from(plan.workers);
    let mut counties = Shares::new(total, COUNTIES.iter().map(|it| it.share));
    let mut trades = Shares::new(total, TRADES.iter().map(|it| it.share));
    let mut drafts = Vec::with_capacity(count);
    for (place, heads) in sizes(plan, dice, count).into_iter().enumerate() {
        let county = counties.next(dice, heads);
        let trade = match LARGEST.get(place) {
            Some(code) => {
                let trade = TRADES.iter().position(|it| it.code == *code).unwrap_or_default();
                trades.take(trade, heads);
                trade
            }
            None => trades.next(dice, heads),
        };
        let owners = TRADES[trade].owners;
        let group = if owners.has_self_employed() && heads <= 10 && dice.happens(6_500) {
            OwnershipGroup::SelfEmployed
        } else {
            dice.weighted(owners.groups())
        };
        drafts.push(Draft { county, trade, group, heads });
    }
    dice.shuffle(&mut drafts[LARGEST.len()..]);
    drafts
}

/// Log-normal sizes, largest first, whose sum is the number of workers.
fn sizes(plan: &Plan, dice: &mut Dice, count: usize) -> Vec<u32> {
    let mut sizes = if plan.is_whole_city() { LARGEST_SIZES.to_vec() } else { Vec::new() };
    let largest = if plan.is_whole_city() { 3_000 } else { plan.workers / 20 };
    let left = plan.workers - sizes.iter().sum::<u32>();
    let weights: Vec<f64> = (sizes.len()..count).map(|_| dice.log_normal(8.0, 1.6)).collect();
    let sum: f64 = weights.iter().sum();
    let fixed = sizes.len();
    sizes.extend(weights.iter().map(|it| ((it / sum * f64::from(left)) as u32).clamp(1, largest)));

    // Rounding and the bounds have left a difference.
    let mut missing = i64::from(plan.workers) - sizes.iter().map(|it| i64::from(*it)).sum::<i64>();
    while missing != 0 {
        let step = missing.signum();
        let size = &mut sizes[fixed + dice.below(count - fixed)];
        if (step < 0 && *size > 1) || (step > 0 && *size < largest) {
            *size = size.saturating_add_signed(step as i32);
            missing -= step;
        }
    }
    sizes.sort_unstable_by(|a, b| b.cmp(a));
    sizes
}

fn row(
    draft: Draft,
    status: EmployerStatus,
    parent_id: Option<Uuid>,
    codes: &mut CreditCodes,
    names: &mut HashSet<String>,
    dice: &mut Dice,
    ledger: &mut Ledger<'_>,
) -> Model {
    let stamp = ledger.stamp();
    let name = loop {
        let name = name(draft, dice);
        if names.insert(name.clone()) {
            break name;
        }
    };
    Model {
        id: stamp.id,
        division_code: division(COUNTIES[draft.county].code),
        version: 1,
        created_at: stamp.at,
        updated_at: stamp.at,
        archived_at: None,
        name,
        credit_code: Some(checked::<CreditCode>(&codes.next(category(draft.group)))),
        industry_code: Some(checked::<IndustryCode>(TRADES[draft.trade].code)),
        ownership_group: draft.group,
        headcount: draft.heads as i32,
        status,
        parent_id,
    }
}

fn enter(row: &Model, ledger: &mut Ledger<'_>) {
    ledger.add(row);
    if let Some(code) = &row.credit_code {
        ledger.name(row, "demo-market", code.as_str());
    }
}

fn name(draft: Draft, dice: &mut Dice) -> String {
    let word = word::simulated(dice);
    let trade = &TRADES[draft.trade];
    match draft.group {
        OwnershipGroup::SelfEmployed | OwnershipGroup::Government => {
            format!("{}{word}{}", COUNTIES[draft.county].name, trade.small_label)
        }
        OwnershipGroup::Institution | OwnershipGroup::SocialOrganization => {
            format!("秦皇岛市{word}{}", trade.small_label)
        }
        OwnershipGroup::StateOwned | OwnershipGroup::MixedStateControlled if draft.heads >= 300 => {
            format!("秦皇岛{word}{}集团有限公司", trade.label)
        }
        OwnershipGroup::Collective => format!("秦皇岛{word}{}有限责任公司", trade.label),
        _ => format!("秦皇岛{word}{}有限公司", trade.label),
    }
}

/// Registering authority and category of a credit code.
fn category(group: OwnershipGroup) -> &'static str {
    match group {
        OwnershipGroup::Government => "11",
        OwnershipGroup::Institution => "12",
        OwnershipGroup::SocialOrganization => "51",
        OwnershipGroup::SelfEmployed => "92",
        _ => "91",
    }
}
