//! From the scores of a competition to what follows from them.

use entity::competition::{CompetitionStatus, CompetitionStep};
use entity::{competition_appeal, competition_entry, competition_event};
use sea_orm::ColumnTrait;

use super::{Competition, promotion};
use crate::{
    Result,
    domain::{
        competition_appeal::CompetitionAppeal, competition_entry::CompetitionEntry,
        competition_event::CompetitionEvent, score_component,
    },
    error::Violation,
    operation::StepInput,
    repository::unseen_rows,
    resource::current,
    shell::writes,
    unit_of_work::UnitOfWork,
};

writes! {
    Results("CompetitionResultMutations") of Competition {
        /// Locks the scores: the weights of each event have to add up. 锁定成绩
        competition_lock_scores: LockScoresInput => CompetitionLockScores = lock_scores,
        /// Confirms the results: each appeal has to be decided. 确认结果
        competition_confirm_results: ConfirmResultsInput => CompetitionConfirmResults = confirm_results,
        /// Works off the promotions that follow: who has a rank for which a rule grants a skill level is issued
        /// the certificate, in the occupation of the event. 办理晋级，按规则签发技能等级证书
        competition_process_promotion: ProcessPromotionInput => CompetitionProcessPromotion = process_promotion,
    }
}

type LockScoresInput = StepInput<CompetitionLockScores>;
type ConfirmResultsInput = StepInput<CompetitionConfirmResults>;
type ProcessPromotionInput = StepInput<CompetitionProcessPromotion>;

async fn lock_scores(work: &mut UnitOfWork<'_>, input: LockScoresInput) -> Result<Competition> {
    let row = work.find_version(input.id, input.expected_version).await?;
    let id = row.id;
    let locked = work.step::<Competition>(row, CompetitionStep::LockScores, input.details, |_| ());
    let locked = locked.await?;
    score_component::expect_whole(work, id).await?;
    Ok(locked)
}

async fn confirm_results(
    work: &mut UnitOfWork<'_>,
    input: ConfirmResultsInput,
) -> Result<Competition> {
    let row = work.find_version(input.id, input.expected_version).await?;
    let id = row.id;
    let step = CompetitionStep::ConfirmResults;
    let confirmed = work.step::<Competition>(row, step, input.details, |_| ()).await?;
    let mut events = unseen_rows::<CompetitionEvent>();
    events
        .column(competition_event::Column::Id)
        .and_where(competition_event::Column::CompetitionId.eq(id));
    let mut entries = unseen_rows::<CompetitionEntry>();
    entries
        .column(competition_entry::Column::Id)
        .and_where(competition_entry::Column::EventId.in_subquery(events));
    let open = current::<CompetitionAppeal>()
        .add(competition_appeal::Column::EntryId.in_subquery(entries))
        .add(
            competition_appeal::Column::Status
                .eq(competition_appeal::CompetitionAppealStatus::Filed),
        );
    let open = work.count_all::<CompetitionAppeal>(open).await?;
    if open > 0 {
        return Err(Violation::inconsistent(
            "id",
            &format!("Appeals that are not decided: {open}."),
            &format!("尚未裁定的申诉：{open}。"),
        )
        .into());
    }
    Ok(confirmed)
}

async fn process_promotion(
    work: &mut UnitOfWork<'_>,
    input: ProcessPromotionInput,
) -> Result<Competition> {
    let row = work.find_version(input.id, input.expected_version).await?;
    let day = input.details.occurred_on.map_or(work.rules().today, |it| it.0);
    let step = CompetitionStep::ProcessPromotion;
    let processed = work.step::<Competition>(row.clone(), step, input.details, |_| ()).await?;
    promotion::grant(work, &row, day).await?;
    Ok(processed)
}

/// Whether the results are confirmed: the ranks stay as they are then, and awards may follow.
pub fn are_confirmed(status: CompetitionStatus) -> bool {
    matches!(
        status,
        CompetitionStatus::ResultsConfirmed
            | CompetitionStatus::PublicNotice
            | CompetitionStatus::Awarded
            | CompetitionStatus::PromotionProcessed
            | CompetitionStatus::Archived
    )
}
