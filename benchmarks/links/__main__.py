"""Four sensors over each link: throughput, latency, loss, clock and CPU, on a quiet machine and on a busy one.

The sensors are in another process: 2 kHz of EMG and a 200 Hz IMU each, or what the device has. The links, the
acquisition, the recording and the decoding are the real ones. Latency is from the moment before the sender writes to
the link's callback, on the clock that all processes of a machine share; of a replay it is from the recorded time. CPU
is this process's share of one core. A busy machine has a spinning process for each of its cores.
"""

import argparse
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence

from benchmarks.links.course import HEAD, SHORT_S
from benchmarks.links.radio import LONG_S, ble_rows
from benchmarks.links.wired import lsl_rows, replay_rows, serial_rows, tcp_rows
from benchmarks.report import Table

#: Kinds of link; their rows take `SHORT_S` each, the first of the radio longer.
LINKS: Mapping[str, Callable[[float], Iterator[list[str]]]] = {
    "serial": serial_rows,
    "tcp": tcp_rows,
    "lsl": lsl_rows,
    "replay": replay_rows,
    "ble": ble_rows,
}


def main(names: Sequence[str] = tuple(LINKS), seconds: float = LONG_S) -> Table:
    """Measure the kinds of link named."""
    lengths = {name: seconds if name == "ble" else min(SHORT_S, seconds) for name in names}
    rows = [row for name, n_seconds in lengths.items() for row in LINKS[name](n_seconds)]
    return Table("Links: four sensors, 2 kHz EMG and a 200 Hz IMU each", HEAD, rows)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m benchmarks.links", description=__doc__)
    parser.add_argument("--seconds", type=float, default=LONG_S, help="length of the radio's long row (default 300)")
    parser.add_argument("names", nargs="*", metavar="LINK", help=f"of {', '.join(LINKS)} (default: all)")
    arguments = parser.parse_args()
    names = arguments.names or list(LINKS)
    unknown = [name for name in names if name not in LINKS]
    if unknown:
        parser.error(f"no link is called {unknown[0]!r}; there are: {', '.join(LINKS)}")
    print(main(names, arguments.seconds).to_markdown())
    sys.exit(0)
