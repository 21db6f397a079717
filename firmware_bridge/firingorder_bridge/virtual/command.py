"""The command line of the virtual wearable. Exit codes: 0 done, 1 it cannot run here, 2 wrong arguments."""

import argparse
import json
import math
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any

from ..errors import BridgeError

if TYPE_CHECKING:
    from .ports import PortServer

PROG = "firingorder sensor"
EPILOG = """\
examples:
  firingorder sensor --link /tmp/sensors              two ports: /tmp/sensors/sensor-a and /tmp/sensors/sensor-b
  firingorder sensor --lag-ms -60 --glute-snr-db 12   the glute first, and quiet
  firingorder sensor --ecg 3 --mains 1 --fault unplug@30 --replug-after 2

In another terminal: firingorder live /tmp/sensors/sensor-a /tmp/sensors/sensor-b
The set begins once both sensors have been started, or after --start-after; the sensors run until Ctrl-C. The ports can
be named as they are printed; with --link they have the same names each time.
"""
#: Of `tasks.py`, which is not loaded for `--help`.
TASK_NAMES = ("prone_hip_extension", "single_leg_bridge", "bilateral_bridge")
#: Numbers that may be below zero.
SIGNED = ("seed", "lag_ms", "hamstring_snr_db", "glute_snr_db")
EXIT_OK = 0
EXIT_CANNOT = 1
EXIT_ARGUMENTS = 2


class CannotServe(BridgeError):
    """The virtual wearable cannot run as it was asked to."""


