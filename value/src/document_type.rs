use async_graphql::Enum;
use sea_orm::{DeriveActiveEnum, EnumIter};
use serde::{Deserialize, Serialize};

/// Kind of an identity document. 身份证件类型。
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    Serialize,
    Deserialize,
    Enum,
    EnumIter,
    DeriveActiveEnum,
)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum DocumentType {
    /// Resident identity card. 居民身份证。
    ResidentId,
    /// Residence permit of a Hong Kong or Macao resident. 港澳居民居住证。
    HkMoResidence,
    /// Residence permit of a Taiwan resident. 台湾居民居住证。
    TwResidence,
    /// Foreign permanent resident's card, 15-character form of 2017. 外国人永久居留身份证（2017版）。
    #[graphql(name = "FPR_2017")]
    #[sea_orm(string_value = "FPR_2017")]
    #[serde(rename = "FPR_2017")]
    Fpr2017,
    /// Foreign permanent resident's card, 18-digit form of 2023. 外国人永久居留身份证（2023版）。
    #[graphql(name = "FPR_2023")]
    #[sea_orm(string_value = "FPR_2023")]
    #[serde(rename = "FPR_2023")]
    Fpr2023,
    /// Mainland travel permit of a Hong Kong or Macao resident. 港澳居民来往内地通行证。
    HkMoTravel,
    /// Mainland travel permit of a Taiwan resident. 台湾居民来往大陆通行证。
    TwTravel,
    /// Passport. 护照。
    Passport,
    /// Another document. 其他证件。
    Other,
}
