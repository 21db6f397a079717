"""Logs of real Shimmer3s against the vendor's own tables of them; skipped, saying so, where they are not at hand.

The vendor printed counts, and the time of day in ms, to 17 significant digits. So counts must be equal, and times to
the last printed digit. What the counts mean in SI is not in the tables: there, two sensors must agree.
"""

import csv
import gzip
from functools import cache

import numpy as np
import pytest
from tests.public_data import DATA, needs_data

from firingorder_bridge.devices.shimmer3_log import ShimmerLog, read_log
from firingorder_signal.blocks import FloatArray

FOLDER = DATA / "shimmer3-sdlog"
EMG, MOTION = ("ecg", "\t", 10), ("triaxcal_sample", ",", 29)
#: Spacing of float64 at 1.6e12 ms: the vendor prints no more.
PRINTED_MS = 2.5e-4
#: Vendor's name of a column -> ours.
NAMES = {
    "EMG_CH1_24BIT": "exg1_ch1_24bit",
    "EMG_CH2_24BIT": "exg1_ch2_24bit",
    "Battery": "battery",
    **{
        f"{theirs}_{axis}": f"{ours}_{axis.lower()}"
        for axis in "XYZ"
        for theirs, ours in (("Accel_LN", "accel_ln"), ("Accel_WR", "accel_wr"), ("Gyro", "gyro"), ("Mag", "mag"))
    },
}


@cache
def _log(name: str) -> ShimmerLog:
    """Read a log with this project."""
    return read_log((FOLDER / f"{name}.bin").read_bytes())


@cache
def _table(name: str, separator: str) -> dict[str, FloatArray]:
    """Read the vendor's table: columns by the vendor's name without its device and `_UNCAL`."""
    stem = name.removesuffix("_sample")
    with gzip.open(FOLDER / f"{stem}_uncalibrated.csv.gz", "rt", encoding="utf-8", newline="") as file:
        lines = [line for line in csv.reader(file, delimiter=separator) if line]
    heads = [i for i, line in enumerate(lines) if any("Timestamp" in cell for cell in line)]
    names = [cell for cell in lines[heads[0]] if cell]
    rows = np.array([[float(cell) for cell in line[: len(names)]] for line in lines[heads[0] + 2 :]])
    shorts = [name[name.index("Timestamp") :] if "Timestamp" in name else _short(name) for name in names]
    return dict(zip(shorts, rows.T, strict=True))


def _short(name: str) -> str:
    """Return the vendor's name of a column without the device and the kind."""
    (short,) = (each for each in NAMES if name.endswith(f"_{each}_UNCAL"))
    return short


@needs_data
@pytest.mark.parametrize(("name", "separator", "n_bytes"), [EMG, MOTION])
def test_every_count_of_a_log_is_the_vendors(name: str, separator: str, n_bytes: int) -> None:
    log, table = _log(name), _table(name, separator)
    assert log.layout.n_bytes == n_bytes
    columns = {short: values for short, values in table.items() if not short.startswith("Timestamp")}
    counts = log.named()
    assert {NAMES[short] for short in columns} == {each for each in counts if not each.endswith("status")}
    for short, values in columns.items():
        assert np.array_equal(counts[NAMES[short]], values), short


@needs_data
@pytest.mark.parametrize(("name", "separator"), [EMG[:2], MOTION[:2]])
def test_every_time_of_a_log_is_the_vendors_to_its_last_digit(name: str, separator: str) -> None:
    times_ms = _table(name, separator)["Timestamp_Unix_CAL"]
    assert np.max(np.abs(_log(name).unix_ms - times_ms)) <= PRINTED_MS


@needs_data
def test_the_heads_say_who_logged_and_how() -> None:
    emg, motion = _log("ecg"), _log("triaxcal_sample")
    assert (emg.uid, motion.uid) == ("000666b149cb", "000666f0952d")
    assert (emg.firmware, motion.firmware) == ((0, 11, 3), (0, 11, 0))
    assert float(emg.rate_hz) == 512.0
    assert float(motion.rate_hz) == pytest.approx(32768 / 448)
    assert [emg.units.registers[0].gain(channel) for channel in (1, 2)] == [4, 4]
    assert [emg.units.registers[1].gain(channel) for channel in (1, 2)] == [None, None]


@needs_data
def test_a_gap_is_told_from_the_stamps_as_in_the_vendors_times() -> None:
    log = _log("ecg")
    assert log.n_lost == 2
    steps_ms = np.diff(_table("ecg", "\t")["Timestamp_Unix_CAL"])
    assert np.flatnonzero(steps_ms > 3).tolist() == np.flatnonzero(np.diff(log.ticks) > 64).tolist()
    assert _log("triaxcal_sample").n_lost == 0


@needs_data
def test_volts_are_the_vendors_formula() -> None:
    """Reference / gain / (2^23 - 1), in mV (the vendor's `SensorEXG`), by the gain that the head has."""
    log = _log("ecg")
    expected_mv = _table("ecg", "\t")["EMG_CH1_24BIT"] * (2.42 * 1000 / 4 / (2**23 - 1))
    assert np.allclose(log.emg_v()["exg1_ch1_24bit"] * 1000, expected_mv, rtol=1e-12)


@needs_data
def test_two_accelerometers_of_different_makers_show_the_same_movement() -> None:
    """By each one's own calibration: bytes, axes and signs are right where both agree, and rest is 9.8 m/s²."""
    vectors = _log("triaxcal_sample").vectors()
    low, wide = vectors["accel_ln"], vectors["accel_wr"]
    for axis in range(3):
        slope, offset_m_s2 = np.polyfit(low[:, axis], wide[:, axis], 1)
        assert slope == pytest.approx(1.0, abs=0.05)
        assert abs(offset_m_s2) < 0.1
    # The hand that shakes it rests during the last 60 samples only.
    for rested in (low[-60:], wide[-60:]):
        assert np.median(np.linalg.norm(rested, axis=1)) == pytest.approx(9.81, abs=0.2)
