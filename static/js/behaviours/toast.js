// A toast leaves after eight seconds, one that can be undone after twelve: long enough to see the
// slip, read the words and reach the key, short enough that U is not about something forgotten. It
// stays while it is pointed at or has the focus, and three seconds more. Its words are put in again
// after the page has loaded: only what is new in the live region around it is spoken.
const PLAIN_MS = 8000;
const UNDO_MS = 12000;
const AFTER_MS = 3000;
const SPOKEN_MS = 400;
const UNDO = "[data-key=u]";

export function bind(element) {
  const undo = element.querySelector(UNDO);
  let timer = 0;
  const held = () => element.matches(":hover, :focus-within");
  const leave = () => held() || element.remove();
  const leaveIn = (wait) => {
    clearTimeout(timer);
    timer = setTimeout(leave, wait);
  };
  for (const name of ["pointerenter", "focusin"])
    element.addEventListener(name, () => clearTimeout(timer));
  element.addEventListener("pointerleave", () => leaveIn(AFTER_MS));
  // The focus may only go from one button to the next
  element.addEventListener("focusout", () => setTimeout(() => held() || leaveIn(AFTER_MS)));
  element.querySelector("[data-close]")?.addEventListener("click", () => close(element));
  if (undo) keepTheKey(undo);
  if (document.readyState !== "complete") setTimeout(() => speak(element), SPOKEN_MS);
  leaveIn(undo ? UNDO_MS : PLAIN_MS);
}

function close(element) {
  const focused = element.contains(document.activeElement);
  element.remove();
  if (!focused) return;
  const row = document.querySelector("[data-row][aria-current]");
  (row ?? document.querySelector("[data-pane]"))?.focus();
}

// Of several the newest is undone by the key.
function keepTheKey(undo) {
  for (const other of document.querySelectorAll(`[data-toasts] ${UNDO}`)) {
    if (!(other.compareDocumentPosition(undo) & Node.DOCUMENT_POSITION_FOLLOWING)) continue;
    other.removeAttribute("data-key");
    other.querySelector(".key")?.remove();
  }
}

function speak(element) {
  const words = element.querySelector("[data-words]");
  if (words) words.replaceChildren(...words.childNodes);
}
