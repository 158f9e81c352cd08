import { printed } from "../lib/letters.js";

// The palette (Ctrl+K): everything on this page that has a key, leads to a page of the desk or can
// be done with the open ticket, found by a few letters; tickets, customers and colleagues, which
// the server finds; else the inbox is searched.
const MOST = 9;
const TYPING_MS = 120;
let dialog = null;
let hits = [];
let chosen = 0;
let found = []; // what the server found, and for which words
let foundFor = "";
let asked = 0;
let timer = 0;
let takesFirst = false; // Enter came before the answer

const typed = () => dialog.querySelector("input").value.trim();

const label = (element) =>
  (
    element.getAttribute("aria-label") ||
    [...element.childNodes]
      .map((one) => (one.matches?.(".key, .count, svg:not([aria-label]), .stamp") ? "" : said(one)))
      .join(" ")
  )
    .replace(/\s+/g, " ")
    .trim();

const said = (node) => node.getAttribute?.("aria-label") ?? node.textContent;

// What can be done here: links of the bar, everything visible that bears a key, what else the head
// of a ticket offers. A decision is pressed by its own key alone, after reading.
function onThePage() {
  const all = document.querySelectorAll(
    "a.bar__tab, .bell, .menu__sheet a, [data-key], .ticket__head form > button",
  );
  const shown = [...all].filter(
    (one) =>
      !one.hasAttribute("data-decision") &&
      !one.closest("dialog") &&
      !one.closest("[data-choices]") &&
      (one.offsetParent !== null || one.closest(".menu__sheet a, .bar")),
  );
  return shown.map((element) => ({
    element,
    name: label(element),
    key: element.dataset.key ?? "",
  }));
}

// The choices in the menus of the open ticket: "Snooze: In an hour".
function inMenus() {
  return [...document.querySelectorAll(".ticket__head details button[name]")]
    .filter((one) => one.value || one.name === "person")
    .map((element) => ({
      element,
      name: `${label(element.closest("details").querySelector("summary"))}: ${label(element)}`,
      key: "",
    }));
}

function everything() {
  const named = [...onThePage(), ...(typed() ? inMenus() : [])].filter((one) => one.name);
  return named.filter(
    (one, place) => named.findIndex((other) => other.name === one.name) === place,
  );
}

function fits(name, words) {
  const low = name.toLowerCase();
  return words.every((word) => low.includes(word));
}

// Letters that begin a word come first.
function rank(name, words) {
  const parts = name.toLowerCase().split(/[^\p{L}\p{N}]+/u);
  return words.every((word) => parts.some((part) => part.startsWith(word))) ? 0 : 1;
}

function hitsFor(text) {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const here = everything()
    .filter((one) => fits(one.name, words))
    .map((one, place) => ({ ...one, order: rank(one.name, words) * 1000 + place }))
    .sort((one, other) => one.order - other.order);
  const there = text && foundFor === text ? found : [];
  const isNumber = /^#?\d/.test(text);
  const all = isNumber ? [...there, ...here] : [...here.slice(0, MOST - 3), ...there];
  const shown = all.slice(0, MOST);
  if (text)
    shown.push({
      name: list().dataset.search.replace("{words}", text),
      url: list().dataset.searchUrl + encodeURIComponent(text),
    });
  return shown;
}

const list = () => dialog.querySelector("ul");

function rowOf(hit, place) {
  const row = document.createElement("li");
  row.role = "option";
  row.id = `palette-hit-${place}`;
  row.setAttribute("aria-selected", String(place === chosen));
  const name = document.createElement("span");
  name.className = "palette__name";
  name.textContent = hit.name;
  row.append(name);
  if (hit.key || hit.hint) {
    const beside = document.createElement("span");
    beside.className = hit.key ? "key" : "hint";
    beside.textContent = hit.key ? printed(hit.key).toUpperCase() : hit.hint;
    row.append(beside);
  }
  row.addEventListener("click", () => take(place));
  return row;
}

function show() {
  hits = hitsFor(typed());
  chosen = Math.min(chosen, Math.max(0, hits.length - 1));
  list().replaceChildren(...hits.map(rowOf));
  dialog
    .querySelector("input")
    .setAttribute("aria-activedescendant", hits.length ? `palette-hit-${chosen}` : "");
}

// A link that is clicked opens in place where the page can.
function go(url) {
  const link = document.createElement("a");
  link.href = url;
  document.body.append(link);
  link.click();
  link.remove();
}

function take(place) {
  const hit = hits[place];
  if (!hit) return;
  dialog.close();
  if (hit.url) go(hit.url);
  else if (hit.element.matches("input, textarea")) hit.element.focus();
  else hit.element.click();
}

async function ask() {
  const text = typed();
  const number = ++asked;
  let answer = [];
  try {
    const headers = { "X-Requested-With": "fetch" };
    const response = await fetch(list().dataset.findUrl + encodeURIComponent(text), { headers });
    if (response.ok && !response.redirected) answer = (await response.json()).found;
  } catch {
    // Without the server there is what stands on the page.
  }
  if (number !== asked) return;
  [found, foundFor] = [answer, text];
  if (!dialog.open) return;
  show();
  if (takesFirst) take(0);
}

export function pressed(key) {
  if (key === "Enter") {
    takesFirst = typed() !== foundFor && !everythingFits();
    return takesFirst ? undefined : take(chosen);
  }
  chosen = (chosen + (key === "ArrowDown" ? 1 : -1) + hits.length) % Math.max(1, hits.length);
  show();
}

// Whether what is chosen now stands on the page; else the answer is waited for.
const everythingFits = () => hits[chosen]?.element !== undefined || chosen > 0;

export function narrow() {
  chosen = 0;
  takesFirst = false;
  clearTimeout(timer);
  asked += 1;
  if (typed()) timer = setTimeout(ask, TYPING_MS);
  else [found, foundFor] = [[], ""];
  show();
}

export function begin(opened) {
  dialog = opened;
  narrow();
}
