// Panes of one's own width, from 1280 on: the line between two panes is dragged, or moved with the
// arrow keys; kept in this browser for this person.
const LEAST = 280;
const STEP = 24;

export function bind(grip) {
  const panes = grip.closest(".panes");
  const pane = panes.querySelector(`.pane--${grip.dataset.grip}`);
  const key = `width:${grip.dataset.person}:${grip.dataset.grip}`;
  const side = grip.dataset.grip === "reply" ? -1 : 1;
  const most = () => Math.max(LEAST, Math.round(panes.clientWidth * 0.42));

  function put(width) {
    const kept = Math.round(Math.min(most(), Math.max(LEAST, width)));
    panes.style.setProperty(`--${grip.dataset.grip}`, `${kept}px`);
    grip.setAttribute("aria-valuenow", kept);
    grip.setAttribute("aria-valuemin", LEAST);
    grip.setAttribute("aria-valuemax", most());
    return kept;
  }

  function keep(width) {
    try {
      localStorage.setItem(key, String(put(width)));
    } catch {
      put(width);
    }
  }

  grip.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    grip.setPointerCapture(event.pointerId);
    const from = event.clientX;
    const width = pane.getBoundingClientRect().width;
    const move = (moved) => put(width + side * (moved.clientX - from));
    grip.addEventListener("pointermove", move);
    grip.addEventListener(
      "pointerup",
      (ended) => {
        grip.removeEventListener("pointermove", move);
        keep(width + side * (ended.clientX - from));
      },
      { once: true },
    );
  });
  grip.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: -STEP, ArrowRight: STEP }[event.key];
    if (!step) return;
    event.preventDefault();
    keep(pane.getBoundingClientRect().width + side * step);
  });
  grip.addEventListener("dblclick", () => {
    localStorage.removeItem(key);
    panes.style.removeProperty(`--${grip.dataset.grip}`);
  });
  const width = Number(localStorage.getItem(key) ?? 0);
  if (width && matchMedia("(width >= 1280px)").matches) put(width);
  else grip.setAttribute("aria-valuenow", Math.round(pane.getBoundingClientRect().width));
}
