//! One record of each kind, and an input for each mutation.

use std::collections::BTreeMap;

use async_graphql::parser::{
    parse_schema,
    types::{BaseType, ConstDirective, InputValueDefinition, Type, TypeKind, TypeSystemDefinition},
};
use gongtu::kind::Kind;
use serde_json::{Value, json};

use crate::{
    support::{Client, text},
    systems,
};

/// The lists of the root: each field, and what it lists.
pub const LISTS: [(&str, Kind); 94] = [
    ("divisions", Kind::Division),
    ("workers", Kind::Worker),
    ("employers", Kind::Employer),
    ("employmentRelations", Kind::EmploymentRelation),
    ("unionOrganizations", Kind::UnionOrganization),
    ("unionMemberships", Kind::UnionMembership),
    ("pilotBatches", Kind::PilotBatch),
    ("pilotUnits", Kind::PilotUnit),
    ("pilotMeasures", Kind::PilotMeasure),
    ("bestPractices", Kind::BestPractice),
    ("competitions", Kind::Competition),
    ("competitionEvents", Kind::CompetitionEvent),
    ("competitionEntries", Kind::CompetitionEntry),
    ("competitionAwards", Kind::CompetitionAward),
    ("innovationStudios", Kind::InnovationStudio),
    ("studioAccreditations", Kind::StudioAccreditation),
    ("studioMembers", Kind::StudioMember),
    ("studioGrants", Kind::StudioGrant),
    ("innovationAchievements", Kind::InnovationAchievement),
    ("disputeCases", Kind::DisputeCase),
    ("disputeParties", Kind::DisputeParty),
    ("disputeClaims", Kind::DisputeClaim),
    ("disputeProceedings", Kind::DisputeProceeding),
    ("disputeAssignments", Kind::DisputeAssignment),
    ("wageRecoveries", Kind::WageRecovery),
    ("policyDocuments", Kind::PolicyDocument),
    ("performanceTargets", Kind::PerformanceTarget),
    ("payReformMeasures", Kind::PayReformMeasure),
    ("skillAllowances", Kind::SkillAllowance),
    ("organizationCoverages", Kind::OrganizationCoverage),
    ("skillEvaluationInstitutions", Kind::SkillEvaluationInstitution),
    ("skillCertificates", Kind::SkillCertificate),
    ("titleSeriesList", Kind::TitleSeries),
    ("pathwayRules", Kind::PathwayRule),
    ("professionalTitles", Kind::ProfessionalTitle),
    ("pathwayRecognitions", Kind::PathwayRecognition),
    ("trainingProviders", Kind::TrainingProvider),
    ("trainingPrograms", Kind::TrainingProgram),
    ("trainingEnrollments", Kind::TrainingEnrollment),
    ("trainingSubsidyPayments", Kind::TrainingSubsidyPayment),
    ("hostingRights", Kind::HostingRight),
    ("honourTitles", Kind::HonourTitle),
    ("honourRounds", Kind::HonourRound),
    ("honourNominations", Kind::HonourNomination),
    ("honourAwards", Kind::HonourAward),
    ("selections", Kind::Selection),
    ("selectionResults", Kind::SelectionResult),
    ("exhibitions", Kind::Exhibition),
    ("exhibitionEntries", Kind::ExhibitionEntry),
    ("conversionAgreements", Kind::ConversionAgreement),
    ("revenueShares", Kind::RevenueShare),
    ("innovationAlliances", Kind::InnovationAlliance),
    ("allianceMemberships", Kind::AllianceMembership),
    ("allianceActivities", Kind::AllianceActivity),
    ("collectiveAgreements", Kind::CollectiveAgreement),
    ("agreementParties", Kind::AgreementParty),
    ("agreementReviews", Kind::AgreementReview),
    ("membershipDrives", Kind::MembershipDrive),
    ("membershipApplications", Kind::MembershipApplication),
    ("gigEngagements", Kind::GigEngagement),
    ("campaigns", Kind::Campaign),
    ("activities", Kind::Activity),
    ("activityParticipations", Kind::ActivityParticipation),
    ("volunteerEnrollments", Kind::VolunteerEnrollment),
    ("volunteerServiceRecords", Kind::VolunteerServiceRecord),
    ("workersCongresses", Kind::WorkersCongress),
    ("congressSessions", Kind::CongressSession),
    ("congressDelegates", Kind::CongressDelegate),
    ("representationQuotas", Kind::RepresentationQuota),
    ("proposals", Kind::Proposal),
    ("disclosureItems", Kind::DisclosureItem),
    ("employeeDirectors", Kind::EmployeeDirector),
    ("holidays", Kind::Holiday),
    ("deadlines", Kind::Deadline),
    ("unionLegalNotices", Kind::UnionLegalNotice),
    ("hotlineTickets", Kind::HotlineTicket),
    ("legalAidGrants", Kind::LegalAidGrant),
    ("wageArrearsCases", Kind::WageArrearsCase),
    ("wageArrearsParties", Kind::WageArrearsParty),
    ("scoreComponents", Kind::ScoreComponent),
    ("scoreSheets", Kind::ScoreSheet),
    ("competitionTeams", Kind::CompetitionTeam),
    ("competitionAppeals", Kind::CompetitionAppeal),
    ("promotionRules", Kind::PromotionRule),
    ("membershipTransfers", Kind::MembershipTransfer),
    ("unionOfficers", Kind::UnionOfficer),
    ("codeSystems", Kind::CodeSystem),
    ("codes", Kind::Code),
    ("codeMappings", Kind::CodeMapping),
    ("metricSnapshots", Kind::MetricSnapshot),
    ("importBatches", Kind::ImportBatch),
    ("rawRecords", Kind::RawRecord),
    ("qualityIssues", Kind::QualityIssue),
    ("dataSubjectRequests", Kind::DataSubjectRequest),
];

