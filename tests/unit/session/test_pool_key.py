"""Sets of another test, cue, knee or side are never taken together."""

from dataclasses import replace

import pytest

from firingorder_session.protocols.catalogue import find_protocol, protocol_names, read_protocol_text
from firingorder_session.protocols.pool_key import PoolKey, may_pool, pool_key
from firingorder_session.protocols.protocol_file import parse_protocol
from firingorder_signal.blocks import Side

PLAIN = find_protocol("prone_hip_extension")


def test_sets_of_one_test_and_side_are_pooled() -> None:
    assert may_pool(pool_key(PLAIN, Side.LEFT), pool_key(PLAIN, Side.LEFT))


def test_sides_are_not_pooled_and_a_side_not_known_with_none() -> None:
    assert not may_pool(pool_key(PLAIN, Side.LEFT), pool_key(PLAIN, Side.RIGHT))
    assert not may_pool(pool_key(PLAIN, Side.MIDDLE), pool_key(PLAIN, Side.MIDDLE))


@pytest.mark.parametrize("other", ["_glute_cue", "_knee_bent", "_knee_bent_glute_cue"])
def test_a_cue_or_a_bent_knee_is_another_test(other: str) -> None:
    protocol = find_protocol(f"prone_hip_extension{other}")
    assert not may_pool(pool_key(PLAIN, Side.LEFT), pool_key(protocol, Side.LEFT))
    # Also where somebody's file gives it the same name.
    assert not may_pool(pool_key(PLAIN, Side.LEFT), pool_key(replace(protocol, name=PLAIN.name), Side.LEFT))


def test_other_words_are_another_cue_whatever_the_file_says_of_the_muscle() -> None:
    text = read_protocol_text(PLAIN.name)
    coaxed = parse_protocol(text.replace("Lift the left leg", "Tighten your seat and lift the left leg"), "mine.toml")
    assert coaxed.muscle_cue == ""
    assert not may_pool(pool_key(PLAIN, Side.LEFT), pool_key(coaxed, Side.LEFT))


def test_another_language_added_changes_nothing() -> None:
    text = read_protocol_text(PLAIN.name) + '\n[cue.fr]\nboth = "Lever une jambe"\n'
    assert may_pool(pool_key(PLAIN, Side.LEFT), pool_key(parse_protocol(text, "mine.toml"), Side.LEFT))


def test_a_key_can_be_read() -> None:
    text = str(pool_key(find_protocol("prone_hip_extension_glute_cue"), Side.RIGHT))
    assert text.startswith("prone_hip_extension_glute_cue/cue-glute-")
    assert text.endswith("/knee-straight/right")


@pytest.mark.parametrize("name", protocol_names())
@pytest.mark.parametrize("side", Side)
def test_a_written_key_is_read_back(name: str, side: Side) -> None:
    key = pool_key(find_protocol(name), side)
    assert PoolKey.parse(str(key)) == key
