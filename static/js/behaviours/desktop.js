// Asks this browser for its leave to put notices on the desktop, says how it stands, and shows one
// for trial.
import { onDesktop } from "../lib/on_desktop.js";

export function bind(element) {
  const button = element.querySelector("button");
  const state = () => ("Notification" in window ? Notification.permission : "missing");
  const show = () => {
    for (const one of element.querySelectorAll("[data-state]"))
      one.hidden = one.dataset.state !== state();
    button.hidden = !["default", "granted"].includes(state());
    button.textContent = state() === "granted" ? button.dataset.tryout : button.dataset.ask;
  };
  button.addEventListener("click", async () => {
    if (state() === "granted")
      onDesktop({
        id: `trial-${Date.now()}`,
        text: button.dataset.sample,
        url: "/notices/choices/",
      });
    else await Notification.requestPermission();
    show();
  });
  show();
}