/// Published registers: who may read one sees all of it.
pub fn is_register(kind: Kind) -> bool {
    use Kind::*;
    matches!(
        kind,
        Division
            | UnionOrganization
            | Competition
            | CompetitionEvent
            | SkillEvaluationInstitution
            | TitleSeries
            | PathwayRule
            | TrainingProvider
            | TrainingProgram
            | HostingRight
            | HonourTitle
            | HonourRound
            | Selection
            | Exhibition
            | InnovationAlliance
            | AllianceActivity
            | MembershipDrive
            | Campaign
            | Activity
            | Holiday
            | ScoreComponent
            | CompetitionTeam
            | PromotionRule
            | CodeSystem
            | Code
            | CodeMapping
    )
}

/// The field that holds a record of a kind.
pub fn record_field(kind: Kind) -> String {
    let name = kind.name();
    format!("{}{}", name[..1].to_lowercase(), &name[1..])
}

/// Makes one record of each kind in a division; an award and a step need more of a story.
pub async fn one_of_each(client: &Client, division: &str) -> BTreeMap<Kind, String> {
    make_each(client, division, async |mutation, kind, input| {
        let field = record_field(kind);
        let made = client.done(mutation, &format!("{field} {{ id }}"), input).await;
        text(&made[&field]["id"])
    })
    .await
}

