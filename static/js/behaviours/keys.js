// Keys: whatever carries data-key is pressed by that key, outside text fields. Decisions (data-decision) ignore a held key
// and any key within 500 ms after the review was opened or changed under the reader's eyes.
const QUIET_MS = 500;
let changedAt = performance.now();
let first = "";
// Letters of the person's own: what they press, and which of the desk's letters it stands for.
const own = new Map();
let letters = true;
let firstAt = 0;

let seen = "";

function seenNow() {
  return document.querySelector("[data-review]")?.dataset.seen ?? "";
}

// Only what a decision is about counts as a change: another text, another ground, another state.
function contentChanged() {
  seen = seenNow();
  changedAt = performance.now();
  delete document.body.dataset.decidable;
  setTimeout(() => {
    if (performance.now() - changedAt >= QUIET_MS) document.body.dataset.decidable = "";
  }, QUIET_MS + 20);
}

function typing(target) {
  return target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);
}

function find(key) {
  return [...document.querySelectorAll("[data-key]")].find((one) => one.dataset.key === key && one.offsetParent !== null);
}

// Nobody decides on a picture that is not there yet.
function picturesComing() {
  return [...document.querySelectorAll("[data-review] .slip .shown img")].some((one) => !one.complete);
}

function press(element, event) {
  if (element.hasAttribute("data-decision") && (event.repeat || performance.now() - changedAt < QUIET_MS || picturesComing())) return;
  event.preventDefault();
  if (element.matches("dialog")) element.showModal();
  else if (element.matches("input, textarea")) element.focus();
  else element.click();
}

function move(step) {
  const rows = [...document.querySelectorAll("[data-row]")];
  const place = rows.indexOf(document.activeElement);
  rows[Math.max(0, Math.min(rows.length - 1, place + step))]?.focus();
}

function pressed(event) {
  if (event.key === "Escape" && typing(event.target)) event.target.blur();
  if (event.key === "F6") return panes(event);
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || document.querySelector("dialog[open]")) return;
  if ((event.key === "Enter" || event.key === " ") && event.target.closest("a, button, summary, label")) return; // theirs
  const typed = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  if (/^[a-z]$/.test(typed) && !letters) return;
  const pair = performance.now() - firstAt < 1200 ? find(`${first} ${typed}`) : null;
  const key = meant(typed);
  first = typed;
  firstAt = performance.now();
  if (key === "j" || key === "k") return move(key === "j" ? 1 : -1);
  if (!key) return;
  if (key === "?") return document.querySelector("[data-key-sheet]")?.showModal();
  const element = pair ?? find(key);
  if (element) press(element, event);
}

// A letter that somebody gave away to another verb does nothing by itself.
function meant(typed) {
  if (own.has(typed)) return own.get(typed);
  return [...own.values()].includes(typed) ? "" : typed;
}

export const printed = (key) => [...own].find(([, desk]) => desk === key.toLowerCase())?.[0] ?? key;

function relabel() {
  for (const one of document.querySelectorAll(".key:not([data-fixed])")) {
    const text = (one.dataset.letter ??= one.textContent.trim());
    if (text.length === 1) one.textContent = letters || !/^[A-Z]$/i.test(text) ? printed(text).toUpperCase() : "";
    one.hidden = !one.textContent;
  }
}

function panes(event) {
  const all = [...document.querySelectorAll("[data-pane]")].filter((one) => one.offsetParent !== null);
  const place = all.findIndex((one) => one.contains(document.activeElement));
  all[(place + 1) % all.length]?.focus();
  event.preventDefault();
}

export function start() {
  const chosen = document.body.dataset.letters ?? "";
  letters = chosen !== "off";
  if (letters) for (const [desk, mine] of chosen.split(" ").filter(Boolean)) own.set(mine, desk);
  if (own.size || !letters) {
    relabel();
    document.addEventListener("htmx:after:swap", relabel);
  }
  document.addEventListener("keydown", pressed);
  contentChanged();
  document.addEventListener("htmx:after:swap", () => {
    if (seenNow() !== seen) contentChanged();
  });
}
