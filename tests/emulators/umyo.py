"""A uMyo base with two units: real packets, each unit with its own count."""

import struct

from tests.emulators.terminal import TerminalDevice

UNITS = (0x4FD5_0001, 0x1234_5678)  # the first holds the mark itself
BLOCK_S = 8 * 896e-6


def pack(unit: int, block: int, *, with_field: bool = True) -> bytes:
    """Return one packet; its samples count on from eight times the block."""
    emg = [((8 * block + k) % 20000) * (-1 if unit == UNITS[1] else 1) for k in range(8)]
    body = struct.pack(">I8B", unit, 88, 0, 100, 3, 0, block % 256, 0, 0)[:10]
    body += struct.pack(">8h4H4h3h3h", *emg, 1, 2, 3, 4, 32767, 0, 0, 0, 0, 0, 8192, 0, 0, 0)
    body += struct.pack(">3h", 0x4F, 0x4FD5, 5) if with_field else b""
    return b"\x4f\xd5" + bytes((200, block % 129, len(body) + 2)) + body


class UmyoBase(TerminalDevice):
    """The base and its units; `skip` counts blocks of the first unit that get lost, `twice` passes one on again."""

    def __init__(self) -> None:
        super().__init__()
        self.streaming = True
        self.n_made = 0
        self.skip = 0
        self.twice = False
        self._since_s: float | None = None

    def hear(self, data: bytes) -> bytes:
        """Hear nothing."""
        del data
        return b""

    def make(self, elapsed_s: float) -> bytes:
        """Return what is due."""
        # Nobody starts a base: it has been on for long when it is first heard.
        self._since_s = elapsed_s if self._since_s is None else self._since_s
        due = int((elapsed_s - self._since_s) / BLOCK_S)
        out = b""
        for block in range(self.n_made, due):
            if self.skip:
                self.skip -= 1
            else:
                out += pack(UNITS[0], block)
                out += pack(UNITS[0], block) if self.twice else b""
                self.twice = False
            out += pack(UNITS[1], block, with_field=False)
        self.n_made = max(self.n_made, due)
        return out
