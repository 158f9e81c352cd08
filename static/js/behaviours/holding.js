// Nothing moves under the cursor: while somebody points at the list or goes through it with the
// keys, rows that would come, go or change places wait behind a line.
const RESTING_MS = 20000;
const OWN_MS = 5000;
let pointedAt = -RESTING_MS;
let ownAt = -OWN_MS;
let refetch = () => {};
let isLetThrough = false; // what one did oneself is shown at once

const list = () => document.getElementById("list");
const line = () => document.querySelector("[data-held]");
const places = (root) => [...root.querySelectorAll("a[data-row]")].map((one) => one.pathname);

// What one did oneself is shown at once.
export function ownChange() {
  ownAt = performance.now();
}

function busy(element) {
  if (performance.now() - ownAt < OWN_MS) return false;
  const pointed =
    matchMedia("(hover: hover)").matches &&
    element.matches(":hover") &&
    performance.now() - pointedAt < RESTING_MS;
  return (
    pointed ||
    (element.contains(document.activeElement) && document.activeElement.matches("a[data-row]"))
  );
}

function arriving(event) {
  const element = list();
  if (!element || event.detail.ctx?.target !== element) return;
  const next = new DOMParser().parseFromString(event.detail.ctx.text ?? "", "text/html");
  const before = places(element);
  const after = places(next);
  const waits = before.join() !== after.join() && busy(element) && !isLetThrough;
  isLetThrough = false;
  if (!waits) return show(false);
  event.preventDefault();
  const fresh = after.filter((one) => !before.includes(one)).length;
  const button = line().querySelector("button");
  button.textContent = fresh ? button.dataset.new.replace("{n}", fresh) : button.dataset.changed;
  show(true);
}

export const letThrough = () => {
  isLetThrough = true;
};

function show(held) {
  if (line()) line().hidden = !held;
}

function release() {
  if (line() && !line().hidden) {
    show(false);
    pointedAt = -RESTING_MS;
    refetch("list");
  }
}

export function start(fetching) {
  const pane = list()?.closest("[data-pane]");
  if (!pane || !line()) return;
  refetch = fetching;
  document.addEventListener("htmx:before:swap", arriving);
  pane.addEventListener("pointermove", () => {
    pointedAt = performance.now();
  });
  pane.addEventListener("pointerleave", release);
  pane.addEventListener("focusout", (event) => !pane.contains(event.relatedTarget) && release());
  line()
    .querySelector("button")
    .addEventListener("click", () => {
      document.activeElement.blur();
      release();
    });
}
