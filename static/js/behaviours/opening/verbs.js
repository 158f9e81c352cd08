// Forms that act on tickets are sent in place: the answer is what comes after, in parts of a page.
// A refusal stands in its form, with the words that were typed. What else comes back is no answer
// for this page: the form is sent again as forms are, and its page is shown.
import { pageIn } from "./ahead.js";

// Taking an approval back leads to its review, which is a page of its own.
const OURS = /^\/tickets\/\d+\/(?!draft\/revoke\/)|^\/inbox\/several\/$|^\/undo\/$/;

const targetOf = (form, button) =>
  new URL(button?.getAttribute("formaction") ?? form.getAttribute("action") ?? "", location.href);

// A list with boxes to tick (without keys) is not live: what was done shows with a page of its own.
const isTicked = (form) => form.id === "several" && !document.querySelector("#list[data-live]");

export function isOurs(event) {
  const form = event.target;
  return (
    !event.defaultPrevented &&
    !isTicked(form) &&
    form.method === "post" &&
    OURS.test(targetOf(form, event.submitter).pathname) &&
    ![...new FormData(form).values()].some((one) => one instanceof File && one.size)
  );
}

// { page } or { refusal }; { elsewhere } where the verb led to another page; nothing if it failed.
export async function send(form, button) {
  const values = [...new FormData(form, button)].filter(([, one]) => typeof one === "string");
  try {
    const answer = await fetch(targetOf(form, button), {
      method: "POST",
      headers: { "X-Panes": "1", "X-Requested-With": "fetch" },
      body: new URLSearchParams(values),
    });
    if (answer.status >= 500) return {};
    if ((answer.headers.get("content-type") ?? "").includes("json"))
      return { refusal: (await answer.json()).error?.message };
    const page = await pageIn(answer);
    if (!page && answer.ok && answer.redirected) return { elsewhere: answer.url };
    return { page, ok: answer.ok };
  } catch {
    return {};
  }
}

export function sendAsForm(form, button) {
  if (button?.name) {
    const value = document.createElement("input");
    Object.assign(value, { type: "hidden", name: button.name, value: button.value });
    form.append(value);
  }
  HTMLFormElement.prototype.submit.call(form);
}

export function refuse(form, sentence) {
  form.querySelector("[data-refusal]")?.remove();
  const said = document.createElement("p");
  said.className = "error";
  said.dataset.refusal = "";
  said.role = "alert";
  said.tabIndex = -1;
  said.textContent = sentence;
  form.append(said);
  if (!form.contains(document.activeElement)) said.focus();
}
