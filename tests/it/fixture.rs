//! Records to begin a test with, made through the mutations that users have.

use std::sync::atomic::{AtomicU32, Ordering};

use serde_json::{Value, json};

use crate::support::{Client, text};

/// A number that no other call got.
pub fn unique() -> u32 {
    static NEXT: AtomicU32 = AtomicU32::new(1);
    NEXT.fetch_add(1, Ordering::Relaxed)
}

/// A resident id number of a county that was never allocated.
pub fn id_number(birth: &str, sequence: u32) -> String {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let body = format!("130399{birth}{sequence:03}");
    let sum: u32 = body.bytes().zip(WEIGHTS).map(|(it, by)| u32::from(it - b'0') * by).sum();
    format!("{body}{}", ["1", "0", "X", "9", "8", "7", "6", "5", "4", "3", "2"][sum as usize % 11])
}

/// Makes a record; the answer is its id.
#[track_caller]
pub fn make<'a>(
    client: &'a Client,
    mutation: &'a str,
    field: &'a str,
    input: Value,
) -> impl Future<Output = String> + 'a {
    let caller = std::panic::Location::caller();
    async move {
        let selection = format!("{field} {{ id }}");
        let payload = client.mutate(mutation, &selection, input).await;
        assert_eq!(payload["userErrors"], json!([]), "{caller}: {payload}");
        text(&payload[field]["id"])
    }
}

pub async fn worker(client: &Client) -> String {
    client.create_worker("王芳", "130302").await
}

pub async fn employer(client: &Client) -> String {
    client.create_employer("试验机械厂", "130302").await
}

pub fn union_input() -> Value {
    json!({ "name": "试验工会", "level": "GRASSROOTS", "kind": "GRASSROOTS", "divisionCode": "130302" })
}

pub async fn union_organization(client: &Client) -> String {
    make(client, "unionOrganizationCreate", "unionOrganization", union_input()).await
}

pub async fn union_membership(client: &Client) -> String {
    let input = json!({
        "workerId": worker(client).await, "unionOrganizationId": union_organization(client).await,
        "memberNo": unique().to_string(), "joinedOn": "2024-05-01",
    });
    make(client, "unionMembershipAdmit", "unionMembership", input).await
}

pub async fn pilot_batch(client: &Client) -> String {
    let input = json!({
        "ordinal": unique() % 1000 + 1, "level": "MUNICIPAL", "title": "试点", "issuer": "市总工会",
        "startedOn": "2024-01-01", "divisionCode": "130300",
    });
    make(client, "pilotBatchCreate", "pilotBatch", input).await
}

pub async fn pilot_unit_input(client: &Client) -> Value {
    json!({
        "batchId": pilot_batch(client).await, "kind": "GRASSROOTS_UNIT", "name": "试点单位",
        "level": "MUNICIPAL", "divisionCode": "130302",
    })
}

pub async fn pilot_unit(client: &Client) -> String {
    make(client, "pilotUnitNominate", "pilotUnit", pilot_unit_input(client).await).await
}

pub fn competition_input() -> Value {
    json!({
        "title": "技能竞赛", "kind": "SKILL", "level": "MUNICIPAL", "edition": 1, "year": 2024,
        "organizerName": "市总工会", "divisionCode": "130302",
    })
}

pub async fn competition(client: &Client) -> String {
    make(client, "competitionCreate", "competition", competition_input()).await
}

pub async fn competition_event(client: &Client, competition: &str) -> String {
    let input = json!({
        "competitionId": competition, "title": "焊工", "competitionClass": "CLASS_I",
        "format": "INDIVIDUAL", "participantGroup": "EMPLOYEE",
    });
    make(client, "competitionEventCreate", "competitionEvent", input).await
}

pub async fn competition_entry(client: &Client) -> String {
    let event = competition_event(client, &competition(client).await).await;
    let input = json!({ "eventId": event, "workerId": worker(client).await, "bibNo": "1" });
    make(client, "competitionEntryRegister", "competitionEntry", input).await
}

pub fn studio_input() -> Value {
    json!({
        "name": "试验工作室", "kind": "SINGLE", "field": "焊接", "level": "MUNICIPAL",
        "foundedOn": "2020-05-01", "divisionCode": "130302",
    })
}

pub async fn studio(client: &Client) -> String {
    make(client, "innovationStudioCreate", "innovationStudio", studio_input()).await
}

pub async fn studio_accreditation(client: &Client) -> String {
    let input =
        json!({ "studioId": studio(client).await, "level": "MUNICIPAL", "batch": "第三批" });
    make(client, "studioAccreditationApply", "studioAccreditation", input).await
}

pub async fn studio_grant(client: &Client) -> String {
    let input = json!({
        "studioId": studio(client).await, "amountFen": "1000000", "fundSource": "市总工会",
        "purpose": "资助",
    });
    make(client, "studioGrantApprove", "studioGrant", input).await
}

pub async fn innovation_achievement(client: &Client) -> String {
    let input = json!({
        "title": "成果", "kind": "FIVE_SMALLS", "achievedOn": "2024-01-01", "divisionCode": "130302",
    });
    make(client, "innovationAchievementRegister", "innovationAchievement", input).await
}

pub fn case_input() -> Value {
    json!({
        "caseNo": format!("试案{}", unique()), "title": "拖欠工资", "ground": "G5",
        "category": "UNPAID_WAGE", "registeredOn": "2024-01-01", "channel": "WALK_IN",
        "divisionCode": "130302",
    })
}

pub async fn dispute_case(client: &Client) -> String {
    make(client, "disputeCaseRegister", "disputeCase", case_input()).await
}

pub async fn proceeding(client: &Client, case: &str, stage: &str) -> String {
    let input =
        json!({ "caseId": case, "stage": stage, "body": "受理机构", "openedOn": "2024-01-02" });
    make(client, "disputeProceedingOpen", "disputeProceeding", input).await
}

pub async fn subject_request(client: &Client) -> String {
    let input = json!({ "workerId": worker(client).await, "kind": "EXPORT" });
    make(client, "dataSubjectRequestRegister", "dataSubjectRequest", input).await
}

pub async fn wage_recovery(client: &Client, case: &str) -> String {
    let input = json!({
        "caseId": case, "workerId": worker(client).await, "claimedFen": "500000",
    });
    make(client, "wageRecoveryClaim", "wageRecovery", input).await
}
