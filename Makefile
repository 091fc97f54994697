# Settings of `make demo`: PORT, EPOCHS, LOGDIR, and PYTHON, the interpreter that .venv is made with.
PORT ?= 6006
EPOCHS ?= 8
LOGDIR ?= logs
# Of `make test`: how many processes run Python's tests.
WORKERS ?= 2
export PORT EPOCHS LOGDIR PYTHON WORKERS

python = .venv/bin/python
npm = $(python) scripts/npm.py

.PHONY: help demo test versions bench lint build screenshots environment
.NOTPARALLEL:

help:
	@echo "make demo         train the instrument recogniser and watch it in TensorBoard (PORT, EPOCHS, LOGDIR, PYTHON)"
	@echo "make test         set up all that is needed and run every check and test (WORKERS)"
	@echo "make versions     try the package with the other Pythons of this machine, and with the lowest packages allowed"
	@echo "make bench        measure costs, bytes and waits (35 minutes); writes docs/performance.md"
	@echo "make lint         the checks alone: ruff, mypy, TypeScript, eslint, prettier"
	@echo "make build        build the panel from frontend/ into the package"
	@echo "make screenshots  take the README's pictures, and those of all that the panel can show, from a real run"

# exec: a signal sent to make's child reaches the supervisor itself, not a shell in between.
demo:
	@python=$$(scripts/find_python.sh) && \
	exec "$$python" scripts/demo.py --port "$$PORT" --epochs "$$EPOCHS" --logdir "$$LOGDIR"

test: lint
	$(npm) run test
	$(python) scripts/compare_panel.py
	@chromium=$$($(python) scripts/chromium.py) && CHROMIUM="$$chromium" $(python) -m pytest --numprocesses "$$WORKERS" --dist loadfile --durations 20

versions: environment
	$(python) scripts/check_versions.py

bench: environment
	@chromium=$$($(python) scripts/chromium.py) && CHROMIUM="$$chromium" TF_CPP_MIN_LOG_LEVEL=3 $(python) -m benchmarks

lint: environment
	$(python) -m ruff check .
	$(python) -m ruff format --check .
	$(python) -m mypy
	$(npm) run check

build: environment
	$(npm) run build

screenshots: environment
	@chromium=$$($(python) scripts/chromium.py) && CHROMIUM="$$chromium" $(python) scripts/screenshots.py && CHROMIUM="$$chromium" $(python) scripts/gallery.py

environment:
	@python=$$(scripts/find_python.sh) && "$$python" scripts/environment.py test
