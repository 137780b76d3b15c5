//! What follows from scores: ranks, made anew after an appeal, and certificates.

use gongtu::policy::Role;
use sea_orm::ConnectionTrait;
use serde_json::{Value, json};

use crate::{
    fixture::{self, make},
    support::{Client, TestApp, refusals, text},
};

/// A competition of one event, with its entries in the order of their bib numbers.
struct Competition<'a> {
    steward: &'a Client,
    id: String,
    version: usize,
    event: String,
    workers: Vec<String>,
    entries: Vec<(String, usize)>,
}

const OCCUPATION: &str = "6-18-02-04";

/// The steps from the plan to where scores can be locked.
const TO_THE_FINAL: [&str; 4] = ["Announce", "OpenRegistration", "BeginPreliminary", "BeginFinal"];

impl<'a> Competition<'a> {
    async fn plan(steward: &'a Client) -> Competition<'a> {
        let id = fixture::competition(steward).await;
        let input = json!({
            "competitionId": id, "title": "焊工", "competitionClass": "CLASS_I",
            "format": "INDIVIDUAL", "participantGroup": "EMPLOYEE", "occupationCode": OCCUPATION,
        });
        let event = make(steward, "competitionEventCreate", "competitionEvent", input).await;
        Competition { steward, id, version: 1, event, workers: vec![], entries: vec![] }
    }

    async fn take(&mut self, steps: &[&str]) -> Value {
        let mut payload = json!(null);
        for step in steps {
            payload = self.mutate(step).await;
            assert_eq!(payload["userErrors"], json!([]), "{step}: {payload}");
            self.version += 1;
        }
        payload
    }

    async fn mutate(&self, step: &str) -> Value {
        let input = json!({ "id": self.id, "expectedVersion": self.version });
        let selection = "competition { status } warnings { message messageZh }";
        self.steward.mutate(&format!("competition{step}"), selection, input).await
    }

    async fn enter(&mut self) -> usize {
        let worker = fixture::worker(self.steward).await;
        let bib = (self.entries.len() + 1).to_string();
        let input = json!({ "eventId": self.event, "workerId": worker, "bibNo": bib });
        let id = make(self.steward, "competitionEntryRegister", "competitionEntry", input).await;
        self.workers.push(worker);
        self.entries.push((id, 1));
        for step in ["Qualify", "MarkCompeted"] {
            self.entry_step(self.entries.len(), step, json!({})).await;
        }
        self.entries.len()
    }

    /// Takes a step of an entry, counted from 1.
    async fn entry_step(&mut self, number: usize, step: &str, more: Value) {
        let (id, version) = &mut self.entries[number - 1];
        let mut input = json!({ "id": id, "expectedVersion": version });
        input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let mutation = format!("competitionEntry{step}");
        self.steward.done(&mutation, "competitionEntry { id }", input).await;
        *version += 1;
    }

    /// Enters workers, each with a total, a practice score and a rank.
    async fn ranked(&mut self, results: &[(i32, i32, i32)]) {
        for (total, practice, _) in results {
            let number = self.enter().await;
            let scores = json!({ "totalScoreCenti": total, "practiceScoreCenti": practice });
            self.entry_step(number, "Score", scores).await;
        }
        for (place, (.., rank)) in results.iter().enumerate() {
            self.entry_step(place + 1, "Rank", json!({ "rank": rank })).await;
        }
    }

    async fn part(&self, name: &str, pass_mark: i32) -> String {
        let input = json!({
            "eventId": self.event, "name": name, "weightBasisPoints": 10_000, "tieOrder": 1,
            "maxScoreCenti": 10_000, "passMarkCenti": pass_mark,
        });
        make(self.steward, "scoreComponentCreate", "scoreComponent", input).await
    }

    async fn sheet(&self, number: usize, part: &str, score: i32) {
        let input = json!({
            "entryId": self.entries[number - 1].0, "componentId": part, "refereeNo": "R1",
            "rawScoreCenti": score, "signedOn": "2024-03-01",
        });
        make(self.steward, "scoreSheetSign", "scoreSheet", input).await;
    }

    /// Files an appeal of an entry.
    async fn appeal(&self, number: usize) -> String {
        let entry = &self.entries[number - 1].0;
        let input = json!({ "entryId": entry, "grounds": "计时有误。", "filedOn": "2024-03-01" });
        make(self.steward, "competitionAppealFile", "competitionAppeal", input).await
    }

    async fn uphold(&self, appeal: &str, more: Value) -> Value {
        let mut input = json!({ "id": appeal, "expectedVersion": 1, "basis": "仲裁委〔2024〕3号" });
        input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        self.steward.mutate("competitionAppealUphold", "competitionAppeal { status }", input).await
    }

    /// Of each entry its total and its rank.
    async fn standings(&self) -> Value {
        let query = "query($id: ID!) { competitionEvent(by: { id: $id }) { entries { nodes { \
            totalScoreCenti rank } } } }";
        let told = self.steward.data(query, json!({ "id": self.event })).await;
        let of = |it: &Value| json!([it["totalScoreCenti"], it["rank"]]);
        let nodes = told["competitionEvent"]["entries"]["nodes"].as_array().unwrap().clone();
        nodes.iter().map(of).collect()
    }

    /// Of each certificate that came of it the number of the entry, the level and the occupation.
    async fn certificates(&self) -> Value {
        let query = "query($event: ID!) { skillCertificates(where: { competitionEntry: { event: { id: \
            { eq: $event } } } }) { nodes { skillRank occupationCode origin status number \
            isFormatVerified worker { id } competitionEntry { bibNo worker { id } } } } }";
        let told = self.steward.data(query, json!({ "event": self.event })).await;
        let mut certificates = Vec::new();
        for it in told["skillCertificates"]["nodes"].as_array().unwrap() {
            assert_eq!(it["worker"], it["competitionEntry"]["worker"]);
            assert_eq!(it["occupationCode"], OCCUPATION);
            assert_eq!((&it["origin"], &it["status"]), (&json!("COMPETITION"), &json!("ISSUED")));
            assert!(text(&it["number"]).starts_with("JS2024-"), "{it}");
            certificates.push(json!([it["competitionEntry"]["bibNo"], it["skillRank"]]));
        }
        json!(certificates)
    }

    async fn rule(&self, more: Value) {
        rule(self.steward, more).await;
    }

    async fn holds(&self, number: usize, rank: &str) {
        let input = json!({
            "workerId": self.workers[number - 1], "number": format!("Z{}", fixture::unique()),
            "skillRank": rank, "issuedOn": "2023-03-01", "origin": "EXAM",
            "occupationCode": OCCUPATION,
        });
        make(self.steward, "skillCertificateIssue", "skillCertificate", input).await;
    }
}

/// Makes a rule of promotion for the city.
async fn rule(steward: &Client, more: Value) {
    let mut input = json!({
        "level": "MUNICIPAL", "competitionClass": "CLASS_I", "rankFrom": 1, "rankTo": 2,
        "grantRank": "TECHNICIAN", "grantIfAlready": "SENIOR_TECHNICIAN",
        "isPassRequired": false, "validFrom": "2024-01-01", "divisionCode": "130300",
    });
    input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    make(steward, "promotionRuleCreate", "promotionRule", input).await;
}

/// The steps from the final to where promotions are worked off.
const TO_THE_AWARD: [&str; 5] =
    ["LockScores", "OpenAppealWindow", "ConfirmResults", "PublishNotice", "Award"];

#[tokio::test]
async fn an_appeal_that_is_upheld_corrects_the_score_and_ranks_the_event_anew() {
    let app = TestApp::new().await;
    let steward = app.steward().await;
    let mut it = Competition::plan(&steward).await;
    it.take(&TO_THE_FINAL).await;
    it.ranked(&[(9_500, 9_000, 1), (9_000, 8_000, 2), (9_000, 7_000, 3), (8_000, 8_000, 4)]).await;
    it.take(&["LockScores", "OpenAppealWindow"]).await;
    let (last, third) = (it.appeal(4).await, it.appeal(3).await);

    // As much as the second and the third: its practice puts it between them.
    let corrected = json!({ "totalScoreCenti": 9_000, "practiceScoreCenti": 7_500 });
    let upheld = it.uphold(&last, corrected).await;
    assert_eq!(upheld["competitionAppeal"]["status"], "UPHELD", "{upheld}");
    assert_eq!(it.standings().await, json!([[9_500, 1], [9_000, 2], [9_000, 4], [9_000, 3]]));

    // Each change of a rank is a step, on the basis of the decision.
    let query = "query($id: ID!) { competitionEntry(by: { id: $id }) { transitions(last: 1) { nodes { \
        step basis } } } }";
    let told = steward.data(query, json!({ "id": it.entries[2].0 })).await;
    let step = json!([{ "step": "RANK", "basis": "仲裁委〔2024〕3号" }]);
    assert_eq!(told["competitionEntry"]["transitions"]["nodes"], step);

    // Equal in all, they share the rank.
    let shared = json!({ "totalScoreCenti": 9_500, "practiceScoreCenti": 9_000 });
    it.uphold(&third, shared).await;
    assert_eq!(it.standings().await, json!([[9_500, 1], [9_000, 3], [9_500, 1], [9_000, 4]]));
}

#[tokio::test]
async fn those_of_equal_total_are_told_apart_by_the_parts_of_the_score() {
    let app = TestApp::new().await;
    let steward = app.steward().await;
    let mut it = Competition::plan(&steward).await;
    let part = it.part("实操", 6_000).await;
    for _ in 0..2 {
        it.enter().await;
    }
    it.sheet(1, &part, 8_000).await;
    it.sheet(2, &part, 8_001).await;
    for number in [1, 2] {
        it.entry_step(number, "Score", json!({})).await;
    }
    for number in [1, 2] {
        it.entry_step(number, "Rank", json!({ "rank": number })).await;
    }
    let appeal = it.appeal(1).await;

    it.uphold(&appeal, json!({ "totalScoreCenti": 8_001 })).await;

    assert_eq!(it.standings().await, json!([[8_001, 2], [8_001, 1]]));
}

#[tokio::test]
async fn results_are_confirmed_once_each_appeal_is_decided_and_then_stay() {
    let app = TestApp::new().await;
    let steward = app.steward().await;
    let mut it = Competition::plan(&steward).await;
    it.take(&TO_THE_FINAL).await;
    it.ranked(&[(9_500, 9_000, 1), (9_000, 8_000, 2)]).await;
    it.take(&["LockScores", "OpenAppealWindow"]).await;
    let appeal = it.appeal(2).await;

    let refused = it.mutate("ConfirmResults").await;
    assert_eq!(refusals(&refused), ["INCONSISTENT"]);
    assert_eq!(refused["userErrors"][0]["message"], "Appeals that are not decided: 1.");
    let wrong = it.uphold(&appeal, json!({ "totalScoreCenti": 10_001 })).await;
    assert_eq!(refusals(&wrong), ["INVALID_VALUE"]);
    let dismiss = json!({ "id": appeal, "expectedVersion": 1 });
    steward.done("competitionAppealDismiss", "competitionAppeal { id }", dismiss).await;
    it.take(&["ConfirmResults"]).await;

    let late = it.appeal(2).await;
    let refused = it.uphold(&late, json!({ "totalScoreCenti": 9_900 })).await;
    assert_eq!(refusals(&refused), ["INCONSISTENT"]);
    assert_eq!(it.standings().await, json!([[9_500, 1], [9_000, 2]]));
    // Nothing would change.
    let upheld = it.uphold(&late, json!({})).await;
    assert_eq!(refusals(&upheld), [""; 0]);
}

#[tokio::test]
async fn ranks_do_not_change_under_an_award() {
    let app = TestApp::new().await;
    let steward = app.steward().await;
    let mut it = Competition::plan(&steward).await;
    it.ranked(&[(9_500, 9_000, 1), (9_000, 8_000, 2)]).await;
    it.entry_step(1, "Award", json!({})).await;
    let appeal = it.appeal(2).await;

    let refused = it.uphold(&appeal, json!({ "totalScoreCenti": 9_900 })).await;

    assert_eq!(refusals(&refused), ["INCONSISTENT"]);
    assert_eq!(it.standings().await, json!([[9_500, 1], [9_000, 2]]));
}

#[tokio::test]
async fn an_event_with_entries_of_others_is_ranked_anew_only_by_who_may_write_them_all() {
    let app = TestApp::new().await;
    let (steward, county) = (app.steward().await, app.county("130302").await);
    let mut it = Competition::plan(&steward).await;
    it.ranked(&[(9_500, 9_000, 1), (9_000, 8_000, 2)]).await;
    let entry = "UPDATE competition_entry SET division_code = '130303' WHERE bib_no = '1'";
    app.app.shared().database.write().execute_unprepared(entry).await.unwrap();
    let appeal = it.appeal(2).await;

    let of_county = Competition { steward: &county, entries: vec![], workers: vec![], ..it };
    let refused = of_county.uphold(&appeal, json!({ "totalScoreCenti": 9_900 })).await;

    assert_eq!(refusals(&refused), ["OUT_OF_SCOPE"]);
}

#[tokio::test]
async fn ranks_that_a_rule_is_for_grant_certificates() {
    let app = TestApp::new().await;
    let steward = app.steward().await;
    let mut it = Competition::plan(&steward).await;
    it.rule(json!({})).await;
    it.rule(json!({ "rankFrom": 3, "rankTo": 5, "grantRank": "SENIOR", "grantIfAlready": null }))
        .await;
    // Of another level, of another class, over, of another city, or of all its province: further off.
    it.rule(json!({ "level": "PROVINCIAL", "grantRank": "ELEMENTARY" })).await;
    it.rule(json!({ "competitionClass": "CLASS_II", "grantRank": "ELEMENTARY" })).await;
    it.rule(json!({ "validTo": "2024-12-31", "grantRank": "ELEMENTARY" })).await;
    it.rule(json!({ "divisionCode": "130303", "grantRank": "ELEMENTARY" })).await;
    let province = app.client(Role::Steward, Some("130000")).await;
    rule(&province, json!({ "divisionCode": "130000", "grantRank": "ELEMENTARY" })).await;
    it.take(&TO_THE_FINAL).await;
    let results = [(9_900, 1), (9_800, 2), (9_700, 3), (9_600, 4), (9_500, 5), (9_400, 6)];
    it.ranked(&results.map(|(total, rank)| (total, 9_000, rank))).await;
    it.holds(2, "TECHNICIAN").await;
    it.holds(3, "SENIOR").await;
    it.holds(4, "TECHNICIAN").await;
    it.take(&TO_THE_AWARD).await;

    let payload = it.take(&["ProcessPromotion"]).await;

    assert_eq!(
        it.certificates().await,
        json!([["1", "TECHNICIAN"], ["2", "SENIOR_TECHNICIAN"], ["5", "SENIOR"]])
    );
    let told = "Ranks that a rule is for and that granted nothing: 2.";
    assert_eq!(payload["warnings"][0]["message"], told, "{payload}");
}

#[tokio::test]
async fn who_has_not_passed_each_part_is_not_promoted_where_the_rule_asks_for_it() {
    let app = TestApp::new().await;
    let steward = app.steward().await;
    let mut it = Competition::plan(&steward).await;
    it.rule(json!({ "isPassRequired": true, "rankTo": 3 })).await;
    let part = it.part("实操", 6_000).await;
    it.take(&TO_THE_FINAL).await;
    it.ranked(&[(9_000, 1, 1), (8_000, 1, 2), (7_000, 1, 3)]).await;
    it.sheet(1, &part, 6_000).await;
    it.sheet(2, &part, 5_999).await;
    it.take(&TO_THE_AWARD).await;

    it.take(&["ProcessPromotion"]).await;

    assert_eq!(it.certificates().await, json!([["1", "TECHNICIAN"]]));
}
