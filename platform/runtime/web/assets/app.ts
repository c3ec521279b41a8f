// Every module improves a page that already works without it, and does nothing where its markup is absent.
import { keepAnswersShort } from "./parts/answers";
import { showDayOnChange } from "./parts/asof";
import { findCodes } from "./parts/codes";
import { fitOptions } from "./parts/dependents";
import { keepDrafts } from "./parts/drafts";
import { focusErrorSummary } from "./parts/errors";
import { refreshFilters } from "./parts/filters";
import { leaveAtOnce } from "./parts/leave";
import { loadMoreInPlace } from "./parts/lists";
import { completeLookups } from "./parts/lookup";
import { offerPositions } from "./parts/position";
import { followJobs } from "./parts/progress";
import { timeToasts } from "./parts/toasts";

leaveAtOnce();
completeLookups();
offerPositions();
findCodes();
fitOptions();
keepDrafts();
keepAnswersShort();
refreshFilters();
loadMoreInPlace();
followJobs();
showDayOnChange();
timeToasts();
focusErrorSummary();
