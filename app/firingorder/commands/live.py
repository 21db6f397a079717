"""`firingorder live`: run a test with sensors."""

import argparse
import os
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from firingorder_bridge.links.base import Link
    from firingorder_session.events.live_events import Notice
    from firingorder_session.running.live_test import LiveTest

EPILOG = """\
examples:
  firingorder live /dev/ttyACM0 /dev/ttyACM1 --side right
  firingorder live COM3 COM4 --out visit.fo
  firingorder live COM3 COM4 --resume visit.fo      go on where the program died
  firingorder live COM3 COM4 --protocol prone_hip_extension_glute_cue
  firingorder live COM3 COM4 --protocol mine.toml
  firingorder live COM3 COM4 --subject K7Q2M4       the result goes into the history (see: firingorder history)
  firingorder live COM3 COM4 --side left --protocol single_leg_bridge --no-setup
  firingorder live ble:OML-A ble:5649525455414c42
  firingorder live brainflow:cyton:/dev/ttyUSB0 'lsl:?type=EMG' --lsl
  firingorder live 'bitalino:/dev/rfcomm0?sites=gluteus_maximus/right,hamstring_lateral/right'
  firingorder live /tmp/sensors/sensor-a /tmp/sensors/sensor-b --offscreen --screenshot end.png

kinds of sensors (SENSOR is a serial port, or KIND:WHERE?SETTING=VALUE&...; quote it in a shell):
  /dev/ttyACM0, COM3            Open Muscle Link on a cable
  ble:OML-A                     the same by Bluetooth Low Energy: a name, uid or address
  bitalino:/dev/rfcomm0         BITalino (r)evolution
  shimmer3:/dev/rfcomm0         Shimmer3 with its ExG board
  umyo:/dev/ttyUSB0             uMyo sensors behind their USB base
  umyo-ble:uMyo-1A2B            a uMyo by Bluetooth Low Energy: a name or address
  delsys:localhost              Delsys Trigno: the computer on which its server runs
  lsl:NAME, 'lsl:?type=EMG'     a Lab Streaming Layer stream
  brainflow:BOARD:PORT          a board that BrainFlow knows
Every kind takes sites=PART/SIDE,... : where its EMG channels sit, in their order (umyo: sites=UNIT:PART/SIDE,...), as
in sites=gluteus_maximus/right,hamstring_lateral/right. A wrong setting is refused with the list of those there are.

With --offscreen, or without a display, the test runs until Ctrl-C, which ends it in order and prints the result.
Keys in the window: Space, Enter, PageDown or a pedal moves on; R repeats; M marks; ? lists them all.
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument(
        "ports", nargs="+", metavar="SENSOR", help="serial ports or KIND:WHERE, below; `firingorder devices` finds some"
    )
    parser.add_argument(
        "--side", choices=("left", "right"), help="the leg that is tested (default: chosen in the window)"
    )
    parser.add_argument(
        "--protocol",
        metavar="NAME|FILE.toml",
        help="which test (default: chosen in the window, else prone_hip_extension; see: firingorder protocols)",
    )
    parser.add_argument("--no-setup", action="store_true", help="begin at once, without setting up in the window")
    parser.add_argument(
        "--out",
        type=Path,
        metavar="FILE",
        help="the recording to make; must not exist (default: by date, in FiringOrder in your documents)",
    )
    parser.add_argument("--no-recording", action="store_true", help="show only, record nothing")
    parser.add_argument(
        "--resume",
        type=Path,
        metavar="FILE",
        help="go on with the test in a recording whose program died; its protocol, side and subject hold",
    )
    parser.add_argument(
        "--lsl",
        action="store_true",
        help="send signals and results out as Lab Streaming Layer streams; others on this network can read them",
    )
    parser.add_argument(
        "--subject", default="", metavar="CODE", help="a random code, never a name; the result is filed in the history"
    )
    parser.add_argument("--no-history", action="store_true", help="do not file the result")
    add_view_arguments(parser)


def add_view_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare how the window is shown."""
    parser.add_argument("--theme", choices=("dark", "light"), default="dark", help="colours (default dark)")
    parser.add_argument(
        "--language",
        choices=("en", "de"),
        help="the window's language (default: the computer's; English if it has none)",
    )
    parser.add_argument("--full-screen", action="store_true", help="fill the screen")
    parser.add_argument(
        "--offscreen", action="store_true", help="no window, as without a display; print the result at the end"
    )
    parser.add_argument(
        "--screenshot", type=Path, metavar="FILE", help="leave a .png or .svg picture of the window at the end"
    )


def check_ports(ports: Sequence[str]) -> None:
    """Refuse a port that is named twice, also by two links to it; raise FiringOrderError."""
    from firingorder_signal.errors import FiringOrderError

    by_device: dict[str, str] = {}
    for address in ports:
        port = port_of(address)
        # Two streams of the network differ by their settings alone.
        device = os.path.realpath(port) if "/" in port or port.upper().startswith("COM") else address
        other = by_device.setdefault(device, address)
        if other is not address:
            raise FiringOrderError(f"{other} and {address} are one port; name one port a sensor")


def port_of(address: str) -> str:
    """Return the serial port in an address, if it names one.

    Examples
    --------
    >>> port_of("brainflow:cyton:/dev/ttyUSB0?rate=250"), port_of("shimmer3:COM3"), port_of("/dev/by-path/usb-0:2")
    ('/dev/ttyUSB0', 'COM3', '/dev/by-path/usb-0:2')
    """
    where = address.partition("?")[0]
    head, colon, rest = where.partition(":")
    # A kind may be followed by a board; colons in a path are its own.
    return port_of(rest) if colon and "/" not in head else where


