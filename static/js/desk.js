// What every page of the desk has; what only some have stands in pages/.
import * as ago from "./behaviours/ago.js";
import * as holding from "./behaviours/holding.js";
import * as keys from "./behaviours/keys.js";
import * as live from "./behaviours/live.js";
import * as menu from "./behaviours/menu.js";
import * as notices from "./behaviours/notices.js";
import * as palette from "./behaviours/palette.js";
import * as presence from "./behaviours/presence.js";
import * as sound from "./behaviours/sound.js";
import * as steady from "./behaviours/steady.js";
import * as toast from "./behaviours/toast.js";
import * as unsaved from "./behaviours/unsaved.js";
import * as widths from "./behaviours/widths.js";
import { starts } from "./lib/binding.js";

starts({ ago, menu, toast, widths });
steady.start();
menu.start();
keys.start();
unsaved.start(live.refetch);
notices.start();
live.start();
holding.start(live.refetch);
presence.start();
sound.start(notices.speaks);
palette.start();
