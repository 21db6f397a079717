"""Every stage passes the contract of stages."""

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import partial
from typing import cast

import numpy as np
import pytest
from benchmarks.motion_simulator import SceneParams, simulate_lifts
from tests.checks import (
    STAGE_CHECKS,
    AnyStage,
    Said,
    StageCase,
    check_any_chopping,
    check_input_not_mutated,
    check_reset_equals_new,
    check_restored_state_resumes,
    check_state_is_a_copy,
    check_state_pickles,
)

import firingorder_signal
from firingorder_signal.angle_rows import Motion
from firingorder_signal.angles import AngleStage
from firingorder_signal.blocks import FloatArray, SampleBlock, Site, StreamInfo, StreamKind, Timebase
from firingorder_signal.effort import Bar, EffortStage, SpectrumRow
from firingorder_signal.emg import EmgParams, EmgStage
from firingorder_signal.events import ChannelQuality
from firingorder_signal.filters import BandDesign, CausalBand
from firingorder_signal.glr import GlrStage
from firingorder_signal.hodges_bui import HodgesBuiStage
from firingorder_signal.lifts import LiftTracker
from firingorder_signal.motion import ROLES, MotionTracker
from firingorder_signal.onset_stage import OnsetFound
from firingorder_signal.orientation import OrientationStage
from firingorder_signal.placement_watch import PlacementWatch
from firingorder_signal.power_bins import PowerBins
from firingorder_signal.quality import QualityMonitor
from firingorder_signal.stage import Stage
from firingorder_signal.tkeo import TkeoStage

RATE_HZ = 1000.0
IMU_HZ = 200.0
#: Sample number of the first row: not 0, and no multiple of a group of any stage.
FIRST = 1234
STREAM = StreamInfo(
    "a/0",
    StreamKind.EMG,
    (Site.parse("hamstring_lateral/right"), Site.parse("gluteus_maximus/right")),
    Fraction(1000),
    range_uv=400.0,
)


def emg() -> FloatArray:
    """Two channels with bursts of their own, offsets and lost samples."""
    rng = np.random.default_rng(1)
    t = np.arange(6000) / RATE_HZ
    level = np.stack([2.0 + 20.0 * (t % 1.7 > 1.2), 3.0 + 30.0 * (t % 2.1 > 1.6)], axis=1)
    x = rng.standard_normal((len(t), 2)) * level + np.array([30.0, -50.0])
    x[:20, 0] = np.nan
    x[3300:3340] = np.nan
    return np.asarray(x)


def quiet_then_bursts() -> FloatArray:
    """Two band-passed channels at rest, then on, with lost samples in the rest and in the burst."""
    rng = np.random.default_rng(2)
    row = np.arange(3000)[:, np.newaxis]
    x = rng.standard_normal((3000, 2)) * np.where(row < np.array([2000, 1800]), 2.0, 15.0)
    x[700:730, 1] = np.nan
    x[2010:2013] = np.nan
    return np.asarray(x)


def imu(segment: str, turn_deg: float = 0.0) -> FloatArray:
    """One IMU through two lifts, with a gap; the thigh's may be turned."""
    scene = simulate_lifts(3, SceneParams(n_lifts=3 if turn_deg else 2, rate_hz=IMU_HZ, thigh_turn_deg=turn_deg))
    x = (scene.pelvis_imu if segment == "pelvis" else scene.thigh_imu).copy()
    x[2000:2004] = np.nan
    return x


def grid(turn_deg: float = 0.0) -> FloatArray:
    """Return the two IMUs as the angle stage gets them, 100 rows a second."""
    oriented = [OrientationStage(IMU_HZ).process(imu(segment, turn_deg))[::2] for segment in ROLES]
    return np.hstack([*oriented, np.full((len(oriented[0]), Motion.WIDTH - 12), np.nan)])


def from_row(columns: FloatArray, start: int, stop: int) -> tuple[int, FloatArray]:
    """Put the number of the first row in front."""
    return FIRST + start, columns[start:stop]


def with_index(columns: FloatArray, start: int, stop: int) -> tuple[FloatArray, int]:
    """Put the number of the first row behind."""
    return columns[start:stop], FIRST + start


def with_timebase(columns: FloatArray, start: int, stop: int) -> tuple[FloatArray, int, Timebase]:
    """Add the stream's clock, too."""
    return columns[start:stop], FIRST + start, Timebase(0, 5.0, 1.0 / RATE_HZ)


def only_rows(columns: FloatArray, start: int, stop: int) -> tuple[FloatArray]:
    """Pass the rows alone."""
    return (columns[start:stop],)


def unswap_rows(rows: list[object]) -> list[object]:
    """Reverse each row of two numbers."""
    return [np.frombuffer(cast(bytes, row))[::-1].tobytes() for row in rows]


def unswap_emg(said: Said) -> Said:
    """Name the channels of filtered rows and alarms the other way round."""
    alarms = [(1 - channel, *more) for channel, *more in cast(list[tuple[int, int, bool]], said["/EmgUpdate.alarms"])]
    alarms.sort(key=lambda alarm: (alarm[1], alarm[0]))
    return {"/EmgUpdate.filtered": unswap_rows(said["/EmgUpdate.filtered"]), "/EmgUpdate.alarms": list[object](alarms)}


def unswap_filtered(said: Said) -> Said:
    """Put the channels of filtered rows the other way round."""
    return {"": unswap_rows(said[""])}


