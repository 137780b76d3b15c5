//! The vectors of the domain brief §10, row by row. None can belong to a person.

use chrono::NaiveDate;
use value::{
    CertificateNumber, CreditCode, Defect, DivisionCode, DivisionLevel, DocumentType, Fen,
    IdNumber, IndustryCode, OccupationCode, PersonName, Phone, Rules, Secret, Value,
};

#[track_caller]
fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap()
}

fn synthetic() -> Rules {
    Rules { today: day(2025, 6, 15), synthetic: true }
}

fn production() -> Rules {
    Rules { synthetic: false, ..synthetic() }
}

/// The value, which `text` must give without a warning.
#[track_caller]
fn clean<T: Value>(text: &str) -> T {
    let checked = T::check(text, &synthetic()).unwrap_or_else(|defect| panic!("{text}: {defect}"));
    assert_eq!(checked.warnings, [], "{text}");
    checked.value
}

#[track_caller]
fn warnings<T: Value>(text: &str) -> Vec<&'static str> {
    let checked = T::check(text, &synthetic()).unwrap_or_else(|defect| panic!("{text}: {defect}"));
    rules(&checked.warnings)
}

fn rules(defects: &[Defect]) -> Vec<&'static str> {
    defects.iter().map(|defect| defect.rule).collect()
}

/// The rule that refuses `text`.
#[track_caller]
fn refusal<T: Value>(text: &str) -> &'static str {
    match T::check(text, &synthetic()) {
        Ok(_) => panic!("{text} was accepted"),
        Err(defect) => defect.rule,
    }
}

#[test]
fn valid_identity_numbers_of_10_1_are_accepted_with_their_sex() {
    let numbers = [
        ("130399185006150191", true),
        ("130399185006150060", false),
        ("13039918500615001X", true),
        ("130399185006150079", true),
        ("130399185006150028", false),
        ("130399185006150087", false),
        ("130399185006150036", true),
        ("130399185006150095", true),
        ("130399185006150044", false),
        ("130399185006150183", false),
        ("130399185006150052", true),
        ("13039918520229001X", true),
        ("130399189912319997", true),
        ("130323185103200026", false),
        ("130306185103200038", true),
        ("13272718510320005X", true),
        ("810000185006150013", true),
        ("820000185006150023", false),
        ("830000185006150033", true),
        ("913840185006150014", true),
        ("913392185006150021", false),
    ];

    for (text, is_male) in numbers {
        let number: IdNumber = clean(text);
        assert_eq!(number.expose(), text);
        assert_eq!(number.is_male(), is_male, "{text}");
    }
}

#[test]
fn the_worked_example_of_the_standard_is_accepted_in_production() {
    let checked = IdNumber::check("34052419800101001X", &production()).unwrap();

    assert_eq!(checked.warnings, []);
    assert_eq!(checked.value.birth_date(), Some(day(1980, 1, 1)));
    assert_eq!(checked.value.area(), "340524");
}

#[test]
fn a_number_of_15_digits_is_refused_but_can_be_upgraded() {
    assert_eq!(refusal::<IdNumber>("130399500615003"), "ID-12");
    let upgraded = IdNumber::upgrade("130399 500615 003").unwrap();

    assert_eq!(upgraded, "130399195006150035");
    let number: IdNumber = clean(&upgraded);
    assert_eq!(number.masked(), "130***********0035");
    for text in ["", "13039950061500", "1303995006150035", "13039950061500X"] {
        assert_eq!(IdNumber::upgrade(text), None, "{text}");
    }
}

