"""Frames and drawings of recordings and results: the same figures as the results, in pandas and in Polars."""

import subprocess
import sys
from collections.abc import Generator
from dataclasses import replace
from fractions import Fraction
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import firingorder as fo
from firingorder_session.cohort.run import Cohort
from firingorder_session.cohort.tables import LIFTS, SETS, lift_rows, set_rows
from firingorder_session.events.live_events import Origin
from firingorder_session.notebook.columns import UnknownTable
from firingorder_session.notebook.draw_recording import thin
from firingorder_session.notebook.extra import ExtraMissing
from firingorder_session.notebook.look import MUSCLES
from firingorder_session.recordings.recording import ArrayRecording, ArrayStream, RecordingInfo
from firingorder_signal.blocks import MUSCLES as PARTS
from firingorder_signal.blocks import StreamInfo, StreamKind

FIXTURE = Path(__file__).resolve().parents[3] / "fixtures" / "five-lifts.fo"


@pytest.fixture(scope="module")
def recording() -> fo.Recording:
    return fo.read(FIXTURE)


@pytest.fixture(scope="module")
def analysis(recording: fo.Recording) -> fo.Analysis:
    return fo.analyze(recording)


@pytest.fixture(autouse=True)
def _figures_closed(monkeypatch: pytest.MonkeyPatch) -> Generator[None]:
    """Draw without a screen, and leave no figure behind."""
    monkeypatch.setenv("MPLBACKEND", "agg")
    yield
    if "matplotlib.pyplot" in sys.modules:
        import_module("matplotlib.pyplot").close("all")


def make_cohort(analysis: fo.Analysis, n: int = 1) -> Cohort:
    """Make a cohort of the same recording many times over, as both sides in turn."""
    results = [(f"{number}.fo", analysis.to_json()) for number in range(n)]
    sets = [row for name, result in results for row in set_rows(name, result)]
    sets += [row | {"side": "left", "lag_s": row["lag_s"] - 0.02} for row in sets]
    lifts = [row for name, result in results for row in lift_rows(name, result)]
    failures = ({"file": "bad.fo", "reason": "is empty"},)
    return Cohort((), tuple(sets), tuple(lifts), failures, n + 1, 0)


