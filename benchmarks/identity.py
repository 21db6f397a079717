"""Who is who: how many exchanged electrodes and sensors the identity check finds and names, and how often it errs.

    python -m benchmarks.identity --people 200

People drawn anew: how far each muscle rises above its rest, how much the others help, crosstalk, hum, tonic rest, and
how far thigh and pelvis turn. Each is put on as marked, and with each kind of exchange. "Found" is the exchange
itself, named exactly; "alarm" is an exchange named where there is none; "wrong" another one than there is.
"""

import argparse
from collections import Counter
from dataclasses import dataclass

import numpy as np

from firingorder_signal.blocks import FloatArray, Side, Site, Timebase
from firingorder_signal.filters import BandDesign, CausalBand
from firingorder_signal.identity_check import IdentityCheck
from firingorder_signal.identity_evidence import ANSWERS, Ask, Outcome, Question, mirrored
from firingorder_signal.power_bins import BIN_S, PowerBins

RATE_HZ = 1000
NOISE_UV = 2.5
GLUTE, HAMSTRING = Site.parse("gluteus_maximus/right"), Site.parse("hamstring_lateral/right")
PELVIS, THIGH = Site.parse("pelvis"), Site.parse("thigh/right")
ONE_LEG, BOTH_LEGS = (GLUTE, HAMSTRING), (GLUTE, HAMSTRING, mirrored(GLUTE), mirrored(HAMSTRING))
KITS = {"one leg": (ONE_LEG, (PELVIS, THIGH)), "both legs": (BOTH_LEGS, (PELVIS, THIGH, mirrored(THIGH)))}
#: What is exchanged: pairs of marked places, by kit.
SWAPS: dict[str, dict[str, dict[Site, Site]]] = {
    "one leg": {
        "channels": {GLUTE: HAMSTRING, HAMSTRING: GLUTE},
        "segments": {PELVIS: THIGH, THIGH: PELVIS},
        "sensors": {GLUTE: HAMSTRING, HAMSTRING: GLUTE, PELVIS: THIGH, THIGH: PELVIS},
        "sides": {site: mirrored(site) for site in (*ONE_LEG, THIGH)},
    },
    "both legs": {
        "channels": {GLUTE: HAMSTRING, HAMSTRING: GLUTE},
        "glutes": {GLUTE: mirrored(GLUTE), mirrored(GLUTE): GLUTE},
        "sides": {site: mirrored(site) for site in (*BOTH_LEGS, THIGH, mirrored(THIGH))},
        "segments": {PELVIS: THIGH, THIGH: PELVIS},
    },
}
#: The longest a check may take before a person would have given up, seconds.
LONGEST_S = 240.0
#: One answer of a person: reaction, length, pause before the next question is heard.
REACTION_S, LENGTH_S = (0.8, 2.5), (1.0, 2.5)


@dataclass(frozen=True)
class Person:
    """How somebody answers, in truth: places, not marks.

    Attributes
    ----------
    snr_db
        How far each muscle rises above the noise when it is asked.
    helping
        Question -> share of its own amplitude with which each muscle helps.
    """

    snr_db: dict[Site, float]
    helping: dict[tuple[Question, Site], float]
    crosstalk: float
    tonic: float
    hum: float
    thigh_deg: float
    pelvis_share: float


