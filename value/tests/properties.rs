//! What must hold for any text.

use chrono::NaiveDate;
use proptest::prelude::*;
use value::{
    CertificateNumber, CreditCode, Decimal, DivisionCode, Fen, IdNumber, IndustryCode,
    OccupationCode, PersonName, Phone, Rules, Secret, Value, text,
};

const CREDIT_ALPHABET: &str = "0123456789ABCDEFGHJKLMNPQRTUWXY";

fn rules() -> Rules {
    Rules { today: NaiveDate::from_ymd_opt(2025, 6, 15).unwrap(), synthetic: true }
}

/// Valid numbers of the unallocated county 130399: any day, any sequence.
fn id_numbers() -> impl Strategy<Value = String> {
    (1800..=2024_i32, 1..=365_u32, 1..=999_u32).prop_map(|(year, day, sequence)| {
        let birth = NaiveDate::from_yo_opt(year, day).unwrap();
        let body = format!("130399{}{sequence:03}", birth.format("%Y%m%d"));
        // The check of the standard by its definition, not by the weights of the code under test.
        let sum: u64 = body
            .bytes()
            .zip((1..=17).rev())
            .map(|(digit, power)| u64::from(digit - b'0') * 2_u64.pow(power))
            .sum();
        let check = (12 - sum % 11) % 11;
        body + &if check == 10 { "X".to_owned() } else { check.to_string() }
    })
}

/// Valid codes of division 130399 with any organisation code.
fn credit_codes() -> impl Strategy<Value = String> {
    let pairs = prop::sample::select(vec!["11", "52", "81", "89", "91", "93", "N2", "Y1"]);
    (pairs, prop::collection::vec(0..31_usize, 9)).prop_map(|(pair, organization)| {
        let alphabet = CREDIT_ALPHABET.as_bytes();
        let mut code = format!("{pair}130399");
        code.extend(organization.iter().map(|&value| char::from(alphabet[value])));
        let sum: u128 = code
            .chars()
            .zip(0..)
            .map(|(c, power)| CREDIT_ALPHABET.find(c).unwrap() as u128 * 3_u128.pow(power))
            .sum();
        code.push(char::from(alphabet[((31 - sum % 31) % 31) as usize]));
        code
    })
}

/// Accepts `valid`, and refuses it with one character replaced or two neighbours exchanged.
fn detects_slips<T: Value>(valid: &str) -> Result<(), TestCaseError> {
    prop_assert!(T::check(valid, &rules()).is_ok(), "{valid} was refused");
    let characters: Vec<char> = valid.chars().collect();
    // Beside the characters of both codes, those that are typed for them.
    for slip in "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ*-. ·〇一".chars() {
        for position in 0..characters.len() {
            let mut slipped = characters.clone();
            slipped[position] = slip;
            if slipped != characters {
                let slipped: String = slipped.into_iter().collect();
                prop_assert!(T::check(&slipped, &rules()).is_err(), "{slipped} was accepted");
            }
        }
    }
    for position in 1..characters.len() {
        let mut slipped = characters.clone();
        slipped.swap(position - 1, position);
        if slipped != characters {
            let slipped: String = slipped.into_iter().collect();
            prop_assert!(T::check(&slipped, &rules()).is_err(), "{slipped} was accepted");
        }
    }
    Ok(())
}

/// The stored text of a value is accepted and stored as it is.
fn is_stable<T: Value>(text: &str, read: fn(&T) -> &str) -> Result<(), TestCaseError> {
    if let Ok(checked) = T::check(text, &rules()) {
        let stored = read(&checked.value);
        let again = T::check(stored, &rules());
        prop_assert!(again.is_ok(), "{stored} was refused");
        let again = again.unwrap();
        prop_assert_eq!(read(&again.value), stored);
        prop_assert_eq!(again.warnings, checked.warnings);
    }
    Ok(())
}

