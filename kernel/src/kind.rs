use sea_orm::{ColIdx, DbErr, QueryResult, TryGetError, TryGetable};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Writes out the kinds: what each is called in the schema and in an id.
macro_rules! kinds {
    ($($(#[$doc:meta])* $Kind:ident = $prefix:literal),* $(,)?) => {
        /// A kind of record in the graph.
        ///
        /// 记录的种类。
        #[derive(
            Clone,
            Copy,
            Debug,
            PartialEq,
            Eq,
            Hash,
            PartialOrd,
            Ord,
            async_graphql::Enum,
            Serialize,
            Deserialize,
        )]
        pub enum Kind {
            $($(#[$doc])* $Kind),*
        }

        impl Kind {
            pub const ALL: &'static [Kind] = &[$(Kind::$Kind),*];

            /// The name of the type in the schema.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Kind::$Kind => stringify!($Kind)),*
                }
            }

            /// The word that every id of this kind begins with; also the name of its table.
            pub const fn prefix(self) -> &'static str {
                match self {
                    $(Kind::$Kind => $prefix),*
                }
            }

            pub fn named(name: &str) -> Option<Kind> {
                Kind::ALL.iter().copied().find(|it| it.name() == name)
            }

            pub fn from_prefix(prefix: &str) -> Option<Kind> {
                match prefix {
                    $($prefix => Some(Kind::$Kind),)*
                    _ => None,
                }
            }
        }
    };
}

