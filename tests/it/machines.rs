//! Every machine: each step it has is taken, each it has not is refused, in every state.

use std::{
    collections::{BTreeSet, HashSet, VecDeque},
    sync::Arc,
};

use futures_util::future::BoxFuture;
use gongtu::kind::Kind;
use serde_json::{Value, json};

use crate::{
    fixture,
    support::{Client, TestApp, refusals, text},
    systems,
    world::one_of_each,
};

type Edge = (&'static str, &'static str, &'static str);

/// Makes a record in the first state; the answer is its id.
type Create = Box<dyn for<'a> Fn(&'a Client) -> BoxFuture<'a, String> + Send + Sync>;

/// A machine as the law and the house tell it, written out again: not read from the service.
struct Machine {
    /// The field that reads one record, which is how its mutations begin, too.
    field: &'static str,
    /// The field that holds the state.
    state: &'static str,
    edges: Vec<Edge>,
    /// All steps that mutations exist for, also those of other machines of the record.
    steps: Vec<&'static str>,
    create: Create,
}

/// `A STEP B` per line.
fn edges(lines: &'static str) -> Vec<Edge> {
    let edge = |line: &'static str| {
        let words: Vec<&str> = line.split_whitespace().collect();
        (words[0], words[1], words[2])
    };
    lines.lines().map(str::trim).filter(|it| !it.is_empty()).map(edge).collect()
}

