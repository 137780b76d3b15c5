//! A closed list is stored under the names that the graph has for it: the planner writes them as it finds
//! them.

use std::{fs, path::Path};

use async_graphql::resolver_utils::EnumType;
use sea_orm::{ActiveEnum, Iterable};

fn compare<T: ActiveEnum<Value = String> + EnumType>(list: &str, differences: &mut Vec<String>) {
    let named: Vec<&str> = T::items().iter().map(|it| it.name).collect();
    let stored: Vec<String> = <T as ActiveEnum>::values();
    if named != stored {
        differences.push(format!("{list}: {named:?} is stored as {stored:?}"));
    }
}

macro_rules! compare_all {
    ($($($module:ident)::+: $($List:ident)+;)+) => {{
        let mut differences = Vec::new();
        let mut count = 0;
        $($(
            compare::<$($module)::+::$List>(stringify!($List), &mut differences);
            count += 1;
        )+)+
        (count, differences)
    }};
}

#[test]
fn a_closed_list_is_stored_under_the_names_of_the_graph() {
    let (count, differences) = compare_all! {
        entity::change_log: ChangeAction;
        entity::competition: CompetitionKind CompetitionLevel CompetitionStatus CompetitionStep;
        entity::competition_award: AwardTier;
        entity::competition_entry: CompetitionEntryStatus CompetitionEntryStep;
        entity::competition_event: CompetitionClass EventFormat EventGroup;
        entity::dispute_case: DisputeGround DisputeCategory DisputeChannel CaseSensitivity DisputeCaseStatus DisputeCaseStep;
        entity::dispute_claim: ClaimDecision;
        entity::dispute_party: PartyRole;
        entity::dispute_proceeding: ProceedingStage ProceedingState ProceedingStep;
        entity::division: DivisionLevel DivisionKind;
        entity::employer: OwnershipGroup EmployerStatus;
        entity::employment_relation: ContractType EmploymentEndReason EmploymentRelationStatus;
        entity::innovation_achievement: AchievementKind InnovationAchievementStatus InnovationAchievementStep;
        entity::innovation_studio: StudioKind StudioLevel StudioStatus;
        entity::pilot_batch: PilotLevel PilotBatchStatus PilotBatchStep;
        entity::pilot_measure: ReformTask FocusArea;
        entity::pilot_unit: PilotUnitKind PilotUnitStatus PilotUnitStep;
        entity::studio_accreditation: AccreditationGrade StudioAccreditationStatus StudioAccreditationStep;
        entity::studio_grant: GrantStatus GrantStep;
        entity::studio_member: StudioRole;
        entity::union_membership: UnionMembershipStatus UnionMembershipStep;
        entity::union_organization: UnionLevel UnionKind UnionOrganizationStatus UnionOrganizationStep;
        entity::wage_recovery: RecoveryMethod WageRecoveryStatus WageRecoveryStep;
        entity::worker: Sex EmploymentStatus SkillRank;
        value: DocumentType;
    };

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
