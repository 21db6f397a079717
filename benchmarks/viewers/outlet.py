"""Send four muscles at 2 kHz over Lab Streaming Layer: bursts of band-limited noise over rest, in chunks of 20 ms."""

import time
from importlib import import_module
from typing import Any

import numpy as np

NAME = "viewers-benchmark"
LABELS = ("hamstring", "glute", "back left", "back right")
SITES = "hamstring_lateral/right,gluteus_maximus/right,erector_spinae/left,erector_spinae/right"
RATE_HZ = 2000
CHUNK_S = 0.02
#: A burst of two seconds every five, µV.
EVERY_S, BURST_S, REST_UV, BURST_UV = 5.0, 2.0, 4.0, 60.0


def main() -> None:
    """Send until the process is ended."""
    pylsl: Any = import_module("pylsl")

    info = pylsl.StreamInfo(NAME, "EMG", len(LABELS), RATE_HZ, pylsl.cf_float32, NAME)
    channels = info.desc().append_child("channels")
    for label in LABELS:
        channel = channels.append_child("channel")
        for key, value in (("label", label), ("unit", "microvolts"), ("type", "EMG")):
            channel.append_child_value(key, value)
    outlet = pylsl.StreamOutlet(info, chunk_size=round(RATE_HZ * CHUNK_S))
    generator = np.random.default_rng(5)
    n_chunk = round(RATE_HZ * CHUNK_S)
    began = time.perf_counter()
    print("ready", flush=True)
    sent = 0
    while True:
        time_s = sent / RATE_HZ
        level = BURST_UV if time_s % EVERY_S < BURST_S else REST_UV
        outlet.push_chunk((level * generator.standard_normal((n_chunk, len(LABELS)))).astype(np.float32))
        sent += n_chunk
        time.sleep(max(0.0, began + sent / RATE_HZ - time.perf_counter()))


if __name__ == "__main__":
    main()
