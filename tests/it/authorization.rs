//! Who may see what: every field of every kind, for every role, by every path, against a statement of
//! the rules that knows nothing of the policy table; and that table, weakened rule by rule.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use apollo_compiler::{Schema, schema::ExtendedType};
use gongtu::{
    app::{App, Executed},
    guard::{Asked, Introspection},
    kind::{Kind, decode_client_id, decode_id},
    policy::{Circle, Policy, Right, Role, Rows, Scope, Standing},
    purpose::{Purpose, PurposeCode},
    viewer::{Principal, Subject, Territory, Viewer},
};
use sea_orm::ConnectionTrait;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    support::{Client, TestApp, division, on_postgres, text},
    world::{LISTS, is_register, one_of_each},
};

/// The scopes of each role, as the agreement with the city says them.
const ROLES: [(Role, &str); 13] = [
    (Role::Public, "directory:read"),
    (
        Role::Worker,
        "directory:read worker:read worker:profile worker:unmask employer:read competition-entry:read \
         studio:read dispute:read dispute:detail subject-request:file subject-request:read \
         skill:read training:read honour:read activity:read \
         democracy:read",
    ),
    (
        Role::Employer,
        "directory:read worker:read employer:read pilot:read studio:read dispute:read dispute:detail \
         skill:read honour:read agreement:read democracy:read",
    ),
    (
        Role::Union,
        "directory:read worker:read worker:profile employer:read studio:read dispute:read dispute:detail \
         skill:read training:read honour:read agreement:read activity:read \
         democracy:read",
    ),
    (
        Role::County,
        "directory:read worker:read worker:profile worker:write employer:read employer:write union:write \
         pilot:read pilot:write competition:write competition-entry:read studio:read studio:write \
         dispute:read dispute:detail dispute:write change:read \
         skill:read skill:write training:read training:write honour:read honour:write agreement:read agreement:write activity:read activity:write \
         democracy:read democracy:write",
    ),
    (
        Role::City,
        "directory:read worker:read worker:profile worker:write worker:unmask employer:read \
         employer:write union:write pilot:read pilot:write competition:write competition-entry:read \
         studio:read studio:write dispute:read dispute:detail dispute:write change:read \
         skill:read skill:write training:read training:write honour:read honour:write agreement:read agreement:write activity:read activity:write \
         democracy:read democracy:write",
    ),
    (
        Role::Province,
        "directory:read worker:read employer:read pilot:read competition-entry:read studio:read \
         dispute:read change:read \
         skill:read training:read honour:read agreement:read activity:read \
         democracy:read",
    ),
    (
        Role::Partner,
        "directory:read worker:read worker:profile worker:write employer:read employer:write union:write \
         change:read",
    ),
    (
        Role::Handler,
        "directory:read worker:read worker:unmask employer:read dispute:read dispute:detail",
    ),
    (
        Role::Steward,
        "directory:read directory:write worker:read worker:profile worker:write worker:unmask \
         worker:lookup worker:erase employer:read employer:write union:write pilot:read pilot:write \
         competition:write competition-entry:read studio:read studio:write dispute:read \
         dispute:detail dispute:write subject-request:read subject-request:write change:read \
         client:manage audit:read \
         skill:read skill:write training:read training:write honour:read honour:write agreement:read agreement:write activity:read activity:write \
         democracy:read democracy:write import:read import:write",
    ),
    (Role::SystemAdministrator, ""),
    (Role::SecurityAdministrator, "client:manage client:grant"),
    (Role::AuditAdministrator, "audit:read"),
];

/// The scope that it takes to read and to write a kind.
fn scopes_of(kind: Kind) -> (&'static str, &'static str) {
    match kind {
        Kind::Division => ("directory:read", "directory:write"),
        Kind::UnionOrganization => ("directory:read", "union:write"),
        Kind::Competition | Kind::CompetitionEvent => ("directory:read", "competition:write"),
        Kind::Worker | Kind::EmploymentRelation | Kind::UnionMembership => {
            ("worker:read", "worker:write")
        }
        Kind::Employer => ("employer:read", "employer:write"),
        Kind::PilotBatch | Kind::PilotUnit | Kind::PilotMeasure | Kind::BestPractice => {
            ("pilot:read", "pilot:write")
        }
        Kind::CompetitionEntry | Kind::CompetitionAward => {
            ("competition-entry:read", "competition:write")
        }
        Kind::InnovationStudio
        | Kind::StudioAccreditation
        | Kind::StudioMember
        | Kind::StudioGrant
        | Kind::InnovationAchievement => ("studio:read", "studio:write"),
        Kind::DisputeCase
        | Kind::DisputeParty
        | Kind::DisputeClaim
        | Kind::DisputeProceeding
        | Kind::DisputeAssignment
        | Kind::WageRecovery => ("dispute:read", "dispute:write"),
        Kind::PolicyDocument
        | Kind::PerformanceTarget
        | Kind::PayReformMeasure
        | Kind::SkillAllowance
        | Kind::OrganizationCoverage => ("pilot:read", "pilot:write"),
        Kind::SkillEvaluationInstitution | Kind::TitleSeries | Kind::PathwayRule => {
            ("directory:read", "skill:write")
        }
        Kind::SkillCertificate | Kind::ProfessionalTitle | Kind::PathwayRecognition => {
            ("skill:read", "skill:write")
        }
        Kind::TrainingProvider | Kind::TrainingProgram => ("directory:read", "training:write"),
        Kind::TrainingEnrollment | Kind::TrainingSubsidyPayment => {
            ("training:read", "training:write")
        }
        Kind::HostingRight => ("directory:read", "competition:write"),
        Kind::HonourTitle | Kind::HonourRound => ("directory:read", "honour:write"),
        Kind::HonourNomination | Kind::HonourAward => ("honour:read", "honour:write"),
        Kind::Selection | Kind::Exhibition | Kind::InnovationAlliance | Kind::AllianceActivity => {
            ("directory:read", "studio:write")
        }
        Kind::SelectionResult
        | Kind::ExhibitionEntry
        | Kind::ConversionAgreement
        | Kind::RevenueShare
        | Kind::AllianceMembership => ("studio:read", "studio:write"),
        Kind::CollectiveAgreement | Kind::AgreementParty | Kind::AgreementReview => {
            ("agreement:read", "agreement:write")
        }
        Kind::MembershipDrive => ("directory:read", "union:write"),
        Kind::MembershipApplication | Kind::GigEngagement => ("worker:read", "worker:write"),
        Kind::Campaign | Kind::Activity => ("directory:read", "activity:write"),
        Kind::ActivityParticipation | Kind::VolunteerEnrollment | Kind::VolunteerServiceRecord => {
            ("activity:read", "activity:write")
        }
        Kind::WorkersCongress
        | Kind::CongressSession
        | Kind::CongressDelegate
        | Kind::RepresentationQuota
        | Kind::Proposal
        | Kind::DisclosureItem
        | Kind::EmployeeDirector => ("democracy:read", "democracy:write"),
        Kind::Holiday | Kind::CodeSystem | Kind::Code | Kind::CodeMapping => {
            ("directory:read", "directory:write")
        }
        Kind::Deadline
        | Kind::UnionLegalNotice
        | Kind::HotlineTicket
        | Kind::LegalAidGrant
        | Kind::WageArrearsCase
        | Kind::WageArrearsParty => ("dispute:read", "dispute:write"),
        Kind::ScoreComponent | Kind::CompetitionTeam | Kind::PromotionRule => {
            ("directory:read", "competition:write")
        }
        Kind::ScoreSheet | Kind::CompetitionAppeal => {
            ("competition-entry:read", "competition:write")
        }
        Kind::MembershipTransfer | Kind::UnionOfficer => ("worker:read", "worker:write"),
        Kind::MetricSnapshot => ("pilot:read", "pilot:write"),
        Kind::ImportBatch | Kind::RawRecord | Kind::QualityIssue => ("import:read", "import:write"),
        Kind::DataSubjectRequest => ("subject-request:read", "subject-request:write"),
        Kind::StateTransition => ("change:read", "directory:write"),
    }
}

/// Whom a caller stands for, or stands by: workers, employers and unions, by their ids.
struct Near<'a> {
    worker: &'a dyn Fn(&str) -> bool,
    employer: &'a dyn Fn(&str) -> bool,
    union: &'a dyn Fn(&str) -> bool,
}

