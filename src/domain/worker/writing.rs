//! How workers are written: what they belong to, and what belongs to them, is written along.

use async_graphql::MaybeUndefined;
use entity::{
    employment_relation::{self, ContractType, EmploymentEndReason, EmploymentRelationStatus},
    state_transition,
    worker::{ActiveModel, EmploymentStatus, Model, Sex},
};
use sea_orm::{
    ActiveModelTrait,
    ActiveValue::{NotSet, Set},
    ColumnTrait, Condition,
    sea_query::IntoCondition,
};
use value::{DivisionCode, DocumentType, PersonName, Unchecked};

use super::{Worker, WorkerCreateInput, WorkerDetails, WorkerUpdateInput, WorkerUpsertItem};
use crate::{
    Result,
    domain::{
        employer::Employer, employment_relation::EmploymentRelation, gig_engagement::GigEngagement,
        pathway_recognition::PathwayRecognition, professional_title::ProfessionalTitle,
        skill_certificate::SkillCertificate, union_membership::UnionMembership,
    },
    form::Form,
    kind::Kind,
    resource::{Draft, Id, Resource, blank, common},
    state_transition::StateTransition,
    unit_of_work::{Claim, ExternalId, UnitOfWork, id_of},
};

pub async fn create(work: &mut UnitOfWork<'_>, input: WorkerCreateInput) -> Result<Worker> {
    let name = MaybeUndefined::Value(input.name);
    let division_code = MaybeUndefined::Value(input.division_code);
    let employer = input.details.employer_id;
    let draft = draft(work, name, division_code, input.details)?;
    register(work, draft, employer).await
}

pub async fn update(work: &mut UnitOfWork<'_>, input: WorkerUpdateInput) -> Result<Worker> {
    let row = work.find_version(input.id, input.expected_version).await?;
    let employer = input.details.employer_id;
    let draft = draft(work, input.name, input.division_code, input.details)?;
    change(work, row, draft, employer).await
}

/// The order in which a batch takes its items.
pub fn by_name(item: &WorkerUpsertItem) -> ExternalId {
    item.external_id.clone()
}

pub async fn upsert(work: &mut UnitOfWork<'_>, item: WorkerUpsertItem) -> Result<Worker> {
    let employer = item.details.employer_id;
    let draft = draft(work, item.name, item.division_code, item.details)?;
    match work.claim::<Worker>("externalId", &item.external_id).await? {
        Claim::New => register(work, draft, employer).await,
        Claim::Known(id) => {
            let row = work.find_claimed::<Worker>(id, item.expected_version).await?;
            change(work, row, draft, employer).await
        }
    }
}

async fn register(
    work: &mut UnitOfWork<'_>,
    mut draft: ActiveModel,
    employer: MaybeUndefined<Id<Employer>>,
) -> Result<Worker> {
    if !draft.sex.is_set() {
        draft.sex = Set(Sex::Unknown);
    }
    if !draft.document_type.is_set() {
        draft.document_type = Set(DocumentType::ResidentId);
    }
    if !draft.employment_status.is_set() {
        draft.employment_status = Set(EmploymentStatus::Employed);
    }
    if !draft.is_migrant_worker.is_set() {
        draft.is_migrant_worker = Set(false);
    }
    if !draft.is_industrial_worker.is_set() {
        draft.is_industrial_worker = Set(false);
    }
    let employer = employer.take();
    work.refer("employerId", employer).await?;
    draft.employer_id = Set(employer.map(Id::uuid));
    let worker = work.create::<Worker>(draft).await?;
    if let Some(employer) = employer {
        employ(work, &worker, employer).await?;
    }
    Ok(worker)
}

async fn change(
    work: &mut UnitOfWork<'_>,
    row: Model,
    mut draft: ActiveModel,
    employer: MaybeUndefined<Id<Employer>>,
) -> Result<Worker> {
    let before = row.employer_id;
    let after = match employer {
        MaybeUndefined::Undefined => before,
        MaybeUndefined::Null => None,
        MaybeUndefined::Value(id) => Some(id.uuid()),
    };
    if before == after {
        return move_to(work, row, draft).await;
    }
    work.refer("employerId", after.map(Id::<Employer>::new)).await?;
    let active = Condition::all()
        .add(employment_relation::Column::WorkerId.eq(row.id))
        .add(employment_relation::Column::Status.eq(EmploymentRelationStatus::Active));
    if let Some(relation) = work.find_by::<EmploymentRelation>(active).await? {
        let ended = employment_relation::ActiveModel {
            ended_on: Set(Some(work.rules().today.max(relation.started_on))),
            end_reason: Set(Some(EmploymentEndReason::ChangedEmployer)),
            status: Set(EmploymentRelationStatus::Ended),
            ..Default::default()
        };
        work.update::<EmploymentRelation>(relation, ended).await?;
    }
    draft.employer_id = Set(after);
    let worker = move_to(work, row, draft).await?;
    if let Some(employer) = after {
        employ(work, &worker, Id::new(employer)).await?;
    }
    Ok(worker)
}

/// What belongs to a worker, wherever the worker is.
const MOVE_ALONG: &[Kind] = &[
    Kind::EmploymentRelation,
    Kind::UnionMembership,
    Kind::GigEngagement,
    Kind::SkillCertificate,
    Kind::ProfessionalTitle,
    Kind::PathwayRecognition,
];

