// A review: the folded crowd, reading to the end, reasons for changes, and the gesture of signing.
import * as answered from "../behaviours/answered.js";
import * as correcting from "../behaviours/correcting.js";
import * as crowd from "../behaviours/crowd.js";
import * as findings from "../behaviours/findings.js";
import * as leaving from "../behaviours/leaving.js";
import * as reading from "../behaviours/reading.js";
import * as reasons from "../behaviours/reasons.js";
import * as signing from "../behaviours/signing.js";
import { starts } from "../lib/binding.js";

starts({ answered, correcting, crowd, findings, leaving, reasons, signing });
reading.start();