impl Machine {
    fn new(
        field: &'static str,
        lines: &'static str,
        create: impl for<'a> Fn(&'a Client) -> BoxFuture<'a, String> + Send + Sync + 'static,
    ) -> Machine {
        let edges = edges(lines);
        let steps = edges.iter().map(|it| it.1).collect::<BTreeSet<_>>().into_iter().collect();
        Machine { field, state: "status", edges, steps, create: Box::new(create) }
    }

    fn first(&self) -> &'static str {
        self.edges[0].0
    }

    fn open(&self, state: &str) -> BTreeSet<&'static str> {
        self.edges.iter().filter(|it| it.0 == state).map(|it| it.1).collect()
    }

    /// The shortest way from the first state.
    fn way(&self, to: &str) -> Vec<Edge> {
        let mut ways = VecDeque::from([(self.first(), Vec::new())]);
        let mut seen = HashSet::new();
        while let Some((state, way)) = ways.pop_front() {
            if state == to {
                return way;
            }
            for edge in self.edges.iter().filter(|it| it.0 == state) {
                if seen.insert(edge.2) {
                    ways.push_back((edge.2, [way.clone(), vec![*edge]].concat()));
                }
            }
        }
        panic!("{to} cannot be reached");
    }

    /// The mutation that takes a step, and what it wants besides.
    fn mutation(&self, step: &str) -> (String, Value) {
        let also = match (self.field, step) {
            ("competitionEntry", "SCORE") => json!({ "totalScoreCenti": 9000 }),
            ("competitionEntry", "RANK") => json!({ "rank": 1 }),
            ("wageRecovery", "AGREE") => json!({ "agreedFen": "300" }),
            ("wageRecovery", "RECORD_PARTIAL_PAYMENT") => {
                json!({ "amountFen": "1", "method": "BANK" })
            }
            ("wageRecovery", "RECORD_PAYMENT") => json!({ "amountFen": "300", "method": "BANK" }),
            ("dataSubjectRequest", "FULFILL_PARTLY" | "REFUSE") => {
                json!({ "reason": "依法须保存" })
            }
            ("qualityIssue", "WAIVE" | "DECLINE") => json!({ "reason": "来源系统已注销" }),
            _ => json!({}),
        };
        let verb = match (self.field, step) {
            ("wageRecovery", "RECORD_PARTIAL_PAYMENT" | "RECORD_PAYMENT") => "Pay".to_owned(),
            _ => pascal(step),
        };
        (format!("{}{verb}", self.field), also)
    }

    fn selection(&self) -> String {
        format!(
            "{} version updatedAt openSteps transitions(first: 100) {{ nodes {{ fromState step toState }} }}",
            self.state,
        )
    }

    async fn read(&self, client: &Client, id: &str) -> Value {
        let query = format!(
            "query($id: ID!) {{ it: {}(by: {{ id: $id }}) {{ {} }} }}",
            self.field,
            self.selection()
        );
        client.data(&query, json!({ "id": id })).await["it"].clone()
    }

    fn expect(&self, record: &Value, state: &str, taken: &[Edge]) {
        assert_eq!(record[self.state], state, "{record}");
        assert_eq!(set(&record["openSteps"]), names(&self.open(state)), "{state}");
        let transitions: Vec<Value> = taken
            .iter()
            .map(|(from, step, to)| json!({ "fromState": from, "step": step, "toState": to }))
            .collect();
        assert_eq!(record["transitions"]["nodes"], json!(transitions), "{state}");
    }

    async fn take(&self, client: &Client, id: &str, version: &Value, step: &str) {
        let (mutation, also) = self.mutation(step);
        let mut input = json!({ "id": id, "expectedVersion": version });
        // What was paid before is not owed.
        let also = match step {
            "RECORD_PAYMENT" if self.field == "wageRecovery" => self.rest(client, id, also).await,
            _ => also,
        };
        input.as_object_mut().unwrap().extend(also.as_object().unwrap().clone());
        client.done(&mutation, &format!("{} {{ id }}", self.field), input).await;
    }

    async fn rest(&self, client: &Client, id: &str, mut also: Value) -> Value {
        let query =
            "query($id: ID!) { it: wageRecovery(by: { id: $id }) { agreed { fen } paid { fen } } }";
        let record = client.data(query, json!({ "id": id })).await;
        let fen = |it: &Value| text(&it["fen"]).parse::<i64>().unwrap();
        let rest = fen(&record["it"]["agreed"]) - fen(&record["it"]["paid"]);
        also["amountFen"] = json!(rest.to_string());
        also
    }

    /// Every step that is not open is refused, and nothing happens.
    async fn expect_refusals(&self, client: &Client, id: &str, state: &str) {
        let before = self.read(client, id).await;
        let open = self.open(state);
        // A payment is one mutation for two steps: closed only where both are.
        let closed: Vec<&str> = self
            .steps
            .iter()
            .copied()
            .filter(|step| {
                let same = |it: &&str| self.mutation(it).0 == self.mutation(step).0;
                !open.iter().any(same)
            })
            .collect();
        for steps in closed.chunks(15) {
            let payloads = self.attempt(client, id, &before["version"], steps).await;
            for (step, payload) in steps.iter().zip(payloads) {
                assert_eq!(
                    refusals(&payload),
                    ["INVALID_TRANSITION"],
                    "{step} from {state}: {payload}"
                );
                let error = &payload["userErrors"][0];
                assert_eq!(set(&error["openSteps"]), names(&open), "{step} from {state}");
                assert_eq!(error["path"], json!(["input", "id"]), "{step} from {state}");
                assert_eq!(payload["it"], Value::Null, "{step} from {state}");
                assert_eq!(payload["changeCursor"], Value::Null, "{step} from {state}");
            }
        }
        assert_eq!(self.read(client, id).await, before, "{state}");
    }

    /// Several steps in one document; the answer is their payloads.
    async fn attempt(
        &self,
        client: &Client,
        id: &str,
        version: &Value,
        steps: &[&str],
    ) -> Vec<Value> {
        let (mut parameters, mut fields) = (String::new(), String::new());
        let mut variables = json!({});
        for (place, step) in steps.iter().enumerate() {
            let (mutation, also) = self.mutation(step);
            let (first, rest) = mutation.split_at(1);
            parameters.push_str(&format!(" $i{place}: {}{rest}Input!", first.to_uppercase()));
            fields.push_str(&format!(
                " m{place}: {mutation}(input: $i{place}) {{ it: {} {{ id }} userErrors {{ code path openSteps }} changeCursor }}",
                self.field,
            ));
            let mut input = json!({ "id": id, "expectedVersion": version });
            input.as_object_mut().unwrap().extend(also.as_object().unwrap().clone());
            variables[format!("i{place}")] = input;
        }
        let query = format!("mutation({parameters}) {{{fields} }}");
        let data = client.data(&query, variables).await;
        (0..steps.len()).map(|it| data[format!("m{it}")].clone()).collect()
    }

    /// Takes every edge, on as few records as do; tries every other step once in every state.
    async fn walk(&self, client: &Client) {
        let mut taken: HashSet<Edge> = HashSet::new();
        let mut checked: HashSet<&str> = HashSet::new();
        let mut last_first = self.edges.clone();
        last_first.sort_by_key(|it| std::cmp::Reverse(self.way(it.0).len()));
        for edge in last_first {
            if taken.contains(&edge) {
                continue;
            }
            let id = (self.create)(client).await;
            let way = [self.way(edge.0), vec![edge]].concat();
            let mut before = self.read(client, &id).await;
            self.expect(&before, self.first(), &[]);
            for (place, step) in way.iter().enumerate() {
                if checked.insert(step.0) {
                    self.expect_refusals(client, &id, step.0).await;
                }
                self.take(client, &id, &before["version"], step.1).await;
                let after = self.read(client, &id).await;
                self.expect(&after, step.2, &way[..=place]);
                assert_eq!(after["version"], before["version"].as_i64().unwrap() + 1, "{step:?}");
                before = after;
                taken.insert(*step);
            }
            if checked.insert(edge.2) {
                self.expect_refusals(client, &id, edge.2).await;
            }
        }
        let states: HashSet<&str> = self.edges.iter().flat_map(|it| [it.0, it.2]).collect();
        assert_eq!(checked, states);
        assert_eq!(taken.len(), self.edges.len());
    }
}

/// `MARK_ABSENT` → `MarkAbsent`.
fn pascal(step: &str) -> String {
    let word = |it: &str| format!("{}{}", &it[..1], it[1..].to_lowercase());
    step.split('_').map(word).collect()
}

fn set(list: &Value) -> BTreeSet<String> {
    let list = list.as_array().unwrap_or_else(|| panic!("not a list: {list}"));
    let names: BTreeSet<String> = list.iter().map(text).collect();
    assert_eq!(names.len(), list.len(), "each once");
    names
}

fn names(steps: &BTreeSet<&str>) -> BTreeSet<String> {
    steps.iter().map(|it| (*it).to_owned()).collect()
}

