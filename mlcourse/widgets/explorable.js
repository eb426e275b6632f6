// Sets up every explorable figure that is not yet set up. It stands after each figure, so that the figure's elements are
// all parsed by then; with several figures on a page each run finds one.
(() => {
  const PAUSE_MS = 700; // how long a frame stays while playing
  const WRITE_MS = 120; // browsers refuse more than about 100 changes of the address in 30 s
  const FACES = {
    play: '<svg viewBox="0 0 16 16" aria-hidden="true"><path d="M3 1l11 7-11 7z"/></svg>',
    pause: '<svg viewBox="0 0 16 16" aria-hidden="true"><path d="M3 1h4v14H3zM9 1h4v14H9z"/></svg>',
  };

  function setUp(root) {
    const data = JSON.parse(root.querySelector("script[type='application/json']").textContent);
    const picture = root.querySelector(".xf-frame");
    const caption = root.querySelector(".xf-caption");
    const rows = data.sliders.map((slider, k) => {
      const row = root.querySelectorAll(".xf-row")[k];
      const [input, output, button] = ["input", "output", "button"].map((tag) => row.querySelector(tag));
      return { ...slider, input, output, button, key: `${data.name}.${slider.name}`, at: slider.start };
    });
    const addresses = [];
    const decoded = new Map(); // keeps the pictures next to this one alive, so that they show at once
    let playing = null, timer = 0, writer = 0, written = 0;
    let touched = false; // a figure that only played by itself leaves the address alone

    const index = () => rows.reduce((sum, row) => sum * row.values.length + row.at, 0); // row-major, as they were drawn

    function address(n) {
      const frame = data.frames[n];
      if (typeof frame === "string") return frame;
      const lines = frame.map((i) => data.lines[i]).join("\n");
      return (addresses[n] ??= URL.createObjectURL(new Blob([lines], { type: data.mime })));
    }

    function decode(n) {
      if (decoded.has(n)) return;
      const image = new Image();
      image.src = address(n);
      decoded.set(n, image);
      image.decode?.().catch(() => {});
    }

    function decodeNeighbours() {
      rows.forEach((row) => {
        const here = row.at;
        [here + 1, here - 1].filter((at) => row.values[at] !== undefined).forEach((at) => {
          row.at = at;
          decode(index());
        });
        row.at = here;
      });
    }

    function show() {
      const n = index();
      picture.src = address(n);
      picture.alt = caption.textContent = data.texts[n];
      rows.forEach((row) => {
        row.input.value = row.at;
        row.input.setAttribute("aria-valuetext", row.values[row.at]);
        row.output.textContent = row.values[row.at];
      });
      setTimeout(decodeNeighbours, 0); // after this frame is on the screen
    }

    function write() {
      clearTimeout(writer);
      const wait = written + WRITE_MS - Date.now();
      if (wait > 0) return void (writer = setTimeout(write, wait));
      written = Date.now();
      const url = new URL(location.href);
      rows.forEach((row) => url.searchParams.set(row.key, row.values[row.at]));
      try { history.replaceState(history.state, "", url); } catch { /* a sandboxed page has no address of its own */ }
    }

    function read() {
      const query = new URLSearchParams(location.search);
      return rows.map((row) => {
        const at = row.values.indexOf(query.get(row.key));
        if (at >= 0) row.at = at;
        return at >= 0;
      }).some(Boolean);
    }

    function stop() {
      clearInterval(timer);
      if (playing && touched) write();
      playing = null;
      caption.setAttribute("aria-live", "polite");
      faces();
    }

    function play(row) {
      stop();
      playing = row;
      caption.setAttribute("aria-live", "off");
      if (row.at === row.values.length - 1) { row.at = 0; show(); }
      timer = setInterval(() => {
        if (!root.isConnected || row.at >= row.values.length - 1) return stop();
        row.at += 1;
        show();
        if (row.at === row.values.length - 1) stop();
      }, PAUSE_MS);
      faces();
    }

    function faces() {
      rows.forEach((row) => {
        const on = row === playing;
        row.button.innerHTML = on ? FACES.pause : FACES.play;
        row.button.setAttribute("aria-pressed", on);
        row.button.setAttribute("aria-label", `${on ? "Pause" : "Play"} ${row.label}`);
      });
    }

    function playWhenSeen(row) {
      const watcher = new IntersectionObserver((entries) => {
        if (!entries.some((entry) => entry.isIntersecting)) return;
        watcher.disconnect();
        row.at = 0;
        show();
        play(row);
      }, { threshold: 0.5 });
      watcher.observe(picture);
      ["pointerdown", "keydown", "input"].forEach((kind) => root.addEventListener(kind, () => watcher.disconnect()));
    }

    rows.forEach((row) => {
      row.input.addEventListener("input", () => {
        touched = true;
        stop();
        row.at = +row.input.value;
        show();
        write();
      });
      row.button.addEventListener("click", () => {
        touched = true;
        if (playing === row) stop();
        else play(row);
      });
    });
    const restored = read();
    root.classList.add("xf-ready");
    stop();
    // A browser that comes back to a page restores its sliders by itself, without an event: draw what we hold instead.
    show();
    const first = rows.find((row) => row.name === data.autoplay);
    if (first && !restored && !matchMedia("(prefers-reduced-motion: reduce)").matches) playWhenSeen(first);
  }

  document.querySelectorAll(".explorable:not(.xf-ready)").forEach((root) => {
    try { setUp(root); } catch (error) { console.error("explorable figure", root.id, error); }
  });
})();
