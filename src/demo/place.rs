use chrono::NaiveDate;
use value::{DivisionCode, Rules, Value};

use super::dice::Dice;

/// A county of Qinhuangdao, as present codes have it.
pub struct County {
    pub code: &'static str,
    pub name: &'static str,
    /// Of a thousand workers of the city.
    pub share: u32,
    /// The unallocated code that stands for the county in numbers of synthetic persons.
    pub area: &'static str,
    /// Manchu of ten thousand workers.
    pub manchu: u32,
}

pub const CITY: &str = "130300";
pub const CITY_NAME: &str = "秦皇岛市";
/// 抚宁县, which became 抚宁区 (130306) in 2015: some records still stand under it.
pub const OLD_FUNING: &str = "130323";
pub const FUNING: usize = 3;

pub const COUNTIES: [County; 9] = [
    county("130302", "海港区", 370, "130391", 280),
    county("130303", "山海关区", 70, "130392", 300),
    county("130304", "北戴河区", 35, "130393", 260),
    county("130306", "抚宁区", 90, "130394", 240),
    county("130321", "青龙满族自治县", 70, "130395", 6_700),
    county("130322", "昌黎县", 120, "130396", 200),
    county("130324", "卢龙县", 75, "130397", 220),
    county("130371", "秦皇岛经济技术开发区", 150, "130398", 270),
    county("130372", "北戴河新区", 20, "130399", 230),
];

const fn county(
    code: &'static str,
    name: &'static str,
    share: u32,
    area: &'static str,
    manchu: u32,
) -> County {
    County { code, name, share, area, manchu }
}

/// Reads a code that is written in this program.
pub fn division(code: &str) -> DivisionCode {
    checked(code)
}

/// Reads text that this program made as a value: by the rules, of which synthetic data keep all.
pub fn checked<T: Value>(text: &str) -> T {
    checked_on(text, NaiveDate::MAX)
}

/// As [`checked`], on the day the data are made for.
pub fn checked_on<T: Value>(text: &str, today: NaiveDate) -> T {
    match T::check(text, &Rules { today, synthetic: true }) {
        Ok(checked) => checked.value,
        Err(defect) => panic!("demo data break a rule of values: {defect}"),
    }
}

/// Hands out places by shares of a total: what is behind its share is likelier to come next.
pub struct Shares {
    due: Vec<i64>,
}

impl Shares {
    pub fn new(total: u64, shares: impl Iterator<Item = u32> + Clone) -> Shares {
        let whole: u64 = shares.clone().map(u64::from).sum();
        let due = shares.map(|it| (total * u64::from(it) / whole) as i64).collect();
        Shares { due }
    }

    pub fn next(&mut self, dice: &mut Dice, amount: u32) -> usize {
        let sum: i64 = self.due.iter().map(|it| it.max(&0)).sum();
        let mut left = dice.between(0, sum - 1);
        let mut chosen = 0;
        for (place, due) in self.due.iter().enumerate() {
            chosen = place;
            left -= due.max(&0);
            if left < 0 {
                break;
            }
        }
        self.take(chosen, amount);
        chosen
    }

    pub fn take(&mut self, place: usize, amount: u32) {
        self.due[place] -= i64::from(amount);
    }
}