/// As [`one_of_each`], each made by what is handed in: from the mutation that makes it, its kind and the
/// input to its id.
pub async fn make_each(
    client: &Client,
    division: &str,
    make: impl AsyncFn(&'static str, Kind, Value) -> String,
) -> BTreeMap<Kind, String> {
    let mut ids = BTreeMap::new();
    let employer =
        json!({ "name": "渤海玻璃厂", "divisionCode": division, "ownershipGroup": "PRIVATE" });
    let employer = make("employerCreate", Kind::Employer, employer).await;
    let number = if division == "130302" { "130399199001010023" } else { "13039919900101004X" };
    let worker = make(
        "workerCreate",
        Kind::Worker,
        json!({ "name": "王芳", "divisionCode": division, "idNumber": number,
            "phone": "15412345678" }),
    )
    .await;
    let union = make(
        "unionOrganizationCreate",
        Kind::UnionOrganization,
        json!({ "name": "渤海工会", "divisionCode": division, "kind": "GRASSROOTS", "level": "GRASSROOTS" }),
    )
    .await;
    let batch = make(
        "pilotBatchCreate",
        Kind::PilotBatch,
        json!({ "title": "第三批", "divisionCode": division, "level": "MUNICIPAL", "ordinal": 3,
            "issuer": "市总工会", "startedOn": "2024-01-01" }),
    )
    .await;
    let unit = make(
        "pilotUnitNominate",
        Kind::PilotUnit,
        json!({ "batchId": batch, "name": "试点", "kind": "GRASSROOTS_UNIT", "level": "MUNICIPAL",
            "divisionCode": division }),
    )
    .await;
    let competition = make(
        "competitionCreate",
        Kind::Competition,
        json!({ "title": "竞赛", "divisionCode": division, "kind": "SKILL", "level": "MUNICIPAL",
            "year": 2026, "edition": 1, "organizerName": "市总工会" }),
    )
    .await;
    let event = make(
        "competitionEventCreate",
        Kind::CompetitionEvent,
        json!({ "competitionId": competition, "title": "焊工", "competitionClass": "CLASS_I",
            "format": "INDIVIDUAL", "participantGroup": "EMPLOYEE" }),
    )
    .await;
    let studio = make(
        "innovationStudioCreate",
        Kind::InnovationStudio,
        json!({ "name": "工作室", "divisionCode": division, "kind": "SINGLE", "level": "MUNICIPAL",
            "field": "焊接", "foundedOn": "2020-05-01" }),
    )
    .await;
    let case = make(
        "disputeCaseRegister",
        Kind::DisputeCase,
        json!({ "caseNo": format!("{division}-1"), "title": "欠薪", "divisionCode": division, "ground": "G1",
            "category": "UNPAID_WAGE", "channel": "WALK_IN", "registeredOn": "2026-03-02" }),
    )
    .await;
    let own_id =
        client.data("{ viewer { clientId } }", json!({})).await["viewer"]["clientId"].clone();
    for (mutation, kind, input) in [
        (
            "employmentRelationStart",
            Kind::EmploymentRelation,
            json!({ "workerId": worker, "employerId": employer, "contractType": "FIXED_TERM",
                "startedOn": "2024-01-01" }),
        ),
        (
            "unionMembershipAdmit",
            Kind::UnionMembership,
            json!({ "workerId": worker, "unionOrganizationId": union, "memberNo": "1",
                "joinedOn": "2024-01-01" }),
        ),
        (
            "pilotMeasureCreate",
            Kind::PilotMeasure,
            json!({ "pilotUnitId": unit, "title": "师带徒", "task": "QUALITY_IMPROVEMENT",
                "startedOn": "2024-02-01" }),
        ),
        (
            "bestPracticePublish",
            Kind::BestPractice,
            json!({ "pilotUnitId": unit, "title": "经验", "summary": "成长通道", "isReplicable": true,
                "publishedOn": "2025-02-01" }),
        ),
        (
            "competitionEntryRegister",
            Kind::CompetitionEntry,
            json!({ "eventId": event, "workerId": worker, "bibNo": "7" }),
        ),
        (
            "studioAccreditationApply",
            Kind::StudioAccreditation,
            json!({ "studioId": studio, "level": "PROVINCIAL", "batch": "9" }),
        ),
        (
            "studioMemberAdd",
            Kind::StudioMember,
            json!({ "studioId": studio, "workerId": worker, "role": "CORE", "joinedOn": "2021-05-01" }),
        ),
        (
            "studioGrantApprove",
            Kind::StudioGrant,
            json!({ "studioId": studio, "amountFen": "1000000", "fundSource": "经费", "purpose": "补助" }),
        ),
        (
            "innovationAchievementRegister",
            Kind::InnovationAchievement,
            json!({ "studioId": studio, "title": "焊枪", "kind": "FIVE_SMALLS", "divisionCode": division,
                "achievedOn": "2024-05-01" }),
        ),
        (
            "disputePartyAdd",
            Kind::DisputeParty,
            json!({ "caseId": case, "role": "APPLICANT", "workerId": worker }),
        ),
        (
            "disputeClaimAdd",
            Kind::DisputeClaim,
            json!({ "caseId": case, "category": "UNPAID_WAGE", "claimedFen": "500000" }),
        ),
        (
            "disputeProceedingOpen",
            Kind::DisputeProceeding,
            json!({ "caseId": case, "stage": "MEDIATION", "body": "调解委员会", "openedOn": "2026-03-03" }),
        ),
        (
            "disputeAssignmentCreate",
            Kind::DisputeAssignment,
            json!({ "caseId": case, "handlerClientId": own_id, "function": "MEDIATOR" }),
        ),
        (
            "wageRecoveryClaim",
            Kind::WageRecovery,
            json!({ "caseId": case, "workerId": worker, "claimedFen": "500000" }),
        ),
        (
            "dataSubjectRequestRegister",
            Kind::DataSubjectRequest,
            json!({ "workerId": worker, "kind": "CORRECT", "details": "姓名有误" }),
        ),
    ] {
        ids.insert(kind, make(mutation, kind, input).await);
    }
    ids.extend([
        (Kind::Employer, employer),
        (Kind::Worker, worker),
        (Kind::UnionOrganization, union),
        (Kind::PilotBatch, batch),
        (Kind::PilotUnit, unit),
        (Kind::Competition, competition),
        (Kind::CompetitionEvent, event),
        (Kind::InnovationStudio, studio),
        (Kind::DisputeCase, case),
    ]);
    for (mutation, kind, mut input, refers) in systems::inputs(division) {
        for (field, to) in refers {
            input[*field] = json!(ids[to]);
        }
        if kind == Kind::MembershipTransfer {
            input["toUnionOrganizationId"] = json!(systems::other_union(client, division).await);
        }
        ids.insert(kind, make(mutation, kind, input).await);
    }
    ids
}

/// A mutation, as the schema has it.
pub struct Mutation {
    pub name: String,
    /// The scope it needs.
    pub scope: String,
    input: Vec<InputValueDefinition>,
}

/// What the schema says of mutations.
pub struct Mutations {
    pub all: Vec<Mutation>,
    enums: BTreeMap<String, String>,
    inputs: BTreeMap<String, Vec<InputValueDefinition>>,
}

impl Mutations {
    pub fn of_the_schema() -> Mutations {
        let document = parse_schema(gongtu::schema::sdl()).unwrap();
        let mut enums = BTreeMap::new();
        let mut inputs = BTreeMap::new();
        let mut fields = Vec::new();
        for definition in document.definitions {
            let TypeSystemDefinition::Type(definition) = definition else { continue };
            let name = definition.node.name.node.to_string();
            match definition.node.kind {
                TypeKind::Enum(it) => {
                    enums.insert(name, it.values[0].node.value.node.to_string());
                }
                TypeKind::InputObject(it) => {
                    inputs
                        .insert(name, it.fields.into_iter().map(|it| it.node).collect::<Vec<_>>());
                }
                TypeKind::Object(it) if name == "Mutation" => fields = it.fields,
                _ => {}
            }
        }
        let all = fields.into_iter().map(|field| {
            let input = named(&field.node.arguments[0].node.ty.node).to_owned();
            let scope = field.node.directives.iter().find_map(|it| requires(&it.node));
            Mutation {
                name: field.node.name.node.to_string(),
                scope: scope.unwrap_or_default(),
                input: inputs[&input].clone(),
            }
        });
        Mutations { all: all.collect(), enums, inputs }
    }

    /// An input of the right shape: what is required, and every id.
    pub fn input(&self, mutation: &Mutation, id: &dyn Fn(Kind) -> String) -> Value {
        // A step has the name of an award, and is one of the competition.
        let is_step = mutation.name == "competitionAward";
        let kind = Kind::ALL.iter().copied().filter(|it| {
            if is_step {
                return *it == Kind::Competition;
            }
            let name = it.name();
            mutation.name.starts_with(&format!("{}{}", name[..1].to_lowercase(), &name[1..]))
        });
        // A client is no record, and nothing has its id.
        let kind = if mutation.name.starts_with("client") {
            Kind::Worker
        } else {
            kind.max_by_key(|it| it.name().len()).expect("it is named by its kind")
        };
        self.object(&mutation.input, kind, id)
    }

    fn object(
        &self,
        fields: &[InputValueDefinition],
        kind: Kind,
        id: &dyn Fn(Kind) -> String,
    ) -> Value {
        let mut input = json!({});
        for field in fields {
            let name = field.name.node.as_str();
            let is_id = named(&field.ty.node) == "ID";
            if is_id || !field.ty.node.nullable && field.default_value.is_none() {
                input[name] = self.value(&field.ty.node, name, kind, id);
            }
        }
        input
    }

    fn value(&self, ty: &Type, field: &str, kind: Kind, id: &dyn Fn(Kind) -> String) -> Value {
        if let BaseType::List(item) = &ty.base {
            return json!([self.value(item, field, kind, id)]);
        }
        match named(ty) {
            "ID" => json!(id(referred(field, kind))),
            "String" => json!("文字"),
            "Int" => json!(1),
            "Boolean" => json!(true),
            "Date" => json!("2026-03-02"),
            "BigInt" => json!("1"),
            "PersonName" => json!("李娜"),
            "DivisionCode" => json!("130303"),
            "ExternalIdInput" => json!({ "source": "test", "value": uuid::Uuid::now_v7() }),
            other => match self.enums.get(other) {
                Some(value) => json!(value),
                None => self.object(&self.inputs[other], kind, id),
            },
        }
    }
}

/// What an id in an input is an id of.
fn referred(field: &str, kind: Kind) -> Kind {
    match field {
        "id" | "clientId" => kind,
        "parentId" => kind,
        "workerId" | "leaderId" | "newLeaderId" => Kind::Worker,
        "employerId" | "hostEmployerId" => Kind::Employer,
        "unionOrganizationId"
        | "unionId"
        | "organizerId"
        | "handlerId"
        | "toUnionOrganizationId"
        | "intoId" => Kind::UnionOrganization,
        "batchId" if kind == Kind::RawRecord => Kind::ImportBatch,
        "batchId" => Kind::PilotBatch,
        "pilotUnitId" => Kind::PilotUnit,
        "competitionId" => Kind::Competition,
        "eventId" => Kind::CompetitionEvent,
        "entryId" => Kind::CompetitionEntry,
        "studioId" => Kind::InnovationStudio,
        "caseId" => Kind::DisputeCase,
        "achievementId" => Kind::InnovationAchievement,
        "activityId" => Kind::Activity,
        "allianceId" => Kind::InnovationAlliance,
        "applicantId" => Kind::UnionOrganization,
        "campaignId" => Kind::Campaign,
        "certificateId" => Kind::SkillCertificate,
        "driveId" => Kind::MembershipDrive,
        "exhibitionId" => Kind::Exhibition,
        "institutionId" => Kind::SkillEvaluationInstitution,
        "measureId" => Kind::PayReformMeasure,
        "nominationId" => Kind::HonourNomination,
        "programId" => Kind::TrainingProgram,
        "providerId" => Kind::TrainingProvider,
        "roundId" => Kind::HonourRound,
        "selectionId" => Kind::Selection,
        "seriesId" => Kind::TitleSeries,
        "titleId" => Kind::HonourTitle,
        "arrearsCaseId" => Kind::WageArrearsCase,
        "componentId" => Kind::ScoreComponent,
        "congressId" => Kind::WorkersCongress,
        "membershipId" => Kind::UnionMembership,
        "mergedIntoId" => Kind::Proposal,
        "proceedingId" => Kind::DisputeProceeding,
        "rawRecordId" => Kind::RawRecord,
        "recordId" => Kind::Worker,
        "systemId" => Kind::CodeSystem,
        "targetId" => Kind::Code,
        "enrollmentId" if kind == Kind::TrainingSubsidyPayment => Kind::TrainingEnrollment,
        "enrollmentId" if kind == Kind::VolunteerServiceRecord => Kind::VolunteerEnrollment,
        "agreementId" if kind == Kind::RevenueShare => Kind::ConversionAgreement,
        "agreementId" if kind == Kind::AgreementParty => Kind::CollectiveAgreement,
        "agreementId" if kind == Kind::AgreementReview => Kind::CollectiveAgreement,
        other => panic!("what is {other} of {kind:?}?"),
    }
}

fn requires(directive: &ConstDirective) -> Option<String> {
    let (_, scope) = directive.arguments.first()?;
    (directive.name.node == "requires").then(|| scope.node.to_string().trim_matches('"').to_owned())
}

fn named(ty: &Type) -> &str {
    match &ty.base {
        BaseType::Named(name) => name,
        BaseType::List(item) => named(item),
    }
}
