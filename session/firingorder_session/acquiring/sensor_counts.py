"""What one sensor's stream has been through, for the bottom bar and the end of a test."""

from dataclasses import dataclass


@dataclass
class SensorCounts:
    """What a sensor's stream has been through since the start."""

    n_bytes: int = 0
    n_damaged: int = 0  # bytes that were no frame
    frames: int = 0
    frames_corrupt: int = 0
    samples_lost: int = 0
    losses_of_link: int = 0
    clock_uncertainty_s: float | None = None
