// What is shown this once and handed over: a link, a token.
import * as copying from "../behaviours/copying.js";
import { starts } from "../lib/binding.js";

starts({ copying });
