"""The contract of every streaming stage: one algorithm behind two doors, and a state that can be read and put back.

`update(block)` is the algorithm; `process(recording)` calls it. What comes out depends on the samples alone: any
chopping of a recording into blocks gives the same bits. `tests/checks.py` holds every stage to it.

A stage's state is all its attributes, by name. Reading it copies them, putting it back copies them again, and pickle
writes them down; a stage with a state put back goes on exactly where the one it was read from stood.
"""

from abc import abstractmethod
from copy import deepcopy
from typing import ParamSpec, Protocol, Self, TypeVar

Block = ParamSpec("Block")
Result = TypeVar("Result", covariant=True)

#: Attribute -> value: everything a run has changed, and the settings it runs with.
StageState = dict[str, object]


class Resumable(Protocol):
    """Something with a past: what it remembers can be read, saved and put back."""

    @property
    def state(self) -> StageState:
        """A copy of everything it remembers; it pickles."""
        return deepcopy(vars(self))

    @state.setter
    def state(self, state: StageState) -> None:
        vars(self).clear()
        vars(self).update(deepcopy(state))


class Stage(Resumable, Protocol[Block, Result]):
    """A step of the chain: `Stage[[FloatArray, int], list[Event]]` takes rows and the number of the first of them.

    Inherit from it to get `process` and `state`.

    Notes
    -----
    What a block is differs from stage to stage (rows; rows and their sample number; a `SampleBlock`), hence the
    parameter specification. A stage that holds rows back has a `finish` of its own, which `process` must call.
    """

    @property
    @abstractmethod
    def delay_s(self) -> float:
        """How long after a sample what the stage says of it is known, seconds."""
        ...

    @abstractmethod
    def update(self, *block: Block.args, **options: Block.kwargs) -> Result:
        """Take the next samples; return what is now known. The input is not changed."""
        ...

    @abstractmethod
    def reset(self) -> Self:
        """Forget everything, as if new, and return self."""
        ...

    def process(self, *recording: Block.args, **options: Block.kwargs) -> Result:
        """Take a whole recording, from its beginning, and return all there is to know of it."""
        return self.reset().update(*recording, **options)
