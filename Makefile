# make demo   see xmppspy at work; needs Python 3.11 or newer and nothing else
# make test   lint, types, and every test, also those against real servers and clients
# make bench  measure beside peers, an hour; CASE=pingpong one case, QUICK=1 all of them in minutes
# make fuzz   made-up input for all that reads, and for the accelerator; SECONDS=600 each;
#             JOBS=2 in so many processes at once;
#             GUIDED=1 by coverage, with atheris, and what it found is kept in fuzz/corpus
# make lowest the tests without real servers, with the oldest libraries that pyproject.toml allows
# make soak   the long part of tests/faults, an hour
# make clean  remove what the other targets made

VENV = .venv
BIN = $(VENV)/bin
NODE_MODULES = tests/real/node/node_modules/.package-lock.json

.PHONY: demo test check lint venv peers bench fuzz lowest soak clean

demo: $(VENV)/installed
	$(COMPILE)
	$(BIN)/xmppspy demo

# A file at a time on each core: what a file sets up is set up once.
PARALLEL = -n auto --dist loadfile

test: lint peers
	$(BIN)/pytest $(PARALLEL)

# The same without the real servers and clients: seconds instead of minutes.
check: lint
	$(BIN)/pytest $(PARALLEL) -m "not real"

lint: venv
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	scripts/check-accelerator.sh $(BIN)/python

venv: $(VENV)/installed-dev
	$(COMPILE)

# The servers and clients of tests/real. What cannot be had is said, and its tests skip.
peers: $(NODE_MODULES)
	scripts/debian-packages.sh prosody prosody-modules ejabberd python3-nbxmpp profanity go-sendxmpp tmux openssl

# Python's own allocator would hide from the sanitizer what is read beyond an object.
SECONDS = 60
JOBS = 1
FUZZED = build/fuzz/_accelerator.so
fuzz: venv
	scripts/sanitized.sh $(BIN)/python $(FUZZED)
	LD_PRELOAD="$$($${CC:-cc} -print-file-name=libasan.so) $$($${CC:-cc} -print-file-name=libubsan.so)" \
		ASAN_OPTIONS=detect_leaks=0 PYTHONMALLOC=malloc \
		$(BIN)/python -m scripts.fuzz_accelerator $(FUZZED) $(SECONDS)
	$(if $(GUIDED),$(BIN)/python -m pip install --quiet atheris)
	$(BIN)/python -m fuzz --seconds $(SECONDS) --jobs $(JOBS) $(if $(GUIDED),--guided --keep)

LOWEST = build/lowest
lowest: $(BIN)/python
	scripts/make-venv.sh $(LOWEST)
	$(LOWEST)/bin/python -m pip install --quiet uv
	$(LOWEST)/bin/uv pip install --quiet --python $(LOWEST)/bin/python --resolution lowest-direct \
		--config-setting editable_mode=compat --editable ".[dev]"
	$(LOWEST)/bin/pytest $(PARALLEL) -m "not real" --ignore tests/real \
		--deselect tests/test_docs.py::test_cli_reference_is_fresh

# Its figures are those of docs/reliability.md.
soak: venv
	XMPPSPY_SOAK=1 $(BIN)/pytest -s --timeout 3600 tests/faults

# All cases go to docs/benchmarks.md; one case, or a quick look, is only printed.
bench: venv
	scripts/debian-packages.sh nginx libnginx-mod-stream sslsplit tshark socat
	scripts/mitmproxy.sh build/benchmarks/mitmproxy
	$(BIN)/python -m benchmarks $(CASE) $(if $(QUICK),--quick) \
		$(if $(CASE)$(QUICK),,--write docs/benchmarks.md)

$(BIN)/python:
	scripts/make-venv.sh $(VENV)

# What is installed is the folder itself, by its path: the other way would cost every start 20 ms.
INSTALL = $(BIN)/python -m pip install --quiet --config-settings editable_mode=compat --editable
# An installed package is compiled; this one is too, also where Python is told to write no bytecode.
COMPILE = @$(BIN)/python -m compileall -q xmppspy
BUILT_FROM = pyproject.toml setup.py $(wildcard accelerator/*)

$(VENV)/installed: $(BUILT_FROM) | $(BIN)/python
	$(INSTALL) .
	touch $@

$(VENV)/installed-dev: $(BUILT_FROM) | $(BIN)/python
	$(INSTALL) ".[dev,real]"
	touch $@ $(VENV)/installed

$(NODE_MODULES): tests/real/node/package-lock.json | venv
	scripts/node-modules.sh $(BIN)/python tests/real/node

clean:
	rm -rf $(VENV) tests/real/node/node_modules .mypy_cache .ruff_cache .pytest_cache .hypothesis
	rm -rf build dist xmppspy.egg-info xmppspy/protocol/_accelerator*.so
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