def draw_person(rng: np.random.Generator) -> Person:
    """Draw somebody: muscles 10 to 28 dB, crosstalk 0 to 0.2, and helpers as far as people do help (J).

    Whoever squeezes one buttock squeezes the other by up to 0.6 of it and the same hamstring by up to 0.3; whoever
    bends a knee against a hand tightens the buttock of that side by up to 0.5.
    """
    snr_db = {site: float(rng.uniform(10.0, 28.0)) for site in BOTH_LEGS}
    helping: dict[tuple[Question, Site], float] = {}
    most = {
        (Ask.SQUEEZE, "gluteus_maximus", False): 0.6,
        (Ask.SQUEEZE, "hamstring_lateral", True): 0.3,
        (Ask.SQUEEZE, "hamstring_lateral", False): 0.15,
        (Ask.BEND_KNEE, "gluteus_maximus", True): 0.5,
        (Ask.BEND_KNEE, "gluteus_maximus", False): 0.2,
        (Ask.BEND_KNEE, "hamstring_lateral", False): 0.2,
    }
    for ask in (Ask.SQUEEZE, Ask.BEND_KNEE):
        for side in (Side.LEFT, Side.RIGHT):
            effort = float(rng.uniform(0.5, 1.0))
            for site in BOTH_LEGS:
                own = ANSWERS[site.part] is ask and site.side is side
                top = most.get((ask, site.part, site.side is side), 0.0)
                helping[Question(ask, side), site] = effort * (1.0 if own else float(rng.uniform(0.0, top)))
    return Person(
        snr_db,
        helping,
        float(rng.uniform(0.0, 0.2)),
        float(rng.uniform(0.0, 0.6)),
        float(rng.uniform(0.0, 1.0)),
        float(rng.uniform(8.0, 18.0)),
        float(rng.uniform(0.1, 0.5)),
    )


class Body:
    """Renders what the electrodes and sensors at the true places show, bin by bin."""

    def __init__(self, person: Person, seed: int) -> None:
        self._person = person
        self._rng = np.random.default_rng([seed, 3])
        self._noise = CausalBand(BandDesign(RATE_HZ), len(BOTH_LEGS))
        self._effort = dict.fromkeys(BOTH_LEGS, 0.0)
        self.question: Question | None = None
        self._until_s = self._from_s = float("-inf")
        self._lift_deg = 0.0
        self._index = 0
        self.bins = PowerBins(RATE_HZ, len(BOTH_LEGS))

    @property
    def time_s(self) -> float:
        """Seconds rendered."""
        return self._index / RATE_HZ

    def hear(self, question: Question) -> None:
        """Understand what is asked, and do it after a moment."""
        self.question = question
        self._from_s = self.time_s + float(self._rng.uniform(*REACTION_S))
        self._until_s = self._from_s + float(self._rng.uniform(*LENGTH_S))

    def step(self) -> tuple[list[FloatArray], dict[Site, float]]:
        """Render one bin's worth: powers of `BOTH_LEGS`, and the angle of every segment."""
        n = round(BIN_S * RATE_HZ)
        t_s = (self._index + np.arange(n)) / RATE_HZ
        active = self.question is not None and self._from_s <= self.time_s < self._until_s
        own = np.zeros((n, len(BOTH_LEGS)))
        for column, site in enumerate(BOTH_LEGS):
            share = self._share(site) if active else 0.0
            self._effort[site] += (share - self._effort[site]) * 0.4  # a rise of some 100 ms
            plateau_uv = NOISE_UV * 10 ** (self._person.snr_db[site] / 20)
            own[:, column] = plateau_uv * self._effort[site] * self._rng.standard_normal(n)
        across = self._person.crosstalk * (own.sum(axis=1, keepdims=True) - own)
        rest = NOISE_UV * float(np.hypot(1.0, self._person.tonic)) * self._rng.standard_normal(own.shape)
        hum = NOISE_UV * self._person.hum * np.sqrt(2.0) * np.sin(2 * np.pi * 50.0 * t_s)[:, None]
        filtered = self._noise.update(own + across + rest + hum)
        found = self.bins.update(filtered, self._index, Timebase(0, 0.0, 1.0 / RATE_HZ))
        self._index += n
        return [each.power for each in found], self._angles(active)

    def _share(self, site: Site) -> float:
        """Share of its own amplitude with which a muscle works at what is asked; a lift needs both of its side."""
        if self.question is None:
            return 0.0
        if self.question.ask is Ask.LIFT_LEG:
            return 0.6 if site.side is self.question.side else 0.1
        return self._person.helping[self.question, site]

    def _angles(self, active: bool) -> dict[Site, float]:
        """Let a lifted thigh go up in some 400 ms, and the pelvis with a share of it."""
        lifts = active and self.question is not None and self.question.ask is Ask.LIFT_LEG
        self._lift_deg += ((self._person.thigh_deg if lifts else 0.0) - self._lift_deg) * 0.15
        side = self.question.side if self.question is not None else Side.RIGHT
        moving = Site("thigh", side)
        return {
            moving: self._lift_deg,
            mirrored(moving): 0.05 * self._lift_deg,
            PELVIS: self._person.pelvis_share * self._lift_deg,
        }


