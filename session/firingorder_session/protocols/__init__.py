"""Tests as data: read strictly from TOML, found by name."""
