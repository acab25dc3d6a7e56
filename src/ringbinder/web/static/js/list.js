// The list of a binder's documents. All of them have their place in one long table, but only those
// that are near to what is seen are in it; the others are fetched, a window at a time.

const page = document.getElementById("binder");
const base = `/binders/${page.dataset.binder}`;
const detail = document.getElementById("detail");
const scroller = document.getElementById("list");
const SPARE_WINDOWS = 40; // how many fetched windows are kept in memory
const WAIT_MILLISECONDS = 60; // a scroll that rushes through asks for nothing on its way

const list = scroller ? new DocumentList(scroller) : null;

function DocumentList(scroller) {
  const body = scroller.querySelector("tbody");
  const total = Number(scroller.dataset.total);
  const size = Number(scroller.dataset.window);
  const last = Math.ceil(total / size) - 1;
  const windows = new Map([[0, [...body.rows]]]);
  const asked = new Map();
  const ticked = new Set();
  const before = spacer();
  const after = spacer();
  let shown = [-1, -1];
  let height = 0;
  let timer = 0;
  let active = -1;

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

  /** Put the windows around the seen part into the table, with empty room for all others. */
  function draw() {
    height = rowHeight();
    const top = Math.max(0, scroller.scrollTop);
    const first = Math.floor(top / height / size);
    const end = Math.floor((top + scroller.clientHeight) / height / size);
    const from = Math.max(0, first - (top / height - first * size < size / 2 ? 1 : 0));
    const to = Math.min(last, end + ((top + scroller.clientHeight) / height - end * size > size / 2 ? 1 : 0));
    const missing = [];
    for (let index = from; index <= to; index++) {
      if (!windows.has(index)) missing.push(index);
    }
    if (from !== shown[0] || to !== shown[1] || missing.length) place(from, to);
    clearTimeout(timer);
    if (missing.length) timer = setTimeout(() => missing.forEach(fetchWindow), WAIT_MILLISECONDS);
  }

  function place(from, to) {
    const focused = body.contains(document.activeElement) ? placeOf(document.activeElement) : -1;
    const rows = [before];
    let gap = from * size;
    for (let index = from; index <= to; index++) {
      const known = windows.get(index);
      const count = Math.min(size, total - index * size);
      if (known) rows.push(...known);
      else rows.push(room(count * height));
      windows.has(index) && touch(index);
    }
    rows.push(after);
    setHeight(before, gap * height);
    setHeight(after, Math.max(0, total - Math.min(total, (to + 1) * size)) * height);
    const top = scroller.scrollTop;
    body.replaceChildren(...rows);
    if (scroller.scrollTop !== top) scroller.scrollTop = top;
    shown = [from, to];
    mark();
    if (focused >= 0) linkAt(focused)?.focus({ preventScroll: true });
  }

  function room(pixels) {
    const row = spacer();
    row.classList.add("waiting");
    setHeight(row, pixels);
    return row;
  }

  function setHeight(row, pixels) {
    row.cells[0].style.height = `${pixels}px`;
    row.style.height = `${pixels}px`;
    row.hidden = pixels === 0;
  }

  /** Keep the windows that were used last, and let the oldest go. */
  function touch(index) {
    const rows = windows.get(index);
    windows.delete(index);
    windows.set(index, rows);
    for (const old of windows.keys()) {
      if (windows.size <= SPARE_WINDOWS) break;
      windows.delete(old);
    }
  }

  function fetchWindow(index) {
    if (windows.has(index)) return Promise.resolve();
    if (!asked.has(index)) asked.set(index, load(index).finally(() => asked.delete(index)));
    return asked.get(index);
  }

  async function load(index) {
    const join = scroller.dataset.address.includes("?") ? "&" : "?";
    const answer = await fetch(`${scroller.dataset.address}${join}offset=${index * size}`, {
      headers: { "hx-request": "true" },
    }).catch(() => null);
    if (answer?.headers.get("hx-redirect")) return location.assign(answer.headers.get("hx-redirect"));
    if (!answer?.ok) return say("offline");
    const holder = document.createElement("template");
    holder.innerHTML = `<table><tbody>${await answer.text()}</tbody></table>`;
    const fetched = [...holder.content.querySelector("tbody").rows];
    windows.set(index, fetched.map((row) => document.adoptNode(row)));
    shown = [-1, -1];
    draw();
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
    await fetchWindow(Math.floor(active / size));
    draw();
    linkAt(active)?.focus({ preventScroll: true });
    mark();
  }

  function mark() {
    const open = page.dataset.document;
    for (const row of body.rows) {
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

  let lastTicked = -1;
  body.addEventListener("click", (event) => {
    const box = event.target.closest("td.tick input");
    if (!box) return;
    const row = box.closest("tr");
    const now = placeOf(box);
    if (event.shiftKey && lastTicked >= 0) {
      const [low, high] = [Math.min(now, lastTicked), Math.max(now, lastTicked)];
      for (let index = low; index <= high; index++) {
        const between = rowAt(index);
        if (between) ticked.add(between.dataset.document);
      }
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

  scroller.addEventListener("scroll", () => requestAnimationFrame(draw), { passive: true });
  new ResizeObserver(() => {
    shown = [-1, -1];
    draw();
  }).observe(scroller);

  const selection = document.getElementById("selection");
  function tellSelection() {
    selection.hidden = ticked.size === 0;
    document.getElementById("selected-text").textContent =
      ticked.size === 1 ? selection.dataset.one : selection.dataset.many.replace("{}", String(ticked.size));
  }
  selection.querySelector("[data-unselect]").addEventListener("click", () => {
    ticked.clear();
    mark();
    tellSelection();
  });

  return { draw, mark, goTo, ticked, focusFirst: () => goTo(Math.floor(scroller.scrollTop / height)) };
}

list?.draw();

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
