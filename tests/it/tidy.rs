//! The house's own rules, so that nobody has to remember them.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use gongtu::{domain, kind::Kind, resource::Resource};
use sea_orm::{EntityName, EntityTrait, IdenStatic, Iterable};

use crate::support::{TestApp, on_postgres};

const LINES: usize = 600;

/// Files that may be longer, how long, and why. A slice of the domain says everything of one
/// resource, from its type to its rules, and may be longer too.
const LONG: &[(&str, usize, &str)] = &[(
    "kernel/src/unit_of_work.rs",
    800,
    "the one place that writes: its parts share private fields",
)];
const SLICE_LINES: usize = 1_000;

/// The folders whose modules are layers, those of the first above those of the second.
const CRATES: [&str; 2] = ["kernel/src", "src"];

/// The modules of a crate, in the order of its `lib.rs`.
fn modules(folder: &str) -> Vec<String> {
    let lib = read(&root().join(folder).join("lib.rs"));
    let modules = lib.lines().filter_map(|it| it.strip_prefix("pub mod ")?.strip_suffix(';'));
    modules.map(str::to_owned).collect()
}

#[test]
fn modules_use_only_the_layers_above_them() {
    let layers = CRATES.iter().flat_map(|it| modules(it).into_iter().map(move |layer| (it, layer)));
    let layers: Vec<_> = layers.collect();
    assert!(layers.len() > 20, "{layers:?}");

    let mut offences = Vec::new();
    for (rank, (folder, layer)) in layers.iter().enumerate() {
        for file in module_files(folder, layer) {
            let is_top = file.parent().unwrap().ends_with("src");
            for used in uses(&without_comments(&read(&file)), is_top) {
                if layers[rank + 1..].iter().any(|(_, it)| *it == used) {
                    offences.push(format!("{} uses {used}, which is below it", shown(&file)));
                }
            }
        }
    }
    assert_eq!(offences, Vec::<String>::new());
}

#[test]
fn every_module_has_its_layer() {
    for folder in CRATES {
        let in_folder: BTreeSet<String> = fs::read_dir(root().join(folder))
            .unwrap()
            .map(|it| it.unwrap().path())
            .filter(|it| it.extension().is_some_and(|it| it == "rs"))
            .map(|it| it.file_stem().unwrap().to_str().unwrap().to_owned())
            .filter(|it| it != "lib" && it != "main")
            .collect();

        assert_eq!(modules(folder).into_iter().collect::<BTreeSet<_>>(), in_folder);
    }
}

#[test]
fn uses_are_found_wherever_they_are_written() {
    let text = "use crate::{\n    Error, clock::Clock,\n    app::{self, App},\n    http::{sse::{a, b}, c},\n};\n\
                fn f() { crate::kind::find(); let x = { crate::guard::x }; }\nuse super::viewer::Viewer;";

    let found: Vec<String> = uses(text, true).into_iter().collect();

    assert_eq!(found, ["Error", "app", "clock", "guard", "http", "kind", "viewer"]);
    assert!(!uses(text, false).contains("viewer"), "in a folder `super` is the module itself");
}

#[test]
fn files_stay_short() {
    let mut offences = Vec::new();
    for file in sources(&["src", "kernel/src", "entity/src", "migration/src", "value/src"]) {
        let (name, lines) = (shown(&file), read(&file).lines().count());
        let exception = LONG.iter().find(|(it, ..)| *it == name);
        let limit = match exception {
            Some((_, limit, _)) => *limit,
            None if name.starts_with("src/domain/") => SLICE_LINES,
            None => LINES,
        };
        if lines > limit {
            offences.push(format!("{name} has {lines} lines, more than {limit}"));
        }
        if exception.is_some() && lines <= LINES {
            offences.push(format!("{name} is no exception any more"));
        }
    }
    assert_eq!(offences, Vec::<String>::new());
}

#[test]
fn nothing_unfinished_and_no_unexplained_panic_is_left() {
    let banned =
        ["todo!(", "unimplemented!(", "dbg!(", ".unwrap()", ".unwrap_err()", ".expect(\"\")"];
    let mut offences = Vec::new();
    for file in sources(&["src", "kernel/src", "entity/src", "migration/src", "value/src"]) {
        // Tests, in a file of their own or last in another, may.
        if file.file_name().is_some_and(|it| it == "tests.rs") {
            continue;
        }
        let text = without_comments(&read(&file));
        let code = text.split("#[cfg(test)]").next().unwrap();
        for (number, line) in code.lines().enumerate() {
            for word in banned.iter().filter(|it| line.contains(**it)) {
                offences.push(format!("{}:{}: {word}", shown(&file), number + 1));
            }
        }
    }
    assert_eq!(offences, Vec::<String>::new());
}

