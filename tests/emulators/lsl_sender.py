"""A Lab Streaming Layer outlet in a process of its own, told on stdin what goes wrong.

Each sample says its number: channel 1 counts modulo 4096 in µV, channel 2 is 1000 less that. Commands, one a line:
`skip N` loses N samples at the device, `stall S` sends nothing for S seconds and then all at once, `end` ends.
Stamps: `device` are the sample's own, even; `arrival` are liblsl's, made when a chunk is pushed.
"""

import argparse
import select
import subprocess
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray


@contextmanager
def sending(source_id: str, *options: str) -> Generator["subprocess.Popen[str]"]:
    """Run a sender until the context ends."""
    command = [sys.executable, str(Path(__file__)), source_id, *options]
    process = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        yield process
    finally:
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                pipe.close()


def tell(process: "subprocess.Popen[str]", command: str) -> None:
    """Give a command."""
    assert process.stdin is not None
    process.stdin.write(command + "\n")
    process.stdin.flush()


def read_options() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser()
    parser.add_argument("source_id")
    parser.add_argument("--name", default="")
    parser.add_argument("--type", default="EMG")
    parser.add_argument("--rate", type=float, default=1000.0)
    parser.add_argument("--chunk", type=int, default=20)
    parser.add_argument("--stamps", choices=("device", "arrival"), default="device")
    parser.add_argument("--format", default="float32")
    parser.add_argument("--units", default="microvolts,microvolts")
    parser.add_argument("--labels", default="GM,BF")
    parser.add_argument("--types", default="")
    parser.add_argument(
        "--lifts", default="", help="instead of numbers: bursts at these seconds, the first muscle late"
    )
    return parser.parse_args()


def make_outlet(options: argparse.Namespace) -> Any:
    """Make the outlet, described channel by channel."""
    pylsl: Any = import_module("pylsl")
    labels = options.labels.split(",")
    name = options.name or options.source_id
    info = pylsl.StreamInfo(name, options.type, len(labels), options.rate, options.format, options.source_id)
    channels = info.desc().append_child("channels")
    types = options.types.split(",") if options.types else [options.type] * len(labels)
    for label, unit, kind in zip(labels, options.units.split(","), types, strict=True):
        channel = channels.append_child("channel")
        for field, value in (("label", label), ("unit", unit), ("type", kind)):
            channel.append_child_value(field, value)
    return pylsl.StreamOutlet(info)


def make_chunk(
    first: int, n: int, n_channels: int, began_s: float, rate_hz: float
) -> tuple[NDArray[np.float64], list[float]]:
    """Return the samples from number `first` on, and their own stamps."""
    rows = np.arange(first, first + n, dtype=np.float64)
    values = np.zeros((n, n_channels))
    values[:, 0], values[:, 1] = rows % 4096, 1000 - rows % 4096
    return values, [began_s + row / rate_hz for row in range(first, first + n)]


def make_emg(first: int, n: int, rate_hz: float, lifts_s: list[float]) -> NDArray[np.float64]:
    """Return two muscles' noise, µV, stronger for a second from each lift on, in the first muscle 80 ms later."""
    time_s = np.arange(first, first + n) / rate_hz
    rms_uv = np.full((n, 2), 5.0)
    for start_s in lifts_s:
        for muscle, late_s in enumerate((0.08, 0.0)):
            rms_uv[(time_s >= start_s + late_s) & (time_s < start_s + late_s + 1.0), muscle] = 120.0
    return np.asarray(np.random.default_rng(first).normal(0.0, 1.0, (n, 2)) * rms_uv)


def main() -> None:
    """Send until told to end."""
    options = read_options()
    pylsl: Any = import_module("pylsl")
    outlet = make_outlet(options)
    n_channels, rate = len(options.labels.split(",")), options.rate or 100.0
    print("ready", flush=True)
    began, sent, stalled_until = pylsl.local_clock(), 0, 0.0
    while True:
        for line in [sys.stdin.readline()] if select.select([sys.stdin], [], [], 0)[0] else []:
            word, _, number = line.strip().partition(" ")
            if word == "skip":
                sent += int(number)
            elif word == "stall":
                stalled_until = pylsl.local_clock() + float(number)
            elif word == "end" or not line:
                return
        while pylsl.local_clock() >= max(began + (sent + options.chunk) / rate, stalled_until):
            values, stamps = make_chunk(sent, options.chunk, n_channels, began, rate)
            if options.lifts:
                values = make_emg(sent, options.chunk, rate, [float(each) for each in options.lifts.split(",")])
            if options.stamps == "device":
                outlet.push_chunk(values, stamps)
            else:
                outlet.push_chunk(values)
            sent += options.chunk
        time.sleep(0.001)


if __name__ == "__main__":
    main()
