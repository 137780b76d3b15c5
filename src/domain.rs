//! The domain: one module per resource, each named once in `resources!`.

pub mod division;
pub mod worker;
pub mod employer;
pub mod employment_relation;
pub mod union_organization;
pub mod union_membership;
pub mod pilot_batch;
pub mod pilot_unit;
pub mod pilot_measure;
pub mod best_practice;
pub mod competition;
pub mod competition_event;
pub mod competition_entry;
pub mod competition_award;
pub mod innovation_studio;
pub mod studio_accreditation;
pub mod studio_member;
pub mod studio_grant;
pub mod innovation_achievement;
pub mod dispute_case;
pub mod dispute_party;
pub mod dispute_claim;
pub mod dispute_proceeding;
pub mod dispute_assignment;
pub mod wage_recovery;
pub mod policy_document;
pub mod performance_target;
pub mod pay_reform_measure;
pub mod skill_allowance;
pub mod organization_coverage;
pub mod skill_evaluation_institution;
pub mod skill_certificate;
pub mod title_series;
pub mod pathway_rule;
pub mod professional_title;
pub mod pathway_recognition;
pub mod training_provider;
pub mod training_program;
pub mod training_enrollment;
pub mod training_subsidy_payment;
pub mod hosting_right;
pub mod honour_title;
pub mod honour_round;
pub mod honour_nomination;
pub mod honour_award;
pub mod selection;
pub mod selection_result;
pub mod exhibition;
pub mod exhibition_entry;
pub mod conversion_agreement;
pub mod revenue_share;
pub mod innovation_alliance;
pub mod alliance_membership;
pub mod alliance_activity;
pub mod collective_agreement;
pub mod agreement_party;
pub mod agreement_review;
pub mod membership_drive;
pub mod membership_application;
pub mod gig_engagement;
pub mod campaign;
pub mod activity;
pub mod activity_participation;
pub mod volunteer_enrollment;
pub mod volunteer_service_record;
pub mod workers_congress;
pub mod congress_session;
pub mod congress_delegate;
pub mod representation_quota;
pub mod proposal;
pub mod disclosure_item;
pub mod employee_director;
pub mod holiday;
pub mod deadline;
pub mod union_legal_notice;
pub mod hotline_ticket;
pub mod legal_aid_grant;
pub mod wage_arrears_case;
pub mod wage_arrears_party;
pub mod score_component;
pub mod score_sheet;
pub mod competition_team;
pub mod competition_appeal;
pub mod promotion_rule;
pub mod membership_transfer;
pub mod union_officer;
pub mod code_system;
pub mod code;
pub mod code_mapping;
pub mod metric_snapshot;
pub mod import_batch;
pub mod raw_record;
pub mod quality_issue;
pub mod data_subject_request;
pub mod external_id;
pub mod worker_export;

use std::future::{Ready, ready};

use async_graphql::{Context, ID};

use crate::{kind::encode_id, resource::Resource};

pub use crate::state_transition;

trait Identified {
    fn node_id(&self, ctx: &Context<'_>) -> Ready<async_graphql::Result<ID>>;
}

impl<R: Resource> Identified for R {
    fn node_id(&self, _: &Context<'_>) -> Ready<async_graphql::Result<ID>> {
        ready(Ok(encode_id(R::KIND, self.id()).into()))
    }
}

/// Writes out everything that has one entry per resource.
macro_rules! resources {
    (
        objects: $($object:ident::$Object:ident),* ;
        queries: $($query:ident::$Queries:ident),* ;
        mutations: $($mutation:ident::$Mutations:ident),* $(;)?
    ) => {
        /// A record with an id that is unique in the graph.
        ///
        /// 具有全局唯一编号的记录。
        #[derive(async_graphql::Interface)]
        #[graphql(field(
            name = "id",
            ty = "async_graphql::ID",
            method = "node_id",
            desc = "The id: opaque, unique in the graph. 全局编号"
        ))]
        pub enum Node {
            $($Object($object::$Object)),*
        }

        #[derive(Default, async_graphql::MergedObject)]
        #[graphql(name = "DomainQueries")]
        pub struct Queries($($query::$Queries),*);

        /// The field of the query that has a name, if it can be planned.
        pub fn entry(field: &str) -> Option<crate::link::Entry> {
            use crate::link::Plannable;
            None$(.or_else(|| $query::$Queries::entry(field)))*
        }

        #[derive(Default, async_graphql::MergedObject)]
        #[graphql(name = "DomainMutations")]
        pub struct Mutations($($mutation::$Mutations),*);

        /// The records of a kind, for code that is the same for all kinds.
        pub fn source(kind: crate::kind::Kind) -> &'static dyn crate::link::Source {
            match kind {
                $(crate::kind::Kind::$Object => crate::link::source::<$object::$Object>(),)*
            }
        }

        /// The record of a kind with an id, if it is there and the viewer may see it.
        pub async fn find(
            ctx: &async_graphql::Context<'_>,
            kind: crate::kind::Kind,
            id: uuid::Uuid,
        ) -> crate::context::Nullable<Node> {
            use crate::context::ContextExt;
            match kind {
                $(crate::kind::Kind::$Object => {
                    let found: crate::context::Nullable<$object::$Object> = ctx.find(Some(id)).await;
                    found.map(|it| it.map(Node::$Object))
                })*
            }
        }
    };
}

