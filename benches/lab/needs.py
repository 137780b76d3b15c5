"""What a run needs, what is missing, and where the peers are."""
import os, shutil
from pathlib import Path

from common import ROOT, loudly, say, stop, which

PROGRAMS = {
    "initdb": "server programs of PostgreSQL 14 or later (Debian: postgresql, and its bin folder in PATH)",
    "pg_ctl": "the same",
    "psql": "client of PostgreSQL",
    "wrk": "load generator (https://github.com/wg/wrk); it draws the variables with the LuaJIT it has inside",
    "cargo": "Rust toolchain",
}


def find_server_programs():
    """Debian keeps initdb out of PATH."""
    if which("initdb"):
        return
    for folder in sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda it: int(it.parts[-2]), reverse=True):
        if (folder / "initdb").exists():
            os.environ["PATH"] += f":{folder}"
            return


def find_peers(given):
    named = given or os.environ.get("GONGTU_PEERS") or ROOT.parent / "shared" / "peers"
    return Path(named).expanduser().resolve()


def check(given_peers, programs=PROGRAMS):
    """Lists what there is; ends when something is missing that nothing works without."""
    find_server_programs()
    peers = find_peers(given_peers)
    has_peers = (peers / "wrk" / "op.lua").exists() and (peers / "db" / "pg.sh").exists()
    rows = [(name, which(name), what) for name, what in programs.items()]
    rows.append(("peers", str(peers) if has_peers else None,
                 f"folder of the limit and the rivals, not in {peers}: give --peers DIR or GONGTU_PEERS"))
    say("Needs:")
    for name, found, what in rows:
        say(f"   {name:8} {found or 'MISSING'}{'' if found else ': ' + what}")
    for name in ("node", "npm"):
        say(f"   {name:8} {which(name) or 'missing: without it the rivals P and M are left out'}")
    missing = [name for name, found, _ in rows if not found]
    if not os.path.exists("/proc/self/schedstat"):
        loudly("There is no /proc/…/schedstat here: CPU times will be zero.")
    if missing:
        stop("Missing: " + ", ".join(missing) + ".")
    return peers


def copy_peers(peers, scratch):
    """The peers' folder is read only. The copy is kept, and refreshed when the original is another."""
    copy = scratch / "peers"
    for source in [peers, *peers.rglob("*")]:
        relative = source.relative_to(peers)
        if set(relative.parts) & {"var", "node_modules", "target", "results"}:
            continue
        target = copy / relative
        if source.is_dir():
            target.mkdir(parents=True, exist_ok=True)
        elif not target.exists() or (target.read_bytes() != source.read_bytes() and source.name != "package-lock.json"):
            shutil.copyfile(source, target)
            target.chmod(0o755 if os.access(source, os.X_OK) else 0o644)
    return copy
