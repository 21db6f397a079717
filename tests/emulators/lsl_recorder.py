"""A lab's recorder in a process of its own: every stream of this program's that it finds, until the test says ended."""

import argparse
import json
import time
from importlib import import_module
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

PREFIX = "firingorder-"
#: Once the test has ended and nothing has come for so long, all has: liblsl sends within ms, a loaded machine within
#: this (J).
QUIET_S = 1.0


def describe(inlet: Any) -> dict[str, Any]:
    """Return what a stream says of itself."""
    info = inlet.info(5.0)
    root = ElementTree.fromstring(info.as_xml())
    channels = root.findall("desc/channels/channel")
    return {
        "type": info.type(),
        "rate_hz": info.nominal_srate(),
        "simulated": root.findtext("desc/acquisition/simulated"),
        **{f"{field}s": [each.findtext(field) for each in channels] for field in ("label", "unit", "type")},
        "times_s": [],
        "values": [],
    }


def is_ours(source: str, contains: str, known: list[str]) -> bool:
    """Tell whether a stream belongs to the test recorded: another's events end in another session's name."""
    sessions = {each.rpartition("-")[2] for each in known}
    is_events = source.startswith(f"{PREFIX}events-") and source.rpartition("-")[2] in sessions
    return is_events or (source.startswith(PREFIX) and contains in source)


def main() -> None:
    """Record."""
    parser = argparse.ArgumentParser()
    parser.add_argument("out", type=Path)
    parser.add_argument("--contains", default="")
    options = parser.parse_args()
    pylsl: Any = import_module("pylsl")
    resolver = pylsl.ContinuousResolver(forget_after=60.0)
    inlets: dict[str, Any] = {}
    streams: dict[str, dict[str, Any]] = {}
    ended_s: float | None = None
    while ended_s is None or time.monotonic() - ended_s < QUIET_S:
        for found in resolver.results() if ended_s is None else ():
            source = found.source_id()
            if source not in inlets and is_ours(source, options.contains, list(inlets)):
                # With recovery: without, liblsl throws away what it has received once the sender has gone.
                inlets[source] = pylsl.StreamInlet(found, 60, 0, True)
                streams[source] = {"name": found.name(), **describe(inlets[source])}
                inlets[source].open_stream(5.0)
        for source, inlet in inlets.items():
            values, times_s = inlet.pull_chunk(0.02, 4096, min_samples=1)
            streams[source]["values"] += values
            streams[source]["times_s"] += times_s
            # Each stream has a connection of its own: samples sent before the word "ended" may come after it.
            if any('"ended"' in value[0] for value in values if isinstance(value[0], str)) or (ended_s and times_s):
                ended_s = time.monotonic()
    options.out.write_text(json.dumps(streams), encoding="utf-8")


if __name__ == "__main__":
    main()
