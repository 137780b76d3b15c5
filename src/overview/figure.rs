//! The table of the figures, by the numbers of the domain brief (§1.2).

use super::{
    FigureQualifier::{Each, Exact, MoreThan, Nearly, Reaches},
    FigureUnit::{Edition, Person, Ratio, Record, Yuan},
    WorkforceBasis,
    definition::{
        Against, Definition,
        Measure::{Different, Greatest, Least, Persons, Records, Sum},
        Source,
    },
};
use crate::domain::{
    agreement_party::AgreementParty, competition_event::CompetitionEvent,
    conversion_agreement::ConversionAgreement, employment_relation::EmploymentRelation,
    exhibition_entry::ExhibitionEntry, honour_award::HonourAward, honour_round::HonourRound,
    hosting_right::HostingRight, membership_application::MembershipApplication,
    pathway_recognition::PathwayRecognition, performance_target::PerformanceTarget,
    pilot_batch::PilotBatch, pilot_measure::PilotMeasure, pilot_unit::PilotUnit,
    selection_result::SelectionResult, skill_evaluation_institution::SkillEvaluationInstitution,
    studio_grant::StudioGrant, title_series::TitleSeries, training_enrollment::TrainingEnrollment,
    training_subsidy_payment::TrainingSubsidyPayment, union_membership::UnionMembership,
    volunteer_enrollment::VolunteerEnrollment, wage_recovery::WageRecovery, worker::Worker,
};

/// The latest batch of municipal pilots that a division is in.
pub const BATCHES: Source = Source::new::<PilotBatch>(
    "{ level: { eq: MUNICIPAL }, or: [{ divisionCode: $division }, { divisionCode: $above }] }",
    Greatest("ordinal"),
);

const INSTITUTIONS: Source = Source::new::<SkillEvaluationInstitution>(
    "{ divisionCode: $division, kind: { eq: EMPLOYER }, status: { eq: FILED }, filedOn: $between }",
    Records,
);

const TARGET: Source = Source::new::<PerformanceTarget>(
    "{ divisionCode: $division, figureCode: { eq: \"F13\" }, startedOn: $between }",
    Sum("planned_value"),
);

const MEDALS: Source = Source::new::<HonourAward>(
    "{ divisionCode: $division, status: { eq: CONFERRED }, rank: { eq: WINNER }, conferredOn: $between, \
     round: { title: { code: { eq: \"MAY_DAY_LABOUR_MEDAL\" } } } }",
    Records,
);

const RECOVERED: &str = "{ divisionCode: $division, status: { eq: PAID }, paidOn: $between }";