#[test]
fn broken_identity_numbers_of_10_2_are_refused_by_rule() {
    let broken = [
        ("130399185006150192", "ID-02"),
        ("130399815006150079", "ID-02"),
        ("13039918500615001", "ID-01"),
        ("13039918500615001X0", "ID-01"),
        ("1303991850061500XX", "ID-01"),
        ("130399185102290012", "ID-03"),
        ("130399185013010015", "ID-03"),
        ("130399185004310016", "ID-03"),
        ("130399209901010017", "ID-03"),
        ("000000185006150012", "ID-04"),
        ("1.30399E+17", "DQ-ID-06"),
        ("1.30399e+17", "DQ-ID-06"),
        ("130399185006150000", "ID-02"),
        ("l30399185006150191", "ID-01"),
        ("130399O85006150191", "ID-01"),
        ("١٣٠٣٩٩١٨٥٠٠٦١٥٠١٩١", "ID-01"),
        ("", "ID-01"),
        ("X", "ID-01"),
        ("13039918500615001E", "ID-01"),
    ];

    for (text, rule) in broken {
        assert_eq!(refusal::<IdNumber>(text), rule, "{text}");
    }
}

#[test]
fn written_forms_of_10_2_are_put_right() {
    let forms = [
        "13039918500615001x",
        "１３０３９９１８５００６１５００１Ｘ",
        "１３０３９９１８５００６１５００１ｘ",
        "130399 18500615 001X",
        "'13039918500615001X",
        "\u{FEFF}130399\u{A0}18500615\u{200B}001X\u{3000}",
    ];

    for text in forms {
        assert_eq!(clean::<IdNumber>(text).expose(), "13039918500615001X", "{text}");
    }
}

#[test]
fn doubtful_identity_numbers_are_accepted_with_a_warning() {
    let doubtful = [
        ("130399185006150001", ["ID-06"]),
        ("130399185006157000", ["DQ-ID-06"]),
        ("130371185006150013", ["ID-04"]),
        ("91384018501301001X", ["ID-03"]),
    ];

    for (text, expected) in doubtful {
        assert_eq!(warnings::<IdNumber>(text), expected, "{text}");
    }
    // First digit 9: a foreign permanent resident's number, of which only the check is a rule.
    assert_eq!(clean::<IdNumber>("999999185006150010").document_type(), DocumentType::Fpr2023);
    assert_eq!(warnings::<IdNumber>("840399185006150017"), ["ID-04"]);
}

#[test]
fn production_refuses_synthetic_counties_and_early_births() {
    let refused = [
        ("130399195006150035", "ID-04"),
        ("130399190001010014", "ID-04"),
        ("130323185103200026", "ID-03"),
        ("340524189912310019", "ID-03"),
    ];

    for (text, rule) in refused {
        assert_eq!(IdNumber::check(text, &production()).unwrap_err().rule, rule, "{text}");
    }
    assert!(IdNumber::check("340524190001010013", &production()).is_ok());
}

#[test]
fn an_identity_number_tells_document_birth_and_age() {
    let documents = [
        ("130399185006150191", DocumentType::ResidentId),
        ("810000185006150013", DocumentType::HkMoResidence),
        ("820000185006150023", DocumentType::HkMoResidence),
        ("830000185006150033", DocumentType::TwResidence),
        ("913840185006150014", DocumentType::Fpr2023),
    ];
    for (text, document) in documents {
        assert_eq!(clean::<IdNumber>(text).document_type(), document, "{text}");
    }

    let number: IdNumber = clean("130399195006150035");
    assert_eq!(number.age_on(day(2025, 6, 14)), Some(74));
    assert_eq!(number.age_on(day(2025, 6, 15)), Some(75));
    assert_eq!(number.age_on(day(1950, 6, 14)), None);
    let leap: IdNumber = clean("13039918520229001X");
    assert_eq!(leap.age_on(day(1853, 2, 28)), Some(0));
    assert_eq!(leap.age_on(day(1853, 3, 1)), Some(1));
}

#[test]
fn a_birth_on_the_day_of_the_check_is_not_in_the_future() {
    let number = "130399185006150191";
    let on = |today| IdNumber::check(number, &Rules { today, synthetic: true });

    assert!(on(day(1850, 6, 15)).is_ok());
    assert_eq!(on(day(1850, 6, 14)).unwrap_err().rule, "ID-03");
}

