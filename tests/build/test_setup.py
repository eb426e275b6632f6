"""What somebody sees whose machine is not ready: one clear message each, before anything long starts."""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FAKE = """#!/bin/sh
# Python as it would be: {what}
case "$*" in
    {cases}
esac
exec {real} "$@"
"""
OLD = "*version_info*) exit 1 ;; --version) echo Python 3.9.2; exit ;;"
NO_VENV = "*ensurepip*) exit 1 ;; *pip*) exit 1 ;;"


@pytest.fixture
def machine(tmp_path):
    """A folder with the project's set-up, and a search path with nothing but what a test puts there."""
    programs, project = tmp_path / "bin", tmp_path / "project"
    (project / "tools").mkdir(parents=True)
    programs.mkdir()
    for name in ("sh", "dirname", "cat", "cp", "find", "mkdir", "rm"):
        (programs / name).symlink_to(shutil.which(name))
    for name in ("setup.sh", "serve.py", "jupyterlab.json"):
        shutil.copy(ROOT / "tools" / name, project / "tools")
    for name in ("pyproject.toml", "requirements.txt", "constraints.txt"):
        (project / name).write_text("")

    class Machine:
        folder = project

        def add(self, name, cases="", what="as it is"):
            program = programs / name
            program.write_text(FAKE.format(what=what, cases=cases, real=sys.executable))
            program.chmod(0o755)

        def setup(self, *arguments, **environment):
            return subprocess.run(
                ["sh", "tools/setup.sh", *arguments], cwd=project, env={"PATH": str(programs), **environment}, text=True, capture_output=True
            )

    return Machine()


def test_no_python_and_an_old_one(machine):
    done = machine.setup()
    assert done.returncode == 1 and "needs Python 3.11 or newer, and found no Python 3." in done.stderr
    machine.add("python3", OLD)
    done = machine.setup()
    assert done.returncode == 1 and "found Python 3.9.2." in done.stderr and "make PYTHON=" in done.stderr
    machine.add("python3.12")
    assert machine.setup("--python").stdout.strip().endswith("bin/python3.12")


def test_a_python_that_makes_no_environments(machine):
    machine.add("python3.12", NO_VENV)
    done = machine.setup()
    assert done.returncode == 1 and "sudo apt-get install python3-venv" in done.stderr
    assert not (machine.folder / ".venv").exists()
    machine.add("python3.11")
    assert machine.setup("--python").stdout.strip().endswith("bin/python3.11"), "another one can"


def test_a_python_asked_for_by_name(machine):
    machine.add("python3")
    machine.add("mine")
    assert machine.setup("--python", PYTHON="mine").stdout.strip() == "mine"
    done = machine.setup(PYTHON="nowhere")
    assert done.returncode == 1 and "PYTHON=nowhere is not Python 3.11 or newer" in done.stderr


def test_half_an_environment_is_made_anew_and_a_whole_one_left_alone(machine):
    python = machine.folder / ".venv/bin/python"
    python.parent.mkdir(parents=True)
    python.write_text("broken")
    machine.add("python3", "*' -r '*) exit ;; '-m venv '*) echo made anew; exit ;;")
    assert "made anew" in machine.setup().stdout

    python.unlink()
    python.symlink_to(sys.executable)
    stamp = machine.folder / ".venv/.installed"
    stamp.write_text(f"{machine.folder.resolve()}\n")
    done = machine.setup()
    assert (done.returncode, done.stdout) == (0, "")
    stamp.write_text("/where/it/was/before\n")
    assert "made anew" in machine.setup().stdout, "an environment does not survive a move"


@pytest.fixture
def equipped(machine):
    """A machine whose environment is there, with a pip that says so and installs nothing."""
    machine.add("python3")
    python = machine.folder / ".venv/bin/python"
    python.parent.mkdir(parents=True)
    python.write_text(FAKE.format(what="without a pip", cases="*'pip install'*) echo installed; exit ;;", real=sys.executable))
    python.chmod(0o755)
    return machine


def test_jupyterlab_gets_the_settings_of_the_course(equipped):
    folder = equipped.folder / ".venv/etc/jupyter/labconfig"
    done = equipped.setup()
    assert done.returncode == 0 and "installed" in done.stdout, done.stderr
    settings = json.loads((folder / "default_setting_overrides.json").read_text("utf-8"))
    assert settings["@jupyterlab/apputils-extension:notification"] == {"fetchNews": "false", "checkForUpdates": False}
    assert settings["@jupyterlab/docmanager-extension:plugin"]["defaultViewers"] == {"markdown": "Jupytext Notebook"}
    assert equipped.setup().stdout == "", "everything is there"


def test_new_settings_come_with_an_update_and_others_are_left_alone(equipped):
    equipped.setup()
    folder = equipped.folder / ".venv/etc/jupyter/labconfig"
    (folder / "page_config.json").write_text("{}")
    newer = equipped.folder / "tools/jupyterlab.json"
    newer.write_text('{"new": {}}')
    os.utime(newer, (time.time() + 5,) * 2)
    assert "installed" in equipped.setup().stdout
    assert (folder / "default_setting_overrides.json").read_text() == '{"new": {}}'
    assert (folder / "page_config.json").read_text() == "{}"


def test_the_settings_are_ones_that_jupyterlab_knows():
    jupyterlab = pytest.importorskip("jupyterlab.commands")
    settings = json.loads((ROOT / "tools/jupyterlab.json").read_text("utf-8"))
    schemas = Path(jupyterlab.get_app_dir()) / "schemas"
    for plugin, values in settings.items():
        package, name = plugin.split(":")
        known = json.loads((schemas / package / f"{name}.json").read_text("utf-8"))["properties"]
        assert set(values) <= set(known)


def test_a_port_that_is_taken(machine):
    with socket.socket() as other:
        other.bind(("localhost", 0))
        other.listen()
        port = str(other.getsockname()[1])
        done = subprocess.run([sys.executable, "tools/serve.py", "--check", "--port", port], cwd=machine.folder, text=True, capture_output=True)
    assert done.returncode == 1
    assert f"Port {port} is taken by another program. Choose another one: make serve PORT=" in done.stderr
    done = subprocess.run([sys.executable, "tools/serve.py", "--port", "http"], cwd=machine.folder, text=True, capture_output=True)
    assert done.returncode == 1 and "PORT must be a number" in done.stderr
