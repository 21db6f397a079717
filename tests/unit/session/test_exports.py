"""What is written for other programs is read back by their libraries, and by ours: samples, times, gaps, marks."""

import csv
import errno
import json
import resource
import subprocess
import sys
import tracemalloc
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import firingorder as fo
from firingorder_session.events.live_events import Origin
from firingorder_session.exports import bids
from firingorder_session.exports.contract import ExportRefused, refuse_writing
from firingorder_session.exports.export import EXPORTERS, export
from firingorder_session.recordings.recording import ArrayRecording, ArrayStream, Recording, RecordingInfo
from firingorder_signal.blocks import FloatArray, SampleBlock, Side, Site, StreamInfo, StreamKind, Timebase

FIXTURE = Path(__file__).resolve().parents[3] / "fixtures" / "five-lifts.fo"
BF, GLUTE = Site.parse("hamstring_lateral/right"), Site.parse("gluteus_maximus/right")
#: Largest difference: BDF has 24 bits of 600 µV and more, C3D floats of 24 bits, CSV every digit.
WITHIN_UV = {".bdf": 1e-3, ".c3d": 1e-3, ".csv": 0.0}


def stream(name: str, site: Site | str, rate: Fraction | int, clock: str, kind: StreamKind) -> StreamInfo:
    """Describe a stream of one channel or motion sensor."""
    place = site if isinstance(site, Site) else Site.parse(site)
    return StreamInfo(name, kind, (place,), Fraction(rate), clock_id=clock)


class Drifting(Recording):
    """Sensors on two clocks: each sample is a function of the time it was taken at, which any reader can be held to."""

    def __init__(self, length_s: float, drift: float = 2e-4, gap: tuple[int, int] = (0, 0)) -> None:
        self.info = RecordingInfo("drifting", "any", Origin.SIMULATED, created="2026-03-09T09:05:04")
        self._length_s, self._drift, self._gap = length_s, drift, gap
        self._streams = (
            stream("a/0", GLUTE, 2000, "a", StreamKind.EMG),
            stream("a/1", "pelvis", 200, "a", StreamKind.IMU),
            stream("b/0", BF, 2000, "b", StreamKind.EMG),
        )

    @property
    def streams(self) -> tuple[StreamInfo, ...]:
        """Two EMG sensors and a motion sensor."""
        return self._streams

    @property
    def duration_s(self) -> float:
        """As long as asked for."""
        return self._length_s

    def blocks(self, max_s: float = 1.0) -> Iterator[SampleBlock]:
        """Yield a second of each stream in turn."""
        for second in range(int(self._length_s)):
            for each in self._streams:
                rate = float(each.rate_hz)
                period_s = (1.0 + (self._drift if each.clock_id == "b" else 0.0)) / rate
                offset_s = 0.1 + (0.0123 if each.clock_id == "b" else 0.0)
                index = np.arange(int(second * rate), int((second + 1) * rate), dtype=np.int64)
                values = signal_at(np.asarray(offset_s + index * period_s, dtype=np.float64), each.n_channels)
                base = Timebase(0, offset_s, period_s)
                for rows in self._kept(each, index):
                    yield SampleBlock(each, int(index[rows][0]), np.ascontiguousarray(values[rows]), base)

    def _kept(self, each: StreamInfo, index: np.ndarray[Any, np.dtype[np.int64]]) -> list[slice]:
        first, last = self._gap
        if each.stream_id != "a/0" or not (index[0] <= first < last <= index[-1]):
            return [slice(None)]
        return [slice(0, first - int(index[0])), slice(last - int(index[0]), None)]


def signal_at(times_s: FloatArray, n_channels: int) -> FloatArray:
    """Return what is measured at times: slow enough for splines, different for each channel."""
    wave = 500.0 * np.sin(2 * np.pi * 60.0 * times_s) + 100.0 * np.sin(2 * np.pi * 3.0 * times_s)
    return np.column_stack([wave / (1 + 10 * channel) for channel in range(n_channels)])


