// Runs the tests of mlcourse that need only NumPy inside Pyodide, hence in WebAssembly:
//     node tests/wasm/run.mjs FOLDER [pytest's arguments]
// FOLDER holds a Pyodide (0.27 or later) and the NumPy wheel of its pyodide-lock.json. Nothing is downloaded, and nothing is
// written into the repository. pytest comes from the project's environment (VENV, .venv by default); it is plain Python.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, statSync, writeSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), "../..");
const PURE = ["pytest", "pluggy", "iniconfig", "packaging", "pygments"]; // pytest and what it needs
const WHERE = `
import json, sys
from importlib.metadata import distribution
found = set()
for each in map(distribution, sys.argv[1:]):
    tops = {file.parts[0] for file in each.files} - {"..", "__pycache__"}
    found |= {str(each.locate_file(top)) for top in tops}
print(json.dumps(sorted(found)))
`;
const LEFT_OUT = "Left out, as they test the book and not the package: tests/build, tests/browser and the notebooks of book/.";

function stop(message) {
  console.error(message);
  process.exit(2);
}

/** Where pytest and what it needs are: folders and single files, as the environment's own Python says. */
function packages() {
  const venv = resolve(ROOT, process.env.VENV || ".venv");
  const python = ["bin/python", "Scripts/python.exe"].map((name) => join(venv, name)).find(existsSync);
  if (!python) stop(`No Python in ${venv}: run \`make setup\`, or set VENV to an environment that has pytest.`);
  const asked = spawnSync(python, ["-c", WHERE, ...PURE], { encoding: "utf8", cwd: dirname(python) });
  if (asked.status !== 0) stop(`${venv} lacks what the tests need; run \`make setup\`.\n${asked.stderr || asked.error}`);
  return JSON.parse(asked.stdout);
}

/** Pyodide fetches from the internet what its folder lacks, so look first. */
function check(folder) {
  const lockFile = join(folder, "pyodide-lock.json");
  if (!existsSync(join(folder, "pyodide.mjs")) || !existsSync(lockFile))
    stop(`${folder} holds no Pyodide: pyodide.mjs and pyodide-lock.json should be there.`);
  const known = JSON.parse(readFileSync(lockFile, "utf8")).packages;
  const wanted = ["numpy"];
  for (const name of wanted) {
    if (!known[name]) stop(`${lockFile} does not list ${name}.`);
    if (!existsSync(join(folder, known[name].file_name)))
      stop(`${folder} lacks ${known[name].file_name}: Pyodide's full release has it; npm's package "pyodide" has no NumPy.`);
    wanted.push(...known[name].depends.filter((other) => !wanted.includes(other)));
  }
}

/** Write all of it at once: the interpreter keeps this thread busy, so nothing that waits for its turn would come out. */
function writer(descriptor) {
  return (buffer) => {
    for (let written = 0; written < buffer.length; ) {
      try {
        written += writeSync(descriptor, buffer, written);
      } catch (error) {
        if (error.code !== "EAGAIN") throw error; // a pipe that is full
      }
    }
    return buffer.length;
  };
}

// Node would show the line of the source an error comes from, and those of Pyodide are a million characters long.
process.on("uncaughtException", (error) => stop(error.message || String(error)));

const started = performance.now();
const [given, ...options] = process.argv.slice(2);
if (!given) stop("Usage: node tests/wasm/run.mjs FOLDER [pytest's arguments]; FOLDER holds a Pyodide with NumPy.");
const folder = resolve(given);
check(folder);
const found = packages();

globalThis.fetch = (address) => Promise.reject(new Error(`the tests make no request, and not for ${address}`));
const { loadPyodide, version } = await import(pathToFileURL(join(folder, "pyodide.mjs")));
const pyodide = await loadPyodide({
  indexURL: folder + "/",
  env: { HOME: "/home/pyodide", PYTHONDONTWRITEBYTECODE: "1", PYTEST_DISABLE_PLUGIN_AUTOLOAD: "1" },
});
await pyodide.loadPackage("numpy", { messageCallback() {} });
pyodide.setStdout({ write: writer(1), isatty: Boolean(process.stdout.isTTY) });
pyodide.setStderr({ write: writer(2), isatty: Boolean(process.stderr.isTTY) });

const mount = (root, target) => {
  pyodide.FS.mkdirTree(target);
  pyodide.FS.mount(pyodide.FS.filesystems.NODEFS, { root }, target);
};
mount(ROOT, "/mlcourse");
for (const path of found) {
  const target = `/packages/${basename(path)}`;
  if (statSync(path).isDirectory()) mount(path, target);
  else pyodide.FS.writeFile(target, readFileSync(path));
}
pyodide.globals.set("versions", `Pyodide ${version}`);
pyodide.globals.set("options", pyodide.toPy(options));
const code = pyodide.runPython(`
import os, sys
sys.dont_write_bytecode = True
sys.path[:0] = ["/mlcourse", "/mlcourse/tests/wasm", "/packages"]
os.chdir("/mlcourse")
import numpy
from session import main
print(f"{versions}, Python {sys.version.split()[0]}, NumPy {numpy.__version__}", flush=True)
main(options)
`);
console.log(LEFT_OUT);
console.log(`${Math.round((performance.now() - started) / 1000)} s in WebAssembly, with the start of Pyodide.`);
process.exit(code);
