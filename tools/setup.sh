#!/bin/sh
# Give the course its virtual environment: `sh tools/setup.sh [FOLDER]`, by default .venv. Safe to run at any time: what is up to
# date stays as it is, what is half made or was moved here from elsewhere is made anew.
# `sh tools/setup.sh --python` only prints the Python that it would use. PYTHON=/path/to/python chooses another.
set -eu

fail() {
    printf '\n' >&2
    printf '%s\n' "$@" >&2
    exit 1
}

is_good() {
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null
}

makes_environments() { # Debian ships Python without them
    "$1" -c 'import ensurepip, venv' 2>/dev/null
}

find_python() {
    if [ -n "${PYTHON:-}" ]; then
        is_good "$PYTHON" || fail "PYTHON=$PYTHON is not Python 3.11 or newer."
        echo "$PYTHON"
        return
    fi
    # What was tested comes first; python3 may be older or newer than that.
    bare=
    for name in python3.13 python3.12 python3.11 python3 python; do
        if command -v "$name" >/dev/null 2>&1 && is_good "$name"; then
            if makes_environments "$name"; then
                command -v "$name"
                return
            fi
            bare=${bare:-$(command -v "$name")}
        fi
    done
    if [ -n "$bare" ]; then
        echo "$bare"
        return
    fi
    fail "The course needs Python 3.11 or newer, and found $(python3 --version 2>/dev/null || echo 'no Python 3')." \
        "Install a newer one (https://www.python.org/downloads), or name one that is not on the search path:" \
        "    make PYTHON=/path/to/python3.12 ..."
}

if [ "${1:-}" = --python ]; then
    find_python
    exit
fi

cd "$(dirname "$0")/.."
venv=${1:-.venv}
stamp=$venv/.installed
here=$(pwd -P)

# Up to date: made here, for this folder, after the last change of what is to be installed.
if [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$here" ] && "$venv/bin/python" -c '' 2>/dev/null &&
    [ -z "$(find pyproject.toml requirements.txt constraints.txt tools/jupyterlab.json -newer "$stamp")" ]; then
    exit 0
fi

python=$(find_python)
if ! "$venv/bin/python" -m pip --version >/dev/null 2>&1 || ! is_good "$venv/bin/python" ||
    { [ -f "$stamp" ] && [ "$(cat "$stamp")" != "$here" ]; }; then
    echo "Making $venv with $("$python" --version) ..."
    makes_environments "$python" || fail \
        "$python cannot make virtual environments: its modules venv and ensurepip are missing." \
        "On Debian and Ubuntu:  sudo apt-get install python3-venv" \
        "Or use another Python:  make PYTHON=/path/to/python3.12 ..."
    "$python" -m venv --clear "$venv" || fail "Making $venv failed: see above."
fi
rm -f "$stamp"

echo "Installing what the course needs into $venv (the first time, this takes a few minutes) ..."
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check -r requirements.txt -c constraints.txt || fail \
    "Installing failed: see above. It needs the Python package index, or a mirror that pip is set up to use." \
    "Nothing is lost: run the same command again."
# In JupyterLab, a double click on a chapter's source opens it as a notebook, and nobody is asked about news from the network.
mkdir -p "$venv/etc/jupyter/labconfig"
cp tools/jupyterlab.json "$venv/etc/jupyter/labconfig/default_setting_overrides.json"
echo "$here" >"$stamp"
