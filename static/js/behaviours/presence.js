// Who else looks at a ticket, and who types there: in the rows of the list and at the head of the
// conversation. Asked anew when somebody comes or goes. And who is at the desk at all: in the bar,
// asked anew every minute.
import { SWAPS } from "../lib/binding.js";

const GATHER_MS = 400;
const AGAIN_MS = 16000;
const BAR_MS = 60000;
let known = {};
let timer = 0;
const opened = new Set(); // tickets that were opened in place since the last question

const places = () => [...document.querySelectorAll("[data-here]")];

function sign(person, words) {
  const made = document.createElement("span");
  made.className = "here";
  made.title = person.types
    ? words.types.replace("{name}", person.name)
    : words.looks.replace("{name}", person.name);
  const icon = document
    .querySelector(person.types ? "[data-icon-types]" : "[data-icon-looks]")
    ?.content.cloneNode(true);
  if (icon) made.append(icon);
  const stamp = document.createElement("span");
  stamp.className = "stamp stamp--small";
  stamp.textContent = person.stamp || "○";
  const said = document.createElement("span");
  said.className = "unseen";
  said.textContent = made.title;
  made.append(stamp, said);
  return made;
}

function paint() {
  const words = document.querySelector("[data-presence-words]")?.dataset;
  if (!words) return;
  for (const place of places()) {
    const people = known[place.dataset.here] ?? [];
    const mark = JSON.stringify(people);
    if (place.dataset.shown === mark && place.childElementCount === people.length) continue;
    place.dataset.shown = mark;
    place.replaceChildren(...people.map((one) => sign(one, words)));
  }
}

function paintBar({ people, more }) {
  const bar = document.querySelector("[data-colleagues]");
  if (!bar) return;
  const items = people.map((one) => {
    const item = document.createElement("li");
    const stamp = document.createElement("span");
    stamp.className = "stamp stamp--small";
    stamp.title = one.name;
    stamp.ariaHidden = "true";
    stamp.textContent = one.stamp || "○";
    const said = document.createElement("span");
    said.className = "unseen";
    said.textContent = one.name;
    item.append(stamp, said);
    return item;
  });
  if (more)
    items.push(
      Object.assign(document.createElement("li"), { className: "hint", textContent: `+${more}` }),
    );
  bar.replaceChildren(...items);
  bar.hidden = items.length === 0;
}

async function ask() {
  const numbers = [...new Set(places().map((one) => one.dataset.here))].slice(0, 100);
  later(BAR_MS);
  if (document.hidden) return;
  const read = [...opened];
  opened.clear();
  try {
    const answer = await fetch(address(numbers, read));
    if (!answer.ok) for (const one of read) opened.add(one);
    if (!answer.ok || !(answer.headers.get("content-type") ?? "").includes("json")) return;
    const found = await answer.json();
    known = found.tickets;
    paintBar(found.here);
    paint();
    if (Object.values(known).some((people) => people.length)) later(AGAIN_MS);
  } catch {
    // No connection: the sign in the bar says so, and the next event asks again.
    for (const one of read) opened.add(one);
  }
}

function address(numbers, read) {
  const query = new URLSearchParams(numbers.map((one) => ["ticket", one]));
  for (const one of read) query.append("opened", one);
  return `/live/looking/?${query}`;
}

// What was opened a moment before the page is left counts as read too.
function leaving() {
  if (!opened.size) return;
  const read = [...opened];
  opened.clear();
  fetch(address(read, read), { keepalive: true }).catch(() => {});
}

function later(wait) {
  clearTimeout(timer);
  timer = setTimeout(ask, wait);
}

export function start() {
  if (!document.querySelector("[data-colleagues]")) return;
  later(places().length ? GATHER_MS : BAR_MS);
  document.addEventListener(
    "desk:event",
    (event) => event.detail.name === "presence.changed" && later(GATHER_MS),
  );
  document.addEventListener("desk:opened", ({ detail }) => {
    if (detail.number) opened.add(detail.number);
    later(GATHER_MS);
  });
  addEventListener("pagehide", leaving);
  for (const swap of SWAPS) document.addEventListener(swap, paint);
}
