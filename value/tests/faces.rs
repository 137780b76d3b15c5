//! How values look to a GraphQL client.

use async_graphql::{
    EmptyMutation, EmptySubscription, InputObject, InputType, Object, Pos, Request, Response,
    Schema, SimpleObject, Variables, value,
};
use chrono::NaiveDate;
use value::{
    BigInt, CertificateNumber, Checked, CreditCode, Decimal, Defect, DivisionCode, Fen, IdNumber,
    IndustryCode, OccupationCode, PersonName, Phone, Rules, Unchecked, Value,
};

const RULES: Rules =
    Rules { today: NaiveDate::from_ymd_opt(2025, 6, 15).unwrap(), synthetic: true };

struct Query;

#[derive(InputObject)]
struct MemberInput {
    id_number: Unchecked<IdNumber>,
    phone: Option<Unchecked<Phone>>,
}

#[derive(SimpleObject)]
struct Codes {
    name: PersonName,
    employer: Option<CreditCode>,
    sent: Unchecked<CreditCode>,
    division: DivisionCode,
    industry: IndustryCode,
    occupation: OccupationCode,
    certificate: CertificateNumber,
    amount: Option<Fen>,
    share: Decimal,
}

fn known<T: Value>(text: &str) -> T {
    T::check(text, &RULES).unwrap().value
}

#[Object]
impl Query {
    /// The broken rule of each member, or nothing.
    async fn defects(&self, members: Vec<MemberInput>) -> Vec<Option<&'static str>> {
        let broken = |member: &MemberInput| -> Result<(), Defect> {
            let Checked { .. } = member.id_number.check(&RULES)?;
            if let Some(phone) = &member.phone {
                phone.check(&RULES)?;
            }
            Ok(())
        };
        members.iter().map(|member| broken(member).err().map(|defect| defect.rule)).collect()
    }

    async fn employer_rule(&self, code: Unchecked<CreditCode>) -> Option<&'static str> {
        CreditCode::for_employer(code.expose(), &RULES).err().map(|defect| defect.rule)
    }

    async fn codes(&self) -> Codes {
        Codes {
            name: known("阿依古丽•买买提"),
            employer: Some(known("91130399mate5t0175")),
            sent: Unchecked::new("91130399mate5t0175"),
            division: known("130302"),
            industry: known("C3714"),
            occupation: known("6-18-02-04"),
            certificate: known("Y000013000001241000001"),
            amount: Some(Fen(5_082_800_000)),
            share: Decimal::scaled(5218, 2),
        }
    }

    async fn echo(&self, fen: BigInt, rate: Decimal) -> String {
        format!("{} {rate}", fen.0)
    }
}

fn schema() -> Schema<Query, EmptyMutation, EmptySubscription> {
    Schema::new(Query, EmptyMutation, EmptySubscription)
}

async fn execute(query: &str, variables: serde_json::Value) -> Response {
    schema().execute(Request::new(query).variables(Variables::from_json(variables))).await
}

const DEFECTS: &str = "query($members: [MemberInput!]!) { defects(members: $members) }";

#[tokio::test]
async fn a_bad_value_in_a_batch_is_an_error_of_its_item() {
    let members = serde_json::json!([
        { "idNumber": "13039918500615001x", "phone": "+86 154-1234-5678" },
        { "idNumber": "130399185006150192" },
        { "idNumber": "130399185006150191", "phone": "1" },
    ]);

    let response = execute(DEFECTS, serde_json::json!({ "members": members })).await;

    let data = response.into_result().unwrap().data;
    assert_eq!(data, value!({ "defects": [null, "ID-02", "PHONE-01"] }));
}

#[tokio::test]
async fn what_is_not_a_string_is_refused_without_being_repeated() {
    for id in [
        serde_json::json!(130_399_185_006_150_191_u64),
        serde_json::json!(["x"]),
        serde_json::json!(null),
    ] {
        let variables = serde_json::json!({ "members": [{ "idNumber": id }] });
        let response = execute(DEFECTS, variables).await;

        assert!(response.is_err(), "{id} was accepted");
        let errors = serde_json::to_string(&response.errors).unwrap();
        assert!(!errors.contains("130399185006150191"), "{errors}");
        assert!(errors.contains("expected type"), "not refused by validation: {errors}");
    }
    let literal =
        execute("{ defects(members: [{ idNumber: 130399185006150191 }]) }", serde_json::json!({}))
            .await;
    assert!(literal.is_err());
    let errors = serde_json::to_string(&literal.errors).unwrap();
    assert!(!errors.contains("130399185006150191"), "{errors}");
}

