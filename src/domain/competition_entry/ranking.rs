//! The ranks of an event, made anew after an appeal.

use entity::{
    competition,
    competition_entry::{ActiveModel, Column, CompetitionEntryStatus, CompetitionEntryStep, Model},
    score_component,
};
use sea_orm::{
    ActiveValue::{self, Set},
    ColumnTrait,
};
use uuid::Uuid;

use super::CompetitionEntry;
use crate::{
    Result,
    domain::{
        competition::{Competition, are_confirmed},
        competition_event::CompetitionEvent,
        score_component::ScoreComponent,
        score_sheet,
    },
    error::{UserErrorCode, Violation},
    machine::StepDetails,
    resource::{Id, current},
    unit_of_work::UnitOfWork,
};

/// Those who have a rank.
pub const RANKED: [CompetitionEntryStatus; 3] = [
    CompetitionEntryStatus::Ranked,
    CompetitionEntryStatus::Awarded,
    CompetitionEntryStatus::NotAwarded,
];

/// The scores that an appeal puts in the place of those of an entry.
pub struct Corrected {
    pub theory: ActiveValue<Option<i32>>,
    pub practice: ActiveValue<Option<i32>>,
    pub total: ActiveValue<Option<i32>>,
}

impl Corrected {
    fn is_any(&self) -> bool {
        self.theory.is_set() || self.practice.is_set() || self.total.is_set()
    }

    fn set(self, draft: &mut ActiveModel) {
        draft.theory_score_centi = self.theory;
        draft.practice_score_centi = self.practice;
        draft.total_score_centi = self.total;
    }
}

/// Corrects the scores of an entry, if there is anything to correct, and ranks those of its event that
/// have a rank anew: by the total; those of equal total by the parts of the score in their order; then by
/// practice and by theory. Who are equal in all share a rank, unless they were told apart before.
pub async fn correct(
    work: &mut UnitOfWork<'_>,
    entry_id: Uuid,
    corrected: Corrected,
    details: &StepDetails,
) -> Result<()> {
    let entry = work.find::<CompetitionEntry>("id", Id::new(entry_id)).await?;
    let event = work.find::<CompetitionEvent>("id", Id::new(entry.event_id)).await?;
    let competition = work.find::<Competition>("id", Id::new(event.competition_id)).await?;
    let ranked = current::<CompetitionEntry>()
        .add(Column::EventId.eq(event.id))
        .add(Column::Status.is_in(RANKED));
    let entries = work.find_all::<CompetitionEntry>(ranked.clone()).await?;
    if work.count_all::<CompetitionEntry>(ranked).await? != entries.len() as i64 {
        return Err(hidden().into());
    }
    let is_corrected = corrected.is_any();
    if is_corrected && entry.status == CompetitionEntryStatus::Scored {
        expect_unconfirmed(&competition)?;
        let mut draft = ActiveModel::default();
        corrected.set(&mut draft);
        work.update::<CompetitionEntry>(entry, draft).await?;
        return Ok(());
    }
    if is_corrected && entry.status != CompetitionEntryStatus::Ranked {
        return Err(Violation::inconsistent(
            "id",
            "The entry has no score that could be corrected.",
            "该参赛没有可更正的成绩。",
        )
        .into());
    }
    let standings = standings(work, entries, entry.id, &corrected).await?;
    let ranks: Vec<i32> = standings.iter().map(|it| it.rank_among(&standings)).collect();
    let mut corrected = Some(corrected);
    for (it, rank) in standings.into_iter().zip(ranks) {
        let scores = corrected.take_if(|_| is_corrected && it.row.id == entry.id);
        if scores.is_none() && it.row.rank == Some(rank) {
            continue;
        }
        expect_unconfirmed(&competition)?;
        if it.row.status != CompetitionEntryStatus::Ranked {
            return Err(Violation::inconsistent(
                "id",
                "An entry whose rank would change has its award already.",
                "名次将变动的参赛已评奖。",
            )
            .into());
        }
        let step = CompetitionEntryStep::Rank;
        work.step::<CompetitionEntry>(it.row, step, details.clone(), |draft| {
            draft.rank = Set(Some(rank));
            if let Some(scores) = scores {
                scores.set(draft);
            }
        })
        .await?;
    }
    Ok(())
}

fn expect_unconfirmed(competition: &competition::Model) -> Result<()> {
    if !are_confirmed(competition.status) {
        return Ok(());
    }
    Err(Violation::inconsistent(
        "id",
        "The results of the competition are confirmed: the ranks stay as they are.",
        "竞赛结果已确认，名次不能更改。",
    )
    .into())
}

fn hidden() -> Violation {
    Violation::new(
        UserErrorCode::OutOfScope,
        "id",
        "The event has entries that lie outside your divisions.",
        "该赛项有不在您管辖范围内的参赛。",
    )
}

/// An entry, and what it is compared by: more is better.
struct Standing {
    row: Model,
    scores: Vec<f64>,
    is_corrected: bool,
}

impl Standing {
    fn rank_among(&self, all: &[Standing]) -> i32 {
        1 + all.iter().filter(|it| it.is_before(self)).count() as i32
    }

    fn is_before(&self, other: &Standing) -> bool {
        if self.scores != other.scores {
            return self.scores > other.scores;
        }
        let may_tell_apart = !self.is_corrected && !other.is_corrected;
        may_tell_apart && self.row.rank < other.row.rank
    }
}

async fn standings(
    work: &UnitOfWork<'_>,
    entries: Vec<Model>,
    corrected_id: Uuid,
    corrected: &Corrected,
) -> Result<Vec<Standing>> {
    let Some(event) = entries.first().map(|it| it.event_id) else { return Ok(Vec::new()) };
    let parts = current::<ScoreComponent>().add(score_component::Column::EventId.eq(event));
    let mut parts = work.all::<ScoreComponent>(parts).await?;
    parts.sort_by_key(|it| it.tie_order);
    let means = score_sheet::means(work, entries.iter().map(|it| it.id)).await?;
    let standing = |row: Model| {
        let is_corrected = row.id == corrected_id && corrected.is_any();
        let points = |told: &ActiveValue<Option<i32>>, stored: Option<i32>| {
            let told = told.try_as_ref().filter(|_| is_corrected);
            told.copied().unwrap_or(stored).map_or(-1.0, f64::from)
        };
        let mut scores = vec![points(&corrected.total, row.total_score_centi)];
        scores.extend(parts.iter().map(|it| means.of(row.id, it.id).unwrap_or(-1.0)));
        scores.push(points(&corrected.practice, row.practice_score_centi));
        scores.push(points(&corrected.theory, row.theory_score_centi));
        Standing { row, scores, is_corrected }
    };
    Ok(entries.into_iter().map(standing).collect())
}
