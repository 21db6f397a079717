"""How a muscle is shown: its letter, its colour role, its names and its row.

Rows are fixed (hamstrings, gluteus maximus, back, then the rest), so that a lane is found by place as well as by colour
and letter.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from firingorder_signal.blocks import UNKNOWN_PART, Side, Site, StreamInfo

from .texts import Texts

#: Row order of the lanes; a part that is not here comes last.
PART_ORDER = (
    "hamstring_lateral",
    "hamstring_medial",
    "gluteus_maximus",
    "erector_spinae",
    "multifidus",
    "gluteus_medius",
    "tensor_fasciae_latae",
    "rectus_femoris",
)

#: Letter of the badge, also the colour role. The back muscle's is the letter of its side.
PART_LETTERS = {
    "hamstring_lateral": "H",
    "hamstring_medial": "M",
    "gluteus_maximus": "G",
    "multifidus": "D",
    "gluteus_medius": "E",
    "tensor_fasciae_latae": "T",
    "rectus_femoris": "F",
}
SIDE_LETTERS = {Side.LEFT: "L", Side.RIGHT: "R", Side.MIDDLE: "L"}


@dataclass(frozen=True)
class Unnamed(Site):
    """A channel of which nobody said where it sits: it has a lane of its own, by what its sensor calls it."""

    channel: str = ""
    sensor: str = ""


def tell_apart(stream: StreamInfo) -> StreamInfo:
    """Return the stream with a site of its own for each channel that nobody named."""
    if all(site.part != UNKNOWN_PART for site in stream.sites):
        return stream
    labels = [*stream.labels, *("" for _ in stream.sites)]
    sites = (
        Unnamed(site.part, site.side, label or str(number), stream.stream_id.rpartition("/")[0])
        if site.part == UNKNOWN_PART
        else site
        for number, (site, label) in enumerate(zip(stream.sites, labels, strict=False), start=1)
    )
    return replace(stream, sites=tuple(sites))


def row_key(site: Site) -> tuple[int, str, str]:
    """Sort key of a site: its part's row, then its side by name."""
    known = site.part in PART_ORDER
    return (PART_ORDER.index(site.part) if known else len(PART_ORDER), site.part, site.side.value)


def role_of(site: Site) -> str:
    """Colour role of a site (`theme.ROLES`)."""
    if site.part == "erector_spinae":
        return SIDE_LETTERS[site.side]
    return PART_LETTERS.get(site.part, "U")


def letter_of(site: Site, shown: Iterable[Site]) -> str:
    """Badge of a site: one letter, with its side behind where the other side is shown too.

    Examples
    --------
    >>> glutes = [Site.parse("gluteus_maximus/left"), Site.parse("gluteus_maximus/right")]
    >>> letter_of(glutes[0], glutes[:1]), letter_of(glutes[0], glutes)
    ('G', 'GL')
    """
    letter = role_of(site)
    both = any(other.part == site.part and other.side is not site.side for other in shown)
    if site.part == "erector_spinae" or not both:
        return letter
    return letter + SIDE_LETTERS[site.side]


def lane_name(site: Site, texts: Texts) -> str:
    """Name of a lane, without its side."""
    if isinstance(site, Unnamed):
        return texts.channel.format(name=site.channel)
    return texts.parts.get(site.part, texts.parts["unknown"])


def short_name(site: Site, texts: Texts) -> str:
    """Name for narrow places: the part, with its side where both are measured by habit (the back, the thighs)."""
    if isinstance(site, Unnamed):
        return site.channel
    name = texts.short_parts.get(site.part, texts.short_parts["unknown"])
    # The only thigh sensor may belong to neither side.
    sided = site.part in ("erector_spinae", "multifidus") or (site.part == "thigh" and site.side is not Side.MIDDLE)
    return f"{name} {SIDE_LETTERS[site.side]}" if sided else name


def side_line(site: Site, tested: Side | None, texts: Texts) -> str:
    """Second line of a lane: the side, or the sensor of an unnamed one; for the back whether it is the tested one."""
    if isinstance(site, Unnamed):
        return site.sensor
    words = [texts.sides[site.side]] if site.side is not Side.MIDDLE else []
    if site.part in texts.qualifiers:
        words.append(texts.qualifiers[site.part])
    if site.part in ("erector_spinae", "multifidus") and tested in (Side.LEFT, Side.RIGHT):
        words.append(texts.same_side if site.side is tested else texts.opposite_side)
    return " · ".join(words)


def sensor_name(link: str, sites: Iterable[Site], texts: Texts) -> str:
    """Name a sensor by what it measures; by its link as long as that is not known."""
    named = (site for site in sites if site.part != UNKNOWN_PART)
    names = " + ".join(short_name(site, texts) for site in sorted(named, key=row_key))
    return names or texts.sensor_unnamed.format(link=link.rsplit("/", 1)[-1])
