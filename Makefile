# Everything a person or CI does with this repository. `make help` lists the targets.
SHELL := /bin/bash
.DEFAULT_GOAL := help

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/.ready
ORACLE := $(VENV)/.oracle
SAMPLE ?= samples/payment-dr
SAMPLES ?= samples
JOBS   ?= 2
RULES  ?=
N      ?= 150
FROM   ?= 0
MIN    ?= 8
EXTRAS ?= dev
MANY   ?= 20000
MOMENTS ?= 20

# Paths may hold what they will: they go to the shell as variables.
export SAMPLE SAMPLES OUT BASE MIN
# Python keeps what it compiled: who runs a target, and the tests, start the program again and again.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: facts schemas verify-test differential help setup report batch gate test robust check format goldens terraform-cases terraform-functions docs figures readback audit templates-bench screenshots bench scale fuzz wheel clean

help: ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  \1|\2/' | column -t -s '|'

setup: $(READY) ## make a local .venv with everything that is needed

$(READY): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo 'reviewgen needs Python 3.11 or newer; call make PYTHON=python3.12 ...' >&2; exit 2; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[$(EXTRAS)]'
	@touch $@

$(ORACLE): $(READY) # libraries to talk to a running provider; no part of the program or its tests needs them
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[oracle]'
	@touch $@

report: $(READY) ## write document and review.json of one sample: make report [SAMPLE=path] [OUT=path]
	@$(BIN)/reviewgen report "$$SAMPLE" --output "$${OUT:-out/$$(basename -- "$$SAMPLE")}/"

batch: $(READY) ## write documents and reviews of many samples: make batch [SAMPLES=path] [OUT=path] [JOBS=2]
	@$(BIN)/reviewgen batch "$$SAMPLES" --output "$${OUT:-out/batch}" --jobs $(JOBS)

# Each condition is looked at, so that one run tells all; make itself ends with 2.
gate: $(READY) ## fail on a learning value under MIN, on blockers that IDEAL has, on what is worse than an earlier run BASE: make gate [SAMPLES=path] [OUT=path] [MIN=8] [BASE=path]
	@out="$${OUT:-out/batch}"; failed=0; \
	$(BIN)/reviewgen batch "$$SAMPLES" --output "$$out" --jobs $(JOBS) --fail-under "$$MIN" || failed=$$?; \
	[ $$failed -ne 2 ] || exit 2; \
	echo 'Samples with a blocker that IDEAL has:'; \
	$(BIN)/reviewgen select "$$out" --category blocker --status left --status introduced --status unmet --fail-on-match || failed=1; \
	[ -z "$$BASE" ] || $(BIN)/reviewgen compare "$$BASE" "$$out" --fail-on-regression || failed=1; \
	exit $$failed

test: $(READY) ## run the tests, in as many processes as jobs: make test [JOBS=2]
	@$(BIN)/python -m pytest -n $(JOBS) --dist worksteal

robust: $(READY) ## kill batches at random moments and let them go on, fill disks, damage caches: make robust [MOMENTS=20]
	@MOMENTS=$(MOMENTS) $(BIN)/python -m pytest tests/batch/test_robust.py

check: $(READY) ## lint, format, types and the direction of imports
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache

format: $(READY) ## reformat the code
	@$(BIN)/ruff check --fix --quiet . || true
	@$(BIN)/ruff format --quiet .

goldens: $(READY) ## refresh the expected documents of samples/ and tests/; read the diff before you commit it
	@REVIEWGEN_GOLDENS=write $(BIN)/python -m pytest -k golden

docs: $(READY) ## write the generated pages of docs/ again
	@$(BIN)/python -m tests.rules.pages
	@$(BIN)/python -m tests.packaging.knowledge
	@$(BIN)/python -m tests.render.view_page

figures: $(READY) ## measure how often rules fire and are repaired: make figures SAMPLES=path [RULES="slug ..."]; then make docs
	@$(BIN)/python -m tests.rules.figures $(SAMPLES) --jobs $(JOBS) --rules '$(RULES)'

terraform-cases: $(READY) ## ask the real Terraform again about tests/cases/validate: make terraform-cases [CASES="one two"]
	@$(BIN)/python -m tests.terraform.validate_cases $(CASES)

terraform-functions: $(READY) ## take the functions' signatures from the Terraform on this machine
	@$(BIN)/python -m tests.terraform.function_table

facts: $(ORACLE) ## ask the AWS provider on this machine what it checks, and write the table of facts: make facts [TYPES="aws_vpc ..."]
	@$(BIN)/python -m tests.oracle facts $(TYPES)

schemas: $(ORACLE) ## build the shipped schema bundles again: make schemas [PROVIDERS="random tls"]
	@$(BIN)/python -m tests.oracle schemas $(PROVIDERS)

verify-test: $(READY) ## run the real Terraform, the AWS provider and moto on trees of our own, where this machine has them; some minutes
	@VERIFY_TESTS=1 $(BIN)/python -m pytest tests/evidence/test_real.py

differential: $(READY) ## compare mutants of samples/ with the real Terraform: make differential [N=150] [FROM=0]
	@$(BIN)/python -m tests.differential $(N) --from $(FROM)

readback: $(READY) ## read the documents of all samples back: make readback [SAMPLES=path] [JOBS=2]
	@$(BIN)/python -m tests.documents $(SAMPLES) --jobs $(JOBS)

audit: $(READY) ## hold the samples' own MODEL_FAILURES.md against them: make audit SAMPLES=path [DRAW=seed]
	@$(BIN)/python -m tests.audit $(SAMPLES) --jobs $(JOBS) $(if $(DRAW),--draw '$(DRAW)')

screenshots: $(READY) ## take the pictures of the pages in docs/images again; needs Chromium
	@$(BIN)/python -m tests.pages.screenshots

templates-bench: $(READY) ## make a template of each sample's own MODEL_FAILURES.md and measure it: make templates-bench SAMPLES=path
	@$(BIN)/python -m tests.templating $(SAMPLES) --jobs $(JOBS)

bench: $(READY) ## measure against the bounds in docs/performance.md
	@$(BIN)/python -m tests.bench

scale: $(READY) ## measure a batch of many samples, none like another: make scale [MANY=20000]
	@MANY=$(MANY) $(BIN)/python -m tests.bench scale

fuzz: $(READY) ## 20,000 mutated samples: no traceback, no hang
	@$(BIN)/python -m tests.fuzz

wheel: $(READY) ## build the wheel into dist/
	@$(BIN)/python -m build --wheel --outdir dist .

clean: ## remove everything that make has made
	rm -rf $(VENV) out build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis
