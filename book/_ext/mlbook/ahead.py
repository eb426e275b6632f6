"""Notebooks are executed ahead of the reading of the pages, as many at a time as there are cores.

Sphinx reads one page after the other, and myst-nb executes a notebook when its page is read: one core works, the others wait. Here all
notebooks that are to be read and are not in the execution cache run first, side by side, and go into that cache, where myst-nb
finds them. A notebook that fails does not go into it: myst-nb then executes it again and reports the error as ever.
"""

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from jupyter_cache import get_cache
from jupyter_cache.base import CacheBundleIn
from jupyter_cache.executors.utils import single_nb_execution
from myst_nb.core.read import create_nb_reader
from sphinx.util import logging

logger = logging.getLogger(__name__)


def cores():
    """How many notebooks run at a time; each has a kernel of one thread."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def unknown_notebooks(env, docnames, cache):
    """(path, notebook, its reader's format) of those that the cache does not hold."""
    found = []
    for docname in docnames:
        path = env.doc2path(docname)
        text = Path(path).read_text("utf-8")
        reader = create_nb_reader(path, env.myst_config, env.mystnb_config, text)
        if reader is None:
            continue
        notebook = reader.read(text)
        try:
            cache.match_cache_notebook(notebook)
        except KeyError:
            found.append((path, notebook, reader.read_fmt))
    return found


def execute_ahead(app, env, docnames):
    config = env.mystnb_config
    if config.execution_mode != "cache":
        return
    cache = get_cache(config.execution_cache_path)
    waiting = unknown_notebooks(env, docnames, cache)
    if len(waiting) < 2 or cores() < 2:  # nothing to be gained
        return
    # The longest last would leave the other cores idle; a page's length is a guess at its time.
    waiting.sort(key=lambda each: -len(each[1].cells))

    def execute(each):
        path, notebook, _ = each
        folder = os.path.abspath(Path(path).parent)
        try:
            return single_nb_execution(notebook, folder, config.execution_timeout, config.execution_allow_errors)
        except RuntimeError:  # its kernel died
            return None

    logger.info("executing %d notebooks, %d at a time ...", len(waiting), cores())
    with ThreadPoolExecutor(cores()) as pool:
        for (path, notebook, read_format), result in zip(waiting, pool.map(execute, waiting)):
            if result is None or result.err is not None:
                logger.info("%s: failed; it is executed again when its page is read", path)
                continue
            record = cache.add_nb_to_project(path, **({"read_data": read_format} if read_format else {}))
            bundle = CacheBundleIn(notebook, record.uri, data={"execution_seconds": result.time})
            cache.cache_notebook_bundle(bundle, check_validity=False, overwrite=True)
            logger.info("%s: executed in %.1f seconds", path, result.time)


def setup(app):
    app.connect("env-before-read-docs", execute_ahead)
