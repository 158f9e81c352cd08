// Starts a behaviour for every element that names it in data-behaviour, also for what is swapped
// in. Each script of a page brings the behaviours it needs. A behaviour that listens beyond its own
// element does so with the signal it gets, which ends when the element has left the page.
const behaviours = {};

// After any of these, elements came or went.
export const SWAPS = ["htmx:after:swap", "desk:added"];

// Remembered beside the elements, not on them: a morph takes attributes away that the server does
// not know.
const bound = new Map();

function letGo() {
  for (const [element, { life }] of bound) {
    if (element.isConnected) continue;
    life.abort();
    bound.delete(element);
  }
}

function bind() {
  letGo();
  for (const element of document.querySelectorAll("[data-behaviour]")) {
    const known = bound.get(element) ?? { done: new Set(), life: new AbortController() };
    bound.set(element, known);
    for (const name of element.dataset.behaviour
      .split(" ")
      .filter((one) => one in behaviours && !known.done.has(one))) {
      known.done.add(name);
      behaviours[name].bind(element, known.life.signal);
    }
  }
}

export function starts(more) {
  Object.assign(behaviours, more);
  bind();
}

for (const swap of SWAPS) document.addEventListener(swap, bind);