/// Changes the row; with another division, what belongs to the worker moves along, or the old division
/// would go on seeing it.
async fn move_to(work: &mut UnitOfWork<'_>, row: Model, draft: ActiveModel) -> Result<Worker> {
    let before = row.division_code.clone();
    let worker = work.update::<Worker>(row, draft).await?;
    if worker.division_code == before {
        return Ok(worker);
    }
    for kind in work.belongings::<Worker>(worker.id, "worker_id", MOVE_ALONG).await? {
        match kind {
            Kind::EmploymentRelation => move_along::<EmploymentRelation>(work, &worker).await?,
            Kind::UnionMembership => move_along::<UnionMembership>(work, &worker).await?,
            Kind::GigEngagement => move_along::<GigEngagement>(work, &worker).await?,
            Kind::SkillCertificate => move_along::<SkillCertificate>(work, &worker).await?,
            Kind::ProfessionalTitle => move_along::<ProfessionalTitle>(work, &worker).await?,
            Kind::PathwayRecognition => move_along::<PathwayRecognition>(work, &worker).await?,
            _ => {}
        }
    }
    Ok(worker)
}

/// Records of a worker, with the steps that they took, go where the worker is.
async fn move_along<R: Resource>(work: &mut UnitOfWork<'_>, worker: &Worker) -> Result<()> {
    let owned = Condition::all().add(common::<R>("worker_id").eq(worker.id.uuid()));
    for row in work.find_all::<R>(owned).await? {
        let taken = state_transition::Column::RecordId.eq(id_of::<R>(&row));
        work.update::<R>(row, moved::<R>(worker)).await?;
        for step in work.find_all::<StateTransition>(taken.into_condition()).await? {
            work.update::<StateTransition>(step, moved::<StateTransition>(worker)).await?;
        }
    }
    Ok(())
}

fn moved<R: Resource>(worker: &Worker) -> Draft<R> {
    let mut draft = blank::<R>();
    draft.set(common::<R>("division_code"), worker.division_code.clone().into());
    draft
}

/// Begins a relation of employment today. Its terms are for its own mutations to tell.
async fn employ(work: &mut UnitOfWork<'_>, worker: &Worker, employer: Id<Employer>) -> Result<()> {
    let started_on = work.rules().today;
    work.create::<EmploymentRelation>(employment_relation::ActiveModel {
        division_code: Set(worker.division_code.clone()),
        worker_id: Set(worker.id.uuid()),
        employer_id: Set(employer.uuid()),
        contract_type: Set(ContractType::FixedTerm),
        is_frontline: Set(false),
        started_on: Set(started_on),
        status: Set(EmploymentRelationStatus::Active),
        ..Default::default()
    })
    .await?;
    Ok(())
}

fn draft(
    work: &mut UnitOfWork<'_>,
    name: MaybeUndefined<Unchecked<PersonName>>,
    division_code: MaybeUndefined<Unchecked<DivisionCode>>,
    details: WorkerDetails,
) -> Result<ActiveModel> {
    let mut form = Form::new(work.rules());
    let mut draft = ActiveModel {
        name: form.value("name", name),
        division_code: form.value("divisionCode", division_code),
        sex: form.plain("sex", details.sex),
        birth_on: form.day_option(details.birth_on),
        document_type: form.plain("documentType", details.document_type),
        id_number: form.secret_option("idNumber", details.id_number),
        phone: form.secret_option("phone", details.phone),
        ethnicity_code: form.code_option("ethnicityCode", details.ethnicity_code, 2),
        education_code: form.code_option("educationCode", details.education_code, 2),
        political_status_code: form.code_option(
            "politicalStatusCode",
            details.political_status_code,
            2,
        ),
        is_migrant_worker: form.plain("isMigrantWorker", details.is_migrant_worker),
        is_industrial_worker: form.plain("isIndustrialWorker", details.is_industrial_worker),
        employment_status: form.plain("employmentStatus", details.employment_status),
        skill_rank: form.plain_option(details.skill_rank),
        employer_id: NotSet,
        ..Default::default()
    };
    agree_with_number(&mut form, &mut draft);
    let warnings = form.finish()?;
    work.warn(warnings);
    Ok(draft)
}

/// The id number tells the birth and the sex: what was not said is taken from it, and what was said
/// otherwise stays as it was said, with a warning (ID-07, ID-08).
fn agree_with_number(form: &mut Form, draft: &mut ActiveModel) {
    let Set(Some(number)) = &draft.id_number else { return };
    let Some(number) = number.as_open() else { return };
    if let Some(birth) = number.birth_date() {
        match &draft.birth_on {
            Set(Some(said)) if *said != birth => form.warn(
                "birthOn",
                "ID-08",
                "The day of birth is not that of the id number.",
                "出生日期与证件号码不一致。",
            ),
            Set(_) => {}
            _ => draft.birth_on = Set(Some(birth)),
        }
    }
    // The sequence of a foreigner's number says nothing certain.
    if number.document_type() == DocumentType::Fpr2023 {
        return;
    }
    let sex = if number.is_male() { Sex::Male } else { Sex::Female };
    match &draft.sex {
        Set(said @ (Sex::Male | Sex::Female)) if *said != sex => form.warn(
            "sex",
            "ID-07",
            "The sex is not that of the id number.",
            "性别与证件号码不一致。",
        ),
        Set(_) => {}
        _ => draft.sex = Set(sex),
    }
}