fn are_all_stable(text: &str) -> Result<(), TestCaseError> {
    is_stable(text, IdNumber::expose)?;
    is_stable(text, Phone::expose)?;
    is_stable(text, PersonName::expose)?;
    is_stable(text, CreditCode::as_str)?;
    is_stable(text, DivisionCode::as_str)?;
    is_stable(text, IndustryCode::as_str)?;
    is_stable(text, OccupationCode::as_str)?;
    is_stable(text, CertificateNumber::as_str)
}

proptest! {
    // A failure is printed with its input, which belongs into `vectors.rs`, not into a seed file.
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn one_slip_in_an_identity_number_is_refused(number in id_numbers()) {
        detects_slips::<IdNumber>(&number)?;
    }

    #[test]
    fn one_slip_in_a_credit_code_is_refused(code in credit_codes()) {
        detects_slips::<CreditCode>(&code)?;
    }

    #[test]
    fn any_text_is_judged_without_panic_and_stored_text_is_stable(text in any::<String>()) {
        are_all_stable(&text)?;
        let _ = IdNumber::upgrade(&text);
        let _ = Fen::from_yuan(&text);
        let _ = Decimal::parse(&text);
    }

    #[test]
    fn near_misses_are_judged_without_panic(
        text in "[+＋]?[0-9０-９A-Ya-y一-龥·•. \u{200B}'-]{1,24}",
    ) {
        are_all_stable(&text)?;
    }

    #[test]
    fn well_formed_text_is_stored_as_it_is(
        (number, code) in (id_numbers(), credit_codes()),
        phone in "1[3-9][0-9]{9}",
        name in "[㐀-䶵一-龥\u{F900}-\u{FA0B}𠀀-𪛖]{1,8}(·[一-龥]{1,8}){0,2}",
        certificate in "[YS][0-9]{4}13[0-9]{8}[1-5][0-9]{6}",
        occupation in "[1-8]-[0-9]{2}-[0-9]{2}-[0-9]{2}",
    ) {
        let id = IdNumber::check(&number, &rules()).unwrap().value;
        prop_assert_eq!(id.expose(), &number);
        prop_assert_eq!(id.masked().len(), 18);
        prop_assert_eq!(id.birth_date().unwrap().format("%Y%m%d").to_string(), &number[6..14]);
        let credit = CreditCode::check(&code, &rules()).unwrap().value;
        prop_assert_eq!(credit.as_str(), &code);
        let phone_value = Phone::check(&phone, &rules()).unwrap().value;
        prop_assert_eq!(phone_value.expose(), &phone);
        let person = PersonName::check(&name, &rules()).unwrap().value;
        prop_assert_eq!(person.expose(), &name);
        prop_assert!(person.masked().contains('*'));
        let skill = CertificateNumber::check(&certificate, &rules()).unwrap().value;
        prop_assert_eq!(skill.as_str(), &certificate);
        let trade = OccupationCode::check(&occupation, &rules()).unwrap().value;
        prop_assert_eq!(trade.as_str(), &occupation);
    }

    #[test]
    fn normalised_text_is_normal(text in any::<String>(), max in 1..20_usize) {
        let code = text::code(&text);
        prop_assert_eq!(text::code(&code), code);
        if let Ok(line) = text::line(&text, max) {
            prop_assert!(line.chars().count() <= max);
            prop_assert_eq!(text::line(&line, max), Ok(line));
        }
        if let Ok(lines) = text::paragraphs(&text, max) {
            prop_assert_eq!(text::paragraphs(&lines, max), Ok(lines));
        }
    }

    #[test]
    fn money_in_yuan_comes_back(fen in any::<i64>()) {
        prop_assert_eq!(Fen::from_yuan(&Fen(fen).yuan()), Ok(Fen(fen)));
    }

    #[test]
    fn scaled_decimals_can_be_parsed(units in any::<i64>(), places in 0..18_u8) {
        let decimal = Decimal::scaled(units, places);
        prop_assert_eq!(Decimal::parse(decimal.as_str()), Ok(decimal));
    }
}
