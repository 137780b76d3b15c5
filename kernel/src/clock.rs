use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use chrono::{DateTime, Duration, FixedOffset, NaiveDate, SubsecRound, Utc};

/// The time, as a value that is passed: tests turn it, nothing else asks the machine.
#[derive(Clone, Debug, Default)]
pub struct Clock {
    ahead_ms: Arc<AtomicI64>,
}

impl Clock {
    /// Now, cut to the microsecond: PostgreSQL keeps no more, and both databases must agree.
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the machine's clock")]
    pub fn now(&self) -> DateTime<Utc> {
        let ahead = Duration::milliseconds(self.ahead_ms.load(Ordering::Relaxed));
        (Utc::now() + ahead).trunc_subsecs(6)
    }

    /// Today in China, where legal days are counted (UTC+8, no summer time).
    pub fn today(&self) -> NaiveDate {
        day_of(self.now())
    }

    /// Turns the clock on.
    pub fn advance(&self, by: Duration) {
        self.ahead_ms.fetch_add(by.num_milliseconds(), Ordering::Relaxed);
    }
}

/// The day in China that an instant falls on.
pub fn day_of(at: DateTime<Utc>) -> NaiveDate {
    let china = FixedOffset::east_opt(8 * 3600).expect("eight hours are an offset");
    at.with_timezone(&china).date_naive()
}
