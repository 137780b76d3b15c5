//! All that is kept of a person, as one document that a program can read.

use async_graphql::{
    Context, InputValueResult, Object, Scalar, ScalarType, SimpleObject, Value as GraphqlValue,
};
use entity::{
    data_subject_request::{self, DataSubjectRequestStatus, SubjectRequestKind},
    innovation_studio,
};
use sea_orm::{ColumnTrait, Condition, QueryFilter, QueryOrder, QuerySelect, QueryTrait};
use serde_json::{Map, Value, json};
use uuid::Uuid;
use value::DateTime;

use crate::{
    Error, Result,
    audit::Note,
    audit_trail,
    context::{ContextExt, Nullable},
    directive::requires,
    domain::{
        activity_participation::ActivityParticipation, competition_appeal::CompetitionAppeal,
        competition_award::CompetitionAward, competition_entry::CompetitionEntry,
        congress_delegate::CongressDelegate, data_subject_request::DataSubjectRequest,
        dispute_claim::DisputeClaim, dispute_party::DisputeParty,
        employee_director::EmployeeDirector, employment_relation::EmploymentRelation,
        exhibition_entry::ExhibitionEntry, external_id, gig_engagement::GigEngagement,
        honour_award::HonourAward, honour_nomination::HonourNomination,
        hotline_ticket::HotlineTicket, innovation_studio::InnovationStudio,
        legal_aid_grant::LegalAidGrant, membership_application::MembershipApplication,
        membership_transfer::MembershipTransfer, pathway_recognition::PathwayRecognition,
        professional_title::ProfessionalTitle, proposal::Proposal, revenue_share::RevenueShare,
        score_sheet::ScoreSheet, skill_certificate::SkillCertificate, studio_member::StudioMember,
        training_enrollment::TrainingEnrollment, training_subsidy_payment::TrainingSubsidyPayment,
        union_membership::UnionMembership, union_officer::UnionOfficer,
        volunteer_enrollment::VolunteerEnrollment,
        volunteer_service_record::VolunteerServiceRecord, wage_recovery::WageRecovery,
        worker::Worker,
    },
    error::camel_case,
    kind::{Kind, encode_id},
    link::{Link, Linked},
    policy::{Scope, Standing},
    repository::Repository,
    resource::{Id, Row, common},
};

/// All that is kept of a worker, whole, as the caller sees it.
///
/// 职工个人信息导出。
#[derive(Clone, SimpleObject)]
pub struct WorkerExport {
    /// The worker. 职工编号
    pub worker_id: Id<Worker>,
    /// When it was put together. 导出时间
    pub exported_at: DateTime,
    /// The document: an object with the names and values of this contract. `worker` is the record,
    /// `externalIds` its names elsewhere, `accesses` who read it; each other section is the records of a kind that
    /// speak of the worker: `employments`, `memberships`, `skillCertificates`, `honours`, `disputeParties`, `requests`
    /// and so on, empty where there are none. 导出内容
    pub document: Json,
    /// The sections that have more than is told, at most 40: of each the first 1,000 records are, of
    /// `accesses` the newest 100 entries of 31 days. The lists of this graph tell the rest. 未导出完整的部分
    pub cut_sections: Vec<String>,
}

/// A value of JSON.
#[derive(Clone, Debug)]
pub struct Json(pub Value);

/// Any value of JSON. 任意 JSON 值
#[Scalar(name = "JSON")]
impl ScalarType for Json {
    fn parse(value: GraphqlValue) -> InputValueResult<Json> {
        Ok(Json(value.into_json()?))
    }

    fn to_value(&self) -> GraphqlValue {
        GraphqlValue::from_json(self.0.clone()).unwrap_or_default()
    }
}

/// A section has so many records.
const MOST: usize = 1_000;
const MOST_ACCESSES: i32 = 100;

#[derive(Default)]
pub struct Queries;

impl crate::link::Plannable for Queries {}

#[Object(name = "WorkerExportQueries")]
impl Queries {
    /// All that is kept of one worker. A worker asks for their own, without a request. A steward asks with
    /// a request for a copy (`EXPORT`) that is in work (`PROCESSING`), with a declared purpose and
    /// `worker:unmask`; null when there is no such request that the caller may see. It costs 1,000 points.
    /// 导出职工的全部个人信息
    #[graphql(directive = requires::apply(Scope::SubjectRequestRead.name().to_owned()))]
    async fn worker_export(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The request that the copy is for; not for one's own. 权利请求编号")]
        request_id: Option<Id<DataSubjectRequest>>,
    ) -> Nullable<WorkerExport> {
        export(ctx, request_id).await.transpose()
    }
}

