"""How far a uMyo's two wrapping counters went: packets modulo 129, blocks modulo 256, and the time it took. No I/O.

A unit makes a packet of each block, unless its main loop was late: then it leaves blocks out, rarely and few at once.
So packets and blocks advance together, but for a few, and only one of the many advances that each counter allows for
itself fits both: together they count 33024 blocks, four minutes. The time between the arrivals chooses among those. A
radio's stall hides seconds of time but moves no counter, and is no loss.
"""

N_PACKETS, N_BLOCKS = 129, 256
#: Blocks that a unit may have left out in one go (J): more is a number that was damaged, or a unit that began anew.
SKIPPED_MAX = 3
#: What a radio or a host may have held back or have let go at once: 5 s of blocks.
HELD_BLOCKS = 700.0
#: Nominal period against the true one, 5 %, as in `loss.py`.
RATE_SHARE = 0.05


def advance(n_packets: int, n_blocks: int, elapsed: float) -> tuple[int, int] | None:
    """Return how many blocks a unit is further and how many of them it left out; None where the counters disagree.

    Parameters
    ----------
    n_packets, n_blocks
        How far the counters moved, modulo 129 and 256.
    elapsed
        Time between the arrivals, in nominal blocks.

    Examples
    --------
    >>> advance(1, 1, 300.0), advance(44, 45, 301.0), advance(1, 129, 1.0)
    ((1, 0), (301, 1), None)
    """
    low, high = elapsed - _slack(elapsed), elapsed + _slack(elapsed)
    best: tuple[float, int, int] | None = None
    for blocks in range(n_blocks + N_BLOCKS * max(int((low - n_blocks) // N_BLOCKS), 0), int(high) + 1, N_BLOCKS):
        skipped = (blocks - n_packets) % N_PACKETS
        if skipped > min(SKIPPED_MAX, max(blocks - 1, 0)):
            continue
        # A unit that left out nothing is likelier than one that arrived a little more on time.
        cost = abs(blocks - elapsed) + skipped * HELD_BLOCKS
        if best is None or cost < best[0]:
            best = cost, blocks, skipped
    return None if best is None else best[1:]


def _slack(elapsed: float) -> float:
    """Return by how many blocks the time may be wrong."""
    return HELD_BLOCKS + RATE_SHARE * elapsed
