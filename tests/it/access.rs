//! Who may see and do what: roles, scopes, masks, credentials.

use gongtu::{
    kind::Kind,
    policy::{Role, Scope},
};
use serde_json::{Value, json};

use crate::{
    support::{Client, TestApp, codes, refusals},
    world::{LISTS, Mutations, is_register, one_of_each},
};

/// The kinds of which a client sees at least one record in a list.
async fn seen(client: &Client) -> Vec<Kind> {
    let mut seen = Vec::new();
    for (list, kind) in LISTS {
        let query = format!("{{ it: {list} {{ nodes {{ id }} edges {{ cursor }} totalCount }} }}");
        let list = client.data(&query, json!({})).await["it"].clone();
        let count = list["nodes"].as_array().unwrap().len();
        assert_eq!(list["edges"].as_array().unwrap().len(), count);
        assert_eq!(list["totalCount"] == 0, count == 0, "{kind:?}");
        if count > 0 {
            seen.push(kind);
        }
    }
    seen
}

#[tokio::test]
async fn each_role_sees_the_kinds_it_may_and_no_other() {
    let app = TestApp::new().await;
    let world = one_of_each(&app.steward().await, "130302").await;
    let of = |picked: &dyn Fn(Kind) -> bool| {
        LISTS.iter().map(|it| it.1).filter(|it| picked(*it)).collect::<Vec<_>>()
    };
    let register = of(&is_register);
    let partner = of(&|it| {
        is_register(it)
            || [
                Kind::Worker,
                Kind::Employer,
                Kind::EmploymentRelation,
                Kind::UnionMembership,
                Kind::MembershipApplication,
                Kind::GigEngagement,
                Kind::MembershipTransfer,
                Kind::UnionOfficer,
            ]
            .contains(&it)
    });
    // No award is made.
    let all: Vec<Kind> =
        LISTS.iter().map(|it| it.1).filter(|it| *it != Kind::CompetitionAward).collect();
    // That somebody asked about their record is for the steward, and what other systems sent.
    let of_stewards =
        [Kind::DataSubjectRequest, Kind::ImportBatch, Kind::RawRecord, Kind::QualityIssue];
    let county: Vec<Kind> = all.iter().copied().filter(|it| !of_stewards.contains(it)).collect();

    for (client, expected) in [
        (app.nobody(), vec![]),
        (app.public().await, register.clone()),
        (app.partner().await, partner.clone()),
        (app.county("130302").await, county),
        (app.county("130303").await, register.clone()),
        (app.steward().await, all.clone()),
        (app.client(Role::Steward, Some("130400")).await, register.clone()),
        (app.client(Role::Steward, None).await, register.clone()),
        (app.client(Role::Partner, Some("130303")).await, register.clone()),
    ] {
        assert_eq!(seen(&client).await, expected, "{}", client.name);
        // By its id, a record is seen by who sees it in a list.
        let ids: Vec<&String> = world.values().collect();
        let query = "query($ids: [ID!]!) { nodes(ids: $ids) { id } }";
        let nodes = client.data(query, json!({ "ids": ids })).await["nodes"].clone();
        for ((kind, id), node) in world.iter().zip(nodes.as_array().unwrap()) {
            let expected = if expected.contains(kind) { json!({ "id": id }) } else { Value::Null };
            assert_eq!(*node, expected, "{} {kind:?}", client.name);
        }
    }
}

#[tokio::test]
async fn every_mutation_needs_its_scope_whoever_asks() {
    let app = TestApp::new().await;
    let (nobody, public) = (app.nobody(), app.public().await);
    let partner = app.partner().await;
    let mutations = Mutations::of_the_schema();
    let unseen = |kind| gongtu::kind::encode_id(kind, uuid::Uuid::now_v7());
    let before = app.count("SELECT count(*) FROM worker").await;

    for mutation in &mutations.all {
        let input = mutations.input(mutation, &unseen);
        let name = &mutation.name;
        let input_type = format!("{}{}Input", name[..1].to_uppercase(), &name[1..]);
        let query = format!(
            "mutation($input: {input_type}!) {{ {name}(input: $input) {{ userErrors {{ code }} }} }}"
        );
        let variables = json!({ "input": input });
        let stranger = nobody.run(&query, variables.clone()).await;
        assert_eq!(codes(&stranger), ["UNAUTHENTICATED"], "{name} {stranger}");
        assert_eq!(stranger["data"], json!({ name.as_str(): null }), "{name}");
        let refused = public.run(&query, variables.clone()).await;
        assert_eq!(codes(&refused), ["FORBIDDEN"], "{name} {refused}");
        let needed = &refused["errors"][0]["extensions"]["requiredScope"];
        assert_eq!(
            *needed,
            json!(mutation.scope),
            "{name}: what the schema says is what is asked for"
        );
        let may =
            ["worker:write", "employer:write", "union:write"].contains(&mutation.scope.as_str());
        let tried = partner.run(&query, variables).await;
        assert_eq!(codes(&tried).is_empty(), may, "{name} {tried}");
    }

    assert!(mutations.all.len() > 180);
    // The partner may make workers, but none with the division and ids of the inputs above.
    assert!(app.count("SELECT count(*) FROM worker").await <= before + 2);
}

