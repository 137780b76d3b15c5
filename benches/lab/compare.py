"""This service beside the hand-written limit and the rivals."""
import argparse, contextlib, time
from pathlib import Path

import contenders, load, needs, sums
from cluster import Cluster
from common import POOL, ROOT, finish, say, scratch_folder, stop
from contenders import OPERATIONS, RIVALS, Builder
from report import OURS, is_limit
from rounds import Rounds, check, conclude, conditions, idle_memory

NOTES = f"""How it is measured
   L is the limit: one hand-written prepared statement an operation, no GraphQL; of each round and operation
   the better of L-pg and L-rust. Ratios are to L of the same round. Everybody has {POOL} connections.
   q1 a worker; q2 50 workers of an employer by name; q3 20 studios with leader, members, achievements;
   q4 a filtered page with its exact count, q4n without; q5 two group aggregates; m1 upsert by external id.
   This service runs for a city union: rows are narrowed by division and values masked by right, which
   nobody else does. Its ids and cursors are signed or encoded text, its columns and indexes its own.
   m1: everybody updates, for all {load.BENCH_WORKERS:,} workers are there. The others also change the employer; with us
   that ends one relation of employment and begins another, so it is not asked. Our write also fills the
   change log and the audit, which nobody else has. m1 is measured after all rounds of reading.
   Answers are compared with L's beforehand; a run with errors or odd lengths of answers is left out."""


def arguments():
    it = argparse.ArgumentParser(prog="benches/compare", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter, epilog=NOTES)
    it.add_argument("--quick", action="store_true", help="2 rounds of 2 s, without the rivals that take minutes to build unless they are built")
    it.add_argument("--rounds", type=int, help="5, or 2 with --quick")
    it.add_argument("--seconds", type=int, help="of one run: 3, or 2 with --quick")
    it.add_argument("--only", default=",".join(RIVALS), metavar="NAMES", help=f"rivals to measure, of {','.join(RIVALS)}; '' for none")
    it.add_argument("--ops", default=",".join(OPERATIONS), metavar="NAMES", help=f"operations, of {','.join(OPERATIONS)}")
    it.add_argument("--peers", metavar="DIR", help="the folder of the limit and the rivals; else GONGTU_PEERS, else ../shared/peers")
    it.add_argument("--scratch", metavar="DIR", type=Path, default=ROOT / "target" / "compare", help="what is kept between runs: target/compare")
    it.add_argument("--binary", metavar="FILE", help="a release build of the service; else it is built")
    it = it.parse_args()
    it.rounds = it.rounds or (2 if it.quick else 5)
    it.seconds = it.seconds or (2 if it.quick else 3)
    it.only = [name for name in it.only.split(",") if name and name != OURS and not is_limit(name)]
    it.ops = it.ops.split(",")
    unknown = [name for name in it.ops if name not in OPERATIONS] + [name for name in it.only if name not in RIVALS]
    if unknown:
        stop("Not known: " + ", ".join(unknown))
    return it


def main():
    asked = arguments()
    peers = needs.check(asked.peers)
    with scratch_folder(asked.scratch) as scratch, contextlib.ExitStack() as stack:
        say(f"Prepares (kept in {scratch} for the next run)")
        copy = needs.copy_peers(peers, scratch)
        binary = contenders.build_service(asked.binary)
        cluster = stack.enter_context(Cluster(scratch, copy))
        beside = contenders.peers(Builder(scratch, copy), cluster, asked.only, asked.quick)
        cluster.load_peers()
        load.ours(cluster, binary)
        load.forget_writes(cluster)
        return compare(asked, scratch, cluster, binary, beside, stack)


def compare(asked, scratch, cluster, binary, beside, stack):
    url, name = cluster.url("gongtu"), f"bench-{int(time.time())}"
    token = load.credential(scratch, binary, url, name)
    stack.callback(load.revoke, scratch, binary, url, name)
    left_out = []
    service = contenders.service(binary, scratch, url, token, sums.document(binary))
    everybody = [service, *beside]
    for it in everybody:
        stack.enter_context(it.running(scratch))
    limit = next(it for it in everybody if it.name == "L-pg")
    idle = idle_memory(everybody)

    reads = [op for op in asked.ops if op != "m1"]
    writes = [op for op in asked.ops if op == "m1"]
    label = time.strftime("%Y%m%d-%H%M%S")
    rounds = Rounds(scratch, label, cluster.postmaster)
    say("Checks answers")
    able = check(everybody, limit, reads, left_out)
    say(f"Measures: {conditions(asked.rounds, asked.seconds)}")
    rounds.run(able, reads, asked.rounds, asked.seconds)
    if writes:
        load.prepare_writes(cluster, binary)
        able = check(everybody, limit, writes, left_out)
        rounds.run(able, writes, asked.rounds, asked.seconds)
    return conclude("compare", scratch, label, asked, everybody, rounds, idle, left_out, OPERATIONS, NOTES)


if __name__ == "__main__":
    finish(main)
