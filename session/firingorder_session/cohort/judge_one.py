"""Judge one recording of a cohort: what runs in a worker, on this machine or another. It never raises.

A file that cannot be used is a result, too: its reason lands in the table of failures.
"""

import os
from pathlib import Path
from typing import Any

from firingorder_signal.errors import FiringOrderError

from .options import CohortOptions

#: What an outcome holds that does not count in another run.
AGAIN = "again"


def limit_threads() -> None:
    """Keep numerical libraries to one thread: the cores are taken by recordings."""
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ.setdefault(name, "1")


def judge_one(path: str, options: CohortOptions) -> dict[str, Any]:
    """Return the recording's rows (`tables.py`), `{"sets": [...], "lifts": [...]}`, or `fail(one line)`.

    Rows and not whole results, so that whoever gathers thousands of them keeps little.
    """
    from ..judging.analysis import analyze
    from ..recordings.read import read
    from .tables import lift_rows, set_rows

    try:
        recording = read(
            Path(path),
            hamstring=options.hamstring,
            glute=options.glute,
            side=options.side,
            sites=dict(options.sites),
            unit=options.unit,
            rate_hz=options.rate_hz,
            laboratory=options.laboratory,
        )
        from firingorder_signal.blocks import Side

        side = Side(options.side) if options.side else None
        result = analyze(recording, protocol=options.protocol, side=side).to_json()
        return {"sets": set_rows(path, result), "lifts": lift_rows(path, result)}
    except FiringOrderError as error:
        return fail(" ".join(str(error).split()), again=isinstance(error.__cause__, OSError))
    except MemoryError:
        return fail(f"{path}: does not fit into the memory of a worker; use fewer workers", again=True)
    except Exception as error:  # one bad file never ends a cohort, whatever it is that it finds
        text = f"{path}: {type(error).__name__}: {' '.join(str(error).split())[:200]} (please report this)"
        return fail(text, again=True)


def fail(reason: str, *, again: bool) -> dict[str, Any]:
    """Return what came of a recording that could not be used.

    Parameters
    ----------
    again
        It may be no fault of the file, but of rights, of memory or of a disk: another run tries it once more.
    """
    return {"failure": reason, AGAIN: True} if again else {"failure": reason}
