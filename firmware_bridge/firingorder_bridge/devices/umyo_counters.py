"""How far a uMyo's two wrapping counters went: packets modulo 129, blocks modulo 256, and the time it took. No I/O.

A unit makes a packet of each block, unless its main loop was late: then it leaves blocks out, rarely and few at once.
So packets and blocks advance together, but for a few, and only one of the many advances that each counter allows for
itself fits both: together they count 33024 blocks, four minutes. The time between the arrivals chooses among those. A
radio's stall hides seconds of time but moves no counter, and is no loss.
"""

N_PACKETS, N_BLOCKS = 129, 256
#: Blocks that a unit may leave out in one go: erasing a page of its flash takes 85 ms (nRF52832 specification). Where
#: many are missing anyway, one: so many more advances would fit by chance.
SKIPPED_MAX, SKIPPED_LATE, FEW = 16, 1, 32
#: What a stall may hold back, 5 s of blocks, and what it may let go at once while later ones are lost, 1 s (J).
HELD, LET_GO = 700.0, 140.0
#: Nominal period against the true one, 5 %, as in `loss.py`.
RATE_SHARE = 0.05
#: A unit that is switched on needs longer than this before it samples, and counts both from 0.
BOOT = 140.0


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
    >>> advance(1, 1, 300.0), advance(43, 45, 301.0), advance(42, 45, 301.0), advance(1, 129, 1.0)
    ((1, 0), (301, 0), (301, 1), None)
    """
    low, high = elapsed * (1.0 - RATE_SHARE) - HELD, elapsed * (1.0 + RATE_SHARE) + LET_GO
    best: tuple[float, int, int] | None = None
    turns = max(int((low - n_blocks) // N_BLOCKS), 0)
    for blocks in range(n_blocks + N_BLOCKS * turns, int(high) + 1, N_BLOCKS):
        skipped = (blocks - n_packets) % N_PACKETS
        most = SKIPPED_MAX if blocks <= FEW else SKIPPED_LATE
        if skipped > min(most, max(blocks - 1, 0)):
            continue
        # A unit that left out nothing is likelier than one that arrived a little more on time.
        cost = abs(blocks - elapsed) + skipped * HELD
        if best is None or cost < best[0]:
            best = cost, blocks, skipped
    return None if best is None else best[1:]


def looks_new(packet: int, block: int, elapsed: float) -> bool:
    """Tell whether a unit was switched on anew: after a silence its counters are still alike, as from 0 on."""
    return elapsed > BOOT and 0 <= block - packet <= 1
