// Nothing decides or moves on where something else was a moment ago. What is marked (data-decision,
// data-onward) has to have stood at its place for half a second, whatever moved it; under a finger
// everything that posts, and the rows of lists. And a second tap at the same spot counts only for
// what the first one met.
const QUIET_MS = 500;
const NEAR = 24;
const MARKED = "[data-decision], [data-onward]";
const POSTS = "form[method=post] button:not([type=button])";
const WATCHED = `${MARKED}, ${POSTS}, a[data-row]`;
const FOLDED = "details:not([open]) > :not(summary)";
const ACTS = "a[href], button, summary, label, input";
const places = new WeakMap();
let seen = "";
const last = { at: -QUIET_MS };

// Where it stands, on the screen and in what scrolls: neither a sticky bar nor what one scrolls
// oneself has moved. What is folded has no place: a browser would have to lay it out to say one.
function place(one, scrolled = new Map()) {
  if (one.closest(FOLDED)) return { folded: true };
  const box = one.getBoundingClientRect();
  const deep = box.y + scrolledIn(one.parentElement, scrolled);
  return { there: box.width > 0, x: box.x, y: box.y, deep };
}

// How far everything around it is scrolled; `known` spares asking each of them for every child.
function scrolledIn(element, known) {
  if (!element) return 0;
  if (!known.has(element))
    known.set(element, element.scrollTop + scrolledIn(element.parentElement, known));
  return known.get(element);
}

const moved = (was, is) =>
  was.there !== is.there ||
  Math.abs(was.x - is.x) > 2 ||
  (Math.abs(was.y - is.y) > 2 && Math.abs(was.deep - is.deep) > 2);

// Since when it stands where it stands. What nobody saw move has moved now; what is unfolded stood
// there since it came.
function since(one, scrolled) {
  const now = performance.now();
  const is = place(one, scrolled);
  const was = places.get(one);
  if (was?.folded || (was && is.folded)) {
    places.set(one, { ...is, at: was.at });
    return was.at;
  }
  if (was && !moved(was, is)) return was.at;
  // A list that was just opened may be chosen from
  const at = was || !one.matches("a[data-row]") ? now : -QUIET_MS;
  places.set(one, { ...is, at });
  return at;
}

function look() {
  const now = document.querySelector("[data-review]")?.dataset.seen ?? "";
  if (now !== seen) disturbed();
  seen = now;
  const scrolled = new Map();
  for (const one of document.querySelectorAll(WATCHED)) since(one, scrolled);
}

// Other words, another meaning: what decides begins anew. The tests wait for the mark.
export function disturbed() {
  const at = performance.now();
  for (const one of document.querySelectorAll(MARKED)) places.set(one, { ...place(one), at });
  last.decided = at;
  delete document.body.dataset.decidable;
  setTimeout(() => {
    if (last.decided === at) document.body.dataset.decidable = "";
  }, QUIET_MS + 20);
}

function tooEarly(one, event) {
  const byKey = event.detail === 0;
  const byFinger = event.pointerType === "touch";
  const strict = byKey
    ? one.matches("[data-decision]")
    : one.matches(MARKED) && (byFinger || !one.matches("summary"));
  if (!strict && !(byFinger && one.matches(`a[data-row], ${POSTS}`))) return false;
  return performance.now() - since(one) < QUIET_MS;
}

function secondTap(one, event) {
  const near = Math.hypot(event.clientX - last.x, event.clientY - last.y) < NEAR;
  return (
    event.detail > 0 &&
    near &&
    event.timeStamp - last.at < QUIET_MS &&
    last.on !== one &&
    one.matches(`a[href], ${POSTS}, ${MARKED}`)
  );
}

function clicked(event) {
  const one = event.target.closest?.(ACTS);
  if (one && (tooEarly(one, event) || secondTap(one, event))) {
    event.preventDefault();
    event.stopImmediatePropagation();
  } else if (event.detail > 0) {
    Object.assign(last, { x: event.clientX, y: event.clientY, at: event.timeStamp, on: one });
  }
}

export function start() {
  document.addEventListener("click", clicked, { capture: true });
  let asked = 0;
  const soon = ({ target } = {}) => {
    // A picture whose place was kept moves nothing
    if (target?.matches?.("img[width][height]")) return;
    if (asked) return;
    asked = requestAnimationFrame(() => {
      asked = 0;
      look();
    });
  };
  for (const name of ["htmx:after:swap", "desk:added"]) document.addEventListener(name, soon);
  for (const name of ["toggle", "change", "load"])
    document.addEventListener(name, soon, { capture: true });
  addEventListener("resize", soon);
  disturbed();
  look();
}
