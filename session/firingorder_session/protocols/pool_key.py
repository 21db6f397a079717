"""Which sets may be taken together, over visits: those of one test, one cue, one knee and one side, and no others.

Naming the glute moves the lag by some 95 ms (Lewis & Sahrmann 2009), more than what most people change by in months:
a set with a cue and one without, pooled, would show a change that is none. So the words count, not only whether they
name a muscle. They are those of one language, so that a set led in German pools with one led in English: the file's
English ones, which every file has. A word changed in them makes another test; that errs on the safe side.
"""

import hashlib
from dataclasses import dataclass

from firingorder_signal.blocks import Side

from .protocol_plan import Protocol

#: Hex digits kept of the hash of the words: two texts of a clinic's hundred share them once in 860 000 clinics.
N_DIGITS = 8


@dataclass(frozen=True)
class PoolKey:
    """What two sets must share to be compared or pooled.

    Attributes
    ----------
    words
        Hash of the cue's words, spaces and capitals apart.
    side
        MIDDLE where it is not known which; such a set is pooled with none.
    """

    protocol: str
    muscle_cue: str
    words: str
    knee: str
    side: Side

    def __str__(self) -> str:
        """Write it as one word, for results and histories."""
        cue = self.muscle_cue or "none"
        return "/".join((self.protocol, f"cue-{cue}-{self.words}", f"knee-{self.knee or 'free'}", self.side.value))

    @classmethod
    def parse(cls, text: str) -> "PoolKey":
        """Read what `str` wrote.

        Examples
        --------
        >>> PoolKey.parse("prone_hip_extension/cue-none-1f0c2a9b/knee-straight/right").muscle_cue
        ''
        """
        protocol, cue, knee, side = text.split("/")
        muscle, _, words = cue.removeprefix("cue-").rpartition("-")
        return cls(protocol, "" if muscle == "none" else muscle, words, knee.removeprefix("knee-"), Side(side))


def pool_key(protocol: Protocol, side: Side) -> PoolKey:
    """Return what a set of this test and side may be pooled by."""
    cue = protocol.cues["en"]
    said = " ".join(f"{cue.both} {cue.left} {cue.right}".lower().split())
    words = hashlib.sha256(said.encode()).hexdigest()[:N_DIGITS]
    return PoolKey(protocol.name, protocol.muscle_cue, words, protocol.knee, side)


def may_pool(a: PoolKey, b: PoolKey) -> bool:
    """Tell whether two sets may be taken together."""
    return a == b and a.side is not Side.MIDDLE
