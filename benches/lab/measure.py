"""One run of wrk against one contender, with what it cost the processors and the memory."""
import json, os, re, subprocess, threading
from dataclasses import dataclass

import answers
from cluster import USER
from common import CONNECTIONS, loudly


@dataclass
class Run:
    round: int
    op: str
    contender: str
    rate: float
    p50: float
    p99: float
    server: float      # microseconds of processor per request
    database: float
    memory: float      # largest during the run, MB


def children(pid):
    found = []
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                with open(f"/proc/{entry}/stat") as file:
                    parent = file.read().rsplit(")", 1)[1].split()[1]
            except OSError:
                continue
            if parent == str(pid):
                found.append(int(entry))
    return found


def processor_time(pids):
    """Seconds on a processor of each process, all its threads."""
    times = {}
    for pid in pids:
        try:
            total = 0
            for thread in os.listdir(f"/proc/{pid}/task"):
                with open(f"/proc/{pid}/task/{thread}/schedstat") as file:
                    total += int(file.read().split()[0])
            times[pid] = total / 1e9
        except OSError:
            pass
    return times


def spent(before, after):
    """A process that began in between counts from zero."""
    return sum(time - before.get(pid, 0) for pid, time in after.items())


def backends(postmaster, database):
    """The server processes of PostgreSQL that work for one database."""
    found = []
    for pid in children(postmaster):
        try:
            with open(f"/proc/{pid}/cmdline") as file:
                if f"postgres: {USER} {database} " in file.read():
                    found.append(pid)
        except OSError:
            pass
    return found


def memory(pids):
    total = 0
    for pid in pids:
        try:
            with open(f"/proc/{pid}/status") as file:
                total += int(re.search(r"VmRSS:\s+(\d+)", file.read()).group(1))
        except (OSError, AttributeError):
            pass
    return total / 1024


class LargestMemory:
    """Looks ten times a second."""

    def __init__(self, pids):
        self.pids, self.largest, self.over = pids, 0, threading.Event()

    def __enter__(self):
        def look():
            while not self.over.wait(0.1):
                self.largest = max(self.largest, memory(self.pids))
        self.thread = threading.Thread(target=look)
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.over.set()
        self.thread.join()
        self.largest = max(self.largest, memory(self.pids))


USUAL = {}


def measure(contender, op, seconds, seed, number, postmaster=None):
    """Nothing when the answers were not answers."""
    pids = [contender.process.pid, *children(contender.process.pid)]

    def database_time():
        return processor_time(backends(postmaster, contender.database)) if postmaster else {}

    environment = dict(os.environ, TOKEN=contender.environment.get("TOKEN", ""), Q5_TEXT=contender.environment.get("Q5_TEXT", ""))
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "--timeout", "10s", "-s", str(contender.script), contender.url,
               "--", contender.family, op, str(seed)]
    server_before, database_before = processor_time(pids), database_time()
    with LargestMemory(pids) as resident:
        done = subprocess.run(command, env=environment, capture_output=True, text=True)
        server_after, database_after = processor_time(pids), database_time()
    found = re.search(r"RESULT (\{.*\})", done.stdout)
    if not found:
        loudly(f"wrk failed against {contender.name} {op}: {done.stdout} {done.stderr}")
        return None
    result = json.loads(found.group(1))
    requests = max(result["requests"], 1)
    wrong = judge(contender, op, result["bytes"] / requests)
    if result["errors"]:
        wrong.append(f"{result['errors']} connections, statuses or answers were lost")
    if wrong:
        loudly(f"INVALID: {contender.name} {op}, round {number}: " + "; ".join(wrong))
        return None
    return Run(number, op, contender.name, result["requests"] / result["seconds"], result["p50_us"] / 1000, result["p99_us"] / 1000,
               spent(server_before, server_after) / requests * 1e6, spent(database_before, database_after) / requests * 1e6, resident.largest)


def judge(contender, op, bytes_each):
    """An error is a fast HTTP 200: asks again, and looks at how long the answers of the run were."""
    wrong = []
    bad = sum(answers.is_bad(contender.post(contender.bodies(op, 500 + it)[0])) for it in range(3))
    if bad:
        wrong.append(f"{bad} of 3 answers are errors")
    if (contender.name, op) not in USUAL:
        lengths = [contender.length(body) for body in contender.bodies(op, 600, 9)]
        USUAL[contender.name, op] = sum(lengths) / len(lengths)
    usual = USUAL[contender.name, op]
    if not 0.9 * usual < bytes_each < 1.1 * usual:
        wrong.append(f"{bytes_each:.0f} bytes an answer, usually {usual:.0f}")
    return wrong
