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
        entity::worker::SkillRank,
        value::DocumentType,
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
