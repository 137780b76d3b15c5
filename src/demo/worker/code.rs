use entity::worker::SkillRank;

use crate::demo::{dice::Dice, place::COUNTIES};

/// GB/T 3304.
pub fn ethnicity(dice: &mut Dice, county: usize) -> &'static str {
    if dice.happens(COUNTIES[county].manchu) {
        return "11";
    }
    dice.weighted(&[
        ("01", 9_860),
        ("03", 65),
        ("02", 30),
        ("10", 15),
        ("15", 10),
        ("08", 10),
        ("06", 10),
    ])
}

/// GB/T 4658.
pub fn education(dice: &mut Dice, trade: &str) -> &'static str {
    match trade.as_bytes()[0] {
        b'I' | b'J' | b'M' | b'P' | b'Q' | b'S' => dice.weighted(&[
            ("10", 80),
            ("20", 700),
            ("30", 170),
            ("40", 20),
            ("60", 20),
            ("70", 10),
        ]),
        _ => dice.weighted(&[
            ("10", 10),
            ("20", 172),
            ("30", 283),
            ("40", 168),
            ("60", 160),
            ("70", 180),
            ("80", 27),
        ]),
    }
}

/// GB/T 4762.
pub fn political_status(dice: &mut Dice, age: i64) -> &'static str {
    if age < 28 * 365 {
        dice.weighted(&[("03", 45), ("13", 47), ("01", 6), ("02", 2)])
    } else {
        dice.weighted(&[
            ("13", 740),
            ("01", 220),
            ("02", 8),
            ("12", 14),
            ("04", 3),
            ("05", 4),
            ("06", 4),
            ("07", 3),
            ("08", 2),
            ("10", 2),
        ])
    }
}

/// A third hold a certificate; the higher ranks take years.
pub fn skill_rank(dice: &mut Dice, age: i64, is_industrial: bool) -> Option<SkillRank> {
    if is_industrial && age < 20 * 365 {
        return Some(SkillRank::Apprentice);
    }
    if !dice.happens(if is_industrial { 5_800 } else { 1_500 }) {
        return None;
    }
    let rank = dice.weighted(&[
        (SkillRank::Elementary, 3_000),
        (SkillRank::Intermediate, 3_960),
        (SkillRank::Senior, 2_240),
        (SkillRank::Technician, 600),
        (SkillRank::SeniorTechnician, 190),
        (SkillRank::SpecialGradeTechnician, 8),
        (SkillRank::ChiefTechnician, 2),
    ]);
    Some(if age < 28 * 365 { rank.min(SkillRank::Intermediate) } else { rank })
}
