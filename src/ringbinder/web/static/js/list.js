// The list of a binder's documents. All of them have their place in one long table, but only those
// that are near to what is seen are in it. They are fetched a window at a time, and put into the
// table by smaller strips: a browser takes a millisecond for the layout and the paint of one row.

const page = document.getElementById("binder");
const base = `/binders/${page.dataset.binder}`;
const detail = document.getElementById("detail");
const scroller = document.getElementById("list");
const SPARE_WINDOWS = 6; // how many fetched windows are kept in memory
const STRIP = 25; // rows that are put into the table at once; a window is some strips
const SPARE_STRIPS = 2; // how many strips stand above and below what is seen
const WAIT_MILLISECONDS = 60; // what is rushed past in less is not asked for

const list = scroller ? new DocumentList(scroller) : null;

function DocumentList(scroller) {
  const body = scroller.querySelector("tbody");
  const total = Number(scroller.dataset.total);
  const size = Number(scroller.dataset.window);
  const last = Math.ceil(total / size) - 1;
  const lastStrip = Math.ceil(total / STRIP) - 1;
  const windows = new Map([[0, cut([...body.rows])]]); // strips of fetched rows, the last used at the end
  const placed = new Map(windows.get(0).entries()); // strips in the table, or a row that holds their room
  const asked = new Map();
  const ticked = new Set();
  const before = spacer();
  const after = spacer();
  let height = rowHeight();
  let missing = "";
  let timer = 0;
  let active = -1;
  let willDraw = false;

  body.prepend(before);
  body.append(after);

  function spacer() {
    const row = document.createElement("tr");
    row.className = "spacer";
    row.setAttribute("aria-hidden", "true");
    const cell = row.insertCell();
    cell.colSpan = 99;
    return row;
  }

  function rowHeight() {
    return parseFloat(getComputedStyle(document.documentElement).getPropertyValue("--row")) || 40;
  }

  function cut(rows) {
    return Array.from({ length: Math.ceil(rows.length / STRIP) }, (_, index) =>
      rows.slice(index * STRIP, (index + 1) * STRIP));
  }

  /** Put what is seen into the table, with empty room for all others, and ask for what is missing. */
  function draw({ atOnce = false } = {}) {
    const top = Math.max(0, scroller.scrollTop) / height;
    const end = top + scroller.clientHeight / height;
    place(...strips(top, end));
    const from = Math.max(0, Math.floor(top / size - 0.5));
    const to = Math.min(last, Math.floor(end / size + 0.5));
    ask([...range(from, to)].filter((index) => !windows.has(index)), atOnce);
  }

  /**
   * Give the first and the last strip that shall be in the table: what is seen, and what stands
   * beside it already or is at hand, one more strip for each frame.
   */
  function strips(top, end) {
    const around = (spare) => [
      Math.max(0, Math.floor(top / STRIP - spare)),
      Math.min(lastStrip, Math.floor(end / STRIP + spare)),
    ];
    const [lowest, highest] = around(SPARE_STRIPS);
    let [from, to] = around(0.25);
    const kept = [...placed.keys()].filter((strip) => strip >= lowest && strip <= highest);
    if (!kept.some((strip) => strip >= from - 1 && strip <= to + 1)) {
      drawSoon();
      return [from, to];
    }
    from = Math.min(from, ...kept);
    to = Math.max(to, ...kept);
    const up = from > lowest && isHere(from - 1) ? 1 : 0;
    const down = to < highest && isHere(to + 1) ? 1 : 0;
    if (up || down) drawSoon();
    return [from - up, to + down];
  }

  function isHere(strip) {
    return windows.has(windowOf(strip));
  }

  function windowOf(strip) {
    return Math.floor((strip * STRIP) / size);
  }

  function* range(from, to) {
    for (let index = from; index <= to; index++) yield index;
  }

  /** Take out what is not near, and put in what is; what stays is not touched. */
  function place(from, to) {
    const focused = body.contains(document.activeElement) ? placeOf(document.activeElement) : -1;
    const top = scroller.scrollTop;
    const wanted = new Map();
    for (const strip of range(from, to)) wanted.set(strip, rowsOf(strip));
    for (const [strip, rows] of placed) {
      if (wanted.get(strip) !== rows) for (const row of rows) row.remove();
    }
    let next = after;
    for (const [strip, rows] of [...wanted].reverse()) {
      if (placed.get(strip) !== rows) {
        next.before(...rows);
        mark(rows);
      }
      next = rows[0] ?? next;
    }
    placed.clear();
    for (const [strip, rows] of wanted) placed.set(strip, rows);
    setHeight(before, from * STRIP * height);
    setHeight(after, Math.max(0, total - (to + 1) * STRIP) * height);
    if (scroller.scrollTop !== top) scroller.scrollTop = top;
    if (focused >= 0 && !body.contains(document.activeElement)) focus(focused);
  }

  function rowsOf(strip) {
    if (isHere(strip)) return touch(windowOf(strip))[strip - windowOf(strip) * (size / STRIP)] ?? [];
    const rows = placed.get(strip) ?? [spacer()];
    if (rows[0].dataset.document) return rows;
    rows[0].classList.add("waiting");
    setHeight(rows[0], Math.min(STRIP, total - strip * STRIP) * height);
    return rows;
  }

  function setHeight(row, pixels) {
    if (row.pixels === pixels) return;
    row.pixels = pixels;
    row.cells[0].style.height = row.style.height = `${pixels}px`;
    row.hidden = pixels === 0;
  }

  /** Keep the windows that were used last, and let the oldest go. */
  function touch(index) {
    const found = windows.get(index);
    windows.delete(index);
    windows.set(index, found);
    for (const old of windows.keys()) {
      if (windows.size <= SPARE_WINDOWS) break;
      windows.delete(old);
    }
    return found;
  }

  /** Fetch what has been missing for a moment, and nothing that was rushed past. */
  function ask(indices, atOnce) {
    for (const [index, request] of asked) {
      if (indices.includes(index)) continue;
      request.abort();
      asked.delete(index);
    }
    const now = indices.join();
    if (now === missing && !atOnce) return;
    missing = now;
    clearTimeout(timer);
    if (atOnce) indices.forEach(fetchWindow);
    else if (now) timer = setTimeout(() => indices.forEach(fetchWindow), WAIT_MILLISECONDS);
  }

  function fetchWindow(index) {
    if (windows.has(index)) return Promise.resolve();
    const request = asked.get(index) ?? new AbortController();
    if (!asked.has(index)) {
      asked.set(index, request);
      request.done = load(index, request).finally(() => {
        if (asked.get(index) === request) asked.delete(index);
      });
    }
    return request.done;
  }

  async function load(index, request) {
    const join = scroller.dataset.address.includes("?") ? "&" : "?";
    try {
      const answer = await fetch(`${scroller.dataset.address}${join}offset=${index * size}`, {
        headers: { "hx-request": "true" },
        signal: request.signal,
      });
      const signIn = answer.headers.get("hx-redirect");
      if (signIn) return location.assign(signIn);
      if (!answer.ok) throw new Error(String(answer.status));
      windows.set(index, cut(read(await answer.text())));
    } catch {
      if (request.signal.aborted) return;
      missing = "";
      return say("offline");
    }
    draw();
  }

  function read(html) {
    const holder = document.createElement("template");
    holder.innerHTML = `<table><tbody>${html}</tbody></table>`;
    return [...holder.content.querySelector("tbody").rows];
  }

  function say(name) {
    const ready = document.getElementById(`notice-${name}`);
    const notices = document.getElementById("notices");
    if (ready && !notices.querySelector(".error")) notices.append(ready.content.cloneNode(true));
  }

  function placeOf(element) {
    return Number(element.closest("tr")?.dataset.place ?? -1);
  }

  function rowAt(index) {
    return body.querySelector(`tr[data-place="${index}"]`);
  }

  function linkAt(index) {
    return rowAt(index)?.querySelector("td.name a");
  }

  /** Bring a document's row into sight, fetched if need be, and give it the focus. */
  async function goTo(index) {
    active = Math.max(0, Math.min(total - 1, index));
    const head = scroller.querySelector("thead th").offsetHeight;
    const top = active * height;
    const seen = scroller.clientHeight - head;
    if (top < scroller.scrollTop) scroller.scrollTop = top;
    else if (top + height > scroller.scrollTop + seen) scroller.scrollTop = top + height - seen;
    draw({ atOnce: true });
    await fetchWindow(Math.floor(active / size));
    focus(active);
  }

  function focus(index) {
    linkAt(index)?.focus({ preventScroll: true });
  }

  function mark(rows = body.rows) {
    const open = page.dataset.document;
    for (const row of rows) {
      if (!row.dataset.document) continue;
      row.classList.toggle("is-open", row.dataset.document === open);
      row.classList.toggle("is-selected", ticked.has(row.dataset.document));
      const box = row.querySelector("input");
      if (box) box.checked = ticked.has(row.dataset.document);
    }
  }

  function tick(row, isTicked) {
    if (isTicked) ticked.add(row.dataset.document);
    else ticked.delete(row.dataset.document);
    mark();
    tellSelection();
  }

  /** Tick all rows between two places, those too that are not in the table or not fetched yet. */
  async function tickBetween(low, high) {
    for (const index of range(Math.floor(low / size), Math.floor(high / size))) {
      if (!windows.has(index)) await load(index, new AbortController());
      for (const row of windows.get(index)?.flat() ?? []) {
        const place = placeOf(row);
        if (place >= low && place <= high) ticked.add(row.dataset.document);
      }
      mark();
      tellSelection();
    }
  }

  let lastTicked = -1;
  body.addEventListener("click", (event) => {
    const box = event.target.closest("td.tick input");
    if (!box) return;
    const row = box.closest("tr");
    const now = placeOf(box);
    if (event.shiftKey && lastTicked >= 0) {
      tickBetween(Math.min(now, lastTicked), Math.max(now, lastTicked));
    }
    tick(row, box.checked);
    lastTicked = now;
  });

  scroller.addEventListener("keydown", (event) => {
    const on = event.target.closest("tbody tr");
    if (!on || event.altKey || event.ctrlKey || event.metaKey) return;
    const now = placeOf(on);
    const seen = Math.max(1, Math.floor(scroller.clientHeight / height) - 2);
    const steps = { ArrowDown: now + 1, ArrowUp: now - 1, PageDown: now + seen, PageUp: now - seen, Home: 0, End: total - 1 };
    if (event.key in steps) {
      event.preventDefault();
      goTo(steps[event.key]);
    } else if (event.key === " " && event.target.matches("td.name a")) {
      event.preventDefault();
      tick(on, !ticked.has(on.dataset.document));
    }
  });

  scroller.addEventListener("scroll", drawSoon, { passive: true });
  new ResizeObserver(() => {
    height = rowHeight();
    draw();
  }).observe(scroller);

  function drawSoon() {
    if (willDraw) return;
    willDraw = true;
    requestAnimationFrame(() => {
      willDraw = false;
      draw();
    });
  }

  const selection = document.getElementById("selection");
  function tellSelection() {
    selection.hidden = ticked.size === 0;
    document.getElementById("selected-text").textContent =
      ticked.size === 1 ? selection.dataset.one : selection.dataset.many.replace("{}", ticked.size.toLocaleString(document.documentElement.lang));
  }
  selection.querySelector("[data-unselect]").addEventListener("click", () => {
    ticked.clear();
    mark();
    tellSelection();
  });

  /** Scroll to where somebody was. */
  function goBackTo({ top, left }) {
    draw();
    scroller.scrollTo(left, top);
    draw({ atOnce: true });
  }

  return { mark, goBackTo, ticked, focusFirst: () => goTo(Math.floor(scroller.scrollTop / height)) };
}

