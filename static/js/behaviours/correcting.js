// A correction while it is being written: what the checks say, the count, how it will look. Nothing
// is saved before it is sent.
import { send } from "../lib/fetching.js";
import { sayer } from "./composer/saying.js";

const TYPING_MS = 350;

export function bind(form) {
  const text = form.querySelector("textarea[name=text]");
  const say = sayer(form);
  let timer = 0;
  let asked = 0;

  async function weigh() {
    asked += 1;
    const mine = asked;
    const alts = [...form.querySelectorAll("textarea[name^='alt:']")];
    const described = Object.fromEntries(alts.map((one) => [one.name, one.value]));
    try {
      const answer = await send(form.dataset.weigh, { text: text.value, ...described });
      if (answer.ok && mine === asked) say(answer.body);
    } catch {
      // No connection: what was said of the words before stays, and the next letter asks again.
    }
  }

  form.addEventListener("input", (event) => {
    if (event.target.name?.startsWith("explain:")) return;
    clearTimeout(timer);
    timer = setTimeout(weigh, TYPING_MS);
  });
  text.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.repeat) return;
    event.preventDefault();
    form.requestSubmit();
  });
}
