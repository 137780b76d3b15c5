"""Who is measured: how each is built, started and ended."""
import contextlib, os, re, socket, subprocess, time, urllib.error, urllib.request
from dataclasses import dataclass, field
from pathlib import Path

import load
from common import LAB, POOL, ROOT, Failed, clean_environment, end, free_port, loudly, run, say, timed, which

OPERATIONS = ["q1", "q2", "q3", "q4", "q4n", "q5", "m1"]


@dataclass
class Contender:
    name: str
    what: str
    family: str                       # the wire it speaks: which documents it is sent
    command: list
    folder: Path
    database: str
    environment: dict = field(default_factory=dict)
    script: Path = None               # draws its requests
    leaves_out: tuple = ()
    process: subprocess.Popen = None
    port: int = 0

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    def post(self, body):
        try:
            return self.ask(body).read()
        except urllib.error.HTTPError as error:
            return error.read()

    def length(self, body):
        """Bytes of an answer with its head on a connection that stays open: as wrk counts them."""
        lines = [f"POST /graphql HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\nContent-Type: application/json"]
        if "TOKEN" in self.environment:
            lines.append("Authorization: Bearer " + self.environment["TOKEN"])
        content = body.encode()
        lines.append(f"Content-Length: {len(content)}\r\n\r\n")
        with socket.create_connection(("127.0.0.1", self.port), timeout=30) as it:
            it.sendall("\r\n".join(lines).encode() + content)
            answer = b""
            while not is_whole(answer):
                part = it.recv(65536)
                if not part:
                    break
                answer += part
        return len(answer)

    def ask(self, body):
        headers = {"Content-Type": "application/json", "Accept": "application/json"}
        if "TOKEN" in self.environment:
            headers["Authorization"] = "Bearer " + self.environment["TOKEN"]
        request = urllib.request.Request(self.url + "/graphql", body.encode(), headers)
        return urllib.request.urlopen(request, timeout=30)

    def bodies(self, op, seed, n=1):
        """What the load script would send."""
        family = self.family
        environment = dict(os.environ, SCRIPT=str(self.script), FAMILY=family, OPERATION=op, SEED=str(seed), N=str(n),
                           Q5_TEXT=self.environment.get("Q5_TEXT", ""))
        done = subprocess.run(["wrk", "-s", str(LAB / "bodies.lua"), "http://127.0.0.1:1"], env=environment, capture_output=True, text=True)
        if done.returncode or not done.stdout:
            raise Failed(f"wrk draws no variables for {self.name} {op}: {done.stdout} {done.stderr}")
        return done.stdout.strip().split("\n")

    @contextlib.contextmanager
    def running(self, scratch):
        self.port = free_port()
        environment = clean_environment(**self.environment, PORT=self.port, POOL=POOL, GONGTU_LISTEN=f"127.0.0.1:{self.port}")
        # The token goes to the load, not to the service.
        environment.pop("TOKEN", None)
        log = scratch / "logs" / f"{self.name}.log"
        with open(log, "w") as out:
            self.process = subprocess.Popen([str(it) for it in self.command], cwd=self.folder, env=environment,
                                            stdout=out, stderr=out, start_new_session=True)
        try:
            self.wait(log)
            yield self
        finally:
            end(self.process)

    def wait(self, log):
        until = time.time() + 90
        while time.time() < until and self.process.poll() is None:
            try:
                self.post('{"query":"{__typename}","op":"none","variables":{}}')
                return
            except OSError:
                time.sleep(0.1)
        raise Failed(f"{self.name} does not start: {log.read_text()[-600:]}")


def is_whole(answer):
    head, _, rest = answer.partition(b"\r\n\r\n")
    if b"chunked" in head.lower():
        return rest.endswith(b"0\r\n\r\n")
    length = re.search(rb"content-length: *(\d+)", head.lower())
    return bool(length) and len(rest) >= int(length.group(1))


def build_service(given=None):
    """The release build of this clone."""
    if given:
        return Path(given).resolve()
    target = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")).resolve()
    say("   cargo build --release (minutes, when it is new) …")
    if subprocess.run(["nice", "-n", "10", "cargo", "build", "--release", "--bin", "gongtu"], cwd=ROOT).returncode:
        raise Failed("The service does not build.")
    return target / "release" / "gongtu"