impl Near<'_> {
    /// Whether a record of the further systems is about one of them.
    fn concerns(&self, graph: &Graph, kind: Kind, it: &Record) -> bool {
        use Kind::*;
        let of = |kind: Kind, field: &str, what: &str| {
            graph.get(kind, it.of(field)).map_or("", |it| it.of(what)).to_owned()
        };
        let worker = |id: &str| !id.is_empty() && (self.worker)(id);
        let employer = |id: &str| !id.is_empty() && (self.employer)(id);
        let hosts = |field: &str| employer(&of(InnovationStudio, field, "hostEmployer"));
        let owns = |field: &str| employer(&of(InnovationAchievement, field, "employer"));
        let binds = |agreement: &str| {
            let mut parties = graph.all(AgreementParty).iter();
            parties.any(|it| it.of("agreement") == agreement && employer(it.of("employer")))
        };
        match kind {
            SkillCertificate
            | ProfessionalTitle
            | PathwayRecognition
            | TrainingEnrollment
            | ActivityParticipation
            | VolunteerEnrollment
            | GigEngagement
            | RevenueShare => worker(it.of("worker")),
            TrainingSubsidyPayment => worker(&of(TrainingEnrollment, "enrollment", "worker")),
            VolunteerServiceRecord => worker(&of(VolunteerEnrollment, "enrollment", "worker")),
            PayReformMeasure | OrganizationCoverage => employer(it.of("employer")),
            SkillAllowance => employer(&of(PayReformMeasure, "measure", "employer")),
            HonourNomination | HonourAward => {
                worker(it.of("worker")) || employer(it.of("employer"))
            }
            SelectionResult => hosts("studio") || owns("achievement"),
            ExhibitionEntry => hosts("studio") || owns("achievement") || worker(it.of("worker")),
            ConversionAgreement => owns("achievement"),
            AllianceMembership => hosts("studio"),
            CollectiveAgreement => binds(&it.id),
            AgreementParty | AgreementReview => binds(it.of("agreement")),
            WorkersCongress => employer(it.of("employer")),
            CongressSession => employer(&of(WorkersCongress, "congress", "employer")),
            CongressDelegate => worker(it.of("worker")),
            RepresentationQuota => employer(it.of("employer")),
            Proposal => employer(&of(WorkersCongress, "congress", "employer")),
            DisclosureItem => employer(it.of("employer")),
            EmployeeDirector => worker(it.of("worker")),
            UnionLegalNotice => employer(it.of("employer")),
            ScoreSheet => worker(&of(CompetitionEntry, "entry", "worker")),
            CompetitionAppeal => worker(&of(CompetitionEntry, "entry", "worker")),
            UnionOfficer => worker(it.of("worker")) && (self.union)(it.of("unionOrganization")),
            MembershipApplication => {
                worker(it.of("worker")) && (self.union)(it.of("unionOrganization"))
            }
            _ => false,
        }
    }
}

/// Fields that take more than the right to their record.
const DETAILS: [(Kind, &str, &str); 9] = [
    (Kind::Worker, "worker:profile", "birthOn ethnicityCode educationCode politicalStatusCode"),
    (Kind::DisputeCase, "dispute:detail", "summary"),
    (Kind::DisputeParty, "dispute:detail", "name"),
    (Kind::DisputeClaim, "dispute:detail", "claimed awarded paid"),
    (Kind::DisputeProceeding, "dispute:detail", "outcome"),
    (Kind::WageRecovery, "dispute:detail", "claimed agreed agreedOn paid paidOn method"),
    (Kind::LegalAidGrant, "dispute:detail", "outcome"),
    (Kind::WageArrearsCase, "dispute:detail", "owed"),
    (Kind::StateTransition, "change:read", ""),
];

fn detail_of(kind: Kind, field: &str) -> Option<&'static str> {
    let mut rules = DETAILS.iter().filter(|it| it.0 == kind);
    rules.find(|it| it.2.split(' ').any(|it| it == field)).map(|it| it.1)
}

/// A record, as the steward of the whole city finds it: all of them, to be filtered in memory.
#[derive(Clone, Debug, Default)]
pub struct Record {
    pub id: String,
    pub division: String,
    /// Ids of the records it refers to, and values, by the names of the fields.
    says: BTreeMap<String, String>,
}

impl Record {
    pub fn of(&self, field: &str) -> &str {
        self.says.get(field).map_or("", String::as_str)
    }
}

/// What the graph holds.
#[derive(Default)]
pub struct Graph(BTreeMap<Kind, Vec<Record>>);

/// What is read of a record besides its id and division.
fn told(kind: Kind) -> &'static [&'static str] {
    match kind {
        Kind::EmploymentRelation => &["worker", "employer", "status"],
        Kind::UnionMembership => &["worker", "unionOrganization", "status"],
        Kind::UnionOrganization => &["parent", "employer"],
        Kind::Worker | Kind::InnovationAchievement => &["employer"],
        Kind::PilotUnit => &["batch", "employer"],
        Kind::PilotMeasure | Kind::BestPractice => &["pilotUnit"],
        Kind::CompetitionEntry => &["worker", "event"],
        Kind::CompetitionAward => &["entry", "event"],
        Kind::CompetitionEvent => &["competition"],
        Kind::InnovationStudio => &["hostEmployer", "leader"],
        Kind::StudioMember => &["worker", "studio"],
        Kind::StudioAccreditation | Kind::StudioGrant => &["studio"],
        Kind::DisputeCase => &["handler"],
        Kind::DisputeParty => &["case", "worker", "employer"],
        Kind::DisputeClaim => &["case", "worker"],
        Kind::DisputeProceeding => &["case", "acceptedOn"],
        Kind::DisputeAssignment => &["case", "handlerClientId", "recusedOn", "endedOn"],
        Kind::WageRecovery => &["case", "worker", "employer"],
        Kind::PolicyDocument => &["batch"],
        Kind::PayReformMeasure
        | Kind::OrganizationCoverage
        | Kind::SkillEvaluationInstitution
        | Kind::TrainingProvider => &["employer"],
        Kind::SkillAllowance => &["measure"],
        Kind::SkillCertificate => &["worker", "institution", "competitionEntry"],
        Kind::PathwayRule => &["series"],
        Kind::ProfessionalTitle => &["worker", "series"],
        Kind::PathwayRecognition => &["worker", "series", "certificate"],
        Kind::TrainingProgram => &["provider"],
        Kind::TrainingEnrollment => &["program", "worker"],
        Kind::TrainingSubsidyPayment | Kind::VolunteerServiceRecord => &["enrollment"],
        Kind::HostingRight => &["applicant", "competition"],
        Kind::HonourRound => &["title"],
        Kind::HonourNomination => &["round", "worker", "employer"],
        Kind::HonourAward => &["round", "nomination", "worker", "employer"],
        Kind::SelectionResult => &["selection", "studio", "achievement"],
        Kind::ExhibitionEntry => &["exhibition", "achievement", "studio", "worker"],
        Kind::ConversionAgreement => &["achievement"],
        Kind::RevenueShare => &["agreement", "worker"],
        Kind::AllianceMembership => &["alliance", "studio"],
        Kind::AllianceActivity => &["alliance"],
        Kind::AgreementParty => &["agreement", "employer", "unionOrganization"],
        Kind::AgreementReview => &["agreement"],
        Kind::MembershipDrive => &["unionOrganization"],
        Kind::MembershipApplication => &["worker", "unionOrganization", "drive"],
        Kind::GigEngagement => &["worker"],
        Kind::Activity => &["campaign"],
        Kind::ActivityParticipation => &["activity", "worker"],
        Kind::VolunteerEnrollment => &["campaign", "worker"],
        Kind::WorkersCongress => &["employer"],
        Kind::CongressSession => &["congress"],
        Kind::CongressDelegate => &["congress", "worker"],
        Kind::RepresentationQuota => &["employer", "unionOrganization"],
        Kind::Proposal => &["congress", "worker", "mergedInto"],
        Kind::DisclosureItem => &["employer"],
        Kind::EmployeeDirector => &["employer", "worker"],
        Kind::Deadline => &["proceeding"],
        Kind::UnionLegalNotice => &["unionOrganization", "employer", "case"],
        Kind::HotlineTicket => &["worker", "handler", "case"],
        Kind::LegalAidGrant => &["case", "worker"],
        Kind::WageArrearsCase => &["case"],
        Kind::WageArrearsParty => &["arrearsCase", "employer"],
        Kind::ScoreComponent => &["event"],
        Kind::ScoreSheet => &["entry", "component"],
        Kind::CompetitionTeam => &["competition", "unionOrganization"],
        Kind::CompetitionAppeal => &["entry"],
        Kind::MembershipTransfer => {
            &["membership", "fromUnion", "toUnionOrganization", "newMembership"]
        }
        Kind::UnionOfficer => &["unionOrganization", "worker"],
        Kind::Code => &["system", "parent"],
        Kind::CodeMapping => &["system", "target"],
        Kind::RawRecord => &["batch"],
        Kind::QualityIssue => &["rawRecord"],
        Kind::DataSubjectRequest => &["worker"],
        _ => &[],
    }
}

const PLAIN: [&str; 5] = ["status", "acceptedOn", "handlerClientId", "recusedOn", "endedOn"];

impl Graph {
    async fn read(steward: &Client) -> Graph {
        let mut graph = Graph::default();
        for (list, kind) in LISTS {
            let fields = told(kind).iter().map(|it| {
                if PLAIN.contains(it) { (*it).to_owned() } else { format!("{it} {{ id }}") }
            });
            let fields = fields.collect::<Vec<_>>().join(" ");
            let own = if kind == Kind::Division { "divisionCode: code" } else { "divisionCode" };
            let query = format!("{{ it: {list}(first: 100) {{ nodes {{ id {own} {fields} }} }} }}");
            let found = steward.data(&query, json!({})).await;
            let records = found["it"]["nodes"].as_array().unwrap().iter().map(|node| {
                let says = told(kind).iter().filter_map(|field| {
                    let value = &node[field];
                    let value = value.as_str().or_else(|| value["id"].as_str())?;
                    Some(((*field).to_owned(), value.to_owned()))
                });
                Record {
                    id: text(&node["id"]),
                    division: text(&node["divisionCode"]),
                    says: says.collect(),
                }
            });
            graph.0.insert(kind, records.collect());
        }
        graph
    }

