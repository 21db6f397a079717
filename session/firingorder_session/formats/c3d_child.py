"""Read a C3D file in a process of its own: a damaged one may end ezc3d, and with it whatever program it runs in.

`python -m firingorder_session.formats.c3d_child FILE` writes a line of JSON and then the analog samples as `.npy`
to its standard output; one line on standard error and exit 1 where ezc3d refuses the file.
"""

import json
import sys
from importlib import import_module
from typing import Any


def main(path: str) -> int:
    """Write what the file holds."""
    import numpy as np

    ezc3d: Any = import_module("ezc3d")  # it has no types

    try:
        file = ezc3d.c3d(path)
    except (OSError, ValueError, RuntimeError, MemoryError) as error:
        print(str(error).split(":")[0].split(".")[0].splitlines()[0], file=sys.stderr)
        return 1
    parameters, header = file["parameters"], file["header"]
    points = header["points"]
    facts = {
        "analog": _plain(parameters.get("ANALOG", {}), ("LABELS", "DESCRIPTIONS", "UNITS", "RATE")),
        "point": _plain(parameters.get("POINT", {}), ("SCALE",)),
        "event": _plain(parameters.get("EVENT", {}), ("USED",)),
        "frame_rate_hz": float(header["analogs"]["frame_rate"]),
        "n_frames": int(points["last_frame"]) - int(points["first_frame"]) + 1,
        "n_points": int(points["size"]),
    }
    sys.stdout.buffer.write(json.dumps(facts).encode() + b"\n")
    samples = np.ascontiguousarray(np.asarray(file["data"]["analogs"][0], dtype=np.float64).T)
    np.lib.format.write_array(sys.stdout.buffer, samples)
    return 0


def _plain(group: Any, names: tuple[str, ...]) -> dict[str, list[Any]]:
    """Return some parameters of a group as lists."""
    return {name: [_number_or_text(each) for each in group[name]["value"]] for name in names if name in group}


def _number_or_text(value: Any) -> Any:
    """Return a plain Python value."""
    return value if isinstance(value, str) else float(value)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
