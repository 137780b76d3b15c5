//! Values as columns of an entity and in stored snapshots.

#![expect(clippy::disallowed_methods, reason = "columns are tested without the kernel")]

use chrono::NaiveDate;
use sea_orm::entity::prelude::*;
use sea_orm::{ActiveValue::Set, Database, IntoActiveModel, Iterable, Schema};
use value::{DocumentType, Fen, Rules, Sealed};

mod member {
    use async_graphql::SimpleObject;
    use sea_orm::entity::prelude::*;
    use serde::{Deserialize, Serialize};
    use value::{
        CertificateNumber, CreditCode, DivisionCode, DocumentType, Fen, IdNumber, IndustryCode,
        OccupationCode, PersonName, Phone, Sealed,
    };

    #[derive(
        Clone, Debug, PartialEq, Eq, DeriveEntityModel, SimpleObject, Serialize, Deserialize,
    )]
    #[sea_orm(table_name = "member")]
    #[graphql(name = "Member")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub division: DivisionCode,
        pub name: PersonName,
        pub document_type: DocumentType,
        #[graphql(skip)]
        pub id_number: Option<Sealed<IdNumber>>,
        #[graphql(skip)]
        pub phone: Option<Sealed<Phone>>,
        pub employer: Option<CreditCode>,
        pub industry: Option<IndustryCode>,
        pub occupation: Option<OccupationCode>,
        pub certificate: Option<CertificateNumber>,
        pub dues: Fen,
        pub grant: Option<Fen>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

#[track_caller]
fn known<T: value::Value>(text: &str) -> T {
    let today = NaiveDate::from_ymd_opt(2025, 6, 15).unwrap();
    T::check(text, &Rules { today, synthetic: true }).unwrap().value
}

fn member() -> member::Model {
    member::Model {
        division: known("130302"),
        name: known("𠮷野"),
        document_type: DocumentType::Fpr2023,
        id_number: Some(Sealed::new(&known("913840185006150014"), "AQID")),
        phone: None,
        employer: Some(known("91130399MATE5T0175")),
        industry: Some(known("C37")),
        occupation: None,
        certificate: Some(known("Y000013000001241000001")),
        dues: Fen(i64::MAX),
        grant: None,
    }
}

#[tokio::test]
async fn values_are_columns() {
    let database = Database::connect("sqlite::memory:").await.unwrap();
    let schema = Schema::new(database.get_database_backend());
    database.execute(&schema.create_table_from_entity(member::Entity)).await.unwrap();

    member().into_active_model().insert(&database).await.unwrap();
    let read = member::Entity::find_by_id(member().division).one(&database).await.unwrap();
    assert_eq!(read, Some(member()));

    let phone = Sealed::<value::Phone>::new(&known("15412345678"), "AQID");
    let mut change = member().into_active_model();
    change.phone = Set(Some(phone.clone()));
    change.update(&database).await.unwrap();
    let found = member::Entity::find()
        .filter(member::Column::Phone.eq(phone))
        .filter(member::Column::DocumentType.eq(DocumentType::Fpr2023))
        .count(&database)
        .await
        .unwrap();
    assert_eq!(found, 1);
}

#[test]
fn a_snapshot_holds_plain_text_and_comes_back() {
    let stored = serde_json::to_value(member()).unwrap();

    assert_eq!(stored["division"], "130302");
    assert_eq!(stored["document_type"], "FPR_2023");
    assert_eq!(stored["dues"], i64::MAX);
    assert_eq!(serde_json::from_value::<member::Model>(stored).unwrap(), member());
}

#[test]
fn a_document_type_has_one_name_everywhere() {
    for document in DocumentType::iter() {
        let stored = document.to_value();
        assert_eq!(serde_json::to_value(document).unwrap(), stored.as_str());
        let shown = async_graphql::InputType::to_value(&document);
        assert_eq!(shown, async_graphql::Value::Enum(async_graphql::Name::new(stored)));
    }
}