def open_all(addresses: Sequence[str]) -> "list[Link]":
    """Return the closed links that addresses mean; say what will take its time."""
    from firingorder_bridge.devices.catalogue import open_address

    links = [open_address(address) for address in addresses]
    if slow := [link.name for link in links if link.opens_slowly]:
        print(f"looking for {', '.join(slow)}; that can take some seconds ...", file=sys.stderr, flush=True)
    return links


def warn_before(addresses: Sequence[str]) -> "list[Notice]":
    """Say what to know of wired sensors before electrodes are on a person: the mains, and adapters that hold back."""
    from firingorder.mains_power import on_mains, safety_warning
    from firingorder_bridge.ports import find_ports, is_wire
    from firingorder_session.acquiring.held_back import warn_of_held_back
    from firingorder_session.events.live_events import Notice, NoticeKind

    # A pseudo-terminal is no wire, and no port of this machine's list.
    wired = {port.device for port in find_ports() if is_wire(port)}
    plugged = [port for port in map(port_of, addresses) if os.path.realpath(port) in wired or port in wired]
    held = ((port, warn_of_held_back(port)) for port in plugged)
    notices = [Notice(NoticeKind.ADAPTER, warning, port) for port, warning in held if warning is not None]
    if plugged and (warning := safety_warning(plugged, on_mains())):
        notices.insert(0, Notice(NoticeKind.ELECTRICAL, warning))
    return notices


def run(arguments: argparse.Namespace) -> int:
    """Open the sensors, record, analyze, show."""
    check_ports(arguments.ports)
    links = open_all(arguments.ports)  # first: what it says is read while the rest is loaded

    from firingorder.filing import earlier_lags, file_recording, note_pictures
    from firingorder.run_test import alignments_path, check_picture, default_recording_path, has_display, run_test
    from firingorder.unfinished_offer import offer_unfinished
    from firingorder_bridge.links.lsl_library import load_lsl
    from firingorder_bridge.links.serial_link import SerialLink
    from firingorder_bridge.ports import find_ports
    from firingorder_session.events.live_events import Notice, NoticeKind
    from firingorder_session.history.codes import check_code
    from firingorder_session.judging.alignments import load_alignments
    from firingorder_session.messages import Message, MessageCode
    from firingorder_session.protocols.catalogue import load_protocol
    from firingorder_session.running.open_test import open_live, open_taken_up
    from firingorder_session.running.plan import TestPlan
    from firingorder_session.running.unfinished import TestAtHand
    from firingorder_signal.blocks import Side
    from firingorder_signal.errors import FiringOrderError

    if arguments.subject:
        arguments.subject = check_code(arguments.subject)
    protocol = load_protocol(arguments.protocol or "prone_hip_extension")
    check_picture(arguments.screenshot)
    if arguments.lsl:
        load_lsl("--lsl")  # refused before a recording is begun
    network = [Notice(NoticeKind.NETWORK, Message(MessageCode.SENT_ON_NETWORK))] if arguments.lsl else []
    if arguments.resume and (arguments.out or arguments.no_recording):
        raise FiringOrderError("--resume goes on in its own file; leave --out and --no-recording out")
    path = None if arguments.no_recording else arguments.resume or arguments.out or default_recording_path()
    side = Side(arguments.side) if arguments.side else None
    if path is not None and not arguments.resume:
        stated = protocol if arguments.protocol else None  # without, it is chosen in the window
        at_hand = TestAtHand.with_links(links, stated, side, arguments.subject)
        arguments.resume, wanted = offer_unfinished(path.parent, at_hand, arguments)
        if not wanted:
            return 0
    plan = TestPlan(
        protocol,
        side,
        set_up=not (arguments.no_setup or arguments.offscreen) and has_display(),
        asks_test=arguments.protocol is None or arguments.side is None,
        recording_path=path,
        guided=True,
        subject=arguments.subject,
        alignments=load_alignments(alignments_path()),
        earlier=earlier_lags(arguments.subject, date.today()) if arguments.subject else {},
        notices=(*warn_before(arguments.ports), *network),
    )
    known = {port.device for port in find_ports()} | {port_of(port) for port in arguments.ports}

    def find_new() -> "list[Link]":
        return [SerialLink(port.device) for port in find_ports() if port.device not in known]

    for notice in plan.notices:
        print(notice.message, file=sys.stderr)
    test = (
        open_taken_up(links, arguments.resume, find_new, plan.notices)
        if arguments.resume
        else open_live(links, plan, find_new)
    )
    code = run_in_public(test, arguments) if arguments.lsl else run_test(test, arguments)
    if arguments.subject and not arguments.no_history and path is not None and path.exists():
        code = file_recording(path, arguments.subject) or code
    if path is not None and path.exists() and not arguments.no_history:
        note_pictures(
            path, [*getattr(arguments, "made", ()), *([arguments.screenshot] if arguments.screenshot else [])]
        )
    return code


def run_in_public(test: "LiveTest", arguments: argparse.Namespace) -> int:
    """Run the test, and send it out to the lab's network."""
    from firingorder.run_test import run_test
    from firingorder_session.running.lsl_outlet import LslOutlet

    outlet = LslOutlet(test.origin_ns)
    test.audience = outlet.put
    try:
        return run_test(test, arguments)
    finally:
        outlet.close()
        if outlet.n_dropped:
            print(f"lsl: the network was too slow for {outlet.n_dropped} parts of the test", file=sys.stderr)
        if outlet.n_failed:
            print(f"lsl: {outlet.n_failed} events could not be sent; the recording has them", file=sys.stderr)
