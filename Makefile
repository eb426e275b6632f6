# Every command sets up the environment .venv by itself; see tools/setup.sh. `make help` lists them.
VENV ?= .venv
PORT ?= 8000
PYTHON ?=
BENCH ?=
CHAPTER ?=
LAB ?=
LITE ?= 1
PYODIDE ?=
TESTS ?= tests
BIN = $(VENV)/bin
export PYTHON PYODIDE
export MLBOOK_LITE = $(LITE)

.PHONY: help setup book serve test test-wasm lab bench outputs clean

help:
	@echo "make serve     build the book, serve it on localhost and print the address (PORT=8000)"
	@echo "make test      test the package and every notebook"
	@echo "make lab       open the chapters as notebooks in JupyterLab (CHAPTER=01-tsne/03-tsne: that one; LAB=options)"
	@echo "make book      build the book into _build/html (LITE=0: quicker, without Python in the browser;"
	@echo "               PYODIDE=folder: with its own copy of Python)"
	@echo "make bench     measure: mlcourse against its rivals (BENCH='tsne --max-samples 2000': a part), and the pages"
	@echo "make test-wasm run the tests that need only NumPy in WebAssembly (PYODIDE=folder with Pyodide and NumPy; TESTS=some)"
	@echo "make outputs   record the text outputs of the notebooks anew (then read the difference)"
	@echo "make clean     remove what was built; the environment stays"

setup:
	@sh tools/setup.sh $(VENV)

book: setup
	$(BIN)/jupyter-book build . -W -n --keep-going

# The port is asked for first: nobody waits for a long build to learn that it is taken.
serve:
	@python=$$(sh tools/setup.sh --python) && "$$python" tools/serve.py --check --port $(PORT)
	@$(MAKE) --no-print-directory book
	@$(BIN)/python tools/serve.py --port $(PORT)

test: setup
	$(BIN)/python -m pytest -n 2

test-wasm: setup
	@command -v node >/dev/null || { echo "The tests in WebAssembly need Node.js (https://nodejs.org), 20 or newer."; exit 1; }
	@[ -n "$(PYODIDE)" ] || { echo "Name a folder that holds Pyodide with NumPy: make test-wasm PYODIDE=/folder"; exit 1; }
	VENV=$(VENV) node tests/wasm/run.mjs "$(PYODIDE)" $(TESTS)

lab: setup
	$(BIN)/python tools/lab.py $(if $(CHAPTER),--chapter $(CHAPTER)) -- $(LAB)

bench: book
	$(BIN)/python benchmarks/run.py $(BENCH)
	$(BIN)/python benchmarks/pages.py

outputs: setup
	$(BIN)/python -m pytest -n 2 --record-outputs book

clean:
	rm -rf _build dist .pytest_cache