    pub fn all(&self, kind: Kind) -> &[Record] {
        self.0.get(&kind).map_or(&[], Vec::as_slice)
    }

    pub fn get(&self, kind: Kind, id: &str) -> Option<&Record> {
        self.all(kind).iter().find(|it| it.id == id)
    }
}

/// Whoever asks.
#[derive(Clone)]
pub struct Caller {
    pub name: &'static str,
    role: Option<Role>,
    scopes: BTreeSet<String>,
    /// The divisions of a role that has some: their first digits.
    within: &'static str,
    worker: String,
    employer: String,
    union: String,
    client: String,
}

impl Caller {
    fn may(&self, scope: &str) -> bool {
        self.scopes.contains(scope)
    }

    /// The rules, told as the brief tells them (§3.6, §5): by hand, and without SQL.
    pub fn sees(&self, graph: &Graph, kind: Kind, it: &Record) -> bool {
        use Kind::*;
        if !self.may(scopes_of(kind).0) {
            return false;
        }
        if is_register(kind) {
            return true;
        }
        let Some(role) = self.role else { return false };
        let related = |kind: Kind, field: &str| graph.get(kind, it.of(field));
        match role {
            Role::County | Role::City | Role::Province | Role::Partner | Role::Steward => {
                !self.within.is_empty() && it.division.starts_with(self.within)
            }
            Role::Worker => {
                let me = self.worker.as_str();
                let employed_by = |employer: &str| {
                    let mut relations = graph.all(EmploymentRelation).iter();
                    relations.any(|it| it.of("worker") == me && it.of("employer") == employer)
                };
                let in_case = |case: &str| {
                    let mut parties = graph.all(DisputeParty).iter();
                    parties.any(|it| it.of("case") == case && it.of("worker") == me)
                };
                match kind {
                    Worker => it.id == me,
                    EmploymentRelation | UnionMembership | CompetitionEntry | StudioMember
                    | DataSubjectRequest => it.of("worker") == me,
                    Employer => employed_by(&it.id),
                    CompetitionAward => {
                        related(CompetitionEntry, "entry").is_some_and(|it| it.of("worker") == me)
                    }
                    InnovationStudio => employed_by(it.of("hostEmployer")),
                    StudioAccreditation | StudioGrant => related(InnovationStudio, "studio")
                        .is_some_and(|it| employed_by(it.of("hostEmployer"))),
                    InnovationAchievement => employed_by(it.of("employer")),
                    DisputeCase => in_case(&it.id),
                    DisputeParty | DisputeClaim | WageRecovery => {
                        in_case(it.of("case")) && ["", me].contains(&it.of("worker"))
                    }
                    LegalAidGrant => in_case(it.of("case")) && it.of("worker") == me,
                    DisputeProceeding | DisputeAssignment | WageArrearsCase => {
                        in_case(it.of("case"))
                    }
                    Deadline => related(DisputeProceeding, "proceeding")
                        .is_some_and(|it| in_case(it.of("case"))),
                    WageArrearsParty => related(WageArrearsCase, "arrearsCase")
                        .is_some_and(|it| in_case(it.of("case"))),
                    HotlineTicket => it.of("worker") == me,
                    MembershipTransfer => related(UnionMembership, "membership")
                        .is_some_and(|it| it.of("worker") == me),
                    UnionLegalNotice => false,
                    _ => Near {
                        worker: &|id| id == me,
                        employer: &employed_by,
                        union: &|id| {
                            graph
                                .all(UnionMembership)
                                .iter()
                                .any(|it| it.of("worker") == me && it.of("unionOrganization") == id)
                        },
                    }
                    .concerns(graph, kind, it),
                }
            }
            Role::Employer => {
                let me = self.employer.as_str();
                let served = |case: &str| {
                    let mut parties = graph.all(DisputeParty).iter();
                    let mut notices = graph.all(DisputeProceeding).iter();
                    parties.any(|it| it.of("case") == case && it.of("employer") == me)
                        && notices
                            .any(|it| it.of("case") == case && !it.of("acceptedOn").is_empty())
                };
                let employs = |worker: &str| {
                    graph.all(EmploymentRelation).iter().any(|it| {
                        it.of("worker") == worker
                            && it.of("employer") == me
                            && it.of("status") == "ACTIVE"
                    })
                };
                match kind {
                    Worker => employs(&it.id),
                    EmploymentRelation => it.of("employer") == me && employs(it.of("worker")),
                    Employer => it.id == me,
                    PilotUnit | InnovationAchievement => it.of("employer") == me,
                    PilotBatch => {
                        let mut units = graph.all(PilotUnit).iter();
                        units.any(|unit| unit.of("batch") == it.id && unit.of("employer") == me)
                    }
                    PilotMeasure | BestPractice => {
                        related(PilotUnit, "pilotUnit").is_some_and(|it| it.of("employer") == me)
                    }
                    InnovationStudio => it.of("hostEmployer") == me,
                    StudioAccreditation | StudioGrant => related(InnovationStudio, "studio")
                        .is_some_and(|it| it.of("hostEmployer") == me),
                    StudioMember => employs(it.of("worker")),
                    DisputeCase => served(&it.id),
                    DisputeParty | DisputeClaim | DisputeProceeding | WageRecovery
                    | WageArrearsCase => served(it.of("case")),
                    Deadline => related(DisputeProceeding, "proceeding")
                        .is_some_and(|it| served(it.of("case"))),
                    WageArrearsParty => related(WageArrearsCase, "arrearsCase")
                        .is_some_and(|it| served(it.of("case"))),
                    _ => Near { worker: &employs, employer: &|id| id == me, union: &|_| false }
                        .concerns(graph, kind, it),
                }
            }
            Role::Union => {
                let below_me = |union: &str| {
                    let mut at = union.to_owned();
                    while !at.is_empty() && at != self.union {
                        at = graph
                            .get(UnionOrganization, &at)
                            .map_or("", |it| it.of("parent"))
                            .into();
                    }
                    !at.is_empty()
                };
                let member = |worker: &str| {
                    graph.all(UnionMembership).iter().any(|it| {
                        it.of("worker") == worker
                            && below_me(it.of("unionOrganization"))
                            && ["ACTIVE", "TRANSFERRING", "RETAINED"].contains(&it.of("status"))
                    })
                };
                let ours = |employer: &str| {
                    let mut unions = graph.all(UnionOrganization).iter();
                    !employer.is_empty()
                        && unions.any(|it| below_me(&it.id) && it.of("employer") == employer)
                };
                let handles = |case: &str| {
                    graph.get(DisputeCase, case).is_some_and(|it| below_me(it.of("handler")))
                };
                match kind {
                    Worker => member(&it.id),
                    EmploymentRelation => member(it.of("worker")) && ours(it.of("employer")),
                    UnionMembership => {
                        below_me(it.of("unionOrganization")) && member(it.of("worker"))
                    }
                    Employer => ours(&it.id),
                    InnovationStudio => ours(it.of("hostEmployer")),
                    StudioAccreditation | StudioGrant => related(InnovationStudio, "studio")
                        .is_some_and(|it| ours(it.of("hostEmployer"))),
                    StudioMember => member(it.of("worker")),
                    InnovationAchievement => ours(it.of("employer")),
                    DisputeCase => handles(&it.id),
                    DisputeParty | DisputeClaim | DisputeProceeding | DisputeAssignment
                    | WageRecovery | LegalAidGrant | WageArrearsCase => handles(it.of("case")),
                    Deadline => related(DisputeProceeding, "proceeding")
                        .is_some_and(|it| handles(it.of("case"))),
                    WageArrearsParty => related(WageArrearsCase, "arrearsCase")
                        .is_some_and(|it| handles(it.of("case"))),
                    HotlineTicket => below_me(it.of("handler")),
                    MembershipTransfer => {
                        related(UnionMembership, "membership").is_some_and(|it| {
                            below_me(it.of("unionOrganization")) && member(it.of("worker"))
                        })
                    }
                    _ => Near { worker: &member, employer: &ours, union: &below_me }
                        .concerns(graph, kind, it),
                }
            }
            Role::Handler => {
                let assigned = |case: &str| {
                    graph.all(DisputeAssignment).iter().any(|it| {
                        it.of("case") == case
                            && it.of("handlerClientId") == self.client
                            && it.of("recusedOn").is_empty()
                            && it.of("endedOn").is_empty()
                    })
                };
                let party = |field: &str, id: &str| {
                    let mut parties = graph.all(DisputeParty).iter();
                    parties.any(|it| it.of(field) == id && assigned(it.of("case")))
                };
                match kind {
                    Worker => party("worker", &it.id),
                    EmploymentRelation => {
                        party("worker", it.of("worker")) && party("employer", it.of("employer"))
                    }
                    Employer => party("employer", &it.id),
                    DisputeCase => assigned(&it.id),
                    DisputeParty | DisputeClaim | DisputeProceeding | DisputeAssignment
                    | WageRecovery | LegalAidGrant | WageArrearsCase => assigned(it.of("case")),
                    Deadline => related(DisputeProceeding, "proceeding")
                        .is_some_and(|it| assigned(it.of("case"))),
                    WageArrearsParty => related(WageArrearsCase, "arrearsCase")
                        .is_some_and(|it| assigned(it.of("case"))),
                    _ => Near {
                        worker: &|id| party("worker", id),
                        employer: &|id| party("employer", id),
                        union: &|_| false,
                    }
                    .concerns(graph, kind, it),
                }
            }
            _ => false,
        }
    }

