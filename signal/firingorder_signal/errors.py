"""The root of every error this project raises on purpose, and the branch of the signal core."""


class FiringOrderError(Exception):
    """Anything FiringOrder refuses; its text says what was expected, what came and what to do."""


class SignalError(FiringOrderError):
    """A signal that cannot be analysed at all, such as one without samples."""