#[test]
fn valid_credit_codes_of_10_3_are_accepted() {
    let codes = [
        "91130399MATE5T0175",
        "92130399MATE5T0172",
        "93130399MATE5T017Y",
        "81130399MATE5T0176",
        "89130399MATE5T017D",
        "11130399MATE5T017D",
        "12130399MATE5T017A",
        "51130399MATE5T0179",
        "52130399MATE5T0176",
        "35130399MATE5T017Y",
        "N2130399MATE5T017L",
        "Y1130399MATE5T017F",
        "911303990000004650",
        "91130399000000107Y",
        "9113039900000006XK",
        "91130399000000190J",
    ];

    for text in codes {
        let code: CreditCode = clean(text);
        assert_eq!(code.as_str(), text);
        assert_eq!(code.category(), &text[..2]);
        assert_eq!(code.division(), "130399");
        assert_eq!(code.is_union(), matches!(&text[..2], "81" | "89"), "{text}");
    }
}

#[test]
fn broken_credit_codes_of_10_4_are_refused_by_rule() {
    let broken = [
        ("91130399MATE5T0176", "USCC-02"),
        ("91130399MAET5T0175", "USCC-02"),
        ("91130399IATE5T0175", "USCC-01"),
        ("91130399SATE5T0175", "USCC-01"),
        ("91130399MATE5T017", "USCC-01"),
        ("91130399MATE5T01755", "USCC-01"),
        ("94130399MATE5T0175", "USCC-04"),
        ("94130399MATE5T017U", "USCC-04"),
        ("", "USCC-01"),
    ];

    for (text, rule) in broken {
        assert_eq!(refusal::<CreditCode>(text), rule, "{text}");
    }
    assert_eq!(clean::<CreditCode>("91130399mate5t0175").as_str(), "91130399MATE5T0175");
}

#[test]
fn doubtful_credit_codes_of_10_4_are_accepted_with_a_warning() {
    assert_eq!(warnings::<CreditCode>("91130399MATE5T010F"), ["USCC-03"]);
    assert_eq!(warnings::<CreditCode>("91000000MATE5T0175"), ["USCC-05"]);
    assert_eq!(warnings::<CreditCode>("91130371MATE5T017J"), ["USCC-05"]);
    assert_eq!(warnings::<CreditCode>("91100000MATE5T017U"), [""; 0]);
    let unallocated = CreditCode::check("91130399MATE5T0175", &production()).unwrap();
    assert_eq!(rules(&unallocated.warnings), ["USCC-05"]);
}

#[test]
fn the_codes_of_an_employer_and_of_its_union_are_not_exchanged() {
    let (employer, union) = ("91130399MATE5T0175", "81130399MATE5T0176");

    assert!(CreditCode::for_employer(employer, &synthetic()).is_ok());
    assert!(CreditCode::for_union(union, &synthetic()).is_ok());
    assert_eq!(CreditCode::for_employer(union, &synthetic()).unwrap_err().rule, "USCC-06");
    assert_eq!(CreditCode::for_union(employer, &synthetic()).unwrap_err().rule, "USCC-06");
    assert_eq!(
        CreditCode::for_union("81130399MATE5T0175", &synthetic()).unwrap_err().rule,
        "USCC-02"
    );
}

#[test]
fn phones_of_10_5_are_normalised_or_refused() {
    let phones = [
        ("15412345678", "15412345678", "154****5678"),
        ("+86 154-1234-5678", "15412345678", "154****5678"),
        ("0086 154 1234 5678", "15412345678", "154****5678"),
        ("＋８６１５４１２３４５６７８", "15412345678", "154****5678"),
        ("+852 5123 4567", "+85251234567", "+852****4567"),
        ("00853 6612 3456", "+85366123456", "+853****3456"),
        ("+886 912-345-678", "+886912345678", "+886****5678"),
    ];

    for (text, stored, masked) in phones {
        let phone: Phone = clean(text);
        assert_eq!(phone.expose(), stored);
        assert_eq!(phone.masked(), masked);
    }
    let refused = [
        "12345678901",
        "1541234567",
        "154123456789",
        "+85215412345678",
        "+8615",
        "+86+8615412345678",
        "154****5678",
        "١٥٤١٢٣٤٥٦٧٨",
        "",
    ];
    for text in refused {
        assert_eq!(refusal::<Phone>(text), "PHONE-01", "{text}");
    }
}

