//! The erasure of a person: what is left is the record of a worker who is nobody.

use entity::{
    dispute_case::{self, DisputeCaseStatus},
    dispute_party,
    employment_relation::{self, EmploymentRelationStatus},
    union_membership::{self, UnionMembershipStatus},
    worker::{ActiveModel, ErasureGround, Model, Sex},
};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition,
    sea_query::{Expr, ExprTrait, Query},
};
use uuid::Uuid;
use value::PersonName;

use super::Worker;
use crate::{
    Result,
    domain::{
        data_subject_request::clear_details, dispute_party::DisputeParty,
        employment_relation::EmploymentRelation, raw_record::clear_keys,
        union_membership::UnionMembership,
    },
    error::Violation,
    resource::{Id, current},
    unit_of_work::UnitOfWork,
};

/// Erases a worker, unless the record has to be kept. `expected` is the version that the caller knows.
pub async fn erase(
    work: &mut UnitOfWork<'_>,
    id: Id<Worker>,
    expected: Option<i32>,
    ground: ErasureGround,
) -> Result<Worker> {
    let row = work.find::<Worker>("id", id).await?;
    let expected = expected.unwrap_or(row.version);
    if row.erased_at.is_some() {
        return Err(is_erased("id").into());
    }
    if is_needed(work, row.id).await? {
        let mut violation = Violation::inconsistent(
            "id",
            "The record has to be kept: an employment, a membership or a dispute is not over.",
            "该记录须继续保存：尚有未终止的劳动关系、会籍或未结案的争议。",
        );
        violation.rule = Some("ERASE-01".to_owned());
        return Err(violation.into());
    }
    let nobody = ActiveModel {
        name: Set(PersonName::erased()),
        sex: Set(Sex::NotStated),
        birth_on: Set(None),
        id_number: Set(None),
        id_number_index_odd: Set(None),
        id_number_index_even: Set(None),
        phone: Set(None),
        data_key: Set(None),
        ethnicity_code: Set(None),
        education_code: Set(None),
        political_status_code: Set(None),
        skill_rank: Set(None),
        employer_id: Set(None),
        erased_at: Set(Some(work.now())),
        erasure_ground: Set(Some(ground)),
        ..Default::default()
    };
    clear_details(work, row.id).await?;
    clear_keys(work, row.id).await?;
    work.erase::<Worker>(row, expected, nobody).await
}

/// What keeps a person is told as one: of a dispute not everybody may know.
async fn is_needed(work: &UnitOfWork<'_>, worker_id: Uuid) -> Result<bool> {
    let employed = current::<EmploymentRelation>()
        .add(employment_relation::Column::WorkerId.eq(worker_id))
        .add(employment_relation::Column::Status.eq(EmploymentRelationStatus::Active));
    let member = current::<UnionMembership>()
        .add(union_membership::Column::WorkerId.eq(worker_id))
        .add(union_membership::Column::Status.is_in([
            UnionMembershipStatus::Active,
            UnionMembershipStatus::Retained,
            UnionMembershipStatus::Transferring,
        ]));
    let open = Query::select()
        .column(dispute_case::Column::Id)
        .from(dispute_case::Entity)
        .and_where(Expr::col(dispute_case::Column::Status).ne(DisputeCaseStatus::Closed))
        .to_owned();
    let in_dispute = Condition::all()
        .add(dispute_party::Column::WorkerId.eq(worker_id))
        .add(dispute_party::Column::CaseId.in_subquery(open));
    Ok(work.is_any::<EmploymentRelation>(employed).await?
        || work.is_any::<UnionMembership>(member).await?
        || work.is_any::<DisputeParty>(in_dispute).await?)
}

/// Who was erased stays so.
pub(super) fn check(row: &Model) -> Option<Violation> {
    (row.erased_at.is_some() && (row.archived_at.is_none() || row.data_key.is_some()))
        .then(|| is_erased("id"))
}

fn is_erased(path: &str) -> Violation {
    Violation::inconsistent(
        path,
        "The person was erased: nothing brings the record back.",
        "该职工的个人信息已删除，记录不能恢复。",
    )
}
