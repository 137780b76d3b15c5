//! The figures and rules of honours, skills, training, innovation, agreements, joining, culture.

use sea_orm::DatabaseConnection;

use super::number;

/// The published figures, by queries over the records.
pub async fn figures(db: &DatabaseConnection, workers: i64) {
    for (sql, expected) in FIGURES {
        assert_eq!(number(db, sql).await, expected, "{sql}");
    }
    for (sql, share, most) in SHARES {
        assert_eq!(number(db, sql).await, (workers / share).min(most), "{sql}");
    }
}

/// What must hold between records, whatever the figures.
pub async fn records_fit_together(db: &DatabaseConnection, last: &str) {
    for sql in [
        format!("SELECT COUNT(*) FROM honour_award WHERE conferred_on > {last} OR (worker_id IS NULL) = (category IS NOT NULL) OR (worker_id IS NULL) = (employer_id IS NULL)"),
        format!("SELECT COUNT(*) FROM training_enrollment e JOIN training_program p ON p.id = e.program_id WHERE completed_on > {last} OR attended_hours > hours OR (status = 'COMPLETED') <> (completed_on IS NOT NULL)"),
        format!("SELECT COUNT(*) FROM training_subsidy_payment WHERE disbursed_on > {last} OR disbursed_on < applied_on"),
        format!("SELECT COUNT(*) FROM skill_certificate c LEFT JOIN skill_evaluation_institution i ON i.id = c.institution_id WHERE c.issued_on > {last} OR c.issued_on < i.filed_on OR is_format_verified <> (i.id IS NOT NULL)"),
        "SELECT COUNT(*) FROM skill_certificate c JOIN worker w ON w.id = c.worker_id WHERE c.skill_rank <> w.skill_rank OR (c.origin = 'APPOINTMENT') <> (c.skill_rank IN ('SPECIAL_GRADE_TECHNICIAN', 'CHIEF_TECHNICIAN'))".to_owned(),
        "SELECT COUNT(*) FROM collective_agreement a WHERE NOT EXISTS (SELECT 1 FROM agreement_party p WHERE p.agreement_id = a.id AND p.role = 'EMPLOYER') OR NOT EXISTS (SELECT 1 FROM agreement_party p WHERE p.agreement_id = a.id AND p.union_organization_id IS NOT NULL)".to_owned(),
        format!("SELECT COUNT(*) FROM agreement_review WHERE opinion_on > {last} OR opinion_on < received_on OR (opinion = 'DEEMED_EFFECTIVE') <> (opinion_on > due_on)"),
        format!("SELECT COUNT(*) FROM conversion_agreement c JOIN innovation_achievement a ON a.id = c.achievement_id WHERE signed_on > {last} OR signed_on < achieved_on OR received_fen > amount_fen OR (c.kind <> 'CONTRACT' AND received_fen <> 0)"),
        "SELECT COUNT(*) FROM (SELECT agreement_id FROM revenue_share GROUP BY agreement_id HAVING SUM(percent_centi) > 10000) over_all".to_owned(),
        "SELECT COUNT(*) FROM pay_reform_measure WHERE kind = 'THREE_FACTOR_PAY' AND post_value_percent + competence_percent + performance_percent <> 100".to_owned(),
        format!("SELECT COUNT(*) FROM alliance_membership WHERE joined_on > {last}"),
        format!("SELECT COUNT(*) FROM volunteer_service_record s JOIN volunteer_enrollment e ON e.id = s.enrollment_id WHERE served_on > {last} OR served_on < approved_on OR status NOT IN ('SERVICE_RECORDED', 'CERTIFIED')"),
        format!("SELECT COUNT(*) FROM congress_session WHERE held_on > {last} OR delegates_present * 3 < delegates_total * 2 OR votes_for > delegates_present"),
        format!("SELECT COUNT(*) FROM proposal WHERE replied_on > {last} OR replied_on < submitted_on"),
        format!("SELECT COUNT(*) FROM union_legal_notice WHERE opinion_on > {last} OR replied_on > {last} OR (opinion_on IS NULL) <> (reply_due_on IS NULL)"),
        format!("SELECT COUNT(*) FROM deadline d JOIN dispute_proceeding p ON p.id = d.proceeding_id WHERE d.started_on <> p.opened_on OR d.due_on < d.started_on OR d.met_on > d.due_on OR d.met_on > {last}"),
        format!("SELECT COUNT(*) FROM legal_aid_grant WHERE granted_on > {last} OR ended_on < granted_on"),
        "SELECT COUNT(*) FROM wage_arrears_case c WHERE (SELECT COUNT(*) FROM wage_arrears_party p WHERE p.arrears_case_id = c.id) <> 3".to_owned(),
        "SELECT COUNT(*) FROM (SELECT event_id FROM score_component GROUP BY event_id HAVING SUM(weight_basis_points) <> 10000) odd".to_owned(),
        "SELECT COUNT(*) FROM score_sheet s JOIN competition_entry e ON e.id = s.entry_id JOIN score_component c ON c.id = s.component_id WHERE c.event_id <> e.event_id OR s.raw_score_centi > c.max_score_centi".to_owned(),
        "SELECT COUNT(*) FROM membership_transfer t JOIN union_membership m ON m.id = t.membership_id WHERE m.union_organization_id <> t.from_union_id OR t.from_union_id = t.to_union_organization_id".to_owned(),
        "SELECT COUNT(*) FROM code_mapping WHERE is_mapped <> (target_id IS NOT NULL)".to_owned(),
        "SELECT COUNT(*) FROM raw_record l JOIN import_batch b ON b.id = l.batch_id WHERE (b.status IN ('MATCHED', 'APPLIED') AND l.verdict <> 'ERROR' AND l.matched_as IS NULL) OR (b.status = 'APPLIED' AND (l.matched_as = 'CANDIDATE' OR (l.verdict <> 'ERROR' AND l.record_id IS NULL))) OR (b.status <> 'RECEIVED' AND l.verdict IS NULL)".to_owned(),
        format!("SELECT COUNT(*) FROM quality_issue WHERE found_on > {last} OR closed_on < found_on OR closed_on > {last} OR (status IN ('WAIVED', 'WONT_FIX')) <> (reason IS NOT NULL)"),
        "SELECT COUNT(*) FROM (SELECT worker_id FROM skill_certificate GROUP BY worker_id HAVING COUNT(*) > 1) twice".to_owned(),
        "SELECT COUNT(*) FROM (SELECT worker_id FROM union_membership GROUP BY worker_id HAVING COUNT(*) > 1) twice".to_owned(),
    ] {
        assert_eq!(number(db, &sql).await, 0, "{sql}");
    }
}

