# make report and make test each work as the first command after git clone.
# Needs Python 3.11 or newer and a package registry; nothing else.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
unexport PYTHONDONTWRITEBYTECODE
# Small matrices: threads that wait for each other cost more than they bring.
export OPENBLAS_NUM_THREADS ?= 1

.PHONY: report test validate lint types check lock notebook bench clean help

report: $(STAMP) ## run both example editions and publish their reports
	$(BIN)/hotline-index simulate editions/demo --if-absent
	$(BIN)/hotline-index run editions/demo
	$(BIN)/hotline-index run editions/2021
	@echo
	@echo "The reports are ready. 报告已生成："
	@echo "  editions/2021/publication/index.html   report.pdf   (real, published results of 2021)"
	@echo "  editions/demo/publication/index.html   report.pdf   (simulated campaign)"

test: $(STAMP) ## run every test
	$(BIN)/python -m pytest -n 2

validate: $(STAMP) ## count what intervals, ranks and grades promise (slow), into docs/validation.md
	$(BIN)/hotline-index simulate editions/demo --if-absent
	$(BIN)/python -m tests.validation

lint: $(STAMP) ## style
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(STAMP) ## types
	$(BIN)/pyright

check: lint types test ## lint, types and tests

notebook: $(STAMP) ## open the notebooks
	$(BIN)/jupyter lab notebooks

bench: $(STAMP) ## benchmarks
	$(BIN)/python -m benchmarks

lock: $(STAMP) ## renew requirements.lock
	$(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--no-emit-find-links --custom-compile-command "make lock" --extra dev --quiet --upgrade \
		pyproject.toml -o requirements.lock

$(STAMP): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "hotline-index needs Python 3.11 or newer; set PYTHON=…"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --disable-pip-version-check --quiet --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --disable-pip-version-check --quiet --no-deps --no-build-isolation -e .
	$(BIN)/python -m compileall -q -j 0 $(VENV)/lib survey indicators analysis report hotline_index || true
	touch $(STAMP)

clean: ## remove what was made
	rm -rf $(VENV) editions/*/results editions/*/publication editions/demo/data

help: ## this list
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/'
