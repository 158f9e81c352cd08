// The list in which several tickets are chosen.
import * as selecting from "../behaviours/selecting.js";
import { starts } from "../lib/binding.js";

starts({ selecting });