/// Those that are the same in every city.
const FIGURES: [(&str, i64); 31] = [
    (
        "SELECT COUNT(*) FROM honour_award a JOIN honour_round r ON r.id = a.round_id JOIN honour_title t ON t.id = r.title_id WHERE t.code = 'MOST_BEAUTIFUL_WORKER' AND a.rank = 'WINNER' AND a.status = 'CONFERRED'",
        20,
    ),
    (
        "SELECT COUNT(*) FROM honour_round r JOIN honour_title t ON t.id = r.title_id WHERE t.code IN ('MAY_DAY_LABOUR_MEDAL', 'MAY_DAY_LABOUR_CERTIFICATE', 'WORKER_PIONEER') AND t.level = 'MUNICIPAL' AND r.ordinal = 1",
        3,
    ),
    (
        "SELECT COUNT(DISTINCT a.worker_id) FROM honour_award a JOIN honour_round r ON r.id = a.round_id JOIN honour_title t ON t.id = r.title_id WHERE t.code = 'MAY_DAY_LABOUR_MEDAL'",
        50,
    ),
    (
        "SELECT COUNT(*) FROM honour_award a JOIN honour_round r ON r.id = a.round_id JOIN honour_title t ON t.id = r.title_id WHERE t.code = 'MAY_DAY_LABOUR_MEDAL' AND a.category IN ('INDUSTRIAL_WORKER', 'OTHER_FRONTLINE', 'TECHNICAL_PROFESSIONAL')",
        36,
    ),
    (
        "SELECT COUNT(*) - COUNT(DISTINCT worker_id) FROM honour_award WHERE worker_id IS NOT NULL",
        0,
    ),
    ("SELECT COUNT(*) FROM hosting_right WHERE level = 'PROVINCIAL' AND status = 'GRANTED'", 1),
    (
        "SELECT CAST(SUM(amount_fen) AS BIGINT) FROM training_subsidy_payment WHERE status IN ('DISBURSED', 'RECONCILED')",
        2_217_040_000,
    ),
    (
        "SELECT COUNT(*) FROM training_enrollment e WHERE status = 'COMPLETED' AND 1 <> (SELECT COUNT(*) FROM training_subsidy_payment p WHERE p.enrollment_id = e.id AND p.status IN ('DISBURSED', 'RECONCILED'))",
        0,
    ),
    ("SELECT COUNT(DISTINCT kind) FROM training_provider", 3),
    ("SELECT COUNT(DISTINCT kind) FROM training_program", 3),
    (
        "SELECT COUNT(DISTINCT employer_id) FROM skill_evaluation_institution WHERE kind = 'EMPLOYER' AND status = 'FILED'",
        50,
    ),
    (
        "SELECT COUNT(*) FROM skill_evaluation_institution WHERE kind = 'SOCIAL_ORGANIZATION' AND status = 'FILED'",
        6,
    ),
    (
        "SELECT CAST(SUM(planned_value) AS BIGINT) FROM performance_target WHERE figure_code = 'F13'",
        30,
    ),
    ("SELECT COUNT(*) FROM title_series", 27),
    ("SELECT COUNT(*) FROM title_series WHERE is_pathway_linked", 8),
    (
        "SELECT COUNT(DISTINCT p.worker_id) FROM pathway_recognition p JOIN worker w ON w.id = p.worker_id AND w.skill_rank = p.skill_rank WHERE direction = 'SKILL_TO_TITLE' AND status = 'CERTIFIED'",
        8,
    ),
    (
        "SELECT COUNT(DISTINCT p.employer_id) FROM agreement_party p JOIN collective_agreement a ON a.id = p.agreement_id AND a.subject = 'WAGE' JOIN agreement_review r ON r.agreement_id = a.id WHERE r.opinion IN ('APPROVED', 'DEEMED_EFFECTIVE')",
        11,
    ),
    ("SELECT COUNT(*) FROM agreement_review WHERE opinion = 'OBJECTED'", 1),
    (
        "SELECT COUNT(DISTINCT m.worker_id) FROM membership_application m JOIN gig_engagement g ON g.worker_id = m.worker_id AND g.category = m.category JOIN union_membership u ON u.worker_id = m.worker_id AND u.joined_on = m.decided_on WHERE m.channel = 'QR_SCAN' AND m.status = 'APPROVED' AND m.category IN ('FOOD_DELIVERY_RIDER', 'COURIER')",
        200,
    ),
    ("SELECT COUNT(*) FROM membership_application WHERE status = 'APPROVED'", 200),
    (
        "SELECT COUNT(DISTINCT r.rank) FROM selection_result r JOIN selection s ON s.id = r.selection_id WHERE s.subject_kind = 'ACHIEVEMENT' AND s.quota = 10 AND r.rank BETWEEN 1 AND 10",
        10,
    ),
    (
        "SELECT COUNT(*) FROM selection_result r JOIN selection s ON s.id = r.selection_id JOIN studio_grant g ON g.studio_id = r.studio_id AND g.selection_title = s.title",
        10,
    ),
    ("SELECT COUNT(*) FROM selection_result", 20),
    (
        "SELECT COUNT(DISTINCT achievement_id) FROM exhibition_entry e JOIN exhibition x ON x.id = e.exhibition_id WHERE x.level = 'NATIONAL' AND x.ordinal = 1",
        10,
    ),
    (
        "SELECT COUNT(DISTINCT achievement_id) FROM exhibition_entry e JOIN exhibition x ON x.id = e.exhibition_id WHERE x.level = 'PROVINCIAL' AND subject_kind = 'ACHIEVEMENT'",
        10,
    ),
    ("SELECT COUNT(*) FROM exhibition_entry WHERE subject_kind = 'STUDIO'", 1),
    ("SELECT COUNT(DISTINCT worker_id) FROM exhibition_entry WHERE subject_kind = 'PERSON'", 2),
    (
        "SELECT CAST(SUM(amount_fen) AS BIGINT) FROM conversion_agreement WHERE kind = 'LETTER_OF_INTENT'",
        9_680_000_000,
    ),
    ("SELECT COUNT(DISTINCT kind) FROM conversion_agreement", 3),
    ("SELECT COUNT(DISTINCT kind) FROM alliance_activity", 4),
    (
        "SELECT COUNT(*) FROM policy_document d JOIN pilot_batch b ON b.id = d.batch_id AND b.ordinal = 3",
        1,
    ),
];

/// Those that need more workers than a small city has: a share of them there.
const SHARES: [(&str, i64, i64); 4] = [
    ("SELECT COUNT(*) FROM training_enrollment WHERE status = 'COMPLETED'", 40, 16_092),
    (
        "SELECT COUNT(DISTINCT worker_id) FROM training_enrollment WHERE status = 'COMPLETED'",
        40,
        16_092,
    ),
    ("SELECT COUNT(*) FROM volunteer_enrollment WHERE approved_on IS NOT NULL", 7, 100_000),
    (
        "SELECT COUNT(DISTINCT worker_id) FROM volunteer_enrollment WHERE status NOT IN ('APPLIED', 'CANCELLED')",
        7,
        100_000,
    ),
];
