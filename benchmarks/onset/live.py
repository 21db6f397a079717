"""What only a stream has: how late the alarm and the order come, the longest push, and the detector's cost."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from time import process_time

import numpy as np

from benchmarks.cost import BATCH_S, BLOCK_S, refinement_ms, stream_cost_us
from benchmarks.onset.found import FloatArray
from benchmarks.onset.trials import RATE_HZ, Trial
from firingorder_bridge.virtual.sets import simulate_set
from firingorder_bridge.virtual.settings import SetParams
from firingorder_signal.emg import EmgStage
from firingorder_signal.events import LiftJudged, PipelineEvent
from firingorder_signal.pipeline import Pipeline, PipelineParams
from firingorder_signal.results import Lift

#: Seeds of the sets that are streamed; for reporting alone.
FIRST_SET_SEED = 60_000
#: SNR of both muscles in the streamed sets, dB.
SET_SNRS_DB = (10.0, 15.0, 20.0)
#: An alarm this much before the onset is still the onset's.
EARLY_S = 0.02
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


def order_delays_s(n_sets: int = len(SET_SNRS_DB)) -> dict[str, list[float]]:
    """Stream sets of six lifts through the whole pipeline.

    Returns
    -------
    dict
        `provisional` and `confirmed`: from the later true onset of each lift to the end of the block whose push gave
        the order, seconds; `push`: CPU time of each push, seconds.
    """
    delays: dict[str, list[float]] = {"provisional": [], "confirmed": [], "push": []}
    for number in range(n_sets):
        _stream_set(FIRST_SET_SEED + number, SET_SNRS_DB[number % len(SET_SNRS_DB)], delays)
    return delays


def _stream_set(seed: int, snr_db: float, delays: dict[str, list[float]]) -> None:
    """Stream one set so often, adding what was measured to `delays`."""
    params = SetParams(rest_s=3.0)
    muscles = {name: replace(getattr(params, name), snr_db=snr_db) for name in ("hamstring", "glute")}
    simulated = simulate_set(replace(params, **muscles), seed)
    blocks = simulated.to_blocks(BLOCK_S)
    later_s = [max(lift.onsets_s.values()) for lift in simulated.lifts]
    spent = np.empty((REPEATS, len(blocks)))
    for repeat in range(REPEATS):
        pipeline = Pipeline([stream for stream, _ in simulated.streams()], PipelineParams())
        for push, block in enumerate(blocks):
            began = process_time()
            events = pipeline.update(block)
            spent[repeat, push] = process_time() - began
            if repeat == 0:
                _note_orders(events, block.end_s, later_s, delays)
    delays["push"] += spent.min(axis=0).tolist()


def _note_orders(
    events: Sequence[PipelineEvent], now_s: float, later_s: Sequence[float], delays: dict[str, list[float]]
) -> None:
    """Add how late each order came."""
    for event in events:
        kind = "confirmed" if isinstance(event, LiftJudged) else "provisional" if _is_provisional(event) else None
        lift = getattr(event, "lift", None)
        if kind is None or not isinstance(lift, Lift) or lift.lag is None or lift.lag.lag_s is None:
            continue
        delays[kind].append(min((now_s - s for s in later_s if abs(s - lift.start_s) < 1.0), default=float("inf")))


def _is_provisional(event: PipelineEvent) -> bool:
    """Say whether an event is an early order."""
    return type(event).__name__ == "OrderProvisional"


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
