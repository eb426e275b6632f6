# Every command sets up the environment .venv by itself; see tools/setup.sh. `make help` lists them.
VENV ?= .venv
PORT ?= 8000
PYTHON ?=
BENCH ?=
BIN = $(VENV)/bin
export PYTHON

.PHONY: help setup book serve test lab bench outputs clean

help:
	@echo "make serve     build the book, serve it on localhost and print the address (PORT=8000)"
	@echo "make test      test the package and every notebook"
	@echo "make lab       open JupyterLab; a double click on a chapter opens it as a notebook"
	@echo "make book      build the book into _build/html"
	@echo "make bench     measure: mlcourse against its rivals (BENCH='tsne --max-samples 2000': a part), and the pages"
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

lab: setup
	$(BIN)/jupyter lab

bench: book
	$(BIN)/python benchmarks/run.py $(BENCH)
	$(BIN)/python benchmarks/pages.py

outputs: setup
	$(BIN)/python -m pytest -n 2 --record-outputs book

clean:
	rm -rf _build dist .pytest_cache
