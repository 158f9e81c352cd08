// What is open and asks for something: a fold with a form in it, a menu, "…" on a telephone, a
// dialog. The keys and the things to choose from all ask here.
export const isDots = (thing) => thing.matches(".decide");

// A fold that is part of the page (data-stays: filters that hold) asks nothing.
export const asks = (one) =>
  one.matches("details[open]:not([data-stays])") &&
  (one.querySelector("form") || one.closest("#several")) &&
  one.checkVisibility();

// The innermost of what is open now, or undefined.
export function opened() {
  const dots = document.querySelector(".decide__toggle:checked");
  return (
    document.querySelector("dialog[open], [popover]:popover-open") ??
    [...document.querySelectorAll("details[open]")].filter(asks).at(-1) ??
    (dots?.checkVisibility() ? dots.parentElement : undefined)
  );
}