#[tokio::test]
async fn personal_numbers_are_masked_for_all_but_the_steward() {
    let app = TestApp::new().await;
    let steward = app.steward().await;
    let id = steward
        .done(
            "workerCreate",
            "worker { id }",
            json!({ "name": "王芳", "divisionCode": "130302", "idNumber": "130399199001010023",
                "phone": "15412345678" }),
        )
        .await["worker"]["id"]
        .clone();
    let bare = steward.create_worker("张伟", "130302").await;
    let fields = "idNumber { value isMasked unmaskScope } phone { value isMasked unmaskScope }";
    let query = format!("query($id: ID!) {{ worker(by: {{ id: $id }}) {{ {fields} }} }}");
    let scopes = [Scope::WorkerRead];
    let less = app.limited_client(Role::Steward, Some("130300"), Some(&scopes), None).await;

    for client in [app.partner().await, app.county("130302").await, less] {
        let worker = client.data(&query, json!({ "id": id })).await["worker"].clone();
        assert_eq!(
            worker,
            json!({
                "idNumber": {
                    "value": "130***********0023", "isMasked": true, "unmaskScope": "worker:unmask",
                },
                "phone": { "value": "154****5678", "isMasked": true, "unmaskScope": "worker:unmask" },
            }),
            "{}",
            client.name
        );
    }
    let worker = steward.data(&query, json!({ "id": id })).await["worker"].clone();
    assert_eq!(
        worker,
        json!({
            "idNumber": { "value": "130399199001010023", "isMasked": false, "unmaskScope": null },
            "phone": { "value": "15412345678", "isMasked": false, "unmaskScope": null },
        })
    );
    let none = json!({ "idNumber": null, "phone": null });
    assert_eq!(steward.data(&query, json!({ "id": bare })).await["worker"], none);
}

#[tokio::test]
async fn the_payload_of_a_write_is_masked_as_a_read_is() {
    let app = TestApp::new().await;
    let county = app.county("130302").await;

    let input =
        json!({ "name": "王芳", "divisionCode": "130302", "idNumber": "130399199001010023" });
    let created = county.done("workerCreate", "worker { id idNumber { value } }", input).await;
    let id = &created["worker"]["id"];
    // A mask that comes back as a value is no value.
    let back = json!({ "id": id, "expectedVersion": 1, "idNumber": "130***********0023" });
    let back = county.mutate("workerUpdate", "worker { id }", back).await;
    let phone = json!({ "id": id, "expectedVersion": 1, "phone": "154****5678" });
    let phone = county.mutate("workerUpdate", "worker { id }", phone).await;

    assert_eq!(created["worker"]["idNumber"]["value"], "130***********0023");
    assert_eq!(refusals(&back), ["INVALID_VALUE"]);
    assert_eq!(refusals(&phone), ["INVALID_VALUE"]);
    let query = "query($id: ID!) { worker(by: { id: $id }) { version idNumber { value } } }";
    let worker = app.steward().await.data(query, json!({ "id": id })).await;
    let whole = json!({ "version": 1, "idNumber": { "value": "130399199001010023" } });
    assert_eq!(worker["worker"], whole);
}

#[tokio::test]
async fn a_look_up_by_id_number_needs_a_scope_of_its_own() {
    let app = TestApp::new().await;
    let steward = app.steward().await;
    let input =
        json!({ "name": "王芳", "divisionCode": "130302", "idNumber": "13039918500615001X" });
    let made = steward.done("workerCreate", "worker { id }", input).await;
    let query = "query($number: IdNumber!) { worker(by: { idNumber: $number }) { id } }";
    let ask =
        async |client: &Client, number: &str| client.run(query, json!({ "number": number })).await;

    let found = ask(&steward, "130399 18500615 001x").await;
    let missing = ask(&steward, "130399185006150060").await;
    let invalid = ask(&steward, "130399185006150192").await;
    let elsewhere = app.client(Role::Steward, Some("130400")).await;
    let hidden = ask(&elsewhere, "13039918500615001X").await;

    assert_eq!(found["data"]["worker"], made["worker"]);
    assert_eq!(missing, json!({ "data": { "worker": null } }));
    assert_eq!(hidden, missing);
    assert_eq!(codes(&invalid), ["BAD_USER_INPUT"]);
    let violation = &invalid["errors"][0]["extensions"]["violations"][0];
    assert_eq!(violation["rule"], "ID-02");
    assert!(!invalid.to_string().contains("130399185006150192"));
    for client in [app.partner().await, app.county("130302").await, app.public().await] {
        for number in ["13039918500615001X", "130399185006150060", "x"] {
            let refused = ask(&client, number).await;
            assert_eq!(codes(&refused), ["FORBIDDEN"], "{}", client.name);
            let needed = &refused["errors"][0]["extensions"]["requiredScope"];
            assert_eq!(needed, "worker:lookup");
        }
    }
    assert_eq!(codes(&ask(&app.nobody(), "13039918500615001X").await), ["UNAUTHENTICATED"]);
}