def make_parser(prog: str = PROG) -> argparse.ArgumentParser:
    """Make the parser; imports nothing heavy, so that `--help` is quick."""
    parser = argparse.ArgumentParser(
        prog=prog,
        description="A virtual wearable: two sensors (A glute and pelvis, B hamstring and thigh) on two "
        "pseudo-terminals, streaming a simulated patient's leg lifts once both have been started.",
    )
    add_arguments(parser)
    return parser


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare all options."""
    _add_session(parser)
    _add_task(parser)
    _add_signal(parser)


def _add_session(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("session")
    group.add_argument("--seed", type=int, default=0, metavar="N", help="which patient; same seed, same signals")
    group.add_argument("--json", action="store_true", help="one JSON object a line on stdout")
    group.add_argument("--truth", type=Path, metavar="FILE.json", help="write what is true beside the stream")
    group.add_argument(
        "--link", type=Path, metavar="DIR", help="make stable links DIR/sensor-a and DIR/sensor-b (DIR is made, too)"
    )
    group.add_argument("--duration", type=float, metavar="S", help="end after S seconds (default: Ctrl-C)")
    group.add_argument("--start-after", type=float, metavar="S", help="begin the set S seconds after start-up")
    group.add_argument(
        "--asked", action="store_true",
        help="read from the standard input what the patient is asked, a line each, such as 'squeeze right', 'bend_knee "
        "right', 'lift_leg right'; the set begins with 'begin', or goes by cues with 'lift right' for each lift",
    )  # fmt: skip
    group.add_argument("--replug-after", type=float, metavar="S", help="put an unplugged cable back after S seconds")
    group.add_argument(
        "--fault", action="append", default=[], metavar="FAULT",
        help="KIND[:TARGET][@START[-END]][:VALUE], seconds of the set; may be repeated: flip:1e-5 lose:0.01 drop:0.01 "
        "stall@20:0.8 burst@5-15:0.2 restart:A@25 reboot@25 electrode-off:glute@20-40 knock@22 unplug@30 swap:channels",
    )  # fmt: skip


def _add_task(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("lifts")
    group.add_argument(
        "--task",
        default="prone_hip_extension",
        metavar="NAME",
        help=f"one of {', '.join(TASK_NAMES)} (default the first)",
    )
    group.add_argument("--lifts", type=int, default=6, metavar="N", help="how many (default 6)")
    group.add_argument("--quiet-s", type=float, default=5.0, metavar="S", help="rest before the first (default 5)")
    group.add_argument("--rest-s", type=float, default=8.0, metavar="S", help="rest between two, at least (default 8)")
    group.add_argument("--lag-ms", type=float, metavar="MS", help="mean lag glute after hamstring (default: patient's)")
    group.add_argument("--lag-sd-ms", type=float, metavar="MS", help="its scatter from lift to lift (default 20)")
    group.add_argument(
        "--side", choices=("right", "left", "both"), default="right",
        help="which leg (default right); both: two more sensors, C and D, on the left one",
    )  # fmt: skip


def _add_signal(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("signal")
    group.add_argument("--model", choices=("gauss", "motor-units"), default="gauss", help="what makes the EMG")
    for name in ("hamstring", "glute"):
        group.add_argument(f"--{name}-snr-db", type=float, metavar="DB", help="plateau over noise (default: patient's)")
        group.add_argument(f"--{name}-rise-ms", type=float, metavar="MS", help="onset to plateau (default: patient's)")
        group.add_argument(f"--{name}-silent", action="store_true", help=f"the {name} never switches on")
    group.add_argument(
        "--rise-shape", choices=("linear", "quadratic", "cosine", "sqrt"), help="of both (default: patient's)"
    )
    group.add_argument(
        "--noise-uv", type=float, default=2.5, metavar="UV", help="sensor noise, 20-450 Hz (default 2.5)"
    )
    group.add_argument("--mains", type=float, default=0.0, metavar="X", help="hum, times the noise (dirty: 0.5-2)")
    group.add_argument("--mains-hz", type=float, choices=(50.0, 60.0), default=50.0, help="default 50")
    group.add_argument("--ecg", type=float, default=0.0, metavar="X", help="R peak, times the noise (dirty: 1-5)")
    group.add_argument(
        "--artefact", type=float, default=0.0, metavar="X", help="movement, times the noise (dirty: 4-20)"
    )
    group.add_argument(
        "--crosstalk", type=float, default=0.0, metavar="SHARE", help="of the neighbour (dirty: 0.05-0.15)"
    )
    group.add_argument("--tonic", type=float, default=0.0, metavar="X", help="activity at rest, times the noise")
    group.add_argument("--soft-tissue", type=float, default=0.0, metavar="SHARE", help="of the hip angle (real: 0.1)")
    group.add_argument("--format", choices=("i16", "i24"), default="i16", help="EMG samples on the wire (default i16)")
    group.add_argument("--full-scale-uv", type=float, metavar="UV", help="EMG input range; a small one clips")


def main(argv: Sequence[str] | None = None) -> int:
    """Run the virtual wearable until Ctrl-C, SIGTERM or `--duration`; return the exit code."""
    return run_sensors(make_parser().parse_args(argv))


def run_sensors(args: argparse.Namespace) -> int:
    """Stream as the arguments say; return the exit code."""
    try:
        server = _make_server(args)
    except ValueError as error:
        print(f"{PROG}: {error}", file=sys.stderr)
        return EXIT_ARGUMENTS
    except CannotServe as error:
        print(f"{PROG}: {error}", file=sys.stderr)
        return EXIT_CANNOT
    except OSError as error:
        print(f"{PROG}: cannot make the ports: {_say(error)}", file=sys.stderr)
        return EXIT_CANNOT

    def on_signal(number: int, frame: FrameType | None) -> None:
        server.stop()

    before = {number: signal.signal(number, on_signal) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        server.run(args.duration)
    except OSError as error:
        print(f"{PROG}: stopped: {_say(error)}", file=sys.stderr)
        return EXIT_CANNOT
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    return EXIT_OK


def _make_server(args: argparse.Namespace) -> "PortServer":
    from .options import faults_from, other_leg_from, params_from, sensors_from
    from .wearable import VirtualWearable

    if sys.platform == "win32":
        raise OSError("Windows has no pseudo-terminals; use Linux, macOS or WSL")
    from .line import IMMEDIATE
    from .ports import PortServer, name_link

    _check_numbers(args)
    params = params_from(args)
    wearable = VirtualWearable(
        params, seed=args.seed, sensors=sensors_from(args), faults=faults_from(args), start_after_s=args.start_after,
        replug_after_s=args.replug_after, delay=IMMEDIATE, waits=args.asked, other_leg=other_leg_from(args),
    )  # fmt: skip
    _check_truth(args.truth)
    _make_folder(args.link)
    if args.link is not None:
        _refuse_links_in_use([args.link / name_link(sensor.name) for sensor in wearable.sensors])
    announce = _announce_json if args.json else _announce_text
    asked = sys.stdin.fileno() if args.asked else None
    return PortServer(wearable, announce, link_dir=args.link, truth_path=args.truth, asked=asked)


def _check_numbers(args: argparse.Namespace) -> None:
    """Refuse a number that is none, or below zero where that makes no sense; raise ValueError."""
    for name, value in vars(args).items():
        if isinstance(value, float) and not (math.isfinite(value) and (value >= 0 or name in SIGNED)):
            least = "a number" if name in SIGNED else "a number of 0 or more"
            raise ValueError(f"--{name.replace('_', '-')} {value:g}; it must be {least}")


def _make_folder(folder: Path | None) -> None:
    """Make the folder of the links."""
    try:
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)
    except FileExistsError as error:
        raise CannotServe(f"{folder} is a file; name a folder with --link") from error
    except OSError as error:
        raise CannotServe(f"cannot make the folder {folder}: {_say(error)}; name another with --link") from error


def _check_truth(path: Path | None) -> None:
    """Refuse a file that cannot be written, before anything is announced."""
    if path is None:
        return
    if path.is_dir():
        raise CannotServe(f"cannot write the truth to {path}: it is a folder; name a file in it with --truth")
    folder = path.absolute().parent
    if not folder.is_dir():
        raise CannotServe(f"cannot write the truth to {path}: there is no folder {folder}; make it first")
    if not os.access(folder, os.W_OK):
        raise CannotServe(f"cannot write the truth to {path}: writing there is not allowed; choose another folder")


def _say(error: OSError) -> str:
    """Return an error in words, without its number."""
    if error.strerror is None:
        return str(error)
    return error.strerror.lower() + (f" ({error.filename})" if error.filename else "")


def _refuse_links_in_use(links: Sequence[Path]) -> None:
    """Raise CannotServe where another process serves a link; one that a killed process left behind points nowhere."""
    for link in links:
        if link.exists():
            text = (
                f"{link} is in use by another virtual sensor. End it, or choose another --link (none runs: delete it)"
            )
            raise CannotServe(text)


def _announce_json(record: dict[str, Any]) -> None:
    print(json.dumps(record), flush=True)


def _announce_text(record: dict[str, Any]) -> None:
    event = record["event"]
    if event in ("ready", "replugged"):
        where = " and ".join([*record["muscles"], record["segment"]])
        port = record["link"] or record["port"]
        print(f"sensor {record['sensor']} (simulated; {where}) on {port}", flush=True)
    elif event == "set_started":
        length_s = record["duration_s"]
        print(f"set started: {record['lifts']} lifts in {length_s:.0f} s" if length_s else "set started", flush=True)
    else:
        who = f"sensor {record['sensor']} " if "sensor" in record else ""
        print(f"{who}{event.replace('_', ' ')}", flush=True)