async fn walk(machine: Machine) {
    let app = TestApp::new().await;
    let steward = app.steward().await;
    machine.walk(&steward).await;
}

#[tokio::test]
async fn a_union_organization_takes_the_steps_of_its_machine_and_no_other() {
    walk(Machine::new(
        "unionOrganization",
        "PREPARING APPLY PENDING_APPROVAL
         PENDING_APPROVAL APPROVE ESTABLISHED
         ESTABLISHED REGISTER_LEGAL_PERSON LEGAL_PERSON
         ESTABLISHED END_TERM TERM_OVERDUE
         LEGAL_PERSON END_TERM TERM_OVERDUE
         TERM_OVERDUE ELECT ESTABLISHED
         ESTABLISHED BEGIN_DISSOLUTION DISSOLVING
         LEGAL_PERSON BEGIN_DISSOLUTION DISSOLVING
         TERM_OVERDUE BEGIN_DISSOLUTION DISSOLVING
         DISSOLVING DISSOLVE DISSOLVED
         ESTABLISHED MERGE MERGED
         LEGAL_PERSON MERGE MERGED
         TERM_OVERDUE MERGE MERGED",
        |it| Box::pin(fixture::union_organization(it)),
    ))
    .await;
}

#[tokio::test]
async fn a_membership_takes_the_steps_of_its_machine_and_no_other() {
    walk(Machine::new(
        "unionMembership",
        "ACTIVE TRANSFER_OUT TRANSFERRING
         TRANSFERRING ACCEPT_TRANSFER TRANSFERRED
         TRANSFERRING REFUSE_TRANSFER ACTIVE
         ACTIVE RETAIN RETAINED
         RETAINED REACTIVATE ACTIVE
         ACTIVE WITHDRAW WITHDRAWN
         RETAINED WITHDRAW WITHDRAWN
         ACTIVE EXPEL EXPELLED
         ACTIVE CLOSE CLOSED
         TRANSFERRING CLOSE CLOSED
         TRANSFERRED CLOSE CLOSED
         RETAINED CLOSE CLOSED
         WITHDRAWN CLOSE CLOSED
         EXPELLED CLOSE CLOSED",
        |it| Box::pin(fixture::union_membership(it)),
    ))
    .await;
}

#[tokio::test]
async fn a_pilot_batch_takes_the_steps_of_its_machine_and_no_other() {
    walk(Machine::new(
        "pilotBatch",
        "PLANNED START ACTIVE
         ACTIVE BEGIN_EVALUATION IN_EVALUATION
         IN_EVALUATION CLOSE CLOSED",
        |it| Box::pin(fixture::pilot_batch(it)),
    ))
    .await;
}

#[tokio::test]
async fn a_pilot_unit_takes_the_steps_of_its_machine_and_no_other() {
    walk(Machine::new(
        "pilotUnit",
        "NOMINATED DESIGNATE DESIGNATED
         DESIGNATED BEGIN_SURVEY SURVEYING
         SURVEYING BEGIN_IMPLEMENTATION IMPLEMENTING
         IMPLEMENTING BEGIN_MID_TERM_CHECK MID_TERM_CHECK
         MID_TERM_CHECK RESUME_IMPLEMENTATION IMPLEMENTING
         IMPLEMENTING BEGIN_EVALUATION EVALUATION
         EVALUATION ACCEPT ACCEPTED
         EVALUATION EXTEND EXTENDED
         EVALUATION TERMINATE TERMINATED
         ACCEPTED PROMOTE PROMOTED
         EXTENDED RESUME_IMPLEMENTATION IMPLEMENTING",
        |it| Box::pin(fixture::pilot_unit(it)),
    ))
    .await;
}

#[tokio::test]
async fn a_competition_takes_the_steps_of_its_machine_and_no_other() {
    walk(Machine::new(
        "competition",
        "PLANNED ANNOUNCE ANNOUNCED
         ANNOUNCED OPEN_REGISTRATION REGISTRATION
         REGISTRATION BEGIN_QUALIFICATION_CHECK QUALIFICATION_CHECK
         REGISTRATION BEGIN_PRELIMINARY PRELIMINARY
         QUALIFICATION_CHECK BEGIN_PRELIMINARY PRELIMINARY
         PRELIMINARY BEGIN_SEMI_FINAL SEMI_FINAL
         PRELIMINARY BEGIN_FINAL FINAL
         SEMI_FINAL BEGIN_FINAL FINAL
         FINAL LOCK_SCORES SCORES_LOCKED
         SCORES_LOCKED OPEN_APPEAL_WINDOW APPEAL_WINDOW
         APPEAL_WINDOW CONFIRM_RESULTS RESULTS_CONFIRMED
         RESULTS_CONFIRMED PUBLISH_NOTICE PUBLIC_NOTICE
         PUBLIC_NOTICE AWARD AWARDED
         AWARDED PROCESS_PROMOTION PROMOTION_PROCESSED
         PROMOTION_PROCESSED FILE_AWAY ARCHIVED
         PLANNED CANCEL CANCELLED
         ANNOUNCED CANCEL CANCELLED
         REGISTRATION CANCEL CANCELLED
         QUALIFICATION_CHECK CANCEL CANCELLED
         PRELIMINARY CANCEL CANCELLED
         REGISTRATION DOWNGRADE_TO_EXHIBITION DOWNGRADED_TO_EXHIBITION
         QUALIFICATION_CHECK DOWNGRADE_TO_EXHIBITION DOWNGRADED_TO_EXHIBITION",
        |it| Box::pin(fixture::competition(it)),
    ))
    .await;
}

