-- The peers' rows as rows of ours. Each part is one table: `-- into` names it and its columns, the SELECT
-- runs in the peers' database. `gid` (in load.py) makes the id: a UUID of version 7 whose time is the
-- peers' key, so that ids of one table sort as their keys do. `moment` writes a day as midnight UTC.

-- into employer (id, division_code, version, created_at, updated_at, name, ownership_group, headcount, status)
-- The peers' credit codes are no credit codes: they stay behind.
select gid(2, id), division_code, 1, moment(created_at), moment(updated_at), name,
       case kind when 'institution' then 'INSTITUTION' when 'government' then 'GOVERNMENT' else 'PRIVATE' end,
       member_count, 'ACTIVE'
from organization order by id

-- into worker (id, division_code, version, created_at, updated_at, name, sex, birth_on, document_type, phone_clear, education_code, is_migrant_worker, is_industrial_worker, employment_status, skill_rank, employer_id)
select gid(1, id), division_code, 1, moment(union_joined_on), moment(updated_at), name, upper(gender), birth_date,
       'RESIDENT_ID', phone,
       case education when 'junior' then '70' when 'senior' then '60' when 'college' then '30' when 'bachelor' then '20' else '10' end,
       false, employment_form <> 'new_form',
       case when employment_form in ('formal', 'dispatch') then 'EMPLOYED' else 'OTHER' end,
       (array['APPRENTICE', 'ELEMENTARY', 'INTERMEDIATE', 'SENIOR', 'TECHNICIAN', 'SENIOR_TECHNICIAN'])[skill_level + 1],
       case when source <> 'bench' then gid(2, employer_id) end
from some_worker order by id

-- into external_id (id, kind, source, value, record_id, created_at)
select gid(3, id), 'Worker', source, external_id, gid(1, id), moment(union_joined_on)
from some_worker order by id

-- into employment_relation (id, division_code, version, created_at, updated_at, worker_id, employer_id, contract_type, is_frontline, started_on, status)
select gid(4, id), division_code, 1, moment(union_joined_on), moment(union_joined_on), gid(1, id), gid(2, employer_id),
       case employment_form when 'formal' then 'OPEN_ENDED' when 'dispatch' then 'DISPATCH' when 'flexible' then 'PART_TIME' else 'TASK_BASED' end,
       false, union_joined_on, 'ACTIVE'
from some_worker where source <> 'bench' order by id

-- into innovation_studio (id, division_code, version, created_at, updated_at, name, leader_id, host_employer_id, kind, field, level, founded_on, status)
select gid(5, id), division_code, 1, moment(founded_on), moment(founded_on), name, gid(1, leader_id), gid(2, organization_id),
       'SINGLE', field, case level when 'city' then 'MUNICIPAL' when 'province' then 'PROVINCIAL' else 'NATIONAL' end,
       founded_on, 'ACTIVE'
from innovation_studio order by id

-- into studio_member (id, division_code, version, created_at, updated_at, studio_id, worker_id, role, joined_on)
select gid(6, m.id), s.division_code, 1, moment(joined_on), moment(joined_on), gid(5, studio_id), gid(1, worker_id),
       case role when 'apprentice' then 'APPRENTICE' else 'CORE' end, joined_on
from studio_member m join innovation_studio s on s.id = m.studio_id order by m.id

-- into innovation_achievement (id, division_code, version, created_at, updated_at, studio_id, employer_id, title, kind, achieved_on, benefit_fen, status)
select gid(7, a.id), s.division_code, 1, moment(achieved_on), moment(achieved_on), gid(5, studio_id), gid(2, s.organization_id),
       title, case kind when 'patent' then 'PATENT_INVENTION' when 'process' then 'ADVANCED_OPERATION_METHOD' when 'tool' then 'FIVE_SMALLS' else 'STANDARD' end,
       achieved_on, (benefit_amount * 100)::bigint, 'REGISTERED'
from achievement a join innovation_studio s on s.id = a.studio_id order by a.id

-- into dispute_case (id, division_code, version, created_at, updated_at, case_no, title, ground, category, is_collective, worker_count, registered_on, closed_on, channel, sensitivity, status)
select gid(8, id), division_code, 1, moment(filed_on), moment(filed_on), case_no, case_no, 'G5',
       case kind when 'wage' then 'UNPAID_WAGE' when 'injury' then 'WORK_INJURY' when 'contract' then 'EMPLOYMENT_RELATION' else 'SOCIAL_INSURANCE' end,
       false, 1, filed_on, closed_on, 'WALK_IN', 'NORMAL',
       case stage when 'filed' then 'REGISTERED' when 'arbitration' then 'IN_ARBITRATION' when 'closed' then 'CLOSED' else 'IN_MEDIATION' end
from dispute_case order by id

-- into wage_recovery (id, division_code, version, created_at, updated_at, case_id, worker_id, employer_id, claimed_fen, agreed_fen, agreed_on, paid_fen, paid_on, method, status)
-- One for each case; a state of ours for each stage of theirs.
select gid(9, c.id), c.division_code, 1, moment(filed_on), moment(filed_on), gid(8, c.id), gid(1, w.id), gid(2, c.organization_id),
       (amount_claimed * 100)::bigint,
       case when stage <> 'filed' then (amount_claimed * 100)::bigint end, case when stage <> 'filed' then filed_on end,
       (amount_recovered * 100)::bigint, case when amount_recovered > 0 then filed_on end, case when amount_recovered > 0 then 'BANK' end,
       case stage when 'filed' then 'CLAIMED' when 'mediating' then 'AGREED' when 'mediated' then 'PARTIALLY_PAID' when 'closed' then 'PAID' else 'DEFAULTED' end
from dispute_case c, lateral (select min(id) as id from worker w where w.employer_id = c.organization_id) w order by c.id
