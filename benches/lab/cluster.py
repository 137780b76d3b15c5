"""A private PostgreSQL on 127.0.0.1, made by the peers' own script, and the databases in it."""
import hashlib, os, subprocess

from common import LAB, Failed, clean_environment, free_port, loudly, run, say, timed

USER = "bench"


class Cluster:
    def __init__(self, scratch, peers):
        self.scratch, self.peers = scratch, peers
        self.var = scratch / "var"
        self.data = self.var / "pgdata"
        self.port = free_port()
        self.log = scratch / "logs" / "postgresql.log"
        self.var.mkdir(exist_ok=True)

    def environment(self, database="postgres"):
        return clean_environment(PGHOST="127.0.0.1", PGPORT=self.port, PGUSER=USER, PGDATABASE=database,
                                 VAR=self.var, CARGO_TARGET_DIR=self.var / "target", PGOPTIONS="-c client_min_messages=warning")

    def script(self, *arguments):
        run(["bash", self.peers / "db" / "pg.sh", *arguments], log=self.log, env=self.environment())

    def __enter__(self):
        try:
            if not (self.data / "PG_VERSION").exists():
                with timed("new PostgreSQL cluster"):
                    self.script("init")
            if (self.data / "postmaster.pid").exists():
                # The lock on the scratch folder says that nobody else uses it.
                subprocess.run(["bash", self.peers / "db" / "pg.sh", "stop"], env=self.environment(), capture_output=True)
            # Its output stays open as long as the server runs, so it must not be a pipe.
            with open(self.log, "a") as log:
                started = subprocess.run(["bash", self.peers / "db" / "pg.sh", "start"], env=self.environment(), stdout=log, stderr=log)
            if started.returncode:
                raise Failed(f"PostgreSQL does not start; see {self.log} and {self.data}/server.log.")
        except Failed as error:
            raise Failed(f"{error}\nAs root the cluster belongs to the user postgres, who has to reach {self.scratch}: --scratch DIR names another folder.")
        return self

    def __exit__(self, *_):
        try:
            self.script("stop")
        except Failed as error:
            loudly(str(error))

    @property
    def postmaster(self):
        return int((self.data / "postmaster.pid").read_text().split()[0])

    def url(self, database):
        return f"postgres://{USER}@127.0.0.1:{self.port}/{database}"

    def psql(self, database, *statements):
        commands = [part for it in statements for part in ("-c", it)]
        return run(["psql", "-XqAt", "-v", "ON_ERROR_STOP=1", *commands], env=self.environment(database))

    def psql_file(self, database, file, **variables):
        settings = [part for k, v in variables.items() for part in ("-v", f"{k}={v}")]
        run(["psql", "-Xq", "-v", "ON_ERROR_STOP=1", *settings, "-f", file], log=self.log, env=self.environment(database))

    def mark(self, database):
        """What the database was filled with; nothing when that was not brought to its end."""
        text = f"select shobj_description(oid, 'pg_database') from pg_database where datname = '{database}'"
        return self.psql("postgres", text).strip()

    def set_mark(self, database, text):
        self.psql("postgres", f"comment on database {database} is '{text}'")

    def new_database(self, name):
        self.psql("postgres", f"drop database if exists {name} with (force)", f"create database {name}")

    def load_peers(self, name="peers"):
        files = [self.peers / "db" / it for it in ("schema.sql", "generate.sql", "indexes.sql", "postgraphile_upsert.sql")]
        mark = "peers " + digest(files)
        if self.mark(name) == mark:
            say(f"   the peers' rows are there ({name})")
            return
        with timed("680,000 workers for the peers"):
            self.script("load", name, "1")
            self.psql_file(name, files[-1])
            self.set_mark(name, mark)


def digest(files):
    it = hashlib.sha256()
    for file in files:
        it.update(file.read_bytes())
    return it.hexdigest()[:16]


ROWS = LAB / "rows.sql"
