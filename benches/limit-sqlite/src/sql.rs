//! One statement an operation. Each answers one text: SQLite writes the JSON.

pub const Q1: &str = "select json_object('data', json_object('worker', json_object(
    'id', cast(id as text), 'name', name, 'gender', gender, 'birthDate', birth_date,
    'employmentForm', employment_form, 'education', education, 'phone', phone,
    'skillLevel', skill_level, 'unionJoinedOn', union_joined_on, 'createdAt', created_at)))
  from worker where id = ?1";

pub const Q2: &str = "select json_object('data', json_object('workers', json_object(
    'edges', coalesce(json_group_array(json(edge) order by name, id) filter (where place <= 50), json('[]')),
    'pageInfo', json_object('hasNextPage', json(iif(count(*) > 50, 'true', 'false')),
      'endCursor', max(iif(place = min(50, total), cursor, null))))))
  from (select row_number() over (order by w.name, w.id) as place, count(*) over () as total, w.name, w.id,
      w.id || ':' || w.name as cursor,
      json_object('cursor', w.id || ':' || w.name, 'node', json_object('id', cast(w.id as text), 'name', w.name,
        'gender', w.gender, 'skillLevel', w.skill_level, 'unionJoinedOn', w.union_joined_on,
        'employer', json_object('id', cast(o.id as text), 'name', o.name),
        'division', json_object('code', d.code, 'name', d.name))) as edge
    from (select * from worker where employer_id = ?1 order by name, id limit 51) w
    join organization o on o.id = w.employer_id join division d on d.code = w.division_code)";

pub const Q3: &str = "select json_object('data', json_object('studios', json_object('edges',
    coalesce(json_group_array(json_object('node', json_object('id', cast(s.id as text), 'name', s.name, 'field', s.field,
      'leader', json_object('id', cast(l.id as text), 'name', l.name,
        'employer', json_object('id', cast(o.id as text), 'name', o.name)),
      'members', json_object('edges', json((
        select json_group_array(json_object('node', json_object('id', cast(m.id as text), 'role', m.role,
          'worker', json_object('id', cast(w.id as text), 'name', w.name))) order by m.id)
        from (select * from studio_member where studio_id = s.id order by id limit 5) m
        join worker w on w.id = m.worker_id))),
      'achievements', json_object('edges', json((
        select json_group_array(json_object('node', json_object('id', cast(a.id as text), 'title', a.title,
          'achievedOn', a.achieved_on)) order by a.achieved_on desc, a.id)
        from (select * from achievement where studio_id = s.id order by achieved_on desc, id limit 3) a))))) order by s.id),
    json('[]')))))
  from (select * from innovation_studio where division_code = ?1 order by id limit 20) s
  join worker l on l.id = s.leader_id join organization o on o.id = l.employer_id";

/// With the count when it has its place.
pub fn page(with_total: bool) -> String {
    let total = if with_total {
        "'totalCount', (select count(*) from worker where division_code = ?1 and skill_level >= ?2),"
    } else {
        ""
    };
    format!(
        "select json_object('data', json_object('workers', json_object({total}
    'edges', coalesce(json_group_array(json(edge) order by union_joined_on desc, id) filter (where place <= 20), json('[]')),
    'pageInfo', json_object('hasNextPage', json(iif(count(*) > 20, 'true', 'false')),
      'endCursor', max(iif(place = min(20, total), cursor, null))))))
  from (select row_number() over (order by union_joined_on desc, id) as place, count(*) over () as total,
      union_joined_on, id, union_joined_on || ':' || id as cursor,
      json_object('cursor', union_joined_on || ':' || id, 'node', json_object('id', cast(id as text), 'name', name,
        'skillLevel', skill_level, 'unionJoinedOn', union_joined_on, 'employmentForm', employment_form)) as edge
    from (select * from worker where division_code = ?1 and skill_level >= ?2 order by union_joined_on desc, id limit 21))"
    )
}

pub const Q5: &str = "select json_object('data', json_object(
    'workerSkillSummary', (select json_group_array(json_object('skillLevel', skill_level, 'count', n) order by skill_level)
      from (select skill_level, count(*) as n from worker where division_code = ?1 group by 1)),
    'disputeRecovery', (select json_group_array(json_object('stage', stage, 'cases', n,
        'amountRecovered', printf('%d.%02d', fen / 100, fen % 100)) order by stage)
      from (select stage, count(*) as n, sum(recovered_fen) as fen from dispute_case where division_code = ?1 group by 1))))";

/// Plain rows of the worker pages, for the form in which serde writes the JSON.
pub const Q2_ROWS: &str = "select w.id, w.name, w.gender, w.skill_level, w.union_joined_on, o.id, o.name, d.code, d.name
  from (select * from worker where employer_id = ?1 order by name, id limit 51) w
  join organization o on o.id = w.employer_id join division d on d.code = w.division_code order by w.name, w.id";

pub const Q4N_ROWS: &str = "select id, name, skill_level, union_joined_on, employment_form
  from worker where division_code = ?1 and skill_level >= ?2 order by union_joined_on desc, id limit 21";

pub const M1: &str = "insert into worker (source, external_id, name, gender, birth_date, employer_id, division_code,
    employment_form, education, phone, skill_level, union_joined_on, created_at, updated_at)
  values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, datetime('now'), datetime('now'))
  on conflict (source, external_id) do update set name = excluded.name, gender = excluded.gender,
    birth_date = excluded.birth_date, employer_id = excluded.employer_id, division_code = excluded.division_code,
    employment_form = excluded.employment_form, education = excluded.education, phone = excluded.phone,
    skill_level = excluded.skill_level, union_joined_on = excluded.union_joined_on, updated_at = excluded.updated_at
  returning json_object('data', json_object('upsertWorker', json_object('id', cast(id as text))))";
