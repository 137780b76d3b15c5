//! The table itself.

use super::{
    Circle, KindRules,
    Level::{L1, L2, L3, L4},
    Scope, Standing,
    rule::{records, register},
};
use crate::kind::Kind;

/// What every record has.
const COMMON: &str = "id divisionCode version createdAt updatedAt archivedAt division externalIds";

/// Whose records are seen for a subject.
pub(super) fn circle(standing: Standing) -> Circle {
    match standing {
        Standing::Office | Standing::Territory => Circle::default(),
        Standing::Person => Circle {
            workers: Some("({me})"),
            employers: Some("(SELECT employer_id FROM employment_relation WHERE worker_id = {me})"),
            unions: Some(
                "(SELECT union_organization_id FROM union_membership WHERE worker_id = {me})",
            ),
            cases: Some("(SELECT case_id FROM dispute_party WHERE worker_id = {me})"),
        },
        // That a worker is a member of a union, or asked for its help, is not for the employer
        // (Trade Union Law art. 53); of a case it learns when the notice is served.
        Standing::Employer => Circle {
            workers: Some(
                "(SELECT worker_id FROM employment_relation \
                 WHERE employer_id = {me} AND status = 'ACTIVE')",
            ),
            employers: Some("({me})"),
            unions: None,
            cases: Some(
                "(SELECT case_id FROM dispute_party WHERE employer_id = {me} AND case_id IN \
                 (SELECT case_id FROM dispute_proceeding WHERE accepted_on IS NOT NULL))",
            ),
        },
        Standing::Union => Circle {
            workers: Some(
                "(SELECT worker_id FROM union_membership WHERE union_organization_id IN {line} \
                 AND status IN ('ACTIVE', 'TRANSFERRING', 'RETAINED'))",
            ),
            employers: Some(
                "(SELECT employer_id FROM union_organization \
                 WHERE id IN {line} AND employer_id IS NOT NULL)",
            ),
            unions: Some("{line}"),
            cases: Some("(SELECT id FROM dispute_case WHERE handler_id IN {line})"),
        },
        Standing::Handler => Circle {
            workers: Some(
                "(SELECT worker_id FROM dispute_party WHERE worker_id IS NOT NULL \
                 AND case_id IN {cases})",
            ),
            employers: Some(
                "(SELECT employer_id FROM dispute_party WHERE employer_id IS NOT NULL \
                 AND case_id IN {cases})",
            ),
            unions: None,
            cases: Some(
                "(SELECT case_id FROM dispute_assignment WHERE handler_id = {me} \
                 AND recused_on IS NULL AND ended_on IS NULL AND archived_at IS NULL)",
            ),
        },
    }
}