    pub fn visible(&self, graph: &Graph, kind: Kind) -> BTreeSet<String> {
        let seen = graph.all(kind).iter().filter(|it| self.sees(graph, kind, it));
        seen.map(|it| it.id.clone()).collect()
    }

    /// The viewer that a credential like this one becomes, under a policy of the test's.
    pub fn viewer(&self, app: &App, policy: Arc<Policy>) -> Viewer {
        let Some(role) = self.role else { return Viewer::default() };
        let uuid = |id: &str| decode_id(id).map(|it| it.1);
        let (division, territory) = if self.within.is_empty() {
            (None, Territory::default())
        } else {
            let division = division(&format!("{:0<6}", self.within));
            (Some(division.clone()), Territory::of(&division, []))
        };
        let principal = Principal {
            credential_id: decode_client_id(&self.client).unwrap(),
            name: self.name.to_owned(),
            roles: vec![role],
            granted: (self.name == "narrowed").then(|| BTreeSet::from([Scope::DirectoryRead])),
            division,
            territory,
            subject: Subject {
                worker_id: uuid(&self.worker),
                employer_id: uuid(&self.employer),
                union_id: uuid(&self.union),
            },
        };
        let viewer = Viewer::under(policy, principal, app.shared().database.backend());
        viewer.asking_for(Purpose { code: PurposeCode::IdentityCheck, case_number: None })
    }
}

/// What a competition takes before there are awards.
const UNTIL_RESULTS: [&str; 7] = [
    "Announce",
    "OpenRegistration",
    "BeginPreliminary",
    "BeginFinal",
    "LockScores",
    "OpenAppealWindow",
    "ConfirmResults",
];

/// Two neighbouring counties with a record of each kind in both, and what ties them to people.
pub struct City {
    pub app: TestApp,
    pub graph: Graph,
    pub callers: Vec<Caller>,
}

impl City {
    pub async fn new() -> City {
        let app = TestApp::quiet().await;
        let steward = app.steward().await;
        let here = one_of_each(&steward, "130302").await;
        let there = one_of_each(&steward, "130303").await;
        let [worker, employer, union, case] =
            [Kind::Worker, Kind::Employer, Kind::UnionOrganization, Kind::DisputeCase]
                .map(|it| here[&it].clone());
        let other_case = there[&Kind::DisputeCase].clone();
        let done = async |mutation: &str, answer: &str, input: Value| {
            steward.done(mutation, &format!("{answer} {{ id version }}"), input).await[answer]
                .clone()
        };

        // A colleague who left, and one who stays; a union below the union; a case that was served.
        let colleague = steward.create_worker("李娜", "130302").await;
        let relation = done(
            "employmentRelationStart",
            "employmentRelation",
            json!({ "workerId": colleague, "employerId": employer, "contractType": "OPEN_ENDED",
                "startedOn": "2020-01-01" }),
        )
        .await;
        let left = steward.create_worker("赵敏", "130302").await;
        let ended = done(
            "employmentRelationStart",
            "employmentRelation",
            json!({ "workerId": left, "employerId": employer, "contractType": "OPEN_ENDED",
                "startedOn": "2020-01-01" }),
        )
        .await;
        done(
            "employmentRelationEnd",
            "employmentRelation",
            json!({ "id": ended["id"], "expectedVersion": ended["version"],
                "endedOn": "2022-01-01", "endReason": "RESIGNED" }),
        )
        .await;
        assert_ne!(relation["id"], ended["id"]);
        // The colleague was in the other county's union before.
        let before = done(
            "unionMembershipAdmit",
            "unionMembership",
            json!({ "workerId": colleague, "unionOrganizationId": there[&Kind::UnionOrganization],
                "memberNo": "9", "joinedOn": "2010-01-01" }),
        )
        .await;
        done(
            "unionMembershipWithdraw",
            "unionMembership",
            json!({ "id": before["id"], "expectedVersion": before["version"], "occurredOn": "2020-06-01" }),
        )
        .await;
        // A certificate that a rank granted.
        let granted = "UPDATE skill_certificate SET competition_entry_id = (SELECT id FROM \
            competition_entry WHERE competition_entry.worker_id = skill_certificate.worker_id)";
        app.app.shared().database.write().execute_unprepared(granted).await.unwrap();
        for world in [&here, &there] {
            let appeal = json!({ "id": world[&Kind::CompetitionAppeal], "expectedVersion": 1 });
            done("competitionAppealDismiss", "competitionAppeal", appeal).await;
            for (place, step) in UNTIL_RESULTS.iter().enumerate() {
                let input =
                    json!({ "id": world[&Kind::Competition], "expectedVersion": place + 1 });
                done(&format!("competition{step}"), "competition", input).await;
            }
            let input = json!({ "eventId": world[&Kind::CompetitionEvent],
                "entryId": world[&Kind::CompetitionEntry], "tier": "FIRST", "title": "一等奖",
                "bonusFen": "100000", "awardedOn": "2026-06-01" });
            done("competitionAwardCreate", "competitionAward", input).await;
        }
        let branch = done(
            "unionOrganizationCreate",
            "unionOrganization",
            json!({ "name": "车间工会", "divisionCode": "130302", "kind": "GRASSROOTS",
                "level": "GRASSROOTS", "parentId": union, "employerId": employer }),
        )
        .await;
        for (member, number) in [(&colleague, "2"), (&left, "3")] {
            let admitted = done(
                "unionMembershipAdmit",
                "unionMembership",
                json!({ "workerId": member, "unionOrganizationId": branch["id"], "memberNo": number,
                    "joinedOn": "2024-01-01" }),
            )
            .await;
            if number == "3" {
                done(
                    "unionMembershipWithdraw",
                    "unionMembership",
                    json!({ "id": admitted["id"], "expectedVersion": admitted["version"],
                        "occurredOn": "2024-06-01" }),
                )
                .await;
            }
        }
        for (case, role, party) in [
            (&case, "RESPONDENT", json!({ "employerId": employer })),
            (&case, "JOINT", json!({ "workerId": colleague })),
            (&other_case, "THIRD_PARTY", json!({ "employerId": employer })),
        ] {
            let mut input = json!({ "caseId": case, "role": role });
            input.as_object_mut().unwrap().extend(party.as_object().unwrap().clone());
            done("disputePartyAdd", "disputeParty", input).await;
        }
        done(
            "disputeClaimAdd",
            "disputeClaim",
            json!({ "caseId": case, "workerId": colleague, "category": "UNPAID_WAGE", "claimedFen": "7" }),
        )
        .await;
        let opened = done(
            "disputeProceedingOpen",
            "disputeProceeding",
            json!({ "caseId": case, "stage": "ARBITRATION", "body": "仲裁委员会", "openedOn": "2026-04-01" }),
        )
        .await;
        done(
            "disputeProceedingAccept",
            "disputeProceeding",
            json!({ "id": opened["id"], "expectedVersion": opened["version"], "occurredOn": "2026-04-03" }),
        )
        .await;
        // A second case of the same employer that nobody has served yet.
        let unserved = done(
            "disputeCaseRegister",
            "disputeCase",
            json!({ "caseNo": "130302-2", "title": "工伤", "divisionCode": "130302", "ground": "G5",
                "category": "WORK_INJURY", "channel": "WALK_IN", "registeredOn": "2026-03-05",
                "handlerId": branch["id"] }),
        )
        .await;
        done(
            "disputePartyAdd",
            "disputeParty",
            json!({ "caseId": unserved["id"], "role": "RESPONDENT", "employerId": employer }),
        )
        .await;

        let mut callers = Vec::new();
        let nobody = |name| Caller {
            name,
            role: None,
            scopes: BTreeSet::new(),
            within: "",
            worker: String::new(),
            employer: String::new(),
            union: String::new(),
            client: String::new(),
        };
        callers.push(nobody("nobody"));
        for (role, scopes) in ROLES {
            let client = app.client(role, None).await;
            let told = client.data("{ viewer { clientId } }", json!({})).await;
            let caller = Caller {
                role: Some(role),
                scopes: scopes.split(' ').filter(|it| !it.is_empty()).map(str::to_owned).collect(),
                client: text(&told["viewer"]["clientId"]),
                ..nobody(role.name())
            };
            callers.push(match role {
                Role::Worker => Caller { worker: worker.clone(), ..caller },
                Role::Employer => Caller { employer: employer.clone(), ..caller },
                Role::Union => Caller { union: union.clone(), ..caller },
                Role::County => Caller { within: "130302", ..caller },
                Role::City | Role::Partner | Role::Steward => Caller { within: "1303", ..caller },
                Role::Province => Caller { within: "13", ..caller },
                _ => caller,
            });
        }
        let county = callers.iter().find(|it| it.role == Some(Role::County)).unwrap().clone();
        callers.push(Caller { name: "neighbour", within: "130303", ..county.clone() });
        let scopes = BTreeSet::from(["directory:read".to_owned()]);
        callers.push(Caller { name: "narrowed", scopes, ..county.clone() });
        callers.push(Caller { name: "without a division", within: "", ..county });
        let steward_ = callers.iter().find(|it| it.role == Some(Role::Steward)).unwrap().clone();
        callers.push(Caller { name: "steward of a county", within: "130302", ..steward_ });
        let handler =
            callers.iter().find(|it| it.role == Some(Role::Handler)).unwrap().client.clone();
        for (case, ending) in [(&case, None), (&other_case, Some("Recuse"))] {
            let assigned = done(
                "disputeAssignmentCreate",
                "disputeAssignment",
                json!({ "caseId": case, "handlerClientId": handler, "function": "ARBITRATOR" }),
            )
            .await;
            if ending.is_some() {
                let input = json!({ "id": assigned["id"], "expectedVersion": assigned["version"],
                    "reason": "近亲属" });
                done("disputeAssignmentRecuse", "disputeAssignment", input).await;
            }
        }
        let ended = done(
            "disputeAssignmentCreate",
            "disputeAssignment",
            json!({ "caseId": unserved["id"], "handlerClientId": handler, "function": "MEDIATOR" }),
        )
        .await;
        done(
            "disputeAssignmentEnd",
            "disputeAssignment",
            json!({ "id": ended["id"], "expectedVersion": ended["version"] }),
        )
        .await;

        // Whoever reads the log on from the last change has all of them in their places.
        let last = json!({ "id": colleague, "expectedVersion": 2, "educationCode": "20" });
        let last = steward.done("workerUpdate", "worker { id }", last).await;
        let query = format!("{{ changes(after: {}) {{ endCursor }} }}", last["changeCursor"]);
        steward.data(&query, json!({})).await;

        let graph = Graph::read(&steward).await;
        City { app, graph, callers }
    }

