"""What only a stream has: how late the alarm and the order come, the longest push, and the detector's cost."""

import signal
import sys
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from time import process_time

import numpy as np
from tqdm import tqdm

from benchmarks.cost import BATCH_S, BLOCK_S, refinement_ms, stream_cost_us
from benchmarks.onset.found import FloatArray
from benchmarks.onset.trials import RATE_HZ, Trial
from firingorder_bridge.virtual.sets import simulate_set
from firingorder_bridge.virtual.settings import SetParams
from firingorder_signal.emg import EmgStage
from firingorder_signal.events import LiftJudged, PipelineEvent, ProvisionalOrder
from firingorder_signal.pipeline import Pipeline, PipelineParams

#: Seeds of the sets that are streamed; for reporting alone.
FIRST_SET_SEED = 60_000
#: SNR of both muscles in the streamed sets, dB.
SET_SNRS_DB = (10.0, 15.0, 20.0)
#: An alarm this much before the onset is still the onset's.
EARLY_S = 0.02
#: An order that comes later than this belongs to the next lift (they are some 4 s apart).
WITHIN_S = 2.0
#: Each set is streamed so often; of a push's times the shortest counts, so that other programs do not.
REPEATS = 2


def alarm_delays_s(trials: Sequence[Trial]) -> FloatArray:
    """Time from each onset to its alarm, streamed in 20 ms blocks, shape (n_trials, 2); infinite without one."""
    return np.array([_alarm_delays_s(trial) for trial in trials])


def _alarm_delays_s(trial: Trial) -> list[float]:
    """Stream one trial."""
    stage, n_block = EmgStage(RATE_HZ, 2), round(BLOCK_S * RATE_HZ)
    alarms: list[tuple[int, float]] = []
    for start in range(0, len(trial.emg_uv), n_block):
        update = stage.update(trial.emg_uv[start : start + n_block], start)
        alarms += [(channel, index / RATE_HZ) for channel, index, on in update.alarms if on]
    delays = [
        [time_s - float(truth_s) for channel, time_s in alarms if channel == c]
        for c, truth_s in enumerate(trial.truth_s)
    ]
    return [min((delay for delay in own if delay > -EARLY_S), default=float("inf")) for own in delays]


def order_delays_s(n_sets: int = 2 * len(SET_SNRS_DB)) -> dict[str, list[float]]:
    """Stream sets of six lifts through the whole pipeline, on all cores.

    Returns
    -------
    dict
        `provisional` and `confirmed`: from the later true onset of each lift to the end of the block whose push gave
        the order first, seconds, infinite where none came; `push`: CPU time of each push, seconds.
    """
    numbers = range(n_sets)
    with ProcessPoolExecutor(initializer=die_silently) as pool:
        sets = list(tqdm(pool.map(_stream_set, numbers), desc="live", total=n_sets, unit="set", file=sys.stderr))
    return {name: [value for one in sets for value in one[name]] for name in ("provisional", "confirmed", "push")}


def die_silently() -> None:
    """Let Ctrl-C end a worker at once and without a traceback; the parent says what happened."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def _stream_set(number: int) -> dict[str, list[float]]:
    """Stream one set so often and return what was measured."""
    params, snr_db = SetParams(rest_s=3.0), SET_SNRS_DB[number % len(SET_SNRS_DB)]
    muscles = {name: replace(getattr(params, name), snr_db=snr_db) for name in ("hamstring", "glute")}
    simulated = simulate_set(replace(params, **muscles), FIRST_SET_SEED + number)
    blocks = simulated.to_blocks(BLOCK_S)
    came: list[tuple[float, PipelineEvent]] = []
    spent = np.empty((REPEATS, len(blocks)))
    for repeat in range(REPEATS):
        came.clear()
        pipeline = Pipeline([stream for stream, _ in simulated.streams()], PipelineParams(says_provisional=True))
        for push, block in enumerate(blocks):
            began = process_time()
            events = pipeline.update(block)
            spent[repeat, push] = process_time() - began
            came += [(block.end_s, event) for event in events]
    later_s = [max(lift.onsets_s.values()) for lift in simulated.lifts]
    orders = {"provisional": ProvisionalOrder, "confirmed": LiftJudged}
    delays = {
        name: [_first_after(one_s, [at_s for at_s, event in came if isinstance(event, kind)]) for one_s in later_s]
        for name, kind in orders.items()
    }
    return {**delays, "push": spent.min(axis=0).tolist()}


def _first_after(later_s: float, came_s: Sequence[float]) -> float:
    """Delay of the first of these times that comes within `WITHIN_S` of an onset."""
    return min((at_s - later_s for at_s in came_s if -EARLY_S < at_s - later_s < WITHIN_S), default=float("inf"))


def summarize(times_s: Mapping[str, Sequence[float]]) -> dict[str, float]:
    """Name the figures as the table looks them up; what was not measured is left out."""
    figures: dict[str, float] = {}
    for name, values in times_s.items():
        ordered = sorted(values)
        if ordered and name == "push":
            figures["longest_push_ms"] = 1e3 * ordered[-1]
        elif ordered:
            figures[f"{name}_median_ms"] = 1e3 * ordered[len(ordered) // 2]
            figures[f"{name}_p90_ms"] = 1e3 * ordered[int(0.9 * len(ordered))]
    return figures


def measure_cost() -> dict[str, float]:
    """Cost of the streaming front end with two channels, in blocks and in batch, and of one refinement."""
    noise = np.random.default_rng(70_001).normal(0.0, 2.5, (60_000, 2))
    return {
        "stream_us": stream_cost_us(noise, BLOCK_S),
        "batch_us": stream_cost_us(noise, BATCH_S),
        "refinement_ms": refinement_ms(),
    }
