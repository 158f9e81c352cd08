// Pictures of a reply: chosen, pasted into the text or dropped on the reply; each is brought at
// once and waits for its description.
import { send } from "../lib/fetching.js";

export function bind(box) {
  const form = box.closest("form");
  const text = form.querySelector("textarea[name=text]");
  const list = box.querySelector("[data-list]");
  const chooser = box.querySelector("input[type=file]");
  const says = box.querySelector("[data-says]");
  const shown = document.querySelector("[data-preview-pictures]");
  let queue = Promise.resolve();

  const all = () => [...list.children];

  function preview() {
    shown?.replaceChildren(
      ...all().map((item) => {
        const image = document.createElement("img");
        image.src = item.querySelector("img").src;
        image.alt = item.querySelector("textarea").value;
        return image;
      }),
    );
    if (shown) shown.dataset.count = list.children.length;
  }

  function put(one) {
    const known = all().find((item) => item.dataset.picture === String(one.id));
    const item = known ?? box.querySelector("template").content.firstElementChild.cloneNode(true);
    item.dataset.picture = one.id;
    item.querySelector("a").href = one.url;
    item.querySelector("img").src = one.url;
    item.querySelector("[data-remove]").dataset.remove = one.remove;
    const alt = item.querySelector("textarea");
    alt.name = `alt:${one.id}`;
    if (!known) {
      alt.defaultValue = one.alt;
      list.append(item);
    }
    alt.focus();
    preview();
  }

  // Not every browser knows by its name what a telephone's photograph is.
  const isPicture = (file) =>
    /^image\/(jpeg|png|webp|hei[cf])$/.test(file.type) || /\.hei[cf]$/i.test(file.name);

  function refusal(file) {
    if (!isPicture(file)) return box.dataset.odd;
    if (file.size > Number(box.dataset.largest)) return box.dataset.large;
    return list.children.length >= Number(box.dataset.most) ? box.dataset.many : "";
  }

  async function bring(file) {
    const refused = refusal(file);
    if (refused) {
      says.textContent = refused;
      return;
    }
    says.textContent = box.dataset.working;
    const values = new FormData();
    values.append("picture", file, "picture");
    try {
      const answer = await send(box.dataset.add, values);
      if (answer.ok) {
        form.querySelector("input[name=saved]").value = answer.body.saved;
        answer.body.attachments.forEach(put);
        says.textContent = box.dataset.added;
      } else {
        says.textContent = answer.signedOut
          ? form.querySelector("[data-saved-at]").dataset.signedOut
          : answer.body.error.message;
      }
    } catch {
      says.textContent = box.dataset.offline;
    }
  }

  function bringAll(files) {
    for (const file of files) queue = queue.then(() => bring(file));
  }

  async function remove(item) {
    try {
      const answer = await send(item.querySelector("[data-remove]").dataset.remove, {});
      if (!answer.ok) {
        says.textContent = answer.signedOut
          ? form.querySelector("[data-saved-at]").dataset.signedOut
          : answer.body.error.message;
        return;
      }
    } catch {
      says.textContent = box.dataset.offline;
      return;
    }
    item.remove();
    says.textContent = box.dataset.removed;
    preview();
    text.focus();
  }

  chooser.addEventListener("change", () => {
    bringAll([...chooser.files]);
    chooser.value = "";
  });
  list.addEventListener("click", (event) => {
    const item = event.target.closest("[data-remove]")?.closest("[data-picture]");
    if (item) remove(item);
  });
  list.addEventListener("input", preview);
  text.addEventListener("paste", (event) => {
    const files = [...event.clipboardData.files];
    if (!files.length || event.clipboardData.getData("text/plain")) return;
    event.preventDefault();
    bringAll(files);
  });
  const holdsFiles = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");
  form.addEventListener("dragover", (event) => {
    if (!holdsFiles(event)) return;
    event.preventDefault();
    form.classList.add("slip--drop");
  });
  for (const over of ["dragleave", "drop"])
    form.addEventListener(
      over,
      (event) =>
        (over === "drop" || !form.contains(event.relatedTarget)) &&
        form.classList.remove("slip--drop"),
    );
  form.addEventListener("drop", (event) => {
    if (!holdsFiles(event)) return;
    event.preventDefault();
    bringAll([...event.dataTransfer.files]);
  });
  preview();
}
