// Beside the form: what was brought and is unconfirmed, last year's rows, the guided visit.

import { markBrought } from "./bringing/brought.js";
import { offerLastYear } from "./bringing/last-year.js";
import { offerTour } from "./helping/tour.js";

markBrought();
offerLastYear();
offerTour();
document.documentElement.dataset.help = "ready";
