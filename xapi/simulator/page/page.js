// The public page refreshes itself when something happens; while somebody types, it only says that
// there is more.
const posts = document.getElementById("posts");
const fresh = document.querySelector(".fresh");
let waiting = false;

async function refresh() {
  waiting = false;
  const typing = posts.querySelector("details[open]");
  if (typing) {
    fresh.hidden = false;
    return;
  }
  const page = await (await fetch(location.href)).text();
  const next = new DOMParser().parseFromString(page, "text/html").getElementById("posts");
  posts.replaceChildren(...next.childNodes);
  fresh.hidden = true;
}

const source = new EventSource("/stream");
source.addEventListener("open", refresh); // what happened while the page was on its way
source.addEventListener("message", () => {
  if (!waiting) {
    waiting = true;
    setTimeout(refresh, 150);
  }
});
