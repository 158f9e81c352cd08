import { printed } from "./keys.js";

// The palette (Ctrl+K): everything on this page that has a key or leads to a page of the desk,
// found by a few letters; else the inbox is searched.
const MOST = 9;
let dialog = null;
let hits = [];
let chosen = 0;

const label = (element) =>
  (
    element.getAttribute("aria-label") ||
    [...element.childNodes]
      .map((one) => (one.matches?.(".key, .count, svg, .stamp") ? "" : one.textContent))
      .join(" ")
  )
    .replace(/\s+/g, " ")
    .trim();

// What can be done here: links of the bar and everything visible that bears a key. A decision is
// pressed by its own key alone, after reading.
function everything() {
  const found = [
    ...document.querySelectorAll("a.bar__tab, .bell, .menu__sheet a, [data-key]"),
  ].filter(
    (one) =>
      !one.hasAttribute("data-decision") &&
      !one.closest("dialog") &&
      (one.offsetParent !== null || one.closest(".menu__sheet a, .bar")),
  );
  const named = found
    .map((element) => ({ element, name: label(element), key: element.dataset.key ?? "" }))
    .filter((one) => one.name);
  return named.filter(
    (one, place) => named.findIndex((other) => other.name === one.name) === place,
  );
}

function fits(name, words) {
  const low = name.toLowerCase();
  return words.every((word) => low.includes(word));
}

function show() {
  const typed = dialog.querySelector("input").value.trim();
  const list = dialog.querySelector("ul");
  hits = everything()
    .filter((one) => fits(one.name, typed.toLowerCase().split(/\s+/).filter(Boolean)))
    .slice(0, MOST);
  if (typed)
    hits.push({
      name: list.dataset.search.replace("{words}", typed),
      url: list.dataset.searchUrl + encodeURIComponent(typed),
      key: "",
    });
  chosen = Math.min(chosen, Math.max(0, hits.length - 1));
  list.replaceChildren(
    ...hits.map((hit, place) => {
      const row = document.createElement("li");
      row.role = "option";
      row.id = `palette-hit-${place}`;
      row.setAttribute("aria-selected", String(place === chosen));
      const name = document.createElement("span");
      name.textContent = hit.name;
      row.append(name);
      if (hit.key) {
        const key = document.createElement("span");
        key.className = "key";
        key.textContent = printed(hit.key).toUpperCase();
        row.append(key);
      }
      row.addEventListener("click", () => take(place));
      return row;
    }),
  );
  dialog
    .querySelector("input")
    .setAttribute("aria-activedescendant", hits.length ? `palette-hit-${chosen}` : "");
}

function take(place) {
  const hit = hits[place];
  if (!hit) return;
  dialog.close();
  if (hit.url) window.location.assign(hit.url);
  else if (hit.element.matches("input, textarea")) hit.element.focus();
  else hit.element.click();
}

export function pressed(key) {
  if (key === "Enter") return take(chosen);
  chosen = (chosen + (key === "ArrowDown" ? 1 : -1) + hits.length) % Math.max(1, hits.length);
  show();
}

export function narrow() {
  chosen = 0;
  show();
}

export function begin(opened) {
  dialog = opened;
  narrow();
}