async fn export(
    ctx: &Context<'_>,
    request_id: Option<Id<DataSubjectRequest>>,
) -> Result<Option<WorkerExport>> {
    let repository = ctx.repository();
    repository.viewer.require(Scope::SubjectRequestRead)?;
    let worker_id = match request_id {
        Some(id) => requested(repository, id).await?,
        None if repository.viewer.standing() == Standing::Person => {
            repository.viewer.sight().subject()
        }
        None => {
            return Err(Error::bad_input(
                "requestId is required, unless for one's own record.",
                "除本人导出外，须给出 requestId。",
            ));
        }
    };
    let Some(worker_id) = worker_id else { return Ok(None) };
    if !repository.viewer.is_subject(worker_id) {
        repository.viewer.require(Scope::WorkerUnmask)?;
        if repository.viewer.purpose.is_none() {
            return Err(Error::PurposeRequired);
        }
    }
    let id = Condition::all().add(entity::worker::Column::Id.eq(worker_id));
    let Some(worker) = repository.find::<Worker>(id.clone()).await? else { return Ok(None) };
    let mut export = Export { repository, document: Map::new(), cut: Vec::new() };
    export.worker(ctx, &worker, id).await?;
    export.belongings(ctx, worker_id).await?;
    Ok(Some(WorkerExport {
        worker_id: worker.id,
        exported_at: DateTime(repository.shared.clock.now()),
        document: Json(Value::Object(export.document)),
        cut_sections: export.cut,
    }))
}

/// For whom a copy is asked.
async fn requested(repository: &Repository, id: Id<DataSubjectRequest>) -> Result<Option<Uuid>> {
    use data_subject_request::Column;
    let wanted = repository.select::<DataSubjectRequest>().filter(Column::Id.eq(id.uuid()));
    let Some(request) = wanted.one(repository.shared.database.read()).await? else {
        return Ok(None);
    };
    let is_own = repository.viewer.is_subject(request.worker_id);
    let is_in_work = request.kind == SubjectRequestKind::Export
        && request.status == DataSubjectRequestStatus::Processing;
    if !is_in_work && !is_own {
        return Err(Error::bad_input(
            "The request is not one for a copy that is in work.",
            "该请求不是正在办理的查阅复制请求。",
        ));
    }
    Ok(Some(request.worker_id))
}

/// A document that is put together.
struct Export<'a> {
    repository: &'a Repository,
    document: Map<String, Value>,
    cut: Vec<String>,
}

