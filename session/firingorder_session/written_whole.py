"""A file that is there whole or not at all: written beside its place under a hidden name, then given its own.

What was there before stays until the new file is whole: a full disk or a crash costs the new one alone.
"""

import os
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path


def draft_of(path: Path) -> Path:
    """Return the hidden name under which a file is written; libraries want its suffix to stay."""
    return path.with_name(f".{path.name}.part{path.suffix}")


@contextmanager
def written_whole(path: Path, *, on_disk: bool = False) -> Generator[Path]:
    """Give the name to write under; the file gets its own when all is written, and is removed when that fails.

    Parameters
    ----------
    on_disk
        Wait until the bytes are on the disk before the file gets its name: for what cannot be made again.

    Raises
    ------
    OSError
        It cannot be written.
    """
    draft = draft_of(path)
    try:
        yield draft
        if on_disk:
            with draft.open("rb+") as file:
                os.fsync(file.fileno())
        draft.replace(path)
    finally:
        with suppress(OSError):  # its folder may be none
            draft.unlink(missing_ok=True)
