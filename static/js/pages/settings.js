// What a person sets: sounds, and notices on the desktop.
import * as desktop from "../behaviours/desktop.js";
import * as sound from "../behaviours/sound.js";
import { starts } from "../lib/binding.js";

starts({ desktop, sound });
