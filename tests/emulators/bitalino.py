"""A BITalino: real packets with numbers and checksums; every sample says which one it is."""

from collections.abc import Callable

from tests.emulators.terminal import TerminalDevice


def checksum(packet: bytes) -> int:
    """Return the 4-bit checksum as the vendor's own loop computes it."""
    crc = 0
    for byte in (*packet[:-1], packet[-1] & 0xF0):
        for bit in range(7, -1, -1):
            crc <<= 1
            if crc & 0x10:
                crc ^= 3
            crc ^= byte >> bit & 1
    return crc & 15


def pack(number: int, values: list[int]) -> bytes:
    """Return one packet: number, no digital input, `values` of 10 bits (the fifth and sixth of 6)."""
    n = len(values)
    bits = f"{number % 16:04b}0000" + "0000" + "".join(f"{v:010b}" for v in values[:4])
    bits += "".join(f"{v:06b}" for v in values[4:])
    n_bytes = -(-(12 + 10 * n) // 8) if n <= 4 else -(-(52 + 6 * (n - 4)) // 8)
    bits = bits.ljust(8 * n_bytes, "0")
    packet = bytes(int(bits[i : i + 8], 2) for i in range(0, len(bits), 8))[::-1]
    return packet[:-1] + bytes((packet[-1] | checksum(packet),))


class Bitalino(TerminalDevice):
    """One unit; the first channel counts samples modulo 1024, the second is 512 less the first's lowest bits.

    Parameters
    ----------
    running
        Rate (Hz) and number of inputs with which it streams already; None for a unit that waits.
    old
        Its firmware does not say who it is.

    Attributes
    ----------
    make_values
        Returns the counts of a sample's inputs.
    """

    def __init__(self, *, running: tuple[int, int] | None = None, old: bool = False) -> None:
        super().__init__()
        self.rate_hz, self.n_channels = running or (1000, 0)
        self.streaming, self.n_made = running is not None, 0
        self.skip = 0
        self.make_values: Callable[[int], list[int]] = lambda n: [n % 1024, 512 - n % 16, 7, 7, 7, 7]
        self._old = old

    def hear(self, data: bytes) -> bytes:
        """Obey."""
        answer = b""
        for byte in data:
            if byte == 7 and not self.streaming and not self._old:
                answer += b"BITalino_v5.2\n"
            elif byte == 0:
                self.streaming = False
            elif byte & 3 == 3 and not self.streaming:
                self.rate_hz = 10 ** (byte >> 6)
            elif byte & 3 == 1 and not self.streaming:
                self.n_channels = bin(byte >> 2).count("1")
                self.streaming, self.n_made = True, 0
        return answer

    def make(self, elapsed_s: float) -> bytes:
        """Return what is due."""
        due = int(elapsed_s * self.rate_hz)
        out = b""
        for sample in range(self.n_made, due):
            if self.skip:
                self.skip -= 1
                continue
            out += pack(sample, self.make_values(sample)[: self.n_channels])
        self.n_made = max(due, self.n_made)
        return out
