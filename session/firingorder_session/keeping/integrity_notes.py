"""What every result of a recording says of its checksum chain: nothing where all of it fits."""

from pathlib import Path

from ..recordings.recording_file import RowReader
from .verify import Verified, check_rows

#: Entries of which the rows are checked with each analysis: 13 minutes of two sensors. On one core 1.6 µs an entry
#: (measured, 1.9 million entries in 3.1 s), so 0.4 s here, and for the busiest hour a third of its whole analysis.
CHECKED_ENTRIES = 250_000
#: Rows that a note names.
NAMED_ROWS = 3


def integrity_notes(path: Path) -> tuple[str, ...]:
    """Return what a reader of a result must know of the recording's rows; raise UnreadableFile as `check_rows` does."""
    with RowReader(path) as reader:
        n_entries = reader.n_entries()
    if n_entries > CHECKED_ENTRIES:
        return (f"not checked against its checksum chain, being long; that is done by: firingorder verify {path.name}",)
    return describe(check_rows(path))


def describe(verified: Verified) -> tuple[str, ...]:
    """Say what a check found, in words; nothing where all is as it was written."""
    if not verified.has_chain:
        return ("carries no checksum chain (made by an earlier version), so that a change would not be noticed",)
    flaws = verified.flaws
    if not flaws:
        return ()
    named = "; ".join(map(str, flaws[:NAMED_ROWS]))
    more = f"; and {len(flaws) - NAMED_ROWS} more" if len(flaws) > NAMED_ROWS else ""
    return (f"changed since it was recorded: {named}{more}",)
