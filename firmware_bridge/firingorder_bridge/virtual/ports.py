"""The virtual wearable behind real pseudo-terminals, in real time.

Each sensor gets a terminal of its own; the host opens its far end like any serial port. Deadlines are moments of the
monotonic clock, so that nothing drifts: a late wake-up delays a frame, never the ones after it. Samples are made ahead
in the pauses. Linux and macOS only: Windows has no pseudo-terminals.
"""

import os
import select
import time
import tty
from collections.abc import Callable
from math import isfinite
from pathlib import Path
from typing import Any

from firingorder_signal.blocks import Side

from .wearable import PlugEvent, VirtualWearable

# A port nobody has open is looked at this often; also the longest a stop request waits.
IDLE_S = 0.02
# Closer to a deadline than this, no samples are made ahead: a page takes one or two milliseconds.
PREPARE_S = 0.003
# What a sensor holds for a host that does not read before it throws whole chunks away (a few seconds of stream).
BACKLOG_BYTES = 1 << 16
READ_BYTES = 4096

#: Told what happened, as one flat record ready for JSON.
Announce = Callable[[dict[str, Any]], None]


def name_link(sensor: str) -> str:
    """Name the stable link of a sensor.

    Examples
    --------
    >>> name_link("A")
    'sensor-a'
    """
    return f"sensor-{sensor.lower()}"


class SensorPort:
    """One pseudo-terminal: created, announced under a stable link, closed like a pulled cable."""

    def __init__(self, link: Path | None) -> None:
        self.link = link
        self._master = -1
        self._backlog = b""
        self.path = ""
        self.plug()

    def plug(self) -> None:
        """Make the terminal, and point the link at it."""
        self._master, slave = os.openpty()
        tty.setraw(self._master)
        tty.setraw(slave)
        os.set_blocking(self._master, False)
        self.path = os.ttyname(slave)
        # Without our own hold on the far end, a hang-up shows when the host closes it.
        os.close(slave)
        self._backlog = b""
        if self.link is not None:
            beside = self.link.with_name(self.link.name + ".new")
            beside.unlink(missing_ok=True)
            beside.symlink_to(self.path)
            os.replace(beside, self.link)

    def unplug(self) -> None:
        """Close the terminal: the host's reads fail from now on."""
        if self._master >= 0:
            os.close(self._master)
            self._master = -1
        if self.link is not None:
            self.link.unlink(missing_ok=True)

    @property
    def is_open(self) -> bool:
        """Whether a host has the far end open."""
        if self._master < 0:
            return False
        poll = select.poll()
        poll.register(self._master, select.POLLIN)
        return not any(events & select.POLLHUP for _, events in poll.poll(0))

    def fileno(self) -> int:
        """Descriptor to wait on."""
        return self._master

    def read(self) -> bytes:
        """Read what the host sent; nothing where nothing is there or nobody."""
        try:
            return os.read(self._master, READ_BYTES)
        except OSError:
            # EAGAIN: nothing there. EIO: the host has just closed; `is_open` will say so.
            return b""

    def write(self, data: bytes) -> None:
        """Send bytes; what a host does not read waits up to a limit and is then lost."""
        if len(self._backlog) + len(data) <= BACKLOG_BYTES:
            self._backlog += data
        try:
            self._backlog = self._backlog[os.write(self._master, self._backlog) :]
        except BlockingIOError:
            return
        except OSError:
            self._backlog = b""

    def forget(self) -> None:
        """Throw away what nobody will read any more."""
        self._backlog = b""