// ── Where somebody was ──────────────────────────────────────────────────────────────────────────

// A page that is loaded again, or that one comes back to, or that a change of documents leads back
// to, is where it was. In another order a list begins at its top, and stays where it was sideways.
const PLACES = "list-places";
const MOST_PLACES = 20;

function places() {
  try {
    return JSON.parse(sessionStorage.getItem(PLACES)) ?? [];
  } catch {
    return [];
  }
}

function leave({ isChange }) {
  if (!scroller) return;
  const { address } = scroller.dataset;
  const { scrollTop: top, scrollLeft: left } = scroller;
  const others = places().filter((one) => one.address !== address);
  const here = { address, binder: page.dataset.binder, top, left, isChange };
  sessionStorage.setItem(PLACES, JSON.stringify([here, ...others].slice(0, MOST_PLACES)));
}

function comeBack() {
  const kept = places();
  const known = kept.find((one) => one.address === scroller.dataset.address);
  const { type } = performance.getEntriesByType("navigation")[0] ?? {};
  const isReturn = known?.isChange || type === "reload" || type === "back_forward";
  if (known && isReturn) return known;
  const left = kept[0]?.binder === page.dataset.binder ? kept[0].left : 0;
  return { top: 0, left };
}

let isChanging = false;
for (const name of ["htmx:beforeOnLoad", "submit"]) {
  document.addEventListener(name, (event) => {
    const { xhr } = event.detail ?? {};
    if (xhr ? xhr.getResponseHeader("hx-redirect") : event.target.method === "post") isChanging = true;
  });
}
addEventListener("pagehide", () => leave({ isChange: isChanging }));

