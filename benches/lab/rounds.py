"""Rounds: everybody is measured once in each, in an order that moves on from round to round."""
import csv, dataclasses, os, platform, time

import answers
from common import CONNECTIONS, loudly, say
from measure import Run, children, measure, memory
from report import OURS, Report


def idle_memory(contenders):
    return {it.name: memory([it.process.pid, *children(it.process.pid)]) for it in contenders}


def check(contenders, limit, operations, left_out):
    """Who answers what the limit answers; who does not is not measured in that operation."""
    able = {}
    for op in operations:
        able[op] = []
        for it in contenders:
            if op in it.leaves_out:
                left_out.append(f"{it.name} {op}: it has no such operation")
                continue
            wrong = None if it is limit else answers.differs(it, limit, op)
            if wrong:
                loudly(f"WRONG: {it.name} {op} does not answer as the limit does. {wrong}")
                left_out.append(f"{it.name} {op}: its answers are not the limit's")
            else:
                able[op].append(it)
        say(f"   {op}: the same rows from {', '.join(it.name for it in able[op])}")
    return able


class Rounds:
    def __init__(self, scratch, label, postmaster=None):
        self.postmaster, self.runs = postmaster, []
        self.file = open(scratch / "results" / f"{label}.csv", "w", newline="")
        self.csv = csv.writer(self.file)
        self.csv.writerow([it.name for it in dataclasses.fields(Run)])

    def run(self, able, operations, rounds, seconds):
        """`able`: for each operation, who takes part."""
        for op in operations:
            for it in able[op]:
                measure(it, op, 1, 99, 0, self.postmaster)  # caches, prepared statements, JIT
        for number in range(1, rounds + 1):
            for op in operations:
                order = able[op]
                turn = (number - 1) * 3 % max(len(order), 1)
                for it in order[turn:] + order[:turn]:
                    self.keep(measure(it, op, seconds, number * 1000 + 7, number, self.postmaster))

    def keep(self, run):
        if run is None:
            return
        self.runs.append(run)
        self.csv.writerow(dataclasses.astuple(run))
        self.file.flush()
        say(f"   round {run.round} {run.op:4} {run.contender:8} {run.rate:8.0f}/s  p50 {run.p50:7.2f} p99 {run.p99:8.2f} ms  "
            f"server {run.server:6.0f} db {run.database:6.0f} µs  {run.memory:5.0f} MB")


def conditions(rounds, seconds):
    return f"{rounds} round{'s' * (rounds != 1)} of {seconds} s, wrk -t1 -c{CONNECTIONS}; load, servers and database share the processors"


def conclude(title, scratch, label, asked, everybody, rounds, idle, left_out, operations, notes):
    """Prints the tables, keeps them in a file, and ends with the one line."""
    report = Report(rounds.runs, idle, operations, left_out)
    head = (f"{conditions(asked.rounds, asked.seconds)}; {os.cpu_count()} processors, load average of 15 minutes "
            f"{os.getloadavg()[2]:.1f}, {platform.machine()}, {time.strftime('%Y-%m-%d %H:%M')}")
    names = [f"   {it.name:8} {it.what}" for it in everybody]
    lines = [head, *names, *report.lines(), "", notes, "", report.last_line(title, operations)]
    table = scratch / "results" / f"{label}.txt"
    table.write_text("\n".join(lines) + "\n")
    say("\n" + "\n".join(lines[:-1]))
    say(f"Written to {table}")
    ours = next(it for it in everybody if it.name == OURS)
    missing = [op for op in asked.ops if op not in ours.leaves_out and report.ratio(OURS, op) is None]
    if missing:
        loudly(f"There is no figure of this service for {', '.join(missing)}.")
    say(lines[-1])
    return 1 if missing else 0
