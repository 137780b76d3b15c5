"""The same questions at 68,000, 680,000 and 6,800,000 workers: through the service, over HTTP, one at a time."""
import argparse, contextlib, http.client, json, shutil, statistics, time
from pathlib import Path

import contenders, load, needs, sums
from cluster import ROWS, Cluster, digest
from common import ROOT, Failed, finish, loudly, say, scratch_folder, stop, timed

CITY = 680_000
GIGABYTES = 0.8  # of a city with its indexes
COLUMNS = "source, external_id, name, gender, birth_date, employer_id, division_code, employment_form, education, phone, skill_level, union_joined_on, created_at, updated_at"
FIELDS = "edges{cursor node{id name skillRank createdAt employmentStatus}} pageInfo{hasNextPage startCursor endCursor}"
SOME = 'divisionCode:{eq:"130302"},skillRank:{in:[SENIOR,TECHNICIAN,SENIOR_TECHNICIAN]}'
NOTES = """One connection, one request at a time, nothing else running; the time is that of the client, with HTTP and
   JSON. Best and median of the runs, ms. Cursors are found by paging, as a client has to. Employers and workers
   are loaded, no other record. "some" are the workers of one district from rank 3 up, by date, newest first."""


def arguments():
    it = argparse.ArgumentParser(prog="benches/growth", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter, epilog=NOTES)
    it.add_argument("--scales", default="0.1,1,10", help="1 is 680,000 workers, and takes about 0.8 GB of disk and a minute to load")
    it.add_argument("--runs", type=int, default=15)
    it.add_argument("--peers", metavar="DIR")
    it.add_argument("--scratch", metavar="DIR", type=Path, default=ROOT / "target" / "compare")
    it.add_argument("--binary", metavar="FILE", help="a release build of the service; else it is built")
    it = it.parse_args()
    it.scales = [float(one) for one in it.scales.split(",")]
    if any(not (0 < one <= 1 or one == int(one)) for one in it.scales):
        stop("A scale above 1 is a whole number.")
    return it


def main():
    asked = arguments()
    peers = needs.check(asked.peers)
    with scratch_folder(asked.scratch) as scratch, contextlib.ExitStack() as stack:
        wanted = sum(asked.scales) * GIGABYTES
        free = shutil.disk_usage(scratch).free / 1e9
        say(f"Takes about {wanted:.1f} GB of disk in {scratch}, twice that while it loads ({free:.0f} GB are free), "
            f"and about {sum(asked.scales) + 0.5:.0f} minutes to load; nothing when it is there already.")
        if wanted * 2 > free:
            stop("That is too little room: choose smaller --scales.")
        copy = needs.copy_peers(peers, scratch)
        binary = contenders.build_service(asked.binary)
        cluster = stack.enter_context(Cluster(scratch, copy))
        cluster.load_peers()
        table = {}
        for scale in asked.scales:
            workers = int(CITY * scale)
            database = f"growth_{workers // 1000}k"
            size = fill(cluster, binary, database, workers)
            with Service(cluster, scratch, binary, database) as service:
                table[workers] = measure(service, asked.runs, sums.document(binary) is not None)
            table[workers]["size of the database, MB"] = size
        show(table, scratch)
    return 0