list?.goBackTo(comeBack());

// ── Detail ──────────────────────────────────────────────────────────────────────────────────────

async function show(id, { push }) {
  page.dataset.document = id;
  page.classList.add("has-detail");
  detail.hidden = false;
  list?.mark();
  if (push) history.pushState({ document: id }, "", addressWith(id));
  await htmx.ajax("GET", `/documents/${id}`, { target: "#detail", swap: "innerHTML" });
  detail.scrollTop = 0;
}

function hide({ push }) {
  const was = page.dataset.document;
  page.dataset.document = "";
  page.classList.remove("has-detail");
  detail.hidden = true;
  detail.replaceChildren();
  list?.mark();
  if (push) history.pushState({ document: "" }, "", addressWith(""));
  document.querySelector(`tr[data-document="${was}"] td.name a`)?.focus({ preventScroll: true });
}

function addressWith(id) {
  const address = new URL(location.href);
  if (id) {
    address.searchParams.set("document", id);
    if (!address.searchParams.has("tab")) address.searchParams.set("tab", "all");
  } else address.searchParams.delete("document");
  return address;
}

addEventListener("popstate", () => {
  const id = new URL(location.href).searchParams.get("document");
  if (id) show(id, { push: false });
  else hide({ push: false });
});

document.addEventListener("click", (event) => {
  const link = event.target.closest("td.name a");
  if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey && event.button === 0) {
    event.preventDefault();
    show(link.closest("tr").dataset.document, { push: true });
    return;
  }
  if (event.target.closest("[data-close-detail]")) hide({ push: true });
  const twist = event.target.closest("[data-twist]");
  if (twist) {
    const isOpen = twist.getAttribute("aria-expanded") === "true";
    twist.setAttribute("aria-expanded", String(!isOpen));
    twist.closest("li").querySelector("ul").hidden = isOpen;
  }
  const value = event.target.closest("button.value");
  if (value) location.assign(filteredBy(value.dataset.key, value.dataset.value));
});

