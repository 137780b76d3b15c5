use std::collections::BTreeMap;

use async_graphql::Enum;
use chrono::{Datelike, Days, Months, NaiveDate, Weekday};
use sea_orm::{DeriveActiveEnum, EnumIter};
use serde::{Deserialize, Serialize};

/// What a time limit is counted in. 期限单位
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    Serialize,
    Deserialize,
    Enum,
    EnumIter,
    DeriveActiveEnum,
)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum TermUnit {
    /// Calendar days. 日
    Day,
    /// Working days. 工作日
    Workday,
    /// Months. 月
    Month,
    /// Years. 年
    Year,
}

/// A time limit, as the law states it: so many of a unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Term {
    pub length: u32,
    pub unit: TermUnit,
}

/// Which days are worked: Monday to Friday, but for what the yearly notice of holidays says.
#[derive(Clone, Debug, Default)]
pub struct WorkCalendar {
    /// Days that are otherwise than their weekday says, and whether they are worked.
    exceptions: BTreeMap<NaiveDate, bool>,
}

impl WorkCalendar {
    /// A day off, or a weekend that is worked for one.
    pub fn except(&mut self, day: NaiveDate, is_worked: bool) {
        self.exceptions.insert(day, is_worked);
    }

    #[must_use]
    pub fn is_worked(&self, day: NaiveDate) -> bool {
        let weekday = !matches!(day.weekday(), Weekday::Sat | Weekday::Sun);
        self.exceptions.get(&day).copied().unwrap_or(weekday)
    }
}

impl Term {
    #[must_use]
    pub const fn new(length: u32, unit: TermUnit) -> Term {
        Term { length, unit }
    }

    /// The last day of a limit that begins with an event of that day (Civil Code, art. 200 to 203). The
    /// day of the event is not counted. Months and years run to the corresponding day, or the last of
    /// the month where it has none. A last day that is not worked gives way to the next that is.
    ///
    /// `None` where the calendar ends.
    #[must_use]
    pub fn due(self, event: NaiveDate, calendar: &WorkCalendar) -> Option<NaiveDate> {
        let last = match self.unit {
            TermUnit::Day => event.checked_add_days(Days::new(self.length.into()))?,
            TermUnit::Month => event.checked_add_months(Months::new(self.length))?,
            TermUnit::Year => {
                event.checked_add_months(Months::new(self.length.checked_mul(12)?))?
            }
            TermUnit::Workday => {
                let mut day = event;
                for _ in 0..self.length {
                    day = next_worked(day.succ_opt()?, calendar)?;
                }
                day
            }
        };
        next_worked(last, calendar)
    }
}

/// This day, or the first after it that is worked.
fn next_worked(day: NaiveDate, calendar: &WorkCalendar) -> Option<NaiveDate> {
    day.iter_days().find(|it| calendar.is_worked(*it))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    /// The week of the national day of 2024, with the Sunday before and the Saturday after it worked.
    fn calendar() -> WorkCalendar {
        let mut calendar = WorkCalendar::default();
        for holiday in 1..=7 {
            calendar.except(day(&format!("2024-10-0{holiday}")), false);
        }
        calendar.except(day("2024-09-29"), true);
        calendar.except(day("2024-10-12"), true);
        calendar
    }

    #[track_caller]
    fn due(length: u32, unit: TermUnit, event: &str, expected: &str) {
        assert_eq!(Term::new(length, unit).due(day(event), &calendar()), Some(day(expected)));
    }

    #[test]
    fn the_day_of_the_event_is_not_counted() {
        due(5, TermUnit::Day, "2024-03-04", "2024-03-11");
        due(4, TermUnit::Day, "2024-03-04", "2024-03-08");
        due(45, TermUnit::Day, "2024-03-01", "2024-04-15");
    }

    #[test]
    fn a_last_day_of_rest_gives_way_to_the_next_working_day() {
        // A Saturday, a holiday, and a Saturday that is worked.
        due(15, TermUnit::Day, "2024-03-01", "2024-03-18");
        due(15, TermUnit::Day, "2024-09-17", "2024-10-08");
        due(15, TermUnit::Day, "2024-09-27", "2024-10-12");
    }

    #[test]
    fn working_days_leave_out_weekends_and_holidays() {
        due(1, TermUnit::Workday, "2024-09-28", "2024-09-29");
        due(15, TermUnit::Workday, "2024-09-20", "2024-10-16");
        due(3, TermUnit::Workday, "2024-03-08", "2024-03-13");
        due(60, TermUnit::Workday, "2024-03-01", "2024-05-24");
    }

    #[test]
    fn months_and_years_run_to_the_corresponding_day() {
        due(1, TermUnit::Month, "2024-01-31", "2024-02-29");
        due(6, TermUnit::Month, "2024-03-15", "2024-09-16");
        due(1, TermUnit::Year, "2024-02-29", "2025-02-28");
        due(2, TermUnit::Year, "2022-10-08", "2024-10-08");
    }

    #[test]
    fn the_end_of_the_calendar_is_no_day() {
        let far = Term::new(u32::MAX, TermUnit::Year);
        assert_eq!(far.due(day("2024-03-01"), &calendar()), None);
    }
}