def fill(cluster, binary, database, workers):
    mark = f"growth {workers} {digest([ROWS])}"
    if cluster.mark(database) != mark:
        cluster.new_database(database)
        load.migrate(cluster, binary, database)
        copies = max(1, workers // CITY)
        view = (f"select id + copy * {CITY} as id, {COLUMNS} from worker, generate_series(0, {copies - 1}) copy "
                f"where source <> 'bench' and id <= {workers}")
        with timed(f"{workers:,} workers"):
            load.fill(cluster, "peers", database, view, ("employer", "worker"))
            cluster.set_mark(database, mark)
        load.seal(cluster.scratch, binary, cluster.url(database))
        cluster.psql(database, *load.FRESH)
    else:
        say(f"   {workers:,} workers are there")
    load.migrate(cluster, binary, database)
    return int(cluster.psql(database, f"select pg_database_size('{database}') / 1000000"))


class Service(contextlib.ExitStack):
    """The service over one database, and one connection to it."""

    def __init__(self, cluster, scratch, binary, database):
        super().__init__()
        url, name = cluster.url(database), f"growth-{int(time.time())}"
        self.token = load.credential(scratch, binary, url, name)
        self.callback(load.revoke, scratch, binary, url, name)
        service = contenders.service(binary, scratch, url, self.token, None)
        self.enter_context(service.running(scratch))
        self.connection = http.client.HTTPConnection("127.0.0.1", service.port, timeout=120)

    def ask(self, query):
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {self.token}"}
        self.connection.request("POST", "/graphql", json.dumps({"query": query}), headers)
        answer = json.loads(self.connection.getresponse().read())
        if "errors" in answer:
            raise Failed(f"{query[:200]} answers {answer['errors'][:1]}")
        return answer["data"]

    def timed(self, query, runs):
        self.ask(query)
        times = []
        for _ in range(runs):
            begun = time.perf_counter()
            self.ask(query)
            times.append((time.perf_counter() - begun) * 1000)
        return min(times), statistics.median(times)


def page(where, rest):
    return f"{{workers({rest},where:{{{where}}},orderBy:[{{field:CREATED_AT,direction:DESC}}]){{{FIELDS}}}}}"


def cursor_after(service, where, rows):
    """The cursor of the row with this number, counted from 1."""
    cursor = None
    while rows:
        step = min(rows, 100)
        at = f',after:"{cursor}"' if cursor else ""
        query = page(where, f"first:{step}{at}").replace(FIELDS, "edges{node{id}} pageInfo{endCursor}")
        found = service.ask(query)["workers"]
        if len(found["edges"]) < step:
            raise Failed(f"there are fewer than {rows} rows")
        cursor, rows = found["pageInfo"]["endCursor"], rows - step
    return cursor


def measure(service, runs, has_groups):
    found = {}
    whole = 'divisionCode:{within:"130300"}'
    count = service.ask(f"{{workers(first:0,where:{{{SOME}}}){{totalCount(exact:true)}}}}")["workers"]["totalCount"]
    say(f"   {count:,} workers are some")

    def pages(name, where, places):
        for place, cursor in places:
            at = f',after:"{cursor}"' if cursor else ""
            found[f"{name}, {place}"] = service.timed(page(where, f"first:20{at}"), runs)

    def near_end(where):
        return service.ask(page(where, "last:40"))["workers"]["pageInfo"]["startCursor"]

    pages("all by date", whole, [("page 1", None), ("page 1,000", cursor_after(service, whole, 19_980)), ("one of the last pages", near_end(whole))])
    pages("some", SOME, [("page 1", None), ("the middle page", cursor_after(service, SOME, count // 2)), ("one of the last pages", near_end(SOME))])
    for name, where in (("some", SOME), ("all", whole)):
        for how, argument in (("to 10,000", ""), ("exact", "(exact:true)")):
            query = f"{{workers(first:0,where:{{{where}}}){{totalCount{argument}}}}}"
            found[f"{name}, count {how}"] = service.timed(query, max(3, runs // 2))
    if has_groups:
        for name, query in (
            ("ranks of one district", '{workerGroups(where:{divisionCode:{eq:"130302"}},by:[SKILL_RANK]){skillRank count}}'),
            ("all by district", "{workerGroups(by:[DIVISION_CODE]){divisionCode count}}"),
            ("all by district and rank", "{workerGroups(by:[DIVISION_CODE,SKILL_RANK]){divisionCode skillRank count}}"),
        ):
            found[name] = service.timed(query, max(3, runs // 3))
    else:
        loudly("This schema has no group aggregates: they are not measured.")
    return found


def show(table, scratch):
    names = list(dict.fromkeys(name for column in table.values() for name in column))
    lines = [f"{'best / median, ms':34}" + "".join(f"{workers:>20,}" for workers in table)]
    for name in names:
        cells = (column[name] for column in table.values())
        lines.append(f"{name:34}" + "".join(f"{it:>20}" if isinstance(it, int) else f"{it[0]:>11.2f} / {it[1]:6.2f}" for it in cells))
    lines += ["", NOTES]
    file = scratch / "results" / time.strftime("growth-%Y%m%d-%H%M%S.txt")
    file.write_text("\n".join(lines) + "\n")
    say("\n" + "\n".join(lines))
    say(f"Written to {file}")


if __name__ == "__main__":
    finish(main)