pub const DEFINITIONS: &[Definition] = &[
    Definition {
        code: "F01",
        unit: Person,
        qualifier: MoreThan,
        phrase: "秦皇岛市现有职工68万余人",
        meaning: "Persons in work in the division, by the basis that is asked for. 职工人数（按所选口径）",
        source: |basis| {
            match basis {
            WorkforceBasis::EmployerLocation => Source::new::<EmploymentRelation>(
                "{ employer: { divisionCode: $division }, status: { eq: ACTIVE }, startedOn: $until }",
                Persons("worker_id"),
            )
            .at_employer(),
            WorkforceBasis::Residence => {
                Source::new::<Worker>("{ divisionCode: $division }", Records)
            }
            WorkforceBasis::UnionMember => Source::new::<UnionMembership>(
                "{ divisionCode: $division, status: { in: [ACTIVE, TRANSFERRING] }, joinedOn: $until }",
                Persons("worker_id"),
            ),
        }
        },
        day: None,
        against: Against::Nothing,
    },
    Definition {
        code: "F02",
        unit: Record,
        qualifier: Exact,
        phrase: "2020年以来,秦皇岛市已连续开展了两批试点工作",
        meaning: "Municipal batches of pilots begun since 2020, before the latest. 2020年以来、最近一批之前的市级试点批次数",
        source: |_| {
            Source::new::<PilotBatch>(
                "{ level: { eq: MUNICIPAL }, ordinal: { lt: $latest }, startedOn: { gte: \"2020-01-01\" }, \
                 or: [{ divisionCode: $division }, { divisionCode: $above }] }",
                Records,
            )
        },
        day: Some("started_on"),
        against: Against::Nothing,
    },
    Definition {
        code: "F03",
        unit: Record,
        qualifier: Exact,
        phrase: "围绕改革五大任务",
        meaning: "Tasks of the reform that measures of pilot units serve. 试点举措所围绕的改革任务数",
        source: |_| {
            Source::new::<PilotMeasure>(
                "{ divisionCode: $division, startedOn: $between }",
                Different("task"),
            )
        },
        day: Some("started_on"),
        against: Against::Nothing,
    },
    Definition {
        code: "F04A",
        unit: Record,
        qualifier: Exact,
        phrase: "此次确定了2个县区、15家基层单位为市级试点单位",
        meaning: "Counties and districts designated in the latest municipal batch. 最近一批市级试点中的县区数",
        source: |_| {
            Source::new::<PilotUnit>(
                "{ divisionCode: $division, kind: { eq: COUNTY_DISTRICT }, status: { neq: NOMINATED }, \
                 batch: { level: { eq: MUNICIPAL }, ordinal: { eq: $latest } } }",
                Records,
            )
        },
        day: Some("designated_on"),
        against: Against::Nothing,
    },
    Definition {
        code: "F04B",
        unit: Record,
        qualifier: Exact,
        phrase: "此次确定了2个县区、15家基层单位为市级试点单位",
        meaning: "Grassroots units designated in the latest municipal batch. 最近一批市级试点中的基层单位数",
        source: |_| {
            Source::new::<PilotUnit>(
                "{ divisionCode: $division, kind: { eq: GRASSROOTS_UNIT }, status: { neq: NOMINATED }, \
                 batch: { level: { eq: MUNICIPAL }, ordinal: { eq: $latest } } }",
                Records,
            )
        },
        day: Some("designated_on"),
        against: Against::Nothing,
    },
    Definition {
        code: "F05",
        unit: Person,
        qualifier: Exact,
        phrase: "推选出20名职工展示劳动者风采",
        meaning: "Workers who hold the title Most Beautiful Worker; nominees apart. 当选“最美工人”的职工数（不含提名）",
        source: |_| {
            Source::new::<HonourAward>(
                "{ divisionCode: $division, status: { eq: CONFERRED }, rank: { eq: WINNER }, conferredOn: $between, \
                 round: { title: { code: { eq: \"MOST_BEAUTIFUL_WORKER\" } } } }",
                Persons("worker_id"),
            )
        },
        day: Some("conferred_on"),
        against: Against::Nothing,
    },
    Definition {
        code: "F06",
        unit: Person,
        qualifier: Exact,
        phrase: "招募职工志愿者10万人",
        meaning: "Volunteers whose enrolment was approved. 已招募的职工志愿者",
        source: |_| {
            Source::new::<VolunteerEnrollment>(
                "{ divisionCode: $division, approvedOn: $between, \
                 status: { in: [APPROVED, SERVING, SERVICE_RECORDED, CERTIFIED] } }",
                Persons("worker_id"),
            )
        },
        day: Some("approved_on"),
        against: Against::Nothing,
    },
    Definition {
        code: "F07",
        unit: Edition,
        qualifier: Exact,
        phrase: "开展首届秦皇岛市“五一劳动奖”和“工人先锋号”推荐授予活动",
        meaning: "The first edition of the municipal May-Day honours that is on record: 1 where the first is. 市级五一劳动奖、工人先锋号的最早届次",
        source: |_| {
            Source::new::<HonourRound>(
                "{ divisionCode: $division, title: { level: { eq: MUNICIPAL }, \
                 code: { in: [\"MAY_DAY_LABOUR_MEDAL\", \"MAY_DAY_LABOUR_CERTIFICATE\", \"WORKER_PIONEER\"] } } }",
                Least("ordinal"),
            )
        },
        day: None,
        against: Against::Nothing,
    },
    Definition {
        code: "F08",
        unit: Ratio,
        qualifier: Reaches,
        phrase: "一线职工和专业技术人员占比达72%",
        meaning: "The share of front-line workers and technical professionals among the persons awarded the May-Day medal. 五一劳动奖章获得者中一线职工和专业技术人员占比",
        source: |_| {
            Source::new::<HonourAward>(
                "{ divisionCode: $division, status: { eq: CONFERRED }, rank: { eq: WINNER }, conferredOn: $between, \
                 category: { in: [INDUSTRIAL_WORKER, OTHER_FRONTLINE, TECHNICAL_PROFESSIONAL] }, \
                 round: { title: { code: { eq: \"MAY_DAY_LABOUR_MEDAL\" } } } }",
                Records,
            )
        },
        day: Some("conferred_on"),
        against: Against::Share(MEDALS),
    },
    Definition {
        code: "F09A",
        unit: Record,
        qualifier: Each,
        phrase: "设立市级职工职业技能竞赛一、二等奖各10项",
        meaning: "Events of class I of municipal competitions; the words are read as classes, not prizes. 市级竞赛一类赛项数（按“一、二类竞赛”理解）",
        source: |_| {
            Source::new::<CompetitionEvent>(
                "{ divisionCode: $division, heldOn: $between, competitionClass: { eq: CLASS_I }, \
                 competition: { level: { eq: MUNICIPAL } } }",
                Records,
            )
        },
        day: Some("held_on"),
        against: Against::Nothing,
    },
    Definition {
        code: "F09B",
        unit: Record,
        qualifier: Each,
        phrase: "设立市级职工职业技能竞赛一、二等奖各10项",
        meaning: "Events of class II of municipal competitions; the words are read as classes, not prizes. 市级竞赛二类赛项数（按“一、二类竞赛”理解）",
        source: |_| {
            Source::new::<CompetitionEvent>(
                "{ divisionCode: $division, heldOn: $between, competitionClass: { eq: CLASS_II }, \
                 competition: { level: { eq: MUNICIPAL } } }",
                Records,
            )
        },
        day: Some("held_on"),
        against: Against::Nothing,
    },
    Definition {
        code: "F10",
        unit: Record,
        qualifier: Exact,
        phrase: "成功获得一项省级职工职业技能竞赛承办权",
        meaning: "Rights to host a provincial competition that were granted. 获授的省级竞赛承办权",
        source: |_| {
            Source::new::<HostingRight>(
                "{ divisionCode: $division, level: { eq: PROVINCIAL }, status: { eq: GRANTED }, grantedOn: $between }",
                Records,
            )
        },
        day: Some("granted_on"),
        against: Against::Nothing,
    },
    Definition {
        code: "F11",
        unit: Yuan,
        qualifier: Exact,
        phrase: "拨付培训补贴2217.04万元",
        meaning: "Training subsidies that were paid out and not recovered. 已拨付且未追回的培训补贴",
        source: |_| {
            Source::new::<TrainingSubsidyPayment>(
                "{ divisionCode: $division, status: { in: [DISBURSED, RECONCILED] }, disbursedOn: $between }",
                Sum("amount_fen"),
            )
        },
        day: Some("disbursed_on"),
        against: Against::Nothing,
    },
    Definition {
        code: "F12",
        unit: Person,
        qualifier: Exact,
        phrase: "培训人员16092人",
        meaning: "Who completed a training. 已结业的培训人员",
        source: |_| {
            Source::new::<TrainingEnrollment>(
                "{ divisionCode: $division, status: { eq: COMPLETED }, completedOn: $between }",
                Persons("worker_id"),
            )
        },
        day: Some("completed_on"),
        against: Against::Nothing,
    },
    Definition {
        code: "F13",
        unit: Record,
        qualifier: Exact,
        phrase: "组织遴选企业技能人才评价机构50家",
        meaning: "Employers filed as institutions of skill evaluation. 已备案的用人单位技能评价机构",
        source: |_| INSTITUTIONS,
        day: Some("filed_on"),
        against: Against::Nothing,
    },
    Definition {
        code: "F14",
        unit: Ratio,
        qualifier: Exact,
        phrase: "超额完成任务指标67%",
        meaning: "By how much F13 goes beyond its target, as a share of the target; not the rate of completion. F13 超出任务指标的比例（非完成率）",
        source: |_| INSTITUTIONS,
        day: Some("filed_on"),
        against: Against::Excess(TARGET),
    },
    Definition {
        code: "F15",
        unit: Record,
        qualifier: Exact,
        phrase: "在工程技术、农业、技工院校教师等8个职称系列实现技能人才与专业技术人才职业发展实现贯通",
        meaning: "Series of titles that are linked with skill levels and valid. 与职业技能等级贯通的现行职称系列",
        source: |_| {
            Source::new::<TitleSeries>(
                "{ isPathwayLinked: { eq: true }, validFrom: $until, validTo: { isNull: true }, \
                 or: [{ divisionCode: $division }, { divisionCode: $above }] }",
                Records,
            )
        },
        day: None,
        against: Against::Nothing,
    },
    Definition {
        code: "F16",
        unit: Person,
        qualifier: Exact,
        phrase: "已有8名高技能人才通过职称和职业技能等级贯通渠道取得专业技能职务资格证书",
        meaning: "Skilled workers who were certified a title. 通过贯通渠道取得职称的高技能人才",
        source: |_| {
            Source::new::<PathwayRecognition>(
                "{ divisionCode: $division, direction: { eq: SKILL_TO_TITLE }, status: { eq: CERTIFIED }, certifiedOn: $between }",
                Persons("worker_id"),
            )
        },
        day: Some("certified_on"),
        against: Against::Nothing,
    },
    Definition {
        code: "F17A",
        unit: Person,
        qualifier: Exact,
        phrase: "为3782名劳动者协调解决劳动报酬5082.8万元",
        meaning: "Workers whose wages were recovered and paid. 追回劳动报酬的劳动者",
        source: |_| Source::new::<WageRecovery>(RECOVERED, Persons("worker_id")),
        day: Some("paid_on"),
        against: Against::Nothing,
    },
    Definition {
        code: "F17B",
        unit: Yuan,
        qualifier: Exact,
        phrase: "为3782名劳动者协调解决劳动报酬5082.8万元",
        meaning: "Wages that were recovered and paid. 追回并支付的劳动报酬",
        source: |_| Source::new::<WageRecovery>(RECOVERED, Sum("paid_fen")),
        day: Some("paid_on"),
        against: Against::Nothing,
    },
    Definition {
        code: "F18",
        unit: Record,
        qualifier: Exact,
        phrase: "先后为11家企业进行审查备案",
        meaning: "Employers whose wage agreement was approved or became effective by itself. 工资专项集体合同审查通过或自行生效的用人单位",
        source: |_| {
            Source::new::<AgreementParty>(
                "{ divisionCode: $division, role: { eq: EMPLOYER }, agreement: { subject: { eq: WAGE }, \
                 reviews: { some: { opinion: { in: [APPROVED, DEEMED_EFFECTIVE] }, opinionOn: $between } } } }",
                Different("employer_id"),
            )
        },
        day: None,
        against: Against::Nothing,
    },
    Definition {
        code: "F19",
        unit: Person,
        qualifier: Exact,
        phrase: "200名外卖骑手、快递小哥现场扫码入会",
        meaning: "Riders and couriers who joined the union by scanning a code. 现场扫码并获批入会的外卖骑手、快递员",
        source: |_| {
            Source::new::<MembershipApplication>(
                "{ divisionCode: $division, channel: { eq: QR_SCAN }, status: { eq: APPROVED }, decidedOn: $between, \
                 category: { in: [FOOD_DELIVERY_RIDER, COURIER] } }",
                Persons("worker_id"),
            )
        },
        day: Some("decided_on"),
        against: Against::Nothing,
    },
    Definition {
        code: "F20A",
        unit: Record,
        qualifier: Each,
        phrase: "对十佳创新工作室给予各1万元资金补助",
        meaning: "Grants paid to studios that were selected. 已拨付的评选补助",
        source: |_| Source::new::<StudioGrant>(GRANTS, Records),
        day: Some("granted_on"),
        against: Against::Nothing,
    },
    Definition {
        code: "F20B",
        unit: Yuan,
        qualifier: Each,
        phrase: "对十佳创新工作室给予各1万元资金补助",
        meaning: "Those grants together. 评选补助金额合计",
        source: |_| Source::new::<StudioGrant>(GRANTS, Sum("amount_fen")),
        day: Some("granted_on"),
        against: Against::Nothing,
    },
    Definition {
        code: "F21",
        unit: Record,
        qualifier: Exact,
        phrase: "开展“十佳创新成果”评选活动",
        meaning: "Achievements among the first ten of a selection. 评选前十名的创新成果",
        source: |_| {
            Source::new::<SelectionResult>(
                "{ divisionCode: $division, rank: { lte: 10 }, \
                 selection: { subjectKind: { eq: ACHIEVEMENT }, heldOn: $between } }",
                Different("achievement_id"),
            )
        },
        day: None,
        against: Against::Nothing,
    },
    Definition {
        code: "F22",
        unit: Record,
        qualifier: Exact,
        phrase: "秦皇岛10项创新成果亮相全国首届大国工匠创新成果交流大会",
        meaning: "Achievements shown at national exhibitions. 在国家级展会亮相的创新成果",
        source: |_| {
            Source::new::<ExhibitionEntry>(
                "{ divisionCode: $division, subjectKind: { eq: ACHIEVEMENT }, \
                 exhibition: { level: { eq: NATIONAL }, startedOn: $between } }",
                Different("achievement_id"),
            )
        },
        day: None,
        against: Against::Nothing,
    },
    Definition {
        code: "F23",
        unit: Yuan,
        qualifier: Nearly,
        phrase: "达成签约意项近亿元",
        meaning: "The value of intents, which are no contracts and never added to them. 意向协议金额（不含合同）",
        source: |_| {
            Source::new::<ConversionAgreement>(
                "{ divisionCode: $division, kind: { eq: LETTER_OF_INTENT }, signedOn: $between }",
                Sum("amount_fen"),
            )
        },
        day: Some("signed_on"),
        against: Against::Nothing,
    },
    Definition {
        code: "F24A",
        unit: Record,
        qualifier: Exact,
        phrase: SHOWN,
        meaning: "Achievements at provincial exhibitions. 在省级展会亮相的创新成果",
        source: |_| {
            Source::new::<ExhibitionEntry>(
                "{ divisionCode: $division, subjectKind: { eq: ACHIEVEMENT }, \
                 exhibition: { level: { eq: PROVINCIAL }, startedOn: $between } }",
                Records,
            )
        },
        day: None,
        against: Against::Nothing,
    },
    Definition {
        code: "F24B",
        unit: Record,
        qualifier: Exact,
        phrase: SHOWN,
        meaning: "Studios at provincial exhibitions. 在省级展会亮相的创新工作室",
        source: |_| {
            Source::new::<ExhibitionEntry>(
                "{ divisionCode: $division, subjectKind: { eq: STUDIO }, \
                 exhibition: { level: { eq: PROVINCIAL }, startedOn: $between } }",
                Records,
            )
        },
        day: None,
        against: Against::Nothing,
    },
    Definition {
        code: "F24C",
        unit: Person,
        qualifier: Exact,
        phrase: SHOWN,
        meaning: "Persons at provincial exhibitions. 在省级展会亮相的个人",
        source: |_| {
            Source::new::<ExhibitionEntry>(
                "{ divisionCode: $division, subjectKind: { eq: PERSON }, \
                 exhibition: { level: { eq: PROVINCIAL }, startedOn: $between } }",
                Persons("worker_id"),
            )
        },
        day: None,
        against: Against::Nothing,
    },
];

const GRANTS: &str = "{ divisionCode: $division, status: { eq: PAID }, selectionTitle: { isNull: false }, grantedOn: $between }";

const SHOWN: &str = "10项创新成果和1个劳模和工匠人才创新工作室的典型代表、两名职工职业技能大赛优秀代表亮相“省产业工人建功新时代风采展”";
