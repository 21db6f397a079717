"""uMyo sensors behind their base: the real bytes of the firmware's fast mode; every sample says which one it is."""

import struct

from tests.emulators.terminal import TerminalDevice

REST, MID = (32000, 0, 0, 0), 16000
#: Acceleration of a unit at rest, z up, at 2 g over 2^15.
ACC = (0, 0, 16384)


def emg(sample: int) -> int:
    """Return the number of a sample as this mode sends it: two counts added."""
    return MID + sample % 4096


class Unit:
    """One sensor: its counters, and how fast its converter really is."""

    def __init__(self, number: int, speed: float = 1.0) -> None:
        self.number, self.period_s = number, 896e-6 / speed
        self.n_made, self.packet_id, self.block, self.began_s = 0, 57, 0, 0.0
        self.skip = self.skip_block = 0
        self.flip: tuple[int, int] | None = None
        self.repeat = False

    def restart(self, elapsed_s: float) -> None:
        """Be switched off and on."""
        self.n_made = self.packet_id = self.block = 0
        self.began_s = elapsed_s

    def packet(self) -> bytes:
        """Return the next packet."""
        self.packet_id = self.packet_id + 1 if self.packet_id < 128 else 0
        first = self.n_made * 8
        body = bytes((self.packet_id, 62)) + self.number.to_bytes(4, "big") + bytes((88, 0, 180, 101, 0, self.block))
        body += struct.pack(">8h4h", *(emg(first + n) for n in range(8)), 5, 6, 7, 8)
        body += struct.pack(">4h3h3h3h", *REST, *ACC, 1, 2, 3, 100, 200, self.n_made % 1000)
        assert len(body) == 62
        return b"\x4f\xd5\x35" + body

    def make(self, elapsed_s: float) -> list[tuple[float, bytes]]:
        """Return when each packet that is due was ready, and its bytes."""
        out: list[tuple[float, bytes]] = []
        while (ready := self.began_s + (self.n_made + 1) * 8 * self.period_s) <= elapsed_s:
            if self.skip_block:
                self.skip_block -= 1
            else:
                data = self.packet()
                if self.skip:
                    self.skip -= 1
                else:
                    if self.flip is not None:
                        position, bit = self.flip
                        data = data[:position] + bytes((data[position] ^ 1 << bit,)) + data[position + 1 :]
                        self.flip = None
                    out.append((ready, data * (2 if self.repeat else 1)))
            self.n_made += 1
            self.block = (self.block + 1) % 256
        return out


class UmyoBase(TerminalDevice):
    """A base, which streams from the moment it is plugged in what its units send."""

    def __init__(self, *units: Unit) -> None:
        super().__init__()
        self.units = units
        self.streaming = True
        self.elapsed_s = 0.0
        self._zero_s: float | None = None

    def hear(self, data: bytes) -> bytes:
        """Take no commands."""
        return b""

    def make(self, elapsed_s: float) -> bytes:
        """Return what is due, in the order in which it became ready."""
        if self._zero_s is None:
            self._zero_s = elapsed_s
        self.elapsed_s = elapsed_s - self._zero_s
        packets = [each for unit in self.units for each in unit.make(self.elapsed_s)]
        return b"".join(data for _, data in sorted(packets))
