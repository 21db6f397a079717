"""Make the typeface of HTML reports: Inter's letters of European languages, two weights' range, as WOFF2.

usage: python tools/make_report_font.py      (needs `pip install fonttools brotli`; rewrites the file in the repository)

The whole variable font is 600 kB, and would be most of a report that is sent by mail.
"""

from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont

FONTS = Path(__file__).resolve().parents[1] / "session" / "firingorder_session" / "fonts"
#: Latin with its supplements and extensions, Greek mu, punctuation, arrows, minus, comparisons.
RANGES = ((0x20, 0x17F), (0x2B9, 0x2DD), (0x3BC, 0x3BC), (0x2000, 0x206F), (0x20AC, 0x20AC), (0x2190, 0x2193))
SINGLE = (0x2122, 0x2212, 0x2248, 0x2260, 0x2264, 0x2265, 0x25CB, 0x25CF)
#: What the report's sheet asks for.
WEIGHTS = (400, 700)
FEATURES = ("kern", "liga", "calt", "ccmp", "locl", "mark", "mkmk", "tnum")


def main() -> None:
    """Cut, and say how large it is."""
    font = TTFont(FONTS / "Inter.ttf")
    letters = {code for first, last in RANGES for code in range(first, last + 1)} | set(SINGLE)
    options = Options()
    options.layout_features = list(FEATURES)
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=letters)
    subsetter.subset(font)
    font = instantiateVariableFont(font, {"wght": WEIGHTS})
    font.flavor = "woff2"
    path = FONTS / "Inter-report.woff2"
    font.save(path)
    print(path, path.stat().st_size)


if __name__ == "__main__":
    main()
