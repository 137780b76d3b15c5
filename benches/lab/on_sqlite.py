"""This service on SQLite beside hand-written SQLite statements."""
import argparse, contextlib, os, time
from pathlib import Path

import contenders, load, needs, sqlite_files, sums
from common import LAB, ROOT, clean_environment, finish, run, say, scratch_folder, stop, timed
from contenders import OPERATIONS, Contender
from rounds import Rounds, check, conclude, conditions, idle_memory

NOTES = """How it is measured
   L is one hand-written prepared statement an operation over sqlx, without GraphQL, rights or checks; of each
   round the better of L-json (SQLite writes the JSON) and L-rows (serde writes that of q2 and q4n).
   Each has a file of its own with the same rows, 8 readers, one writer, a write-ahead log, full sync, and
   has been analyzed. Operations, credential and m1 are those of benches/compare. The database's work is in
   the server's time."""


def arguments():
    it = argparse.ArgumentParser(prog="benches/sqlite", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter, epilog=NOTES)
    it.add_argument("--rounds", type=int, default=5)
    it.add_argument("--seconds", type=int, default=3, help="of one run")
    it.add_argument("--ops", default=",".join(OPERATIONS), metavar="NAMES")
    it.add_argument("--peers", metavar="DIR", help="the folder whose rows are used; else GONGTU_PEERS, else ../shared/peers")
    it.add_argument("--scratch", metavar="DIR", type=Path, default=ROOT / "target" / "compare")
    it.add_argument("--binary", metavar="FILE", help="a release build of the service; else it is built")
    it = it.parse_args()
    it.ops = it.ops.split(",")
    unknown = [op for op in it.ops if op not in OPERATIONS]
    if unknown:
        stop("Not known: " + ", ".join(unknown))
    return it


def build_limit(scratch):
    target = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")).resolve()
    with timed("cargo build limit-sqlite"):
        run(["nice", "-n", "10", "cargo", "build", "--release", "-p", "limit-sqlite"], log=scratch / "logs" / "build.log",
            cwd=ROOT, env=clean_environment(CARGO_TARGET_DIR=target))
    return target / "release" / "limit-sqlite"


def main():
    asked = arguments()
    peers = needs.check(asked.peers)
    with scratch_folder(asked.scratch) as scratch, contextlib.ExitStack() as stack:
        say(f"Prepares (kept in {scratch} for the next run)")
        copy = needs.copy_peers(peers, scratch)
        binary, limit_binary = contenders.build_service(asked.binary), build_limit(scratch)
        ours, limit = sqlite_files.prepare(scratch, copy, binary)
        return measure(asked, scratch, copy, binary, limit_binary, ours, limit, stack)


def measure(asked, scratch, copy, binary, limit_binary, ours, limit_file, stack):
    url = sqlite_files.service_url(ours)
    token = load.credential(scratch, binary, url, "bench")
    service = contenders.service(binary, scratch, url, token, sums.document(binary))

    def limit(name, what, form):
        environment = dict(DATABASE_FILE=str(limit_file), LIMIT_JSON=form)
        return Contender(name, what, "limit", [limit_binary], scratch, "", environment, LAB / "op.lua")

    everybody = [service, limit("L-json", "the limit, JSON by SQLite", "sqlite"), limit("L-rows", "the limit, JSON of pages by serde", "rows")]
    for it in everybody:
        stack.enter_context(it.running(scratch))
    idle, left_out = idle_memory(everybody), []
    label = time.strftime("sqlite-%Y%m%d-%H%M%S")
    rounds = Rounds(scratch, label)
    reads = [op for op in asked.ops if op != "m1"]
    writes = [op for op in asked.ops if op == "m1"]
    say("Checks answers")
    able = check(everybody, everybody[1], reads, left_out)
    say(f"Measures: {conditions(asked.rounds, asked.seconds)}")
    rounds.run(able, reads, asked.rounds, asked.seconds)
    if writes:
        sqlite_files.prepare_writes(scratch, copy, binary, ours, limit_file)
        able = check(everybody, everybody[1], writes, left_out)
        rounds.run(able, writes, asked.rounds, asked.seconds)
    return conclude("sqlite", scratch, label, asked, everybody, rounds, idle, left_out, OPERATIONS, NOTES)


if __name__ == "__main__":
    finish(main)
