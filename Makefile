# make demo | test | bench | firmware: each sets up what it needs, in .venv, and nothing outside it but the system libraries Qt needs.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PEERS := .venv-peers

.PHONY: help demo test check lint mypy basedpyright bench bench-onset firmware clean

help:
	@echo "make demo    six simulated lifts through the whole chain: sensors, recording, window (or a screenshot without a display)"
	@echo "make test    linters, type checks and all tests"
	@echo "make check   linters and type checks alone"
	@echo "make bench   measure everything the README quotes, beside the classic rule (about 40 minutes)"
	@echo "make bench-onset   onsets beside other people's packages on the same trials; writes docs/onset_benchmark.md (10 minutes)"
	@echo "make firmware   compile the reference firmware for the emulated board (firmware_bridge/reference/README.md)"
	@echo "make clean   remove the virtual environment and caches"

$(VENV)/.runtime: pyproject.toml tools/setup.sh tools/system_packages.py
	@PYTHON=$(PYTHON) tools/setup.sh $(VENV) runtime

$(VENV)/.test: pyproject.toml tools/setup.sh tools/system_packages.py
	@PYTHON=$(PYTHON) tools/setup.sh $(VENV) test

demo: $(VENV)/.runtime
	@$(BIN)/firingorder demo

# The two type checkers take a minute each, side by side.
check: lint
	@$(MAKE) -j2 mypy basedpyright

lint: $(VENV)/.test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports

mypy basedpyright: $(VENV)/.test
	$(BIN)/$@

# Three workers even on two cores: a good part of the tests waits for real time.
test: check
	$(BIN)/python -m pytest -n 3

bench: $(VENV)/.test
	$(BIN)/python -m benchmarks

$(PEERS)/.peers: benchmarks/peers/requirements.txt tools/setup_peers.sh
	@PYTHON=$(PYTHON) tools/setup_peers.sh $(PEERS)

bench-onset: $(VENV)/.runtime $(PEERS)/.peers
	$(BIN)/python -m benchmarks.onset --write docs $(ARGS)

firmware: $(VENV)/.test
	$(MAKE) -C firmware_bridge/reference/bare_metal

clean:
	$(MAKE) -s -C firmware_bridge/reference/bare_metal clean
	rm -rf $(VENV) $(PEERS) .pytest_cache .mypy_cache .ruff_cache .hypothesis build dist