resources! {
    objects:
        division::Division,
        worker::Worker,
        employer::Employer,
        employment_relation::EmploymentRelation,
        union_organization::UnionOrganization,
        union_membership::UnionMembership,
        pilot_batch::PilotBatch,
        pilot_unit::PilotUnit,
        pilot_measure::PilotMeasure,
        best_practice::BestPractice,
        competition::Competition,
        competition_event::CompetitionEvent,
        competition_entry::CompetitionEntry,
        competition_award::CompetitionAward,
        innovation_studio::InnovationStudio,
        studio_accreditation::StudioAccreditation,
        studio_member::StudioMember,
        studio_grant::StudioGrant,
        innovation_achievement::InnovationAchievement,
        dispute_case::DisputeCase,
        dispute_party::DisputeParty,
        dispute_claim::DisputeClaim,
        dispute_proceeding::DisputeProceeding,
        dispute_assignment::DisputeAssignment,
        wage_recovery::WageRecovery,
        policy_document::PolicyDocument,
        performance_target::PerformanceTarget,
        pay_reform_measure::PayReformMeasure,
        skill_allowance::SkillAllowance,
        organization_coverage::OrganizationCoverage,
        skill_evaluation_institution::SkillEvaluationInstitution,
        skill_certificate::SkillCertificate,
        title_series::TitleSeries,
        pathway_rule::PathwayRule,
        professional_title::ProfessionalTitle,
        pathway_recognition::PathwayRecognition,
        training_provider::TrainingProvider,
        training_program::TrainingProgram,
        training_enrollment::TrainingEnrollment,
        training_subsidy_payment::TrainingSubsidyPayment,
        hosting_right::HostingRight,
        honour_title::HonourTitle,
        honour_round::HonourRound,
        honour_nomination::HonourNomination,
        honour_award::HonourAward,
        selection::Selection,
        selection_result::SelectionResult,
        exhibition::Exhibition,
        exhibition_entry::ExhibitionEntry,
        conversion_agreement::ConversionAgreement,
        revenue_share::RevenueShare,
        innovation_alliance::InnovationAlliance,
        alliance_membership::AllianceMembership,
        alliance_activity::AllianceActivity,
        collective_agreement::CollectiveAgreement,
        agreement_party::AgreementParty,
        agreement_review::AgreementReview,
        membership_drive::MembershipDrive,
        membership_application::MembershipApplication,
        gig_engagement::GigEngagement,
        campaign::Campaign,
        activity::Activity,
        activity_participation::ActivityParticipation,
        volunteer_enrollment::VolunteerEnrollment,
        volunteer_service_record::VolunteerServiceRecord,
        workers_congress::WorkersCongress,
        congress_session::CongressSession,
        congress_delegate::CongressDelegate,
        representation_quota::RepresentationQuota,
        proposal::Proposal,
        disclosure_item::DisclosureItem,
        employee_director::EmployeeDirector,
        holiday::Holiday,
        deadline::Deadline,
        union_legal_notice::UnionLegalNotice,
        hotline_ticket::HotlineTicket,
        legal_aid_grant::LegalAidGrant,
        wage_arrears_case::WageArrearsCase,
        wage_arrears_party::WageArrearsParty,
        score_component::ScoreComponent,
        score_sheet::ScoreSheet,
        competition_team::CompetitionTeam,
        competition_appeal::CompetitionAppeal,
        promotion_rule::PromotionRule,
        membership_transfer::MembershipTransfer,
        union_officer::UnionOfficer,
        code_system::CodeSystem,
        code::Code,
        code_mapping::CodeMapping,
        metric_snapshot::MetricSnapshot,
        import_batch::ImportBatch,
        raw_record::RawRecord,
        quality_issue::QualityIssue,
        data_subject_request::DataSubjectRequest,
        state_transition::StateTransition;
    queries:
        division::Queries,
        worker::Queries, worker::Groups,
        employer::Queries, employer::Groups,
        employment_relation::Queries, employment_relation::Groups,
        union_organization::Queries, union_organization::Groups,
        union_membership::Queries, union_membership::Groups,
        pilot_batch::Queries,
        pilot_unit::Queries, pilot_unit::Groups,
        pilot_measure::Queries,
        best_practice::Queries,
        competition::Queries, competition::Groups,
        competition_event::Queries,
        competition_entry::Queries, competition_entry::Groups,
        competition_award::Queries,
        innovation_studio::Queries, innovation_studio::Groups,
        studio_accreditation::Queries,
        studio_member::Queries,
        studio_grant::Queries, studio_grant::Groups,
        innovation_achievement::Queries, innovation_achievement::Groups,
        dispute_case::Queries, dispute_case::Groups,
        dispute_party::Queries,
        dispute_claim::Queries, dispute_claim::Groups,
        dispute_proceeding::Queries,
        dispute_assignment::Queries,
        wage_recovery::Queries, wage_recovery::Groups,
        policy_document::Queries, policy_document::Groups,
        performance_target::Queries,
        pay_reform_measure::Queries, pay_reform_measure::Groups,
        skill_allowance::Queries,
        organization_coverage::Queries, organization_coverage::Groups,
        skill_evaluation_institution::Queries, skill_evaluation_institution::Groups,
        skill_certificate::Queries, skill_certificate::Groups,
        title_series::Queries, title_series::Groups,
        pathway_rule::Queries, pathway_rule::Groups,
        professional_title::Queries, professional_title::Groups,
        pathway_recognition::Queries, pathway_recognition::Groups,
        training_provider::Queries, training_provider::Groups,
        training_program::Queries, training_program::Groups,
        training_enrollment::Queries, training_enrollment::Groups,
        training_subsidy_payment::Queries, training_subsidy_payment::Groups,
        hosting_right::Queries, hosting_right::Groups,
        honour_title::Queries, honour_title::Groups,
        honour_round::Queries,
        honour_nomination::Queries, honour_nomination::Groups,
        honour_award::Queries, honour_award::Groups,
        selection::Queries, selection::Groups,
        selection_result::Queries,
        exhibition::Queries, exhibition::Groups,
        exhibition_entry::Queries, exhibition_entry::Groups,
        conversion_agreement::Queries, conversion_agreement::Groups,
        revenue_share::Queries,
        innovation_alliance::Queries,
        alliance_membership::Queries,
        alliance_activity::Queries, alliance_activity::Groups,
        collective_agreement::Queries, collective_agreement::Groups,
        agreement_party::Queries,
        agreement_review::Queries, agreement_review::Groups,
        membership_drive::Queries,
        membership_application::Queries, membership_application::Groups,
        gig_engagement::Queries, gig_engagement::Groups,
        campaign::Queries, campaign::Groups,
        activity::Queries, activity::Groups,
        activity_participation::Queries,
        volunteer_enrollment::Queries, volunteer_enrollment::Groups,
        volunteer_service_record::Queries,
        workers_congress::Queries, workers_congress::Groups,
        congress_session::Queries,
        congress_delegate::Queries, congress_delegate::Groups,
        representation_quota::Queries, representation_quota::Groups,
        proposal::Queries, proposal::Groups,
        disclosure_item::Queries, disclosure_item::Groups,
        employee_director::Queries, employee_director::Groups,
        holiday::Queries, holiday::Groups,
        deadline::Queries, deadline::Groups,
        union_legal_notice::Queries, union_legal_notice::Groups,
        hotline_ticket::Queries, hotline_ticket::Groups,
        legal_aid_grant::Queries, legal_aid_grant::Groups,
        wage_arrears_case::Queries,
        wage_arrears_party::Queries, wage_arrears_party::Groups,
        score_component::Queries,
        score_sheet::Queries,
        competition_team::Queries,
        competition_appeal::Queries, competition_appeal::Groups,
        promotion_rule::Queries, promotion_rule::Groups,
        membership_transfer::Queries, membership_transfer::Groups,
        union_officer::Queries, union_officer::Groups,
        code_system::Queries,
        code::Queries,
        code_mapping::Queries, code_mapping::Groups,
        metric_snapshot::Queries,
        import_batch::Queries, import_batch::Groups,
        raw_record::Queries, raw_record::Groups,
        quality_issue::Queries, quality_issue::Groups,
        data_subject_request::Queries,
        worker_export::Queries;
    mutations:
        division::Mutations,
        worker::Mutations,
        employer::Mutations,
        employment_relation::Mutations,
        union_organization::Mutations, union_organization::Steps,
        union_membership::Mutations, union_membership::Steps,
        pilot_batch::Mutations, pilot_batch::Steps,
        pilot_unit::Mutations, pilot_unit::Steps,
        pilot_measure::Mutations,
        best_practice::Mutations,
        competition::Mutations, competition::Results, competition::Steps,
        competition_event::Mutations,
        competition_entry::Mutations, competition_entry::Steps,
        competition_award::Mutations,
        innovation_studio::Mutations,
        studio_accreditation::Mutations, studio_accreditation::Steps,
        studio_member::Mutations,
        studio_grant::Mutations, studio_grant::Steps,
        innovation_achievement::Mutations, innovation_achievement::Steps,
        dispute_case::Mutations,
        dispute_party::Mutations,
        dispute_claim::Mutations,
        dispute_proceeding::Mutations, dispute_proceeding::Steps,
        dispute_assignment::Mutations,
        wage_recovery::Mutations, wage_recovery::Steps,
        policy_document::Mutations,
        performance_target::Mutations,
        pay_reform_measure::Mutations,
        skill_allowance::Mutations,
        organization_coverage::Mutations,
        skill_evaluation_institution::Mutations, skill_evaluation_institution::Steps,
        skill_certificate::Mutations, skill_certificate::Steps,
        title_series::Mutations,
        pathway_rule::Mutations,
        professional_title::Mutations,
        pathway_recognition::Mutations, pathway_recognition::Steps,
        training_provider::Mutations,
        training_program::Mutations,
        training_enrollment::Mutations, training_enrollment::Steps,
        training_subsidy_payment::Mutations, training_subsidy_payment::Steps,
        hosting_right::Mutations, hosting_right::Steps,
        honour_title::Mutations,
        honour_round::Mutations,
        honour_nomination::Mutations, honour_nomination::Steps,
        honour_award::Mutations, honour_award::Steps,
        selection::Mutations,
        selection_result::Mutations,
        exhibition::Mutations,
        exhibition_entry::Mutations,
        conversion_agreement::Mutations,
        revenue_share::Mutations,
        innovation_alliance::Mutations,
        alliance_membership::Mutations,
        alliance_activity::Mutations,
        collective_agreement::Mutations, collective_agreement::Steps,
        agreement_party::Mutations,
        agreement_review::Mutations,
        membership_drive::Mutations,
        membership_application::Mutations, membership_application::Steps,
        gig_engagement::Mutations,
        campaign::Mutations,
        activity::Mutations,
        activity_participation::Mutations,
        volunteer_enrollment::Mutations, volunteer_enrollment::Steps,
        volunteer_service_record::Mutations,
        workers_congress::Mutations,
        congress_session::Mutations,
        congress_delegate::Mutations,
        representation_quota::Mutations,
        proposal::Mutations, proposal::Steps,
        disclosure_item::Mutations,
        employee_director::Mutations,
        holiday::Mutations,
        deadline::Mutations,
        union_legal_notice::Mutations, union_legal_notice::Steps,
        hotline_ticket::Mutations, hotline_ticket::Steps,
        legal_aid_grant::Mutations,
        wage_arrears_case::Mutations,
        wage_arrears_party::Mutations,
        score_component::Mutations,
        score_sheet::Mutations,
        competition_team::Mutations,
        competition_appeal::Mutations, competition_appeal::Steps,
        promotion_rule::Mutations,
        membership_transfer::Mutations, membership_transfer::Steps,
        union_officer::Mutations,
        code_system::Mutations,
        code::Mutations,
        code_mapping::Mutations,
        metric_snapshot::Mutations,
        import_batch::Mutations,
        raw_record::Mutations,
        quality_issue::Mutations, quality_issue::Steps,
        data_subject_request::Mutations, data_subject_request::Steps;
}
