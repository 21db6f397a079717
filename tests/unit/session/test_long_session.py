"""A session of hours, at fifty times its speed: of what has been judged only the lifts stay, of the signals nothing."""

from dataclasses import replace

from tests.kept import Kept, count_kept

from firingorder_bridge.events import Samples, StreamDescribed
from firingorder_bridge.virtual.sets import simulate_set
from firingorder_bridge.virtual.settings import SetParams
from firingorder_gui.model import ViewModel
from firingorder_session.acquiring.roll_call import Expected
from firingorder_session.running.live_analysis import LiveAnalysis
from firingorder_session.running.phases import PhaseTable
from firingorder_signal.pipeline import PipelineParams
from firingorder_signal.results import Lift

PARAMS = SetParams(n_lifts=4, rest_s=3.0)
BLOCK_S = 0.5
#: A set of 38 s is played so often. What is collected and then given up has come round in three of them: of the first
#: three after the histories are full and of the last three the most counts.
N_ROUNDS, N_TURN = 15, 3
#: A lift is listed by its number twice in the view.
THINGS_A_LIFT = 2
#: Rounds still differ by what waits at their ends, a few blocks; one thing a second kept would be 340.
FEW_THINGS, FEW_BYTES = 30, 64_000


def test_a_running_test_keeps_nothing_but_its_lifts() -> None:
    simulated = simulate_set(PARAMS, seed=4)
    lengths = {stream.stream_id: len(values) for stream, values in simulated.streams()}
    blocks = simulated.to_blocks(BLOCK_S)
    live = LiveAnalysis(PipelineParams(says_provisional=True), PhaseTable(3.0, 1000), Expected(2))
    view = ViewModel()
    live.take([StreamDescribed(stream) for stream, _ in simulated.streams()])
    kept: list[Kept] = []
    for number in range(N_ROUNDS):
        for block in blocks:
            first = block.first_index + number * lengths[block.stream.stream_id]
            view.feed(live.take([Samples(replace(block, first_index=first))]))
        kept.append(count_kept(live, view, leaving_out=(Lift,)))
    assert len(view.lifts) == N_ROUNDS * PARAMS.n_lifts
    early, late = kept[N_TURN : 2 * N_TURN], kept[-N_TURN:]
    n_lifts = PARAMS.n_lifts * (N_ROUNDS - 2 * N_TURN)
    things = max(each.things for each in late) - max(each.things for each in early)
    assert things - THINGS_A_LIFT * n_lifts < FEW_THINGS
    assert max(each.n_bytes for each in late) - max(each.n_bytes for each in early) < FEW_BYTES
