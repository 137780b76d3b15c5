use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use entity::{
    activity, activity_participation, agreement_party, agreement_review, alliance_activity,
    alliance_membership, best_practice, campaign, change_log, change_log::ChangeAction, code,
    code_mapping, code_system, collective_agreement, competition, competition_appeal,
    competition_award, competition_entry, competition_event, competition_team, congress_delegate,
    congress_session, conversion_agreement, deadline, disclosure_item, dispute_case, dispute_claim,
    dispute_party, dispute_proceeding, employee_director, employer, employment_relation,
    exhibition, exhibition_entry, external_id, gig_engagement, holiday, honour_award,
    honour_nomination, honour_round, honour_title, hosting_right, hotline_ticket, import_batch,
    innovation_achievement, innovation_alliance, innovation_studio, legal_aid_grant,
    membership_application, membership_drive, membership_transfer, metric_snapshot,
    organization_coverage, pathway_recognition, pathway_rule, pay_reform_measure,
    performance_target, pilot_batch, pilot_measure, pilot_unit, policy_document,
    professional_title, promotion_rule, proposal, quality_issue, raw_record, representation_quota,
    revenue_share, score_component, score_sheet, selection, selection_result, skill_allowance,
    skill_certificate, skill_evaluation_institution, studio_accreditation, studio_grant,
    studio_member, title_series, training_enrollment, training_program, training_provider,
    training_subsidy_payment, union_legal_notice, union_membership, union_officer,
    union_organization, volunteer_enrollment, volunteer_service_record, wage_arrears_case,
    wage_arrears_party, wage_recovery, worker, workers_congress,
};
use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, DbErr, ModelTrait, Statement};
use tokio::task::JoinHandle;
use uuid::Uuid;

pub use self::index::Lifted;
use self::table::{Batch, Table};
use super::{
    Plan,
    dice::{Dice, Stream},
    refuse,
};

mod table;
mod copy;
mod index;

/// Keeps rows until they are worth a transaction, and gives each record its id, its time and its
/// entry in the change log.
pub struct Ledger<'a> {
    database: DatabaseConnection,
    progress: &'a dyn Fn(&'static str, u64, u64),
    dice: Dice,
    /// When the next record is made: a millisecond after the one before.
    clock: DateTime<Utc>,
    tables: Vec<Table>,
    sequence: i64,
    waiting: usize,
    /// So many make a transaction.
    rows: usize,
    lifted: Lifted,
    /// The rows before, which are written while the next are made.
    writing: Option<JoinHandle<Result<Vec<Batch>, DbErr>>>,
}

/// What a record is given when it is made.
#[derive(Clone, Copy)]
pub struct Stamp {
    pub id: Uuid,
    pub at: DateTime<Utc>,
}

/// A record of the domain.
pub trait Record: ModelTrait {
    const PLACE: Place;
    /// The name of its type in the schema.
    const KIND: &'static str;

    fn stamp(&self) -> Stamp;

    fn division_code(&self) -> &str;
}

/// A transaction holds about so many rows, of which there are two at a time.
const ROWS: usize = 20_000;
const ROWS_OF_COPY: usize = 80_000;
/// Writes out the tables in the order in which they refer to each other.
macro_rules! records {
    ($($table:ident $Kind:ident),* $(,)?) => {
        #[derive(Clone, Copy)]
        pub enum Place {
            $($Kind,)*
            ExternalId,
            ChangeLog,
        }

        $(impl Record for $table::Model {
            const PLACE: Place = Place::$Kind;
            const KIND: &'static str = stringify!($Kind);

            fn stamp(&self) -> Stamp {
                Stamp { id: self.id, at: self.created_at }
            }

            fn division_code(&self) -> &str {
                self.division_code.as_str()
            }
        })*

        fn tables(database: &DatabaseConnection) -> Vec<Table> {
            vec![
                $(Table::of::<$table::Entity>(database),)*
                Table::of::<external_id::Entity>(database),
                Table::of::<change_log::Entity>(database),
            ]
        }
    };
}

