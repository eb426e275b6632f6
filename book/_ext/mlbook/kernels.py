"""What notebooks run in, and when what they printed is out of date.

The execution cache knows a notebook by its cells alone, so it would keep showing the outputs of yesterday's package or data. Two
stamps beside the cache mend that. ``.outputs-of`` holds the fingerprint of the package and the data that the cached outputs were
computed with: when it differs, the cache is dropped. ``.clean-build-of`` is written only by a build without a warning:
when it is missing or differs, every page is read again, so that a build which failed once does not pass in silence the
second time.
"""

import hashlib
import os
import shutil
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

# Kernels inherit these: every frame of a figure is drawn, by one thread a kernel, so that outputs do not depend on cores.
ENVIRONMENT = {
    "MLCOURSE_FIGURES": "static",
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
}
LIBRARIES = ("numpy", "matplotlib", "ipython", "scikit-learn")


def fingerprint(folder, libraries=()):
    """Hash of every file under ``folder`` (names and bytes) and of the versions of ``libraries``."""
    digest = hashlib.sha256()
    for file in sorted(Path(folder).rglob("*")):
        if file.is_file() and "__pycache__" not in file.parts and ".ipynb_checkpoints" not in file.parts:
            digest.update(f"{file.relative_to(folder).as_posix()}\0{file.stat().st_size}\0".encode())
            digest.update(file.read_bytes())
    for name in libraries:
        try:
            digest.update(f"{name} {version(name)}\0".encode())
        except PackageNotFoundError:
            pass
    return digest.hexdigest()


def data_of(book):
    """Hash of the data files that lie beside the notebooks of ``book``; empty if there are none."""
    files = sorted(Path(book).rglob("*.json"))
    files = [file for file in files if ".ipynb_checkpoints" not in file.parts]
    return hashlib.sha256(b"\0".join(file.read_bytes() for file in files)).hexdigest() if files else ""


def _read(stamp):
    return stamp.read_text("utf-8") if stamp.exists() else None


def drop_stale_outputs(app):
    build = Path(app.outdir).parent
    package = fingerprint(Path(app.srcdir, "mlcourse"), LIBRARIES) + data_of(Path(app.srcdir, "book"))
    outputs = build / ".outputs-of"
    if _read(outputs) != package:
        cache = Path(app.env.mystnb_config.execution_cache_path)
        if cache.name != ".jupyter_cache":  # never delete a folder that is not what we think it is
            raise RuntimeError(f"the execution cache was expected in a folder .jupyter_cache, not {cache}")
        shutil.rmtree(cache, ignore_errors=True)
        build.mkdir(parents=True, exist_ok=True)
        outputs.write_text(package, "utf-8")
    app._mlbook_clean = (build / ".clean-build-of", package + fingerprint(Path(__file__).parent))


def reread_all_after_a_change(app, env, added, changed, removed):
    stamp, now = app._mlbook_clean
    return sorted(env.found_docs) if _read(stamp) != now else []


def note_clean_build(app, exception):
    stamp, now = app._mlbook_clean
    if exception is None and app._warncount == 0:
        stamp.write_text(now, "utf-8")
    else:
        stamp.unlink(missing_ok=True)


def setup(app):
    os.environ.update(ENVIRONMENT)
    app.connect("builder-inited", drop_stale_outputs, priority=900)  # after myst-nb has set the cache's path
    app.connect("env-get-outdated", reread_all_after_a_change)
    app.connect("build-finished", note_clean_build)
