"""The clock table runs, and its goals hold on a few pairs."""

from benchmarks.clocks import ROWS, rms_ms, run_pairs, write_row


def test_a_row_meets_its_goal_and_is_covered() -> None:
    name = "19.7 ms, 15 ms"
    found = run_pairs(ROWS[name], n_pairs=4, first_seed=500)
    assert rms_ms(found.apart_s[:, 1]) <= 0.5
    assert rms_ms(found.apart_s[:, 2]) <= 0.4
    assert found.covered >= 0.9
    assert found.refined_covered >= 0.9
    assert rms_ms(found.refined_s) <= 0.4
    assert write_row(name, found)[0] == name