#[tokio::test]
async fn a_credential_that_is_wrong_expired_or_revoked_is_refused() {
    let app = TestApp::new().await;
    let query = json!({ "query": "{ viewer { name } }" });
    let steward = app.steward().await;
    let end = app.clock.now() + chrono::TimeDelta::minutes(5);
    let ending = app.limited_client(Role::Steward, Some("130300"), None, Some(end)).await;
    let with = |token: &str| {
        let mut client = app.nobody();
        client.token = Some(token.to_owned());
        client
    };
    let token = steward.token.clone().unwrap();

    let (status, nobody) = app.nobody().post(&query).await;
    assert_eq!((status, nobody), (200, json!({ "data": { "viewer": { "name": null } } })));
    for token in ["", "x", "gongtu_", &token.to_lowercase(), &format!("{token}A"), &token[..50]] {
        let (status, body) = with(token).post(&query).await;
        assert_eq!((status, codes(&body)), (401, vec!["UNAUTHENTICATED"]), "{body}");
        assert_eq!(body["data"], Value::Null);
    }
    assert_eq!(steward.post(&query).await.0, 200);
    assert_eq!(ending.post(&query).await.0, 200);

    // What is revoked is refused within a second of the clock, what ends at its end.
    app.app.credentials().revoke(&steward.name).await.unwrap();
    app.clock.advance(chrono::TimeDelta::seconds(2));
    assert_eq!(steward.post(&query).await.0, 401);
    assert_eq!(ending.post(&query).await.0, 200);
    app.clock.advance(chrono::TimeDelta::minutes(5));
    assert_eq!(ending.post(&query).await.0, 401);
}

#[tokio::test]
async fn a_credential_may_have_fewer_scopes_than_its_role_but_never_more() {
    let app = TestApp::new().await;
    let world = one_of_each(&app.steward().await, "130302").await;
    let scopes = [Scope::WorkerRead, Scope::DisputeRead];
    let reader = app.limited_client(Role::Steward, Some("130300"), Some(&scopes), None).await;
    let public = app.limited_client(Role::Public, Some("130300"), Some(&scopes), None).await;
    let none = app.limited_client(Role::Steward, Some("130300"), Some(&[]), None).await;

    let viewer = "{ viewer { roles scopes divisionCode } }";
    let told = reader.data(viewer, json!({})).await;
    let write = json!({ "name": "李娜", "divisionCode": "130302" });
    let query =
        "mutation($input: WorkerCreateInput!) { workerCreate(input: $input) { worker { id } } }";
    let refused = reader.run(query, json!({ "input": write })).await;
    let nested = "query($id: ID!) { worker(by: { id: $id }) { name employer { id } \
                  employments { nodes { employer { id } } totalCount } \
                  memberships { nodes { unionOrganization { id } } } } }";
    let nested = reader.data(nested, json!({ "id": world[&Kind::Worker] })).await;

    assert_eq!(
        told["viewer"],
        json!({
            "roles": ["STEWARD"], "scopes": ["worker:read", "dispute:read"], "divisionCode": "130300",
        })
    );
    assert_eq!(
        seen(&reader).await,
        [
            Kind::Worker,
            Kind::EmploymentRelation,
            Kind::UnionMembership,
            Kind::DisputeCase,
            Kind::DisputeParty,
            Kind::DisputeClaim,
            Kind::DisputeProceeding,
            Kind::DisputeAssignment,
            Kind::WageRecovery,
            Kind::MembershipApplication,
            Kind::GigEngagement,
            Kind::Deadline,
            Kind::UnionLegalNotice,
            Kind::HotlineTicket,
            Kind::LegalAidGrant,
            Kind::WageArrearsCase,
            Kind::WageArrearsParty,
            Kind::MembershipTransfer,
            Kind::UnionOfficer,
        ]
    );
    assert_eq!(seen(&public).await, []);
    assert_eq!(seen(&none).await, []);
    assert_eq!(codes(&refused), ["FORBIDDEN"]);
    assert_eq!(refused["errors"][0]["extensions"]["requiredScope"], "worker:write");
    // What the viewer may not read is not there when reached from what it may.
    assert_eq!(
        nested["worker"],
        json!({
            "name": "王芳", "employer": null,
            "employments": { "nodes": [{ "employer": null }], "totalCount": 1 },
            "memberships": { "nodes": [{ "unionOrganization": null }] },
        })
    );
}
