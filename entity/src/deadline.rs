use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};
use value::{DivisionCode, TermUnit};

/// A time limit that runs in a proceeding. 程序期限。
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "deadline")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub division_code: DivisionCode,
    pub version: i32,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
    pub archived_at: Option<DateTimeUtc>,
    pub proceeding_id: Uuid,
    pub rule: DeadlineRule,
    pub started_on: Date,
    pub length: i32,
    pub unit: TermUnit,
    pub extended_by: i32,
    pub due_on: Date,
    pub met_on: Option<Date>,
    pub calendar_version: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// A time limit of the law. 法定期限规则
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    EnumIter,
    DeriveActiveEnum,
    async_graphql::Enum,
    Serialize,
    Deserialize,
)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum DeadlineRule {
    /// To answer an offer to negotiate: 5 days. 协商答复：5日
    NegotiationReply,
    /// To accept or refuse a mediation: 3 working days. 调解受理：3个工作日
    MediationAcceptance,
    /// To reach an agreement by mediation: 15 days (Mediation and Arbitration Law, art. 14). 调解：15日
    Mediation,
    /// To pay or object to a payment order: 15 days. 支付令异议：15日
    PaymentOrderObjection,
    /// To apply for arbitration: a year (art. 27). 仲裁时效：1年
    ArbitrationLimitation,
    /// To accept or refuse an arbitration: 5 days (art. 29). 仲裁立案：5日
    ArbitrationAcceptance,
    /// To answer an application: 10 days (art. 30). 答辩：10日
    ArbitrationAnswer,
    /// To make an award: 45 days, 15 more with leave (art. 43). 裁决：45日，可延长15日
    ArbitrationAward,
    /// To sue after an award: 15 days (art. 50). 起诉：15日
    Lawsuit,
    /// To ask that a final award be set aside: 30 days (art. 49). 申请撤销终局裁决：30日
    SetAside,
    /// To file a suit: 7 days. 法院立案：7日
    CourtFiling,
    /// To judge in the ordinary way: 6 months, 6 more with leave. 普通程序审限：6个月，可延长6个月
    OrdinaryTrial,
    /// To judge in the simplified way: 3 months, 1 more with leave. 简易程序审限：3个月，可延长1个月
    SimplifiedTrial,
    /// To judge a small claim: 2 months, 1 more with leave. 小额诉讼审限：2个月，可延长1个月
    SmallClaim,
    /// To appeal: 15 days. 上诉：15日
    Appeal,
    /// To judge an appeal: 3 months. 二审审限：3个月
    AppealTrial,
    /// To ask for enforcement: 2 years. 申请执行：2年
    Enforcement,
    /// To investigate: 60 working days, 30 more with leave. 劳动保障监察：60个工作日，可延长30个工作日
    Inspection,
}
