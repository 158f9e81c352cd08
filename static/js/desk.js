// Starts one behaviour per file for every element that names it in data-behaviour; also for what htmx swaps in.
import * as ago from "./behaviours/ago.js";
import * as attachments from "./behaviours/attachments.js";
import * as colleagues from "./behaviours/colleagues.js";
import * as composer from "./behaviours/composer.js";
import * as desktop from "./behaviours/desktop.js";
import * as finder from "./behaviours/finder.js";
import * as findings from "./behaviours/findings.js";
import * as holding from "./behaviours/holding.js";
import * as keys from "./behaviours/keys.js";
import * as live from "./behaviours/live.js";
import * as menu from "./behaviours/menu.js";
import * as notices from "./behaviours/notices.js";
import * as palette from "./behaviours/palette.js";
import * as presence from "./behaviours/presence.js";
import * as reasons from "./behaviours/reasons.js";
import * as selecting from "./behaviours/selecting.js";
import * as signing from "./behaviours/signing.js";
import * as sound from "./behaviours/sound.js";
import * as toast from "./behaviours/toast.js";
import * as tour from "./behaviours/tour.js";
import * as widths from "./behaviours/widths.js";

const behaviours = { ago, attachments, colleagues, composer, desktop, finder, findings, menu, reasons, selecting, signing, sound, toast, tour, widths };

// Remembered beside the elements, not on them: a morph takes attributes away that the server does not know.
const bound = new WeakMap();

function bind(root) {
  for (const element of root.querySelectorAll("[data-behaviour]")) {
    const done = bound.get(element) ?? new Set();
    bound.set(element, done);
    for (const name of element.dataset.behaviour.split(" ").filter((one) => !done.has(one))) {
      done.add(name);
      behaviours[name]?.bind(element);
    }
  }
}

bind(document);
keys.start();
notices.start();
live.start();
holding.start(live.refetch);
presence.start();
sound.start(notices.speaks);
palette.start();
for (const added of ["htmx:after:swap", "desk:added"]) document.addEventListener(added, () => bind(document));
