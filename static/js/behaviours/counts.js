// The counts in the bar agree with those of a list that was fetched anew, and so does the title.
function agree() {
  for (const told of document.querySelectorAll("[data-told]")) {
    const tells = document.querySelector(`[data-tells="${told.dataset.told}"]`);
    if (!tells) continue;
    told.textContent = tells.textContent;
    told.hidden = tells.hidden;
    const title = document.title.replace(/^\(\d+\+?\)\s*/, "");
    document.title = tells.hidden ? title : `(${tells.textContent.trim()}) ${title}`;
  }
}

export function start() {
  document.addEventListener("htmx:after:swap", agree);
}
