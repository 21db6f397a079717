"""A radio without a radio: a virtual controller with sensors in other processes, and a stand-in for BlueZ."""