def emg_of(path: Path) -> tuple[dict[Site, FloatArray], float]:
    """Read a file back; return each EMG channel and the time of row 0."""
    recording = fo.read(path)
    assert isinstance(recording, ArrayRecording)
    found = dict[Site, FloatArray]()
    for each in recording.arrays:
        if each.stream.kind is StreamKind.EMG:
            assert each.stream.rate_hz == 2000
            found |= dict(zip(each.stream.sites, each.values.T, strict=True))
    return found, recording.arrays[0].start_s


@pytest.mark.parametrize("suffix", [".bdf", ".c3d", ".csv"])
def test_samples_come_back_where_they_were_taken(suffix: str, tmp_path: Path) -> None:
    export(Drifting(12.0), path := tmp_path / f"file{suffix}")
    found, _ = emg_of(path)
    times_s = 0.1 + np.arange(24_000) / 2000
    truth = signal_at(times_s, 1)[:, 0]
    own, other = (found[site][:23_000] for site in (GLUTE, BF))
    np.testing.assert_allclose(own, truth[:23_000], atol=WITHIN_UV[suffix] or 1e-9)
    # The other sensor began 12 ms later and runs 0.2 ms a second apart: interpolated, it is where it was.
    later = slice(30, 22_900)
    np.testing.assert_allclose(other[later], truth[later], atol=0.15)


@pytest.mark.parametrize("suffix", [".bdf", ".csv"])
def test_lost_samples_stay_lost(suffix: str, tmp_path: Path) -> None:
    export(Drifting(6.0, gap=(5300, 5420)), path := tmp_path / f"file{suffix}")
    own = emg_of(path)[0][GLUTE][:11_900]
    assert np.flatnonzero(np.isnan(own)).tolist() == list(range(5300, 5420))


def test_more_gaps_than_records_stay_lost_in_bdf(tmp_path: Path) -> None:
    values = signal_at(np.arange(20_000) / 2000, 2)
    lost = np.arange(20_000) % 100 < 3
    values[lost] = np.nan
    info = StreamInfo("file/0", StreamKind.EMG, (GLUTE, BF), Fraction(2000))
    export(ArrayRecording(RecordingInfo("a", "any", Origin.LIVE), [ArrayStream(info, values)]), tmp_path / "a.bdf")
    found, _ = emg_of(tmp_path / "a.bdf")
    for site in (GLUTE, BF):
        np.testing.assert_array_equal(np.isnan(found[site][:20_000]), lost)


def test_more_gaps_than_bdf_can_mark_are_refused(tmp_path: Path) -> None:
    values = np.ones((4000, 2))
    values[::8] = np.nan
    info = StreamInfo("file/0", StreamKind.EMG, (GLUTE, BF), Fraction(2000))
    recording = ArrayRecording(RecordingInfo("a", "any", Origin.LIVE), [ArrayStream(info, values)])
    with pytest.raises(ExportRefused, match="lost in 1000 stretches, more than its annotations hold"):
        export(recording, tmp_path / "a.bdf")
    assert not list(tmp_path.iterdir())


def test_a_name_that_bdf_cannot_hold_is_said(tmp_path: Path) -> None:
    site = Site("unknown", Side.MIDDLE)
    info = StreamInfo("lsl/0", StreamKind.EMG, (site, site), Fraction(1000), labels=("vastus medialis obliquus", "a"))
    recording = ArrayRecording(RecordingInfo("a", "any", Origin.LIVE), [ArrayStream(info, np.zeros((2000, 2)))])
    lost = export(recording, tmp_path / "a.bdf").lost
    assert "names of more than 16 plain characters, or alike: vastus medialis obliquus" in lost