kinds! {
    /// An administrative division. 行政区划
    Division = "division",
    /// A worker. 职工
    Worker = "worker",
    /// An employing unit. 用人单位
    Employer = "employer",
    /// A relation of employment. 劳动关系
    EmploymentRelation = "employment_relation",
    /// A union organisation. 工会组织
    UnionOrganization = "union_organization",
    /// A membership of a union. 会籍
    UnionMembership = "union_membership",
    /// A batch of reform pilots. 产改试点批次
    PilotBatch = "pilot_batch",
    /// A reform pilot unit. 产改试点单位
    PilotUnit = "pilot_unit",
    /// A measure of a pilot unit. 试点举措
    PilotMeasure = "pilot_measure",
    /// A practice that others can adopt. 可复制可推广的经验
    BestPractice = "best_practice",
    /// A labour or skill competition. 劳动和技能竞赛
    Competition = "competition",
    /// An event of a competition. 赛项
    CompetitionEvent = "competition_event",
    /// An entry in an event. 参赛
    CompetitionEntry = "competition_entry",
    /// An award of an event. 竞赛奖项
    CompetitionAward = "competition_award",
    /// A model-worker and craftsman innovation studio. 劳模和工匠人才创新工作室
    InnovationStudio = "innovation_studio",
    /// The naming of a studio at a level. 工作室命名
    StudioAccreditation = "studio_accreditation",
    /// A member of a studio. 工作室成员
    StudioMember = "studio_member",
    /// A grant to a studio. 工作室补助
    StudioGrant = "studio_grant",
    /// An innovation achievement. 创新成果
    InnovationAchievement = "innovation_achievement",
    /// A labour dispute case. 劳动争议案件
    DisputeCase = "dispute_case",
    /// A party of a dispute. 当事人
    DisputeParty = "dispute_party",
    /// A claim in a dispute. 仲裁或诉讼请求
    DisputeClaim = "dispute_claim",
    /// A stage of proceedings. 程序
    DisputeProceeding = "dispute_proceeding",
    /// Who handles a case. 案件承办指派
    DisputeAssignment = "dispute_assignment",
    /// Wages recovered for one worker in one case. 劳动报酬追讨
    WageRecovery = "wage_recovery",
    /// A document of the reform, such as the plan of a batch of pilots. 产改政策文件
    PolicyDocument = "policy_document",
    /// What a figure is to reach within a period. 任务指标
    PerformanceTarget = "performance_target",
    /// A measure by which an employer pays workers for skill and contribution. 企业薪酬分配改革举措
    PayReformMeasure = "pay_reform_measure",
    /// What a measure of pay reform grants each month for a skill level. 技能津贴标准
    SkillAllowance = "skill_allowance",
    /// The party or the union reaching the workers of an employer. 党组织、工会组织覆盖
    OrganizationCoverage = "organization_coverage",
    /// An institution that evaluates vocational skill, filed with the authority. 技能人才评价机构
    SkillEvaluationInstitution = "skill_evaluation_institution",
    /// A certificate of vocational skill. 职业技能等级证书
    SkillCertificate = "skill_certificate",
    /// A series of professional titles, as the national list has it. 职称系列
    TitleSeries = "title_series",
    /// What it takes to get from a skill level to a title, or back. 职称与职业技能等级贯通规则
    PathwayRule = "pathway_rule",
    /// A professional title that a worker holds. 专业技术职称
    ProfessionalTitle = "professional_title",
    /// The recognition of a skill level as a title, or of a title as a skill level. 职称与职业技能等级贯通认定
    PathwayRecognition = "pathway_recognition",
    /// Who trains: a technical college, a vocational school, the centre of an enterprise. 培训机构
    TrainingProvider = "training_provider",
    /// A course that was or is given. 培训班次
    TrainingProgram = "training_program",
    /// The place of a worker in a course. 培训学员
    TrainingEnrollment = "training_enrollment",
    /// A subsidy for training, from application to payment. 职业培训补贴
    TrainingSubsidyPayment = "training_subsidy_payment",
    /// The right to host a competition of others. 竞赛承办权
    HostingRight = "hosting_right",
    /// A title of honour. 荣誉称号
    HonourTitle = "honour_title",
    /// One selection for a title of honour. 荣誉评选批次
    HonourRound = "honour_round",
    /// A recommendation for a title of honour. 荣誉推荐
    HonourNomination = "honour_nomination",
    /// A title of honour that was conferred. 荣誉授予记录
    HonourAward = "honour_award",
    /// A selection of the best, such as the ten best achievements. 创新评选活动
    Selection = "selection",
    /// A studio or an achievement that was selected. 评选结果
    SelectionResult = "selection_result",
    /// An exhibition or exchange where innovations are shown. 展览交流活动
    Exhibition = "exhibition",
    /// An achievement, a studio or a person at an exhibition. 参展记录
    ExhibitionEntry = "exhibition_entry",
    /// An agreement on the use of an achievement: an intent, a framework or a contract. 成果转化协议
    ConversionAgreement = "conversion_agreement",
    /// What a person gets of the revenue of an achievement. 成果转化收益分配
    RevenueShare = "revenue_share",
    /// An alliance of innovation studios. 职工创新联盟
    InnovationAlliance = "innovation_alliance",
    /// The place of a studio in an alliance. 创新联盟成员
    AllianceMembership = "alliance_membership",
    /// What an alliance did. 创新联盟活动
    AllianceActivity = "alliance_activity",
    /// An agreement between a union and employers. 集体合同
    CollectiveAgreement = "collective_agreement",
    /// An employer or a union that an agreement binds. 集体合同当事方
    AgreementParty = "agreement_party",
    /// The review of an agreement by the authority. 集体合同审查备案
    AgreementReview = "agreement_review",
    /// An event at which workers join the union, such as by scanning a code. 集中入会活动
    MembershipDrive = "membership_drive",
    /// The application of a worker to join a union. 入会申请
    MembershipApplication = "membership_application",
    /// The work of a person for a platform. 新就业形态从业
    GigEngagement = "gig_engagement",
    /// A campaign, such as one of volunteers or of labour competitions. 主题活动
    Campaign = "campaign",
    /// An activity for workers. 职工活动
    Activity = "activity",
    /// The part of a worker in an activity. 活动参与记录
    ActivityParticipation = "activity_participation",
    /// The enrolment of a worker as a volunteer. 职工志愿者
    VolunteerEnrollment = "volunteer_enrollment",
    /// Service that a volunteer did. 志愿服务记录
    VolunteerServiceRecord = "volunteer_service_record",
    /// The workers' congress of an employer, for one term. 职工代表大会（届）
    WorkersCongress = "workers_congress",
    /// A session of a workers' congress, and what it resolved. 职工代表大会会议
    CongressSession = "congress_session",
    /// A worker whom the workers of an employer elected to their congress. 职工代表
    CongressDelegate = "congress_delegate",
    /// How many delegates of an assembly are industrial workers. 党代会、职代会、工代会代表中产业工人的比例
    RepresentationQuota = "representation_quota",
    /// What a delegate proposed to a workers' congress. 职工代表提案
    Proposal = "proposal",
    /// What an employer disclosed to its workers. 厂务公开事项
    DisclosureItem = "disclosure_item",
    /// A worker whom the workers elected to a board of their employer. 职工董事、职工监事
    EmployeeDirector = "employee_director",
    /// A day that is otherwise than its weekday says: off, or worked in place of another. 节假日及调休安排
    Holiday = "holiday",
    /// A time limit that runs in a proceeding. 程序期限
    Deadline = "deadline",
    /// How a union supervises an employer: a reminder, an opinion, a recommendation to the authority. 工会劳动法律监督文书（一函两书）
    UnionLegalNotice = "union_legal_notice",
    /// What somebody asked of the hotline of the union. 12351职工服务热线工单
    HotlineTicket = "hotline_ticket",
    /// Legal aid that the union gives to a worker in a case. 工会法律援助
    LegalAidGrant = "legal_aid_grant",
    /// Wages that are owed for the work on a project or in a case, with all who answer for them. 欠薪案件
    WageArrearsCase = "wage_arrears_case",
    /// An employer that answers for wages that are owed. 欠薪责任单位
    WageArrearsParty = "wage_arrears_party",
    /// A part of the score of an event, such as theory or practice. 赛项评分项
    ScoreComponent = "score_component",
    /// What a referee gave an entry for a part of the score. 裁判评分表
    ScoreSheet = "score_sheet",
    /// A team that a union sends to a competition. 竞赛代表队
    CompetitionTeam = "competition_team",
    /// An appeal against the score of an entry. 竞赛成绩申诉
    CompetitionAppeal = "competition_appeal",
    /// Which skill level a rank in a competition grants. 竞赛名次晋升职业技能等级规则
    PromotionRule = "promotion_rule",
    /// The transfer of a membership to another union. 会员组织关系转接
    MembershipTransfer = "membership_transfer",
    /// Who holds an office of a union. 工会干部
    UnionOfficer = "union_officer",
    /// A list of codes that somebody keeps, in one edition. 代码体系
    CodeSystem = "code_system",
    /// A code of a list. 代码
    Code = "code",
    /// What a code of another system is read as. One that is not known is kept as it came, and never guessed. 代码映射；未识别的外部代码原样保留，不作推断
    CodeMapping = "code_mapping",
    /// A figure as it was when it was published; it stays, whatever is corrected later. 指标快照：保留发布时的数值，不随后续更正变动
    MetricSnapshot = "metric_snapshot",
    /// What a system of others sent at once, from receipt to the records that came of it. 导入批次：外部系统一次提供的数据，从接收到入库
    ImportBatch = "import_batch",
    /// A line of an import: what was found of it, and the record that it became. What the line says is not kept. 导入明细：一行数据的校验、匹配结果及对应记录，不保存原文
    RawRecord = "raw_record",
    /// Something that is wrong with a record, or with a line of an import, and who sees to it. 数据质量问题及其处理
    QualityIssue = "quality_issue",
    /// What a person asks about the record that is kept of them. 个人信息权利请求
    DataSubjectRequest = "data_subject_request",
    /// One step of a state machine that was taken. 状态变更记录
    StateTransition = "state_transition",
}