def test_importing_loads_none_of_them() -> None:
    code = (
        "import sys, firingorder as fo; fo.to_frame, fo.plot, fo.run_cohort, fo.export, fo.Analysis, fo.Recording\n"
        "print([name for name in ('pandas', 'polars', 'matplotlib', 'pyarrow', 'IPython') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("name", ["pandas", "polars", "matplotlib"])
def test_a_missing_library_is_named_with_what_to_install(
    name: str, recording: fo.Recording, analysis: fo.Analysis, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in [*(each for each in sys.modules if each.partition(".")[0] == name), name]:
        monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(ExtraMissing, match=rf"{name}.*pip install 'firingorder\[notebook\]'"):
        _ = analysis.plot() if name == "matplotlib" else recording.to_frame("emg", library=name)


@pytest.mark.parametrize("library", ["pandas", "polars"])
def test_samples_are_those_of_the_blocks(recording: fo.Recording, library: str) -> None:
    frame = recording.to_frame("emg", library=library)
    site = "hamstring_lateral/right"
    mask = np.array(frame["site"].to_list() if library == "polars" else frame["site"].tolist()) == site
    blocks = [block for block in recording.blocks() if site in map(str, block.stream.sites)]
    assert np.array_equal(frame["emg_uv"].to_numpy()[mask], np.concatenate([b.values[:, 0] for b in blocks]), True)
    times_s = frame["time_s"].to_numpy()[mask]
    assert [times_s[0], times_s[-1]] == pytest.approx(
        [blocks[0].start_s, blocks[-1].timebase.time_of(blocks[-1].next_index - 1)]
    )
    imu = recording.to_frame("imu", library=library, between_s=(10.0, 11.0))
    assert len(imu) == 400  # two sensors of 200 Hz
    assert imu["time_s"].min() >= 10.0
    assert imu["time_s"].max() < 11.0


def test_lost_samples_stay_lost_and_unnamed_channels_keep_their_labels() -> None:
    sites = (fo.Site("gluteus_maximus"), fo.Site("unknown"))
    stream = StreamInfo("a/0", StreamKind.EMG, sites, Fraction(1000), labels=("one", "two"))
    values = np.arange(20.0).reshape(10, 2)
    values[4, 1] = np.nan
    made = ArrayRecording(RecordingInfo("made", "made", Origin.SIMULATED), [ArrayStream(stream, values, 2.0)])
    frame = made.to_frame()
    assert frame["site"].tolist() == ["gluteus_maximus"] * 10 + ["two"] * 10
    assert np.flatnonzero(frame["emg_uv"].isna()).tolist() == [14]
    assert frame["time_s"][4] == pytest.approx(2.004)
    with pytest.raises(UnknownTable, match="no imu samples; the recording holds emg"):
        made.to_frame("imu")


@pytest.mark.parametrize("library", ["pandas", "polars"])
def test_tables_of_results_are_the_cohorts(analysis: fo.Analysis, library: str) -> None:
    cohort = make_cohort(analysis)
    for table, kinds, rows in (("sets", SETS, cohort.sets), ("lifts", LIFTS, cohort.lifts)):
        frame = cohort.to_frame(table, library=library)
        assert list(frame.columns) == list(kinds)
        for name in ("lag_s", "verdict", "side"):
            assert list(frame[name]) == [row[name] for row in rows]
    own = analysis.to_frame("lifts", library=library)
    assert list(own["number"]) == [1, 2, 3, 4, 5]
    assert set(own["file"]) == {"five-lifts.fo"}
    alone = fo.to_frame(analysis.sets[0], library=library)
    assert list(alone["lag_s"]) == list(own["lag_s"])
    assert "file" not in alone.columns
    onsets = analysis.to_frame("onsets", library=library)
    assert len(onsets) == 10
    assert onsets["time_s"][0] == pytest.approx(
        analysis.sets[0].lifts[0].onsets[fo.Site.parse(onsets["site"][0])].time_s
    )
    assert list(cohort.to_frame("failures", library=library)["reason"]) == ["is empty"]


def test_what_is_not_known_is_missing(analysis: fo.Analysis) -> None:
    result = replace(analysis.sets[0], lag_s=None, ci90_s=None)
    pandas, polars = (fo.to_frame(result, "sets", library=name) for name in ("pandas", "polars"))
    assert pandas["lag_s"].isna().all()
    assert pandas["reason"].isna().all()
    assert polars["lag_s"].null_count() == 1


def test_what_there_is_not_is_said(recording: fo.Recording, analysis: fo.Analysis) -> None:
    with pytest.raises(UnknownTable, match="no table 'emgs'; expected one of emg, imu, analog"):
        recording.to_frame("emgs")
    with pytest.raises(UnknownTable, match="'arrow'; expected one of pandas, polars"):
        recording.to_frame("emg", library="arrow")
    with pytest.raises(UnknownTable, match="no emg samples between 900 and 901 s"):
        recording.to_frame("emg", between_s=(900.0, 901.0))
    for use in (fo.to_frame, fo.plot):
        with pytest.raises(TypeError, match="expected a Recording"):
            use("five-lifts.fo")  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        fo.plot(analysis, around_s=3.0)
    empty = Cohort((), (), (), (), 0, 0)
    with pytest.raises(UnknownTable, match="no set of this cohort has a lag"):
        empty.plot()


def shown(thing: object) -> str:
    """Return what a notebook shows of a result."""
    return str(import_module("IPython.core.formatters").HTMLFormatter()(thing))


def lines_at(ax: Any, x: float) -> int:
    """Count lines and markers at a place."""
    return sum(1 for line in ax.lines if len(line.get_xdata()) and abs(float(line.get_xdata()[0]) - x) < 1e-6)


def words_of(ax: Any) -> str:
    """Return everything written in axes."""
    return " | ".join([ax.get_title(loc="left"), *(text.get_text() for text in ax.texts)])


def test_a_set_shows_every_lag_its_band_and_its_verdict(analysis: fo.Analysis, tmp_path: Path) -> None:
    result = analysis.sets[0]
    ax = fo.plot(result)
    for lift in result.lifts:
        assert lift.lag is not None
        assert lines_at(ax, 1000 * (lift.lag.lag_s or 0.0)) >= 1
    words = words_of(ax)
    assert "prone hip extension · R right" in words
    assert "hamstring first, +79 ms" in words
    assert "together" in words
    low, high = ax.get_xlim()
    assert low == -high
    ax.figure.savefig(tmp_path / "set.png")
    assert (tmp_path / "set.png").stat().st_size > 10_000


def test_a_set_without_a_verdict_says_why(analysis: fo.Analysis) -> None:
    reason = fo.Reason(fo.ReasonCode.TOO_FEW_LIFTS, 2, 5)
    result = replace(analysis.sets[0], lag_s=None, ci90_s=None, verdict=fo.Verdict.NOT_JUDGED, reason=reason)
    assert "not judged" in words_of(fo.plot(replace(result, lifts=result.lifts[:2])))
    assert "not judged" in shown(result)
    nothing = fo.SetResult(fo.Side.LEFT, "emg_bursts", (), fo.Verdict.NOT_JUDGED)
    assert "not judged" in words_of(fo.plot(nothing))


def test_a_recording_is_drawn_with_its_lifts_and_onsets(recording: fo.Recording, analysis: fo.Analysis) -> None:
    lift = analysis.sets[0].lifts[1]
    axes = recording.plot(analysis, around_s=lift.start_s, width_s=2.0)
    assert [ax.get_xlim() for ax in axes] == [pytest.approx((lift.start_s - 1.0, lift.start_s + 1.0))] * 3
    assert ["H R", "G R"] == [ax.texts[0].get_text() for ax in axes[:2]]
    for ax, site in zip(axes, ("hamstring_lateral/right", "gluteus_maximus/right"), strict=False):
        assert lines_at(ax, lift.onsets[fo.Site.parse(site)].time_s or 0.0) == 1
    assert "lift 2" in words_of(axes[0])
    assert "turn rate" in words_of(axes[2])
    whole = recording.plot()
    assert max(len(ax.lines[0].get_xdata()) for ax in whole) < 8000  # thinned: 39 s of 2 kHz
    with pytest.raises(UnknownTable, match="lasts 39"):
        recording.plot(around_s=900.0)


def test_thinning_keeps_every_peak_and_every_gap() -> None:
    values = np.zeros(30_000)
    values[12_345], values[20_000] = 7.0, np.nan
    times_s, thinned = thin(np.arange(30_000) / 1000, values)
    assert len(times_s) == len(thinned) == 3000
    assert np.nanmax(thinned) == 7.0
    assert times_s[np.nanargmax(thinned)] == pytest.approx(12.345, abs=0.02)
    assert np.isnan(thinned).sum() == 2


@pytest.mark.parametrize("n", [1, 70])
def test_a_cohort_shows_sides_apart_and_pairs(analysis: fo.Analysis, n: int) -> None:
    axes = make_cohort(analysis, n).plot()
    assert axes.shape == (1, 2)
    names = [label.get_text() for label in axes[0, 0].get_yticklabels()]
    assert names == [f"L left\n{n} sets\nmedian +59 ms", f"R right\n{n} sets\nmedian +79 ms"]
    assert len(axes[0, 1].lines[1].get_xdata()) == n


def test_colours_are_those_of_the_window_and_letters_are_all_different() -> None:
    theme, sites = (import_module(f"firingorder_gui.{name}") for name in ("theme", "sites"))
    assert MUSCLES.keys() == set(PARTS)
    assert len({letter for letter, _ in MUSCLES.values()}) == len(PARTS)
    for part, (letter, colour) in MUSCLES.items():
        if part != "erector_spinae":  # its letter in the window is that of its side
            assert letter == sites.PART_LETTERS[part]
            assert colour == theme.LIGHT.colour(letter)


def test_results_show_themselves_in_a_notebook(analysis: fo.Analysis) -> None:
    page = shown(analysis)
    assert "five-lifts.fo" in page
    assert "hamstring first, lag +79 ms" in page
    assert page.count("<tr>") == 1 + 5
    assert "<script" not in page
    assert shown(replace(analysis, notes=("a < b",))).count("a &lt; b") == 1
