// Beside the form: what was brought and is unconfirmed, last year's rows, the guided visit.

import { markBrought } from "./fill/brought.js";
import { offerLastYear } from "./fill/last-year.js";
import { offerTour } from "./fill/tour.js";

markBrought();
offerLastYear();
offerTour();
document.documentElement.dataset.help = "ready";
