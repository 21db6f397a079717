"""Devices that do not exist: their real bytes through a real pseudo-terminal, socket or virtual radio."""
