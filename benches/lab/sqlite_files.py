"""Two SQLite files with the peers' rows: one that the service made, one that the limit reads."""
import contextlib, shutil, sqlite3

import load
from cluster import ROWS, Cluster, digest
from common import LAB, Failed, run, timed

LIMIT_SCHEMA = LAB.parent / "limit-sqlite" / "src" / "schema.sql"

LIMIT_PARTS = [
    load.Part("division", "code, name", "select code, name from division"),
    load.Part("organization", "id, name", "select id, name from organization order by id"),
    load.Part("worker", "id, source, external_id, name, gender, birth_date, employer_id, division_code, employment_form, education, phone, skill_level, union_joined_on, created_at, updated_at",
              "select id, source, external_id, name, gender, birth_date, employer_id, division_code, employment_form, education, phone, skill_level, union_joined_on, pg_temp.moment(created_at), pg_temp.moment(updated_at) from some_worker order by id"),
    load.Part("innovation_studio", "id, name, field, division_code, leader_id", "select id, name, field, division_code, leader_id from innovation_studio order by id"),
    load.Part("studio_member", "id, studio_id, worker_id, role", "select id, studio_id, worker_id, role from studio_member order by id"),
    load.Part("achievement", "id, studio_id, title, achieved_on", "select id, studio_id, title, achieved_on from achievement order by id"),
    load.Part("dispute_case", "id, division_code, stage, recovered_fen", "select id, division_code, stage, (amount_recovered * 100)::bigint from dispute_case order by id"),
]


def service_url(file):
    return f"sqlite://{file}"


def prepare(scratch, copy, binary):
    """Fresh copies of the two files; the filled ones are kept, and stand no write."""
    folder = scratch / "sqlite"
    folder.mkdir(exist_ok=True)
    kept = folder / "mark"
    mark = digest([ROWS, LIMIT_SCHEMA])
    ours, limit = folder / "filled-gongtu.db", folder / "filled-limit.db"
    with contextlib.ExitStack() as stack:
        cluster = stack.enter_context(Cluster(scratch, copy))
        if not kept.exists() or kept.read_text() != mark:
            kept.unlink(missing_ok=True)
            cluster.load_peers()
            for file in (ours, limit):
                remove(file)
            run([binary, "migrate"], env=load.service_environment(service_url(ours)), cwd=scratch)
            with timed("the rows for the service's SQLite file"):
                add_clear_column(ours)
                fill(cluster, ours, load.parts(), load.REGISTERED)
                load.seal(scratch, binary, service_url(ours))
            with timed("the rows for the limit's SQLite file"):
                make_limit(cluster, limit)
            kept.write_text(mark)
    working = folder / "gongtu.db", folder / "limit.db"
    for filled, file in zip((ours, limit), working):
        remove(file)
        shutil.copyfile(filled, file)
    return working


def add_clear_column(file):
    connection = sqlite3.connect(file, timeout=60)
    connection.execute(load.CLEAR)
    connection.close()


def remove(file):
    for ending in ("", "-wal", "-shm"):
        file.with_name(file.name + ending).unlink(missing_ok=True)


def make_limit(cluster, file):
    tables, indexes = LIMIT_SCHEMA.read_text().split("-- rows")
    connection = sqlite3.connect(file)
    connection.executescript("pragma journal_mode = wal;" + tables)
    connection.close()
    fill(cluster, file, LIMIT_PARTS, load.REGISTERED, indexes)


def fill(cluster, file, parts, workers, indexes=""):
    """Rows first, indexes then."""
    connection = sqlite3.connect(file)
    connection.executescript("pragma synchronous = off; pragma cache_size = -500000;")
    later = connection.execute("select name, sql from sqlite_master where type = 'index' and name like 'ix~_%' escape '~'").fetchall()
    for name, _ in later:
        connection.execute(f'drop index "{name}"')
    for part in parts:
        insert(cluster, connection, part, workers)
    connection.executescript(";\n".join(sql for _, sql in later) + ";" + indexes)
    connection.executescript("analyze; pragma wal_checkpoint(truncate);")
    connection.close()


def insert(cluster, connection, part, workers):
    kinds = {name: kind.lower() for _, name, kind, *_ in connection.execute(f"pragma table_info({part.table})")}
    columns = part.columns.split(", ")
    readers = [reader(kinds[it]) for it in columns]
    out = load.export(cluster, "peers", part, workers)

    def rows():
        for line in out.stdout:
            yield [None if it == "\\N" else read(it) for read, it in zip(readers, line.decode().rstrip("\n").split("\t"))]

    with connection:
        connection.executemany(f"insert into {part.table} ({part.columns}) values ({', '.join('?' * len(columns))})", rows())
    out.stdout.close()
    if out.wait():
        raise Failed(f"the rows of {part.table} could not be read")


def reader(kind):
    """From the text format of COPY to what the column holds in SQLite."""
    if kind.startswith("uuid"):
        return lambda it: bytes.fromhex(it.replace("-", ""))
    if kind.startswith("bool"):
        return lambda it: it == "t"
    if "int" in kind:
        return int
    return str


def prepare_writes(scratch, copy, binary, ours, limit):
    """The workers that m1 upserts, in both files, while their servers run."""
    with Cluster(scratch, copy) as cluster, timed(f"{load.BENCH_WORKERS:,} workers to upsert"):
        add_clear_column(ours)
        for file, parts in ((ours, load.parts()), (limit, LIMIT_PARTS)):
            connection = sqlite3.connect(file, timeout=60)
            for part in parts:
                if part.table in ("worker", "external_id"):
                    insert(cluster, connection, part, load.BENCH)
            connection.execute("pragma wal_checkpoint(truncate)")
            connection.close()
        load.seal(scratch, binary, service_url(ours))