#[tokio::test]
async fn a_competition_entry_takes_the_steps_of_its_machine_and_no_other() {
    walk(Machine::new(
        "competitionEntry",
        "REGISTERED QUALIFY QUALIFIED
         REGISTERED DISQUALIFY DISQUALIFIED
         QUALIFIED MARK_COMPETED COMPETED
         QUALIFIED MARK_ABSENT ABSENT
         COMPETED SCORE SCORED
         COMPETED DISQUALIFY DISQUALIFIED
         SCORED RANK RANKED
         RANKED RANK RANKED
         RANKED AWARD AWARDED
         RANKED PASS_OVER NOT_AWARDED",
        |it| Box::pin(fixture::competition_entry(it)),
    ))
    .await;
}

#[tokio::test]
async fn an_accreditation_takes_the_steps_of_its_machine_and_no_other() {
    walk(Machine::new(
        "studioAccreditation",
        "APPLIED RECOMMEND CITY_RECOMMENDED
         CITY_RECOMMENDED ASSESS EXPERT_ASSESSED
         EXPERT_ASSESSED DECIDE MEETING_DECIDED
         MEETING_DECIDED PUBLISH_NOTICE PUBLIC_NOTICE
         PUBLIC_NOTICE NAME NAMED
         NAMED BEGIN_REVIEW PERIODIC_REVIEW
         PERIODIC_REVIEW PASS_REVIEW NAMED
         PERIODIC_REVIEW ORDER_RECTIFICATION RECTIFYING
         RECTIFYING ACCEPT_RECTIFICATION NAMED
         RECTIFYING REMOVE REMOVED
         NAMED CHANGE_LEADER LEADER_CHANGED
         LEADER_CHANGED CONFIRM_LEADER NAMED",
        |it| Box::pin(fixture::studio_accreditation(it)),
    ))
    .await;
}

#[tokio::test]
async fn a_grant_takes_the_steps_of_its_machine_and_no_other() {
    walk(Machine::new(
        "studioGrant",
        "APPROVED PAY PAID
         APPROVED CANCEL CANCELLED",
        |it| Box::pin(fixture::studio_grant(it)),
    ))
    .await;
}

#[tokio::test]
async fn an_achievement_takes_the_steps_of_its_machine_and_no_other() {
    walk(Machine::new(
        "innovationAchievement",
        "REGISTERED ASSESS ASSESSED
         ASSESSED SELECT SELECTED
         ASSESSED EXHIBIT EXHIBITED
         SELECTED EXHIBIT EXHIBITED
         EXHIBITED EXHIBIT EXHIBITED
         ASSESSED SIGN_INTENT INTENT_SIGNED
         SELECTED SIGN_INTENT INTENT_SIGNED
         EXHIBITED SIGN_INTENT INTENT_SIGNED
         INTENT_SIGNED SIGN_CONTRACT CONTRACTED
         CONTRACTED IMPLEMENT IMPLEMENTED
         IMPLEMENTED SHARE_REVENUE REVENUE_SHARED
         INTENT_SIGNED FAIL_CONVERSION CONVERSION_FAILED
         CONTRACTED FAIL_CONVERSION CONVERSION_FAILED",
        |it| Box::pin(fixture::innovation_achievement(it)),
    ))
    .await;
}

#[tokio::test]
async fn a_wage_recovery_takes_the_steps_of_its_machine_and_no_other() {
    walk(Machine::new(
        "wageRecovery",
        "CLAIMED AGREE AGREED
         AGREED RECORD_PARTIAL_PAYMENT PARTIALLY_PAID
         PARTIALLY_PAID RECORD_PARTIAL_PAYMENT PARTIALLY_PAID
         AGREED RECORD_PAYMENT PAID
         PARTIALLY_PAID RECORD_PAYMENT PAID
         AGREED MARK_DEFAULTED DEFAULTED
         PARTIALLY_PAID MARK_DEFAULTED DEFAULTED",
        |it| Box::pin(async { fixture::wage_recovery(it, &fixture::dispute_case(it).await).await }),
    ))
    .await;
}

const PROCEEDING_STEPS: &str = "BEGIN_NEGOTIATION SETTLE REFUSE FAIL ACCEPT DECLINE BEGIN_MEDIATION \
     AGREE TIME_OUT PERFORM BREACH SEEK_PAYMENT_ORDER LAPSE_UNDECIDED SERVE ANSWER FORM_TRIBUNAL \
     BEGIN_HEARING SUSPEND RESUME MEDIATE AWARD_FINAL AWARD_NON_FINAL AWARD_BY_DEFAULT WITHDRAW \
     MARK_OVERDUE BEGIN_TRIAL JUDGE APPEAL JUDGE_FINALLY SET_ASIDE BEGIN_ENFORCEMENT RECORD_PAYMENT \
     RECORD_PARTIAL_PAYMENT TERMINATE FILE BEGIN_INVESTIGATION ORDER PENALISE ENFORCE_THROUGH_COURT \
     REFER_CRIMINAL";

