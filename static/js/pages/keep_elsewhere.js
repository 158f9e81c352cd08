// What is to be kept elsewhere: print it.
import * as print from "../behaviours/print.js";
import { starts } from "../lib/binding.js";

starts({ print });
