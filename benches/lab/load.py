"""Fills a database of ours with the peers' rows, and brings both back to the same rows before a run."""
import subprocess
from dataclasses import dataclass

from cluster import ROWS, digest
from common import DIVISION, Failed, clean_environment, run, say, timed

# Ids begin here: 2024-01-01 in milliseconds, the time that a UUID of version 7 starts with.
BASE = 1_704_067_200_000
BENCH_WORKERS = 100_000

HELPERS = f"""
create function pg_temp.gid(kind int, key bigint) returns uuid language sql immutable as
  $$ select (lpad(to_hex({BASE} + key), 12, '0') || '70008000' || lpad(to_hex(kind), 12, '0'))::uuid $$;
create function pg_temp.moment(it timestamptz) returns text language sql stable as
  $$ select to_char(it at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"+00:00"') $$;
create function pg_temp.moment(it date) returns text language sql immutable as
  $$ select it::text || 'T00:00:00+00:00' $$;
"""


@dataclass
class Part:
    table: str
    columns: str
    select: str


def parts():
    found = []
    for text in ROWS.read_text().split("-- into ")[1:]:
        head, body = text.split("\n", 1)
        table, columns = head.strip().rstrip(")").split(" (")
        select = " ".join(it for it in body.split("\n") if not it.startswith("--"))
        found.append(Part(table, columns, select.strip().replace("gid(", "pg_temp.gid(").replace("moment(", "pg_temp.moment(")))
    return found


def some_workers(which):
    """The view that the SELECTs read workers from."""
    return f"create temp view some_worker as {which}"


REGISTERED = "select * from worker where source <> 'bench'"

# Every worker that the load of m1 may upsert.
BENCH = f"""
select 200000000::bigint + n as id, 'bench' as source, 'B' || lpad(n::text, 6, '0') as external_id, '王建军' as name, 'male' as gender,
       date '1980-02-03' as birth_date, 1 + n % 6000 as employer_id,
       (array['130300','130302','130303','130304','130306','130321','130322','130324','130371','130372'])[1 + n % 10] as division_code,
       'formal' as employment_form, 'college' as education, '13900000000' as phone, n % 6 as skill_level,
       date '2010-05-01' as union_joined_on, now() as created_at, now() as updated_at
from generate_series(0, {BENCH_WORKERS - 1}) n"""


def export(cluster, source, part, workers):
    """A process that writes the rows of a part in the text format of COPY."""
    sql = f"copy ({part.select}) to stdout"
    return subprocess.Popen(["psql", "-Xq", "-v", "ON_ERROR_STOP=1", "-c", HELPERS, "-c", some_workers(workers), "-c", sql],
                            env=cluster.environment(source), stdout=subprocess.PIPE)


def pipe(cluster, source, target, part, workers):
    out = export(cluster, source, part, workers)
    into = run(["psql", "-Xq", "-v", "ON_ERROR_STOP=1", "-c", f"copy {part.table} ({part.columns}) from stdin"],
               env=cluster.environment(target), stdin=out.stdout)
    out.stdout.close()
    if out.wait():
        raise Failed(f"the rows of {part.table} could not be read {into}")


def fill(cluster, source, target, workers=REGISTERED, tables=None):
    """Rows first, indexes then: as the peers' rows were made, and much faster."""
    cluster.psql(target, CLEAR)
    indexes = cluster.psql(target, "select indexname || '|' || indexdef from pg_indexes where schemaname = 'public' and indexname like 'ix\\_%'")
    indexes = [it.split("|", 1) for it in indexes.splitlines()]
    if indexes:
        cluster.psql(target, "drop index " + ", ".join(name for name, _ in indexes))
    for part in parts():
        if tables is None or part.table in tables:
            pipe(cluster, source, target, part, workers)
    if indexes:
        cluster.psql(target, "set maintenance_work_mem = '1GB'", *(definition for _, definition in indexes))
    cluster.psql(target, "vacuum (freeze, analyze)")


# Rows come with phones in clear: in the column of an earlier version, from which the service seals them.
CLEAR = "alter table worker add column phone_clear text"


def seal(scratch, binary, url):
    run([binary, "key", "list"], env=service_environment(url), cwd=scratch)


def ours(cluster, binary, source="peers", target="gongtu"):
    """The database of the service: migrated by itself, filled with the same rows."""
    mark = "rows " + digest([ROWS])
    is_new = cluster.mark(target) != mark
    if is_new:
        cluster.new_database(target)
    migrate(cluster, binary, target)
    if is_new:
        with timed("the same rows for the service"):
            fill(cluster, source, target)
            cluster.set_mark(target, mark)
        with timed("their phones are sealed"):
            seal(cluster.scratch, binary, cluster.url(target))
            cluster.psql(target, *FRESH)
    else:
        say(f"   the service's rows are there ({target})")


def migrate(cluster, binary, target):
    run([binary, "migrate"], env=service_environment(cluster.url(target)), cwd=cluster.scratch)


def service_environment(url, **more):
    return clean_environment(DATABASE_URL=url, GONGTU_KEYRING="gongtu.keyring", GONGTU_DATABASE_POOL=8, GONGTU_LOG="warn",
                             GONGTU_BUDGET=2**62, **more)


def credential(scratch, binary, url, name):
    """A union with the city's divisions, so that rows are narrowed and values masked by right."""
    command = [binary, "client", "create", name, "--role", "COUNTY", "--division", DIVISION, "--api-token"]
    return run(command, env=service_environment(url), cwd=scratch).split()[-1]


def revoke(scratch, binary, url, name):
    run([binary, "client", "revoke", name], env=service_environment(url), cwd=scratch)


# A full vacuum packs the rows and leaves no map of what everybody sees, without which a count reads the
# rows themselves and not the index: the second vacuum makes that map.
FRESH = "vacuum (full) worker", "vacuum (freeze, analyze)"


def forget_writes(cluster, source="peers", target="gongtu"):
    """Takes away what an earlier run wrote, so that both databases hold the same rows again."""
    known = cluster.psql(source, "select exists (select from worker where source = 'bench')").strip()
    ours = cluster.psql(target, "select exists (select from external_id where kind = 'Worker' and source = 'bench')").strip()
    if "t" not in (known, ours):
        return
    with timed("the rows that an earlier run wrote are removed"):
        cluster.psql(source, "delete from worker where source = 'bench'", *FRESH)
        cluster.psql(
            target,
            "create temp table gone as select record_id as id from external_id where kind = 'Worker' and source = 'bench'",
            "delete from worker where id in (select id from gone)",
            "delete from external_id where record_id in (select id from gone)",
            "truncate outbox, change_log, audit_entry, audit_seal, audit_waiting, audit_checkpoint, idempotency_record",
            "vacuum (full) external_id", *FRESH,
        )


def prepare_writes(cluster, binary, source="peers", target="gongtu"):
    """Every worker that the load may upsert is there beforehand, so that everybody updates, from the first
    round to the last. Without that the first contenders insert and the later ones update."""
    with timed(f"{BENCH_WORKERS:,} workers to upsert"):
        cluster.psql(source, f"insert into worker {BENCH}", "vacuum (analyze) worker")
        cluster.psql(target, CLEAR)
        for part in parts():
            if part.table in ("worker", "external_id"):
                pipe(cluster, source, target, part, BENCH)
        seal(cluster.scratch, binary, cluster.url(target))
        cluster.psql(target, "vacuum (analyze) worker", "vacuum (analyze) external_id")
