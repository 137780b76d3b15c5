"""What every part uses: where things are, how to say and run something, how to end what was begun."""
import contextlib, fcntl, os, shutil, signal, socket, subprocess, sys, time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LAB = Path(__file__).resolve().parent
POOL = 8
CONNECTIONS = 32
DIVISION = "130300"


def say(text=""):
    print(text, flush=True)


def loudly(text):
    say(f"!! {text}")


def stop(text, code=2):
    sys.stdout.flush()
    print(text, file=sys.stderr, flush=True)
    raise SystemExit(code)


def clean_environment(**more):
    """The environment without settings of ours that somebody happens to have."""
    def ours(name):
        return name.startswith(("GONGTU_", "DATABASE_URL", "PG")) and name != "PG_OS_USER"
    kept = {k: v for k, v in os.environ.items() if not ours(k)}
    return {**kept, **{k: str(v) for k, v in more.items()}}


def run(command, log=None, **more):
    """Runs to the end; the output goes to the log, or comes back. What fails is an error with its last lines."""
    command = [str(it) for it in command]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **more)
    if log:
        with open(log, "a") as file:
            file.write(f"$ {' '.join(command)}\n{done.stdout}")
    if done.returncode:
        raise Failed(f"{' '.join(command[:4])} … failed:\n{done.stdout[-1500:]}")
    return done.stdout


class Failed(Exception):
    pass


def free_port():
    with socket.socket() as it:
        it.bind(("127.0.0.1", 0))
        return it.getsockname()[1]


def timed(what):
    """Says what begins, and how long it took."""
    @contextlib.contextmanager
    def span():
        say(f"   {what} …")
        begun = time.time()
        yield
        say(f"   {what}: {time.time() - begun:.0f} s")
    return span()


def end(process):
    """Ends one process that was started here, by its id."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextlib.contextmanager
def scratch_folder(path):
    """The folder that is kept between runs, for one run at a time."""
    path = path.resolve()
    path.mkdir(parents=True, exist_ok=True)
    with open(path / "lock", "w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            stop(f"Another run uses {path}.")
        for name in ("logs", "results"):
            (path / name).mkdir(exist_ok=True)
        yield path


def begin():
    """A plain kill unwinds like Ctrl-C, so that nothing is left running."""
    def told(*_):
        raise KeyboardInterrupt
    signal.signal(signal.SIGTERM, told)
    sys.stdout.reconfigure(encoding="utf-8")
    os.chdir(ROOT)


def finish(main):
    try:
        begin()
        raise SystemExit(main())
    except KeyboardInterrupt:
        stop("Stopped; what was started is ended.", 130)
    except Failed as error:
        stop(str(error), 1)


def which(name):
    return shutil.which(name)