#[test]
fn no_file_names_a_place_on_somebodys_machine() {
    let here = env!("CARGO_MANIFEST_DIR");
    let roots = ["home", "root", "Users", "tmp", "var", "usr", "opt", "mnt", "srv"];
    let mut offences = Vec::new();
    for file in sources(&["src", "kernel", "entity", "migration", "value", "tests", "build.rs"]) {
        let text = read(&file);
        let found = roots.iter().map(|it| format!("\"/{it}/")).filter(|it| text.contains(it));
        offences.extend(found.map(|it| format!("{}: {it}", shown(&file))));
        if text.contains(here) {
            offences.push(format!("{}: {here}", shown(&file)));
        }
    }
    assert_eq!(offences, Vec::<String>::new());
}

/// Writes out what each resource says of itself: its kind and its table.
macro_rules! tables {
    ($($module:ident::$Object:ident),* $(,)?) => {
        vec![$(table::<domain::$module::$Object>()),*]
    };
}

fn table<R: Resource>() -> (Kind, String) {
    (R::KIND, <R::Entity as Default>::default().table_name().to_owned())
}

#[test]
fn the_prefix_of_a_kind_is_its_table() {
    let tables = tables![
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
        state_transition::StateTransition,
    ];

    let expected: Vec<(Kind, String)> =
        Kind::ALL.iter().map(|it| (*it, it.prefix().to_owned())).collect();
    assert_eq!(tables, expected);
    let prefixes: BTreeSet<&str> = Kind::ALL.iter().map(|it| it.prefix()).collect();
    assert_eq!(prefixes.len(), Kind::ALL.len(), "a prefix names one kind");
}

#[tokio::test]
async fn every_table_of_records_has_the_common_columns() {
    let app = TestApp::new().await;
    let common = ["id", "division_code", "version", "created_at", "updated_at", "archived_at"];

    let mut missing = Vec::new();
    for kind in Kind::ALL {
        let columns = columns(&app, kind.prefix()).await;
        let absent = common.iter().filter(|it| !columns.contains(**it));
        missing.extend(absent.map(|it| format!("{}.{it}", kind.prefix())));
    }

    assert_eq!(missing, Vec::<String>::new());
}

/// Writes out the columns that the entities name.
macro_rules! entities {
    ($($module:ident),* $(,)?) => {
        BTreeMap::from([$((
            stringify!($module),
            (entity_table::<entity::$module::Entity>(), entity_columns::<entity::$module::Entity>()),
        )),*])
    };
}

fn entity_table<E: EntityTrait>() -> String {
    E::default().table_name().to_owned()
}

fn entity_columns<E: EntityTrait>() -> Vec<&'static str> {
    E::Column::iter().map(|it| it.as_str()).collect()
}

#[tokio::test]
async fn every_column_of_an_entity_is_in_the_database() {
    let app = TestApp::new().await;
    let entities = entities![
        activity,
        activity_participation,
        agreement_party,
        agreement_review,
        alliance_activity,
        alliance_membership,
        audit_checkpoint,
        audit_entry,
        audit_seal,
        best_practice,
        campaign,
        change_log,
        code,
        code_mapping,
        code_system,
        collective_agreement,
        competition,
        competition_appeal,
        competition_award,
        competition_entry,
        competition_event,
        competition_team,
        congress_delegate,
        congress_session,
        conversion_agreement,
        credential,
        credential_secret,
        data_subject_request,
        deadline,
        disclosure_item,
        dispute_assignment,
        dispute_case,
        dispute_claim,
        dispute_party,
        dispute_proceeding,
        division,
        employee_director,
        employer,
        employment_relation,
        exhibition,
        exhibition_entry,
        external_id,
        gig_engagement,
        holiday,
        honour_award,
        honour_nomination,
        honour_round,
        honour_title,
        hosting_right,
        hotline_ticket,
        idempotency_record,
        import_batch,
        innovation_achievement,
        innovation_alliance,
        innovation_studio,
        lease,
        legal_aid_grant,
        membership_application,
        membership_drive,
        membership_transfer,
        metric_snapshot,
        organization_coverage,
        outbox,
        pathway_recognition,
        pathway_rule,
        pay_reform_measure,
        performance_target,
        pilot_batch,
        pilot_measure,
        pilot_unit,
        policy_document,
        professional_title,
        promotion_rule,
        proposal,
        quality_issue,
        raw_record,
        representation_quota,
        revenue_share,
        score_component,
        score_sheet,
        selection,
        selection_result,
        setting,
        signing_key,
        skill_allowance,
        skill_certificate,
        skill_evaluation_institution,
        state_transition,
        studio_accreditation,
        studio_grant,
        studio_member,
        title_series,
        training_enrollment,
        training_program,
        training_provider,
        training_subsidy_payment,
        union_legal_notice,
        union_membership,
        union_officer,
        union_organization,
        used_assertion,
        volunteer_enrollment,
        volunteer_service_record,
        wage_arrears_case,
        wage_arrears_party,
        wage_recovery,
        worker,
        workers_congress,
    ];

    let mut offences = Vec::new();
    for (module, (table, named)) in &entities {
        if module != table {
            offences.push(format!("entity {module} is of the table {table}"));
        }
        let stored = columns(&app, table).await;
        let named: BTreeSet<String> = named.iter().map(|it| (*it).to_owned()).collect();
        offences.extend(named.difference(&stored).map(|it| format!("{table}.{it} is not stored")));
        offences.extend(stored.difference(&named).map(|it| format!("{table}.{it} is not named")));
    }
    assert_eq!(offences, Vec::<String>::new());

    let files: BTreeSet<String> = sources(&["entity/src"])
        .iter()
        .map(|it| it.file_stem().unwrap().to_str().unwrap().to_owned())
        .filter(|it| it != "lib")
        .collect();
    assert_eq!(files, entities.keys().map(|it| (*it).to_owned()).collect());
}

