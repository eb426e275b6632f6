"""``python benchmarks/pages.py``: what the built pages weigh, and how fast they answer a reader on a modest machine.

Chromium with a network of 10 Mbit/s and a processor slowed down four times opens each page that has an explorable figure, from a
server that compresses. "Working slider" is the time from the request to the moment when the first figure has drawn its frame and
listens; "key to frame", at the full speed of the processor, is from the key press to the painted frame.
"""

import argparse
import gzip
import json
import os
import shutil
import statistics
import sys
import threading
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tools"))

import serve
from playwright.sync_api import sync_playwright

NETWORK = {"offline": False, "latency": 20, "downloadThroughput": 10e6 / 8, "uploadThroughput": 10e6 / 8}
READY = """
new MutationObserver((_, observer) => {
    const figure = document.querySelector(".explorable.xf-ready");
    if (!figure || window.sliderReady) return;
    observer.disconnect();
    figure.querySelector("img").decode().then(() => requestAnimationFrame(() => { window.sliderReady = performance.now(); }));
}).observe(document, {subtree: true, childList: true, attributes: true, attributeFilter: ["class"]});
"""
PRESS = """(steps) => new Promise(async (done) => {
    const figure = document.querySelector(".explorable"), img = figure.querySelector("img"), input = figure.querySelector("input");
    const times = [], frame = () => new Promise((r) => requestAnimationFrame(() => setTimeout(r, 0)));
    let up = true;
    for (let k = 0; k < steps; k++) {
        if (+input.value === +input.max) up = false;
        if (+input.value === 0) up = true;
        await new Promise((r) => setTimeout(r, 120));
        const start = performance.now();
        input.value = +input.value + (up ? 1 : -1);
        input.dispatchEvent(new Event("input", {bubbles: true}));
        await img.decode().catch(() => {});
        await frame();
        times.push(performance.now() - start);
    }
    done(times);
})"""


def weight(site, page):
    """Bytes of the page itself, compressed and as they are."""
    raw = (site / page).read_bytes()
    return len(gzip.compress(raw, 6)), len(raw)


def visit(browser, address, page, runs):
    """Median over ``runs`` fresh visits: seconds to a working slider; all key-to-frame times; bytes and requests of a first visit."""
    ready, keys, received, requests = [], [], 0, []
    for _ in range(runs):
        context = browser.new_context(viewport={"width": 1200, "height": 900}, reduced_motion="reduce")
        tab = context.new_page()
        session = context.new_cdp_session(tab)
        session.send("Network.enable")
        session.send("Network.emulateNetworkConditions", NETWORK)
        session.send("Emulation.setCPUThrottlingRate", {"rate": 4})
        sizes, asked = [], []
        session.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
        tab.on("request", lambda request: asked.append(request.url) if request.url.startswith("http") else None)
        tab.add_init_script(READY)
        tab.goto(f"{address}/{page}", wait_until="commit")
        tab.wait_for_function("window.sliderReady", timeout=60_000)
        ready.append(tab.evaluate("window.sliderReady") / 1000)
        tab.wait_for_load_state("networkidle")
        received, requests = sum(sizes), list(asked)
        session.send("Emulation.setCPUThrottlingRate", {"rate": 1})
        keys += tab.evaluate(PRESS, 40)
        context.close()
    foreign = [url for url in requests if not url.startswith(address)]
    return statistics.median(ready), keys, received, len(requests), len(foreign)


def percentile(values, share):
    return sorted(values)[min(len(values) - 1, round(share * (len(values) - 1)))]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--site", type=Path, default=ROOT / "_build" / "html")
    parser.add_argument("--runs", type=int, default=5)
    arguments = parser.parse_args()
    site = arguments.site
    if not (site / "index.html").exists():
        sys.exit(f"There is no book in {site}: build it with `make book`.")
    executable = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if not executable:
        sys.exit("No Chromium found: install one, or name it in the environment variable CHROMIUM.")
    running = serve.server(site)
    threading.Thread(target=running.serve_forever, daemon=True).start()
    address = f"http://localhost:{running.server_address[1]}"
    pages = sorted(p.relative_to(site).as_posix() for p in site.rglob("*.html") if "_static" not in p.parts)
    print("| page | gzip, kB | raw, kB | first visit, kB | requests | to others | working slider, s | key to frame, ms (p50, p95) |")
    print("|---|---|---|---|---|---|---|---|")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic"])
        for page in pages:
            packed, raw = weight(site, page)
            row = f"| {page} | {packed / 1000:.0f} | {raw / 1000:.0f} | "
            if '<figure class="explorable' in (site / page).read_text("utf-8"):
                ready, keys, received, requests, foreign = visit(browser, address, page, arguments.runs)
                row += f"{received / 1000:.0f} | {requests} | {foreign} | {ready:.2f} | {percentile(keys, 0.5):.0f}, {percentile(keys, 0.95):.0f} |"
            else:
                row += "| | | | |"
            print(row, flush=True)
        browser.close()
    running.shutdown()
    size = sum(file.stat().st_size for file in site.rglob("*") if file.is_file())
    print(f"\nThe whole site: {size / 1e6:.1f} MB.")
    live = ROOT / "_build" / "live.json"
    if live.exists():
        print("In JupyterLab, slider to picture, worst (recorded by the browser tests):")
        for notebook, times in json.loads(live.read_text()).items():
            line = f"  {notebook}: first time {max(times['first_ms'])} ms, cached {max(times['cached_ms'])} ms"
            if recomputed := times.get("recomputed_ms"):  # only where a slider asks for a new map
                line += f", recomputed {max(recomputed)} ms"
            print(line)


if __name__ == "__main__":
    main()