#[test]
fn certificate_numbers_of_10_5_are_checked_for_shape() {
    let number: CertificateNumber = clean("Y000013000001241000001");
    assert_eq!(number.institution(), "000013000001");
    assert_eq!(number.level(), Some(1));
    assert!(number.is_by_employer());
    assert!(!clean::<CertificateNumber>("S000013000002245000001").is_by_employer());

    assert_eq!(warnings::<CertificateNumber>("Y000013000001 24T 000001"), ["CERT-02"]);
    assert_eq!(warnings::<CertificateNumber>("Y000019000001241000001"), ["CERT-03"]);
    let refused = [
        ("S000013000002246000001", "CERT-02"),
        ("S000013000002240000001", "CERT-02"),
        ("Y00001300000124100001", "CERT-01"),
        ("Y0000130000012410000011", "CERT-01"),
        ("R000013000001241000001", "CERT-01"),
        ("Y00001300000124100000A", "CERT-01"),
        ("Y000013000001A41000001", "CERT-01"),
        ("Y00001300000124-000001", "CERT-01"),
        ("Y", "CERT-01"),
        ("", "CERT-01"),
    ];
    for (text, rule) in refused {
        assert_eq!(refusal::<CertificateNumber>(text), rule, "{text}");
    }
}

#[test]
fn industry_codes_of_10_5_match_letter_and_division() {
    for text in ["C3714", "C371", "C37", "C"] {
        assert_eq!(clean::<IndustryCode>(text).section(), "C");
    }
    assert_eq!(clean::<IndustryCode>("c3714").division(), Some("37"));
    assert_eq!(clean::<IndustryCode>("C").division(), None);
    let refused = [
        ("D37", "INDUSTRY-02"),
        ("A00", "INDUSTRY-02"),
        ("T98", "INDUSTRY-02"),
        ("U97", "INDUSTRY-01"),
        ("C3", "INDUSTRY-01"),
        ("C37145", "INDUSTRY-01"),
        ("C3A", "INDUSTRY-01"),
        ("37", "INDUSTRY-01"),
        ("", "INDUSTRY-01"),
    ];
    for (text, rule) in refused {
        assert_eq!(refusal::<IndustryCode>(text), rule, "{text}");
    }
}

#[test]
fn each_industry_division_belongs_to_one_section() {
    let sections = [
        ('A', 1..=5),
        ('B', 6..=12),
        ('C', 13..=43),
        ('D', 44..=46),
        ('E', 47..=50),
        ('F', 51..=52),
        ('G', 53..=60),
        ('H', 61..=62),
        ('I', 63..=65),
        ('J', 66..=69),
        ('K', 70..=70),
        ('L', 71..=72),
        ('M', 73..=75),
        ('N', 76..=79),
        ('O', 80..=82),
        ('P', 83..=83),
        ('Q', 84..=85),
        ('R', 86..=90),
        ('S', 91..=96),
        ('T', 97..=97),
    ];

    for (letter, divisions) in sections {
        for division in 0..=99 {
            let text = format!("{letter}{division:02}");
            let is_accepted = IndustryCode::check(&text, &production()).is_ok();
            assert_eq!(is_accepted, divisions.contains(&division), "{text}");
        }
    }
}

#[test]
fn occupation_codes_of_10_5_are_checked_for_shape() {
    assert_eq!(clean::<OccupationCode>("6-18-02-04").major_group(), "6");
    assert_eq!(clean::<OccupationCode>("６－18–02−04").as_str(), "6-18-02-04");
    for text in ["9-01-01-01", "0-01-01-01", "6-18-02", "6-18-02-4", "6180204", "6-18-02-04-", ""] {
        assert_eq!(refusal::<OccupationCode>(text), "OCCUPATION-01", "{text}");
    }
}

