"""When silence means something: slow streams and long packets are none, and a sensor of several may be switched off."""

from fractions import Fraction

import numpy as np
import pytest

from firingorder_session.acquiring.acquisition_params import AcquisitionParams
from firingorder_session.acquiring.silence import NS, Silence
from firingorder_signal.blocks import SampleBlock, Site, StreamInfo, StreamKind, Timebase

GLUTE = Site.parse("gluteus_maximus/right")
EMG = StreamInfo("a/0", StreamKind.EMG, (GLUTE,), Fraction(2000), clock_id="a")
IMU = StreamInfo("a/1", StreamKind.IMU, (Site.parse("pelvis"),), Fraction(200), clock_id="a")
SLOW = StreamInfo("a/2", StreamKind.ANALOG, (GLUTE,), Fraction(1), clock_id="a")
OTHER = StreamInfo("b/0", StreamKind.EMG, (GLUTE,), Fraction(2000), clock_id="b")


class Watched:
    """A link's streams, each with the samples of one packet, and what was judged every 10 ms."""

    def __init__(self, **packets: tuple[StreamInfo, int]) -> None:
        self.silence = Silence(AcquisitionParams())
        self.packets = packets
        self.dead: set[str] = set()
        self.now_ms = 0

    def run(self, n_seconds: float) -> list[tuple[str, bool]]:
        """Go on; return what stayed away at any time, in order, and whether the link was to be opened again."""
        found: list[tuple[str, bool]] = []
        for _ in range(round(n_seconds * 100)):
            self.now_ms += 10
            for name, (stream, n_samples) in self.packets.items():
                period_ms = round(n_samples * 1000 / stream.rate_hz)
                if name not in self.dead and self.now_ms % period_ms == 0:
                    self._send(stream, n_samples)
            silent = self.silence.judge([stream for stream, _ in self.packets.values()], self.now_ms * NS // 1000)
            said = ("", False) if silent is None else (silent.words, silent.ends)
            if not found or found[-1] != said:
                found.append(said)
        return found

    def _send(self, stream: StreamInfo, n_samples: int) -> None:
        self.silence.heard(self.now_ms * NS // 1000)
        values = np.zeros((n_samples, stream.n_channels))
        self.silence.sampled(SampleBlock(stream, 0, values, Timebase(0, 0.0, 1.0)))


@pytest.mark.parametrize(
    "packets",
    [
        {"slow": (SLOW, 1)},
        {"emg": (EMG, 40), "slow": (SLOW, 1)},
        {"emg": (EMG, 2000), "imu": (IMU, 4)},
        {"emg": (EMG, 3000)},
        {"emg": (EMG, 40), "imu": (IMU, 200)},
    ],
    ids=["1 Hz alone", "1 Hz", "EMG by the second", "EMG alone by 1.5 s", "motion by the second"],
)
def test_slow_streams_and_long_packets_are_no_silence(packets: dict[str, tuple[StreamInfo, int]]) -> None:
    assert Watched(**packets).run(30.0) == [("", False)]


def test_a_stream_is_missed_after_half_a_second_and_ends_the_link_after_three() -> None:
    watched = Watched(emg=(EMG, 40), imu=(IMU, 4))
    watched.run(5.0)
    watched.dead = {"emg"}
    assert watched.run(0.48) == [("", False)]
    assert watched.run(2.5) == [("", False), ("no EMG of gluteus_maximus/right", False)]
    assert watched.run(0.1) == [("no EMG of gluteus_maximus/right", False), ("no EMG of gluteus_maximus/right", True)]


def test_a_stream_of_long_packets_is_missed_too() -> None:
    watched = Watched(emg=(EMG, 2000), imu=(IMU, 4))
    watched.run(5.0)
    watched.dead = {"emg"}
    assert watched.run(2.9) == [("", False)]
    assert watched.run(3.2)[-1] == ("no EMG of gluteus_maximus/right", True)


def test_a_described_stream_that_never_sends_is_said_and_no_reason_to_connect_again() -> None:
    watched = Watched(emg=(EMG, 40), imu=(IMU, 4))
    watched.dead = {"imu"}
    assert watched.run(20.0) == [("", False), ("no IMU of pelvis", False)]


def test_other_channels_may_stay_away() -> None:
    watched = Watched(emg=(EMG, 40), slow=(SLOW, 1))
    watched.run(5.0)
    watched.dead = {"slow"}
    assert watched.run(20.0) == [("", False)]


def test_one_sensor_of_several_on_a_link_is_no_reason_to_disturb_the_others() -> None:
    watched = Watched(first=(EMG, 40), second=(OTHER, 40))
    watched.run(5.0)
    watched.dead = {"second"}
    assert watched.run(20.0) == [("", False), ("no EMG of gluteus_maximus/right", False)]


def test_nothing_at_all_is_said_as_such() -> None:
    watched = Watched(emg=(EMG, 40), imu=(IMU, 4))
    watched.run(5.0)
    watched.dead = {"emg", "imu"}
    assert watched.run(5.0) == [("", False), ("no samples", False), ("no samples", True)]