    /// Asks as a caller, under a policy; an answer that was refused is its codes.
    pub async fn ask(&self, viewer: &Viewer, query: &str, variables: &Value) -> Value {
        let asked = Asked {
            query: Some(query),
            sha256: None,
            operation_name: None,
            variables: variables.as_object().unwrap(),
            introspection: Introspection::Allowed,
        };
        let app = &self.app.app;
        let admitted = match app.admit(viewer, asked) {
            Ok(admitted) => admitted,
            Err(refusal) => return json!({ "refused": refusal.code, "query": query }),
        };
        let (data, errors) = match app.execute(Arc::new(viewer.clone()), "test", admitted).await {
            Executed::Planned(it) => (serde_json::from_str(&it.data).unwrap(), it.errors),
            Executed::Response(it) => (it.data.into_json().unwrap(), it.errors),
        };
        match errors.first() {
            None => data,
            Some(error) => {
                let code = error.extensions.as_ref().and_then(|it| it.get("code").cloned());
                json!({ "failed": code, "query": query })
            }
        }
    }

    /// How often the answers to a caller are not what the rules say, of one kind, and how many were
    /// looked at: each list by every path that leads to its records.
    async fn differences(
        &self,
        caller: &Caller,
        viewer: &Viewer,
        kind: Kind,
    ) -> (Vec<String>, usize) {
        let list = LISTS.iter().find(|it| it.1 == kind).unwrap().0;
        let expected = caller.visible(&self.graph, kind);
        let all: Vec<&String> = self.graph.all(kind).iter().map(|it| &it.id).collect();
        let one = format!("{}{}", list_name(kind, 1), &kind.name()[1..]);
        let (mut wrong, mut cells) = (Vec::new(), 0);
        let mut check = |path: &str, found: BTreeSet<String>, expected: &BTreeSet<String>| {
            cells += 1;
            if found != *expected {
                wrong.push(format!("{} {kind:?} by {path}: {found:?}", caller.name));
            }
        };
        for executor in ["", " viewer { name }"] {
            let query = format!(
                "query($ids: [ID!]!) {{ list: {list}(first: 100) {{ totalCount nodes {{ id }} \
                 edges {{ node {{ id }} }} }} last: {list}(last: 100) {{ nodes {{ id }} }} \
                 filtered: {list}(first: 100, where: {{ id: {{ in: $ids }} }}) {{ totalCount nodes {{ id }} }} \
                 {executor} }}"
            );
            let told = self.ask(viewer, &query, &json!({ "ids": all })).await;
            let nodes = |list: &Value| ids(&list["nodes"]);
            check("list", nodes(&told["list"]), &expected);
            let edges = told["list"]["edges"].as_array();
            let edges = edges.into_iter().flatten().map(|it| text(&it["node"]["id"]));
            check("edge", edges.collect(), &expected);
            check("last", nodes(&told["last"]), &expected);
            check("filter", nodes(&told["filtered"]), &expected);
            for counted in ["list", "filtered"] {
                let count = told[counted]["totalCount"].as_u64();
                let known = BTreeSet::from([expected.len().to_string()]);
                check("count", count.map(|it| it.to_string()).into_iter().collect(), &known);
            }
        }
        let nodes = "query($ids: [ID!]!) { nodes(ids: $ids) { id } }";
        let told = self.ask(viewer, nodes, &json!({ "ids": all })).await;
        check("nodes", ids(&told["nodes"]), &expected);
        let mut by_node = BTreeSet::new();
        let mut by_key = BTreeSet::new();
        for id in all {
            let query = format!(
                "query($id: ID!) {{ node(id: $id) {{ id }} key: {one}(by: {{ id: $id }}) {{ id }} }}"
            );
            let told = self.ask(viewer, &query, &json!({ "id": id })).await;
            by_node.extend(told["node"]["id"].as_str().map(str::to_owned));
            let query = format!("query($id: ID!) {{ key: {one}(by: {{ id: $id }}) {{ id }} }}");
            let planned = self.ask(viewer, &query, &json!({ "id": id })).await;
            for told in [told, planned] {
                by_key.extend(told["key"]["id"].as_str().map(str::to_owned));
            }
        }
        check("node", by_node, &expected);
        check("key", by_key, &expected);
        (wrong, cells)
    }

    /// The same of a field that leads from one record to others.
    async fn relation_differences(
        &self,
        caller: &Caller,
        viewer: &Viewer,
        from: Kind,
        relation: &Relation,
    ) -> (Vec<String>, usize) {
        let list = LISTS.iter().find(|it| it.1 == from).unwrap().0;
        let field = &relation.field;
        let inner = if relation.many {
            format!("{field}(first: 100) {{ nodes {{ id }} }}")
        } else {
            format!("{field} {{ id }}")
        };
        let expected = caller.visible(&self.graph, relation.to);
        let (mut wrong, mut cells) = (Vec::new(), 0);
        for executor in ["", " viewer { name }"] {
            let query =
                format!("{{ it: {list}(first: 100) {{ nodes {{ id {inner} }} }}{executor} }}");
            let told = self.ask(viewer, &query, &json!({})).await;
            for node in told["it"]["nodes"].as_array().into_iter().flatten() {
                cells += 1;
                let found = if relation.many {
                    ids(&node[field]["nodes"])
                } else {
                    ids(&json!([node[field]]))
                };
                let leaked: Vec<_> = found.difference(&expected).collect();
                let refers = self.graph.get(from, &text(&node["id"])).map(|it| it.of(field));
                let owed = refers.filter(|it| !relation.many && expected.contains(*it));
                if !leaked.is_empty() || owed.is_some_and(|it| !found.contains(it)) {
                    wrong.push(format!("{} {from:?}.{field}: {found:?}", caller.name));
                }
            }
        }
        (wrong, cells)
    }
}

/// How a record of a kind is written without saying anything new of it.
fn write_of(kind: Kind) -> (&'static str, Value) {
    match kind {
        // What changes nothing asks for nothing.
        Kind::Division => ("Update", json!({ "nameEn": "Elsewhere" })),
        Kind::DisputeAssignment => ("End", json!({})),
        Kind::DataSubjectRequest => ("Refuse", json!({ "reason": "不受理" })),
        _ => ("Archive", json!({})),
    }
}

