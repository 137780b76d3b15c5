-- The tables that the operations read, keyed by whole numbers, with the indexes they want and no other.
create table division (code text primary key, name text not null) without rowid;
create table organization (id integer primary key, name text not null);
create table worker (
  id integer primary key,
  source text not null, external_id text not null,
  name text not null, gender text not null, birth_date text not null,
  employer_id integer not null, division_code text not null,
  employment_form text not null, education text not null, phone text,
  skill_level integer not null, union_joined_on text not null,
  created_at text not null, updated_at text not null);
create table innovation_studio (
  id integer primary key, name text not null, field text not null,
  division_code text not null, leader_id integer not null);
create table studio_member (id integer primary key, studio_id integer not null, worker_id integer not null, role text not null);
create table achievement (id integer primary key, studio_id integer not null, title text not null, achieved_on text not null);
create table dispute_case (id integer primary key, division_code text not null, stage text not null, recovered_fen integer not null);
-- rows
create unique index worker_source_key on worker (source, external_id);
create index worker_employer_name on worker (employer_id, name, id);
create index worker_division_joined on worker (division_code, union_joined_on desc, id, skill_level);
create index worker_division_level on worker (division_code, skill_level);
create index innovation_studio_division on innovation_studio (division_code, id);
create index studio_member_studio on studio_member (studio_id, id);
create index achievement_studio_date on achievement (studio_id, achieved_on desc, id);
create index dispute_case_division_stage on dispute_case (division_code, stage, recovered_fen);
