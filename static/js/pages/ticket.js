// A ticket: the reply with everything that helps to write it, and notes.
import * as answered from "../behaviours/answered.js";
import * as attachments from "../behaviours/attachments.js";
import * as colleagues from "../behaviours/colleagues.js";
import * as composer from "../behaviours/composer.js";
import * as crowd from "../behaviours/crowd.js";
import * as finder from "../behaviours/finder.js";
import * as findings from "../behaviours/findings.js";
import * as sending from "../behaviours/sending.js";
import * as tagging from "../behaviours/tagging.js";
import { starts } from "../lib/binding.js";

starts({ answered, attachments, colleagues, composer, crowd, finder, findings, sending, tagging });
