// Starts a behaviour for every element that names it in data-behaviour, also for what htmx swaps
// in. Each script of a page brings the behaviours it needs.
const behaviours = {};

// Remembered beside the elements, not on them: a morph takes attributes away that the server does
// not know.
const bound = new WeakMap();

function bind() {
  for (const element of document.querySelectorAll("[data-behaviour]")) {
    const done = bound.get(element) ?? new Set();
    bound.set(element, done);
    for (const name of element.dataset.behaviour
      .split(" ")
      .filter((one) => one in behaviours && !done.has(one))) {
      done.add(name);
      behaviours[name].bind(element);
    }
  }
}

export function starts(more) {
  Object.assign(behaviours, more);
  bind();
}

for (const added of ["htmx:after:swap", "desk:added"]) document.addEventListener(added, bind);
