"""Python in the browser: JupyterLite under ``lite/`` in the site, with every chapter as a notebook and the package as a wheel.

``jupyter lite build`` makes it after the pages; what goes in is put together in ``_build/lite``. Python itself (Pyodide) comes from its
public server, at the version that the kernel was made for, or from a folder that is copied into the site: the setting
``mlbook_pyodide``, or for one build the environment variable ``PYODIDE``. Nothing else comes from anywhere: what Pyodide lacks travels as wheels.
``MLBOOK_LITE=0`` leaves all this out, for a quick build.
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

from jupyterlite_pyodide_kernel.constants import PYODIDE_CDN_URL, PYODIDE_PYTHON_VERSION
from sphinx.errors import ExtensionError
from sphinx.util import logging

from mlbook import notebooks, wheels

logger = logging.getLogger(__name__)

APP = "notebooks"  # Jupyter Notebook's page: one document, no dialog
APPS = (APP, "tree")
KERNEL = "@jupyterlite/pyodide-kernel-extension"
EXTENSIONS = {KERNEL, "@jupyter-widgets/jupyterlab-manager"}  # of all that the environment has, what works without a server
KERNELSPEC = {"name": "python", "display_name": "Python (Pyodide)", "language": "python"}
# What Pyodide does not have and the live figures need. The kernel itself brings a stand-in for widgetsnbextension.
WHEELS = ("comm", "ipywidgets", "jupyterlab_widgets")
PACKAGES = ("micropip", "ipython", "jedi", "numpy", "matplotlib", "tqdm")  # what a copy of Pyodide must hold
SETUP = """\
# In the browser, this fetches the course's package; it runs by itself when the page opens.
%pip install -q "mlcourse[widgets]"

import logging

logging.getLogger("matplotlib.font_manager").setLevel(logging.ERROR)  # looking for fonts needs no warning
import mlcourse.plots"""
DATA = """

from pathlib import Path

