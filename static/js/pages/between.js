// Folded posts on a page of their own: what does not go on it is folded again.
import * as crowd from "../behaviours/crowd.js";
import { starts } from "../lib/binding.js";

starts({ crowd });
