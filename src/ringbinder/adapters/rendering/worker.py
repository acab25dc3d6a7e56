"""The process that opens files of strangers: it forks once for each, and the fork can do little.

Run as ``python -I -m ringbinder.adapters.rendering.worker`` with JSON lines on standard input, one
answer line for each on standard output. It loads its libraries once; a fork costs milliseconds and
is gone with whatever the file did to it. The kernel ends a fork that takes too much of anything,
and it may open nothing: neither files nor sockets.
"""

import ctypes
import gc
import json
import os
import resource
import signal
import sys
from collections.abc import Callable
from typing import Any, BinaryIO, Final

from ringbinder.adapters.rendering import drawing
from ringbinder.adapters.rendering.errors import Unrenderable

_NEW_FILE: Final = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
_NO_NEW_PRIVILEGES: Final = 38  # PR_SET_NO_NEW_PRIVS, linux/prctl.h
_LONGEST_ANSWER: Final = 200

Job = dict[str, Any]


def main() -> None:
    """Answer each line until standard input ends."""
    drawing.prepare()
    gc.freeze()
    _say({"ready": True})
    for line in sys.stdin.buffer:
        _say(_work(json.loads(line)))


def _say(answer: Job) -> None:
    sys.stdout.buffer.write(json.dumps(answer).encode() + b"\n")
    sys.stdout.buffer.flush()


def _work(job: Job) -> Job:
    """Let a fork do the job, and tell how it ended."""
    source = os.open(job["source"], os.O_RDONLY | os.O_CLOEXEC)
    target = os.open(job["target"], _NEW_FILE, 0o600)
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        _child(job, source, target, writing)
    for descriptor in (source, target, writing):
        os.close(descriptor)
    with os.fdopen(reading, "rb") as answers:
        said = answers.read(_LONGEST_ANSWER).decode(errors="replace")
    _, status, usage = os.wait4(child, 0)
    return {
        "said": said,
        "signal": os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0,
        "cpuSeconds": usage.ru_utime + usage.ru_stime,
    }


def _child(job: Job, source: int, target: int, writing: int) -> None:
    """Do the job and end this process, whatever happens."""
    said = "broken"
    try:
        _renounce(job)
        with os.fdopen(source, "rb") as original, os.fdopen(target, "wb") as result:
            _job(job)(original, result)
        said = "done"
    except Unrenderable as error:
        said = str(error.reason)
    except MemoryError:
        said = "too-large"
    except Exception as error:  # noqa: BLE001 - a hostile file may raise anything, and gets one answer
        said = "too-large" if _is_for_want_of_room(error) else "broken"
    finally:
        os.write(writing, said.encode())
        os._exit(0)


def _job(job: Job) -> Callable[[BinaryIO, BinaryIO], None]:
    if "lines" in job:
        return lambda original, result: drawing.stamp(original, result, job["lines"])
    return lambda original, result: drawing.picture(
        original, result, job["longestSide"], most_bytes=job["memoryBytes"] // 2
    )


def _renounce(job: Job) -> None:
    """Give up all that a rendering does not need; what follows cannot take it back.

    An alarm without a handler ends the process even while C code runs.
    """
    ctypes.CDLL(None).prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0)
    os.nice(5)
    _limit(resource.RLIMIT_CPU, job["cpuSeconds"])
    _limit(resource.RLIMIT_AS, job["memoryBytes"])
    _limit(resource.RLIMIT_FSIZE, job["resultBytes"])
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_NPROC, 0)
    _limit(resource.RLIMIT_NOFILE, 0)
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.alarm(job["seconds"])


def _limit(what: int, value: int) -> None:
    resource.setrlimit(what, (value, value))


def _is_for_want_of_room(error: BaseException) -> bool:
    return isinstance(error.__cause__ or error.__context__, MemoryError) or isinstance(
        error, OverflowError
    )


if __name__ == "__main__":
    main()
