//! The records of the further systems: what each takes to be made, and what it refers to.

use std::collections::BTreeMap;

use gongtu::kind::Kind;
use serde_json::{Value, json};

use crate::{
    fixture,
    support::{Client, text},
    world::record_field,
};

/// How a record is made: the mutation, the kind, the input but for references, and those.
pub type Made = (&'static str, Kind, Value, &'static [(&'static str, Kind)]);

/// One record of each, in an order in which they can refer to each other.
pub fn inputs(division: &str) -> Vec<Made> {
    vec![
        (
            "policyDocumentIssue",
            Kind::PolicyDocument,
            json!({ "title": "政策文件", "kind": "PLAN", "issuer": "政策文件", "issuedOn": "2024-03-01", "divisionCode": division }),
            &[("batchId", Kind::PilotBatch)],
        ),
        (
            "performanceTargetSet",
            Kind::PerformanceTarget,
            json!({ "figureCode": "F13", "title": "任务指标", "plannedValue": 1, "startedOn": "2024-03-01", "endedOn": "2024-12-31", "divisionCode": division }),
            &[],
        ),
        (
            "payReformMeasureCreate",
            Kind::PayReformMeasure,
            json!({ "kind": "SKILL_ALLOWANCE", "title": "薪酬改革举措", "coverageHeads": 1, "effectiveOn": "2024-03-01" }),
            &[("employerId", Kind::Employer)],
        ),
        (
            "skillAllowanceAdd",
            Kind::SkillAllowance,
            json!({ "skillRank": "SENIOR", "monthlyFen": "100000" }),
            &[("measureId", Kind::PayReformMeasure)],
        ),
        (
            "organizationCoverageCreate",
            Kind::OrganizationCoverage,
            json!({ "kind": "PARTY", "scope": "ORGANIZATION", "establishedOn": "2024-03-01" }),
            &[("employerId", Kind::Employer)],
        ),
        (
            "skillEvaluationInstitutionApply",
            Kind::SkillEvaluationInstitution,
            json!({ "name": "技能评价机构", "kind": "EMPLOYER", "maxRank": "SENIOR", "divisionCode": division }),
            &[("employerId", Kind::Employer)],
        ),
        (
            "skillCertificateIssue",
            Kind::SkillCertificate,
            json!({ "number": format!("C{division}"), "skillRank": "SENIOR", "issuedOn": "2024-03-01", "origin": "EXAM" }),
            &[("workerId", Kind::Worker), ("institutionId", Kind::SkillEvaluationInstitution)],
        ),
        (
            "titleSeriesCreate",
            Kind::TitleSeries,
            json!({ "ordinal": 1, "name": "职称系列", "isPathwayLinked": true, "validFrom": "2024-03-01", "divisionCode": division }),
            &[],
        ),
        (
            "pathwayRuleCreate",
            Kind::PathwayRule,
            json!({ "direction": "SKILL_TO_TITLE", "skillRank": "SENIOR", "grade": "FULL_SENIOR", "minYears": 1, "validFrom": "2024-03-01" }),
            &[("seriesId", Kind::TitleSeries)],
        ),
        (
            "professionalTitleEnter",
            Kind::ProfessionalTitle,
            json!({ "grade": "FULL_SENIOR", "issuedOn": "2024-03-01" }),
            &[("workerId", Kind::Worker), ("seriesId", Kind::TitleSeries)],
        ),
        (
            "pathwayRecognitionApply",
            Kind::PathwayRecognition,
            json!({ "direction": "SKILL_TO_TITLE", "skillRank": "SENIOR", "grade": "FULL_SENIOR", "years": 1, "appliedOn": "2024-03-01" }),
            &[
                ("workerId", Kind::Worker),
                ("seriesId", Kind::TitleSeries),
                ("certificateId", Kind::SkillCertificate),
            ],
        ),
        (
            "trainingProviderCreate",
            Kind::TrainingProvider,
            json!({ "name": "培训机构", "kind": "TECHNICAL_COLLEGE", "divisionCode": division }),
            &[("employerId", Kind::Employer)],
        ),
        (
            "trainingProgramCreate",
            Kind::TrainingProgram,
            json!({ "title": "培训班次", "kind": "EMPLOYMENT_SKILL", "hours": 1, "planHeads": 1, "startedOn": "2024-03-01", "endedOn": "2024-06-30" }),
            &[("providerId", Kind::TrainingProvider)],
        ),
        (
            "trainingEnrollmentEnroll",
            Kind::TrainingEnrollment,
            json!({}),
            &[("programId", Kind::TrainingProgram), ("workerId", Kind::Worker)],
        ),
        (
            "trainingSubsidyPaymentApply",
            Kind::TrainingSubsidyPayment,
            json!({ "payeeKind": "PERSON", "fundSource": "培训补贴", "amountFen": "100000", "appliedOn": "2024-03-01" }),
            &[("enrollmentId", Kind::TrainingEnrollment)],
        ),
        (
            "hostingRightApply",
            Kind::HostingRight,
            json!({ "title": "竞赛承办权", "level": "PROVINCIAL", "grantorName": "竞赛承办权", "appliedOn": "2024-03-01" }),
            &[("applicantId", Kind::UnionOrganization), ("competitionId", Kind::Competition)],
        ),
        (
            "honourTitleCreate",
            Kind::HonourTitle,
            json!({ "code": "荣誉称号", "name": "荣誉称号", "awardeeKind": "PERSON", "level": "NATIONAL", "conferringBody": "荣誉称号", "divisionCode": division }),
            &[],
        ),
        (
            "honourRoundCreate",
            Kind::HonourRound,
            json!({ "year": 2020, "ordinal": 1, "quota": 100 }),
            &[("titleId", Kind::HonourTitle)],
        ),
        (
            "honourNominationRecommend",
            Kind::HonourNomination,
            json!({ "recommenderName": "荣誉推荐", "category": "INDUSTRIAL_WORKER" }),
            &[("roundId", Kind::HonourRound), ("workerId", Kind::Worker)],
        ),
        (
            "honourAwardConfer",
            Kind::HonourAward,
            json!({ "rank": "WINNER", "conferredOn": "2024-03-01", "category": "INDUSTRIAL_WORKER" }),
            &[
                ("roundId", Kind::HonourRound),
                ("nominationId", Kind::HonourNomination),
                ("workerId", Kind::Worker),
            ],
        ),
        (
            "selectionCreate",
            Kind::Selection,
            json!({ "title": "评选活动", "subjectKind": "STUDIO", "quota": 1, "heldOn": "2024-03-01", "divisionCode": division }),
            &[],
        ),
        (
            "selectionResultEnter",
            Kind::SelectionResult,
            json!({ "rank": 1 }),
            &[("selectionId", Kind::Selection), ("studioId", Kind::InnovationStudio)],
        ),
        (
            "exhibitionCreate",
            Kind::Exhibition,
            json!({ "name": "展会", "level": "NATIONAL", "startedOn": "2024-03-01", "divisionCode": division }),
            &[],
        ),
        (
            "exhibitionEntryEnter",
            Kind::ExhibitionEntry,
            json!({ "subjectKind": "PERSON" }),
            &[("exhibitionId", Kind::Exhibition), ("workerId", Kind::Worker)],
        ),
        (
            "conversionAgreementSign",
            Kind::ConversionAgreement,
            json!({ "counterpartyName": "成果转化协议", "kind": "LETTER_OF_INTENT", "mode": "SELF_IMPLEMENT", "amountFen": "100000", "signedOn": "2024-03-01" }),
            &[("achievementId", Kind::InnovationAchievement)],
        ),
        (
            "revenueShareAdd",
            Kind::RevenueShare,
            json!({ "basis": "STATUTORY", "percentCenti": 1 }),
            &[("agreementId", Kind::ConversionAgreement), ("workerId", Kind::Worker)],
        ),
        (
            "innovationAllianceFound",
            Kind::InnovationAlliance,
            json!({ "name": "创新联盟", "foundedOn": "2024-03-01", "divisionCode": division }),
            &[],
        ),
        (
            "allianceMembershipAdmit",
            Kind::AllianceMembership,
            json!({ "joinedOn": "2024-03-01" }),
            &[("allianceId", Kind::InnovationAlliance), ("studioId", Kind::InnovationStudio)],
        ),
        (
            "allianceActivityCreate",
            Kind::AllianceActivity,
            json!({ "kind": "EXCHANGE", "title": "联盟活动", "heldOn": "2024-03-01" }),
            &[("allianceId", Kind::InnovationAlliance)],
        ),
        (
            "collectiveAgreementOffer",
            Kind::CollectiveAgreement,
            json!({ "title": "集体合同", "scope": "ENTERPRISE", "subject": "COMPREHENSIVE", "coverageHeads": 1, "divisionCode": division }),
            &[],
        ),
        (
            "agreementPartyAdd",
            Kind::AgreementParty,
            json!({ "role": "EMPLOYER" }),
            &[("agreementId", Kind::CollectiveAgreement), ("employerId", Kind::Employer)],
        ),
        (
            "agreementReviewOpen",
            Kind::AgreementReview,
            json!({ "authorityName": "集体合同审查", "receivedOn": "2024-03-01" }),
            &[("agreementId", Kind::CollectiveAgreement)],
        ),
        (
            "membershipDriveCreate",
            Kind::MembershipDrive,
            json!({ "title": "入会活动", "startedOn": "2024-03-01", "expiresOn": "2030-01-01" }),
            &[("unionOrganizationId", Kind::UnionOrganization)],
        ),
        (
            "membershipApplicationDraft",
            Kind::MembershipApplication,
            json!({ "channel": "PAPER", "category": "EMPLOYEE" }),
            &[
                ("workerId", Kind::Worker),
                ("unionOrganizationId", Kind::UnionOrganization),
                ("driveId", Kind::MembershipDrive),
            ],
        ),
        (
            "gigEngagementStart",
            Kind::GigEngagement,
            json!({ "platformName": "新就业形态从业", "category": "EMPLOYEE", "startedOn": "2024-03-01" }),
            &[("workerId", Kind::Worker)],
        ),
        (
            "campaignCreate",
            Kind::Campaign,
            json!({ "title": "主题活动", "kind": "LABOUR_AND_SKILL_COMPETITION", "organizerName": "主题活动", "startedOn": "2024-03-01", "divisionCode": division }),
            &[],
        ),
        (
            "activityCreate",
            Kind::Activity,
            json!({ "title": "活动", "kind": "LABOUR_AND_SKILL_COMPETITION", "heldOn": "2024-03-01", "sessions": 1, "divisionCode": division }),
            &[("campaignId", Kind::Campaign)],
        ),
        (
            "activityParticipationRegister",
            Kind::ActivityParticipation,
            json!({ "role": "PARTICIPANT" }),
            &[("activityId", Kind::Activity), ("workerId", Kind::Worker)],
        ),
        (
            "volunteerEnrollmentEnroll",
            Kind::VolunteerEnrollment,
            json!({ "enrolledOn": "2024-03-01" }),
            &[("campaignId", Kind::Campaign), ("workerId", Kind::Worker)],
        ),
        (
            "volunteerServiceRecordAdd",
            Kind::VolunteerServiceRecord,
            json!({ "servedOn": "2024-03-01", "minutes": 1 }),
            &[("enrollmentId", Kind::VolunteerEnrollment)],
        ),
        (
            "workersCongressConvene",
            Kind::WorkersCongress,
            json!({ "form": "DELEGATES", "termNumber": 1, "delegatesTotal": 30, "startedOn": "2024-03-01" }),
            &[("employerId", Kind::Employer)],
        ),
        (
            "congressSessionRecord",
            Kind::CongressSession,
            json!({ "ordinal": 1, "heldOn": "2024-03-01", "delegatesPresent": 20 }),
            &[("congressId", Kind::WorkersCongress)],
        ),
        (
            "congressDelegateElect",
            Kind::CongressDelegate,
            json!({ "category": "FRONTLINE", "startedOn": "2024-03-01" }),
            &[("congressId", Kind::WorkersCongress), ("workerId", Kind::Worker)],
        ),
        (
            "representationQuotaSet",
            Kind::RepresentationQuota,
            json!({ "assembly": "WORKERS_CONGRESS", "title": "代表大会", "termNumber": 1, "delegatesTotal": 30, "industrialWorkerDelegates": 9, "divisionCode": division }),
            &[("employerId", Kind::Employer)],
        ),
        (
            "proposalSubmit",
            Kind::Proposal,
            json!({ "topic": "改善食堂", "content": "增加夜班供餐。", "submittedOn": "2024-03-01" }),
            &[("congressId", Kind::WorkersCongress), ("workerId", Kind::Worker)],
        ),
        (
            "disclosureItemPublish",
            Kind::DisclosureItem,
            json!({ "title": "年度奖金方案", "category": "WORKER_INTEREST", "channel": "NOTICE_BOARD", "disclosedOn": "2024-03-01" }),
            &[("employerId", Kind::Employer)],
        ),
        (
            "employeeDirectorElect",
            Kind::EmployeeDirector,
            json!({ "board": "DIRECTORS", "startedOn": "2024-03-01" }),
            &[("employerId", Kind::Employer), ("workerId", Kind::Worker)],
        ),
        (
            "holidayCreate",
            Kind::Holiday,
            json!({ "observedOn": "2024-05-01", "kind": "HOLIDAY", "name": "劳动节", "calendarVersion": format!("2024-{division}"), "divisionCode": division }),
            &[],
        ),
        (
            "deadlineStart",
            Kind::Deadline,
            json!({ "rule": "ARBITRATION_AWARD", "startedOn": "2024-03-01" }),
            &[("proceedingId", Kind::DisputeProceeding)],
        ),
        (
            "unionLegalNoticeSend",
            Kind::UnionLegalNotice,
            json!({ "subject": "超时加班", "sentOn": "2024-03-01" }),
            &[
                ("unionOrganizationId", Kind::UnionOrganization),
                ("employerId", Kind::Employer),
                ("caseId", Kind::DisputeCase),
            ],
        ),
        (
            "hotlineTicketReceive",
            Kind::HotlineTicket,
            json!({ "ticketNo": "1", "category": "CONSULTATION", "channel": "HOTLINE", "topic": "加班费", "receivedOn": "2024-03-01", "divisionCode": division }),
            &[
                ("workerId", Kind::Worker),
                ("handlerId", Kind::UnionOrganization),
                ("caseId", Kind::DisputeCase),
            ],
        ),
        (
            "legalAidGrantCreate",
            Kind::LegalAidGrant,
            json!({ "form": "ARBITRATION", "grantedOn": "2024-03-01", "providerName": "法律援助中心" }),
            &[("caseId", Kind::DisputeCase), ("workerId", Kind::Worker)],
        ),
        (
            "wageArrearsCaseRegister",
            Kind::WageArrearsCase,
            json!({ "workerCount": 12, "owedFen": "1200000", "foundOn": "2024-03-01", "divisionCode": division }),
            &[("caseId", Kind::DisputeCase)],
        ),
        (
            "wageArrearsPartyAdd",
            Kind::WageArrearsParty,
            json!({ "role": "GENERAL_CONTRACTOR", "ordinal": 1 }),
            &[("arrearsCaseId", Kind::WageArrearsCase), ("employerId", Kind::Employer)],
        ),
        (
            "scoreComponentCreate",
            Kind::ScoreComponent,
            json!({ "name": "实操", "weightBasisPoints": 10_000, "maxScoreCenti": 10_000, "tieOrder": 1 }),
            &[("eventId", Kind::CompetitionEvent)],
        ),
        (
            "scoreSheetSign",
            Kind::ScoreSheet,
            json!({ "refereeNo": "R1", "rawScoreCenti": 9_000, "signedOn": "2024-03-01" }),
            &[("entryId", Kind::CompetitionEntry), ("componentId", Kind::ScoreComponent)],
        ),
        (
            "competitionTeamEnter",
            Kind::CompetitionTeam,
            json!({ "name": "海港区代表队" }),
            &[
                ("competitionId", Kind::Competition),
                ("unionOrganizationId", Kind::UnionOrganization),
            ],
        ),
        (
            "competitionAppealFile",
            Kind::CompetitionAppeal,
            json!({ "grounds": "实操计时有误。", "filedOn": "2024-03-01" }),
            &[("entryId", Kind::CompetitionEntry)],
        ),
        (
            "promotionRuleCreate",
            Kind::PromotionRule,
            json!({ "level": "MUNICIPAL", "competitionClass": "CLASS_I", "rankFrom": 1, "rankTo": 3, "grantRank": "TECHNICIAN", "isPassRequired": true, "validFrom": "2024-03-01", "divisionCode": division }),
            &[],
        ),
        (
            "membershipTransferRequest",
            Kind::MembershipTransfer,
            json!({ "requestedOn": "2024-03-01" }),
            &[
                ("membershipId", Kind::UnionMembership),
                ("toUnionOrganizationId", Kind::UnionOrganization),
            ],
        ),
        (
            "unionOfficerAppoint",
            Kind::UnionOfficer,
            json!({ "post": "CHAIR", "isFullTime": true, "startedOn": "2024-03-01" }),
            &[("unionOrganizationId", Kind::UnionOrganization), ("workerId", Kind::Worker)],
        ),
        (
            "codeSystemCreate",
            Kind::CodeSystem,
            json!({ "code": format!("CS{division}"), "edition": "2024", "name": "代码体系", "issuer": "标准化机构", "validFrom": "2024-03-01", "divisionCode": division }),
            &[],
        ),
        (
            "codeCreate",
            Kind::Code,
            json!({ "value": "C39", "name": "电子设备制造业", "validFrom": "2024-03-01" }),
            &[("systemId", Kind::CodeSystem)],
        ),
        (
            "codeMappingSet",
            Kind::CodeMapping,
            json!({ "sourceName": "hrss", "sourceCode": "C39" }),
            &[("systemId", Kind::CodeSystem), ("targetId", Kind::Code)],
        ),
        (
            "metricSnapshotFreeze",
            Kind::MetricSnapshot,
            json!({ "figureCode": "F01", "divisionCode": division }),
            &[],
        ),
        (
            "importBatchReceive",
            Kind::ImportBatch,
            json!({ "source": "hrss", "fileName": "职工名册", "recordKind": "WORKER", "fileHash": hash(division), "rowsAnnounced": 1, "receivedOn": "2024-03-01", "divisionCode": division }),
            &[],
        ),
        (
            "rawRecordRecord",
            Kind::RawRecord,
            json!({ "lineNumber": 1, "fingerprint": hash("1") }),
            &[("batchId", Kind::ImportBatch)],
        ),
        (
            "qualityIssueRaise",
            Kind::QualityIssue,
            json!({ "ruleCode": "ID-02", "severity": "MEDIUM", "description": "校验码有误。", "foundOn": "2024-03-01", "assigneeName": "数据治理组", "divisionCode": division }),
            &[("rawRecordId", Kind::RawRecord)],
        ),
    ]
}

/// A SHA-256 that no other words have, nearly enough: these in hexadecimal, and zeros.
pub fn hash(words: &str) -> String {
    let digits: String = words.bytes().map(|it| format!("{it:02x}")).collect();
    format!("{digits:0<64}")
}

/// A union beside that of the world: a membership is transferred to another.
pub async fn other_union(client: &Client, division: &str) -> String {
    let union = json!({ "name": "山桥工会", "divisionCode": division, "kind": "GRASSROOTS", "level": "GRASSROOTS" });
    let made = client.done("unionOrganizationCreate", "unionOrganization { id }", union).await;
    text(&made["unionOrganization"]["id"])
}

/// The input of another record of a kind, for a worker who has none yet.
pub async fn input_of(
    client: &Client,
    kind: Kind,
    world: &BTreeMap<Kind, String>,
) -> (&'static str, Value) {
    let made = inputs("130302").into_iter().find(|it| it.1 == kind).expect("a further system");
    let (mutation, _, mut input, refers) = made;
    for (field, to) in refers {
        input[*field] = json!(world[to]);
        if *to == Kind::Worker {
            input[*field] = json!(fixture::worker(client).await);
        }
    }
    if kind == Kind::SkillCertificate {
        input["number"] = json!(format!("C{}", fixture::unique()));
    }
    // A file comes once, and one without lines is ready for every step.
    if kind == Kind::ImportBatch {
        input["fileHash"] = json!(hash(&fixture::unique().to_string()));
        input["rowsAnnounced"] = json!(0);
    }
    if kind == Kind::RawRecord {
        input["lineNumber"] = json!(fixture::unique() + 1);
    }
    // A membership is transferred once.
    if kind == Kind::MembershipTransfer {
        let membership = json!({
            "workerId": fixture::worker(client).await,
            "unionOrganizationId": world[&Kind::UnionOrganization],
            "memberNo": format!("T{}", fixture::unique()),
            "joinedOn": "2024-01-01",
        });
        let made = client.done("unionMembershipAdmit", "unionMembership { id }", membership).await;
        input["membershipId"] = made["unionMembership"]["id"].clone();
        input["toUnionOrganizationId"] = json!(other_union(client, "130302").await);
    }
    // A place in a course is for one subsidy, and a course has a worker once.
    if kind == Kind::TrainingSubsidyPayment {
        let (_, _, _, refers) =
            inputs("130302").into_iter().find(|it| it.1 == Kind::TrainingEnrollment).unwrap();
        let mut enrollment = json!({});
        for (field, to) in refers {
            enrollment[*field] = json!(world[to]);
        }
        enrollment["workerId"] = json!(fixture::worker(client).await);
        let made =
            client.done("trainingEnrollmentEnroll", "trainingEnrollment { id }", enrollment).await;
        input["enrollmentId"] = made["trainingEnrollment"]["id"].clone();
    }
    (mutation, input)
}

/// Makes another record of a kind.
pub async fn another(client: &Client, kind: Kind, world: &BTreeMap<Kind, String>) -> String {
    let (mutation, input) = input_of(client, kind, world).await;
    let field = record_field(kind);
    let made = client.done(mutation, &format!("{field} {{ id }}"), input).await;
    text(&made[&field]["id"])
}
