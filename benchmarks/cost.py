"""What the detector costs: per sample and channel in batch and in 20 ms blocks, one refinement, the longest push."""

import gc
import time
from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np

from benchmarks.report import Table
from firingorder_bridge.virtual.sets import simulate_set
from firingorder_bridge.virtual.settings import SetParams
from firingorder_signal.baseline import find_rest
from firingorder_signal.blocks import SampleBlock, Site, StreamKind
from firingorder_signal.emg import EmgStage
from firingorder_signal.onset import locate_onset
from firingorder_signal.pipeline import Pipeline, PipelineParams
from firingorder_signal.results import Reason
from firingorder_signal.rules import JudgementRules

RATE_HZ = 2000.0
REPEATS = 5
BLOCK_S = 0.020
BATCH_S = 10.0


def best_of(action: Callable[[], object]) -> float:
    """Return the shortest of several runs, seconds of CPU."""
    times: list[float] = []
    for _ in range(REPEATS):
        began = time.process_time()
        action()
        times.append(time.process_time() - began)
    return min(times)


def stream_cost_us(signal_uv: np.ndarray, block_s: float) -> float:
    """Return the cost of the streaming front end per sample and channel, µs."""
    n_block = round(block_s * RATE_HZ)

    def run() -> None:
        stage = EmgStage(RATE_HZ, signal_uv.shape[1])
        for start in range(0, len(signal_uv), n_block):
            stage.update(signal_uv[start : start + n_block], start)

    return 1e6 * best_of(run) / signal_uv.size


def refinement_ms() -> float:
    """Return the mean cost of rest and onset of one muscle in one lift, ms."""
    simulated = simulate_set(seed=70_000)
    stage = EmgStage(RATE_HZ, 2)
    filtered = stage.update(simulated.emg_uv, 0).filtered
    stretches: list[np.ndarray] = []
    for lift in simulated.lifts:
        stop = round((max(lift.onsets_s.values()) + 0.25) * RATE_HZ)
        stretches += [np.ascontiguousarray(filtered[stop - 7000 : stop, channel]) for channel in range(2)]

    def run() -> None:
        for stretch in stretches:
            rest = find_rest(stretch[:5000], RATE_HZ, JudgementRules())
            if not isinstance(rest, Reason):
                locate_onset(stretch, RATE_HZ, rest, (4000, len(stretch)))

    return 1e3 * best_of(run) / len(stretches)


#: Eight channels of one sensor: both sides, so that two lifts' worth of muscles are due at once.
SITES = tuple(
    Site.parse(f"{part}/{side}")
    for side in ("right", "left")
    for part in ("hamstring_lateral", "gluteus_maximus", "hamstring_medial", "erector_spinae")
)


def blocks_of(n_channels: int) -> Iterator[SampleBlock]:
    """Stream six lifts: two motion sensors, and one EMG sensor whose channels hear hamstring and glute in turn."""
    simulated = simulate_set(SetParams(rest_s=3.0), seed=70_002)
    info = next(info for info, _ in simulated.streams() if info.kind is StreamKind.EMG)
    sensor = replace(info, stream_id="cost/0", sites=SITES[:n_channels])
    for block in simulated.to_blocks(BLOCK_S):
        if block.stream.kind is StreamKind.IMU:
            yield block
        elif block.stream == info:
            rows = simulated.emg_uv[block.first_index : block.next_index]
            yield replace(block, stream=sensor, values=np.tile(rows, n_channels // 2))


def longest_push_ms(n_channels: int) -> float:
    """Return the CPU time of the slowest update of the pipeline; of each update's times the shortest counts."""
    blocks = list(blocks_of(n_channels))
    streams = list({block.stream.stream_id: block.stream for block in blocks}.values())
    spent = np.empty((REPEATS, len(blocks)))
    for repeat in range(REPEATS):
        pipeline = Pipeline(streams, PipelineParams(says_provisional=True))
        gc.collect()
        for push, block in enumerate(blocks):
            began = time.process_time()
            pipeline.update(block)
            spent[repeat, push] = time.process_time() - began
    return 1e3 * float(spent.min(axis=0).max())


def main() -> Table:
    """Measure."""
    rng = np.random.default_rng(70_001)
    rows: list[list[str]] = []
    for channels in (1, 2, 8):
        noise = rng.normal(0.0, 2.5, (round(60 * RATE_HZ), channels))
        batch, stream = stream_cost_us(noise, BATCH_S), stream_cost_us(noise, BLOCK_S)
        push = f"{longest_push_ms(channels):.1f} ms" if channels > 1 else ""
        rows.append([str(channels), f"{batch:.3f} µs", f"{stream:.2f} µs", "", push])
    rows[0][3] = f"{refinement_ms():.1f} ms"
    rows.append(["limit", "0.15 µs", "3 µs", "5 ms", "15 ms"])
    head = ["channels", "batch, 10 s blocks", "streaming, 20 ms blocks", "rest and onset of one burst"]
    head += ["longest push of 20 ms, two motion sensors"]
    return Table("Cost of the detector per sample and channel, 2 kHz", head, rows)


if __name__ == "__main__":
    print(main().to_markdown())
