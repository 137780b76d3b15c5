//! What ranks in a competition grant: certificates, by the rules of promotion.

use std::collections::{BTreeSet, HashMap};

use chrono::NaiveDate;
use entity::{
    competition::Model,
    competition_entry, competition_event, promotion_rule, score_component,
    skill_certificate::{self, CertificateOrigin, SkillCertificateStatus},
    worker::{self, SkillRank},
};
use sea_orm::{ActiveValue::Set, ColumnTrait, Condition};
use uuid::Uuid;
use value::OccupationCode;

use crate::{
    Result,
    domain::{
        competition_entry::{CompetitionEntry, RANKED},
        competition_event::CompetitionEvent,
        promotion_rule::PromotionRule,
        score_component::ScoreComponent,
        score_sheet::{self, Means},
        skill_certificate::SkillCertificate,
        worker::Worker,
    },
    error::Violation,
    resource::current,
    unit_of_work::UnitOfWork,
};

/// Issues the certificates that the ranks of a competition grant. Who has that level or a higher one in the
/// occupation already gets what the rule says of them, or nothing: a rank does not decrease.
pub async fn grant(work: &mut UnitOfWork<'_>, competition: &Model, day: NaiveDate) -> Result<()> {
    let events = current::<CompetitionEvent>()
        .add(competition_event::Column::CompetitionId.eq(competition.id))
        .add(competition_event::Column::OccupationCode.is_not_null());
    let events = work.all::<CompetitionEvent>(events).await?;
    let rules = rules(work, competition, day).await?;
    let parts = current::<ScoreComponent>()
        .add(score_component::Column::EventId.is_in(events.iter().map(|it| it.id)));
    let parts = work.all::<ScoreComponent>(parts).await?;
    let entries = current::<CompetitionEntry>()
        .add(competition_entry::Column::EventId.is_in(events.iter().map(|it| it.id)))
        .add(competition_entry::Column::Status.is_in(RANKED))
        .add(competition_entry::Column::Rank.is_not_null());
    let entries = work.all::<CompetitionEntry>(entries).await?;
    let means = score_sheet::means(work, entries.iter().map(|it| it.id)).await?;
    let mut held = held(work, &entries).await?;
    let workers = workers(work, &entries).await?;

    let mut without = 0;
    for event in &events {
        let Some(occupation) = &event.occupation_code else { continue };
        let pass_marks = parts.iter().filter(|it| it.event_id == event.id);
        let pass_marks = pass_marks.filter_map(|it| Some((it.id, it.pass_mark_centi?)));
        let pass_marks: Vec<(Uuid, i32)> = pass_marks.collect();
        for entry in entries.iter().filter(|it| it.event_id == event.id) {
            // Who was erased, or left the register, is promoted no more.
            let Some(worker) = workers.get(&entry.worker_id) else { continue };
            let Some(rule) = rules.iter().find(|it| is_for(it, event, entry)) else { continue };
            let key = (worker.id, occupation.clone());
            let is_passed = !rule.is_pass_required || is_passed(&means, entry.id, &pass_marks);
            let granted = granted(rule, held.get(&key).copied()).filter(|_| is_passed);
            let Some(skill_rank) = granted else {
                without += 1;
                continue;
            };
            work.create::<SkillCertificate>(skill_certificate::ActiveModel {
                division_code: Set(worker.division_code.clone()),
                worker_id: Set(worker.id),
                competition_entry_id: Set(Some(entry.id)),
                number: Set(number(competition.year, entry.id)),
                is_format_verified: Set(false),
                occupation_code: Set(Some(occupation.clone())),
                skill_rank: Set(skill_rank),
                issued_on: Set(day),
                origin: Set(CertificateOrigin::Competition),
                status: Set(SkillCertificateStatus::Issued),
                ..Default::default()
            })
            .await?;
            held.insert(key, skill_rank);
        }
    }
    if without > 0 {
        work.warn(vec![Violation::inconsistent(
            "id",
            &format!("Ranks that a rule is for and that granted nothing: {without}."),
            &format!("符合晋级名次而未获证书的参赛：{without}。"),
        )]);
    }
    Ok(())
}

/// The rules for a competition: those of the nearest division first, and of one division the newest.
async fn rules(
    work: &UnitOfWork<'_>,
    competition: &Model,
    day: NaiveDate,
) -> Result<Vec<promotion_rule::Model>> {
    let valid = current::<PromotionRule>()
        .add(promotion_rule::Column::Level.eq(competition.level))
        .add(promotion_rule::Column::ValidFrom.lte(day))
        .add(
            Condition::any()
                .add(promotion_rule::Column::ValidTo.is_null())
                .add(promotion_rule::Column::ValidTo.gte(day)),
        );
    let mut rules = work.all::<PromotionRule>(valid).await?;
    rules.retain(|it| it.division_code.contains(&competition.division_code));
    rules.sort_by_key(|it| {
        (std::cmp::Reverse((it.division_code.prefix().len(), it.valid_from)), it.id)
    });
    Ok(rules)
}

fn is_for(
    rule: &promotion_rule::Model,
    event: &competition_event::Model,
    entry: &competition_entry::Model,
) -> bool {
    rule.competition_class == event.competition_class
        && entry.rank.is_some_and(|it| (rule.rank_from..=rule.rank_to).contains(&it))
}

/// The level that a rule grants to who has one already, or none.
fn granted(rule: &promotion_rule::Model, held: Option<SkillRank>) -> Option<SkillRank> {
    let granted =
        if held >= Some(rule.grant_rank) { rule.grant_if_already } else { Some(rule.grant_rank) };
    granted.filter(|it| held < Some(*it))
}

/// A part without a sheet is not passed.
fn is_passed(means: &Means, entry: Uuid, marks: &[(Uuid, i32)]) -> bool {
    marks.iter().all(|(part, mark)| means.of(entry, *part).is_some_and(|it| it >= f64::from(*mark)))
}

/// The highest level that each worker holds in each occupation.
async fn held(
    work: &UnitOfWork<'_>,
    entries: &[competition_entry::Model],
) -> Result<HashMap<(Uuid, OccupationCode), SkillRank>> {
    let valid = current::<SkillCertificate>()
        .add(skill_certificate::Column::WorkerId.is_in(entries.iter().map(|it| it.worker_id)))
        .add(skill_certificate::Column::Status.ne(SkillCertificateStatus::Revoked));
    let mut held = HashMap::new();
    for it in work.all::<SkillCertificate>(valid).await? {
        let Some(occupation) = it.occupation_code else { continue };
        let highest = held.entry((it.worker_id, occupation)).or_insert(it.skill_rank);
        *highest = it.skill_rank.max(*highest);
    }
    Ok(held)
}

async fn workers(
    work: &UnitOfWork<'_>,
    entries: &[competition_entry::Model],
) -> Result<HashMap<Uuid, worker::Model>> {
    let ids: BTreeSet<Uuid> = entries.iter().map(|it| it.worker_id).collect();
    let rows = work.all::<Worker>(current::<Worker>().add(worker::Column::Id.is_in(ids))).await?;
    Ok(rows.into_iter().map(|it| (it.id, it)).collect())
}

/// The number of a certificate until the institution that issues it on paper gives its own. It has not the
/// national form, and cannot be mistaken for one.
fn number(year: i32, entry: Uuid) -> String {
    let entry = entry.simple().to_string();
    format!("JS{year}-{}", &entry[entry.len() - 12..])
}