impl City {
    /// What the results of mutations tell: of each record, to each caller, with what it leads to.
    async fn result_differences(
        &self,
        caller: &Caller,
        viewer: &Viewer,
        kind: Kind,
        relations: &[Relation],
    ) -> (Vec<String>, usize) {
        let field = format!("{}{}", list_name(kind, 1), &kind.name()[1..]);
        let (verb, also) = write_of(kind);
        let inner = relations.iter().map(|it| {
            if it.many {
                format!("{}(first: 100) {{ nodes {{ id }} }}", it.field)
            } else {
                format!("{} {{ id }}", it.field)
            }
        });
        let inner = inner.collect::<Vec<_>>().join(" ");
        let query = format!(
            "mutation($i: {}{verb}Input!) {{ it: {field}{verb}(input: $i) {{ \
             {field} {{ id {inner} }} userErrors {{ code path }} }} }}",
            kind.name()
        );
        let (mut wrong, mut cells) = (Vec::new(), 0);
        let missing = gongtu::kind::encode_id(kind, Uuid::nil());
        let ask = async |id: &str| {
            let mut input = json!({ "id": id, "expectedVersion": 1, "validateOnly": true });
            input.as_object_mut().unwrap().extend(also.as_object().unwrap().clone());
            self.ask(viewer, &query, &json!({ "i": input })).await
        };
        let nothing = ask(&missing).await;
        for record in self.graph.all(kind) {
            cells += 1;
            let told = ask(&record.id).await;
            let found = ids(&json!([told["it"][&field]]));
            let may_write = caller.may(scopes_of(kind).1);
            let within = !caller.within.is_empty() && record.division.starts_with(caller.within);
            let code = told["it"]["userErrors"][0]["code"].as_str().unwrap_or_default();
            let is_right = if !may_write {
                let refusal = if caller.role.is_none() { "UNAUTHENTICATED" } else { "FORBIDDEN" };
                told["failed"] == refusal
            } else if !caller.sees(&self.graph, kind, record) {
                told == nothing && code == "NOT_FOUND"
            } else if within {
                found.contains(&record.id) || !["", "NOT_FOUND", "OUT_OF_SCOPE"].contains(&code)
            } else {
                found.is_empty() && !code.is_empty()
            };
            let mut leaked = BTreeSet::new();
            for relation in relations {
                let expected = caller.visible(&self.graph, relation.to);
                let at = &told["it"][&field][&relation.field];
                let reached = if relation.many { ids(&at["nodes"]) } else { ids(&json!([at])) };
                leaked.extend(reached.difference(&expected).cloned());
            }
            if !is_right || !leaked.is_empty() {
                wrong.push(format!("{} {kind:?}{verb}: {told} {leaked:?}", caller.name));
            }
        }
        (wrong, cells)
    }

    /// What the log of changes tells a caller: the records by their kinds, as a query and as a subscription.
    async fn told_by_the_log(
        &self,
        viewer: &Viewer,
    ) -> Result<[BTreeMap<Kind, BTreeSet<String>>; 2], String> {
        let selection = "kind recordId node { id }";
        let query = format!(
            "{{ it: changes(after: \"\", first: 500) {{ nodes {{ {selection} }} hasNextPage }} }}"
        );
        let told = self.ask(viewer, &query, &json!({})).await;
        if let Some(code) = told["failed"].as_str() {
            return Err(code.to_owned());
        }
        assert_eq!(told["it"]["hasNextPage"], false);
        let nodes = told["it"]["nodes"].as_array().unwrap();
        let mut events = Vec::new();
        if !nodes.is_empty() {
            let count = nodes.len();
            let query = format!(
                "subscription {{ it: changes(after: \"\", first: {count}) {{ {selection} }} }}"
            );
            let variables = serde_json::Map::new();
            let asked = Asked {
                query: Some(&query),
                sha256: None,
                operation_name: None,
                variables: &variables,
                introspection: Introspection::Allowed,
            };
            let app = &self.app.app;
            let admitted = app.admit(viewer, asked).unwrap();
            let stream = app.execute_stream(Arc::new(viewer.clone()), "test", admitted);
            let answers: Vec<_> = futures_util::StreamExt::collect(stream).await;
            let event = |it: async_graphql::Response| {
                assert!(it.errors.is_empty(), "{:?}", it.errors);
                it.data.into_json().unwrap()["it"].clone()
            };
            events = answers.into_iter().map(event).collect();
        }
        Ok([nodes, &events].map(|all| {
            let mut records: BTreeMap<Kind, BTreeSet<String>> = BTreeMap::new();
            for change in all {
                let id = text(&change["recordId"]);
                let (kind, _) = decode_id(&id).unwrap();
                // What is told of is shown, too: to whom it is hidden it is not told.
                assert!(
                    kind == Kind::StateTransition || change["node"]["id"] == json!(id),
                    "{change}"
                );
                records.entry(kind).or_default().insert(id);
            }
            records.remove(&Kind::StateTransition);
            records
        }))
    }
}

#[tokio::test]
async fn the_results_of_mutations_tell_what_the_rules_say() {
    let city = City::new().await;
    let schema = contract();
    let (mut wrong, mut cells) = (Vec::new(), 0);

    for caller in &city.callers {
        let viewer = caller.viewer(&city.app.app, Policy::standard().clone());
        for (_, kind) in LISTS {
            let relations = relations(&schema, kind);
            let (found, count) = city.result_differences(caller, &viewer, kind, &relations).await;
            wrong.extend(found);
            cells += count;
        }
    }

    assert_eq!(wrong, Vec::<String>::new());
    assert!(cells > 1_000, "{cells} cells");
}

#[tokio::test]
async fn the_log_of_changes_tells_whom_the_rules_say_as_a_query_and_as_a_subscription() {
    let city = City::new().await;

    let mut cells = 0;
    for caller in &city.callers {
        let viewer = caller.viewer(&city.app.app, Policy::standard().clone());
        let told = city.told_by_the_log(&viewer).await;
        if !caller.may("change:read") {
            let refusal = if caller.role.is_none() { "UNAUTHENTICATED" } else { "FORBIDDEN" };
            assert_eq!(told, Err(refusal.to_owned()), "{}", caller.name);
            continue;
        }
        for records in told.unwrap() {
            for (_, kind) in LISTS {
                cells += 1;
                // Divisions come with the house, and are in no log.
                let expected = match kind {
                    Kind::Division => BTreeSet::new(),
                    kind => caller.visible(&city.graph, kind),
                };
                let found = records.get(&kind).cloned().unwrap_or_default();
                assert_eq!(found, expected, "{} {kind:?}", caller.name);
            }
        }
    }
    assert!(cells > 300, "{cells} cells");
}

/// Amounts of one case are a detail; added up, or counted by, they are a statistic.
const COUNTED: [(Kind, &str); 2] = [
    (Kind::DisputeClaim, "claimed awarded paid"),
    (Kind::WageRecovery, "claimed agreed paid method"),
];

/// `SKILL_RANK` → `skillRank`; a column of fen has the name of its amount.
fn camel(name: &str) -> String {
    let mut words = name.split('_');
    let first = words.next().unwrap_or_default().to_lowercase();
    let rest = words.map(|it| format!("{}{}", &it[..1], it[1..].to_lowercase()));
    let name = std::iter::once(first).chain(rest).collect::<String>();
    name.strip_suffix("Fen").unwrap_or(&name).to_owned()
}

/// All that a list of a kind can be narrowed, sorted and counted by, each as a query and with the field.
fn uses(schema: &Schema, kind: Kind) -> Vec<(String, &'static str, String)> {
    let list = LISTS.iter().find(|it| it.1 == kind).unwrap().0;
    let mut uses = Vec::new();
    if let Some(ExtendedType::InputObject(filter)) =
        schema.types.get(format!("{}Where", kind.name()).as_str())
    {
        for field in filter.fields.values() {
            let of = field.ty.inner_named_type().as_str();
            let Some(ExtendedType::InputObject(of)) = schema.types.get(of) else { continue };
            if ["and", "or", "not"].contains(&field.name.as_str()) {
                continue;
            }
            let asks = match () {
                () if of.fields.contains_key("in") => "{ in: [] }",
                () if of.fields.contains_key("some") => "{ some: {} }",
                () => "{}",
            };
            let name = &field.name;
            let query =
                format!("{{ it: {list}(where: {{ {name}: {asks} }}) {{ nodes {{ id }} }} }}");
            uses.push((name.strip_suffix("Fen").unwrap_or(name).to_owned(), "filter", query));
        }
    }
    let values = |name: String| match schema.types.get(name.as_str()) {
        Some(ExtendedType::Enum(it)) => it.values.keys().map(ToString::to_string).collect(),
        _ => Vec::new(),
    };
    for value in values(format!("{}OrderField", kind.name())) {
        let query =
            format!("{{ it: {list}(orderBy: [{{ field: {value} }}]) {{ nodes {{ id }} }} }}");
        uses.push((camel(&value), "sort", query));
    }
    let one = format!("{}{}", list_name(kind, 1), &kind.name()[1..]);
    for value in values(format!("{}GroupField", kind.name())) {
        let query = format!("{{ it: {one}Groups(by: [{value}]) {{ count }} }}");
        uses.push((camel(&value), "group", query));
    }
    uses
}

