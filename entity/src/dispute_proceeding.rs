use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};
use value::DivisionCode;

/// One stage a dispute goes through, before one body. 争议处理程序
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "dispute_proceeding")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub division_code: DivisionCode,
    pub version: i32,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
    pub archived_at: Option<DateTimeUtc>,
    pub case_id: Uuid,
    pub stage: ProceedingStage,
    pub body: String,
    pub docket_no: Option<String>,
    pub opened_on: Date,
    pub accepted_on: Option<Date>,
    pub due_on: Option<Date>,
    pub ended_on: Option<Date>,
    pub outcome: Option<String>,
    pub state: ProceedingState,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// Stage of a dispute. 程序阶段
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
pub enum ProceedingStage {
    /// Negotiation. 协商
    Negotiation,
    /// Mediation. 调解
    Mediation,
    /// Arbitration. 仲裁
    Arbitration,
    /// Court of first instance. 一审
    CourtFirst,
    /// Court of second instance. 二审
    CourtSecond,
    /// Enforcement. 执行
    Enforcement,
    /// Labour inspection. 劳动保障监察
    Inspection,
}

/// State of a proceeding; each stage has its own among these. 程序状态
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
pub enum ProceedingState {
    /// Negotiation is requested. 已提出协商
    Requested,
    /// The parties negotiate. 协商中
    Negotiating,
    /// Settled by negotiation. 已和解
    Settled,
    /// Negotiation is refused, or arbitration not admitted. 拒绝协商或不予受理
    Refused,
    /// Ended without agreement. 协商或调解不成
    Failed,
    /// Applied for. 已申请
    Applied,
    /// Accepted. 已受理
    Accepted,
    /// Mediation is not accepted. 不予调解
    NotAccepted,
    /// In mediation. 调解中
    Mediating,
    /// A mediation agreement is signed. 已达成调解协议
    Agreed,
    /// No agreement within fifteen days. 调解逾期
    Timeout,
    /// The agreement is performed. 协议已履行
    Performed,
    /// The agreement is not performed. 协议未履行
    Breached,
    /// A payment order is sought from the court. 申请支付令
    PaymentOrder,
    /// No decision on acceptance within five days: the way to court is open. 逾期未作受理决定
    NoDecision,
    /// Served on the respondent. 已送达
    Served,
    /// The respondent has answered. 已答辩
    Answered,
    /// The tribunal is formed. 已组庭
    TribunalFormed,
    /// In hearing. 审理中
    Hearing,
    /// Suspended. 中止
    Suspended,
    /// Ended by arbitral mediation. 仲裁调解
    ArbitralMediation,
    /// Ended by an award that is final. 终局裁决
    AwardFinal,
    /// Ended by an award that may be taken to court. 非终局裁决
    AwardNonFinal,
    /// Ended by an award in default of appearance. 缺席裁决
    DefaultAward,
    /// Withdrawn. 已撤回
    Withdrawn,
    /// No award in time: the way to court is open. 逾期未裁决
    Overdue,
    /// Filed. 已立案
    Filed,
    /// On trial. 审理（诉讼）中
    Trial,
    /// Judged. 已判决
    Judged,
    /// Ended by court mediation. 法院调解
    Mediated,
    /// Appealed against. 已上诉
    Appealed,
    /// Ended by a final judgment. 终审判决
    Final,
    /// The award is set aside. 裁决被撤销
    SetAside,
    /// Being enforced. 执行中
    Enforcing,
    /// Paid. 已支付
    Paid,
    /// Partly paid. 部分支付
    Partial,
    /// Enforcement is terminated. 终结执行
    Terminated,
    /// Reported to the inspection. 已举报投诉
    Reported,
    /// Being investigated. 调查中
    Investigating,
    /// The employer is ordered to mend it. 责令改正
    Ordered,
    /// The employer is penalised. 已处罚
    Penalised,
    /// Handed to the court for enforcement. 申请法院强制执行
    CourtEnforced,
    /// Referred to the police. 移送公安机关
    ReferredCriminal,
}

/// Step of a proceeding. 程序步骤
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
pub enum ProceedingStep {
    /// Begin to negotiate. 开始协商
    BeginNegotiation,
    /// Settle by negotiation. 达成和解
    Settle,
    /// Refuse to negotiate, or refuse to admit the case to arbitration. 拒绝协商或不予受理
    Refuse,
    /// End without agreement. 协商或调解不成
    Fail,
    /// Accept the application. 受理
    Accept,
    /// Decline to mediate. 不予调解
    Decline,
    /// Begin to mediate. 开始调解
    BeginMediation,
    /// Sign a mediation agreement. 达成调解协议
    Agree,
    /// Note that fifteen days have passed without agreement. 调解逾期
    TimeOut,
    /// Note that the agreement is performed. 履行协议
    Perform,
    /// Note that the agreement is not performed. 未履行协议
    Breach,
    /// Seek a payment order from the court. 申请支付令
    SeekPaymentOrder,
    /// Note that no decision on acceptance came within five days. 逾期未作受理决定
    LapseUndecided,
    /// Serve the papers on the respondent. 送达
    Serve,
    /// Answer, as the respondent. 答辩
    Answer,
    /// Form the tribunal. 组庭
    FormTribunal,
    /// Begin the hearing. 开庭
    BeginHearing,
    /// Suspend the hearing. 中止审理
    Suspend,
    /// Resume the hearing. 恢复审理
    Resume,
    /// End by mediation, of the tribunal or of the court. 仲裁或法院调解
    Mediate,
    /// Make an award that is final. 作出终局裁决
    AwardFinal,
    /// Make an award that may be taken to court. 作出非终局裁决
    AwardNonFinal,
    /// Make an award in default of appearance. 缺席裁决
    AwardByDefault,
    /// Withdraw. 撤回
    Withdraw,
    /// Note that no award came in time. 逾期未裁决
    MarkOverdue,
    /// Begin the trial. 开始审理
    BeginTrial,
    /// Give judgment. 判决
    Judge,
    /// Appeal. 上诉
    Appeal,
    /// Give the final judgment. 终审判决
    JudgeFinally,
    /// Set the arbitral award aside. 撤销仲裁裁决
    SetAside,
    /// Begin to enforce. 开始执行
    BeginEnforcement,
    /// Record that all is paid. 登记全部支付
    RecordPayment,
    /// Record that part is paid. 登记部分支付
    RecordPartialPayment,
    /// Terminate the enforcement. 终结执行
    Terminate,
    /// File the report. 立案
    File,
    /// Begin to investigate. 开始调查
    BeginInvestigation,
    /// Order the employer to mend it. 责令改正
    Order,
    /// Penalise the employer. 行政处罚
    Penalise,
    /// Hand to the court for enforcement. 申请法院强制执行
    EnforceThroughCourt,
    /// Refer to the police. 移送公安机关
    ReferCriminal,
}
