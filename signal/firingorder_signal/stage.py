"""What every streaming stage offers: one algorithm, two doors."""

from typing import Protocol, Self, TypeVar

from .blocks import FloatArray

Output = TypeVar("Output", covariant=True)


class Stage(Protocol[Output]):
    """A step that carries its state from block to block.

    Contract: the input is not mutated; any chopping of the samples gives
    bit-identical output; the stage pickles, and a restored one goes on exactly where it was; `reset` equals new.
    """

    @property
    def delay_s(self) -> float:
        """How far the output lags the input, seconds."""
        ...

    def update(self, values: FloatArray) -> Output:
        """Take the next samples, shape (n_samples, n_channels), and return what is now known."""
        ...

    def reset(self) -> Self:
        """Forget everything and return self."""
        ...
