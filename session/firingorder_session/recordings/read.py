"""`read`: open a recording of any known format, told by its content, not by its name."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from fractions import Fraction
from importlib import import_module
from math import isclose
from pathlib import Path
from typing import cast

from firingorder_signal.blocks import Side, Site

from ..as_text import as_text
from ..events.live_events import Origin
from ..formats import plain_csv
from ..formats.assign import ChannelChoice, assign
from ..formats.contract import Imported, Importer, ImportHints, plain_head
from ..keeping.encrypted_magic import MAGIC as ENCRYPTED_MAGIC
from ..keeping.unlocked import is_locked, unlock
from ..setting_up.laboratories import Laboratory, recall_laboratory
from .recording import ArrayRecording, ArrayStream, Recording, RecordingInfo, ReportProgress
from .sqlite_pages import SQLITE_MAGIC
from .usable import is_table, read_beginning, refuse_for, refuse_kind

#: Tried in this order; plain CSV takes any text and says what is wrong with it.
IMPORTERS = (
    "edf_file",
    "xdf_file",
    "opensignals_h5",
    "c3d_file",
    "opensignals_text",
    "biometrics_text",
    "delsys_csv",
    "noraxon_csv",
    "plain_csv",
)
#: A measured rate that is as the stated one: converters keep their rates to some 50 parts in a million.
SAME_RATE = 1e-4


def read(
    path: str | Path,
    *,
    hamstring: str | None = None,
    glute: str | None = None,
    side: Side | str | None = None,
    sites: Mapping[str, Site | str] | None = None,
    unit: str | None = None,
    rate_hz: float | Fraction | None = None,
    laboratory: str | Laboratory | None = None,
    redecode: bool = False,
    speech: Sequence[str] = (),
    refine_clocks: bool = False,
    passphrase: str | None = None,
    report_progress: ReportProgress | None = None,
) -> Recording:
    """Open a recording.

    Parameters
    ----------
    path
        A `.fo` file, EDF(+) or BDF(+), C3D, XDF, OpenSignals `.h5` or `.txt`, an export of Delsys, Noraxon or
        Biometrics DataLOG, or any CSV with a header.
    hamstring, glute
        Names of the channels that are the hamstring and the gluteus maximus; None = by their usual names.
    side
        Side of the body of channels whose names tell none.
    sites
        Channel name to site (`"ES": "erector_spinae/left"`), for any other channel.
    unit
        Unit of EMG columns that state none: `"V"`, `"mV"` or `"uV"`. Without it they are taken as µV; a note says so.
    rate_hz
        Sampling rate of a file that states none, Hz.
    laboratory
        Name under which channel names are remembered (`laboratories.py`), or what is remembered; what is stated here
        wins over it.
    redecode
        Trust nothing of a `.fo` file but its raw bytes: what the streams are is decoded anew too.
    speech
        What is spoken on links of a `.fo` file, where it is wrong about that, such as `["bitalino channels=1,2"]`; see
        `redecode.respeak`. Implies `redecode`.
    refine_clocks
        Map the clocks of a `.fo` file's sensors by a second pass over all of it; by default they are as they were live,
        to the last bit. Other files have one clock.
    passphrase
        Of an encrypted recording, which is decrypted in memory and stays readable until the program ends; None = as the
        environment states it (`keeping/unlocked.py`).
    report_progress
        Told what is being done, of how many seconds of signal it is done, and of how many in all.

    Raises
    ------
    UnreadableFile
        The file is missing, damaged or of no known kind, or leaves a question open that one of the arguments answers.
    ValueError
        `side` or a site is not in the vocabulary, or `rate_hz` is no rate: a mistake of the caller.

    Notes
    -----
    EMG comes in µV, motion in m/s² and rad/s. Source of the formats: each module of `formats` names its own;
    `docs/recording.md` for `.fo`.
    """
    path = Path(path)
    if rate_hz is not None and not 0.0 < float(rate_hz) < float("inf"):
        raise ValueError(f"rate_hz must be a number above 0; got {rate_hz!r}. Pass the sampling rate in Hz")
    choice = ChannelChoice(
        hamstring,
        glute,
        Side(side) if isinstance(side, str) else side,
        {name: Site.parse(site) if isinstance(site, str) else site for name, site in (sites or {}).items()},
        unit,
    )
    is_stated = any(each is not None for each in (hamstring, glute, unit, rate_hz)) or bool(sites)
    known = laboratory if isinstance(laboratory, Laboratory) else Laboratory()
    if isinstance(laboratory, str):
        known = recall_laboratory(laboratory, may_be_new=is_stated)
    choice = replace(choice, unit=unit or known.unit, remembered=known.sites)
    hints = ImportHints(choice.unit, known.rate_hz if rate_hz is None else float(rate_hz))
    if passphrase is not None and is_locked(path):
        unlock(path, passphrase)
    try:
        if redecode or speech:
            from .file_recording import FileRecording

            stated = [speech] if isinstance(speech, str) else speech
            return FileRecording(
                path,
                choice,
                redecode=True,
                speech=stated,
                refine_clocks=refine_clocks,
                report_progress=report_progress,
            )
        return _read(path, choice, hints, refine_clocks, report_progress)
    except OSError as error:
        raise refuse_for(path, error) from error


def _read(
    path: Path,
    choice: ChannelChoice,
    hints: ImportHints,
    refine_clocks: bool,
    report_progress: ReportProgress | None,
) -> Recording:
    """Look at the first bytes and let the right module read the file."""
    head = read_beginning(path)
    if head.startswith((SQLITE_MAGIC, ENCRYPTED_MAGIC)):
        from .file_recording import FileRecording

        return FileRecording(path, choice, refine_clocks=refine_clocks, report_progress=report_progress)
    importer = find_importer(path, head)
    if importer.FORMAT == plain_csv.FORMAT and not is_table(path, head):
        raise refuse_kind(path, head)
    return import_file(path, importer, choice, hints)


def find_importer(path: Path, head: bytes) -> Importer:
    """Return the module that reads files beginning with `head`."""
    plain = plain_head(head)
    for name in IMPORTERS:
        module = cast(Importer, import_module(f"firingorder_session.formats.{name}"))
        if module.matches(plain):
            return module
    raise refuse_kind(path, head)


def import_file(path: Path, importer: Importer, choice: ChannelChoice, hints: ImportHints) -> ArrayRecording:
    """Read a file of another system as a recording."""
    imported = importer.load(path, hints)
    streams, notes = assign(path, imported, choice)
    rates_hz = sorted({float(group.rate_hz) for group in imported.groups})
    stated_hz = hints.rate_hz
    if stated_hz is not None and not any(isclose(each, stated_hz, rel_tol=SAME_RATE) for each in rates_hz):
        held = " and ".join(f"{rate_hz:g} Hz" for rate_hz in rates_hz)
        notes.append(f"the stated rate of {stated_hz:g} Hz is not used: by the file itself it is {held}")
    if choice.side is None and all(site.side is Side.MIDDLE for each in streams for site in each.stream.sites):
        notes.append("the side is not stated")
    arrays = [ArrayStream(each.stream, each.values, each.start_s) for each in streams]
    return ArrayRecording(_describe(path, imported, choice.side, notes), arrays)


def _describe(path: Path, imported: Imported, side: Side | None, notes: list[str]) -> RecordingInfo:
    """Say what an imported file is."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return RecordingInfo(
        name=as_text(path.name),
        content_id=f"sha256:{digest}",
        origin=Origin.REPLAY,
        path=path,
        created=as_iso(imported.created),
        format_name=imported.format_name,
        side=side or Side.MIDDLE,
        notes=tuple(notes),
    )


def as_iso(moment: str) -> str:
    """Return when a file says that it was made in ISO 8601; empty where its words could mean two days.

    Examples
    --------
    >>> as_iso("2026-03-09 09:05:04"), as_iso("3/9/2026 9:05:04 AM")
    ('2026-03-09T09:05:04', '')
    """
    try:
        datetime.fromisoformat(moment)
    except ValueError:
        return ""
    return moment.strip().replace(" ", "T")
