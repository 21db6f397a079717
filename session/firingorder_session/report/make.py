"""From a recording to its report on disk: analysed once, told in one language, written in the forms asked for."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from firingorder_signal.blocks import Side

from ..errors import ToldError
from ..judging.analysis import Analysis, analyze, choose_protocol
from ..messages import Message, MessageCode
from ..protocols.protocol_plan import Protocol
from ..recordings.recording import Recording
from ..recordings.recording_writer import explain
from ..written_whole import written_whole
from .facts import ReportFacts, gather_facts
from .html_page import render_html
from .languages import texts_of
from .lift_pictures import LiftPictures
from .page import make_page
from .pdf_page import render_pdf
from .trend import Trend

#: Endings of reports.
FORMS = (".pdf", ".html")


class ReportRefused(ToldError):
    """A report cannot be written there.

    Attributes
    ----------
    path
        Where it was to go.
    """

    def __init__(self, path: Path, why: str | Message) -> None:
        super().__init__(Message(MessageCode.REPORT_NOT_WRITTEN, {"path": str(path), "why": why}))
        self.path = path


@dataclass(frozen=True)
class Reported:
    """An analysis, and all that its report tells."""

    analysis: Analysis
    facts: ReportFacts


def analyze_for_report(
    recording: Recording,
    *,
    protocol: str | Protocol | None = None,
    side: Side | None = None,
    report_progress: Callable[[float], None] | None = None,
    use_corrections: bool = True,
    trend: Trend | None = None,
) -> Reported:
    """Analyze a recording as `analyze` does, to the bit, and gather what its report tells."""
    seen = LiftPictures()
    chosen = choose_protocol(recording, protocol)
    analysis = analyze(
        recording,
        protocol=chosen,
        side=side,
        report_progress=report_progress,
        use_corrections=use_corrections,
        watch=seen.take,
    )
    return Reported(analysis, gather_facts(recording, analysis, chosen, seen, trend))


def check_report(path: Path, endings: Sequence[str] = FORMS) -> None:
    """Say before an analysis, not after it, that its report could not be written; raise ReportRefused."""
    if path.suffix.lower() not in endings:
        raise ReportRefused(path, f"its name must end in {' or '.join(endings)}")
    if path.is_dir():
        raise ReportRefused(path, "it is a folder; name a file in it")
    if not path.absolute().parent.is_dir():
        raise ReportRefused(path, f"there is no folder {path.parent}; make it first")


def write_report(facts: ReportFacts, path: Path, language: str = "en") -> None:
    """Write the report in the form that its name ends in.

    Raises
    ------
    ReportRefused
        The name ends in no form, or the file cannot be written.
    """
    check_report(path)
    page = make_page(facts, texts_of(language))
    if path.suffix.lower() == ".pdf":
        data = render_pdf(page, str(facts.analysis.identity.get("created") or ""))
    else:
        data = render_html(page).encode()
    _write(path, data)


def write_methods(facts: ReportFacts, path: Path) -> None:
    """Write `methods.json`; raise ReportRefused as `write_report` does."""
    check_report(path, (".json",))
    _write(path, json.dumps(facts.methods, indent=1, ensure_ascii=False).encode() + b"\n")


def _write(path: Path, data: bytes) -> None:
    """Write a file; an earlier report stays where this one cannot be written whole."""
    try:
        with written_whole(path) as draft:
            draft.write_bytes(data)
    except OSError as error:
        raise ReportRefused(path, explain(error)) from error
