// Every module improves a page that already works without it, and does nothing where its markup is absent.
import { keepAnswersShort } from "./answers";
import { showDayOnChange } from "./asof";
import { findCodes } from "./codes";
import { keepDrafts } from "./drafts";
import { focusErrorSummary } from "./errors";
import { refreshFilters } from "./filters";
import { leaveAtOnce } from "./leave";
import { loadMoreInPlace } from "./lists";
import { completeLookups } from "./lookup";
import { followJobs } from "./progress";
import { timeToasts } from "./toasts";

leaveAtOnce();
completeLookups();
findCodes();
keepDrafts();
keepAnswersShort();
refreshFilters();
loadMoreInPlace();
followJobs();
showDayOnChange();
timeToasts();
focusErrorSummary();