/// The rules of a kind.
pub(super) fn rules(kind: Kind) -> KindRules {
    use Scope::{
        ActivityRead, ActivityWrite, AgreementRead, AgreementWrite, ChangeRead, CompetitionWrite,
        DemocracyRead, DemocracyWrite, DirectoryRead, DirectoryWrite, DisputeDetail, DisputeRead,
        DisputeWrite, EmployerRead, EmployerWrite, EntryRead, HonourRead, HonourWrite, ImportRead,
        ImportWrite, PilotRead, PilotWrite, SkillRead, SkillWrite, StudioRead, StudioWrite,
        SubjectRequestRead, SubjectRequestWrite, TrainingRead, TrainingWrite, UnionWrite,
        WorkerProfile, WorkerRead, WorkerUnmask, WorkerWrite,
    };
    match kind {
        Kind::Division => register(kind, DirectoryRead, DirectoryWrite)
            .fields(L1, "id version createdAt updatedAt code name nameEn level kind")
            .fields(L1, "parentCode successorCode validFrom validTo parent successor"),
        Kind::UnionOrganization => register(kind, DirectoryRead, UnionWrite)
            .fields(L1, COMMON)
            .fields(L1, "officers membershipDrives")
            .fields(L1, "name creditCode level kind establishedOn status parent employer")
            .fields(L1, "branches memberships openSteps transitions"),
        Kind::Competition => register(kind, DirectoryRead, CompetitionWrite)
            .fields(L1, COMMON)
            .fields(L1, "teams hostingRights")
            .fields(L1, "title kind level edition year organizerName startedOn endedOn status")
            .fields(L1, "organizer events openSteps transitions"),
        Kind::CompetitionEvent => register(kind, DirectoryRead, CompetitionWrite)
            .fields(L1, COMMON)
            .fields(L1, "scoreComponents")
            .fields(L1, "title occupationCode competitionClass format participantGroup minTeams")
            .fields(L1, "venue heldOn competition entries awards"),
        Kind::Worker => records(kind, WorkerRead, WorkerWrite, "id IN {workers}")
            .fields(L2, COMMON)
            .fields(L2, "skillCertificates professionalTitles trainingEnrollments")
            .fields(L2, "competitionEntries honourAwards membershipApplications")
            .fields(L2, "gigEngagements volunteerEnrollments wageRecoveries")
            .fields(
                L2,
                "documentType isMigrantWorker isIndustrialWorker employmentStatus skillRank",
            )
            .fields(L2, "employer employments memberships accesses erasedAt erasureGround")
            .fields(L3, "name sex")
            .needing(WorkerProfile, L3, "birthOn ethnicityCode educationCode politicalStatusCode")
            .masked(WorkerUnmask, L4, "idNumber phone"),
        Kind::EmploymentRelation => records(
            kind,
            WorkerRead,
            WorkerWrite,
            "worker_id IN {workers} AND employer_id IN {employers}",
        )
        .fields(L2, COMMON)
        .fields(L2, "worker employer")
        .fields(L3, "contractType postTitle occupationCode isFrontline startedOn endedOn endReason")
        .fields(L3, "status"),
        Kind::UnionMembership => records(
            kind,
            WorkerRead,
            WorkerWrite,
            "worker_id IN {workers} AND union_organization_id IN {unions}",
        )
        .fields(L2, COMMON)
        .fields(L2, "worker unionOrganization openSteps transitions")
        .fields(L3, "memberNo joinedOn endedOn status changeReason"),
        Kind::Employer => records(kind, EmployerRead, EmployerWrite, "id IN {employers}")
            .fields(L2, COMMON)
            .fields(L2, "skillEvaluationInstitutions payReformMeasures organizationCoverages")
            .fields(L2, "workersCongresses disclosureItems employeeDirectors")
            .fields(L2, "agreementParties pilotUnits unionLegalNotices")
            .fields(L2, "name creditCode industryCode ownershipGroup headcount status")
            .fields(L2, "parent workers employments unionOrganizations"),
        Kind::PilotBatch => records(
            kind,
            PilotRead,
            PilotWrite,
            "id IN (SELECT batch_id FROM pilot_unit WHERE employer_id IN {employers})",
        )
        .fields(L2, COMMON)
        .fields(
            L2,
            "ordinal level title documentNo issuer startedOn endedOn status units openSteps",
        )
        .fields(L2, "transitions"),
        Kind::PilotUnit => records(kind, PilotRead, PilotWrite, "employer_id IN {employers}")
            .fields(L2, COMMON)
            .fields(L2, "kind name level ownershipGroup designatedOn status batch employer")
            .fields(L2, "measures bestPractices openSteps transitions"),
        Kind::PilotMeasure => records(kind, PilotRead, PilotWrite, OF_PILOT_UNIT)
            .fields(L2, COMMON)
            .fields(L2, "task focusArea title summary startedOn endedOn pilotUnit"),
        Kind::BestPractice => records(kind, PilotRead, PilotWrite, OF_PILOT_UNIT)
            .fields(L2, COMMON)
            .fields(L2, "title summary publishedOn isReplicable pilotUnit"),
        Kind::CompetitionEntry => {
            records(kind, EntryRead, CompetitionWrite, "worker_id IN {workers}")
                .fields(L2, COMMON)
                .fields(L2, "scoreSheets appeals")
                .fields(
                    L2,
                    "bibNo teamName status theoryScoreCenti practiceScoreCenti totalScoreCenti",
                )
                .fields(L2, "rank event worker awards openSteps transitions")
        }
        Kind::CompetitionAward => records(
            kind,
            EntryRead,
            CompetitionWrite,
            "entry_id IN (SELECT id FROM competition_entry WHERE worker_id IN {workers})",
        )
        .fields(L2, COMMON)
        .fields(L2, "tier rank title bonus awardedOn event entry"),
        Kind::InnovationStudio => records(kind, StudioRead, StudioWrite, OF_STUDIO)
            .fields(L2, COMMON)
            .fields(L2, "selectionResults exhibitionEntries")
            .fields(L2, "name kind field level foundedOn status leader hostEmployer")
            .fields(L2, "accreditations members grants achievements"),
        Kind::StudioAccreditation => records(kind, StudioRead, StudioWrite, IN_STUDIO)
            .fields(L2, COMMON)
            .fields(
                L2,
                "level batch scoreCenti documentNo namedOn reviewDueOn grade removedOn status",
            )
            .fields(L2, "studio openSteps transitions"),
        Kind::StudioMember => records(kind, StudioRead, StudioWrite, "worker_id IN {workers}")
            .fields(L2, COMMON)
            .fields(L2, "role joinedOn leftOn studio worker"),
        Kind::StudioGrant => records(kind, StudioRead, StudioWrite, IN_STUDIO)
            .fields(L2, COMMON)
            .fields(
                L2,
                "amount fundSource purpose selectionTitle grantedOn status studio openSteps",
            )
            .fields(L2, "transitions"),
        Kind::InnovationAchievement => {
            records(kind, StudioRead, StudioWrite, "employer_id IN {employers}")
                .fields(L2, COMMON)
                .fields(L2, "selectionResults exhibitionEntries conversionAgreements")
                .fields(L2, "title kind ipNo achievedOn benefit status studio employer openSteps")
                .fields(L2, "transitions")
        }
        Kind::DisputeCase => records(kind, DisputeRead, DisputeWrite, "id IN {cases}")
            .fields(L2, COMMON)
            .fields(L2, "legalAidGrants")
            .fields(L2, "ground category isCollective workerCount channel sensitivity status")
            .fields(L2, "occurredOn knownOn registeredOn closedOn handler parties claims")
            .fields(L2, "proceedings wageRecoveries openSteps transitions")
            .fields(L3, "caseNo title")
            .needing(DisputeDetail, L3, "summary"),
        // A worker sees what of a collective case is their own, not what concerns the others.
        Kind::DisputeParty => records(kind, DisputeRead, DisputeWrite, IN_CASE)
            .seen_as(Standing::Person, OWN_IN_CASE)
            .fields(L2, COMMON)
            .fields(L2, "role case worker employer")
            .needing(DisputeDetail, L3, "name"),
        // Amounts of one case are a detail; added up they are a statistic.
        Kind::DisputeClaim => records(kind, DisputeRead, DisputeWrite, IN_CASE)
            .seen_as(Standing::Person, OWN_IN_CASE)
            .fields(L2, COMMON)
            .fields(L2, "category periodFrom periodTo decision case worker")
            .needing(DisputeDetail, L3, "claimed awarded paid")
            .counted("claimed awarded paid"),
        Kind::DisputeProceeding => records(kind, DisputeRead, DisputeWrite, IN_CASE)
            .fields(L2, COMMON)
            .fields(L2, "deadlines")
            .fields(
                L2,
                "stage body docketNo openedOn acceptedOn dueOn endedOn state case openSteps",
            )
            .fields(L2, "transitions")
            .needing(DisputeDetail, L3, "outcome"),
        Kind::DisputeAssignment => records(kind, DisputeRead, DisputeWrite, IN_CASE)
            .hidden_from(Standing::Employer)
            .fields(L2, COMMON)
            .fields(L2, "function handlerClientId assignedOn recusedOn recusalReason endedOn case"),
        Kind::WageRecovery => records(kind, DisputeRead, DisputeWrite, IN_CASE)
            .seen_as(Standing::Person, OWN_IN_CASE)
            .fields(L2, COMMON)
            .fields(L2, "status case worker employer openSteps transitions")
            .needing(DisputeDetail, L3, "claimed agreed agreedOn paid paidOn method")
            .counted("claimed agreed paid method"),
        Kind::PolicyDocument => records(kind, PilotRead, PilotWrite, "FALSE")
            .fields(L2, COMMON)
            .fields(L2, "title documentNo kind issuer issuedOn summary batch"),
        Kind::PerformanceTarget => records(kind, PilotRead, PilotWrite, "FALSE")
            .fields(L2, COMMON)
            .fields(L2, "figureCode title plannedValue startedOn endedOn documentNo"),
        Kind::PayReformMeasure => {
            records(kind, PilotRead, PilotWrite, "employer_id IN {employers}")
                .fields(L2, COMMON)
                .fields(L2, "kind title coverageHeads effectiveOn endedOn postValuePercent")
                .fields(L2, "competencePercent performancePercent employer")
        }
        Kind::SkillAllowance => records(kind, PilotRead, PilotWrite, OF_PAY_MEASURE)
            .fields(L2, COMMON)
            .fields(L2, "skillRank monthly measure"),
        Kind::OrganizationCoverage => {
            records(kind, PilotRead, PilotWrite, "employer_id IN {employers}")
                .fields(L2, COMMON)
                .fields(L2, "kind scope establishedOn endedOn employer")
        }
        Kind::SkillEvaluationInstitution => register(kind, DirectoryRead, SkillWrite)
            .fields(L1, COMMON)
            .fields(L1, "name kind filingNo maxRank validFrom validTo filedOn revokedOn status")
            .fields(L1, "employer openSteps transitions"),
        Kind::SkillCertificate => records(kind, SkillRead, SkillWrite, "worker_id IN {workers}")
            .fields(L2, COMMON)
            .fields(L2, "isFormatVerified occupationCode skillRank issuedOn origin endedOn")
            .fields(L2, "status worker institution competitionEntry openSteps transitions")
            .fields(L3, "number"),
        Kind::TitleSeries => register(kind, DirectoryRead, SkillWrite)
            .fields(L1, COMMON)
            .fields(L1, "pathwayRules")
            .fields(L1, "ordinal name nameEn isPathwayLinked validFrom validTo"),
        Kind::PathwayRule => register(kind, DirectoryRead, SkillWrite)
            .fields(L1, COMMON)
            .fields(L1, "direction skillRank grade minYears validFrom validTo documentNo series"),
        Kind::ProfessionalTitle => records(kind, SkillRead, SkillWrite, "worker_id IN {workers}")
            .fields(L2, COMMON)
            .fields(L2, "grade specialty issuedOn worker series"),
        Kind::PathwayRecognition => records(kind, SkillRead, SkillWrite, "worker_id IN {workers}")
            .fields(L2, COMMON)
            .fields(L2, "direction skillRank grade years appliedOn certifiedOn status worker")
            .fields(L2, "series certificate openSteps transitions"),
        Kind::TrainingProvider => register(kind, DirectoryRead, TrainingWrite)
            .fields(L1, COMMON)
            .fields(L1, "programs")
            .fields(L1, "name kind filingNo employer"),
        Kind::TrainingProgram => register(kind, DirectoryRead, TrainingWrite)
            .fields(L1, COMMON)
            .fields(L1, "title kind occupationCode targetRank hours planHeads startedOn endedOn")
            .fields(L1, "provider enrollments"),
        Kind::TrainingEnrollment => {
            records(kind, TrainingRead, TrainingWrite, "worker_id IN {workers}")
                .fields(L2, COMMON)
                .fields(L2, "subsidyPayments")
                .fields(L2, "attendedHours completedOn status program worker openSteps transitions")
        }
        Kind::TrainingSubsidyPayment => records(kind, TrainingRead, TrainingWrite, OF_ENROLLMENT)
            .fields(L2, COMMON)
            .fields(L2, "payeeKind fundSource amount appliedOn disbursedOn status enrollment")
            .fields(L2, "openSteps transitions"),
        Kind::HostingRight => register(kind, DirectoryRead, CompetitionWrite)
            .fields(L1, COMMON)
            .fields(L1, "title level grantorName appliedOn grantedOn status applicant")
            .fields(L1, "competition openSteps transitions"),
        Kind::HonourTitle => register(kind, DirectoryRead, HonourWrite)
            .fields(L1, COMMON)
            .fields(L1, "rounds")
            .fields(L1, "code name nameEn awardeeKind level conferringBody"),
        Kind::HonourRound => register(kind, DirectoryRead, HonourWrite).fields(L1, COMMON).fields(
            L1,
            "year ordinal quota noticeStartedOn noticeEndedOn title nominations awards",
        ),
        Kind::HonourNomination => records(kind, HonourRead, HonourWrite, OF_HONOURED)
            .fields(L2, COMMON)
            .fields(L2, "teamName category isMigrantWorker isNonPublic recommenderName status")
            .fields(L2, "round worker employer openSteps transitions"),
        Kind::HonourAward => records(kind, HonourRead, HonourWrite, OF_HONOURED)
            .fields(L2, COMMON)
            .fields(L2, "teamName category rank documentNo conferredOn bonus revokedOn status")
            .fields(L2, "round nomination worker employer openSteps transitions"),
        Kind::Selection => register(kind, DirectoryRead, StudioWrite)
            .fields(L1, COMMON)
            .fields(L1, "title subjectKind quota heldOn results"),
        Kind::SelectionResult => records(kind, StudioRead, StudioWrite, OF_SELECTED)
            .fields(L2, COMMON)
            .fields(L2, "rank selection studio achievement"),
        Kind::Exhibition => register(kind, DirectoryRead, StudioWrite)
            .fields(L1, COMMON)
            .fields(L1, "name level ordinal place startedOn endedOn entries"),
        Kind::ExhibitionEntry => records(kind, StudioRead, StudioWrite, OF_EXHIBITED)
            .fields(L2, COMMON)
            .fields(L2, "subjectKind exhibition achievement studio worker"),
        Kind::ConversionAgreement => records(kind, StudioRead, StudioWrite, OF_ACHIEVEMENT)
            .fields(L2, COMMON)
            .fields(L2, "counterpartyName kind mode amount signedOn received achievement shares"),
        Kind::RevenueShare => records(kind, StudioRead, StudioWrite, "worker_id IN {workers}")
            .fields(L2, COMMON)
            .fields(L2, "basis percentCenti paid agreement worker"),
        Kind::InnovationAlliance => register(kind, DirectoryRead, StudioWrite)
            .fields(L1, COMMON)
            .fields(L1, "name foundedOn memberships activities"),
        Kind::AllianceMembership => records(kind, StudioRead, StudioWrite, IN_STUDIO)
            .fields(L2, COMMON)
            .fields(L2, "joinedOn leftOn alliance studio"),
        Kind::AllianceActivity => register(kind, DirectoryRead, StudioWrite)
            .fields(L1, COMMON)
            .fields(L1, "kind title heldOn participants alliance"),
        Kind::CollectiveAgreement => records(kind, AgreementRead, AgreementWrite, OF_AGREEMENT)
            .fields(L2, COMMON)
            .fields(L2, "title scope subject coverageHeads raiseCenti signedOn publishedOn")
            .fields(L2, "startedOn endedOn status parties reviews openSteps transitions"),
        Kind::AgreementParty => records(kind, AgreementRead, AgreementWrite, IN_AGREEMENT)
            .fields(L2, COMMON)
            .fields(L2, "role agreement employer unionOrganization"),
        Kind::AgreementReview => records(kind, AgreementRead, AgreementWrite, IN_AGREEMENT)
            .fields(L2, COMMON)
            .fields(L2, "authorityName receivedOn dueOn opinion opinionOn opinionNo agreement"),
        Kind::MembershipDrive => register(kind, DirectoryRead, UnionWrite)
            .fields(L1, COMMON)
            .fields(L1, "title venue startedOn expiresOn unionOrganization"),
        Kind::MembershipApplication => records(
            kind,
            WorkerRead,
            WorkerWrite,
            "worker_id IN {workers} AND union_organization_id IN {unions}",
        )
        .fields(L2, COMMON)
        .fields(L2, "channel category submittedOn decidedOn status worker unionOrganization")
        .fields(L2, "drive openSteps transitions"),
        Kind::GigEngagement => records(kind, WorkerRead, WorkerWrite, "worker_id IN {workers}")
            .fields(L2, COMMON)
            .fields(L2, "platformName category stationName startedOn endedOn worker"),
        Kind::Campaign => register(kind, DirectoryRead, ActivityWrite)
            .fields(L1, COMMON)
            .fields(L1, "title slogan kind organizerName startedOn endedOn activities")
            .fields(L1, "volunteers"),
        Kind::Activity => register(kind, DirectoryRead, ActivityWrite)
            .fields(L1, COMMON)
            .fields(L1, "title kind heldOn sessions capacity venue campaign participations"),
        Kind::ActivityParticipation => {
            records(kind, ActivityRead, ActivityWrite, "worker_id IN {workers}")
                .fields(L2, COMMON)
                .fields(L2, "role checkedInOn activity worker")
        }
        Kind::VolunteerEnrollment => {
            records(kind, ActivityRead, ActivityWrite, "worker_id IN {workers}")
                .fields(L2, COMMON)
                .fields(L2, "enrolledOn approvedOn status campaign worker services openSteps")
                .fields(L2, "transitions")
        }
        Kind::VolunteerServiceRecord => records(kind, ActivityRead, ActivityWrite, OF_VOLUNTEER)
            .fields(L2, COMMON)
            .fields(L2, "servedOn minutes evaluatorName enrollment"),
        Kind::WorkersCongress => {
            records(kind, DemocracyRead, DemocracyWrite, "employer_id IN {employers}")
                .fields(L2, COMMON)
                .fields(L2, "form termNumber delegatesTotal startedOn endedOn employer sessions")
                .fields(L2, "delegates proposals")
        }
        Kind::CongressSession => records(kind, DemocracyRead, DemocracyWrite, IN_CONGRESS)
            .fields(L2, COMMON)
            .fields(L2, "ordinal heldOn delegatesTotal delegatesPresent agenda resolution")
            .fields(L2, "votesFor congress isQuorate isPassed"),
        Kind::CongressDelegate => {
            records(kind, DemocracyRead, DemocracyWrite, "worker_id IN {workers}")
                .fields(L2, COMMON)
                .fields(L2, "category startedOn endedOn congress worker")
        }
        Kind::RepresentationQuota => {
            records(kind, DemocracyRead, DemocracyWrite, "employer_id IN {employers}")
                .fields(L2, COMMON)
                .fields(L2, "assembly title termNumber delegatesTotal industrialWorkerDelegates")
                .fields(L2, "employer unionOrganization industrialWorkerRatio")
        }
        Kind::Proposal => records(kind, DemocracyRead, DemocracyWrite, IN_CONGRESS)
            .fields(L2, COMMON)
            .fields(L2, "topic content submittedOn assigneeName replyDueOn reply repliedOn")
            .fields(L2, "isSatisfied status congress worker mergedInto openSteps transitions"),
        Kind::DisclosureItem => {
            records(kind, DemocracyRead, DemocracyWrite, "employer_id IN {employers}")
                .fields(L2, COMMON)
                .fields(L2, "title category channel disclosedOn employer")
        }
        Kind::EmployeeDirector => {
            records(kind, DemocracyRead, DemocracyWrite, "worker_id IN {workers}")
                .fields(L2, COMMON)
                .fields(L2, "board startedOn endedOn employer worker")
        }
        Kind::Holiday => register(kind, DirectoryRead, DirectoryWrite)
            .fields(L1, COMMON)
            .fields(L1, "observedOn kind name calendarVersion"),
        Kind::Deadline => records(kind, DisputeRead, DisputeWrite, IN_PROCEEDING)
            .fields(L2, COMMON)
            .fields(L2, "rule startedOn length unit extendedBy dueOn metOn calendarVersion")
            .fields(L2, "proceeding"),
        // Between the union and the employer.
        Kind::UnionLegalNotice => {
            records(kind, DisputeRead, DisputeWrite, "employer_id IN {employers}")
                .hidden_from(Standing::Person)
                .fields(L2, COMMON)
                .fields(L2, "subject sentOn documentNo opinionOn replyDueOn repliedOn outcome")
                .fields(L2, "status unionOrganization employer case openSteps transitions")
        }
        // Who called is not for the employer (Trade Union Law art. 53).
        Kind::HotlineTicket => records(kind, DisputeRead, DisputeWrite, "worker_id IN {workers}")
            .seen_as(Standing::Union, "handler_id IN {unions}")
            .hidden_from(Standing::Employer)
            .hidden_from(Standing::Handler)
            .fields(L2, COMMON)
            .fields(L2, "ticketNo category channel topic receivedOn difficulty dueOn")
            .fields(L2, "satisfaction closedOn status worker handler case openSteps transitions"),
        // That a worker is helped is not for the employer; what came of it is a detail.
        Kind::LegalAidGrant => records(kind, DisputeRead, DisputeWrite, IN_CASE)
            .seen_as(Standing::Person, OWN_IN_CASE)
            .hidden_from(Standing::Employer)
            .fields(L2, COMMON)
            .fields(L2, "form grantedOn providerName endedOn case worker")
            .needing(DisputeDetail, L3, "outcome"),
        Kind::WageArrearsCase => records(kind, DisputeRead, DisputeWrite, IN_CASE)
            .fields(L2, COMMON)
            .fields(L2, "projectName workerCount foundOn settledOn case parties")
            .needing(DisputeDetail, L3, "owed"),
        Kind::WageArrearsParty => records(kind, DisputeRead, DisputeWrite, IN_ARREARS_CASE)
            .fields(L2, COMMON)
            .fields(L2, "role ordinal arrearsCase employer"),
        Kind::ScoreComponent => register(kind, DirectoryRead, CompetitionWrite)
            .fields(L1, COMMON)
            .fields(L1, "name weightBasisPoints maxScoreCenti tieOrder passMarkCenti event"),
        Kind::ScoreSheet => records(kind, EntryRead, CompetitionWrite, IN_ENTRY)
            .fields(L2, COMMON)
            .fields(L2, "refereeNo rawScoreCenti signedOn entry component"),
        Kind::CompetitionTeam => register(kind, DirectoryRead, CompetitionWrite)
            .fields(L1, COMMON)
            .fields(L1, "name enteredOn competition unionOrganization"),
        Kind::CompetitionAppeal => records(kind, EntryRead, CompetitionWrite, IN_ENTRY)
            .fields(L2, COMMON)
            .fields(L2, "grounds filedOn decision decidedOn status entry openSteps transitions"),
        Kind::PromotionRule => register(kind, DirectoryRead, CompetitionWrite)
            .fields(L1, COMMON)
            .fields(L1, "level competitionClass rankFrom rankTo grantRank isPassRequired validFrom")
            .fields(L1, "grantIfAlready validTo documentNo"),
        Kind::MembershipTransfer => records(kind, WorkerRead, WorkerWrite, OF_MEMBERSHIP)
            .fields(L2, COMMON)
            .fields(L2, "requestedOn reason decidedOn status membership fromUnion")
            .fields(L2, "toUnionOrganization newMembership openSteps transitions"),
        Kind::UnionOfficer => records(
            kind,
            WorkerRead,
            WorkerWrite,
            "worker_id IN {workers} AND union_organization_id IN {unions}",
        )
        .fields(L2, COMMON)
        .fields(L2, "post isFullTime startedOn endedOn unionOrganization worker"),
        Kind::CodeSystem => register(kind, DirectoryRead, DirectoryWrite)
            .fields(L1, COMMON)
            .fields(L1, "code edition name issuer validFrom nameEn validTo codes mappings"),
        Kind::Code => register(kind, DirectoryRead, DirectoryWrite)
            .fields(L1, COMMON)
            .fields(L1, "value name validFrom nameEn validTo system parent"),
        Kind::CodeMapping => register(kind, DirectoryRead, DirectoryWrite)
            .fields(L1, COMMON)
            .fields(L1, "sourceName sourceCode sourceText isMapped system target"),
        Kind::MetricSnapshot => records(kind, PilotRead, PilotWrite, "FALSE")
            .fields(L2, COMMON)
            .fields(L2, "figureCode basis startedOn endedOn asOf publishedOn value numerator")
            .fields(L2, "denominator"),
        // For the stewards: what other systems call persons is for nobody else.
        Kind::ImportBatch => records(kind, ImportRead, ImportWrite, "FALSE")
            .fields(L2, COMMON)
            .fields(L2, "source fileName recordKind fileHash rowsAnnounced receivedOn status")
            .fields(L2, "rawRecords openSteps transitions"),
        Kind::RawRecord => records(kind, ImportRead, ImportWrite, "FALSE")
            .fields(L2, COMMON)
            .fields(L2, "lineNumber fingerprint sourceKey verdict defectCode defectMessage")
            .fields(L2, "matchedAs batch issues recordId"),
        Kind::QualityIssue => records(kind, ImportRead, ImportWrite, "FALSE")
            .fields(L2, COMMON)
            .fields(L2, "ruleCode severity description foundOn assigneeName dueOn closedOn")
            .fields(L2, "reason status rawRecord recordId openSteps transitions"),
        // For the person and for the stewards: nobody else learns that somebody asked.
        Kind::DataSubjectRequest => {
            records(kind, SubjectRequestRead, SubjectRequestWrite, "worker_id IN {workers}")
                .hidden_from(Standing::Employer)
                .hidden_from(Standing::Union)
                .hidden_from(Standing::Handler)
                .fields(L2, COMMON)
                .fields(L2, "kind receivedOn dueOn status decidedOn worker openSteps transitions")
                .fields(L3, "details reason")
        }
        // Written by the machines alone, with the right to the record that moved.
        Kind::StateTransition => records(kind, ChangeRead, DirectoryWrite, "FALSE")
            .fields(L2, "id fromState step toState occurredOn basis note createdAt"),
    }
}

