"""Which muscle a column is, from the names and abbreviations in use, in several languages; nothing where in doubt.

Left out on purpose, because laboratories use them for different muscles: GM (gluteus maximus, gluteus medius,
gastrocnemius medialis), MA, SM alone, MF alone, G. The caller says which they are. Names follow SENIAM's list, the
defaults of Noraxon and Delsys, and the column names of the public data sets that the tests read.
"""

import re
import unicodedata

from firingorder_signal.blocks import Side, Site

#: Words that belong to a channel and not to its muscle.
_NOISE = {
    *("emg", "semg", "muscle", "musculus", "muskel", "muscolo", "musculo", "m", "mm", "musc", "ch", "channel", "the"),
    *("voltage", "electric", "potential"),  # what Vicon writes before an analog channel's name (`Voltage.RBF`)
}
_SIDES = {
    Side.LEFT: {
        *("l", "lt", "left", "li", "links", "linker", "izq", "izquierdo", "izquierda", "gauche"),
        *("sinistro", "sinistra", "sx", "esq", "esquerdo", "esquerda"),
    },
    Side.RIGHT: {
        *("r", "rt", "right", "re", "rechts", "rechter", "der", "derecho", "derecha", "droit", "droite"),
        *("destro", "destra", "dx", "dir", "direito", "direita"),
    },
}
#: Abbreviations that are written together with their side (`RBF`, `LGMAX`) and are no other word then.
_TOGETHER = re.compile(r"(?P<side>[lr])(?P<muscle>bf|bflh|bicfem|st|semit|gmax|glutmax|gmed|glutmed|tfl)")
#: Patterns over the cleaned name (lower case, no accents, words joined by one blank), tried in order.
_MUSCLES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("gluteus_medius", (r"glut\w* med\w*", "gmed", "glutmed")),
    (
        "gluteus_maximus",
        (
            r"glut\w*( max\w*| mass\w*| mayor| maior| grande)?",
            r"gro\w* gesass\w*",
            "grand (fessier|gluteal)",
            r"grande gluteo",
            r"grote bilspier",
            "gmax",
            "glutmax",
        ),
    ),
    ("hamstring_medial", ("st", r"semi? ?tend\w*", r"semi? ?mem\w*", r"med\w* ham\w*", r"ham\w* med\w*", "mh")),
    (
        "hamstring_lateral",
        (
            "bf",
            "bflh",
            r"bic\w*( fem\w*)?( (caput|cap|long|lang|lung|head|kopf)\w*)*",
            r"biz\w*( fem\w*)?",
            r"beinbeuger\w*",
            r"lat\w* ham\w*",
            "lh",
            r"ham\w*( lat\w*)?",
            r"isquio\w*( tib\w*)?",
            r"ischio\w*( jamb\w*| crur\w*)?",
        ),
    ),
    (
        "erector_spinae",
        (
            *("es", r"esl\w*", r"ere\w*t\w*( (spin|espin|lumb|long|ilio)\w*)*", r"lumb\w*( erect\w*| e ?s)?"),
            r"ruckenstreck\w*",
        ),
    ),
    ("multifidus", (r"(lumb\w* )?multifid\w*",)),
    ("tensor_fasciae_latae", ("tfl", r"tens\w* fasc\w*( lat\w*)?")),
    ("rectus_femoris", ("rf", r"rect\w* fem\w*", "rectfem", r"droit ant\w*")),
)
_PATTERNS = tuple((part, re.compile(f"({'|'.join(patterns)})")) for part, patterns in _MUSCLES)


def find_site(name: str) -> Site | None:
    """Return the site that a column's name means; None where it means none, or more than one.

    Examples
    --------
    >>> str(find_site("RT BICEPS FEM.")), str(find_site("EMG Semitendinoso")), str(find_site("L_GMAX"))
    ('hamstring_lateral/right', 'hamstring_medial', 'gluteus_maximus/left')
    >>> find_site("GM") is None
    True
    """
    try:
        return Site.parse(name.strip())
    except ValueError:
        words, side = split_side(name)
    text = " ".join(word for word in words if word not in _NOISE and not word.isdigit())
    together = _TOGETHER.fullmatch(text)
    if together is not None and side is Side.MIDDLE:
        text, side = together["muscle"], Side.LEFT if together["side"] == "l" else Side.RIGHT
    part = next((part for part, pattern in _PATTERNS if pattern.fullmatch(text)), None)
    return Site(part, side) if part is not None else None


def split_side(name: str) -> tuple[list[str], Side]:
    """Return a name's words without the one that means a side, and the side."""
    plain = unicodedata.normalize("NFKD", name.replace("ß", "ss")).encode("ascii", "ignore").decode().lower()
    words = re.findall(r"[a-z]+|\d+", plain)
    for side, meanings in _SIDES.items():
        marks = [word for word in words if word in meanings]
        if len(marks) == 1 and len(words) > 1:
            return [word for word in words if word != marks[0]], side
    return words, Side.MIDDLE
