//! A closed list is stored under the names that the graph has for it: the planner writes them as it finds
//! them.

use std::{fs, path::Path};

use async_graphql::resolver_utils::EnumType;
use sea_orm::ActiveEnum;

fn compare<T: ActiveEnum<Value = String> + EnumType>(list: &str, differences: &mut Vec<String>) {
    let named: Vec<&str> = T::items().iter().map(|it| it.name).collect();
    let stored: Vec<String> = <T as ActiveEnum>::values();
    if named != stored {
        differences.push(format!("{list}: {named:?} is stored as {stored:?}"));
    }
}

macro_rules! compare_all {
    ($($List:path),+ $(,)?) => {{
        let mut differences = Vec::new();
        let mut count = 0;
        $(
            compare::<$List>(stringify!($List), &mut differences);
            count += 1;
        )+
        (count, differences)
    }};
}

#[test]
fn a_closed_list_is_stored_under_the_names_of_the_graph() {
    let (count, differences) = compare_all!(
        entity::audit_entry::AuditAction,
        entity::change_log::ChangeAction,
        entity::competition::CompetitionKind,
        entity::competition::CompetitionLevel,
        entity::competition::CompetitionStatus,
        entity::competition::CompetitionStep,
        entity::competition_award::AwardTier,
        entity::competition_entry::CompetitionEntryStatus,
        entity::competition_entry::CompetitionEntryStep,
        entity::competition_event::CompetitionClass,
        entity::competition_event::EventFormat,
        entity::competition_event::EventGroup,
        entity::credential_secret::SecretKind,
        entity::data_subject_request::SubjectRequestKind,
        entity::data_subject_request::DataSubjectRequestStatus,
        entity::data_subject_request::DataSubjectRequestStep,
        entity::dispute_assignment::AssignmentFunction,
        entity::dispute_case::DisputeGround,
        entity::dispute_case::DisputeCategory,
        entity::dispute_case::DisputeChannel,
        entity::dispute_case::CaseSensitivity,
        entity::dispute_case::DisputeCaseStatus,
        entity::dispute_case::DisputeCaseStep,
        entity::dispute_claim::ClaimDecision,
        entity::dispute_party::PartyRole,
        entity::dispute_proceeding::ProceedingStage,
        entity::dispute_proceeding::ProceedingState,
        entity::dispute_proceeding::ProceedingStep,
        entity::division::DivisionLevel,
        entity::division::DivisionKind,
        entity::employer::OwnershipGroup,
        entity::employer::EmployerStatus,
        entity::employment_relation::ContractType,
        entity::employment_relation::EmploymentEndReason,
        entity::employment_relation::EmploymentRelationStatus,
        entity::innovation_achievement::AchievementKind,
        entity::innovation_achievement::InnovationAchievementStatus,
        entity::innovation_achievement::InnovationAchievementStep,
        entity::innovation_studio::StudioKind,
        entity::innovation_studio::StudioLevel,
        entity::innovation_studio::StudioStatus,
        entity::pilot_batch::PilotLevel,
        entity::pilot_batch::PilotBatchStatus,
        entity::pilot_batch::PilotBatchStep,
        entity::pilot_measure::ReformTask,
        entity::pilot_measure::FocusArea,
        entity::pilot_unit::PilotUnitKind,
        entity::pilot_unit::PilotUnitStatus,
        entity::pilot_unit::PilotUnitStep,
        entity::studio_accreditation::AccreditationGrade,
        entity::studio_accreditation::StudioAccreditationStatus,
        entity::studio_accreditation::StudioAccreditationStep,
        entity::studio_grant::GrantStatus,
        entity::studio_grant::GrantStep,
        entity::studio_member::StudioRole,
        entity::union_membership::UnionMembershipStatus,
        entity::union_membership::UnionMembershipStep,
        entity::union_organization::UnionLevel,
        entity::union_organization::UnionKind,
        entity::union_organization::UnionOrganizationStatus,
        entity::union_organization::UnionOrganizationStep,
        entity::wage_recovery::RecoveryMethod,
        entity::wage_recovery::WageRecoveryStatus,
        entity::wage_recovery::WageRecoveryStep,
        entity::worker::Sex,
        entity::worker::EmploymentStatus,
        entity::worker::ErasureGround,
        entity::worker::SkillRank,
        entity::policy_document::PolicyKind,
        entity::pay_reform_measure::PayReformKind,
        entity::organization_coverage::CoverageKind,
        entity::organization_coverage::CoverageScope,
        entity::skill_evaluation_institution::InstitutionKind,
        entity::skill_evaluation_institution::SkillEvaluationInstitutionStatus,
        entity::skill_evaluation_institution::SkillEvaluationInstitutionStep,
        entity::skill_certificate::CertificateOrigin,
        entity::skill_certificate::SkillCertificateStatus,
        entity::skill_certificate::SkillCertificateStep,
        entity::pathway_rule::PathwayDirection,
        entity::pathway_rule::TitleGrade,
        entity::pathway_recognition::PathwayRecognitionStatus,
        entity::pathway_recognition::PathwayRecognitionStep,
        entity::training_provider::ProviderKind,
        entity::training_program::TrainingKind,
        entity::training_enrollment::TrainingEnrollmentStatus,
        entity::training_enrollment::TrainingEnrollmentStep,
        entity::training_subsidy_payment::PayeeKind,
        entity::training_subsidy_payment::TrainingSubsidyPaymentStatus,
        entity::training_subsidy_payment::TrainingSubsidyPaymentStep,
        entity::hosting_right::HostingRightStatus,
        entity::hosting_right::HostingRightStep,
        entity::honour_title::AwardeeKind,
        entity::honour_title::HonourLevel,
        entity::honour_nomination::AwardeeCategory,
        entity::honour_nomination::HonourNominationStatus,
        entity::honour_nomination::HonourNominationStep,
        entity::honour_award::HonourRank,
        entity::honour_award::HonourAwardStatus,
        entity::honour_award::HonourAwardStep,
        entity::selection::SelectionSubject,
        entity::exhibition::ExhibitionLevel,
        entity::exhibition_entry::ExhibitKind,
        entity::conversion_agreement::AgreementKind,
        entity::conversion_agreement::ConversionMode,
        entity::revenue_share::ShareBasis,
        entity::alliance_activity::AllianceActivityKind,
        entity::collective_agreement::AgreementScope,
        entity::collective_agreement::AgreementSubject,
        entity::collective_agreement::CollectiveAgreementStatus,
        entity::collective_agreement::CollectiveAgreementStep,
        entity::agreement_party::AgreementRole,
        entity::agreement_review::ReviewOpinion,
        entity::membership_application::ApplicationChannel,
        entity::membership_application::WorkCategory,
        entity::membership_application::MembershipApplicationStatus,
        entity::membership_application::MembershipApplicationStep,
        entity::campaign::CampaignKind,
        entity::activity_participation::ParticipantRole,
        entity::volunteer_enrollment::VolunteerEnrollmentStatus,
        entity::volunteer_enrollment::VolunteerEnrollmentStep,
        entity::workers_congress::CongressForm,
        entity::congress_delegate::DelegateCategory,
        entity::representation_quota::AssemblyKind,
        entity::proposal::ProposalStatus,
        entity::proposal::ProposalStep,
        entity::disclosure_item::DisclosureCategory,
        entity::disclosure_item::DisclosureChannel,
        entity::employee_director::CompanyBoard,
        entity::holiday::HolidayKind,
        entity::deadline::DeadlineRule,
        entity::union_legal_notice::UnionLegalNoticeStatus,
        entity::union_legal_notice::UnionLegalNoticeStep,
        entity::hotline_ticket::TicketCategory,
        entity::hotline_ticket::TicketChannel,
        entity::hotline_ticket::TicketDifficulty,
        entity::hotline_ticket::TicketSatisfaction,
        entity::hotline_ticket::HotlineTicketStatus,
        entity::hotline_ticket::HotlineTicketStep,
        entity::legal_aid_grant::LegalAidForm,
        entity::wage_arrears_party::ChainRole,
        entity::competition_appeal::CompetitionAppealStatus,
        entity::competition_appeal::CompetitionAppealStep,
        entity::membership_transfer::MembershipTransferStatus,
        entity::membership_transfer::MembershipTransferStep,
        entity::union_officer::UnionPost,
        entity::import_batch::ImportBatchStatus,
        entity::import_batch::ImportBatchStep,
        entity::raw_record::LineVerdict,
        entity::raw_record::LineMatch,
        entity::quality_issue::IssueSeverity,
        entity::quality_issue::QualityIssueStatus,
        entity::quality_issue::QualityIssueStep,
        value::DocumentType,
        value::TermUnit,
    );

    assert_eq!(differences, [""; 0]);
    assert_eq!(count, lists("src") + lists("../value/src"), "a list is missing above");
}

/// How many closed lists the sources of a folder define.
fn lists(folder: &str) -> usize {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let sources =
        fs::read_dir(folder).unwrap().map(|it| fs::read_to_string(it.unwrap().path()).unwrap());
    sources.map(|it| it.lines().filter(|it| it.trim() == "DeriveActiveEnum,").count()).sum()
}