#[tokio::test]
async fn codes_and_money_are_fields_of_an_object() {
    let query = "{ codes { name employer sent division industry occupation certificate share \
                 amount { __typename fen yuan } } employerRule(code: \"81130399MATE5T0176\") }";

    let data = execute(query, serde_json::json!({})).await.into_result().unwrap().data;

    assert_eq!(
        data,
        value!({
            "codes": {
                "name": "阿依古丽·买买提",
                "employer": "91130399MATE5T0175",
                "sent": "91130399mate5t0175",
                "division": "130302",
                "industry": "C3714",
                "occupation": "6-18-02-04",
                "certificate": "Y000013000001241000001",
                "share": "52.18",
                "amount": { "__typename": "Money", "fen": "5082800000", "yuan": "50828000.00" },
            },
            "employerRule": "USCC-06",
        })
    );
}

#[tokio::test]
async fn whole_numbers_of_64_bits_are_read_from_strings_and_integers() {
    let query = "query($fen: BigInt!, $rate: Decimal!) { echo(fen: $fen, rate: $rate) }";
    let echo = async |fen: serde_json::Value, rate: serde_json::Value| {
        execute(query, serde_json::json!({ "fen": fen, "rate": rate }))
            .await
            .into_result()
            .map(|response| response.data)
    };

    let max = serde_json::json!("9223372036854775807");
    let read = echo(max, "0.10".into()).await.unwrap();
    assert_eq!(read, value!({ "echo": "9223372036854775807 0.10" }));
    let read = echo((-5).into(), 3.into()).await.unwrap();
    assert_eq!(read, value!({ "echo": "-5 3" }));
    for fen in ["9223372036854775808", "+1", "", "-", "1.0", "1e3", "١", " 1"] {
        assert!(echo(fen.into(), 1.into()).await.is_err(), "{fen} was accepted");
    }
    for fen in [serde_json::json!(1.5), serde_json::json!(u64::MAX), serde_json::json!(true)] {
        assert!(echo(fen.clone(), 1.into()).await.is_err(), "{fen} was accepted");
    }
    for rate in ["", ".5", "1.", "1.2.3", "-", "NaN", "1e3", "+1"] {
        assert!(echo(1.into(), rate.into()).await.is_err(), "{rate} was accepted");
    }
    assert!(echo(1.into(), 0.1.into()).await.is_err());
}

#[test]
fn every_scalar_is_described_in_both_languages() {
    let sdl = schema().sdl();

    for scalar in [
        "BigInt",
        "CertificateNumber",
        "CreditCode",
        "Decimal",
        "DivisionCode",
        "IdNumber",
        "IndustryCode",
        "OccupationCode",
        "PersonName",
        "Phone",
    ] {
        let (before, _) = sdl
            .split_once(&format!("\nscalar {scalar}\n"))
            .unwrap_or_else(|| panic!("{scalar} is missing in\n{sdl}"));
        let description = before.trim_end_matches("\n\"\"\"").rsplit("\"\"\"\n").next().unwrap();
        assert!(
            description.starts_with(|c: char| c.is_ascii_uppercase()),
            "{scalar}: {description}"
        );
        assert!(description.contains("例如"), "{scalar}: {description}");
        assert!(!description.contains("  "), "{scalar}: {description}");
    }
    assert!(sdl.contains("amount: Money\n"), "{sdl}");
    assert!(sdl.contains("fen: BigInt!\n"), "{sdl}");
    assert!(sdl.contains("yuan: Decimal!\n"), "{sdl}");
}

#[test]
fn a_value_that_passed_by_validation_is_refused_without_being_repeated() {
    let number = async_graphql::Value::from(130_399_185_006_150_191_u64);

    let error = <Unchecked<IdNumber> as InputType>::parse(Some(number)).unwrap_err();

    let message = error.into_server_error(Pos::default()).message;
    assert_eq!(message, "Failed to parse \"IdNumber\": expected a string");
}

#[test]
fn unchecked_text_is_not_in_debug_output() {
    let sent: Unchecked<IdNumber> = Unchecked::new("130399185006150191");

    assert_eq!(format!("{sent:?}"), "Unchecked(…)");
    assert_eq!(sent.clone(), sent);
}