async fn walk_proceeding(
    lines: &'static str,
    create: for<'a> fn(&'a Client) -> BoxFuture<'a, String>,
) {
    let steps = PROCEEDING_STEPS.split_whitespace().collect();
    let machine = Machine::new("disputeProceeding", lines, create);
    walk(Machine { state: "state", steps, ..machine }).await;
}

macro_rules! stage {
    ($stage:literal) => {
        |it| {
            Box::pin(async {
                fixture::proceeding(it, &fixture::dispute_case(it).await, $stage).await
            })
        }
    };
}

#[tokio::test]
async fn a_negotiation_takes_the_steps_of_its_machine_and_no_other() {
    let lines = "REQUESTED BEGIN_NEGOTIATION NEGOTIATING
         REQUESTED REFUSE REFUSED
         NEGOTIATING SETTLE SETTLED
         NEGOTIATING FAIL FAILED";
    walk_proceeding(lines, stage!("NEGOTIATION")).await;
}

#[tokio::test]
async fn a_mediation_takes_the_steps_of_its_machine_and_no_other() {
    let lines = "APPLIED ACCEPT ACCEPTED
         APPLIED DECLINE NOT_ACCEPTED
         ACCEPTED BEGIN_MEDIATION MEDIATING
         MEDIATING AGREE AGREED
         MEDIATING FAIL FAILED
         MEDIATING TIME_OUT TIMEOUT
         AGREED PERFORM PERFORMED
         AGREED BREACH BREACHED
         BREACHED SEEK_PAYMENT_ORDER PAYMENT_ORDER";
    walk_proceeding(lines, stage!("MEDIATION")).await;
}

#[tokio::test]
async fn an_arbitration_takes_the_steps_of_its_machine_and_no_other() {
    let lines = "APPLIED ACCEPT ACCEPTED
         APPLIED REFUSE REFUSED
         APPLIED LAPSE_UNDECIDED NO_DECISION
         ACCEPTED SERVE SERVED
         SERVED ANSWER ANSWERED
         SERVED FORM_TRIBUNAL TRIBUNAL_FORMED
         ANSWERED FORM_TRIBUNAL TRIBUNAL_FORMED
         TRIBUNAL_FORMED BEGIN_HEARING HEARING
         HEARING SUSPEND SUSPENDED
         SUSPENDED RESUME HEARING
         HEARING MEDIATE ARBITRAL_MEDIATION
         HEARING AWARD_FINAL AWARD_FINAL
         HEARING AWARD_NON_FINAL AWARD_NON_FINAL
         HEARING AWARD_BY_DEFAULT DEFAULT_AWARD
         HEARING WITHDRAW WITHDRAWN
         HEARING MARK_OVERDUE OVERDUE";
    walk_proceeding(lines, stage!("ARBITRATION")).await;
}

#[tokio::test]
async fn a_first_instance_takes_the_steps_of_its_machine_and_no_other() {
    let lines = "FILED BEGIN_TRIAL TRIAL
         TRIAL JUDGE JUDGED
         TRIAL MEDIATE MEDIATED
         TRIAL WITHDRAW WITHDRAWN
         TRIAL SET_ASIDE SET_ASIDE
         JUDGED APPEAL APPEALED";
    walk_proceeding(lines, stage!("COURT_FIRST")).await;
}

#[tokio::test]
async fn a_second_instance_takes_the_steps_of_its_machine_and_no_other() {
    let lines = "FILED BEGIN_TRIAL TRIAL
         TRIAL JUDGE_FINALLY FINAL
         TRIAL MEDIATE MEDIATED
         TRIAL WITHDRAW WITHDRAWN";
    walk_proceeding(lines, stage!("COURT_SECOND")).await;
}

#[tokio::test]
async fn an_enforcement_takes_the_steps_of_its_machine_and_no_other() {
    let lines = "APPLIED BEGIN_ENFORCEMENT ENFORCING
         ENFORCING RECORD_PAYMENT PAID
         ENFORCING RECORD_PARTIAL_PAYMENT PARTIAL
         ENFORCING TERMINATE TERMINATED";
    walk_proceeding(lines, stage!("ENFORCEMENT")).await;
}

#[tokio::test]
async fn an_inspection_takes_the_steps_of_its_machine_and_no_other() {
    let lines = "REPORTED FILE FILED
         FILED BEGIN_INVESTIGATION INVESTIGATING
         INVESTIGATING ORDER ORDERED
         ORDERED RECORD_PAYMENT PAID
         ORDERED PENALISE PENALISED
         ORDERED ENFORCE_THROUGH_COURT COURT_ENFORCED
         ORDERED REFER_CRIMINAL REFERRED_CRIMINAL";
    walk_proceeding(lines, stage!("INSPECTION")).await;
}

