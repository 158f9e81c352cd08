// A review: the folded crowd, reading to the end, reasons for changes, and the gesture of signing.
import * as answered from "../behaviours/answered.js";
import * as crowd from "../behaviours/crowd.js";
import * as reading from "../behaviours/reading.js";
import * as reasons from "../behaviours/reasons.js";
import * as signing from "../behaviours/signing.js";
import { starts } from "../lib/binding.js";

starts({ crowd, answered, reasons, signing });
reading.start();