class Builder:
    """Builds the peers in the scratch folder; what is there already is used again."""

    def __init__(self, scratch, copy):
        self.scratch, self.copy = scratch, copy
        self.target = scratch / "var" / "target"
        self.log = scratch / "logs" / "build.log"

    def cargo(self, folder, package, target):
        command = ["nice", "-n", "10", "cargo", "build", "--release"] + (["-p", package] if package else [])
        with timed(f"cargo build {package or folder.name}"):
            run(command, log=self.log, cwd=folder, env=clean_environment(CARGO_TARGET_DIR=target))

    def npm(self, name, *flags):
        if (self.copy / "peers" / name / "node_modules").exists():
            return
        with timed(f"npm install for {name}"):
            run(["npm", "install", "--no-audit", "--no-fund", *flags], log=self.log, cwd=self.copy / "peers" / name)

    def limit(self):
        self.cargo(self.copy / "peers", "limit", self.target)
        return self.target / "release" / "limit"

    def agql8(self):
        self.cargo(self.copy / "peers", "agql8", self.target)
        return self.target / "release" / "agql8"

    def seaography(self):
        self.cargo(self.copy / "peers" / "seaography", None, self.target / "sg")
        return self.target / "sg" / "release" / "seaography-peer"

    def is_built(self, name):
        files = {"A8-req": "release/agql8", "G": "sg/release/seaography-peer"}
        return name not in files or (self.target / files[name]).exists()


RIVALS = {
    "A8-req": "async-graphql 8.0.0-rc.5, sea-orm, a loader per request",
    "G": "seaography 2.0.0-rc.9",
    "P": "PostGraphile 5",
    "M": "Mercurius 16 with JIT",
}


def peers(builder, cluster, wanted, quick):
    """The limit, twice, and the rivals that are wanted and can be built."""
    url = cluster.url("peers")
    script = builder.copy / "wrk" / "op.lua"
    folder = builder.copy

    def contender(name, what, family, command, folder=folder, leaves_out=(), **environment):
        return Contender(name, what, family, command, folder, "peers", dict(environment, DATABASE_URL=url), script, leaves_out)

    limit = builder.limit()
    found = [
        contender("L-pg", "the limit, JSON by PostgreSQL", "limit", [limit], LIMIT_JSON="pg"),
        contender("L-rust", "the limit, JSON by serde", "limit", [limit], LIMIT_JSON="rust"),
    ]
    node = dict(NODE_ENV="production", GRAPHILE_ENV="production", WORKERS="1")

    def agql8():
        return contender("A8-req", RIVALS["A8-req"], "agql", [builder.agql8()], MODE="loader", PER_REQUEST="1")

    def seaography():
        return contender("G", RIVALS["G"], "seaography", [builder.seaography()], leaves_out=("q5", "m1"))

    def postgraphile():
        builder.npm("postgraphile", "--legacy-peer-deps")
        return contender("P", RIVALS["P"], "postgraphile", ["node", "server.mjs"], folder / "peers/postgraphile", **node)

    def mercurius():
        builder.npm("mercurius")
        return contender("M", RIVALS["M"], "agql", ["node", "server.mjs"], folder / "peers/mercurius", **node)

    makers = {"A8-req": agql8, "G": seaography, "P": postgraphile, "M": mercurius}
    for name, make in makers.items():
        if name not in wanted:
            continue
        if quick and not builder.is_built(name):
            loudly(f"--quick leaves out {name} ({RIVALS[name]}): it takes minutes to build. A full run builds it, once.")
            continue
        if name in ("P", "M") and not (which("node") and which("npm")):
            loudly(f"{name} ({RIVALS[name]}) is left out: node or npm is missing.")
            continue
        try:
            found.append(make())
        except Failed as error:
            loudly(f"{name} ({RIVALS[name]}) is left out: {error}")
    return found


def service(binary, scratch, url, token, sums, name="gongtu"):
    environment = load.service_environment(url, TOKEN=token, Q5_TEXT=sums or "")
    kept = {k: environment[k] for k in ("DATABASE_URL", "GONGTU_KEYRING", "GONGTU_DATABASE_POOL", "GONGTU_LOG", "GONGTU_BUDGET", "TOKEN", "Q5_TEXT")}
    return Contender(name, "this service", "gongtu", [binary, "serve"], scratch, "gongtu", kept, LAB / "op.lua",
                     () if sums else ("q5",))