#[tokio::test]
async fn every_field_narrows_sorts_and_counts_for_whom_the_rules_say() {
    let city = City::new().await;
    let schema = contract();
    let (mut wrong, mut cells, mut seen) = (Vec::new(), 0, BTreeSet::new());

    for caller in &city.callers {
        let viewer = caller.viewer(&city.app.app, Policy::standard().clone());
        for (_, kind) in LISTS {
            let visible = caller.visible(&city.graph, kind);
            for (field, way, query) in uses(&schema, kind) {
                cells += 1;
                seen.insert((kind, field.clone(), way));
                // What is masked for some is of no use to anybody.
                assert!(!["idNumber", "phone"].contains(&field.as_str()), "{kind:?}.{field} {way}");
                let counted = COUNTED.iter().any(|(it, fields)| {
                    *it == kind && way == "group" && fields.split(' ').any(|it| it == field)
                });
                let needs = detail_of(kind, &field).filter(|_| !counted);
                let told = city.ask(&viewer, &query, &json!({})).await;
                let refusal = if caller.role.is_none() { "UNAUTHENTICATED" } else { "FORBIDDEN" };
                let is_right = if needs.is_some_and(|it| !caller.may(it)) {
                    told["failed"] == refusal
                } else if !caller.may(scopes_of(kind).0) {
                    // Hidden as a whole: nothing is found, or the use of it is refused.
                    let found =
                        told["it"].as_array().map_or(0, Vec::len) + ids(&told["it"]["nodes"]).len();
                    found == 0
                } else if way == "group" {
                    let counts = told["it"].as_array().into_iter().flatten();
                    counts.map(|it| it["count"].as_u64().unwrap_or(0)).sum::<u64>()
                        == visible.len() as u64
                        && told.get("failed").is_none()
                } else {
                    told.get("failed").is_none()
                        && told.get("refused").is_none()
                        && ids(&told["it"]["nodes"]).is_subset(&visible)
                        && (way != "sort"
                            || ids(&told["it"]["nodes"]).len() == visible.len().min(20))
                };
                if !is_right {
                    wrong.push(format!("{} {kind:?}.{field} to {way}: {told}", caller.name));
                }
            }
        }
    }

    assert_eq!(wrong, Vec::<String>::new());
    assert!(seen.len() > 250 && cells > 4_000, "{} uses, {cells} cells", seen.len());
}

pub fn ids(nodes: &Value) -> BTreeSet<String> {
    let nodes = nodes.as_array().into_iter().flatten();
    nodes.filter_map(|it| it["id"].as_str()).map(str::to_owned).collect()
}

fn list_name(kind: Kind, letters: usize) -> String {
    kind.name()[..letters].to_lowercase()
}

struct Relation {
    field: String,
    to: Kind,
    many: bool,
}

fn contract() -> Schema {
    Schema::parse(gongtu::schema::sdl(), "schema.graphql").unwrap()
}

fn kind_named(name: &str) -> Option<Kind> {
    Kind::ALL.iter().copied().find(|it| it.name() == name)
}

/// The fields of a kind that lead to other records, as the contract has them.
fn relations(schema: &Schema, kind: Kind) -> Vec<Relation> {
    let object = schema.get_object(kind.name()).unwrap();
    let fields = object.fields.values().filter_map(|field| {
        let of = field.ty.inner_named_type().as_str();
        let many = of.strip_suffix("Connection");
        let to = kind_named(many.unwrap_or(of)).filter(|it| *it != Kind::StateTransition)?;
        Some(Relation { field: field.name.to_string(), to, many: many.is_some() })
    });
    fields.collect()
}

/// The fields of a kind, each with what it takes to select it.
fn fields(schema: &Schema, kind: Kind) -> Vec<(String, String)> {
    let object = schema.get_object(kind.name()).unwrap();
    let fields = object.fields.values().map(|field| {
        let of = field.ty.inner_named_type().as_str();
        let inner = match schema.types.get(of) {
            Some(ExtendedType::Object(it)) if it.fields.contains_key("totalCount") => {
                " { totalCount }"
            }
            Some(ExtendedType::Object(_)) => " { __typename }",
            _ => "",
        };
        (field.name.to_string(), format!("{}{inner}", field.name))
    });
    fields.collect()
}

#[tokio::test]
async fn every_record_is_seen_by_whom_the_rules_say_by_every_path() {
    let city = City::new().await;
    let schema = contract();
    let (mut wrong, mut cells) = (Vec::new(), 0);
    let mut seen = BTreeMap::new();

    for caller in &city.callers {
        let viewer = caller.viewer(&city.app.app, Policy::standard().clone());
        for (_, kind) in LISTS {
            let (found, count) = city.differences(caller, &viewer, kind).await;
            wrong.extend(found);
            cells += count;
            *seen.entry(caller.name).or_insert(0) += caller.visible(&city.graph, kind).len();
            for relation in relations(&schema, kind) {
                let (found, count) =
                    city.relation_differences(caller, &viewer, kind, &relation).await;
                wrong.extend(found);
                cells += count;
            }
        }
    }

    assert_eq!(wrong, Vec::<String>::new());
    assert!(cells > 5_000, "{cells} cells");
    // Whoever is for somebody sees something, and none of them all.
    for (name, few) in [("WORKER", 12), ("EMPLOYER", 8), ("UNION", 10), ("HANDLER", 8)] {
        let registers = seen["PUBLIC"];
        assert!(seen[name] >= registers + few, "{name} {seen:?}");
        assert!(seen[name] < seen["COUNTY"], "{name} {seen:?}");
    }
}

#[tokio::test]
async fn every_field_is_read_by_whom_the_rules_say_and_refused_before_anything_is_read() {
    let city = City::new().await;
    let schema = contract();
    let mut cells = 0;

    for caller in &city.callers {
        let viewer = caller.viewer(&city.app.app, Policy::standard().clone());
        for (list, kind) in LISTS {
            let (free, held): (Vec<_>, Vec<_>) = fields(&schema, kind)
                .into_iter()
                .partition(|(name, _)| detail_of(kind, name).is_none_or(|it| caller.may(it)));
            let refusal = if caller.role.is_none() { "UNAUTHENTICATED" } else { "FORBIDDEN" };
            let all: Vec<_> = city.graph.all(kind).iter().map(|it| &it.id).collect();
            let one = format!("{}{}", list_name(kind, 1), &kind.name()[1..]);
            // What may be read is read together, some fields at a time: one that is refused refuses all.
            // What may not is asked for alone.
            let together = free.chunks(8).map(|it| (true, it));
            for (may, asked) in together.chain(held.chunks(1).map(|it| (false, it))) {
                let selection: String = asked.iter().map(|it| format!("{} ", it.1)).collect();
                for query in [
                    format!("{{ it: {list} {{ nodes {{ {selection} }} }} }}"),
                    format!("{{ it: {list} {{ edges {{ node {{ {selection} }} }} }} }}"),
                    format!(
                        "{{ it: {one}(by: {{ id: \"{}\" }}) {{ {selection} }} }}",
                        all.first().map_or("", |it| it)
                    ),
                    format!(
                        "{{ it: nodes(ids: []) {{ ... on {} {{ {selection} }} }} }}",
                        kind.name()
                    ),
                ] {
                    let before = city.app.statements();
                    let told = city.ask(&viewer, &query, &json!({})).await;
                    cells += asked.len();
                    if may {
                        assert!(told.get("refused").is_none(), "{} {query} {told}", caller.name);
                    } else {
                        assert_eq!(told["refused"], refusal, "{} {told}", caller.name);
                        assert_eq!(city.app.statements(), before, "{query}");
                    }
                }
            }
        }
    }
    assert!(cells > 10_000, "{cells} cells");
}

#[tokio::test]
async fn each_role_has_the_scopes_of_the_agreement_over_http_too() {
    let app = TestApp::new().await;

    for (role, scopes) in ROLES {
        let told = app.client(role, Some("130302")).await;
        let told = told.data("{ viewer { roles scopes } }", json!({})).await["viewer"].clone();
        let held: BTreeSet<String> = told["scopes"].as_array().unwrap().iter().map(text).collect();
        let expected: BTreeSet<String> =
            scopes.split(' ').filter(|it| !it.is_empty()).map(str::to_owned).collect();
        assert_eq!(held, expected, "{role:?}");
        assert_eq!(told["roles"], json!([role.name()]));
    }
    assert_eq!(ROLES.len(), Role::ALL.len());
}

/// A rule weakened, and what shows it.
struct Mutant {
    name: String,
    policy: Policy,
    shown_by: Shown,
}

