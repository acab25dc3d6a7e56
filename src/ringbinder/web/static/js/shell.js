// What every page does: notices, dialogs, menus, the token of the session on each request.

import { suggest } from "./suggest.js";

const NOTICE_MILLISECONDS = 8000;

document.addEventListener("htmx:configRequest", (event) => {
  const token = document.body.dataset.csrfToken;
  if (token) event.detail.headers["x-csrf-token"] = token;
});

// Where the network is gone, nothing would happen without a word.
for (const name of ["htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(name, () => say("offline"));
}

/** Show one of the notices that the page holds ready in a template. */
export function say(name) {
  const ready = document.getElementById(`notice-${name}`);
  if (ready) document.getElementById("notices").append(ready.content.cloneNode(true));
}

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-opens]");
  if (opener) open(opener);
  const closer = event.target.closest("[data-closes]");
  if (closer) closer.closest("dialog").close();
  const notice = event.target.closest("[data-close-notice]");
  if (notice) notice.closest("[data-notice]").remove();
  closeMenus(event.target);
});

function open(opener) {
  const dialog = document.getElementById(opener.dataset.opens);
  dialog.showModal();
  dialog.querySelector("input:not([type=hidden]), select, textarea")?.focus();
}

function closeMenus(target) {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(target)) menu.open = false;
  }
}

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  }
  if (event.key === "/" && !isTyping(event.target)) {
    const field = document.querySelector("[data-slash]") ?? document.getElementById("topsearch");
    if (field && field.offsetParent !== null) {
      event.preventDefault();
      field.focus();
      field.select();
    }
  }
});

export function isTyping(element) {
  return element.matches("input, textarea, select, [contenteditable]");
}

// A notice of success goes by itself, unless somebody is reading or about to undo.
new MutationObserver(() => {
  // What lies outside of an open dialog cannot be read or used, so the notice goes inside.
  const dialog = document.querySelector("dialog[open] .dialog-body");
  for (const notice of dialog ? document.querySelectorAll("#notices [data-notice]") : []) {
    for (const old of dialog.querySelectorAll("[data-notice]")) old.remove();
    dialog.prepend(notice);
  }
  for (const notice of document.querySelectorAll("[data-notice].success:not([data-timed])")) {
    forget(notice);
  }
}).observe(document.getElementById("notices"), { childList: true });
for (const notice of document.querySelectorAll("[data-notice].success")) forget(notice);

function forget(notice) {
  notice.dataset.timed = "";
  const attempt = () => {
    if (notice.matches(":hover, :focus-within") || notice.querySelector("form")) {
      if (!notice.querySelector("form")) setTimeout(attempt, NOTICE_MILLISECONDS);
      return;
    }
    notice.remove();
  };
  setTimeout(attempt, NOTICE_MILLISECONDS);
}

for (const form of document.querySelectorAll("form[data-suggest]")) suggest(form);
