//! By what figures are broken down: a column of the records, or one of what they refer to.

use std::collections::HashMap;

use sea_orm::{
    ConnectionTrait, DbBackend,
    sea_query::{Alias, Expr, ExprTrait, Func, SelectStatement, SubQueryStatement},
};

use super::{
    FigureDimension,
    definition::{Place, Source},
};
use crate::{
    Result,
    domain::{
        competition::Competition, division, employer::Employer, exhibition::Exhibition,
        honour_round::HonourRound, honour_title::HonourTitle,
        innovation_achievement::InnovationAchievement, innovation_studio::InnovationStudio,
        pilot_unit::PilotUnit, training_enrollment::TrainingEnrollment,
        union_organization::UnionOrganization, worker::Worker,
    },
    repository::{Repository, rows, unseen_rows},
    resource::Resource,
};

/// The way from a record to the column that tells its part.
struct Path {
    dimension: FigureDimension,
    over: &'static [Hop],
    column: &'static str,
}

/// From a record to the one that it refers to by a column.
struct Hop {
    key: &'static str,
    table: &'static str,
    rows: fn(&Repository) -> Result<SelectStatement>,
}

const EMPLOYER: Hop = Hop::to::<Employer>("employer_id", "employer");
const WORKER: Hop = Hop::to::<Worker>("worker_id", "worker");
const ROUND: Hop = Hop::to::<HonourRound>("round_id", "honour_round");
const TITLE: Hop = Hop::to::<HonourTitle>("title_id", "honour_title");
const COMPETITION: Hop = Hop::to::<Competition>("competition_id", "competition");
const EXHIBITION: Hop = Hop::to::<Exhibition>("exhibition_id", "exhibition");
const STUDIO: Hop = Hop::to::<InnovationStudio>("studio_id", "innovation_studio");
const ENROLLMENT: Hop = Hop::to::<TrainingEnrollment>("enrollment_id", "training_enrollment");
const PILOT: Hop = Hop::to::<PilotUnit>("pilot_unit_id", "pilot_unit");
const ACHIEVEMENT: Hop =
    Hop::to::<InnovationAchievement>("achievement_id", "innovation_achievement");
const HOST: Hop = Hop::to::<Employer>("host_employer_id", "employer");
const UNION: Hop = Hop::to::<UnionOrganization>("union_organization_id", "union_organization");

/// Those that begin at a column which the records have; where one leads nowhere, the next is taken.
const PATHS: &[Path] = {
    use FigureDimension::{Division, Industry, Level, Ownership};
    &[
        Path { dimension: Division, over: &[EMPLOYER], column: "division_code" },
        Path { dimension: Ownership, over: &[], column: "ownership_group" },
        Path { dimension: Ownership, over: &[EMPLOYER], column: "ownership_group" },
        Path { dimension: Ownership, over: &[WORKER, EMPLOYER], column: "ownership_group" },
        Path {
            dimension: Ownership,
            over: &[ENROLLMENT, WORKER, EMPLOYER],
            column: "ownership_group",
        },
        Path { dimension: Ownership, over: &[ACHIEVEMENT, EMPLOYER], column: "ownership_group" },
        Path { dimension: Ownership, over: &[STUDIO, HOST], column: "ownership_group" },
        Path { dimension: Ownership, over: &[PILOT], column: "ownership_group" },
        Path { dimension: Industry, over: &[EMPLOYER], column: "industry_code" },
        Path { dimension: Industry, over: &[WORKER, EMPLOYER], column: "industry_code" },
        Path {
            dimension: Industry,
            over: &[ENROLLMENT, WORKER, EMPLOYER],
            column: "industry_code",
        },
        Path { dimension: Industry, over: &[ACHIEVEMENT, EMPLOYER], column: "industry_code" },
        Path { dimension: Industry, over: &[STUDIO, HOST], column: "industry_code" },
        Path { dimension: Level, over: &[], column: "level" },
        Path { dimension: Level, over: &[TITLE], column: "level" },
        Path { dimension: Level, over: &[ROUND, TITLE], column: "level" },
        Path { dimension: Level, over: &[COMPETITION], column: "level" },
        Path { dimension: Level, over: &[EXHIBITION], column: "level" },
        Path { dimension: Level, over: &[STUDIO], column: "level" },
        Path { dimension: Level, over: &[UNION], column: "level" },
    ]
};

