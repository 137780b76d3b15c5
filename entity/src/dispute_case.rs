use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};
use value::DivisionCode;

/// A labour dispute, with all its proceedings. 劳动争议案件
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "dispute_case")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub division_code: DivisionCode,
    pub version: i32,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
    pub archived_at: Option<DateTimeUtc>,
    #[sea_orm(unique)]
    pub case_no: String,
    pub title: String,
    pub ground: DisputeGround,
    pub category: DisputeCategory,
    pub is_collective: bool,
    pub worker_count: i32,
    pub occurred_on: Option<Date>,
    pub known_on: Option<Date>,
    pub registered_on: Date,
    pub closed_on: Option<Date>,
    pub channel: DisputeChannel,
    /// The union that handles the case.
    pub handler_id: Option<Uuid>,
    pub sensitivity: CaseSensitivity,
    pub summary: Option<String>,
    pub status: DisputeCaseStatus,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// Ground of a dispute by article 2 of the Labour Dispute Mediation and Arbitration Law. 争议法定事由
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
pub enum DisputeGround {
    /// Confirmation of an employment relationship. 因确认劳动关系发生的争议
    #[sea_orm(string_value = "G1")]
    #[graphql(name = "G1")]
    #[serde(rename = "G1")]
    G1,
    /// Conclusion, performance, modification, rescission or termination of a labour contract. 因订立、履行、变更、解除和终止劳动合同发生的争议
    #[sea_orm(string_value = "G2")]
    #[graphql(name = "G2")]
    #[serde(rename = "G2")]
    G2,
    /// Removal, dismissal, resignation or leaving. 因除名、辞退和辞职、离职发生的争议
    #[sea_orm(string_value = "G3")]
    #[graphql(name = "G3")]
    #[serde(rename = "G3")]
    G3,
    /// Working hours, rest and leave, social insurance, benefits, training or labour protection. 因工作时间、休息休假、社会保险、福利、培训以及劳动保护发生的争议
    #[sea_orm(string_value = "G4")]
    #[graphql(name = "G4")]
    #[serde(rename = "G4")]
    G4,
    /// Remuneration, medical cost of a work injury, economic compensation or damages. 因劳动报酬、工伤医疗费、经济补偿或者赔偿金等发生的争议
    #[sea_orm(string_value = "G5")]
    #[graphql(name = "G5")]
    #[serde(rename = "G5")]
    G5,
    /// Another dispute that laws or regulations name. 法律、法规规定的其他劳动争议
    #[sea_orm(string_value = "G6")]
    #[graphql(name = "G6")]
    #[serde(rename = "G6")]
    G6,
}

/// What a dispute or claim is about. 争议类别
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
pub enum DisputeCategory {
    /// Unpaid wages. 拖欠工资
    UnpaidWage,
    /// Overtime pay. 加班费
    OvertimePay,
    /// Minimum wage. 最低工资
    MinimumWage,
    /// Double wage for want of a written contract. 二倍工资
    DoubleWage,
    /// Bonus or allowance. 奖金津贴
    BonusAllowance,
    /// Social insurance. 社会保险
    SocialInsurance,
    /// Work injury. 工伤待遇
    WorkInjury,
    /// Economic compensation. 经济补偿
    EconomicCompensation,
    /// Damages for unlawful termination. 违法解除赔偿
    UnlawfulTermination,
    /// Confirmation of an employment relationship. 确认劳动关系
    EmploymentRelation,
    /// Working time and leave. 工时休假
    WorkingTimeLeave,
    /// Protection of female workers. 女职工保护
    FemaleProtection,
    /// Protection of workers under eighteen. 未成年工保护
    MinorProtection,
    /// Non-compete clause. 竞业限制
    NonCompete,
    /// Service period after training. 服务期
    TrainingServicePeriod,
    /// Collective contract. 集体合同
    CollectiveContract,
    /// Platform work. 新就业形态
    PlatformLabour,
    /// Another matter. 其他
    Other,
}

/// How a dispute reached the union. 来源渠道
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
pub enum DisputeChannel {
    /// In person. 来访
    WalkIn,
    /// Workers' hotline 12351. 12351职工服务热线
    #[sea_orm(string_value = "HOTLINE_12351")]
    #[graphql(name = "HOTLINE_12351")]
    #[serde(rename = "HOTLINE_12351")]
    Hotline12351,
    /// Government hotline 12345. 12345政务服务热线
    #[sea_orm(string_value = "HOTLINE_12345")]
    #[graphql(name = "HOTLINE_12345")]
    #[serde(rename = "HOTLINE_12345")]
    Hotline12345,
    /// Mobile app. 手机应用
    App,
    /// Referred by another body. 转办
    Referral,
    /// Found by labour inspection. 劳动监察
    Inspection,
}

/// How closely a case is kept. 敏感程度
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
pub enum CaseSensitivity {
    /// Normal. 一般
    Normal,
    /// Sensitive: for few eyes. 敏感
    Sensitive,
}

/// State of a case, as its proceedings show. 案件状态
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
pub enum DisputeCaseStatus {
    /// Registered. 已登记
    Registered,
    /// In negotiation. 协商中
    InNegotiation,
    /// In mediation. 调解中
    InMediation,
    /// In arbitration. 仲裁中
    InArbitration,
    /// In court. 诉讼中
    InCourt,
    /// In enforcement. 执行中
    InEnforcement,
    /// Under labour inspection. 监察中
    UnderInspection,
    /// Closed. 已结案
    Closed,
}

/// Step of a case. 案件步骤
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
pub enum DisputeCaseStep {
    /// Close the case: every claim is decided and what was paid is known. 结案
    Close,
    /// Open the case again. 重新受理
    Reopen,
}
