/* On the page of a notebook in the browser: says that Python is loading and when it is ready, says so when it cannot be had,
   fetches the course's package by itself, and lets readers choose between their own copy and the book's newer one. */
(function () {
  "use strict";
  const HELP = new URL("../../book/how-to-use.html#run-the-notebooks", location.href).href;
  const path = new URLSearchParams(location.search).get("path") || "";
  const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

  // ------------------------------------------------------------------------------------------------ the bar

  const style = document.createElement("style");
  style.textContent = `
    #mlcourse-bar { position: fixed; z-index: 9000; left: 50%; bottom: 1rem; transform: translateX(-50%);
      box-sizing: border-box; width: max-content; max-width: min(44rem, calc(100vw - 1rem)); padding: .6rem .9rem;
      font: 15px/1.4 system-ui, sans-serif; color: #1a1a1a; background: #fff; border: 1px solid #767676; border-radius: 8px;
      box-shadow: 0 2px 12px rgb(0 0 0 / 25%); }
    #mlcourse-bar.failed { border: 2px solid #b3261e; }
    #mlcourse-bar div { display: flex; flex-wrap: wrap; gap: .4rem .8rem; align-items: center; }
    #mlcourse-bar div + div { margin-top: .5rem; border-top: 1px solid #9996; padding-top: .5rem; }
    #mlcourse-bar p { margin: 0; flex: 1 1 12rem; }
    #mlcourse-bar button { font: inherit; color: inherit; background: transparent; border: 1px solid #767676; border-radius: 6px;
      padding: .2rem .7rem; cursor: pointer; }
    #mlcourse-bar button:focus-visible, #mlcourse-bar a:focus-visible { outline: 3px solid #1769c2; outline-offset: 1px; }
    #mlcourse-bar a { color: #0b57a4; }
    #mlcourse-bar .busy::before { content: ""; display: inline-block; width: .8em; height: .8em; margin-right: .5em;
      border: 2px solid #767676; border-top-color: transparent; border-radius: 50%; animation: mlcourse-turn 1s linear infinite; }
    @keyframes mlcourse-turn { to { transform: rotate(1turn); } }
    @media (prefers-reduced-motion: reduce) { #mlcourse-bar .busy::before { animation: none; } }
    @media (prefers-color-scheme: dark) {
      #mlcourse-bar { color: #f0f0f0; background: #262626; } #mlcourse-bar a { color: #8ec5ff; } }`;
  const bar = document.createElement("div");
  bar.id = "mlcourse-bar";
  bar.setAttribute("role", "status");

  let note = null; // [words, [label, action]] on the reader's own copy, below whatever else is said

  function button([label, action]) {
    const made = document.createElement("button");
    made.type = "button";
    made.textContent = label;
    made.onclick = action;
    return made;
  }

  function line(className, words, buttons) {
    const row = document.createElement("div");
    const text = document.createElement("p");
    text.className = className;
    text.append(...[].concat(words));
    row.append(text, ...buttons.map(button));
    return row;
  }

  /* Show `words`; `state` is busy, ready or failed; `choices` are [label, action] pairs. */
  function say(state, words, choices = []) {
    const rows = [line(state, words, choices)];
    if (note) rows.push(line("note", note[0], [note[1]]));
    bar.className = bar.dataset.state = state;
    bar.replaceChildren(...rows);
    if (!bar.isConnected) document.body.append(bar);
  }
  const close = ["Close", () => bar.remove()];

  function link(text, url) {
    const a = document.createElement("a");
    a.href = url;
    a.textContent = text;
    return a;
  }

  function fail(...text) {
    const own = [" You can also ", link("run the course on your own computer", HELP), "."];
    const again = location.protocol === "file:" ? [] : [["Try again", () => location.reload()]];
    say("failed", [...text, ...own], [...again, close]);
  }

  // ------------------------------------------------------------------------------- the reader's copy, and the book's

  const source = (cell) => (Array.isArray(cell.source) ? cell.source.join("") : cell.source);
  const told = (notebook) => notebook.cells.map((cell) => [cell.cell_type, source(cell)]).filter(([, text]) => text.trim());

  /* The same hash as in the notebook's metadata; null where the browser computes none (a page that was not fetched securely). */
  async function fingerprint(notebook) {
    if (!window.crypto || !crypto.subtle) return null;
    const pairs = told(notebook).map((pair) => `[${pair.map((text) => JSON.stringify(text)).join(", ")}]`);
    const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(`[${pairs.join(", ")}]`));
    return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("").slice(0, 16);
  }

  /* What the browser keeps of this notebook, against what the book has: untouched and old, changed, or changed and old. */
  async function compare(contents) {
    const mine = (await contents.get(path, { content: true })).content;
    const response = await fetch(new URL(`../files/${path}`, location.href), { cache: "no-cache" });
    if (!response.ok || !mine.cells) return {}; // not a notebook of the book
    const book = await response.json();
    const known = (mine.metadata.mlcourse || {}).source;
    const old = known !== book.metadata.mlcourse.source;
    const same = JSON.stringify(told(mine)) === JSON.stringify(told(book));
    const now = await fingerprint(mine);
    return { old: old && !same, changed: !same && !(old && known === now), unknown: now === null };
  }

  /* A name for the reader's copy that no other file has: 03-tsne.mine.ipynb, 03-tsne.mine-2.ipynb, ... */
  async function freeName(contents) {
    for (let n = 1; ; n++) {
      const name = path.replace(/\.ipynb$/, `.mine${n > 1 ? `-${n}` : ""}.ipynb`);
      const taken = await contents.get(name, { content: false }).then(() => true, () => false);
      if (!taken) return name;
    }
  }

  async function takeBooks(contents, panel) {
    if (panel && panel.context.model.dirty) await panel.context.save();
    const { content } = await contents.get(path, { content: true });
    const name = await freeName(contents);
    await contents.save(name, { type: "notebook", format: "json", content });
    await forget(contents, panel);
  }

  async function forget(contents, panel) {
    if (panel) panel.context.model.dirty = false; // else the page would ask whether it may be left
    await contents.delete(path);
    location.reload();
  }

  // -------------------------------------------------------------------------------------------------- the page's life

  async function until(probe, seconds, pause = 100) {
    for (const end = Date.now() + 1000 * seconds; Date.now() < end; await wait(pause)) {
      const found = probe();
      if (found) return found;
    }
    return null;
  }

  /* Whether Python's files can be had; they are asked for only once more, the browser keeps them. */
  async function pythonHost() {
    const config = JSON.parse(document.getElementById("jupyter-config-data").textContent);
    const settings = config.litePluginSettings["@jupyterlite/pyodide-kernel-extension:kernel"];
    const url = new URL(settings.pyodideUrl, new URL("..", location.href));
    const response = await fetch(url).catch(() => null);
    return { host: url.host === location.host ? "this site" : url.host, found: Boolean(response && response.ok) };
  }

  async function fetchPackage(app, panel) {
    const cells = panel.content.widgets;
    const first = cells[0];
    if (!first || !(first.model.getMetadata("tags") || []).includes("setup")) return true;
    panel.content.activeCellIndex = 0;
    await app.commands.execute("notebook:run-cell");
    return !first.model.sharedModel.outputs.some((output) => output.output_type === "error");
  }

  async function main() {
    if (location.protocol === "file:") {
      fail("Python in the browser needs this book to come from a web server, and it was opened as a file.");
      return;
    }
    say("busy", "Opening the notebook …");
    const app = await until(() => window.jupyterapp, 60);
    if (!app) return fail("The notebook could not be opened.");
    const contents = app.serviceManager.contents;
    const copy = await compare(contents).catch(() => ({}));
    const panel = await until(() => app.shell.currentWidget && app.shell.currentWidget.sessionContext && app.shell.currentWidget, 60);
    if (!panel) return fail("The notebook could not be opened.");
    if (copy.old && !copy.changed && sessionStorage.getItem("mlcourse-renewed") !== path) {
      sessionStorage.setItem("mlcourse-renewed", path); // once a visit: what is cached on the way may be old for a while
      return forget(contents, panel); // only its outputs are lost, and they are of the old version
    }

    if (copy.changed) {
      const name = (await freeName(contents)).split("/").pop();
      const what = copy.old && copy.unknown ? "as you last saved it" : "with your changes";
      const news = copy.old ? "and the book has a newer version" : "kept in this browser";
      const words = `This is your own copy of the notebook, ${what}, ${news}. If you take the book's, yours stays as ${name}.`;
      note = [words, ["Take the book's", () => takeBooks(contents, panel)]];
    }
    say("busy", "Python is loading. The first time this can take a minute; you can read on meanwhile.");
    const { host, found } = await pythonHost();
    if (!found) {
      fail(`Python could not be loaded from ${host}: without it the cells of this notebook do not run. Is this computer online?`);
      return;
    }
    const started = await until(() => panel.sessionContext.kernelDisplayStatus === "idle", 300, 200);
    if (!started) return fail("Python did not start within five minutes.");
    say("busy", "Python runs. NumPy, Matplotlib and the course's package are loading.");
    const complete = await fetchPackage(app, panel);
    if (!complete) return fail("The packages could not be loaded; the output of the first cell says more.");

    const run = ["Run all cells", async () => {
      say("busy", "All cells are running, and figures appear one after the other. A long notebook takes a minute or two here.", [close]);
      await app.commands.execute("notebook:run-all-cells");
      if (bar.isConnected) say("ready", "All cells have run. Move the sliders, change the code; what you change is kept in this browser.", [close]);
    }];
    say("ready", "Python is ready. Run a cell with Shift+Enter, or all of them. What you change is kept in this browser.", [run, close]);
  }

  /* In a notebook the arrow keys fold and unfold sections; on a slider they are to move it. */
  function keepKeys(event) {
    const slider = event.target.closest && event.target.closest('[role="slider"]');
    if (slider) slider.setAttribute("data-lm-suppress-shortcuts", "true");
  }

  function begin() {
    document.head.append(style);
    document.addEventListener("focusin", keepKeys);
    main().catch((error) => fail(`Something went wrong: ${error.message || error}.`));
  }
  if (document.body) begin();
  else document.addEventListener("DOMContentLoaded", begin);
})();
