"""What the counts of PLUX converters mean, from the transfer functions in the vendor's data sheets.

EMG sensor of biosignalsplux: V = (counts / 2^n - 1/2) 3 V / 1000; of BITalino: 3.3 V / 1009. Source: PLUX "EMG sensor
data sheet" (biosignalsplux, REV B) and "EMG Sensor Data Sheet" (BITalino, REV A). Other sensors need a calibration that
the files do not carry, and come as counts.
"""

import numpy as np

from firingorder_signal.blocks import FloatArray

#: Device as the file names it -> supply in volts, gain of its EMG sensor. "channeller" is the first name of
#: biosignalsplux.
EMG_FRONT_ENDS = {
    "biosignalsplux": (3.0, 1000.0),
    "channeller": (3.0, 1000.0),
    "bitalino": (3.3, 1009.0),
    "bitalino_rev": (3.3, 1009.0),
    "bitalino_split": (3.3, 1009.0),
}
#: What a sensor is called where it measures EMG.
EMG_SENSORS = ("EMG", "BEMG", "EMGBIT", "EMGBITREV")
COUNTS = "counts"


def to_physical(counts: FloatArray, sensor: str, device: str, n_bits: int) -> tuple[FloatArray, str]:
    """Return a channel in microvolts where it is EMG of a known front end, else its counts; with the unit.

    Examples
    --------
    >>> import numpy as np
    >>> to_physical(np.array([32768.0, 65536.0]), "EMG", "biosignalsplux", 16)
    (array([   0., 1500.]), 'uV')
    """
    front_end = EMG_FRONT_ENDS.get(device.lower())
    if sensor.upper() not in EMG_SENSORS or front_end is None:
        return counts, COUNTS
    supply_v, gain = front_end
    return np.asarray((counts / 2**n_bits - 0.5) * supply_v / gain * 1e6), "uV"


def are_counts(column: FloatArray, n_bits: int) -> bool:
    """Tell whether a channel's samples may be counts of a converter, as far as they are known.

    Examples
    --------
    >>> import numpy as np
    >>> are_counts(np.array([0.0, 1023.0]), 10), are_counts(np.array([-0.2, 0.3]), 10)
    (True, False)
    """
    known = column[np.isfinite(column)]
    return bool(np.all((known >= 0) & (known < 2**n_bits) & (known == np.rint(known))))


def place_by_sequence(sequence: FloatArray) -> tuple[FloatArray, int]:
    """Return each row's place on an even grid, from a counter that wraps, and how many rows are missing.

    Parameters
    ----------
    sequence : shape (n,)
        The counter of a device: 0 … 65535 or 0 … 15, whatever its largest value says.
    """
    wraps_at = 16 if float(np.max(sequence, initial=0.0)) < 16 else 65536
    steps = np.diff(sequence) % wraps_at
    steps[steps == 0] = wraps_at  # a counter that stands still has gone round
    rows = np.concatenate([[0.0], np.cumsum(steps)])
    return rows, int(rows[-1]) + 1 - len(sequence)
