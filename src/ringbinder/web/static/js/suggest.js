// A search field that offers what can be found while one types. The offers come from the server,
// so they hold nothing that the person may not see.

const PAUSE_MILLISECONDS = 150;

export function suggest(form) {
  const address = form.dataset.suggest;
  const input = form.querySelector("input[type=search]");
  if (!address || !input) return;
  const list = document.createElement("div");
  list.className = "suggestions";
  list.id = `${input.id}-suggestions`;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", input.labels[0]?.textContent ?? "");
  list.hidden = true;
  form.append(list);
  input.setAttribute("role", "combobox");
  input.setAttribute("aria-autocomplete", "list");
  input.setAttribute("aria-controls", list.id);
  input.setAttribute("aria-expanded", "false");
  let waiting = 0;
  let asked = 0;

  const show = (isShown) => {
    list.hidden = !isShown;
    input.setAttribute("aria-expanded", String(isShown));
    if (!isShown) input.removeAttribute("aria-activedescendant");
  };

  const ask = async () => {
    const term = input.value.trim();
    const mine = ++asked;
    if (!term) return show(false);
    const answer = await fetch(`${address}?q=${encodeURIComponent(term)}`, {
      headers: { "hx-request": "true" },
    }).catch(() => null);
    if (mine !== asked || !answer?.ok) return;
    list.innerHTML = await answer.text();
    [...list.querySelectorAll("[role=option]")].forEach((option, place) => {
      option.id = `${list.id}-${place}`;
      option.tabIndex = -1;
    });
    show(list.querySelector("[role=option]") !== null && document.activeElement === input);
  };

  const step = (by) => {
    const options = [...list.querySelectorAll("[role=option]")];
    if (!options.length) return;
    const now = options.findIndex((option) => option.ariaSelected === "true");
    const next = (now + by + options.length) % options.length;
    for (const option of options) option.ariaSelected = "false";
    options[next].ariaSelected = "true";
    options[next].scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", options[next].id);
  };

  input.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(ask, PAUSE_MILLISECONDS);
  });
  input.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !list.hidden) {
      event.stopPropagation();
      show(false);
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (list.hidden) return;
      event.preventDefault();
      step(event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "Enter") {
      const chosen = list.querySelector("[aria-selected=true]");
      if (chosen && !list.hidden) {
        event.preventDefault();
        location.assign(chosen.href);
      }
    }
  });
  form.addEventListener("focusout", (event) => {
    if (!form.contains(event.relatedTarget)) show(false);
  });
}