const OF_PILOT_UNIT: &str =
    "pilot_unit_id IN (SELECT id FROM pilot_unit WHERE employer_id IN {employers})";
const OF_STUDIO: &str = "host_employer_id IN {employers}";
const IN_STUDIO: &str =
    "studio_id IN (SELECT id FROM innovation_studio WHERE host_employer_id IN {employers})";
const IN_CASE: &str = "case_id IN {cases}";
const OF_PAY_MEASURE: &str =
    "measure_id IN (SELECT id FROM pay_reform_measure WHERE employer_id IN {employers})";
const OF_ENROLLMENT: &str =
    "enrollment_id IN (SELECT id FROM training_enrollment WHERE worker_id IN {workers})";
const OF_VOLUNTEER: &str =
    "enrollment_id IN (SELECT id FROM volunteer_enrollment WHERE worker_id IN {workers})";
const OF_HONOURED: &str = "(worker_id IN {workers} OR employer_id IN {employers})";
const OF_SELECTED: &str = "(studio_id IN (SELECT id FROM innovation_studio WHERE host_employer_id IN {employers}) \
     OR achievement_id IN (SELECT id FROM innovation_achievement WHERE employer_id IN {employers}))";
const OF_EXHIBITED: &str = "(studio_id IN (SELECT id FROM innovation_studio WHERE host_employer_id IN {employers}) \
     OR achievement_id IN (SELECT id FROM innovation_achievement WHERE employer_id IN {employers}) \
     OR worker_id IN {workers})";
