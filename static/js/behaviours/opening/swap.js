// Puts what was fetched into the page: title, tabs, alarms, panes, messages. The list stays.
import { disturbed } from "../steady.js";
import { focusRow } from "./rows.js";

const words = () => document.querySelector(".pane--words");
const stays = (one) => one.matches(".pane--list");

function swapPanes(next) {
  const panes = document.querySelector("[data-panes]");
  const same = panes.dataset.looking && panes.dataset.looking === next.dataset.looking;
  if (same) {
    for (const pane of next.querySelectorAll(":scope > .pane"))
      panes.querySelector(`.${pane.classList[1]}`)?.replaceChildren(...pane.childNodes);
    return;
  }
  for (const one of [...panes.children]) if (!stays(one)) one.remove();
  panes.append(...next.children);
  panes.className = next.className;
  panes.scrollTop = 0;
  if (next.dataset.looking) panes.dataset.looking = next.dataset.looking;
  else delete panes.dataset.looking;
}

function swapAround(page) {
  document.title = page.title;
  const main = document.getElementById("main");
  main.querySelector(":scope > h1")?.remove();
  const heading = page.querySelector("main > h1");
  if (heading) main.prepend(heading);
  for (const part of [".bar__tabs", "[data-alarms]"]) {
    const [here, there] = [document.querySelector(part), page.querySelector(part)];
    if (here && there && here.innerHTML !== there.innerHTML)
      here.replaceChildren(...there.childNodes);
  }
  const toasts = page.querySelectorAll("[data-toasts] .toast");
  const here = document.querySelector("[data-toasts]");
  if (toasts.length)
    for (const former of here.querySelectorAll(".toast:not(.toast--notice)")) former.remove();
  here.append(...toasts);
}

// What reads a page aloud begins with who it is about; on a telephone the list may be all there is.
export function focusHeading() {
  if (!words()?.checkVisibility()) return focusRow();
  (words()?.querySelector("[data-heading]") ?? words())?.focus({ preventScroll: true });
}

// Where the focus was, in other words than an element: the key of what had opened the form.
export function keyOfFocus() {
  const fold = document.activeElement?.closest("details");
  const opener = fold?.querySelector("summary[data-key]") ?? document.activeElement;
  return opener?.dataset?.key;
}

function focusAgain(key) {
  const all = key ? document.querySelectorAll(`[data-panes] [data-key="${CSS.escape(key)}"]`) : [];
  const found = [...all].find((one) => one.checkVisibility());
  if (found) found.focus({ preventScroll: true });
  else focusHeading();
}

// `key` is what `keyOfFocus` said before, for a page that stays.
export function put(page, key) {
  const next = page.querySelector("[data-panes]");
  swapAround(page);
  swapPanes(next);
  document.dispatchEvent(new CustomEvent("desk:added"));
  focusAgain(key);
  disturbed();
}
