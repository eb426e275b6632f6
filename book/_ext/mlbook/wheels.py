"""Wheels for Python in the browser: the course's own, and those of pure-Python packages that are installed here.

Nothing is downloaded, so that the book can be built without a network; and the same sources give the same bytes.
"""

import contextlib
import os
import re
import zipfile
from importlib.metadata import distribution
from pathlib import Path
from unittest import mock

from flit_core import buildapi

DATE = (1980, 1, 1, 0, 0, 0)  # of every file in a wheel: the earliest that the format knows


def build(root, folder):
    """Build the wheel of the package in ``root`` into ``folder``; returns its path."""
    same_day = {"SOURCE_DATE_EPOCH": "315532800"}
    with contextlib.chdir(root), mock.patch.dict(os.environ, same_day):  # the interface between build programs knows no other way
        return Path(folder) / buildapi.build_wheel(str(folder))


def of_installed(name, folder):
    """Pack the installed pure-Python package ``name`` into a wheel in ``folder`` again, its modules and metadata; returns its path."""
    package = distribution(name)
    tags = re.findall(r"^Tag: (\S+)", package.read_text("WHEEL"), flags=re.MULTILINE)
    if not any(tag.endswith("-none-any") for tag in tags):
        raise ValueError(f"{name} {package.version} is not pure Python: {', '.join(tags)}")
    # What lies outside (commands, JupyterLab's half of a package) means nothing to a browser's Python.
    files = [file for file in package.files if ".." not in file.parts and file.suffix not in (".pyc", ".map")]
    files = [file for file in files if file.name not in ("RECORD", "INSTALLER", "REQUESTED", "direct_url.json")]
    if not files:
        raise ValueError(f"{name} {package.version} has no files of its own here")
    record = next(file for file in package.files if file.name == "RECORD").as_posix()
    wheel = Path(folder) / f"{name.replace('-', '_')}-{package.version}-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(files, key=str):
            archive.writestr(zipfile.ZipInfo(file.as_posix(), DATE), file.locate().read_bytes(), zipfile.ZIP_DEFLATED)
        names = [*archive.namelist(), record]
        archive.writestr(zipfile.ZipInfo(record, DATE), "".join(f"{path},,\n" for path in names), zipfile.ZIP_DEFLATED)
    return wheel