enum Shown {
    /// What a role says that it may do.
    Scopes(Role),
    /// The lists of these kinds, for those of a standing, or for all.
    Lists(Vec<Kind>, Option<Standing>),
    /// A mutation of the kind, by somebody who may not.
    Write(Kind),
    /// A field of the kind, for somebody who may not read it.
    Field(Kind, &'static str),
    /// Whether a number is masked for a partner.
    Mask(&'static str),
    /// A list that is narrowed by the field, for somebody who may not.
    Filter(Kind, &'static str),
}

/// Each rule of the policy that something can depend on, weakened in turn.
fn mutants(schema: &Schema) -> Vec<Mutant> {
    let standard = Policy::standard();
    let mut mutants = Vec::new();
    let mut weaken = |name: String, shown_by: Shown, weaken: &dyn Fn(&mut Policy)| {
        let mut policy = Policy::clone(standard);
        policy.version = u32::try_from(mutants.len()).unwrap() + 1;
        weaken(&mut policy);
        mutants.push(Mutant { name, policy, shown_by });
    };
    for role in Role::ALL {
        for scope in Scope::ALL {
            if !standard.role(*role).scopes.contains(scope) {
                weaken(
                    format!("{} has {}", role.name(), scope.name()),
                    Shown::Scopes(*role),
                    &|it| {
                        it.roles[*role as usize].scopes.push(*scope);
                    },
                );
            }
        }
    }
    let holders = |standing: Standing, scope: Scope| {
        let mut roles = standard.roles.iter();
        roles.any(|it| it.standing == standing && it.scopes.contains(&scope))
    };
    for (place, rules) in standard.kinds.iter().enumerate() {
        let kind = rules.kind;
        if kind == Kind::StateTransition {
            continue;
        }
        if rules.read != Scope::DirectoryRead {
            let lists = Shown::Lists(vec![kind], None);
            weaken(format!("{kind:?} is read by all"), lists, &|it| {
                it.kinds[place].read = Scope::DirectoryRead;
            });
        }
        weaken(format!("{kind:?} is written by all"), Shown::Write(kind), &|it| {
            it.kinds[place].write = Scope::DirectoryRead;
        });
        for standing in Standing::ALL {
            if rules.rows(*standing) != &Rows::All && holders(*standing, rules.read) {
                let lists = Shown::Lists(vec![kind], Some(*standing));
                weaken(format!("{kind:?} all for {standing:?}"), lists, &|it| {
                    it.kinds[place].rows[*standing as usize] = Rows::All;
                });
            }
        }
        for (number, field) in rules.fields.iter().enumerate() {
            let name = field.name;
            if matches!(field.read, Right::Scope(_)) {
                weaken(
                    format!("{kind:?}.{name} is read by all"),
                    Shown::Field(kind, name),
                    &|it| {
                        it.kinds[place].fields[number].read = Right::Record;
                    },
                );
            }
            if matches!(field.filter, Right::Scope(_)) && can_filter(schema, kind, name) {
                weaken(
                    format!("{kind:?}.{name} narrows for all"),
                    Shown::Filter(kind, name),
                    &|it| {
                        it.kinds[place].fields[number].filter = Right::Record;
                    },
                );
            }
            if field.unmask.is_some() {
                weaken(format!("{kind:?}.{name} whole for all"), Shown::Mask(name), &|it| {
                    it.kinds[place].fields[number].unmask = Some(Scope::WorkerRead);
                });
            }
        }
    }
    let kinds: Vec<Kind> = LISTS.iter().map(|it| it.1).collect();
    for standing in [Standing::Person, Standing::Employer, Standing::Union, Standing::Handler] {
        let circle = standard.circle(standing);
        let place = standing as usize;
        let lists = || Shown::Lists(kinds.clone(), Some(standing));
        if circle.workers.is_some() {
            weaken(format!("{standing:?} has all workers"), lists(), &|it| {
                it.circles[place].workers = Some("(SELECT id FROM worker)");
            });
        }
        if circle.employers.is_some() {
            weaken(format!("{standing:?} has all employers"), lists(), &|it| {
                it.circles[place].employers = Some("(SELECT id FROM employer)");
            });
        }
        // Of a person's own memberships every union is one of the person's.
        if circle.unions.is_some() && standing != Standing::Person {
            weaken(format!("{standing:?} has all unions"), lists(), &|it| {
                it.circles[place].unions = Some("(SELECT id FROM union_organization)");
            });
        }
        if circle.cases.is_some() {
            weaken(format!("{standing:?} has all cases"), lists(), &|it| {
                it.circles[place].cases = Some("(SELECT id FROM dispute_case)");
            });
        }
    }
    // Clause by clause, what narrows a set.
    type Set = fn(&mut Circle) -> &mut Option<&'static str>;
    let clauses: [(&str, Standing, Set); 6] = [
        (" AND status = 'ACTIVE'", Standing::Employer, |it| &mut it.workers),
        (
            " AND case_id IN (SELECT case_id FROM dispute_proceeding WHERE accepted_on IS NOT NULL)",
            Standing::Employer,
            |it| &mut it.cases,
        ),
        (" AND status IN ('ACTIVE', 'TRANSFERRING', 'RETAINED')", Standing::Union, |it| {
            &mut it.workers
        }),
        (" AND recused_on IS NULL", Standing::Handler, |it| &mut it.cases),
        (" AND ended_on IS NULL", Standing::Handler, |it| &mut it.cases),
        ("WHERE handler_id = {me} AND", Standing::Handler, |it| &mut it.cases),
    ];
    for (clause, standing, set) in clauses {
        weaken(
            format!("{standing:?} without {clause}"),
            Shown::Lists(kinds.clone(), Some(standing)),
            &|it| {
                let set = set(&mut it.circles[standing as usize]);
                let text = set.unwrap();
                let kept = if clause.starts_with("WHERE") { "WHERE" } else { "" };
                let weaker = text.replace(clause, kept);
                assert_ne!(weaker, text);
                *set = Some(String::leak(weaker));
            },
        );
    }
    mutants
}

fn can_filter(schema: &Schema, kind: Kind, field: &str) -> bool {
    let Some(ExtendedType::InputObject(filter)) =
        schema.types.get(format!("{}Where", kind.name()).as_str())
    else {
        return false;
    };
    filter.fields.contains_key(field)
}

#[tokio::test]
async fn every_rule_of_the_policy_that_is_weakened_is_noticed() {
    let city = City::new().await;
    let schema = contract();
    let mut mutants = mutants(&schema);
    // Which rows there are is for the database to say; all else is judged before it is asked.
    mutants.retain(|it| !on_postgres() || matches!(it.shown_by, Shown::Lists(..)));
    let mut survivors = Vec::new();

    for mutant in &mutants {
        let policy = Arc::new(mutant.policy.clone());
        let mut is_noticed = false;
        for caller in &city.callers {
            let viewer = caller.viewer(&city.app.app, policy.clone());
            is_noticed |= match &mutant.shown_by {
                Shown::Scopes(role) => {
                    caller.role == Some(*role)
                        && caller.name != "narrowed"
                        && viewer.scopes().map(|it| it.name().to_owned()).collect::<BTreeSet<_>>()
                            != caller.scopes
                }
                Shown::Lists(kinds, standing) => {
                    let mut wrong = false;
                    if standing.is_none_or(|it| it == viewer.standing()) {
                        for kind in kinds {
                            let list = LISTS.iter().find(|it| it.1 == *kind).unwrap().0;
                            let query =
                                format!("{{ it: {list}(first: 100) {{ nodes {{ id }} }} }}");
                            let told = city.ask(&viewer, &query, &json!({})).await;
                            wrong = ids(&told["it"]["nodes"]) != caller.visible(&city.graph, *kind);
                            if wrong {
                                break;
                            }
                        }
                    }
                    wrong
                }
                Shown::Write(kind) => {
                    let may = caller.may(scopes_of(*kind).1);
                    !may && caller.role.is_some() && city.writes(&viewer, *kind).await
                }
                Shown::Field(kind, name) => {
                    let list = LISTS.iter().find(|it| it.1 == *kind).unwrap().0;
                    let selection = fields(&schema, *kind).into_iter().find(|it| it.0 == *name);
                    let query =
                        format!("{{ it: {list} {{ nodes {{ {} }} }} }}", selection.unwrap().1);
                    let told = city.ask(&viewer, &query, &json!({})).await;
                    let may = detail_of(*kind, name).is_none_or(|it| caller.may(it));
                    !may && told.get("refused").is_none()
                }
                Shown::Filter(kind, name) => {
                    let list = LISTS.iter().find(|it| it.1 == *kind).unwrap().0;
                    let query = format!(
                        "{{ it: {list}(where: {{ {name}: {{ isNull: false }} }}) {{ nodes {{ id }} }} }}"
                    );
                    let told = city.ask(&viewer, &query, &json!({})).await;
                    let may = detail_of(*kind, name).is_none_or(|it| caller.may(it));
                    !may && caller.may(scopes_of(*kind).0) && told.get("failed").is_none()
                }
                Shown::Mask(name) => {
                    let query =
                        format!("{{ it: workers {{ nodes {{ {name} {{ isMasked }} }} }} }}");
                    let told = city.ask(&viewer, &query, &json!({})).await;
                    let nodes = told["it"]["nodes"].as_array();
                    let mut shown = nodes.into_iter().flatten();
                    !caller.may("worker:unmask") && shown.any(|it| it[name]["isMasked"] == false)
                }
            };
            if is_noticed {
                break;
            }
        }
        if !is_noticed {
            survivors.push(&mutant.name);
        }
    }

    assert_eq!(survivors, Vec::<&String>::new(), "of {}", mutants.len());
    assert!(mutants.len() >= 100, "{}", mutants.len());
}

impl City {
    /// Whether a viewer gets as far as to have a write of this kind judged.
    async fn writes(&self, viewer: &Viewer, kind: Kind) -> bool {
        let mutations = crate::world::Mutations::of_the_schema();
        let name = format!("{}{}", list_name(kind, 1), &kind.name()[1..]);
        // A step of the competition has the name of an award.
        // To erase takes a scope of its own, and to file a request.
        let mutation = mutations.all.iter().filter(|it| {
            let is_apart = it.name.ends_with("Erase") || it.name.ends_with("File");
            it.name.starts_with(&name) && it.name != name && !is_apart
        });
        let mutation = mutation.min_by_key(|it| it.name.len()).unwrap();
        let unseen = |kind| gongtu::kind::encode_id(kind, Uuid::now_v7());
        let mut input = mutations.input(mutation, &unseen);
        input["validateOnly"] = json!(true);
        let name = &mutation.name;
        let query = format!(
            "mutation($input: {}{}Input!) {{ {name}(input: $input) {{ userErrors {{ code }} }} }}",
            name[..1].to_uppercase(),
            &name[1..]
        );
        let told = self.ask(viewer, &query, &json!({ "input": input })).await;
        told["failed"] != "FORBIDDEN"
    }
}
