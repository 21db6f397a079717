"""An OpenBCI Cyton behind its dongle: the real 33 bytes a sample at 250 Hz, the answers ending in `$$$`.

Unless given a signal, each sample says its number: channel 1 is it modulo 4096, channel 2 is 1000 less that.
"""

from collections.abc import Callable

from tests.emulators.terminal import TerminalDevice

RATE_HZ = 250
#: µV of one count at a gain of 24 (docs.openbci.com, "Cyton Data Format").
UV = 4.5 / (2**23 - 1) / 24 * 1e6
GREETING = b"OpenBCI V3 8-16 channel\nOn Board ADS1299 Device ID: 0x3E\nLIS3DH Device ID: 0x33\nFirmware: v3.1.1\n$$$"
#: BrainFlow takes an x of zero for a packet without acceleration, so that none of these is.
#: One g in counts of the accelerometer (LIS3DH at 4 g: 0.125 mg a count, shifted left by four).
G_COUNTS = 8000


def count_up(sample: int) -> tuple[int, int]:
    """Return the first two channels of a sample, counts: which one it is."""
    return sample % 4096, 1000 - sample % 4096


def pack(sample: int, values: tuple[int, int]) -> bytes:
    """Return the packet of a sample."""
    channels = [*values, *(7 for _ in range(6))]
    emg = b"".join(value.to_bytes(3, "big", signed=True) for value in channels)
    aux = b"".join(value.to_bytes(2, "big", signed=True) for value in (G_COUNTS // 10, -G_COUNTS // 10, G_COUNTS))
    return b"\xa0" + bytes((sample % 256,)) + emg + aux + b"\xc0"


class Cyton(TerminalDevice):
    """One board.

    Parameters
    ----------
    signal
        The first two channels of a sample, counts.
    """

    def __init__(self, signal: Callable[[int], tuple[int, int]] = count_up) -> None:
        super().__init__()
        self._signal = signal
        self.n_made, self.skip = 0, 0

    def hear(self, data: bytes) -> bytes:
        """Obey the commands of one letter that BrainFlow sends."""
        answer = b""
        for byte in data:
            if byte == ord("v"):
                self.streaming, answer = False, answer + GREETING
            elif byte == ord("d"):
                answer += b"updating channel settings to default$$$"
            elif byte == ord("b"):
                self.streaming, self.n_made = True, 0
            elif byte == ord("s"):
                self.streaming = False
        return answer

    def make(self, elapsed_s: float) -> bytes:
        """Return what is due."""
        due = int(elapsed_s * RATE_HZ)
        out = b""
        for sample in range(self.n_made, due):
            if self.skip:
                self.skip -= 1
                continue
            out += pack(sample, self._signal(sample))
        self.n_made = max(due, self.n_made)
        return out