def test_a_channels_name_may_hold_a_comma_and_quotes(tmp_path: Path) -> None:
    site = Site("unknown", Side.MIDDLE)
    info = StreamInfo("lsl/0", StreamKind.EMG, (site, site), Fraction(1000), labels=('left, "upper"', "right"))
    recording = ArrayRecording(RecordingInfo("a", "any", Origin.LIVE), [ArrayStream(info, np.zeros((2000, 2)))])
    export(recording, tmp_path / "a.csv")
    header, *rows = csv.reader((tmp_path / "a.csv").read_text("utf-8").splitlines())
    assert header == ["time [s]", 'left, "upper" [uV]', "right [uV]"]
    assert {len(row) for row in rows} == {3}


def test_a_channel_called_like_a_column_of_its_own_is_told_apart(tmp_path: Path) -> None:
    site = Site("unknown", Side.MIDDLE)
    info = StreamInfo("lsl/0", StreamKind.EMG, (site, site), Fraction(1000), labels=("index", "a"))
    values = np.ones((2000, 2))
    export(ArrayRecording(RecordingInfo("a", "any", Origin.LIVE), [ArrayStream(info, values)]), tmp_path / "a.parquet")
    table = import_module("pyarrow.parquet").read_table(tmp_path / "a.parquet")
    assert table.schema.names == ["stream", "index", "time_s", "uncertainty_s", "index (lsl/0 0)", "a"]
    assert table["index"].to_pylist() == list(range(2000))


def test_a_run_that_could_not_be_finished_is_no_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fill_the_disk(*given: object) -> list[Path]:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(bids, "_write_motion", fill_the_disk)
        with pytest.raises(ExportRefused, match="no space left on device"):
            export(Drifting(3.0), tmp_path / "set", form="bids")
    assert not list((tmp_path / "set").rglob("*_run-*"))
    export(Drifting(3.0), tmp_path / "set", form="bids")
    assert {path.name.split("_run-")[1][:2] for path in (tmp_path / "set").rglob("*_run-*")} == {"01"}


@pytest.mark.parametrize("form", [*EXPORTERS, "bids"])
def test_what_is_told_as_written_grows_from_the_first_second_on(form: str, tmp_path: Path) -> None:
    """Also while the samples are gone through before any are written."""
    told, passes = list[float](), list[int]()

    class Passed(Drifting):
        def blocks(self, max_s: float = 1.0) -> Iterator[SampleBlock]:
            passes.append(len(told))
            return super().blocks(max_s)

    export(Passed(10.0), tmp_path / f"visit{form}", form=form, report=told.append)
    assert told == sorted(told)
    assert told[-1] == pytest.approx(10.0, abs=1.0)
    assert all(after - before > 5 for before, after in zip(passes, [*passes[1:], len(told)], strict=True))


def test_a_format_says_what_it_cannot_hold(tmp_path: Path) -> None:
    written = export(Drifting(6.0, gap=(5300, 5420)), tmp_path / "file.c3d")
    said = " ".join(written.lost)
    assert "b/0 runs on a clock of its own" in said
    assert "lost samples: written as 0" in said
    assert "200 Hz: interpolated to 2000 Hz" in said


@pytest.mark.parametrize("form", [*EXPORTERS, "bids"])
def test_nothing_is_said_to_be_lost_that_was_never_there(form: str, tmp_path: Path) -> None:
    info = stream("a/0", BF, 1000, "a", StreamKind.EMG)
    about = RecordingInfo("a.csv", "any", Origin.REPLAY, format_name="CSV")
    foreign = ArrayRecording(about, [ArrayStream(info, np.ones((2000, 1)))])
    rounded = {".c3d": "samples are rounded to 32-bit floats"}
    rounded |= dict.fromkeys((".bdf", "bids"), "samples are rounded to 24 bits")
    lost = export(foreign, tmp_path / f"a{form}", form=form).lost
    assert lost == ((rounded[form],) if form in rounded else ())
    ours = export(fo.read(FIXTURE), tmp_path / f"ours{form}", form=form)
    assert "the sensors' own" in " ".join(ours.lost)


