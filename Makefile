# One word per task, the same for people and for CI. Needs python3 >= 3.11 and make; everything else comes with
# requirements.lock into .venv.

PYTHON ?= python3
BIN := .venv/bin
PACKAGES := contracts backbone services/intake services/routing services/accountability services/gateway deploy/local
INSTALLED := .venv/installed
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input --quiet --quiet
CHECKS := check-format check-lint check-types check-imports check-dependencies check-lock check-contracts \
	check-transitions

.PHONY: up test test-fast explore story check $(CHECKS) contracts transitions format bench image lock clean
.DEFAULT_GOAL := up

up: $(INSTALLED)  ## run the whole system until Ctrl-C; PORT and CHUISHAO_DATA change where
	@exec $(BIN)/chuishao up

test: $(INSTALLED)  ## every test, with servers of their own
	$(BIN)/pytest

test-fast: $(INSTALLED)  ## domain, contracts and architecture: seconds
	$(BIN)/pytest tests/domain tests/contracts tests/architecture

explore: $(INSTALLED)  ## the random walks of the domain, other ones each time
	$(BIN)/pytest --hypothesis-profile=default --hypothesis-seed=random tests/domain -k "walks or oracle"

story: $(INSTALLED)  ## one county week on a system of its own: what it exercised, and what is missing
	$(BIN)/python -m tests.story

check: $(CHECKS)  ## format, lint, types, import rules, dependencies, lock, contracts and transitions

check-format: $(INSTALLED)
	$(BIN)/ruff format --check

check-lint: $(INSTALLED)
	$(BIN)/ruff check

check-types: $(INSTALLED)
	$(BIN)/mypy

check-imports: $(INSTALLED)
	$(BIN)/lint-imports --no-logo

check-dependencies: $(INSTALLED)
	@for package in $(PACKAGES); do \
		echo "deptry $$package"; \
		$(BIN)/deptry --no-ansi $$package/src --config $$package/pyproject.toml || exit 1; \
	done

check-lock:
	@grep -q "requirements.in sha256:$$(sha256sum < requirements.in | cut -c1-64)" requirements.lock \
		|| { echo "requirements.lock is older than requirements.in: make lock"; exit 1; }

check-contracts: $(INSTALLED)
	$(BIN)/python -m chuishao.contracts_files --check

contracts: $(INSTALLED)  ## write the schemas, samples, SDL, OpenAPI and AsyncAPI that changed
	$(BIN)/python -m chuishao.contracts_files

check-transitions: $(INSTALLED)
	$(BIN)/python -m tests.domain.transitions --check

transitions: $(INSTALLED)  ## write what every command does in every state
	$(BIN)/python -m tests.domain.transitions

format: $(INSTALLED)  ## let ruff put everything into form
	$(BIN)/ruff format
	$(BIN)/ruff check --fix

bench: $(INSTALLED)  ## measure appends, commands and queries on this machine
	set -e; for script in tests/bench/bench_*.py; do PYTHONPATH=. $(BIN)/python $$script; done

image:  ## the one container image of all services
	docker build --file deploy/Dockerfile --tag chuishao .

lock:  ## resolve requirements.in anew; the only task that needs uv
	@command -v uv >/dev/null || { echo "make lock needs uv: $(PYTHON) -m pip install uv"; exit 1; }
	uv pip compile requirements.in --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--custom-compile-command "make lock  # requirements.in sha256:$$(sha256sum < requirements.in | cut -c1-64)" \
		--output-file requirements.lock

clean:  ## remove what make made, but not the data
	rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache

# pip checks every hash; our own packages are then linked, without asking any index.
$(INSTALLED): requirements.lock $(PACKAGES:%=%/pyproject.toml)
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "$(PYTHON) must be Python 3.11 or newer: PYTHON=python3.12 make ..."; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv \
		|| { echo "$(PYTHON) cannot make a virtual environment (on Debian: apt install python3-venv)"; exit 1; }
	@echo "installing requirements.lock into .venv"
	@$(PIP) install --require-hashes --requirement requirements.lock
	@$(PIP) install --no-deps --no-build-isolation $(PACKAGES:%=--editable %)
	@touch $@
