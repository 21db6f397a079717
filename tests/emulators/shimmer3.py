"""A Shimmer3 with its ExG board: the firmware's commands and packets; every sample says which one it is."""

from tests.emulators.terminal import TerminalDevice

#: Argument bytes of the commands that are known; `SET_REGISTERS` says itself how many more follow.
ARGUMENTS = {0x05: 2, 0x08: 3, 0x4C: 1, 0x63: 3, 0x66: 2, 0x8B: 1, 0x8E: 3, 0xA3: 1, 0x61: 3}
PLAIN = (0x01, 0x07, 0x20, 0x2C, 0x2E, 0x3F)
#: What may not be set while it samples.
BLOCKED = (0x05, 0x08, 0x4C, 0x61)
#: Known since firmware 0.13.7.
RECENT = (0x8B, 0xA3)
ADDRESS = bytes.fromhex("000666c0ffee")
#: Gravity along z by the nominal calibration of a KXTC9-2050, whose z points down.
ACCEL_LN = (2253, 2253, 2253 - round(9.81 * 92))
TRIAD = {
    "accel_ln": ((2253,) * 3, (92,) * 3, (0, -100, 0, -100, 0, 0, 0, 0, -100)),
    "gyro": ((0,) * 3, (6550,) * 3, (0, -100, 0, -100, 0, 0, 0, 0, -100)),
    "mag": ((0,) * 3, (667,) * 3, (0, -100, 0, 100, 0, 0, 0, 0, -100)),
    "accel_wr": ((0,) * 3, (1671,) * 3, (0, -100, 0, 100, 0, 0, 0, 0, -100)),
}


def checksum(data: bytes) -> bytes:
    """Return the packet checksum, bit by bit: x^16 + x^12 + x^5 + 1 from 0xB0CA, an odd length padded by a zero."""
    crc = 0xB0CA
    for byte in data + bytes(len(data) % 2):
        for bit in range(7, -1, -1):
            crc = (crc << 1) ^ (0x1021 if (crc >> 15 ^ byte >> bit) & 1 else 0)
            crc &= 0xFFFF
    return crc.to_bytes(2, "little")


def calibration(name: str) -> bytes:
    """Return 21 bytes as the device keeps them."""
    offset, sensitivity, alignment = TRIAD[name]
    numbers = b"".join(number.to_bytes(2, "big", signed=True) for number in (*offset, *sensitivity))
    return numbers + b"".join(number.to_bytes(1, "big", signed=True) for number in alignment)


def channels_of(mask: int) -> list[int]:
    """Return the channels of a mask of sensors, in the order of the packet."""
    table = (
        (0x80, (0, 1, 2)),
        (0x2000, (3,)),
        (0x40, (0x0A, 0x0B, 0x0C)),
        (0x1000, (4, 5, 6)),
        (0x20, (7, 8, 9)),
        (0x400000, (0x14, 0x15, 0x16)),
        (0x10, (0x1D, 0x1E, 0x1F)),
        (0x100000, (0x1D, 0x23, 0x24)),
        (0x08, (0x20, 0x21, 0x22)),
        (0x080000, (0x20, 0x25, 0x26)),
    )
    return [channel for bit, channels in table if mask & bit for channel in channels]


def write(channel: int, n: int) -> bytes:
    """Return the bytes of a channel in sample `n`."""
    if channel in (0x1D, 0x20):
        return b"\x80"
    if channel in (0x1E, 0x1F, 0x21, 0x22):
        value = n % 8_000_000
        return (value if channel in (0x1E, 0x21) else -value).to_bytes(3, "big", signed=True)
    if channel in (0x23, 0x24, 0x25, 0x26):
        return (n % 30_000 - 15_000).to_bytes(2, "big", signed=True)
    if channel <= 2:
        return ACCEL_LN[channel].to_bytes(2, "little")
    if channel == 3:
        return (2700).to_bytes(2, "little")
    if channel in (0x0A, 0x0B, 0x0C):
        return (n % 655).to_bytes(2, "big")
    return (100 * channel - 1000).to_bytes(2, "big" if channel >= 0x14 else "little", signed=True)