def unswap_quality(said: Said) -> Said:
    """Name the sites the other way round."""
    reports = cast(list[ChannelQuality], said[""])
    swapped = [replace(one, site=STREAM.sites[1 - STREAM.sites.index(one.site)]) for one in reports]
    swapped.sort(key=lambda one: (one.time_s, STREAM.sites.index(one.site)))
    return {"": list[object](swapped)}


def unswap_bins(said: Said) -> Said:
    """Give each bin's two channels, told one after the other, the other way round."""
    return {
        kind: [value for first in range(0, len(values), 2) for value in values[first : first + 2][::-1]]
        for kind, values in said.items()
    }


def unswap_onsets(said: Said) -> Said:
    """Name the channels the other way round."""
    swapped = [replace(onset, channel=1 - onset.channel) for onset in cast(list[OnsetFound], said[""])]
    swapped.sort(key=lambda onset: (onset.known_index, onset.channel))
    return {"": list[object](swapped)}


def unswap_effort(said: Said) -> Said:
    """Put the channels of powers and spectra the other way round."""
    rows = cast(list[Bar | SpectrumRow], said[""])
    return {
        "": [
            Bar(row.stop, row.channels[::-1]) if isinstance(row, Bar) else SpectrumRow(row.stop, row.channels[::-1])
            for row in rows
        ]
    }


def onset_case(kind: type[HodgesBuiStage | TkeoStage | GlrStage]) -> StageCase:
    """Make the case of a named onset method; the search begins within the rest."""
    rest, search = (FIRST + 300, FIRST + 1500), (FIRST + 900, FIRST + 2900)
    build = partial(kind, RATE_HZ, 2, rest, search)
    return StageCase(kind.__name__, build, quiet_then_bursts(), with_index, unswap_onsets)


def angle_rows() -> FloatArray:
    """Return what the lifts are found in."""
    return AngleStage().process(FIRST, grid())[1]


CASES = (
    StageCase("EmgStage", lambda: EmgStage(RATE_HZ, 2, EmgParams(history_s=2.0)), emg(), with_index, unswap_emg),
    StageCase("EffortStage", lambda: EffortStage(RATE_HZ, 2), emg(), with_index, unswap_effort),
    StageCase("CausalBand", lambda: CausalBand(BandDesign(RATE_HZ), 2), emg(), only_rows, unswap_filtered),
    StageCase("PowerBins", lambda: PowerBins(RATE_HZ, 2), emg(), with_timebase, unswap_bins),
    StageCase("QualityMonitor", lambda: QualityMonitor(STREAM), emg(), with_timebase, unswap_quality),
    onset_case(HodgesBuiStage),
    onset_case(TkeoStage),
    onset_case(GlrStage),
    StageCase("OrientationStage", lambda: OrientationStage(IMU_HZ), imu("thigh"), only_rows),
    StageCase("AngleStage", AngleStage, grid(), from_row),
    StageCase("LiftTracker", LiftTracker, angle_rows(), from_row),
    StageCase("PlacementWatch", PlacementWatch, grid(90.0), from_row),
)


@pytest.mark.parametrize("check", STAGE_CHECKS, ids=lambda check: check.__name__)
@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_stage_keeps_the_contract(case: StageCase, check: Callable[[StageCase], None]) -> None:
    check(case)


def every_stage() -> Iterator[type]:
    """Find every class that says it is a stage and can be built."""
    for module in pkgutil.iter_modules(firingorder_signal.__path__):
        for _, thing in inspect.getmembers(
            importlib.import_module(f"firingorder_signal.{module.name}"), inspect.isclass
        ):
            is_stage = Stage in thing.__mro__ and not inspect.isabstract(thing)
            if is_stage and thing is not Stage and thing.__module__ == f"firingorder_signal.{module.name}":
                yield thing


def test_every_stage_is_under_the_contract() -> None:
    assert {type(case.build()) for case in CASES} == set(every_stage())


@dataclass(frozen=True)
class MotionCase(StageCase):
    """Two streams into one tracker: the columns of pelvis and thigh side by side."""

    def push(self, stage: AnyStage, start: int, stop: int, columns: FloatArray | None = None) -> Iterator[object]:
        """Pass on rows of either sensor."""
        x = self.columns if columns is None else columns
        for number, role in enumerate(ROLES):
            site = Site.parse("pelvis" if role == "pelvis" else "thigh/right")
            stream = StreamInfo(f"{number}/0", StreamKind.IMU, (site,), Fraction(200))
            values = np.ascontiguousarray(x[start:stop, 6 * number : 6 * number + 6])
            block = SampleBlock(stream, FIRST + start, values, Timebase(0, 0.0, 1.0 / IMU_HZ))
            yield cast(MotionTracker, stage).update(role, block)


@pytest.mark.parametrize(
    "check",
    [
        check_input_not_mutated,
        check_any_chopping,
        check_reset_equals_new,
        check_state_pickles,
        check_restored_state_resumes,
        check_state_is_a_copy,
    ],
    ids=lambda check: check.__name__,
)
def test_the_motion_tracker_keeps_what_of_it_fits_two_streams(check: Callable[[StageCase], None]) -> None:
    both = np.hstack([imu("pelvis"), imu("thigh")])
    check(MotionCase("MotionTracker", cast(Callable[[], AnyStage], MotionTracker), both, only_rows))
