"""Recordings as the command line states them: which channel is which, and the recording read by that."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from firingorder.argument_types import positive

if TYPE_CHECKING:
    from firingorder_session.recordings.recording import Recording
    from firingorder_signal.blocks import Side, Site


def add_channel_arguments(parser: argparse.ArgumentParser, *, remembers: bool = True) -> None:
    """Declare how channels are named, for every command that reads files; not all remember what is stated."""
    parser.add_argument("--hamstring", metavar="NAME", help="the channel that is the hamstring (default: usual names)")
    parser.add_argument("--glute", metavar="NAME", help="the channel that is the gluteus maximus")
    parser.add_argument(
        "--site", type=site_pair, action="append", default=[], metavar="NAME=SITE", help="any other channel's site"
    )
    parser.add_argument("--side", choices=("left", "right"), help="the side that is judged")
    parser.add_argument("--rate-hz", type=positive, metavar="HZ", help="sampling rate, where the file does not say")
    parser.add_argument("--unit", choices=("V", "mV", "uV"), help="the EMG's unit, where the file does not say")
    parser.add_argument(
        "--laboratory",
        metavar="NAME",
        help="use what NAME calls its channels"
        + ("; what is stated beside it (--hamstring, --site, ...) is remembered" if remembers else ""),
    )


def side_of(arguments: argparse.Namespace) -> "Side | None":
    """Return the side that was asked for."""
    from firingorder_signal.blocks import Side

    return Side(arguments.side) if arguments.side else None


def read_stated(path: Path, arguments: argparse.Namespace, **more: Any) -> "Recording":
    """Read a file as the arguments of `add_channel_arguments` say; `more` goes to `read`."""
    from firingorder_session.recordings.read import read

    return read(
        path,
        hamstring=arguments.hamstring,
        glute=arguments.glute,
        side=side_of(arguments),
        sites=dict(arguments.site),
        unit=arguments.unit,
        rate_hz=arguments.rate_hz,
        laboratory=arguments.laboratory,
        **more,
    )


def read_checked(path: Path, arguments: argparse.Namespace, **more: Any) -> "Recording":
    """Read a file as it is stated, refuse one that nobody could judge, and remember what was stated."""
    recording = read_stated(path, arguments, **more)
    check_streams(path, recording)
    remember_channels(arguments, recording)
    return recording


def remember_channels(arguments: argparse.Namespace, recording: "Recording") -> None:
    """Remember what was stated of a laboratory's channels, once a file has shown that they are there."""
    stated = [name for name in (arguments.hamstring, arguments.glute) if name] + [name for name, _ in arguments.site]
    if arguments.laboratory is None or not (stated or arguments.unit or arguments.rate_hz):
        return
    from firingorder_session.setting_up.laboratories import recall_laboratory, remember_laboratory

    known = recall_laboratory(arguments.laboratory)
    new = known.updated(stated_sites(arguments, recording), arguments.unit, arguments.rate_hz)
    if new != known:
        where = remember_laboratory(arguments.laboratory, new)
        print(f"firingorder: remembered for {arguments.laboratory}: {where}", file=sys.stderr)


def stated_sites(arguments: argparse.Namespace, recording: "Recording") -> dict[str, "Site"]:
    """Return the sites that a recording's channels and motion sensors have because they were stated."""
    from firingorder_signal.blocks import SEGMENTS, Site, StreamKind

    stated = {name.lower() for name in (arguments.hamstring, arguments.glute) if name}
    placed = [(name, Site.parse(site)) for name, site in arguments.site]
    stated |= {name.lower() for name, site in placed if site.part not in SEGMENTS}
    sites = {
        label: site
        for stream in recording.streams
        if stream.kind is not StreamKind.IMU
        for label, site in zip(stream.labels, stream.sites, strict=False)
        if label.lower() in stated
    }
    for name, site in placed:
        for stream in recording.streams:
            known_as = (stream.stream_id.rpartition("/")[2], *stream.labels)
            if stream.kind is StreamKind.IMU and stream.sites[0].part == site.part and name in known_as:
                # A device that is a muscle's electrodes too is remembered by the name of its first axis.
                sites[stream.labels[0] if name in sites else name] = stream.sites[0]
    return sites


def check_streams(path: Path, recording: "Recording") -> None:
    """Refuse a recording without samples, or at a rate that no muscle is sampled at; raise UnreadableFile."""
    from firingorder_session.errors import UnreadableFile
    from firingorder_session.recordings.file_recording import NO_SAMPLES
    from firingorder_signal.blocks import StreamKind
    from firingorder_signal.filters import RATE_LIMITS_HZ

    if not recording.streams:
        raise UnreadableFile(path, NO_SAMPLES)
    low, high = RATE_LIMITS_HZ
    for stream in recording.streams:
        if stream.kind is StreamKind.EMG and not low <= stream.rate_hz <= high:
            text = f"holds EMG at {float(stream.rate_hz):g} samples a second; expected {low:g} to {high:g}"
            raise UnreadableFile(path, f"{text}. Correct the time column or --rate-hz, or export the raw signal")


def site_pair(text: str) -> tuple[str, str]:
    """Read `NAME=SITE`; argparse turns the error into a wrong-argument message."""
    from firingorder_signal.blocks import Site

    name, equals, site = text.partition("=")
    if not (name and equals and site):
        raise argparse.ArgumentTypeError(f"expected NAME=SITE, such as BF=hamstring_lateral/right; got {text!r}")
    try:
        Site.parse(site)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r}: {error}") from None
    return name, site