class PortServer:
    """Run a wearable on pseudo-terminals until told to stop.

    Parameters
    ----------
    wearable
        Made with `delay=IMMEDIATE`: the machine adds its own delays.
    announce
        Told when a port is ready, a set begins or ends, a cable is pulled.
    link_dir
        Folder for the stable links `sensor-a`, `sensor-b`; None = no links.
    truth_path
        Where the truth is written whenever it grows; None = nowhere.
    asked
        Descriptor to read what the patient is asked from, one line each: `squeeze right`, `begin`; None = nowhere.
    """

    def __init__(
        self, wearable: VirtualWearable, announce: Announce, *,
        link_dir: Path | None = None, truth_path: Path | None = None, asked: int | None = None,
    ) -> None:  # fmt: skip
        self._wearable = wearable
        self._announce = announce
        self._truth_path = truth_path
        self._origin_ns = time.monotonic_ns()
        wearable.host_origin_ns = self._origin_ns
        links = [link_dir / name_link(sensor.name) if link_dir else None for sensor in wearable.sensors]
        self._ports = [SensorPort(link) for link in links]
        self._was_open = [False] * len(self._ports)
        self._told_sets = 0
        self._told_end = True
        self._told_faults = 0
        self._stop = False
        self._asked, self._asked_text = asked, b""

    def stop(self) -> None:
        """Ask the loop to end; safe in a signal handler."""
        self._stop = True

    def run(self, duration_s: float | None = None) -> None:
        """Serve until stopped, or for some seconds; then close the ports and write the truth."""
        try:
            # Now rather than at the first lift: a folder that cannot be written to is told before anybody lies down.
            self._write_truth()
            for number in range(len(self._ports)):
                self._tell_port(number, "ready")
            while not self._stop and (duration_s is None or self._now_s() < duration_s):
                self._turn()
        finally:
            for port in self._ports:
                port.unplug()
        self._write_truth()
        self._announce({"event": "stopped"})

    def _turn(self) -> None:
        """One turn: send what is due, hear the host, then wait for whichever comes next."""
        self._send_due()
        self._watch_ports()
        self._tell_progress()
        wait_s = self._wearable.due_s - self._now_s()
        if wait_s > PREPARE_S:
            self._wearable.prepare()
            wait_s = self._wearable.due_s - self._now_s()
        open_ports = [port for port, is_open in zip(self._ports, self._was_open, strict=True) if is_open]
        listened: list[SensorPort | int] = [*open_ports]
        if self._asked is not None:
            listened.append(self._asked)
        ready, _, _ = select.select(listened, [], [], max(0.0, min(wait_s, IDLE_S)))
        for each in ready:
            if isinstance(each, SensorPort):
                self._hear(self._ports.index(each))
            else:
                self._hear_person(each)

    def _hear_person(self, descriptor: int) -> None:
        """Read what the patient is asked, and let him do it; words he does not know are said and passed over."""
        data = os.read(descriptor, READ_BYTES)
        if not data:
            self._asked = None
        *lines, self._asked_text = (self._asked_text + data).split(b"\n")
        for line in lines:
            what, _, side = line.decode(errors="replace").strip().partition(" ")
            self._send_due()
            try:
                if what == "begin":
                    self._wearable.begin()
                elif what == "lift":
                    self._lift(Side(side))
                elif what:
                    self._wearable.ask(what, Side(side))
                    self._announce({"event": "asked", "what": what, "side": side})
            except ValueError as error:
                self._announce({"event": "not_understood", "why": str(error)})

    def _lift(self, side: Side) -> None:
        """Let the patient lift a leg, and say so."""
        if self._wearable.lift(side) is None:
            raise ValueError(f"no sensor is on the {side.value} leg")
        self._announce({"event": "asked", "what": "lift", "side": side.value})
        self._write_truth()

    def _send_due(self) -> None:
        chunks = self._wearable.advance_to(self._now_s())
        for chunk in chunks:
            if self._was_open[chunk.sensor]:
                self._ports[chunk.sensor].write(chunk.data)
        for event in self._wearable.take_plug_events():
            self._follow(event)

    def _hear(self, number: int) -> None:
        data = self._ports[number].read()
        if data:
            self._send_due()
            self._wearable.write(number, data)

    def _watch_ports(self) -> None:
        """Notice hosts that come and go."""
        for number, port in enumerate(self._ports):
            is_open = port.is_open
            if self._was_open[number] and not is_open and self._wearable.is_plugged(number):
                self._wearable.hang_up(number)
                port.forget()
                self._announce({"event": "closed", "sensor": self._wearable.sensors[number].name})
            self._was_open[number] = is_open

    def _follow(self, event: PlugEvent) -> None:
        port, name = self._ports[event.sensor], self._wearable.sensors[event.sensor].name
        if event.plugged:
            port.plug()
            self._tell_port(event.sensor, "replugged")
        else:
            port.unplug()
            self._was_open[event.sensor] = False
            self._announce({"event": "unplugged", "sensor": name})

    def _tell_port(self, number: int, event: str) -> None:
        sensor, port = self._wearable.sensors[number], self._ports[number]
        params = self._wearable.leg_of(sensor).params
        muscles = [str(params.muscles[name].site) for name in sensor.muscles]
        self._announce({
            "event": event, "sensor": sensor.name, "uid": sensor.uid.hex(), "port": port.path,
            "link": str(port.link) if port.link else None, "muscles": muscles, "segment": sensor.segment,
            "simulated": True,
        })  # fmt: skip

    def _tell_progress(self) -> None:
        truth = self._wearable.truth
        if len(truth.sets) > self._told_sets:
            self._told_sets = len(truth.sets)
            self._told_end = False
            lifts = len(truth.sets[-1].lifts)
            duration_s = self._wearable.world.timeline.duration_s
            length_s = round(duration_s, 3) if isfinite(duration_s) else None
            self._announce({"event": "set_started", "lifts": lifts, "duration_s": length_s})
            self._write_truth()
        if not self._told_end and self._now_s() > self._wearable.set_ends_s:
            self._told_end = True
            self._announce({"event": "set_ended"})
            self._write_truth()

    def _write_truth(self) -> None:
        if self._truth_path is not None:
            self._wearable.truth.write(self._truth_path)

    def _now_s(self) -> float:
        return (time.monotonic_ns() - self._origin_ns) * 1e-9
