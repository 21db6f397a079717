"""How far apart colours are, for eyes of every kind.

Colour-blind vision after Machado, Oliveira & Fernandes (IEEE TVCG 15, 2009, doi 10.1109/TVCG.2009.113): the matrices of
full severity from the authors' table, for linear RGB. Differences in CIE L*a*b* (1976, D65): about 2 is just seen.
"""

import numpy as np

from firingorder_signal.blocks import FloatArray

MATRICES = {
    "ordinary": np.eye(3),
    "protan": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deutan": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "tritan": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
    ),
}
#: sRGB to CIE XYZ, and its white (IEC 61966-2-1, D65).
XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
)
WHITE = XYZ.sum(axis=1)


def linear(colour: str) -> FloatArray:
    """Read `#RRGGBB` as linear RGB, shape (3,), 0..1."""
    parts = np.array([int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)])
    return np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)


def luminance(colour: str) -> float:
    """Return the relative luminance of a colour (WCAG 2.1)."""
    return float(XYZ[1] @ linear(colour))


def lab(colour: str, vision: str = "ordinary") -> FloatArray:
    """Return a colour in L*a*b* as a kind of eye sees it, shape (3,)."""
    seen = np.clip(MATRICES[vision] @ linear(colour), 0, 1)
    ratio: FloatArray = XYZ @ seen / WHITE
    root: FloatArray = np.where(ratio > (6 / 29) ** 3, np.cbrt(ratio), ratio / (3 * (6 / 29) ** 2) + 4 / 29)
    return np.array([116 * root[1] - 16, 500 * (root[0] - root[1]), 200 * (root[1] - root[2])])


def difference(one: str, other: str, vision: str) -> float:
    """Return the distance of two colours as a kind of eye sees them (dE*ab)."""
    return float(np.linalg.norm(lab(one, vision) - lab(other, vision)))
