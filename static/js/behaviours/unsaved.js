// Words that are not saved. No pane that holds some is swapped, whatever changed: a line tells it,
// and shows it when asked, with the words carried over. For the way back and for a form that did
// not arrive they are kept in this tab. (A reply has its own keeping, see composer.js.)
const PREFIX = "words:";
const NO_WORDS = /^(hidden|submit|button|reset|checkbox|radio|file|select-one|select-multiple)$/;
const held = new Set();
const agreed = new Set();
let refetch = () => {};
let gone = false; // the answer was another page: signed out, handed over, failed
let carried = [];

const news = () => document.querySelector("[data-news]");
const isText = (one) => one.name && "defaultValue" in one && !NO_WORDS.test(one.type);
const fields = (form) =>
  [...form.elements].filter((one) => isText(one) || one.matches("select[name]"));
const forms = (root) => [...root.querySelectorAll("form")].filter((form) => form.id !== "composer");
const unsaved = (form) =>
  form.matches("[data-refused]") ||
  [...form.elements].some((one) => isText(one) && one.value !== one.defaultValue);

function address(form) {
  const { pathname, search } = new URL(form.getAttribute("action") ?? "", location.href);
  const same = forms(document).filter(
    (one) => one.getAttribute("action") === form.getAttribute("action"),
  );
  return `${PREFIX}${document.body.dataset.person}:${pathname}${search}#${same.indexOf(form)}`;
}

const values = (form) => fields(form).map((one) => [one.name, one.value, one.defaultValue]);

function offer(words) {
  const box = news().querySelector("[data-news-words]");
  box.hidden = false;
  box.append(
    Object.assign(document.createElement("blockquote"), {
      className: "other__text",
      textContent: words,
    }),
  );
  tell();
}

const tell = () => {
  news().hidden = false;
};

// The words into their fields; what has no field any more, or stands on other words than before, is
// offered beside.
function put(form, all, compare) {
  for (const [name, value, before] of all) {
    const one = form?.elements.namedItem(name);
    if (one?.value === value) continue;
    const fits =
      one?.matches?.("input, textarea, select") &&
      (!compare || one.matches("select") || one.defaultValue === before);
    if (fits) one.value = value;
    else if (typeof before === "string" && value !== before && value.trim()) offer(value);
  }
  const fold = form?.closest("details");
  if (fold && unsaved(form)) fold.open = true;
}

// What a pane says, but for what moves by itself.
function said(pane) {
  const copy = pane.cloneNode(true);
  for (const one of copy.querySelectorAll("form, time, [data-here], .row__time")) one.remove();
  return copy.textContent.replace(/\s+/g, " ");
}

function arriving(event) {
  const { target: pane, text = "", response } = event.detail.ctx ?? {};
  if (!pane?.id) return;
  const next = new DOMParser().parseFromString(text, "text/html").getElementById(pane.id);
  const other = response?.status !== 200 || !next;
  const holding = forms(pane).filter(unsaved);
  if (!other && (!holding.length || agreed.delete(pane.id))) {
    carried = holding.map((form) => [address(form), values(form)]);
    return;
  }
  event.preventDefault();
  if (!other && said(next) === said(pane)) return;
  gone ||= other;
  held.add(pane.id);
  tell();
}

function arrived() {
  for (const [where, all] of carried.splice(0))
    put(
      forms(document).find((form) => address(form) === where),
      all,
      false,
    );
}

function show() {
  news().hidden = true;
  news().querySelector("[data-news-words]").hidden = true;
  if (gone) return location.reload();
  for (const id of held) {
    agreed.add(id);
    refetch(id);
  }
  held.clear();
}

function store(form, sent) {
  if (
    !document.body.dataset.person ||
    form.method !== "post" ||
    form.id === "composer" ||
    form.querySelector("[type=password]")
  )
    return;
  try {
    if (unsaved(form))
      sessionStorage.setItem(
        address(form),
        JSON.stringify({ page: location.pathname, sent, values: values(form) }),
      );
    else sessionStorage.removeItem(address(form));
  } catch {
    // A browser that keeps nothing: the page still has the words.
  }
}

// A form that was sent has arrived when the page after it is there, and is no refusal.
function hasArrived(entry) {
  const [way] = performance.getEntriesByType("navigation");
  const from = document.referrer ? new URL(document.referrer).pathname : "";
  return (
    entry.sent &&
    way?.type !== "back_forward" &&
    from === entry.page &&
    !document.querySelector("[data-refused]")
  );
}

function forget(form) {
  try {
    sessionStorage.removeItem(address(form));
  } catch {
    // Nothing was kept.
  }
}

function bringBack() {
  const mine = `${PREFIX}${document.body.dataset.person}:`;
  for (const where of Object.keys(sessionStorage).filter((one) => one.startsWith(mine))) {
    const entry = JSON.parse(sessionStorage.getItem(where));
    const form = forms(document).find((one) => address(one) === where);
    if (hasArrived(entry)) sessionStorage.removeItem(where);
    else {
      sessionStorage.setItem(where, JSON.stringify({ ...entry, sent: false }));
      if (form && !form.matches("[data-refused]")) put(form, entry.values, true);
    }
  }
}

function bringBackIfKept() {
  try {
    bringBack();
  } catch {
    // Nothing was kept, or it is not ours.
  }
}

// Another ticket is open: what was changed on the former one is no news here.
function opened() {
  held.clear();
  gone = false;
  news().hidden = news().querySelector("[data-news-words]").hidden;
  bringBackIfKept();
}

export function start(fetching) {
  if (!news()) return;
  refetch = fetching;
  document.addEventListener("htmx:before:swap", arriving);
  document.addEventListener("htmx:after:swap", arrived);
  document.addEventListener("input", ({ target }) => target.form && store(target.form, false));
  addEventListener("submit", (event) => event.defaultPrevented || store(event.target, true));
  document.addEventListener("desk:arrived", ({ target }) => forget(target));
  document.addEventListener("desk:opened", opened);
  news().querySelector("[data-news-show]").addEventListener("click", show);
  // Typed before this script was there
  for (const form of forms(document).filter(unsaved)) store(form, false);
  bringBackIfKept();
}