def test_bdf_is_read_by_another_library_with_its_lifts(tmp_path: Path) -> None:
    edfio: Any = import_module("edfio")
    recording = fo.read(FIXTURE)
    analysis = fo.analyze(recording)
    export(recording, path := tmp_path / "five.bdf", analysis=analysis)
    file = edfio.read_bdf(path)
    assert [signal.label for signal in file.signals][0] == "R GMAX"
    texts = [annotation.text for annotation in file.annotations]
    assert sum(text.startswith("lift ") for text in texts) == len(analysis.sets[0].lifts)
    again = fo.analyze(fo.read(path)).sets[0]
    assert again.verdict is analysis.sets[0].verdict
    for one, other in zip(analysis.sets[0].lifts, again.lifts, strict=True):
        assert one.lag is not None
        assert other.lag is not None
        # The motion's clock is another one there, and with it the windows: no more than the lifts' own uncertainty.
        assert other.lag.lag_s == pytest.approx(one.lag.lag_s, abs=0.015)


def test_c3d_is_read_by_another_library_with_its_events(tmp_path: Path) -> None:
    ezc3d: Any = import_module("ezc3d")
    recording = fo.read(FIXTURE)
    analysis = fo.analyze(recording)
    export(recording, path := tmp_path / "five.c3d", analysis=analysis)
    file = ezc3d.c3d(str(path))
    assert file["parameters"]["ANALOG"]["LABELS"]["value"][0] == "gluteus_maximus/right"
    assert file["parameters"]["EVENT"]["USED"]["value"][0] == 3 * len(analysis.sets[0].lifts)
    n_rows = file["data"]["analogs"].shape[2]
    assert n_rows / 2000 == pytest.approx(recording.duration_s, abs=0.1)


def test_parquet_holds_every_sample_and_its_time(tmp_path: Path) -> None:
    pq: Any = import_module("pyarrow.parquet")
    recording = fo.read(FIXTURE)
    export(recording, path := tmp_path / "five.parquet", analysis=fo.analyze(recording))
    table = pq.read_table(path)
    streams = table["stream"].to_pylist()
    for each in recording.streams:
        blocks = [block for block in recording.blocks() if block.stream.stream_id == each.stream_id]
        mine = np.flatnonzero(np.array(streams) == each.stream_id)
        taken = table.take(mine)
        values = np.concatenate([block.values[:, 0] for block in blocks])
        times_s = np.concatenate(
            [
                block.timebase.time_s
                + (np.arange(block.first_index, block.next_index) - block.timebase.index) * block.timebase.period_s
                for block in blocks
            ]
        )
        facts = next(
            f for f in json.loads(table.schema.metadata[b"firingorder"])["streams"] if f["stream"] == each.stream_id
        )
        np.testing.assert_array_equal(taken[facts["columns"][0]].to_numpy(), values)
        np.testing.assert_array_equal(taken["time_s"].to_numpy(), times_s)


def test_a_bids_data_set_passes_the_official_validator(tmp_path: Path) -> None:
    recording = fo.read(FIXTURE)
    root = tmp_path / "dataset"
    for content_id in ("one", "another"):  # two runs of the same task
        recording.info = replace(recording.info, subject="K7Q2", content_id=content_id)
        export(recording, root, form="bids", analysis=fo.analyze(recording))
    assert [path.name[-14:-8] for path in sorted(root.glob("sub-*/ses-*/emg/*_emg.bdf"))] == ["run-01", "run-02"]
    validator = Path(sys.executable).with_name("bids-validator-deno")
    told = subprocess.run([validator, "--format", "json", root], capture_output=True, check=False, timeout=100)
    issues = json.loads(told.stdout)["issues"]["issues"]
    assert [issue for issue in issues if issue["severity"] == "error"] == []
    assert told.returncode == 0
    (motion,) = root.glob("sub-*/ses-*/motion/*_run-01_motion.tsv")
    (emg,) = root.glob("sub-*/ses-*/emg/*_run-01_emg.bdf")
    assert len(motion.read_text("utf-8").splitlines()) == pytest.approx(recording.duration_s * 200, abs=10)
    assert [str(site) for site in fo.read(emg).streams[0].sites] == ["gluteus_maximus/right", "hamstring_lateral/right"]
    (root / "dataset_description.json").unlink()
    broken = subprocess.run([validator, "--format", "json", root], capture_output=True, check=False, timeout=100)
    assert broken.returncode != 0