records! {
    employer Employer,
    worker Worker,
    employment_relation EmploymentRelation,
    union_organization UnionOrganization,
    union_membership UnionMembership,
    pilot_batch PilotBatch,
    pilot_unit PilotUnit,
    pilot_measure PilotMeasure,
    best_practice BestPractice,
    competition Competition,
    competition_event CompetitionEvent,
    competition_entry CompetitionEntry,
    competition_award CompetitionAward,
    innovation_studio InnovationStudio,
    studio_accreditation StudioAccreditation,
    studio_member StudioMember,
    studio_grant StudioGrant,
    innovation_achievement InnovationAchievement,
    dispute_case DisputeCase,
    dispute_party DisputeParty,
    dispute_claim DisputeClaim,
    dispute_proceeding DisputeProceeding,
    wage_recovery WageRecovery,
    policy_document PolicyDocument,
    performance_target PerformanceTarget,
    pay_reform_measure PayReformMeasure,
    skill_allowance SkillAllowance,
    organization_coverage OrganizationCoverage,
    skill_evaluation_institution SkillEvaluationInstitution,
    skill_certificate SkillCertificate,
    title_series TitleSeries,
    pathway_rule PathwayRule,
    professional_title ProfessionalTitle,
    pathway_recognition PathwayRecognition,
    training_provider TrainingProvider,
    training_program TrainingProgram,
    training_enrollment TrainingEnrollment,
    training_subsidy_payment TrainingSubsidyPayment,
    hosting_right HostingRight,
    honour_title HonourTitle,
    honour_round HonourRound,
    honour_nomination HonourNomination,
    honour_award HonourAward,
    selection Selection,
    selection_result SelectionResult,
    exhibition Exhibition,
    exhibition_entry ExhibitionEntry,
    conversion_agreement ConversionAgreement,
    revenue_share RevenueShare,
    innovation_alliance InnovationAlliance,
    alliance_membership AllianceMembership,
    alliance_activity AllianceActivity,
    collective_agreement CollectiveAgreement,
    agreement_party AgreementParty,
    agreement_review AgreementReview,
    membership_drive MembershipDrive,
    membership_application MembershipApplication,
    gig_engagement GigEngagement,
    campaign Campaign,
    activity Activity,
    activity_participation ActivityParticipation,
    volunteer_enrollment VolunteerEnrollment,
    volunteer_service_record VolunteerServiceRecord,
    workers_congress WorkersCongress,
    congress_session CongressSession,
    congress_delegate CongressDelegate,
    representation_quota RepresentationQuota,
    proposal Proposal,
    disclosure_item DisclosureItem,
    employee_director EmployeeDirector,
    holiday Holiday,
    deadline Deadline,
    union_legal_notice UnionLegalNotice,
    hotline_ticket HotlineTicket,
    legal_aid_grant LegalAidGrant,
    wage_arrears_case WageArrearsCase,
    wage_arrears_party WageArrearsParty,
    score_component ScoreComponent,
    score_sheet ScoreSheet,
    competition_team CompetitionTeam,
    competition_appeal CompetitionAppeal,
    promotion_rule PromotionRule,
    membership_transfer MembershipTransfer,
    union_officer UnionOfficer,
    code_system CodeSystem,
    code Code,
    code_mapping CodeMapping,
    metric_snapshot MetricSnapshot,
    import_batch ImportBatch,
    raw_record RawRecord,
    quality_issue QualityIssue,
}

/// Makes a record of a table and adds it: what all records have is filled in.
macro_rules! record {
    ($ledger:expr, $division:expr, $table:ident { $($field:ident $(: $value:expr)?),* $(,)? }) => {{
        let stamp = $ledger.stamp();
        let row = $table::Model {
            id: stamp.id,
            division_code: $division,
            version: 1,
            created_at: stamp.at,
            updated_at: stamp.at,
            archived_at: None,
            $($field $(: $value)?),*
        };
        $ledger.add(&row);
        row
    }};
}
pub(super) use record;

