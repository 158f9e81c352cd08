// Who signs has had the end of the words in view: until then the button says "Read to the end", and
// brings them there. The server cannot know; without scripts the form works as it is.
import { disturbed } from "./steady.js";

let watched = null;
let words = "";
let watch = null;

const end = () => document.querySelector("[data-words-end]");
const textNow = () => document.querySelector("[data-review]")?.dataset.seen?.split(":")[0] ?? "";
const coming = () =>
  [...document.querySelectorAll("[data-review] .slip .shown img")].some((one) => !one.complete);

function unread(is) {
  if ("unread" in document.body.dataset === is) return;
  if (is) document.body.dataset.unread = "";
  else delete document.body.dataset.unread;
  disturbed(); // the button means something else now
}

// What the bar of decisions covers is not in view.
function follow() {
  const target = end();
  if (!target || (target === watched && words === textNow())) return;
  if (words !== textNow()) unread(true);
  watch?.disconnect();
  const bar = document.querySelector(".decide")?.offsetHeight ?? 0;
  watch = new IntersectionObserver(
    (all) => all.some((one) => one.isIntersecting) && !coming() && unread(false),
    { rootMargin: `0px 0px -${bar}px 0px` },
  );
  watch.observe(target);
  watched = target;
  words = textNow();
}

function again() {
  watched = null;
  follow();
}

function asked(event) {
  if (!event.target.closest?.("[data-needs-reading]") || !("unread" in document.body.dataset))
    return;
  event.preventDefault();
  event.stopImmediatePropagation();
  end()?.scrollIntoView({ block: "center" });
}

export function start() {
  if (!end()) return;
  follow();
  document.addEventListener("click", asked, { capture: true });
  document.addEventListener("htmx:after:swap", follow);
  document.addEventListener("load", again, { capture: true }); // a picture makes the words longer
}