const OF_ACHIEVEMENT: &str =
    "achievement_id IN (SELECT id FROM innovation_achievement WHERE employer_id IN {employers})";
const OF_AGREEMENT: &str =
    "id IN (SELECT agreement_id FROM agreement_party WHERE employer_id IN {employers})";
const IN_AGREEMENT: &str =
    "agreement_id IN (SELECT agreement_id FROM agreement_party WHERE employer_id IN {employers})";
const IN_CONGRESS: &str =
    "congress_id IN (SELECT id FROM workers_congress WHERE employer_id IN {employers})";
const IN_PROCEEDING: &str =
    "proceeding_id IN (SELECT id FROM dispute_proceeding WHERE case_id IN {cases})";
const IN_ARREARS_CASE: &str =
    "arrears_case_id IN (SELECT id FROM wage_arrears_case WHERE case_id IN {cases})";
const IN_ENTRY: &str =
    "entry_id IN (SELECT id FROM competition_entry WHERE worker_id IN {workers})";
const OF_MEMBERSHIP: &str = "membership_id IN (SELECT id FROM union_membership \
     WHERE worker_id IN {workers} AND union_organization_id IN {unions})";
const OWN_IN_CASE: &str = "case_id IN {cases} AND (worker_id IS NULL OR worker_id IN {workers})";
