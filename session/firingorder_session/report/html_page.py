"""The report as one HTML file: drawings inline, typeface as data, nothing fetched from anywhere."""

from base64 import b64encode
from importlib.resources import files

from .content import Page

#: Cut from the window's typeface by `tools/make_report_font.py`.
WEB_FONT = "Inter-report.woff2"
#: Rows of lifts that leave room for the rest on paper: alone; with another side, a trend or a long strip; with two of
#: these.
ROWS = (10, 6, 4)


def render_html(page: Page) -> str:
    """Lay the pages out as HTML.

    Returns
    -------
    str
        A whole document; on paper it is two pages of A4.
    """
    from jinja2 import Environment, StrictUndefined
    from markupsafe import Markup

    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    template = environment.from_string(read_text("report.html.j2"))
    font = b64encode(files("firingorder_session").joinpath("fonts", WEB_FONT).read_bytes()).decode("ascii")
    # Drawings are ours, and escape what they write.
    crowded = any(table.total > ROWS[0] for table in page.tables)
    much = min((len(page.sides) > 1) + bool(page.trend) + crowded, len(ROWS) - 1)
    return template.render(page=page, font=font, drawing=Markup, most=ROWS[much], dense=much > 0)


def read_text(name: str) -> str:
    """Read a template beside this module."""
    return files(__package__ or "").joinpath(name).read_text(encoding="utf-8")
