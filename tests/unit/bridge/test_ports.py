"""The list of serial ports: of this machine, whatever it has."""

from firingorder_bridge.ports import SENSOR_VENDORS, PortInfo, find_ports


def test_ports_are_listed_likely_sensors_first() -> None:
    ports = find_ports()
    assert all(isinstance(port, PortInfo) for port in ports)
    assert ports == sorted(ports, key=lambda port: (not port.likely, port.device))


def test_a_port_is_likely_by_its_vendor_alone() -> None:
    assert all(port.likely is (port.vendor_id in SENSOR_VENDORS) for port in find_ports())