#[test]
fn divisions_have_a_level_and_contain_by_prefix() {
    let levels = [
        ("130000", DivisionLevel::Province, "13"),
        ("130300", DivisionLevel::Prefecture, "1303"),
        ("130302", DivisionLevel::County, "130302"),
        ("130323", DivisionLevel::County, "130323"),
        ("130371", DivisionLevel::County, "130371"),
        ("710000", DivisionLevel::Province, "71"),
    ];
    for (text, level, prefix) in levels {
        let division: DivisionCode = clean(text);
        assert_eq!((division.level(), division.prefix()), (level, prefix));
    }

    let city: DivisionCode = clean("130300");
    assert!(city.contains(&clean("130302")));
    assert!(city.contains(&city));
    assert!(!city.contains(&clean("130000")));
    assert!(!clean::<DivisionCode>("130302").contains(&clean("130303")));

    let refused = [
        ("13030", "DIVISION-01"),
        ("1303021", "DIVISION-01"),
        ("13030A", "DIVISION-01"),
        ("١٣٠", "DIVISION-01"),
        ("000000", "DIVISION-02"),
        ("160000", "DIVISION-02"),
        ("830000", "DIVISION-02"),
    ];
    for (text, rule) in refused {
        assert_eq!(refusal::<DivisionCode>(text), rule, "{text}");
    }
}

#[test]
fn a_division_lies_in_a_province() {
    let provinces = [11..=15, 21..=23, 31..=37, 41..=46, 50..=54, 61..=65, 71..=71, 81..=82];

    for pair in 0..=99 {
        let is_accepted = DivisionCode::check(&format!("{pair:02}0000"), &production()).is_ok();
        assert_eq!(is_accepted, provinces.iter().any(|range| range.contains(&pair)), "{pair}");
    }
}

#[test]
fn every_separator_of_a_name_becomes_the_middle_dot() {
    for separator in
        ['\u{B7}', '\u{2022}', '\u{2027}', '\u{30FB}', '.', '\u{FF0E}', '\u{2219}', '\u{25CF}', '-']
    {
        let name: PersonName = clean(&format!("阿依古丽{separator}买买提"));
        assert_eq!(name.expose(), "阿依古丽\u{B7}买买提", "{separator:?}");
    }
}

#[test]
fn rare_long_and_foreign_names_fit() {
    let long: String = "买".repeat(26);
    let longest: String = "买".repeat(50);
    // U+F9F6 is a compatibility ideograph: NFC would make U+81E8 of it.
    for text in
        ["𠮷野", "㛃野", "𬭎野", "〇野", "\u{F9F6}野", "O'NEIL-SMITH, J. R.", &long, &longest]
    {
        assert_eq!(clean::<PersonName>(text).expose(), text);
    }
    assert_eq!(clean::<PersonName>("\u{3000}王芳 \u{200B}").expose(), "王芳");
    assert_eq!(clean::<PersonName>("Ｓmith John").expose(), "SMITH JOHN");

    assert_eq!(warnings::<PersonName>("䶮"), ["NAME-04"]);
    assert_eq!(warnings::<PersonName>("王\u{E123}"), ["NAME-05"]);
}

#[test]
fn texts_that_are_no_name_are_refused_by_rule() {
    let too_long = "买".repeat(51);
    let refused = [
        ("王 芳", "NAME-01"),
        ("王?", "NAME-01"),
        ("张*", "NAME-01"),
        ("张san", "NAME-01"),
        ("A", "NAME-01"),
        ("'NEIL", "NAME-01"),
        ("JOSÉ", "NAME-01"),
        ("1", "NAME-01"),
        ("·", "NAME-01"),
        ("", "NAME-02"),
        (" \u{FEFF}", "NAME-02"),
        (too_long.as_str(), "NAME-02"),
        ("·买买提", "NAME-03"),
        ("买买提·", "NAME-03"),
        ("阿依··买", "NAME-03"),
        ("王\0芳", "TEXT-01"),
        ("王\n芳", "TEXT-01"),
        ("王\u{202E}芳", "TEXT-02"),
    ];

    for (text, rule) in refused {
        assert_eq!(refusal::<PersonName>(text), rule, "{text:?}");
    }
}

