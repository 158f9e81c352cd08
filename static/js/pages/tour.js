// The tour of the demo.
import * as tour from "../behaviours/tour.js";
import { starts } from "../lib/binding.js";

starts({ tour });
