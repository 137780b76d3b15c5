use chrono::{NaiveDate, TimeDelta};
use rand::{Rng, RngExt, SeedableRng, rngs::ChaCha8Rng};

/// Chance, from a seed. Only integers and the four operations on floats are used, which every
/// machine computes alike; `ln`, `exp` and the like may differ in the last bit.
pub struct Dice(ChaCha8Rng);

/// One stream of chance for each part of the data, so that a change to one leaves the others alone.
#[derive(Clone, Copy)]
pub enum Stream {
    Ledger,
    Employer,
    Union,
    Worker,
    Pilot,
    Competition,
    Studio,
    Dispute,
    Recovery,
    Reform,
    Honour,
    Skill,
    Training,
    Innovation,
    Agreement,
    Joining,
    Culture,
    Democracy,
    Rights,
}

impl Dice {
    pub fn new(seed: u64, stream: Stream) -> Dice {
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        random.set_stream(stream as u64);
        Dice(random)
    }

    pub fn bits(&mut self) -> u64 {
        self.0.next_u64()
    }

    /// A number from 0 to `count` - 1.
    pub fn below(&mut self, count: usize) -> usize {
        self.between(0, count as i64 - 1) as usize
    }

    /// A number from `low` to `high`, both included; `low` where `high` is less.
    pub fn between(&mut self, low: i64, high: i64) -> i64 {
        self.0.random_range(low..=high.max(low))
    }

    /// Whether something happens that happens so often in ten thousand times.
    pub fn happens(&mut self, in_ten_thousand: u32) -> bool {
        self.0.random_range(0..10_000) < in_ten_thousand
    }

    pub fn pick<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.below(of.len())]
    }

    /// One of the values, by the weights they stand with.
    pub fn weighted<T: Copy>(&mut self, of: &[(T, u32)]) -> T {
        let sum: u32 = of.iter().map(|(_, weight)| weight).sum();
        let mut left = self.0.random_range(0..sum);
        for (value, weight) in of {
            if left < *weight {
                return *value;
            }
            left -= weight;
        }
        unreachable!("the draw is less than the sum of the weights")
    }

    /// A day from `first` to `last`, both included; `first` where `last` is earlier.
    pub fn day(&mut self, first: NaiveDate, last: NaiveDate) -> NaiveDate {
        first + TimeDelta::days(self.between(0, (last - first).num_days()))
    }

    /// `count` different numbers below `limit`, or all of them, in random order.
    pub fn sample(&mut self, count: usize, limit: usize) -> Vec<usize> {
        let mut all: Vec<usize> = (0..limit).collect();
        let count = count.min(limit);
        for place in 0..count {
            let other = place + self.below(limit - place);
            all.swap(place, other);
        }
        all.truncate(count);
        all
    }

    pub fn shuffle<T>(&mut self, of: &mut [T]) {
        for place in (1..of.len()).rev() {
            of.swap(place, self.below(place + 1));
        }
    }

    /// Normal with mean 0 and deviation 1, as the sum of twelve draws (hence between -6 and 6).
    pub fn normal(&mut self) -> f64 {
        (0..12).map(|_| self.0.random_range(0.0..1.0)).sum::<f64>() - 6.0
    }

    pub fn log_normal(&mut self, median: f64, deviation: f64) -> f64 {
        let mut power = 1.0 + self.normal() * deviation / 1_048_576.0;
        // (1 + x/2^20)^(2^20) is e^x, near enough.
        for _ in 0..20 {
            power *= power;
        }
        median * power
    }
}