#[test]
fn a_masked_name_shows_the_surname() {
    let masks = [
        ("张三", "张*"),
        ("张三丰", "张**"),
        ("张三三丰", "张**"),
        ("欧阳修", "欧阳*"),
        ("欧阳娜娜", "欧阳**"),
        ("欧阳", "欧*"),
        ("阿依古丽·买买提", "阿*·*"),
        ("SMITH JOHN", "S**"),
    ];
    for (text, masked) in masks {
        assert_eq!(clean::<PersonName>(text).masked(), masked);
    }
    let single = PersonName::check("䶮", &synthetic()).unwrap().value;
    assert_eq!(single.masked(), "*");
}

#[test]
fn money_is_read_and_written_in_yuan_without_loss() {
    let amounts = [
        ("50828000.00", 5_082_800_000, "50828000.00"),
        ("22170400", 2_217_040_000, "22170400.00"),
        ("1.5", 150, "1.50"),
        ("0.05", 5, "0.05"),
        ("-0.05", -5, "-0.05"),
        ("-0", 0, "0.00"),
        ("１.５０", 150, "1.50"),
        ("92233720368547758.07", i64::MAX, "92233720368547758.07"),
        ("-92233720368547758.08", i64::MIN, "-92233720368547758.08"),
    ];
    for (text, fen, yuan) in amounts {
        assert_eq!(Fen::from_yuan(text), Ok(Fen(fen)), "{text}");
        assert_eq!(Fen(fen).yuan(), yuan);
    }

    let refused = [
        ("1.", "MONEY-01"),
        (".5", "MONEY-01"),
        ("1.234", "MONEY-01"),
        ("1,234.00", "MONEY-01"),
        ("1e3", "MONEY-01"),
        ("+1", "MONEY-01"),
        ("--1", "MONEY-01"),
        ("", "MONEY-01"),
        ("92233720368547758.08", "MONEY-02"),
        ("99999999999999999999999999999999999999999999", "MONEY-02"),
    ];
    for (text, rule) in refused {
        assert_eq!(Fen::from_yuan(text).unwrap_err().rule, rule, "{text}");
    }
}

#[test]
fn sums_of_money_do_not_wrap() {
    assert_eq!(Fen::total([Fen(1_000_000); 10]), Some(Fen(10_000_000)));
    assert_eq!(Fen::total([]), Some(Fen::ZERO));
    assert_eq!(Fen::total([Fen(i64::MAX), Fen(1)]), None);
    assert_eq!(Fen(i64::MIN).checked_sub(Fen(1)), None);
    assert_eq!(Fen(5).checked_sub(Fen(7)), Some(Fen(-2)));
}

#[test]
fn a_line_of_text_is_trimmed_composed_and_bounded() {
    use value::text::{line, paragraphs};
    let rule = |result: Result<String, Defect>| result.unwrap_err().rule;

    assert_eq!(line("\u{3000}cafe\u{301} 电工\u{FEFF} ", 7).unwrap(), "café 电工");
    assert_eq!(rule(line("cafe\u{301} 电工", 6)), "TEXT-04");
    assert_eq!(rule(line(" \u{200B}", 6)), "TEXT-03");
    for text in ["a\0b", "a\nb", "a\tb", "a\u{85}b", "a\u{2028}b", "a\u{7F}b"] {
        assert_eq!(rule(line(text, 6)), "TEXT-01", "{text:?}");
    }
    for text in ["a\u{202E}b", "a\u{2066}b", "a\u{200F}b", "a\u{61C}b"] {
        assert_eq!(rule(line(text, 6)), "TEXT-02", "{text:?}");
    }
    assert_eq!(paragraphs(" a\r\n\tcafe\u{301}\n", 9).unwrap(), "a\n\tcafé");
    assert_eq!(rule(paragraphs("a\rb", 9)), "TEXT-01");
}

#[test]
fn personal_values_are_not_in_debug_output() {
    let id: IdNumber = clean("130399185006150191");
    let phone: Phone = clean("15412345678");
    let name: PersonName = clean("王芳");

    assert_eq!(format!("{id:?} {phone:?} {name:?}"), "IdNumber(…) Phone(…) PersonName(…)");
}
