"""Deleting a subject: every file made from their data, the rows in the database, and, where asked, the recordings too.

A file goes before its row, so that what could not be deleted is still known and the deletion can be repeated. Derived
files are those the history was told of, and those beside a `.fo` recording that carry its name: `visit.fo.json`,
`visit-report.pdf`, `visit-lens-1.svg`. A file whose name belongs to another recording beside it is left alone. Copies
elsewhere, and pictures under names of their own, are not known here, and nothing is said to have happened to them. A
recording goes by its identity, not by its name alone: where another one lies at its path by now, that one stays.

Several computers may share a database, and none can delete what lies on another one's disk: each deletes its own part
when the command is run on it, and the last one the subject.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import file_digest
from pathlib import Path
from typing import Protocol

from ..keeping.encrypted_magic import SUFFIX as ENCRYPTED
from .records import DerivedFile, FiledRecording
from .store import History

#: What the program writes of a recording, by the end of its name.
DERIVED_KINDS = (".json", ".html", ".pdf", ".svg", ".png")
#: What SQLite keeps beside a file while it is open, or after a crash: part of the recording.
LOGS = ("-wal", "-shm", "-journal")
FO = ".fo"
#: What an identity begins with: that of ours stands in the file, that of others is their bytes' SHA-256.
OURS, THEIRS = "fo:", "sha256:"


class WriteAuditLine(Protocol):
    """Keeps a line on what is done to a subject's data; raises where it cannot, and then nothing is done."""

    def __call__(self, action: str, code: str, details: Sequence[str]) -> None:
        """Write `action`, such as `delete`, what it was done to, and each thing it concerned."""
        ...


@dataclass(frozen=True)
class DeletionPlan:
    """What deleting a subject means.

    Attributes
    ----------
    derived, recordings
        Files that will be deleted.
    kept
        Recordings that stay, because nobody asked for theirs.
    elsewhere
        Files on other computers' disks, each behind the name of its computer.
    waits
        Keep the subject until those computers have done their part.
    replaced
        Paths at which another recording lies now; it is left alone, with what is named after it.
    """

    code: str
    derived: tuple[Path, ...]
    recordings: tuple[Path, ...]
    kept: tuple[Path, ...]
    n_visits: int
    elsewhere: tuple[tuple[str, Path], ...] = ()
    waits: bool = True
    replaced: tuple[Path, ...] = ()

    @property
    def files(self) -> tuple[Path, ...]:
        """All files that will be deleted."""
        return (*self.derived, *self.recordings)


@dataclass(frozen=True)
class Deletion:
    """What became of it.

    Attributes
    ----------
    gone
        Files that were not there any more.
    failed
        Files that could not be deleted, and why; the subject is then still in the history.
    """

    plan: DeletionPlan
    deleted: tuple[Path, ...]
    gone: tuple[Path, ...]
    failed: tuple[tuple[Path, str], ...]

    @property
    def is_done(self) -> bool:
        """Whether nothing is left that was to go."""
        return not self.failed and not (self.plan.elsewhere and self.plan.waits)


def plan_deletion(history: History, code: str, *, recordings: bool = False, waits: bool = True) -> DeletionPlan:
    """List what deleting a subject would delete; raise UnknownSubject."""
    known: list[FiledRecording | DerivedFile] = [*history.recordings(code), *history.files(code)]
    own = {each.path for each in known if each.host == history.host}
    here = [each for each in known if each.host == history.host or (each.path not in own and is_shared(each))]
    replaced = [each.path for each in here if isinstance(each, FiledRecording) and is_another(each.path, each.identity)]
    filed = [each.path for each in here if isinstance(each, FiledRecording) and each.path not in replaced]
    derived = [each.path for each in here if isinstance(each, DerivedFile)]
    derived += [path for recording in filed for path in find_derived(recording)]
    beside = [path.with_name(path.name + ending) for path in filed for ending in (*LOGS, ENCRYPTED)]
    whole = [*filed, *(path for path in beside if path.exists())]
    return DeletionPlan(
        code.strip().upper(),
        tuple(dict.fromkeys(path for path in derived if path not in filed)),
        tuple(whole) if recordings else (),
        () if recordings else tuple(filed),
        len(history.ratings(code)),
        tuple((each.host, each.path) for each in known if each not in here),
        waits,
        tuple(replaced),
    )


def is_shared(filed: FiledRecording | DerivedFile) -> bool:
    """Tell whether a file of another computer is here, too: on a shared drive, not only under the same name."""
    return filed.path.exists() and not (isinstance(filed, FiledRecording) and is_another(filed.path, filed.identity))


def is_another(path: Path, identity: str) -> bool:
    """Tell whether a file is known to be another recording than the one that was filed under its name."""
    from ..errors import UnreadableFile
    from ..recordings.recording_file import RecordingReader

    if not path.is_file():
        return False
    if identity.startswith(OURS):
        try:
            with RecordingReader(path) as reader:
                return identity != f"{OURS}{reader.head.recording_id}"
        except UnreadableFile:  # damaged, or locked: of this one by its name
            return False
    try:
        with path.open("rb") as file:
            return identity != f"{THEIRS}{file_digest(file, 'sha256').hexdigest()}"
    except OSError:
        return False


def find_derived(recording: Path) -> list[Path]:
    """Find the files beside a recording of ours that were made from it, by their names."""
    if recording.suffix != FO or not recording.parent.is_dir():
        return []
    beside = sorted(recording.parent.iterdir())
    others = [path.stem for path in beside if path.suffix == FO and path != recording]
    return [
        path
        for path in beside
        if _is_named_after(path.name, recording.stem)
        and not any(len(other) > len(recording.stem) and _is_named_after(path.name, other) for other in others)
    ]


def delete_subject(
    history: History,
    plan: DeletionPlan,
    write_audit: WriteAuditLine,
    delete: Callable[[Path], None] = Path.unlink,
) -> Deletion:
    """Delete what a plan lists, then the subject; keep an audit line of what is meant before, and of what came of it.

    Parameters
    ----------
    delete
        Deletes a file; given by tests.
    """
    write_audit("delete", plan.code, [str(path) for path in plan.files])
    deleted: list[Path] = []
    gone: list[Path] = []
    failed: list[tuple[Path, str]] = []
    for path in plan.files:
        try:
            delete(path)
            deleted.append(path)
        except FileNotFoundError:
            gone.append(path)
        except OSError as error:
            failed.append((path, (error.strerror or str(error)).lower()))
    if not failed and plan.elsewhere and plan.waits:
        history.forget_files(plan.code, [*plan.files, *plan.kept, *plan.replaced], plan.elsewhere)
    elif not failed:
        history.forget_subject(plan.code)
    details = [f"could not delete {path}: {why}" for path, why in failed]
    details += [f"was gone: {path}" for path in gone]
    details += [f"another recording lies there: {path}" for path in plan.replaced]
    details += [f"is on {host}: {path}" for host, path in plan.elsewhere]
    done = Deletion(plan, tuple(deleted), tuple(gone), tuple(failed))
    write_audit("deleted" if done.is_done else "deletion unfinished", plan.code, details)
    return done


def _is_named_after(name: str, stem: str) -> bool:
    """Tell whether a name is `STEM.fo.json`, `STEM.json` or `STEM-words-1.json`, of any kind we write."""
    kinds = "|".join(map(re.escape, DERIVED_KINDS))
    return re.fullmatch(rf"{re.escape(stem)}({re.escape(FO)})?(-[\w-]+)?(\.methods)?({kinds})", name) is not None