async fn columns(app: &TestApp, table: &str) -> BTreeSet<String> {
    use sea_orm::{ConnectionTrait, Statement};
    let database = &app.app.shared().database;
    let sql = if on_postgres() {
        format!(
            "SELECT column_name AS name FROM information_schema.columns \
             WHERE table_schema = 'public' AND table_name = '{table}'"
        )
    } else {
        format!("SELECT name FROM pragma_table_info('{table}')")
    };
    let rows = database.read().query_all_raw(Statement::from_string(database.backend(), sql));
    rows.await.unwrap().iter().map(|it| it.try_get("", "name").unwrap()).collect()
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(file: &Path) -> String {
    fs::read_to_string(file).unwrap_or_else(|it| panic!("{}: {it}", file.display()))
}

fn shown(file: &Path) -> String {
    file.strip_prefix(root()).unwrap().display().to_string()
}

/// The Rust files under these folders, in order.
fn sources(places: &[&str]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut places: Vec<PathBuf> = places.iter().map(|it| root().join(it)).collect();
    while let Some(place) = places.pop() {
        if place.is_dir() {
            places.extend(fs::read_dir(place).unwrap().map(|it| it.unwrap().path()));
        } else if place.extension().is_some_and(|it| it == "rs") {
            found.push(place);
        }
    }
    found.sort();
    found
}

/// A module's own file, and those of the folder it has.
fn module_files(folder: &str, module: &str) -> Vec<PathBuf> {
    let folder = format!("{folder}/{module}");
    let mut files = vec![root().join(format!("{folder}.rs"))];
    if root().join(&folder).is_dir() {
        files.extend(sources(&[&folder]));
    }
    files
}

fn without_comments(text: &str) -> String {
    let lines = text.lines().map(|it| if it.trim_start().starts_with("//") { "" } else { it });
    lines.collect::<Vec<_>>().join("\n")
}

/// The modules that a text names by `crate::…`, also in nested lists; by `super::…` too where that
/// is the same.
fn uses(text: &str, is_top: bool) -> BTreeSet<String> {
    let mut used = BTreeSet::new();
    for rest in text.split("crate::").skip(1) {
        match rest.strip_prefix('{') {
            Some(list) => used.extend(heads(list)),
            None => used.extend(word(rest)),
        }
    }
    if is_top {
        used.extend(text.split("super::").skip(1).filter_map(word));
    }
    used
}

/// The first words of the items of a list whose bracket is open, not of the lists inside.
fn heads(list: &str) -> Vec<String> {
    let (mut depth, mut item, mut heads) = (1, String::new(), Vec::new());
    for letter in list.chars() {
        match letter {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        if depth == 0 || (depth == 1 && letter == ',') {
            heads.extend(word(item.trim()));
            item.clear();
        } else {
            item.push(letter);
        }
        if depth == 0 {
            break;
        }
    }
    heads
}

fn word(text: &str) -> Option<String> {
    let word: String = text.chars().take_while(|it| it.is_alphanumeric() || *it == '_').collect();
    (!word.is_empty()).then_some(word)
}