if not Path({name!r}).exists():  # Python sees the files beside the notebook only where the site is served by https or on this machine
    Path({name!r}).write_text({text!r})"""


def is_wanted():
    return os.environ.get("MLBOOK_LITE", "1") != "0"


# ------------------------------------------------------------------------------------------------- what goes in


def prepare(root, folder):
    """Write into ``folder`` what JupyterLite is built from: the chapters, the wheels, the settings."""
    shutil.rmtree(folder, ignore_errors=True)
    notebooks.write(root, folder / "contents", kernelspec=KERNELSPEC, setup=setup_cell)
    pypi = folder / "pypi"
    pypi.mkdir(parents=True)
    wheels.build(root, pypi)
    for name in WHEELS:
        wheels.of_installed(name, pypi)
    for file in sorted((Path(root) / "book" / "lite").iterdir()):
        if file.is_file():
            shutil.copyfile(file, folder / file.name)
    (folder / "jupyter-lite.json").write_text(json.dumps(settings(), indent=1), "utf-8")


def setup_cell(files):
    """The first cell of a notebook: fetches the package, and brings the data that the notebook reads."""
    return SETUP + "".join(DATA.format(name=file.name, text=file.read_text("utf-8")) for file in files)


def settings():
    return {
        "jupyter-lite-schema-version": 0,
        "jupyter-config-data": {
            "appName": "Foundations of Machine Learning, explored",
            "appUrl": "./tree",
            "exposeAppInBrowser": True,  # for run.js
            "litePluginSettings": {f"{KERNEL}:kernel": {"disablePyPIFallback": True}},
        },
    }


def fingerprint(folder, pyodide):
    """Hash of all that the result depends on."""
    digest = hashlib.sha256(Path(__file__).read_bytes())
    for file in sorted(path for path in folder.rglob("*") if path.is_file()):
        digest.update(f"{file.relative_to(folder).as_posix()}\0".encode() + hashlib.sha256(file.read_bytes()).digest())
    for name in ("jupyterlite-core", "jupyterlite-pyodide-kernel", "jupyterlab_widgets"):
        digest.update(f"{name} {version(name)}\0".encode())
    if pyodide:
        digest.update((pyodide / "pyodide-lock.json").read_bytes())
    return digest.hexdigest()


# ---------------------------------------------------------------------------------------------- a folder of Pyodide


def pyodide_files(folder):
    """Names of the files of Pyodide in ``folder`` that the course needs, and its lock cut down to them."""
    lock_file = folder / "pyodide-lock.json"
    if not (folder / "pyodide.mjs").exists() or not lock_file.exists():
        raise ExtensionError(f"Pyodide in {folder}: this folder holds no Pyodide (no pyodide.mjs, no pyodide-lock.json)")
    lock = json.loads(lock_file.read_text("utf-8"))
    python = lock["info"]["python"]
    if not python.startswith(f"{PYODIDE_PYTHON_VERSION}."):
        raise ExtensionError(f"Pyodide in {folder}: its Python is {python}, and the kernel needs {PYODIDE_PYTHON_VERSION}; get {PYODIDE_CDN_URL}")
    packages, wanted, waiting = lock["packages"], {}, list(PACKAGES)
    while waiting:
        name = waiting.pop().lower().replace("_", "-")
        if name not in wanted:
            wanted[name] = packages[name]
            waiting += packages[name]["depends"]
    names = [package["file_name"] for package in wanted.values()]
    names += [path.name for path in folder.glob("pyodide.*") if path.suffix in (".mjs", ".js", ".wasm")] + ["python_stdlib.zip"]
    missing = [name for name in sorted(names) if not (folder / name).exists()]
    if missing:
        raise ExtensionError(f"Pyodide in {folder}: the course also needs {', '.join(missing)}")
    return sorted(names), {**lock, "packages": wanted}


def copy_pyodide(folder, target):
    names, lock = pyodide_files(folder)
    target.mkdir(parents=True)
    for name in names:
        shutil.copyfile(folder / name, target / name)
    (target / "pyodide-lock.json").write_text(json.dumps(lock), "utf-8")


# --------------------------------------------------------------------------------------------------------- the site


def build(folder, out, pyodide=None):
    """Build JupyterLite from ``folder`` into ``out``; ``pyodide`` is a folder of Pyodide to copy, or None."""
    shutil.rmtree(out, ignore_errors=True)
    command = [sys.executable, "-m", "jupyterlite_core", "build", "--force", "--no-sourcemaps", "--no-unused-shared-packages"]
    command += ["--lite-dir", str(folder), "--output-dir", str(out), "--contents", "contents"]
    command += [option for app in APPS for option in ("--apps", app)]
    result = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    if result.returncode:
        raise ExtensionError(f"jupyter lite build failed:\n{result.stdout[-3000:]}\n{result.stderr[-3000:]}")
    if pyodide:
        copy_pyodide(pyodide, out / "static" / "pyodide")
    shutil.copyfile(folder / "run.js", out / "run.js")
    finish(out, "./static/pyodide/pyodide.mjs" if pyodide else f"{PYODIDE_CDN_URL}/pyodide.mjs")


def finish(out, pyodide_url):
    """Settle what the build leaves open: which Python, which extensions, and our script on the notebook's page."""
    file = out / "jupyter-lite.json"
    whole = json.loads(file.read_text("utf-8"))
    config = whole["jupyter-config-data"]
    config["litePluginSettings"][f"{KERNEL}:kernel"]["pyodideUrl"] = pyodide_url
    for extension in config["federated_extensions"]:
        if extension["name"] not in EXTENSIONS:
            shutil.rmtree(out / "extensions" / extension["name"])
    config["federated_extensions"] = [e for e in config["federated_extensions"] if e["name"] in EXTENSIONS]
    missing = EXTENSIONS - {extension["name"] for extension in config["federated_extensions"]}
    if missing:
        raise ExtensionError(f"JupyterLite was built without {', '.join(sorted(missing))}")
    file.write_text(json.dumps(whole, indent=1), "utf-8")
    for app in APPS:  # whose own icons are not in the parts that are built
        own = out / app / "jupyter-lite.json"
        settings = json.loads(own.read_text("utf-8"))
        settings["jupyter-config-data"]["faviconUrl"] = "../../_static/favicon.svg"
        own.write_text(json.dumps(settings, indent=1), "utf-8")
    page = out / APP / "index.html"
    html = page.read_text("utf-8")
    if html.count("</head>") != 1:
        raise ExtensionError(f"{page} is not the page that was expected")
    page.write_text(html.replace("</head>", '<script src="../run.js" defer></script>\n</head>'), "utf-8")


def build_site(app, exception):
    if exception is not None or app.builder.format != "html":
        return
    out, folder = Path(app.outdir, "lite"), Path(app.outdir).parent / "lite"
    stamp = folder.with_suffix(".stamp")
    if not is_wanted():
        shutil.rmtree(out, ignore_errors=True)
        stamp.unlink(missing_ok=True)
        return
    named = os.environ.get("PYODIDE") or app.config.mlbook_pyodide
    pyodide = Path(app.srcdir, Path(named).expanduser()) if named else None
    if pyodide:
        pyodide_files(pyodide)
    prepare(app.srcdir, folder)
    now = fingerprint(folder, pyodide)
    if out.exists() and stamp.exists() and stamp.read_text("utf-8") == now:
        return
    stamp.unlink(missing_ok=True)
    logger.info("building JupyterLite (Python in the browser) ...")
    build(folder, out, pyodide)
    stamp.write_text(now, "utf-8")


def setup(app):
    app.add_config_value("mlbook_pyodide", "", "")
    app.connect("build-finished", build_site)
