// The reply while it is being written. Its parts stand in composer/: saving, what the server says,
// two texts, news of the customer.
import { watch } from "./composer/news.js";
import { saver } from "./composer/saving.js";
import { sayer } from "./composer/saying.js";

export function bind(form, signal) {
  const text = form.querySelector("textarea[name=text]");
  const saving = saver(form, sayer(form));

  form.addEventListener("input", (event) => {
    if (event.target === text || event.target.name?.startsWith("alt:")) saving.afterTyping();
  });
  saving.takeUp();
  watch(form, signal);
  // Kept until it is known that it arrived.
  form.addEventListener("submit", saving.hold);
  form.addEventListener("desk:arrived", saving.arrived);
  document.addEventListener(
    "desk:leaving",
    ({ detail }) => detail.form !== form && detail.until.push(saving.flush()),
    { signal },
  );
  text.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && !event.repeat) {
      event.preventDefault();
      saving.stop();
      form.requestSubmit();
    }
  });
}
