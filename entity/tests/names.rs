//! The name of a listed value is the same in the database, in GraphQL and in JSON.

use async_graphql::resolver_utils::EnumType;
use sea_orm::{ActiveEnum, Iterable};
use serde::Serialize;

#[track_caller]
fn check<E>()
where
    E: ActiveEnum<Value = String> + EnumType + Iterable + Serialize,
{
    let enumeration = std::any::type_name::<E>();
    let stored: Vec<String> = E::iter().map(|it| it.to_value()).collect();
    let shown: Vec<&str> = E::items().iter().map(|it| it.name).collect();
    let written: Vec<String> = E::iter()
        .map(|it| serde_json::to_value(it).unwrap().as_str().unwrap().to_owned())
        .collect();

    assert_eq!(stored, shown, "{enumeration}: database and GraphQL");
    assert_eq!(stored, written, "{enumeration}: database and JSON");
    for name in &stored {
        assert!(
            name.starts_with(|it: char| it.is_ascii_uppercase())
                && name
                    .chars()
                    .all(|it| it.is_ascii_uppercase() || it.is_ascii_digit() || it == '_'),
            "{enumeration}: {name} is not SCREAMING_SNAKE_CASE"
        );
    }
}

#[test]
fn every_value_has_one_name() {
    check::<entity::division::DivisionLevel>();
    check::<entity::division::DivisionKind>();
    check::<entity::employer::OwnershipGroup>();
    check::<entity::employer::EmployerStatus>();
    check::<entity::worker::Sex>();
    check::<entity::worker::DocumentType>();
    check::<entity::worker::DocumentType>();
    check::<entity::worker::EmploymentStatus>();
    check::<entity::worker::SkillRank>();
    check::<entity::employment_relation::ContractType>();
    check::<entity::employment_relation::EmploymentEndReason>();
    check::<entity::employment_relation::EmploymentRelationStatus>();
    check::<entity::union_organization::UnionLevel>();
    check::<entity::union_organization::UnionKind>();
    check::<entity::union_organization::UnionOrganizationStatus>();
    check::<entity::union_organization::UnionOrganizationStep>();
    check::<entity::union_membership::UnionMembershipStatus>();
    check::<entity::union_membership::UnionMembershipStep>();
    check::<entity::pilot_batch::PilotLevel>();
    check::<entity::pilot_batch::PilotBatchStatus>();
    check::<entity::pilot_batch::PilotBatchStep>();
    check::<entity::pilot_unit::PilotUnitKind>();
    check::<entity::pilot_unit::PilotUnitStatus>();
    check::<entity::pilot_unit::PilotUnitStep>();
    check::<entity::pilot_measure::ReformTask>();
    check::<entity::pilot_measure::FocusArea>();
    check::<entity::competition::CompetitionKind>();
    check::<entity::competition::CompetitionLevel>();
    check::<entity::competition::CompetitionStatus>();
    check::<entity::competition::CompetitionStep>();
    check::<entity::competition_event::CompetitionClass>();
    check::<entity::competition_event::EventFormat>();
    check::<entity::competition_event::EventGroup>();
    check::<entity::competition_entry::CompetitionEntryStatus>();
    check::<entity::competition_entry::CompetitionEntryStep>();
    check::<entity::competition_award::AwardTier>();
    check::<entity::innovation_studio::StudioKind>();
    check::<entity::innovation_studio::StudioLevel>();
    check::<entity::innovation_studio::StudioStatus>();
    check::<entity::studio_accreditation::AccreditationGrade>();
    check::<entity::studio_accreditation::StudioAccreditationStatus>();
    check::<entity::studio_accreditation::StudioAccreditationStep>();
    check::<entity::studio_member::StudioRole>();
    check::<entity::studio_grant::GrantStatus>();
    check::<entity::studio_grant::GrantStep>();
    check::<entity::innovation_achievement::AchievementKind>();
    check::<entity::innovation_achievement::InnovationAchievementStatus>();
    check::<entity::innovation_achievement::InnovationAchievementStep>();
    check::<entity::dispute_case::DisputeGround>();
    check::<entity::dispute_case::DisputeCategory>();
    check::<entity::dispute_case::DisputeChannel>();
    check::<entity::dispute_case::CaseSensitivity>();
    check::<entity::dispute_case::DisputeCaseStatus>();
    check::<entity::dispute_case::DisputeCaseStep>();
    check::<entity::dispute_party::PartyRole>();
    check::<entity::dispute_claim::ClaimDecision>();
    check::<entity::dispute_proceeding::ProceedingStage>();
    check::<entity::dispute_proceeding::ProceedingState>();
    check::<entity::dispute_proceeding::ProceedingStep>();
    check::<entity::wage_recovery::RecoveryMethod>();
    check::<entity::wage_recovery::WageRecoveryStatus>();
    check::<entity::wage_recovery::WageRecoveryStep>();
    check::<entity::change_log::ChangeAction>();
}

#[test]
fn names_with_digits_are_as_the_contract_says() {
    assert_eq!(entity::division::DivisionKind::GbT2260.to_value(), "GB_T_2260");
    assert_eq!(entity::worker::DocumentType::Fpr2017.to_value(), "FPR_2017");
    assert_eq!(entity::competition_event::CompetitionClass::ClassII.to_value(), "CLASS_II");
    assert_eq!(entity::dispute_case::DisputeChannel::Hotline12351.to_value(), "HOTLINE_12351");
    assert_eq!(entity::dispute_case::DisputeGround::G1.to_value(), "G1");
}