/// Refuses a database that holds records, whole or in part.
pub async fn check_empty(database: &DatabaseConnection) -> Result<(), DbErr> {
    let kernel = ["outbox", "state_transition"];
    for table in tables(database).iter().map(|it| it.name).chain(kernel) {
        let any = Statement::from_string(
            database.get_database_backend(),
            format!(r#"SELECT 1 FROM "{table}" LIMIT 1"#),
        );
        if database.query_one_raw(any).await?.is_some() {
            return Err(refuse(format!(
                "the table {table} is not empty, and no finished load of demo data is on record: \
                 take a new database"
            )));
        }
    }
    Ok(())
}

impl<'a> Ledger<'a> {
    pub async fn open(
        database: &DatabaseConnection,
        plan: &Plan,
        progress: &'a dyn Fn(&'static str, u64, u64),
    ) -> Result<Ledger<'a>, DbErr> {
        let tables = tables(database);
        let names: Vec<&str> = tables.iter().map(|it| it.name).collect();
        let rows = match database.get_database_backend() {
            DbBackend::Postgres => ROWS_OF_COPY,
            _ => ROWS,
        };
        Ok(Ledger {
            lifted: Lifted::lift(database, plan, &names).await?,
            database: database.clone(),
            progress,
            dice: Dice::new(plan.seed, Stream::Ledger),
            clock: opening(plan.yesterday()),
            tables,
            sequence: 0,
            waiting: 0,
            rows,
            writing: None,
        })
    }

    /// The id and the time of a new record.
    pub fn stamp(&mut self) -> Stamp {
        self.clock += TimeDelta::milliseconds(1);
        Stamp { id: self.id(), at: self.clock }
    }

    /// Says how many rows of a table there will be, or about.
    pub fn expect(&mut self, place: Place, rows: u64) {
        self.tables[place as usize].expected = rows;
    }

    /// Takes a record, and enters its creation in the change log.
    pub fn add<M: Record>(&mut self, record: &M) {
        let Stamp { id, at } = record.stamp();
        self.sequence += 1;
        let change = change_log::Model {
            sequence: self.sequence,
            event_id: self.id_at(at),
            kind: M::KIND.to_owned(),
            record_id: id,
            action: ChangeAction::Created,
            record_version: 1,
            operation: "demo".to_owned(),
            actor: "demo".to_owned(),
            division_code: record.division_code().to_owned(),
            previous_division_code: None,
            at,
        };
        self.put(M::PLACE, record);
        self.put(Place::ChangeLog, &change);
    }

    /// Takes the name that a source system has for a record.
    pub fn name<M: Record>(&mut self, record: &M, source: &str, value: &str) {
        let Stamp { id: record_id, at } = record.stamp();
        let name = external_id::Model {
            id: self.id_at(at),
            kind: M::KIND.to_owned(),
            source: source.to_owned(),
            value: value.to_owned(),
            record_id,
            created_at: at,
        };
        self.put(Place::ExternalId, &name);
    }

    /// Sends the rows on when there are enough of them. Call it between records, often.
    pub async fn pass_on(&mut self) -> Result<(), DbErr> {
        if self.waiting < self.rows {
            return Ok(());
        }
        self.write().await
    }

    /// Writes all that waits; the tables with their rows.
    pub async fn close(mut self) -> Result<Vec<(&'static str, u64)>, DbErr> {
        self.write().await?;
        self.settle().await?;
        self.lifted.put_back(&self.database).await?;
        for table in &self.tables {
            (self.progress)(table.name, table.written, table.written);
        }
        Ok(self.tables.iter().map(|it| (it.name, it.written)).collect())
    }

    fn put<M: ModelTrait>(&mut self, place: Place, row: &M) {
        self.tables[place as usize].put(row);
        self.waiting += 1;
    }

    fn id(&mut self) -> Uuid {
        self.id_at(self.clock)
    }

    /// An id of version 7, of which only the time is not chance.
    fn id_at(&mut self, at: DateTime<Utc>) -> Uuid {
        let chance = u128::from(self.dice.bits()) << 64 | u128::from(self.dice.bits());
        let random = chance.to_be_bytes()[..10].try_into().expect("ten of sixteen bytes");
        uuid::Builder::from_unix_timestamp_millis(at.timestamp_millis().unsigned_abs(), &random)
            .into_uuid()
    }

    async fn write(&mut self) -> Result<(), DbErr> {
        self.settle().await?;
        let tables = self.tables.iter_mut().enumerate();
        let batches = tables.filter_map(|(place, table)| table.batch(place)).collect();
        self.waiting = 0;
        self.writing = Some(tokio::spawn(write(self.database.clone(), batches)));
        Ok(())
    }

    /// Waits for the rows under way.
    async fn settle(&mut self) -> Result<(), DbErr> {
        let Some(writing) = self.writing.take() else { return Ok(()) };
        let written = writing.await.map_err(|it| refuse(it.to_string()))??;
        for batch in written {
            let table = &mut self.tables[batch.place];
            table.written += batch.count;
            (self.progress)(table.name, table.written, table.expected.max(table.written));
        }
        Ok(())
    }
}

async fn write(database: DatabaseConnection, batches: Vec<Batch>) -> Result<Vec<Batch>, DbErr> {
    table::write(database, &batches).await?;
    Ok(batches)
}

/// Midnight in China, at the beginning of that day.
fn opening(day: NaiveDate) -> DateTime<Utc> {
    day.and_time(chrono::NaiveTime::MIN).and_utc() - TimeDelta::hours(8)
}
