// A <details> used as a menu closes with Escape and with a click elsewhere.
export function bind(element) {
  document.addEventListener("click", (event) => {
    if (element.open && !element.contains(event.target)) element.open = false;
  });
  element.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      element.open = false;
      element.querySelector("summary").focus();
      event.stopPropagation();
    }
  });
}