impl Hop {
    const fn to<R: Resource>(key: &'static str, table: &'static str) -> Hop {
        Hop { key, table, rows: seen::<R> }
    }
}

/// The records that the caller may see: of the others nothing is told, not even what part they are in.
fn seen<R: Resource>(repository: &Repository) -> Result<SelectStatement> {
    let viewer = &repository.viewer;
    viewer.require(viewer.policy().kind(R::KIND).read)?;
    Ok(rows::<R>(viewer))
}

/// What tells the part of a record; none where records of a kind have no such thing.
pub fn part(
    repository: &Repository,
    source: &Source,
    by: FigureDimension,
    day: Option<&'static str>,
) -> Result<Option<Expr>> {
    let backend = repository.shared.database.backend();
    let own = |column: &'static str| source.column(column);
    Ok(match by {
        FigureDimension::Division => match source.place {
            Place::Own => Some(own("division_code")),
            Place::Employer => reached(repository, source, by)?,
        },
        FigureDimension::Month => day.map(|it| beginning(backend, own(it), 7)),
        FigureDimension::Industry => {
            reached(repository, source, by)?.map(|it| beginning(backend, it, 1))
        }
        FigureDimension::Ownership | FigureDimension::Level => reached(repository, source, by)?,
    })
}

fn reached(repository: &Repository, source: &Source, by: FigureDimension) -> Result<Option<Expr>> {
    let begins = |it: &&Path| {
        it.dimension == by && source.has(it.over.first().map_or(it.column, |hop| hop.key))
    };
    let ends = PATHS.iter().filter(begins).map(|it| it.end(repository, source));
    // One that leads over records that the caller may not read tells nothing.
    let (mut ends, refused): (Vec<_>, Vec<_>) = ends.partition(Result::is_ok);
    Ok(match (ends.len(), refused.into_iter().next()) {
        (0, Some(refusal)) => Some(refusal?),
        (0 | 1, _) => ends.pop().transpose()?,
        _ => Some(Func::coalesce(ends.into_iter().collect::<Result<Vec<Expr>>>()?).into()),
    })
}

impl Path {
    /// The value that it ends at.
    fn end(&self, repository: &Repository, source: &Source) -> Result<Expr> {
        let columns = self.over.iter().skip(1).map(|it| it.key).chain([self.column]);
        let mut reached = source.column(self.over.first().map_or(self.column, |it| it.key));
        for (hop, column) in self.over.iter().zip(columns) {
            let of_hop = |name: &'static str| Expr::col((Alias::new(hop.table), Alias::new(name)));
            let mut rows = (hop.rows)(repository)?;
            rows.expr(of_hop(column)).and_where(of_hop("id").eq(reached));
            reached = Expr::SubQuery(None, Box::new(SubQueryStatement::SelectStatement(rows)));
        }
        Ok(reached)
    }
}

/// The first characters of a text, or of a day as ISO 8601 has it.
fn beginning(backend: DbBackend, it: Expr, length: i32) -> Expr {
    let text = match backend {
        DbBackend::Postgres => it.cast_as("text"),
        _ => it,
    };
    Expr::cust_with_exprs(
        if backend == DbBackend::Postgres { "substr($1, 1, $2)" } else { "substr(?, 1, ?)" },
        [text, Expr::val(length)],
    )
}

/// Codes that are no longer valid, and those that took their place: a division without a successor
/// rolls up to its parent.
pub async fn successors(repository: &Repository) -> Result<HashMap<String, String>> {
    let column = |name: &'static str| Expr::col(Alias::new(name));
    let mut rows = unseen_rows::<division::Division>();
    rows.expr(column("code"))
        .expr_as(column("successor_code").if_null(column("parent_code")), "after")
        .and_where(column("valid_to").is_not_null());
    let mut successors = HashMap::new();
    for row in repository.shared.database.read().query_all(&rows).await? {
        if let Some(after) = row.try_get::<Option<String>>("", "after")? {
            successors.insert(row.try_get("", "code")?, after);
        }
    }
    Ok(successors)
}

/// The division that a code stands for today.
pub fn folded<'a>(successors: &'a HashMap<String, String>, code: &'a str) -> &'a str {
    let mut code = code;
    // Bounded, should two name each other.
    for _ in 0..successors.len() {
        match successors.get(code) {
            Some(after) => code = after,
            None => break,
        }
    }
    code
}