function filteredBy(key, value) {
  const address = new URL(`${base}?${page.dataset.query}`, location.origin);
  if (!address.searchParams.has("tab")) address.searchParams.set("tab", "all");
  address.searchParams.set(key, value);
  return address;
}

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && page.dataset.document && !document.querySelector("dialog[open], details.menu[open]")) {
    hide({ push: true });
  }
  if (event.key === "ArrowDown" && event.target.id === "list-term") {
    event.preventDefault();
    list?.focusFirst();
  }
});

if (page.dataset.document) show(page.dataset.document, { push: false });

// Another version begins at its top, where it says whether it is superseded.
detail.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target === detail) detail.scrollTop = 0;
});

// A document that was changed in the detail is another one in the list.
document.addEventListener("documents-changed", () => location.reload());

// ── Many at once ────────────────────────────────────────────────────────────────────────────────

async function send(address, fields) {
  const form = new URLSearchParams(fields);
  for (const id of list.ticked) form.append("document", id);
  await htmx.ajax("POST", address, { values: formValues(form), swap: "none", source: document.getElementById("selection") });
}

function formValues(form) {
  const values = {};
  for (const name of new Set(form.keys())) values[name] = form.getAll(name);
  return values;
}

document.addEventListener("click", (event) => {
  const bulk = event.target.closest("[data-bulk]");
  if (bulk) send(bulk.dataset.bulk, [["next", location.pathname + location.search]]);
  const zip = event.target.closest("[data-zip]");
  if (zip) {
    const chosen = new URLSearchParams();
    for (const id of list.ticked) chosen.append("document", id);
    location.assign(`${zip.dataset.zip}?${chosen}`);
  }
});

document.addEventListener("submit", (event) => {
  const form = event.target.closest("form[data-bulk-form]");
  if (!form) return;
  event.preventDefault();
  form.closest("dialog").close();
  const fields = [...new FormData(form).entries(), ["next", location.pathname + location.search]];
  send(form.dataset.bulkForm, fields);
});
