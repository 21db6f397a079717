"""The patient and the room: what all sensors share. Nothing in here knows a sensor, a clock error or a byte."""

from .chance import generator
from .interference import Heart
from .muscle import Muscle, Tape
from .settings import SetParams
from .timeline import Timeline

# The other leg draws from its own seeds: far from those of the patients next in number, and of later sets.
OTHER_LEG_SEED = 500_009


class World:
    """A patient's muscles, heart and movements on one exact clock, world seconds from 0.

    Parameters
    ----------
    seed, noise_seed
        The first plans the lifts; the second, which is the first unless it is given, makes everything else.
    grid_hz
        Grid on which the muscles are rendered. Twice the sensors' rate keeps interpolation far from the EMG band.

    Attributes
    ----------
    other
        The same patient's other leg, where sensors are on both: one heart, one pelvis.
    """

    def __init__(self, params: SetParams, seed: int, grid_hz: float, noise_seed: int | None = None) -> None:
        self.params = params
        self.other: World | None = None
        self.seed = seed if noise_seed is None else noise_seed
        self.timeline = Timeline(params, seed)
        self.heart = Heart(self.seed)
        self.tapes = {
            name: Tape(Muscle(name, muscle, params.interference.tonic, self.timeline, grid_hz, self.seed))
            for name, muscle in params.muscles.items()
        }

    def add_leg(self, params: SetParams, grid_hz: float) -> "World":
        """Return the other leg of this patient, whose lifts and noise are its own."""
        leg = World(params, self.timeline.seed + OTHER_LEG_SEED, grid_hz)
        leg.heart = self.heart
        leg.other, self.other = self, leg
        return leg

    def boot_id(self, sensor: str, boots: int) -> int:
        """Draw the random number by which a sensor names one run of its clock."""
        return int(generator(self.seed, "boot", sensor, boots).integers(1, 1 << 32))
