//! How much one caller may ask for: budgets that fill up again with time.
//!
//! They are kept in the memory of each replica: with several, a caller has as many.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::{Error, Result, clock::Clock};

/// What is counted of a caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Meter {
    /// Points of cost, a minute.
    Cost,
    /// Persons looked up by their id number, a minute.
    LookupsInAMinute,
    /// Persons looked up by their id number, a day.
    LookupsInADay,
}

/// How much of each is let through. What is left over is not saved beyond one period's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Budgets {
    /// Points of cost a minute.
    pub cost: u64,
    /// Look-ups of persons by their id number a minute.
    pub lookups_in_a_minute: u64,
    /// Look-ups of persons by their id number a day.
    pub lookups_in_a_day: u64,
}

impl Default for Budgets {
    /// A partner that syncs 680,000 workers in pages of 100 spends some 700,000 points; a scanner of id
    /// numbers has about a thousand candidates for a person whose birth and county it knows.
    fn default() -> Budgets {
        Budgets { cost: 60_000_000, lookups_in_a_minute: 60, lookups_in_a_day: 1_000 }
    }
}

/// The budgets of all callers. Nobody's are shared by all who have no credential.
#[derive(Clone, Default)]
pub struct Quotas {
    clock: Clock,
    budgets: Budgets,
    buckets: Arc<Mutex<Buckets>>,
}

type Buckets = HashMap<(Option<Uuid>, Meter), Bucket>;

/// What is left, as of when.
struct Bucket {
    left: f64,
    at: DateTime<Utc>,
}

/// So many are remembered; those that are full again are forgotten first.
const MAX_BUCKETS: usize = 100_000;

impl Quotas {
    pub fn new(clock: Clock, budgets: Budgets) -> Quotas {
        Quotas { clock, budgets, buckets: Arc::default() }
    }

    /// Takes the points of an operation; what is left of the budget.
    ///
    /// # Errors
    ///
    /// `RATE_LIMITED`, with the seconds until there is enough, when there is not.
    pub fn spend(&self, caller: Option<Uuid>, points: u64) -> Result<u64> {
        self.take(caller, Meter::Cost, points)
    }

    /// Takes a look-up of a person by id number.
    ///
    /// # Errors
    ///
    /// `RATE_LIMITED`, as [`Self::spend`].
    pub fn look_up(&self, caller: Option<Uuid>) -> Result<()> {
        self.take(caller, Meter::LookupsInAMinute, 1)?;
        self.take(caller, Meter::LookupsInADay, 1)?;
        Ok(())
    }

    fn take(&self, caller: Option<Uuid>, meter: Meter, amount: u64) -> Result<u64> {
        let (budget, seconds) = match meter {
            Meter::Cost => (self.budgets.cost, 60.0),
            Meter::LookupsInAMinute => (self.budgets.lookups_in_a_minute, 60.0),
            Meter::LookupsInADay => (self.budgets.lookups_in_a_day, 86_400.0),
        };
        let (full, amount) = (budget as f64, amount as f64);
        let a_second = full / seconds;
        let now = self.clock.now();
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        if buckets.len() >= MAX_BUCKETS {
            buckets.retain(|_, it| (now - it.at).num_days() < 1);
        }
        let bucket = buckets.entry((caller, meter)).or_insert(Bucket { left: full, at: now });
        let passed = (now - bucket.at).num_milliseconds().max(0) as f64 / 1_000.0;
        bucket.left = (bucket.left + passed * a_second).min(full);
        bucket.at = now;
        if amount > bucket.left {
            let missing = amount - bucket.left;
            return Err(Error::RateLimited { retry_after: (missing / a_second).ceil() as u64 });
        }
        bucket.left -= amount;
        Ok(bucket.left as u64)
    }
}

#[cfg(test)]
mod tests {
    use chrono::Duration;

    use super::*;

    #[test]
    fn a_budget_is_spent_refused_with_a_time_and_fills_up_again() {
        let clock = Clock::default();
        let budgets = Budgets { cost: 600, lookups_in_a_minute: 60, lookups_in_a_day: 90 };
        let quotas = Quotas::new(clock.clone(), budgets);
        let (one, other) = (Some(Uuid::now_v7()), None);

        assert!(quotas.spend(one, 600).unwrap() <= 1);
        let refused = quotas.spend(one, 100).unwrap_err();
        assert!(matches!(refused, Error::RateLimited { retry_after: 10 }), "{refused:?}");
        assert!(quotas.spend(other, 600).is_ok(), "another's budget is another");
        clock.advance(Duration::seconds(11));
        assert!(quotas.spend(one, 100).is_ok());
        clock.advance(Duration::days(2));
        assert!(quotas.spend(one, 601).is_err(), "no more than one period's is saved");
    }

    #[test]
    fn look_ups_are_few_in_a_minute_and_few_in_a_day() {
        let clock = Clock::default();
        let quotas = Quotas::new(clock.clone(), Budgets::default());
        let scan = || (0..2_000).take_while(|_| quotas.look_up(None).is_ok()).count();

        let mut in_a_day = 0;
        assert_eq!(scan(), 60);
        for _ in 0..40 {
            clock.advance(Duration::minutes(1));
            in_a_day += scan();
        }
        assert!((900..1_100).contains(&(in_a_day + 60)), "{in_a_day}");
    }
}
