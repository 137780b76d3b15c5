use chrono::NaiveDate;
use entity::{code, code_mapping, code_system};

use super::{
    ledger::{Ledger, record},
    place::{CITY, division},
};

/// A list of codes, and how those of another system are read; one is not known.
pub fn make(ledger: &mut Ledger<'_>) {
    let valid_from = NaiveDate::from_ymd_opt(2024, 1, 1).unwrap_or_default();
    let system = record!(
        ledger,
        division(CITY),
        code_system {
            code: "DEMO-OWNERSHIP".to_owned(),
            edition: "2024".to_owned(),
            name: "经济类型（演示）".to_owned(),
            issuer: "演示数据".to_owned(),
            valid_from,
            name_en: Some("Kinds of ownership, for the demo".to_owned()),
            valid_to: None,
        }
    );
    for (own, name, name_en, source_code) in
        [("PUBLIC", "公有制经济", "Public", "1"), ("PRIVATE", "非公有制经济", "Not public", "2")]
    {
        let target = record!(
            ledger,
            division(CITY),
            code {
                system_id: system.id,
                parent_id: None,
                value: own.to_owned(),
                name: name.to_owned(),
                valid_from,
                name_en: Some(name_en.to_owned()),
                valid_to: None,
            }
        );
        record!(
            ledger,
            division(CITY),
            code_mapping {
                system_id: system.id,
                target_id: Some(target.id),
                source_name: "demo-hrss".to_owned(),
                source_code: source_code.to_owned(),
                source_text: Some(name.to_owned()),
                is_mapped: true,
            }
        );
    }
    record!(
        ledger,
        division(CITY),
        code_mapping {
            system_id: system.id,
            target_id: None,
            source_name: "demo-hrss".to_owned(),
            source_code: "9".to_owned(),
            source_text: Some("其他".to_owned()),
            is_mapped: false,
        }
    );
}
