use chrono::{NaiveDate, TimeDelta};
use data_encoding::HEXLOWER;
use entity::{
    import_batch::{self, ImportBatchStatus as Status},
    quality_issue::{self, IssueSeverity, QualityIssueStatus as IssueStatus},
    raw_record::{self, LineMatch, LineVerdict},
};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::{
    Plan,
    employer::Employers,
    ledger::{Ledger, record},
    place::{CITY, division},
    worker::People,
};
use crate::kind::Kind;

const SOURCE: &str = "demo-hrss";
/// How far each import has come, the oldest first.
const IMPORTS: [Status; 4] =
    [Status::Applied, Status::Matched, Status::Validated, Status::Received];
const LINES: usize = 48;
/// Of so many lines one is in error, or is taken with a warning.
const ERRORS: usize = 12;
const WARNINGS: usize = 8;
/// The days between two imports, and from an import until an issue of it is closed.
const DAYS_BETWEEN: i64 = 15;
const DAYS_TO_CLOSE: i64 = 5;
/// The states of issues, in turn.
const ISSUES: [IssueStatus; 5] = [
    IssueStatus::Open,
    IssueStatus::Assigned,
    IssueStatus::Fixed,
    IssueStatus::Waived,
    IssueStatus::WontFix,
];

/// What a system of others sent, line by line, and what was wrong with it.
pub fn make(plan: &Plan, employers: &Employers, people: &People, ledger: &mut Ledger<'_>) {
    let mut raised = 0;
    for (turn, status) in IMPORTS.into_iter().enumerate() {
        let number = turn + 1;
        let received_on = plan.days_ago((IMPORTS.len() - turn) as i64 * DAYS_BETWEEN);
        let batch = record!(
            ledger,
            division(CITY),
            import_batch {
                source: SOURCE.to_owned(),
                file_name: format!("职工名册第{number}批"),
                record_kind: Kind::Worker.name().to_owned(),
                file_hash: digest(&format!("{SOURCE} {number}")),
                rows_announced: LINES as i32,
                received_on,
                status,
            }
        );
        // Of the last, half has been read so far.
        let lines = if status == Status::Received { LINES / 2 } else { LINES };
        for place in 0..lines {
            let worker = people.all[turn * LINES + place].id;
            let line = line(batch.id, (turn, place), status, worker, ledger);
            if line.verdict == Some(LineVerdict::Error) {
                let (about, status) = (About::Line(line.id), ISSUES[raised % ISSUES.len()]);
                issue(about, "ID-02", "证件号码校验码有误。", (received_on, status), ledger);
                raised += 1;
            }
        }
    }
    if let Some(unit) = employers.units.first() {
        let (about, found) = (About::Employer(unit.id), (plan.yesterday(), IssueStatus::Open));
        issue(about, "EMPLOYER-STATUS", "用人单位登记状态与来源系统不一致。", found, ledger);
    }
}

fn line(
    batch_id: Uuid,
    (turn, place): (usize, usize),
    status: Status,
    worker: Uuid,
    ledger: &mut Ledger<'_>,
) -> raw_record::Model {
    let number = place + 1;
    let verdict = match status {
        Status::Received => None,
        _ if number.is_multiple_of(ERRORS) => Some(LineVerdict::Error),
        _ if number.is_multiple_of(WARNINGS) => Some(LineVerdict::Warning),
        _ => Some(LineVerdict::Ok),
    };
    let (defect_code, defect_message) = match verdict {
        Some(LineVerdict::Error) => (Some("ID-02"), Some("校验码有误。")),
        Some(LineVerdict::Warning) => (Some("PHONE-01"), Some("手机号码有误，未采用。")),
        _ => (None, None),
    };
    let is_matched = matches!(status, Status::Matched | Status::Applied);
    let matched_as = (is_matched && verdict != Some(LineVerdict::Error)).then(|| {
        if number.is_multiple_of(5) {
            LineMatch::New
        } else if status == Status::Matched && number.is_multiple_of(7) {
            LineMatch::Candidate
        } else {
            LineMatch::Auto
        }
    });
    // What is new becomes a record when the import is applied.
    let has_record = match matched_as {
        Some(LineMatch::New) => status == Status::Applied,
        it => it.is_some(),
    };
    let source_key = format!("DEMO-{}-{number:04}", turn + 1);
    record!(
        ledger,
        division(CITY),
        raw_record {
            batch_id,
            line_number: number as i32,
            fingerprint: digest(&source_key),
            source_key: Some(source_key),
            verdict,
            defect_code: defect_code.map(str::to_owned),
            defect_message: defect_message.map(str::to_owned),
            matched_as,
            record_kind: has_record.then(|| Kind::Worker.name().to_owned()),
            record_id: has_record.then_some(worker),
        }
    )
}

/// What an issue is about.
#[derive(Clone, Copy)]
enum About {
    Line(Uuid),
    Employer(Uuid),
}

fn issue(
    about: About,
    rule_code: &str,
    description: &str,
    (found_on, status): (NaiveDate, IssueStatus),
    ledger: &mut Ledger<'_>,
) {
    let is_closed =
        matches!(status, IssueStatus::Fixed | IssueStatus::Waived | IssueStatus::WontFix);
    let reason = match status {
        IssueStatus::Waived => Some("来源系统已停用，不影响统计。"),
        IssueStatus::WontFix => Some("来源系统无法核实。"),
        _ => None,
    };
    record!(
        ledger,
        division(CITY),
        quality_issue {
            raw_record_id: match about {
                About::Line(id) => Some(id),
                About::Employer(_) => None,
            },
            rule_code: rule_code.to_owned(),
            severity: match about {
                About::Line(_) => IssueSeverity::Medium,
                About::Employer(_) => IssueSeverity::High,
            },
            description: description.to_owned(),
            found_on,
            assignee_name: (status != IssueStatus::Open).then(|| "市总工会数据治理组".to_owned()),
            due_on: Some(found_on + TimeDelta::days(30)),
            closed_on: is_closed.then(|| found_on + TimeDelta::days(DAYS_TO_CLOSE)),
            reason: reason.map(str::to_owned),
            record_kind: matches!(about, About::Employer(_))
                .then(|| Kind::Employer.name().to_owned()),
            record_id: match about {
                About::Line(_) => None,
                About::Employer(id) => Some(id),
            },
            status,
        }
    );
}

fn digest(words: &str) -> String {
    HEXLOWER.encode(&Sha256::digest(words))
}