/// Each state of a case but the closed one is reached by opening a proceeding, not by a step.
#[tokio::test]
async fn a_case_is_closed_from_every_state_and_opened_again() {
    let app = TestApp::new().await;
    let steward = app.steward().await;
    let ways: [(&str, &[&str]); 7] = [
        ("NEGOTIATION", &["REFUSE"]),
        ("MEDIATION", &["DECLINE"]),
        ("ARBITRATION", &["REFUSE"]),
        ("COURT_FIRST", &["BEGIN_TRIAL", "WITHDRAW"]),
        ("COURT_SECOND", &["BEGIN_TRIAL", "WITHDRAW"]),
        ("ENFORCEMENT", &["BEGIN_ENFORCEMENT", "TERMINATE"]),
        ("INSPECTION", &["FILE", "BEGIN_INVESTIGATION", "ORDER", "PENALISE"]),
    ];
    let states = [
        "IN_NEGOTIATION",
        "IN_MEDIATION",
        "IN_ARBITRATION",
        "IN_COURT",
        "IN_COURT",
        "IN_ENFORCEMENT",
        "UNDER_INSPECTION",
    ];
    let machine = Machine::new(
        "disputeCase",
        "REGISTERED CLOSE CLOSED
         IN_NEGOTIATION CLOSE CLOSED
         IN_MEDIATION CLOSE CLOSED
         IN_ARBITRATION CLOSE CLOSED
         IN_COURT CLOSE CLOSED
         IN_ENFORCEMENT CLOSE CLOSED
         UNDER_INSPECTION CLOSE CLOSED
         CLOSED REOPEN REGISTERED",
        |it| Box::pin(fixture::dispute_case(it)),
    );
    let id = fixture::dispute_case(&steward).await;
    let mut taken: Vec<Edge> = Vec::new();

    for ((stage, steps), state) in ways.into_iter().zip(states) {
        let proceeding = fixture::proceeding(&steward, &id, stage).await;
        for (place, step) in steps.iter().enumerate() {
            let input = json!({ "id": proceeding, "expectedVersion": place + 1 });
            let mutation = format!("disputeProceeding{}", pascal(step));
            steward.done(&mutation, "disputeProceeding { id }", input).await;
        }
        machine.expect(&machine.read(&steward, &id).await, state, &taken);
        machine.expect_refusals(&steward, &id, state).await;
        for (from, step, to) in [(state, "CLOSE", "CLOSED"), ("CLOSED", "REOPEN", "REGISTERED")] {
            let version = machine.read(&steward, &id).await["version"].clone();
            machine.take(&steward, &id, &version, step).await;
            taken.push((from, step, to));
            machine.expect(&machine.read(&steward, &id).await, to, &taken);
            machine.expect_refusals(&steward, &id, to).await;
        }
    }

    let version = machine.read(&steward, &id).await["version"].clone();
    machine.take(&steward, &id, &version, "CLOSE").await;
    taken.push(("REGISTERED", "CLOSE", "CLOSED"));
    machine.expect(&machine.read(&steward, &id).await, "CLOSED", &taken);
}

#[tokio::test]
async fn a_request_of_a_person_takes_the_steps_of_its_machine_and_no_other() {
    walk(Machine::new(
        "dataSubjectRequest",
        "RECEIVED VERIFY_IDENTITY IDENTITY_VERIFIED
         RECEIVED REFUSE REFUSED
         IDENTITY_VERIFIED PROCESS PROCESSING
         IDENTITY_VERIFIED REFUSE REFUSED
         PROCESSING FULFILL FULFILLED
         PROCESSING FULFILL_PARTLY PARTLY
         PROCESSING REFUSE REFUSED",
        |it| Box::pin(fixture::subject_request(it)),
    ))
    .await;
}

#[tokio::test]
async fn a_step_is_not_taken_in_the_future() {
    let app = TestApp::new().await;
    let steward = app.steward().await;
    let id = fixture::pilot_unit(&steward).await;
    let today = app.clock.today();
    let tomorrow = today.succ_opt().unwrap();
    let input =
        |day: chrono::NaiveDate| json!({ "id": id, "expectedVersion": 1, "occurredOn": day });

    let refused = steward.mutate("pilotUnitDesignate", "pilotUnit { id }", input(tomorrow)).await;
    let done = steward.done("pilotUnitDesignate", "pilotUnit { designatedOn }", input(today)).await;

    assert_eq!(refusals(&refused), ["INCONSISTENT"]);
    assert_eq!(refused["userErrors"][0]["path"], json!(["input", "occurredOn"]));
    assert_eq!(done["pilotUnit"]["designatedOn"], json!(today));
    assert_eq!(app.count("SELECT COUNT(*) FROM state_transition").await, 1);
}

#[tokio::test]
async fn a_step_before_the_record_began_is_refused_where_the_input_tells_the_day() {
    let app = TestApp::new().await;
    let steward = app.steward().await;
    let case = fixture::dispute_case(&steward).await;
    let input = json!({ "id": case, "expectedVersion": 1, "occurredOn": "2023-12-31" });

    let refused = steward.mutate("disputeCaseClose", "disputeCase { id }", input).await;

    assert_eq!(refusals(&refused), ["INCONSISTENT"]);
    assert_eq!(refused["userErrors"][0]["rule"], "PERIOD-01");
    assert_eq!(refused["userErrors"][0]["path"], json!(["input", "occurredOn"]));
    assert_eq!(app.count("SELECT COUNT(*) FROM state_transition").await, 0);
}

