// Who else looks at a ticket, and who types there: in the rows of the list and at the head of the conversation. Asked anew when somebody comes or goes.
const GATHER_MS = 400;
const AGAIN_MS = 16000;
let known = {};
let timer = 0;

const places = () => [...document.querySelectorAll("[data-here]")];

function sign(person, words) {
  const made = document.createElement("span");
  made.className = "here";
  made.title = person.types ? words.types.replace("{name}", person.name) : words.looks.replace("{name}", person.name);
  const icon = document.querySelector(person.types ? "[data-icon-types]" : "[data-icon-looks]")?.content.cloneNode(true);
  if (icon) made.append(icon);
  const stamp = document.createElement("span");
  stamp.className = "stamp stamp--small";
  stamp.textContent = person.stamp;
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

async function ask() {
  const numbers = [...new Set(places().map((one) => one.dataset.here))].slice(0, 100);
  if (!numbers.length || document.hidden) return;
  const query = new URLSearchParams(numbers.map((one) => ["ticket", one]));
  try {
    const answer = await fetch(`/live/looking/?${query}`);
    if (!answer.ok || !(answer.headers.get("content-type") ?? "").includes("json")) return;
    known = (await answer.json()).tickets;
    paint();
    if (Object.values(known).some((people) => people.length)) later(AGAIN_MS);
  } catch {
    // No connection: the sign in the bar says so, and the next event asks again.
  }
}

function later(wait) {
  clearTimeout(timer);
  timer = setTimeout(ask, wait);
}

export function start() {
  if (!places().length) return;
  later(GATHER_MS);
  document.addEventListener("desk:event", (event) => event.detail.name === "presence.changed" && later(GATHER_MS));
  document.addEventListener("htmx:after:swap", paint);
}
