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
pub mod wage_recovery;
pub mod external_id;

pub use crate::state_transition;

/// Writes out everything that has one entry per resource.
macro_rules! resources {
    (
        roots: $($root:ident::$Root:ident),* ;
        others: $($other:ident::$Other:ident),* ;
        $($rest:tt)*
    ) => {
        /// The records that a field of the query reaches, if it is a field of these.
        pub fn entry(field: &str) -> Option<crate::link::Entry> {
            None$(.or_else(|| crate::link::entry::<$root::$Root>(field)))*
        }

        resources! { objects: $($root::$Root,)* $($other::$Other),*; $($rest)* }
    };
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

        /// What can be done.
        ///
        /// 变更入口。
        #[derive(Default, async_graphql::MergedObject)]
        #[graphql(name = "Mutation")]
        pub struct Mutations($($mutation::$Mutations),*);

        $(
            impl $object::$Object {
                async fn node_id(
                    &self,
                    _: &async_graphql::Context<'_>,
                ) -> async_graphql::Result<async_graphql::ID> {
                    let kind = <$object::$Object as crate::resource::Resource>::KIND;
                    Ok(crate::kind::encode_id(kind, crate::resource::Resource::id(self)).into())
                }
            }
        )*

        impl crate::kind::Kind {
            /// The record of this kind with this id, if it is there and the viewer may see it.
            pub async fn find(
                self,
                ctx: &async_graphql::Context<'_>,
                id: uuid::Uuid,
            ) -> crate::context::Nullable<Node> {
                use crate::context::ContextExt;
                match self {
                    $(crate::kind::Kind::$Object => {
                        let found: crate::context::Nullable<$object::$Object> = ctx.find(Some(id)).await;
                        found.map(|it| it.map(Node::$Object))
                    })*
                }
            }
        }
    };
}

resources! {
    roots:
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
        wage_recovery::WageRecovery;
    others:
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
        wage_recovery::Queries, wage_recovery::Groups;
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
        competition::Mutations, competition::Steps,
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
        wage_recovery::Mutations, wage_recovery::Steps;
}