/// A column holds a kind by its name.
impl From<Kind> for sea_orm::Value {
    fn from(kind: Kind) -> sea_orm::Value {
        kind.name().into()
    }
}

impl TryGetable for Kind {
    fn try_get_by<I: ColIdx>(row: &QueryResult, index: I) -> Result<Kind, TryGetError> {
        let name = String::try_get_by(row, index)?;
        let unknown = || DbErr::Type(format!("{name} is no kind"));
        Kind::named(&name).ok_or_else(|| TryGetError::DbErr(unknown()))
    }
}

/// Crockford's alphabet in lower case: no i, l, o, u.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// Writes an id as clients see it: `worker_01h455vb4pex5vsknk084sn02q` (TypeID).
pub fn encode_id(kind: Kind, id: Uuid) -> String {
    let mut text = String::with_capacity(kind.prefix().len() + 27);
    push_id(&mut text, kind, id);
    text
}

/// Appends an id as clients see it.
pub fn push_id(text: &mut String, kind: Kind, id: Uuid) {
    text.push_str(kind.prefix());
    text.push('_');
    push_digits(text, id);
}

fn push_digits(text: &mut String, id: Uuid) {
    let bits = id.as_u128();
    let digits: [u8; 26] =
        std::array::from_fn(|place| ALPHABET[(bits >> ((25 - place) * 5)) as usize & 31]);
    text.push_str(std::str::from_utf8(&digits).expect("digits are ASCII"));
}

