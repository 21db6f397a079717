"""Where recordings are judged: processes of this machine, or an existing Dask cluster. Results come as they are ready.

A worker that dies takes no more than its own recording along, and that one is tried a second time by itself before it
is given up: it may only have been next to the one that was too large.
"""

import multiprocessing
import sys
from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from importlib import import_module
from types import ModuleType
from typing import Any

from firingorder_signal.errors import FiringOrderError

from .judge_one import fail, judge_one, limit_threads
from .options import CohortOptions

#: A recording is given up when its worker has died so many times.
TRIES = 2
#: Recordings handed to a worker ahead of its need: two keep it busy, and a killed run loses no more.
AHEAD = 2
#: A scheduler on the same network answers within milliseconds.
CONNECT_S = 10.0
DIED = (
    "the process that judged it died (out of memory?); use fewer workers, or look at it alone with: firingorder analyze"
)

Outcome = tuple[str, dict[str, Any]]


class ClusterRefused(FiringOrderError):
    """A cluster cannot be used."""


def judge_here(paths: Sequence[str], options: CohortOptions, n_workers: int) -> Iterator[Outcome]:
    """Judge on so many cores of this machine; yield `(path, outcome)` in the order in which they are ready."""
    waiting, suspects = list(paths), list[str]()
    while waiting:
        waiting, lost = yield from _run_pool(waiting, options, n_workers)
        suspects += lost
    while suspects:  # one at a time, so that whoever dies now is guilty
        suspects, lost = yield from _run_pool(suspects, options, 1, ahead=1)
        for path in lost:
            yield path, fail(f"{path}: {DIED} {path}", again=True)


def _run_pool(
    paths: Sequence[str], options: CohortOptions, n_workers: int, ahead: int = AHEAD
) -> Generator[Outcome, None, tuple[list[str], list[str]]]:
    """Run one pool until it is done or a worker dies; return what was not begun, and what was under way then."""
    context = multiprocessing.get_context("spawn")
    left, running = list(reversed(paths)), dict[Future[dict[str, Any]], str]()
    limit_threads()
    with ProcessPoolExecutor(n_workers, mp_context=context, initializer=limit_threads) as pool:
        try:
            while left or running:
                while left and len(running) < n_workers * ahead:
                    with without_main():  # it may start a worker
                        running[pool.submit(judge_one, left[-1], options)] = left[-1]
                    left.pop()  # only now: a pool whose worker has just died takes nothing
                for future in wait(running, return_when=FIRST_COMPLETED).done:
                    outcome = future.result()
                    yield running.pop(future), outcome
        except BrokenProcessPool:
            return list(reversed(left)), list(running.values())
        except GeneratorExit:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    return [], []


@contextmanager
def without_main() -> Generator[None]:
    """Start workers that know nothing of the caller's script.

    A spawned process runs the main script anew, to find what is defined there; ours need nothing of it. A script that
    calls `run_cohort` without `if __name__ == "__main__":` would begin another cohort in each worker.
    """
    main = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main


def judge_on_cluster(paths: Sequence[str], options: CohortOptions, address: str) -> Iterator[Outcome]:
    """Judge on a running Dask cluster, whose workers see the same folder; yield as `judge_here` does.

    Raises
    ------
    ClusterRefused
        Dask is not installed, or nothing answers there.
    """
    try:
        distributed: Any = import_module("distributed")
    except ImportError:
        raise ClusterRefused("a cluster needs Dask; install it: pip install 'firingorder[cohort]'") from None
    try:
        client = distributed.Client(address, timeout=CONNECT_S, set_as_default=False)
    except (OSError, ValueError) as error:
        text = f"no Dask scheduler answers at {address} ({type(error).__name__})"
        raise ClusterRefused(f"{text}; start one (dask scheduler), and workers, or leave --scheduler away") from None
    try:
        futures = {client.submit(judge_one, path, options, pure=False, retries=TRIES - 1): path for path in paths}
        for future in distributed.as_completed(list(futures), loop=client.loop):
            path = futures.pop(future)
            try:
                yield path, future.result()
            except Exception as error:  # KilledWorker, or what a worker of another version cannot import
                text = DIED if type(error).__name__ == "KilledWorker" else f"{type(error).__name__}: {error}"
                reason = f"{path}: {' '.join(text.split())} {path if text is DIED else ''}".strip()
                yield path, fail(reason, again=True)
    finally:
        client.close()