def test_a_recording_is_in_a_bids_data_set_once(tmp_path: Path) -> None:
    recording, root = fo.read(FIXTURE), tmp_path / "dataset"
    for analysis in (fo.analyze(recording), None):
        files = export(recording, root, form="bids", analysis=analysis).files
    assert sorted(root.glob("sub-*/ses-*/*/*")) == sorted(files)
    assert not [path for path in files if "events" in path.name]  # of the first time
    (scans,) = root.glob("sub-*/ses-*/*_scans.tsv")
    assert len(scans.read_text("utf-8").splitlines()) == 2


@pytest.mark.parametrize("suffix", EXPORTERS)
def test_memory_does_not_grow_with_the_recording(suffix: str, tmp_path: Path) -> None:
    export(Drifting(3.0), tmp_path / f"warm{suffix}")
    peaks = list[int]()
    for length_s in (15.0, 40.0):
        tracemalloc.start()
        export(Drifting(length_s), tmp_path / f"file{suffix}")
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 1.3 * peaks[0]


@pytest.mark.parametrize("name", ["visit.mat", "visit", "visit.fo"])
def test_a_format_that_is_not_written_is_one_line(name: str, tmp_path: Path) -> None:
    with pytest.raises(ExportRefused, match="expected .bdf"):
        export(Drifting(3.0), tmp_path / name)


def test_what_cannot_be_written_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder", "utf-8")
    with pytest.raises(ExportRefused, match="cannot be written"):
        export(Drifting(3.0), tmp_path / "file" / "visit.csv")
    assert [each.name for each in tmp_path.iterdir()] == ["file"]


def test_a_link_in_a_ring_is_replaced_like_any_file(tmp_path: Path) -> None:
    (tmp_path / "visit.csv").symlink_to(tmp_path / "visit.csv")
    info = stream("a/0", BF, 1000, "a", StreamKind.EMG)
    about = RecordingInfo("a", "any", Origin.REPLAY, path=FIXTURE)
    export(ArrayRecording(about, [ArrayStream(info, np.zeros((2000, 1)))]), tmp_path / "visit.csv")
    assert (tmp_path / "visit.csv").is_file()


def test_a_folder_where_nothing_may_be_written_is_told_as_that(tmp_path: Path) -> None:
    refused = refuse_writing(tmp_path / "visit.csv", PermissionError(13, "Permission denied"))
    assert "the folder is read-only for this user; name another folder" in str(refused)
    full = refuse_writing(tmp_path / "visit.csv", OSError(28, "No space left on device"))
    assert "(no space left on device); free space" in str(full)


@pytest.mark.parametrize("suffix", [".bdf", ".c3d", ".csv", ".parquet"])
@pytest.mark.parametrize("n_bytes", [0, 1000, 30_000])
def test_a_disk_that_takes_only_a_part_is_said_and_leaves_nothing(suffix: str, n_bytes: int, tmp_path: Path) -> None:
    """No file of this process may grow beyond: to the exporters as a full disk."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (n_bytes, before[1]))
    try:
        with pytest.raises(ExportRefused, match="cannot be written"):
            export(Drifting(10.0), tmp_path / f"visit{suffix}")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert not [*tmp_path.iterdir()]
