use chrono::NaiveDate;

use super::{dice::Dice, place::COUNTIES};

/// Identity numbers, each given once.
pub struct IdNumbers {
    /// The first birth date there is room for.
    first: NaiveDate,
    days: usize,
    /// How many were given, by county, birth date and sex.
    given: Vec<u16>,
}

/// The sequence numbers of one sex on one day, 001 to 997 or 002 to 998: a prime.
const SEQUENCES: u64 = 499;

impl IdNumbers {
    pub fn new(first: NaiveDate, last: NaiveDate) -> IdNumbers {
        let days = (last - first).num_days() as usize + 1;
        IdNumbers { first, days, given: vec![0; days * COUNTIES.len() * 2] }
    }

    /// A number for one born on that day and registered in that county; none where all are taken.
    pub fn next(&mut self, county: usize, birth: NaiveDate, is_male: bool) -> Option<String> {
        let day = (birth - self.first).num_days() as usize;
        let given = &mut self.given[(county * self.days + day) * 2 + usize::from(is_male)];
        while u64::from(*given) < SEQUENCES {
            // 37 is prime to the modulus, so that each is met once, scattered over the day.
            let place = (u64::from(*given) * 37 + day as u64 * 11) % SEQUENCES;
            *given += 1;
            let sequence = place * 2 + if is_male { 1 } else { 2 };
            let body = format!("{}{}{sequence:03}", COUNTIES[county].area, birth.format("%Y%m%d"));
            let number = format!("{body}{}", id_check(&body));
            // Three zeros at the end look as if a spreadsheet had rounded the number.
            if !number.ends_with("000") {
                return Some(number);
            }
        }
        None
    }
}

/// Check character of ISO 7064 MOD 11-2.
fn id_check(body: &str) -> char {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    const CHARACTERS: [char; 11] = ['1', '0', 'X', '9', '8', '7', '6', '5', '4', '3', '2'];
    let sum: u32 =
        body.bytes().zip(WEIGHTS).map(|(it, weight)| u32::from(it - b'0') * weight).sum();
    CHARACTERS[(sum % 11) as usize]
}

/// Credit codes, each given once, of registers in a division that was never allocated.
pub struct CreditCodes {
    next: u64,
}

const ALPHABET: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";
/// 31 to the power of 6: the organisations that one range of codes holds.
const ORGANIZATIONS: u64 = 887_503_681;

impl CreditCodes {
    pub fn new(dice: &mut Dice) -> CreditCodes {
        CreditCodes { next: dice.bits() % ORGANIZATIONS }
    }

    /// A code of that register and category, such as `91` for an enterprise.
    pub fn next(&mut self, category: &str) -> String {
        // A step prime to 31, so that neighbours do not look alike and none comes twice.
        self.next = (self.next + 40_503_037) % ORGANIZATIONS;
        let mut rest = self.next;
        let mut code = format!("{category}130399MA");
        for _ in 0..6 {
            code.push(char::from(ALPHABET[(rest % 31) as usize]));
            rest /= 31;
        }
        code.push(organization_check(&code[8..]));
        let check = credit_check(&code);
        code.push(check);
        code
    }
}

/// Check character of GB 11714.
fn organization_check(body: &str) -> char {
    let sum: u32 = body
        .chars()
        .zip([3, 7, 9, 10, 5, 8, 4, 2])
        .map(|(it, weight)| it.to_digit(36).unwrap_or_default() * weight)
        .sum();
    match 11 - sum % 11 {
        10 => 'X',
        11 => '0',
        digit => char::from(b'0' + digit as u8),
    }
}

/// Check character of MOD 31-3.
fn credit_check(body: &str) -> char {
    let mut weight = 1;
    let mut sum = 0;
    for character in body.bytes() {
        let value = ALPHABET.iter().position(|it| *it == character).unwrap_or_default();
        sum += value * weight;
        weight = weight * 3 % 31;
    }
    char::from(ALPHABET[(31 - sum % 31) % 31])
}

/// A number with the prefix 154, which no operator has.
pub fn phone(dice: &mut Dice) -> String {
    format!("154{:08}", dice.below(100_000_000))
}
