"""What is typed for a sensor: which kind and device it means, or one line saying what is wrong and what there is."""

import pytest

from firingorder_bridge.descriptors import code_of
from firingorder_bridge.devices.catalogue import EXAMPLES, KINDS, make_decoder, open_address, read_address
from firingorder_bridge.errors import DeviceNotFound
from firingorder_bridge.links.serial_link import SerialLink
from firingorder_signal.blocks import Site

GLUTE = "gluteus_maximus/right"
#: Of every kind of address, with the name that sites are given by.
ADDRESSES = ["/dev/ttyACM0", *EXAMPLES.values()]


def refusal(address: str) -> str:
    """Return the line that refuses an address."""
    with pytest.raises(DeviceNotFound) as refused:
        open_address(address)
    text = str(refused.value)
    assert "\n" not in text
    return text


def with_setting(address: str, setting: str) -> str:
    """Add a setting to an address."""
    return f"{address}{'&' if '?' in address else '?'}{setting}"


def test_each_kind_has_an_example_that_opens() -> None:
    assert list(EXAMPLES) == list(KINDS)
    for kind, example in EXAMPLES.items():
        assert read_address(example).kind == kind
        assert open_address(example).name


def test_an_unknown_kind_is_told_with_the_nearest_and_all_there_are() -> None:
    text = refusal("bitalinx:/dev/rfcomm0")
    assert "nearest is 'bitalino'" in text
    assert ", ".join(KINDS) in text


def test_nothing_near_is_not_guessed() -> None:
    assert "nearest" not in refusal("zzz:/dev/rfcomm0")


@pytest.mark.parametrize("port", ["/dev/serial/by-path/pci-0000:00:14.0-usb-0:2:1.0", "COM3", "/dev/ttyACM0"])
def test_a_port_may_hold_colons(port: str) -> None:
    assert read_address(port) == ("", port, {})


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "lsl"])
@pytest.mark.parametrize("where", ["", ":", "?", "//"])
def test_an_address_of_no_device_is_refused_with_an_example(kind: str, where: str) -> None:
    assert EXAMPLES[kind] in refusal(f"{kind}:{where}")


@pytest.mark.parametrize("address", ["", "?sites=thigh", "::"])
def test_so_is_none_at_all(address: str) -> None:
    assert refusal(address)


@pytest.mark.parametrize("address", ADDRESSES)
def test_sites_are_known_to_every_kind(address: str) -> None:
    sites = f"1a2b:{GLUTE}" if address.startswith("umyo:") else GLUTE
    assert open_address(with_setting(address, f"sites={sites}")).name
    assert "expected one of" in refusal(with_setting(address, f"sites={sites}".replace("gluteus", "gluteous")))
    assert "expected gluteus_maximus/left or" in refusal(with_setting(address, f"sites={sites}".replace("right", "up")))


@pytest.mark.parametrize("address", ADDRESSES)
def test_an_unknown_setting_is_named_with_those_there_are(address: str) -> None:
    text = refusal(with_setting(address, "sights=1"))
    assert "no setting 'sights'; known are " in text
    assert "sites" in text


def test_a_value_that_a_recording_could_not_keep_is_refused() -> None:
    assert "space" in refusal("bitalino:/dev/rfcomm0?id=my unit")


def test_sites_on_a_cable_leave_the_ports_name_alone() -> None:
    link = open_address(f"/dev/ttyACM0?sites={GLUTE}&segment=thigh/right")
    assert isinstance(link, SerialLink)
    assert link.name == "/dev/ttyACM0"
    assert link.speech == f"cobs segment=thigh/right sites={GLUTE}"


def test_a_recording_is_decoded_with_the_sites_it_was_made_with() -> None:
    decoder = make_decoder("p", f"cobs segment=thigh/right sites={GLUTE}", 0)
    assert decoder.places.sites == (code_of(Site.parse(GLUTE)),)
    assert decoder.places.segment == code_of(Site.parse("thigh/right"))
    assert decoder.framing.value == "cobs"


def test_two_segments_are_one_too_many() -> None:
    assert "one part of the body" in refusal("/dev/ttyACM0?segment=thigh/right,shank/right")