class Shimmer3(TerminalDevice):
    """One unit. Its clock is 0.2 s short of its wrap when it begins to stream.

    Parameters
    ----------
    old
        Firmware LogAndStream 0.5.0: stamps of 16 bits, no checksums.
    busy
        It streams already, with checksums, when the port is opened.
    logging
        It logs to its card and takes no settings.
    """

    def __init__(self, *, old: bool = False, busy: bool = False, logging: bool = False, hardware: int = 3) -> None:
        super().__init__()
        self.old, self.logging, self.hardware = old, logging, hardware
        self.divider, self.sensors, self.checked = 64, 0x10, busy
        self.gyro_divider = 0x9B
        self.registers = [bytearray(10), bytearray(10)]
        self.registers[0][3] = self.registers[0][4] = 0x40
        self.stamp_bytes = 2 if old else 3
        self.tick = (1 << 8 * self.stamp_bytes) - 6554
        self.skip = self.n_made = self.n_starts = 0
        self.streaming = busy
        self._begins: float | None = None
        self.flip_inside = False
        self._heard = self._unasked = b""

    def press(self) -> None:
        """Let it say unasked how it is, as when it is docked."""
        self._unasked += b"\x8a\x71\x02"

    def hear(self, data: bytes) -> bytes:
        """Obey."""
        self._heard += data
        answer = b""
        while self._heard:
            command = self._heard[0]
            n_arguments = ARGUMENTS.get(command, 0)
            if command == 0x61 and len(self._heard) > 3:
                n_arguments += self._heard[3]
            if len(self._heard) <= n_arguments:
                break
            arguments, self._heard = self._heard[1 : 1 + n_arguments], self._heard[1 + n_arguments :]
            answer += self._obey(command, arguments)
        return answer

    def _obey(self, command: int, arguments: bytes) -> bytes:
        """Answer one command; one that is not known says nothing."""
        if (command not in ARGUMENTS and command not in PLAIN) or (self.old and command in RECENT):
            return b""
        if command in BLOCKED and (self.streaming or self.logging):
            return self._closed(b"\xfe")
        answer = self._answer(command, arguments)
        return self._closed(b"\xff" + answer)

    def _closed(self, data: bytes) -> bytes:
        """Put the checksum behind it."""
        return data + (checksum(data) if self.checked else b"")

    def _answer(self, command: int, arguments: bytes) -> bytes:
        """Do what a command asks and return what follows the acknowledgement."""
        match command:
            case 0x01:
                ids = channels_of(self.sensors)
                return b"\x02" + self.divider.to_bytes(2, "little") + bytes((1, 0xFF, 1, 9, len(ids), 1, *ids))
            case 0x05:
                self.divider = int.from_bytes(arguments, "little")
            case 0x07:
                self.streaming, self._begins, self.n_made = True, None, 0
                self.n_starts += 1
            case 0x08:
                self.sensors = int.from_bytes(arguments, "little")
            case 0x20:
                self.streaming = False
                self.tick += self.n_made * self.divider
            case 0x2C:
                return b"\x2d" + b"".join(map(calibration, ("accel_ln", "gyro", "mag", "accel_wr")))
            case 0x2E:
                return b"\x2f\x03\x00\x00\x00" + (b"\x05\x00" if self.old else b"\x10\x06")
            case 0x3F:
                return bytes((0x25, self.hardware))
            case 0x4C:
                self.gyro_divider = arguments[0]
            case 0x61:
                self.registers[arguments[0]][arguments[1] : arguments[1] + arguments[2]] = arguments[3:]
            case 0x63:
                return bytes((0x62, arguments[2])) + self.registers[arguments[0]][: arguments[2]]
            case 0x66:
                return b"\x65\x03\x2f\x04\x00"
            case 0x8B:
                self.checked = arguments[0] == 2
            case 0x8E:
                memory = bytes(224) + ADDRESS
                offset = int.from_bytes(arguments[1:], "little")
                return bytes((0x8D, arguments[0])) + memory[offset : offset + arguments[0]]
            case _:
                pass
        return b""

    def make(self, elapsed_s: float) -> bytes:
        """Return what is due."""
        if self._begins is None:
            self._begins = elapsed_s
        due = int((elapsed_s - self._begins) * 32_768 / self.divider)
        out = self._closed(self._unasked) if self._unasked else b""
        self._unasked = b""
        for n in range(self.n_made, due):
            if self.skip:
                self.skip -= 1
                continue
            packet = self.packet(n)
            if self.flip_inside:
                packet = packet[:6] + bytes((packet[6] ^ 4,)) + packet[7:]
                self.flip_inside = False
            out += packet
        self.n_made = max(due, self.n_made)
        return out

    def packet(self, n: int) -> bytes:
        """Return packet `n` since the start."""
        stamp = (self.tick + n * self.divider) % (1 << 8 * self.stamp_bytes)
        body = b"".join(write(channel, n) for channel in channels_of(self.sensors))
        return self._closed(b"\x00" + stamp.to_bytes(self.stamp_bytes, "little") + body)
