// A review: reading to the end, reasons for changes, and the gesture of signing.
import * as reading from "../behaviours/reading.js";
import * as reasons from "../behaviours/reasons.js";
import * as signing from "../behaviours/signing.js";
import { starts } from "../lib/binding.js";

starts({ reasons, signing });
reading.start();