impl Export<'_> {
    /// What is on the record itself.
    async fn worker(&mut self, ctx: &Context<'_>, worker: &Worker, id: Condition) -> Result<()> {
        let (rows, _) = self.rows::<Worker>(id).await?;
        let mut told = rows.into_iter().next().map(|it| it.1).unwrap_or_default();
        for (field, closed) in worker.sealed() {
            let (_, name) = field.of();
            let shown = closed.map(|it| {
                let shown = self.repository.viewer.show(field, &self.repository.shared.keys, it)?;
                if !shown.is_masked {
                    self.repository.reads.note(&Note::unmask(field), [worker.id.uuid()]);
                }
                Ok::<_, Error>(shown.value)
            });
            told.insert(name.to_owned(), json!(shown.transpose()?));
        }
        self.document.insert("worker".to_owned(), Value::Object(told));
        let names = external_id::names(ctx, worker.id.uuid()).await?;
        let names = names.iter().map(|it| json!({ "source": it.source, "value": it.value }));
        self.document.insert("externalIds".to_owned(), names.collect());
        Ok(())
    }

    /// What refers to the person, by itself or through what is the person's.
    async fn belongings(&mut self, ctx: &Context<'_>, worker_id: Uuid) -> Result<()> {
        let id = worker_id;
        self.own::<EmploymentRelation>("employments", id).await?;
        self.own::<GigEngagement>("gigEngagements", id).await?;
        self.own::<UnionMembership>("memberships", id).await?;
        self.through::<UnionMembership, MembershipTransfer>("transfers", "membership_id", id)
            .await?;
        self.own::<MembershipApplication>("membershipApplications", id).await?;
        self.own::<UnionOfficer>("unionOffices", id).await?;
        self.own::<SkillCertificate>("skillCertificates", id).await?;
        self.own::<ProfessionalTitle>("professionalTitles", id).await?;
        self.own::<PathwayRecognition>("pathwayRecognitions", id).await?;
        self.own::<TrainingEnrollment>("trainings", id).await?;
        self.through::<TrainingEnrollment, TrainingSubsidyPayment>(
            "trainingSubsidies",
            "enrollment_id",
            id,
        )
        .await?;
        self.own::<CompetitionEntry>("competitionEntries", id).await?;
        self.through::<CompetitionEntry, CompetitionAward>("competitionAwards", "entry_id", id)
            .await?;
        self.through::<CompetitionEntry, ScoreSheet>("scoreSheets", "entry_id", id).await?;
        self.through::<CompetitionEntry, CompetitionAppeal>("appeals", "entry_id", id).await?;
        self.own::<HonourNomination>("honourNominations", id).await?;
        self.own::<HonourAward>("honours", id).await?;
        self.own::<StudioMember>("studioMemberships", id).await?;
        self.section::<InnovationStudio>(
            "ledStudios",
            Condition::all().add(innovation_studio::Column::LeaderId.eq(id)),
        )
        .await?;
        self.own::<ExhibitionEntry>("exhibitions", id).await?;
        self.own::<RevenueShare>("revenueShares", id).await?;
        self.own::<ActivityParticipation>("activities", id).await?;
        self.own::<VolunteerEnrollment>("volunteerEnrollments", id).await?;
        self.through::<VolunteerEnrollment, VolunteerServiceRecord>(
            "volunteerService",
            "enrollment_id",
            id,
        )
        .await?;
        self.own::<CongressDelegate>("congressSeats", id).await?;
        self.own::<Proposal>("proposals", id).await?;
        self.own::<EmployeeDirector>("directorships", id).await?;
        self.own::<DisputeParty>("disputeParties", id).await?;
        self.own::<DisputeClaim>("disputeClaims", id).await?;
        self.own::<WageRecovery>("wageRecoveries", id).await?;
        self.own::<LegalAidGrant>("legalAid", id).await?;
        self.own::<HotlineTicket>("hotlineTickets", id).await?;
        self.own::<DataSubjectRequest>("requests", id).await?;
        let record = (Kind::Worker, worker_id);
        let (accesses, is_cut) =
            audit_trail::accesses_as_json(ctx.repository(), record, MOST_ACCESSES).await?;
        self.keep("accesses", accesses, is_cut);
        Ok(())
    }

    /// Records with a column for the worker.
    async fn own<R: Linked>(&mut self, name: &str, worker_id: Uuid) -> Result<()> {
        let wanted = common::<R>("worker_id").eq(worker_id);
        self.section::<R>(name, Condition::all().add(wanted)).await
    }

    /// Records that refer by a column to records of the worker.
    async fn through<P: Linked, R: Linked>(
        &mut self,
        name: &str,
        column: &'static str,
        worker_id: Uuid,
    ) -> Result<()> {
        let own = common::<P>("worker_id").eq(worker_id);
        let own = self.repository.select::<P>().filter(own).select_only();
        let own = own.column(common::<P>("id")).into_query();
        let wanted = common::<R>(column).in_subquery(own);
        self.section::<R>(name, Condition::all().add(wanted)).await
    }

    async fn section<R: Linked>(&mut self, name: &str, wanted: Condition) -> Result<()> {
        let (rows, is_cut) = self.rows::<R>(wanted).await?;
        self.keep(name, rows.into_iter().map(|it| Value::Object(it.1)).collect(), is_cut);
        Ok(())
    }

    fn keep(&mut self, name: &str, told: Vec<Value>, is_cut: bool) {
        if is_cut {
            self.cut.push(name.to_owned());
        }
        self.document.insert(name.to_owned(), Value::Array(told));
    }

    /// Records that the viewer sees, archived ones too, oldest first; and whether there are more.
    async fn rows<R: Linked>(
        &self,
        wanted: Condition,
    ) -> Result<(Vec<(Uuid, Map<String, Value>)>, bool)> {
        let Repository { viewer, shared, reads, .. } = self.repository;
        let select = self.repository.select::<R>().filter(wanted);
        let select = select.order_by_asc(common::<R>("id")).limit(MOST as u64 + 1);
        let mut rows: Vec<Row<R>> = select.all(shared.database.read()).await?;
        let is_cut = rows.len() > MOST;
        rows.truncate(MOST);
        let rules = &viewer.policy().kind(R::KIND).fields;
        let fields: Vec<&'static str> = rules
            .iter()
            .map(|it| it.name)
            .filter(|it| viewer.lacks(R::KIND, it).is_none())
            .collect();
        let told = rows.iter().map(|row| told::<R>(row, &fields));
        let told: Vec<(Uuid, Map<String, Value>)> = told.collect::<Result<_>>()?;
        let read: Vec<(Kind, &str)> =
            fields.iter().filter(|it| R::link(it).is_none()).map(|it| (R::KIND, *it)).collect();
        for note in &*Note::reads(&read) {
            reads.note(note, told.iter().map(|it| it.0));
        }
        Ok((told, is_cut))
    }
}

/// A row under the names of the contract: its own values, and the ids of the records it refers to.
fn told<R: Linked>(row: &Row<R>, fields: &[&'static str]) -> Result<(Uuid, Map<String, Value>)> {
    let Value::Object(columns) = serde_json::to_value(row).map_err(Error::internal)? else {
        return Err(Error::Unavailable);
    };
    let uuid = |it: &Value| it.as_str().and_then(|it| Uuid::parse_str(it).ok());
    let id = columns.get("id").and_then(uuid).unwrap_or_default();
    let mut told = Map::new();
    for field in fields {
        match R::link(field) {
            None if *field == "id" => {
                told.insert("id".to_owned(), encode_id(R::KIND, id).into());
            }
            None => {
                let mut columns = columns.iter();
                let column = columns.find(|(name, _)| {
                    let name = camel_case(name);
                    name == *field || name.strip_suffix("Fen") == Some(*field)
                });
                if let Some((name, value)) = column {
                    told.insert(camel_case(name), value.clone());
                }
            }
            Some(Link::One { from, to: "id", target }) => {
                let id = columns.get(from).and_then(uuid).map(|it| encode_id(target.kind(), it));
                told.insert(format!("{field}Id"), json!(id));
            }
            Some(_) => {}
        }
    }
    Ok((id, told))
}
