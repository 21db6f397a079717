"""The test that the demo runs: prone hip extension as it is, or with other numbers and then under another name."""

import re

from firingorder_session.protocols.catalogue import find_protocol, read_protocol_text
from firingorder_session.protocols.protocol_file import parse_protocol
from firingorder_session.protocols.protocol_plan import Protocol

#: The test, and what it is called with other numbers: two tests of one name would be taken for one another.
TEST, OTHER_NAME = "prone_hip_extension", "prone_hip_extension_demo"


def demo_protocol(lifts: int | None, rest_s: float | None) -> Protocol:
    """Return the test, with another number of lifts or another rest between them where these are given.

    Examples
    --------
    >>> demo_protocol(None, None).name
    'prone_hip_extension'
    >>> short = demo_protocol(2, 3.5)
    >>> short.name, short.wanted, short.rest_between_s
    ('prone_hip_extension_demo', 2, 3.5)
    """
    plain = find_protocol(TEST)
    changed = {"wanted": lifts, "between_lifts_s": rest_s}
    usual = {"wanted": plain.wanted, "between_lifts_s": plain.rest_between_s}
    numbers = {key: value for key, value in changed.items() if value is not None and value != usual[key]}
    if not numbers:
        return plain
    # The recording keeps the text, and is judged by it again: the numbers are changed there.
    text = read_protocol_text(TEST)
    for key, value in {"name": f'"{OTHER_NAME}"', **numbers}.items():
        text = re.sub(rf"^{key} = \S+", f"{key} = {value}", text, count=1, flags=re.MULTILINE)
    return parse_protocol(text, "the demo's test")
