//! Who fails to show who it is has to wait: longer each time, and never long.
//!
//! Secrets have 256 bits and cannot be guessed, so this is no lock: it keeps failures from costing the
//! database. The wait is of a client at one address, so that a stranger who fails in a client's name does
//! not keep out the client itself; and of an address, so that names cannot be tried one after another.

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Mutex, PoisonError},
};

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

/// Failures in a row that cost nothing: of one client at an address, and of the address.
const FREE: u32 = 4;
const FREE_OF_ADDRESS: u32 = 49;
/// The longest wait, in seconds.
const LONGEST: i64 = 30;
/// Whoever did not fail for so long begins anew.
const FORGIVEN: TimeDelta = TimeDelta::minutes(10);
/// So many are remembered at once.
const MAX_KEPT: usize = 10_000;

/// A client at an address, or the address.
type Who = (IpAddr, Option<Uuid>);

#[derive(Default)]
pub struct Attempts(Mutex<HashMap<Who, Failures>>);

struct Failures {
    count: u32,
    until: DateTime<Utc>,
}

impl Attempts {
    /// How many seconds to wait before a client is heard; 0 to 30.
    pub fn wait(&self, address: IpAddr, client: Uuid, now: DateTime<Utc>) -> u64 {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let ends = both(address, client).into_iter().filter_map(|it| Some(kept.get(&it)?.until));
        let left = ends.map(|it| (it - now).num_milliseconds()).max().unwrap_or_default();
        u64::try_from(left).map_or(0, |it| it.div_ceil(1_000))
    }

    pub fn failed(&self, address: IpAddr, client: Uuid, now: DateTime<Utc>) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= MAX_KEPT {
            kept.retain(|_, it| now < it.until);
        }
        for who in both(address, client) {
            if kept.len() >= MAX_KEPT && !kept.contains_key(&who) {
                continue;
            }
            let failures = kept.entry(who).or_insert(Failures { count: 0, until: now });
            if failures.until + FORGIVEN < now {
                failures.count = 0;
            }
            failures.count += 1;
            let free = if who.1.is_some() { FREE } else { FREE_OF_ADDRESS };
            let wait = match failures.count.saturating_sub(free) {
                0 => 0,
                more => LONGEST.min(1 << (more - 1).min(5)),
            };
            failures.until = now + TimeDelta::seconds(wait);
        }
    }

    pub fn succeeded(&self, address: IpAddr, client: Uuid) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for who in both(address, client) {
            kept.remove(&who);
        }
    }
}

fn both(address: IpAddr, client: Uuid) -> [Who; 2] {
    [(address, None), (address, Some(client))]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fifth_failure_in_a_row_is_waited_for_and_no_wait_is_long() {
        let (attempts, address) = (Attempts::default(), IpAddr::from([192, 0, 2, 1]));
        let (client, mut now) = (Uuid::now_v7(), DateTime::default());

        let mut waits = Vec::new();
        for _ in 0..12 {
            attempts.failed(address, client, now);
            let wait = attempts.wait(address, client, now);
            waits.push(wait);
            now += TimeDelta::seconds(wait.try_into().unwrap());
            assert_eq!(attempts.wait(address, client, now), 0);
        }

        assert_eq!(waits, [0, 0, 0, 0, 1, 2, 4, 8, 16, 30, 30, 30]);
    }

    #[test]
    fn the_client_itself_at_another_address_need_not_wait_for_a_stranger() {
        let attempts = Attempts::default();
        let (own, stranger) = (IpAddr::from([192, 0, 2, 1]), IpAddr::from([192, 0, 2, 2]));
        let (client, now) = (Uuid::now_v7(), DateTime::default());
        for _ in 0..20 {
            attempts.failed(stranger, client, now);
        }

        assert!(attempts.wait(stranger, client, now) > 0);
        assert_eq!(attempts.wait(own, client, now), 0);
        attempts.succeeded(stranger, client);
        assert_eq!(attempts.wait(stranger, client, now), 0);
    }

    #[test]
    fn an_address_that_tries_many_names_has_to_wait_whatever_the_next_is() {
        let (attempts, address) = (Attempts::default(), IpAddr::from([192, 0, 2, 1]));
        let now = DateTime::default();
        for _ in 0..60 {
            attempts.failed(address, Uuid::now_v7(), now);
        }

        assert!(attempts.wait(address, Uuid::now_v7(), now) > 0);
        assert_eq!(attempts.wait(address, Uuid::now_v7(), now + FORGIVEN), 0);
    }
}