def run_check(kit: str, swap: dict[Site, Site], seed: int) -> tuple[IdentityCheck, dict[Site, Site]]:
    """Run one check of somebody whose sensors are exchanged so; return it and what it would rename."""
    rng = np.random.default_rng([seed, 1])
    body = Body(draw_person(rng), seed)
    muscles, segments = KITS[kit]
    check = IdentityCheck(muscles, segments, Side.RIGHT)
    axes = {site: _turn_axis(rng) for site in segments}
    heard: tuple[Question | None, int] = (None, 0)
    while not check.is_over and body.time_s < LONGEST_S:
        powers, angles = body.step()
        for power in powers:
            for site in muscles:
                check.add_power(site, body.time_s, float(power[BOTH_LEGS.index(swap.get(site, site))]))
        for site in segments:
            check.add_up(site, body.time_s, _up(axes[site], angles[swap.get(site, site)], rng))
        check.pass_time()
        if check.question is not None and (check.question, check.attempt) != heard and body.time_s > 2.0:
            heard = (check.question, check.attempt)
            body.hear(check.question)
    return check, {**check.muscle_identity.renamed, **check.segment_identity.renamed}


def _turn_axis(rng: np.random.Generator) -> FloatArray:
    """Draw a heading of the sensor on the skin."""
    heading = rng.uniform(0.0, 2 * np.pi)
    return np.array([np.cos(heading), np.sin(heading), 0.0])


def _up(axis: FloatArray, angle_deg: float, rng: np.random.Generator) -> FloatArray:
    """Give the acceleration of a sensor that has turned so far from level."""
    angle = np.radians(angle_deg)
    up = np.array([axis[0] * np.sin(angle), axis[1] * np.sin(angle), np.cos(angle)])
    return np.asarray(9.81 * up + 0.1 * rng.standard_normal(3))


def classify(check: IdentityCheck, renamed: dict[Site, Site], swap: dict[Site, Site]) -> str:
    """Say what a check came to, against the truth."""
    if renamed:
        return "found" if swap and renamed == swap else "alarm" if not swap else "wrong"
    if Outcome.UNCLEAR in (check.muscle_identity.outcome, check.segment_identity.outcome):
        return "unclear"
    if Outcome.SILENT in (check.muscle_identity.outcome, check.segment_identity.outcome):
        return "silent"
    return "missed" if swap else "as marked"


def measure(n_people: int, first: int = 0) -> dict[tuple[str, str], Counter[str]]:
    """Run every case of every kit for so many people."""
    table: dict[tuple[str, str], Counter[str]] = {}
    for kit, swaps in SWAPS.items():
        for case, swap in {"as marked": dict[Site, Site](), **swaps}.items():
            counter: Counter[str] = Counter()
            for seed in range(first, first + n_people):
                check, renamed = run_check(kit, swap, seed)
                counter[classify(check, renamed, swap)] += 1
            table[kit, case] = counter
    return table


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=100, metavar="N")
    parser.add_argument("--first", type=int, default=0, metavar="SEED")
    arguments = parser.parse_args()
    table = measure(arguments.people, arguments.first)
    words = ("as marked", "found", "missed", "wrong", "alarm", "unclear", "silent")
    print(f"\nWho is who, of {arguments.people} simulated people each")
    print(f"{'kit':<10} {'put on':<10}" + "".join(f"{word:>11}" for word in words))
    for (kit, case), counter in table.items():
        print(f"{kit:<10} {case:<10}" + "".join(f"{counter[word]:>11}" for word in words))
    swaps = [counter for (_, case), counter in table.items() if case != "as marked"]
    clean = [counter for (_, case), counter in table.items() if case == "as marked"]
    found, total = sum(each["found"] for each in swaps), sum(sum(each.values()) for each in swaps)
    alarms, n_clean = sum(each["alarm"] for each in clean), sum(sum(each.values()) for each in clean)
    print(
        f"found and named {100 * found / total:.1f} of 100 exchanges; false alarms {100 * alarms / n_clean:.1f} of 100"
    )


if __name__ == "__main__":
    main()