/// The machines of the further systems, as the domain brief tells them (§9).
const SYSTEMS: &[(Kind, &str, &str)] = &[
    (
        Kind::SkillEvaluationInstitution,
        "skillEvaluationInstitution",
        "APPLIED REVIEW UNDER_REVIEW\nUNDER_REVIEW BEGIN_NOTICE PUBLIC_NOTICE\nPUBLIC_NOTICE FILE FILED\nFILED CHANGE_SCOPE SCOPE_CHANGED\nSCOPE_CHANGED FILE FILED\nFILED SUSPEND SUSPENDED\nSUSPENDED RESUME FILED\nFILED EXPIRE EXPIRED\nEXPIRED RENEW RENEWED\nRENEWED FILE FILED\nFILED REVOKE REVOKED\nSUSPENDED REVOKE REVOKED\nSCOPE_CHANGED REVOKE REVOKED",
    ),
    (
        Kind::SkillCertificate,
        "skillCertificate",
        "ISSUED CONFIRM VALID\nVALID CORRECT CORRECTED\nVALID REVOKE REVOKED\nISSUED REVOKE REVOKED\nVALID SUPERSEDE SUPERSEDED\nVALID END ENDED",
    ),
    (
        Kind::PathwayRecognition,
        "pathwayRecognition",
        "APPLIED CHECK_ELIGIBILITY ELIGIBILITY_CHECK\nELIGIBILITY_CHECK BEGIN_REVIEW EXPERT_REVIEW\nEXPERT_REVIEW BEGIN_NOTICE PUBLIC_NOTICE\nPUBLIC_NOTICE CERTIFY CERTIFIED\nELIGIBILITY_CHECK REJECT REJECTED\nEXPERT_REVIEW REJECT REJECTED\nPUBLIC_NOTICE REJECT REJECTED",
    ),
    (
        Kind::TrainingEnrollment,
        "trainingEnrollment",
        "ENROLLED COMPLETE COMPLETED\nENROLLED FAIL FAILED\nENROLLED DROP DROPPED",
    ),
    (
        Kind::TrainingSubsidyPayment,
        "trainingSubsidyPayment",
        "APPLIED VERIFY VERIFIED\nVERIFIED BEGIN_NOTICE PUBLIC_NOTICE\nPUBLIC_NOTICE APPROVE APPROVED\nAPPROVED DISBURSE DISBURSED\nDISBURSED RECONCILE RECONCILED\nDISBURSED RECOVER RECOVERED\nRECONCILED RECOVER RECOVERED\nAPPLIED REJECT REJECTED\nVERIFIED REJECT REJECTED\nPUBLIC_NOTICE REJECT REJECTED",
    ),
    (
        Kind::HostingRight,
        "hostingRight",
        "APPLIED GRANT GRANTED\nAPPLIED REFUSE REFUSED\nAPPLIED WITHDRAW WITHDRAWN",
    ),
    (
        Kind::HonourNomination,
        "honourNomination",
        "RECOMMENDED REVIEW INITIAL_REVIEW\nINITIAL_REVIEW BEGIN_LOCAL_NOTICE LOCAL_NOTICE\nLOCAL_NOTICE REVIEW_AGAIN RE_REVIEW\nRE_REVIEW BEGIN_FINAL_NOTICE FINAL_NOTICE\nLOCAL_NOTICE OBJECT OBJECTION\nFINAL_NOTICE OBJECT OBJECTION\nOBJECTION DISMISS RE_REVIEW\nOBJECTION REJECT REJECTED\nFINAL_NOTICE CONFER CONFERRED\nCONFERRED REVOKE REVOKED\nINITIAL_REVIEW REJECT REJECTED\nRE_REVIEW REJECT REJECTED",
    ),
    (Kind::HonourAward, "honourAward", "CONFERRED REVOKE REVOKED"),
    (
        Kind::CollectiveAgreement,
        "collectiveAgreement",
        "OFFERED ANSWER ANSWERED\nANSWERED NEGOTIATE NEGOTIATING\nNEGOTIATING AGREE_DRAFT DRAFT_AGREED\nDRAFT_AGREED PASS_CONGRESS CONGRESS_PASSED\nCONGRESS_PASSED SIGN SIGNED\nSIGNED SUBMIT SUBMITTED\nSUBMITTED RETURN_MATERIALS MATERIALS_RETURNED\nMATERIALS_RETURNED RESUBMIT SUBMITTED\nSUBMITTED REGISTER REGISTERED\nREGISTERED REVIEW UNDER_REVIEW\nUNDER_REVIEW OBJECT OBJECTED\nOBJECTED RENEGOTIATE NEGOTIATING\nUNDER_REVIEW APPROVE APPROVED\nUNDER_REVIEW DEEM_EFFECTIVE DEEMED_EFFECTIVE\nAPPROVED PUBLISH PUBLISHED\nDEEMED_EFFECTIVE PUBLISH PUBLISHED\nPUBLISHED ENTER_INTO_FORCE IN_FORCE\nIN_FORCE AMEND AMENDING\nAMENDING ENTER_INTO_FORCE IN_FORCE\nIN_FORCE BEGIN_EXPIRY EXPIRING\nEXPIRING RENEW RENEWED\nEXPIRING EXPIRE EXPIRED\nIN_FORCE TERMINATE TERMINATED\nAMENDING TERMINATE TERMINATED\nEXPIRING TERMINATE TERMINATED",
    ),
    (
        Kind::MembershipApplication,
        "membershipApplication",
        "DRAFT SUBMIT SUBMITTED\nSUBMITTED SCREEN UNDER_REVIEW\nUNDER_REVIEW APPROVE APPROVED\nUNDER_REVIEW REJECT REJECTED\nUNDER_REVIEW ASK_FOR_MORE RETURNED\nRETURNED RESUBMIT SUBMITTED\nSUBMITTED WITHDRAW WITHDRAWN\nUNDER_REVIEW WITHDRAW WITHDRAWN\nDRAFT EXPIRE EXPIRED\nSUBMITTED MARK_DUPLICATE DUPLICATE\nUNDER_REVIEW MARK_DUPLICATE DUPLICATE",
    ),
    (
        Kind::VolunteerEnrollment,
        "volunteerEnrollment",
        "APPLIED APPROVE APPROVED\nAPPROVED SERVE SERVING\nSERVING RECORD_SERVICE SERVICE_RECORDED\nSERVICE_RECORDED CERTIFY CERTIFIED\nAPPLIED CANCEL CANCELLED\nAPPROVED CANCEL CANCELLED\nSERVING CANCEL CANCELLED",
    ),
    (
        Kind::Proposal,
        "proposal",
        "SUBMITTED ACCEPT ACCEPTED\nSUBMITTED MERGE MERGED\nSUBMITTED DECLINE DECLINED\nACCEPTED ASSIGN ASSIGNED\nASSIGNED ANSWER ANSWERED\nANSWERED ASK_FEEDBACK FEEDBACK\nFEEDBACK HANDLE_AGAIN ASSIGNED\nFEEDBACK CLOSE CLOSED",
    ),
    (
        Kind::UnionLegalNotice,
        "unionLegalNotice",
        "REMINDER_SENT REPLY REPLIED\nREMINDER_SENT MARK_OVERDUE REMINDER_OVERDUE\nREPLIED SEND_OPINION OPINION_SENT\nREMINDER_OVERDUE SEND_OPINION OPINION_SENT\nOPINION_SENT CORRECT CORRECTED\nOPINION_SENT MARK_OVERDUE OPINION_OVERDUE\nOPINION_OVERDUE RECOMMEND RECOMMENDATION_SENT\nRECOMMENDATION_SENT FILE AUTHORITY_FILED\nRECOMMENDATION_SENT EXPLAIN EXPLAINED\nREPLIED CLOSE CLOSED\nCORRECTED CLOSE CLOSED\nAUTHORITY_FILED CLOSE CLOSED\nEXPLAINED CLOSE CLOSED",
    ),
    (
        Kind::HotlineTicket,
        "hotlineTicket",
        "RECEIVED REGISTER REGISTERED\nREGISTERED ANSWER_ON_LINE ANSWERED_ON_LINE\nREGISTERED DISPATCH DISPATCHED\nDISPATCHED ACCEPT ACCEPTED\nDISPATCHED RETURN RETURNED\nRETURNED DISPATCH DISPATCHED\nACCEPTED HANDLE HANDLING\nHANDLING EXTEND EXTENDED\nHANDLING RESOLVE RESOLVED\nEXTENDED RESOLVE RESOLVED\nRESOLVED CALL_BACK CALLBACK\nANSWERED_ON_LINE CALL_BACK CALLBACK\nCALLBACK CLOSE CLOSED\nCALLBACK REOPEN REOPENED\nCLOSED REOPEN REOPENED\nREOPENED DISPATCH DISPATCHED",
    ),
    (Kind::CompetitionAppeal, "competitionAppeal", "FILED UPHOLD UPHELD\nFILED DISMISS DISMISSED"),
    (
        Kind::MembershipTransfer,
        "membershipTransfer",
        "REQUESTED ACCEPT ACCEPTED\nREQUESTED REFUSE REFUSED",
    ),
    (
        Kind::ImportBatch,
        "importBatch",
        "RECEIVED PARSE PARSED\nPARSED VALIDATE VALIDATED\nVALIDATED MATCH MATCHED\nMATCHED REVIEW REVIEWED\nREVIEWED APPLY APPLIED\nAPPLIED ROLL_BACK ROLLED_BACK",
    ),
    (
        Kind::QualityIssue,
        "qualityIssue",
        "OPEN ASSIGN ASSIGNED\nASSIGNED FIX FIXED\nASSIGNED WAIVE WAIVED\nASSIGNED DECLINE WONT_FIX",
    ),
];

#[tokio::test]
async fn the_machines_of_the_further_systems_take_their_steps_and_no_other() {
    let app = TestApp::new().await;
    let steward = app.steward().await;
    let world = Arc::new(one_of_each(&steward, "130302").await);
    for (kind, field, lines) in SYSTEMS {
        let world = world.clone();
        let kind = *kind;
        let machine = Machine::new(field, lines, move |client| {
            let world = world.clone();
            Box::pin(async move { systems::another(client, kind, &world).await })
        });
        machine.walk(&steward).await;
    }
}
