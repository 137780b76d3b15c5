//! When a case is closed, and what that keeps out.

use entity::{
    dispute_case::{DisputeCaseStatus, DisputeCaseStep, Model},
    dispute_claim::{self, ClaimDecision},
    dispute_proceeding,
    wage_recovery::{self, WageRecoveryStatus},
};
use sea_orm::{ColumnTrait, Condition};
use uuid::Uuid;

use super::{DisputeCase, DisputeCaseCloseInput, DisputeCaseReopenInput};
use crate::{
    Error, Result,
    domain::{
        dispute_claim::DisputeClaim, dispute_proceeding::DisputeProceeding,
        wage_recovery::WageRecovery,
    },
    error::Violation,
    resource::{Id, current},
    unit_of_work::UnitOfWork,
};

/// The case that something new belongs to: a closed one stays as it was decided.
pub async fn find_open(work: &UnitOfWork<'_>, id: Uuid) -> Result<Model> {
    let case = work.find_current::<DisputeCase>("caseId", Id::new(id)).await?;
    if case.status != DisputeCaseStatus::Closed {
        return Ok(case);
    }
    Err(Violation::inconsistent(
        "caseId",
        "The case is closed: reopen it first.",
        "案件已结案，请先重新开启。",
    )
    .into())
}

pub(super) async fn close(
    work: &mut UnitOfWork<'_>,
    input: DisputeCaseCloseInput,
) -> Result<DisputeCase> {
    let row = work.find_version(input.id, input.expected_version).await?;
    let pending = Condition::all()
        .add(dispute_claim::Column::CaseId.eq(row.id))
        .add(dispute_claim::Column::Decision.eq(ClaimDecision::Pending));
    let running = Condition::all()
        .add(dispute_proceeding::Column::CaseId.eq(row.id))
        .add(dispute_proceeding::Column::EndedOn.is_null());
    let unpaid = Condition::all().add(wage_recovery::Column::CaseId.eq(row.id)).add(
        wage_recovery::Column::Status
            .is_not_in([WageRecoveryStatus::Paid, WageRecoveryStatus::Defaulted]),
    );
    let open = [
        (
            work.count::<DisputeClaim>(current::<DisputeClaim>().add(pending)).await?,
            "A claim of the case is not decided.",
            "案件尚有未处理的请求。",
        ),
        (
            work.count::<DisputeProceeding>(current::<DisputeProceeding>().add(running)).await?,
            "A proceeding of the case goes on.",
            "案件尚有未结束的程序。",
        ),
        (
            work.count::<WageRecovery>(current::<WageRecovery>().add(unpaid)).await?,
            "Wages recovered in the case are neither paid nor lost.",
            "案件尚有未了结的劳动报酬。",
        ),
    ];
    let violations: Vec<Violation> = open
        .into_iter()
        .filter(|(count, ..)| *count > 0)
        .map(|(_, message, message_zh)| Violation::inconsistent("id", message, message_zh))
        .collect();
    if !violations.is_empty() {
        return Err(Error::Invalid(violations));
    }
    work.step::<DisputeCase>(row, DisputeCaseStep::Close, input.details, |_| ()).await
}

pub(super) async fn reopen(
    work: &mut UnitOfWork<'_>,
    input: DisputeCaseReopenInput,
) -> Result<DisputeCase> {
    let row = work.find_version(input.id, input.expected_version).await?;
    work.step::<DisputeCase>(row, DisputeCaseStep::Reopen, input.details, |_| ()).await
}