/// Reads an id of any kind; nothing when it is malformed.
pub fn decode_id(text: &str) -> Option<(Kind, Uuid)> {
    let (prefix, digits) = text.rsplit_once('_')?;
    Some((Kind::from_prefix(prefix)?, digits_of(digits)?))
}

/// What stands before the id of a client, which is no record.
const CLIENT: &str = "client_";

/// Writes the id of a client: `client_01h455vb4pex5vsknk084sn02q`.
pub fn encode_client_id(id: Uuid) -> String {
    let mut text = CLIENT.to_owned();
    push_digits(&mut text, id);
    text
}

/// Reads the id of a client; nothing when it is malformed.
pub fn decode_client_id(text: &str) -> Option<Uuid> {
    digits_of(text.strip_prefix(CLIENT)?)
}

fn digits_of(digits: &str) -> Option<Uuid> {
    // 26 digits hold 130 bits: the first may only use three of its five.
    if digits.len() != 26 || digits.as_bytes()[0] > b'7' {
        return None;
    }
    let mut bits: u128 = 0;
    for digit in digits.bytes() {
        let value = ALPHABET.iter().position(|it| *it == digit)?;
        bits = bits << 5 | value as u128;
    }
    Some(Uuid::from_u128(bits))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_read_as_it_was_written() {
        let id = Uuid::parse_str("01890a5d-ac96-774b-bcce-b302099a8057").unwrap();
        let text = encode_id(Kind::DisputeCase, id);
        assert_eq!(text, "dispute_case_01h455vb4pex5vsknk084sn02q");
        assert_eq!(decode_id(&text), Some((Kind::DisputeCase, id)));
    }

    #[test]
    fn a_malformed_id_is_nothing() {
        for text in [
            "",
            "_",
            "worker",
            "worker_",
            "worker_01h455vb4pex5vsknk084sn02",
            "worker_01h455vb4pex5vsknk084sn02qq",
            "worker_81h455vb4pex5vsknk084sn02q",
            "worker_01H455VB4PEX5VSKNK084SN02Q",
            "worker_01h455vb4pex5vsknk084sn0lq",
            "nobody_01h455vb4pex5vsknk084sn02q",
            "worker_01h455vb4pex5vsknk084sn0\u{4e00}",
        ] {
            assert_eq!(decode_id(text), None, "{text}");
        }
    }
}
