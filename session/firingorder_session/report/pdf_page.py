"""The report as PDF by typst: two pages of A4, vectors, letters that can be searched, the typeface embedded.

The compiler is told of one typeface and ignores the system's, so that a report looks the same on every machine; and of
the recording's own time, so that it is the same to the byte whenever it is made.
"""

import json
from dataclasses import asdict
from datetime import UTC, datetime
from importlib.resources import as_file, files

from .content import Page
from .html_page import read_text

#: What a report of a recording without a date is dated.
NO_DATE = datetime(1970, 1, 1, tzinfo=UTC)


def render_pdf(page: Page, created: str = "") -> bytes:
    """Lay the pages out as PDF.

    Parameters
    ----------
    created
        When the recording was made, ISO 8601.
    """
    import typst

    with as_file(files("firingorder_session").joinpath("fonts")) as folder:
        return typst.compile(
            read_text("report.typ").encode(),
            font_paths=typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[folder]),
            format="pdf",
            sys_inputs={"page": json.dumps(asdict(page), ensure_ascii=False)},
            timestamp=_moment(created),
        )


def _moment(created: str) -> datetime:
    """Read when a recording was made, to the second."""
    try:
        # A PDF's date has no finer one, and typst 0.15.2 refuses one with microseconds.
        moment = datetime.fromisoformat(created).replace(microsecond=0)
    except ValueError:
        return NO_DATE
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
