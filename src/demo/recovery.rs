//! Whose pay was recovered, and how much: the published figures, met exactly.

use chrono::NaiveDate;
use entity::employer::OwnershipGroup;

use super::{
    Plan,
    dice::{Dice, Stream},
    employer::Employers,
};

/// A case to be: against which employer, by which workers.
pub struct Draft {
    /// The place of the employer.
    pub unit: usize,
    /// The number of the first of the workers, who follow each other.
    pub first: u32,
    pub workers: u32,
    pub registered_on: NaiveDate,
    /// What each worker was paid, in fen; none where nothing is paid.
    pub paid: Vec<i64>,
}

/// 3,782 workers were paid 50,828,000 yuan in 420 cases.
const WORKERS: u32 = 3_782;
const CASES: usize = 420;
const TOTAL: i64 = 5_082_800_000;
/// From ten workers on a case is a collective one; of the 420 these many.
const COLLECTIVE: usize = 84;
/// Further cases of the whole city, and at least.
const FURTHER: u32 = 7_200;
const FEWEST_FURTHER: u32 = 50;

/// All cases in the order of their registration. No worker is in two.
pub fn drafts(plan: &Plan, employers: &Employers) -> Vec<Draft> {
    let dice = &mut Dice::new(plan.seed, Stream::Recovery);
    let mut free = Free::new(plan, employers);
    let mut paid = amounts(dice);
    let mut drafts = Vec::new();
    for (unit, workers) in recovered(&mut free, dice) {
        let registered_on = dice.day(plan.days_ago(1_100), plan.days_ago(260));
        let first = free.take(unit, workers);
        let paid = paid.split_off(paid.len() - workers as usize);
        drafts.push(Draft { unit, first, workers, registered_on, paid });
    }
    for _ in 0..plan.scaled(FURTHER).max(FEWEST_FURTHER) {
        let wanted = dice.weighted(&[(1, 930), (2, 40), (3, 15), (12, 10), (20, 5)]);
        let (unit, workers) = free.find(wanted, dice);
        // Four in ten are of the last weeks, so that many are under way.
        let registered_on = if dice.happens(4_000) {
            dice.day(plan.days_ago(60), plan.days_ago(2))
        } else {
            dice.day(plan.days_ago(1_100), plan.days_ago(61))
        };
        let first = free.take(unit, workers);
        drafts.push(Draft { unit, first, workers, registered_on, paid: Vec::new() });
    }
    drafts.sort_by_key(|it| it.registered_on);
    drafts
}

/// The workers of each employer who are in no case yet.
struct Free<'a> {
    plan: &'a Plan,
    employers: &'a Employers,
    taken: Vec<u32>,
}

impl<'a> Free<'a> {
    fn new(plan: &'a Plan, employers: &'a Employers) -> Free<'a> {
        Free { plan, employers, taken: vec![0; employers.units.len()] }
    }

    /// Organs of government owe nobody wages here.
    fn left(&self, unit: usize) -> u32 {
        let it = &self.employers.units[unit];
        if it.group == OwnershipGroup::Government { 0 } else { it.heads - self.taken[unit] }
    }

    fn take(&mut self, unit: usize, workers: u32) -> u32 {
        let first = self.employers.units[unit].first + self.taken[unit];
        self.taken[unit] += workers;
        first
    }

    /// An employer with so many workers left, likelier a large one; or else the one with most left.
    fn find(&self, wanted: u32, dice: &mut Dice) -> (usize, u32) {
        for _ in 0..100 {
            let person = dice.below(self.plan.workers as usize) as u32;
            let unit = self.employers.units.partition_point(|it| it.first <= person) - 1;
            if self.left(unit) >= wanted {
                return (unit, wanted);
            }
        }
        let unit = (0..self.taken.len()).max_by_key(|it| self.left(*it)).unwrap_or_default();
        (unit, self.left(unit).min(wanted))
    }
}

/// The employers and sizes of the cases in which pay was recovered.
fn recovered(free: &mut Free<'_>, dice: &mut Dice) -> Vec<(usize, u32)> {
    let mut sizes: Vec<u32> = (0..CASES)
        .map(|it| if it < COLLECTIVE { dice.between(10, 60) } else { dice.between(1, 5) } as u32)
        .collect();
    let mut sum: u32 = sizes.iter().sum();
    while sum != WORKERS {
        let size = &mut sizes[dice.below(COLLECTIVE)];
        if sum < WORKERS && *size < 60 {
            *size += 1;
            sum += 1;
        } else if sum > WORKERS && *size > 10 {
            *size -= 1;
            sum -= 1;
        }
    }
    sizes.sort_unstable_by(|a, b| b.cmp(a));

    // In a small city the large cases may not all find an employer; the others then grow.
    let mut cases = Vec::with_capacity(CASES);
    let mut missing = WORKERS;
    for size in sizes {
        let (unit, workers) = free.find(size, dice);
        free.take(unit, workers);
        cases.push((unit, workers));
        missing -= workers;
    }
    while missing > 0 {
        let place = dice.below(CASES);
        let unit = cases[place].0;
        if free.left(unit) > 0 {
            free.take(unit, 1);
            cases[place].1 += 1;
            missing -= 1;
        }
    }
    free.taken.fill(0);
    cases
}

/// Log-normal around 9,000 yuan, to the fen; the largest takes what rounding leaves.
fn amounts(dice: &mut Dice) -> Vec<i64> {
    let draws: Vec<i64> = (0..WORKERS)
        .map(|_| (dice.log_normal(900_000.0, 0.895) as i64).clamp(60_000, 12_000_000))
        .collect();
    let sum: i128 = draws.iter().map(|it| i128::from(*it)).sum();
    let mut amounts: Vec<i64> =
        draws.iter().map(|it| (i128::from(*it) * i128::from(TOTAL) / sum) as i64).collect();
    let left = TOTAL - amounts.iter().sum::<i64>();
    if let Some(largest) = amounts.iter_mut().max() {
        *largest += left;
    }
    amounts
}
