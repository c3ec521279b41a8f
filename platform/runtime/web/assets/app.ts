// Every module improves a page that already works without it, and does nothing where its markup is absent.
import { showDayOnChange } from "./parts/asof";
import { findCodes } from "./parts/codes";
import { followConditions } from "./parts/conditions";
import { fitOptions } from "./parts/dependents";
import { keepDrafts } from "./parts/drafts";
import { focusErrorSummary } from "./parts/errors";
import { sendFilesEarly } from "./parts/files";
import { refreshFilters } from "./parts/filters";
import { arrival } from "./parts/later";
import { leaveAtOnce } from "./parts/leave";
import { loadMoreInPlace } from "./parts/lists";
import { completeLookups } from "./parts/lookup";
import { keepAnswersShort } from "./parts/no_answer";
import { stayWithoutNetwork } from "./parts/offline";
import { offerPositions } from "./parts/position";
import { followJobs } from "./parts/progress";
import { offerFormatting } from "./parts/richtext";
import { addRows } from "./parts/rows";
import { completeSearches } from "./parts/search";
import { drawSignatures } from "./parts/signature";
import { showCurrentTabs } from "./parts/tabs";
import { timeToasts } from "./parts/toasts";
import { tellUnsaved } from "./parts/unsaved";

leaveAtOnce();
stayWithoutNetwork();
completeLookups();
completeSearches();
offerPositions();
findCodes();
fitOptions();
sendFilesEarly();
drawSignatures();
offerFormatting();
addRows();
followConditions();
keepDrafts();
tellUnsaved();
keepAnswersShort();
refreshFilters();
loadMoreInPlace();
followJobs();
showDayOnChange();
showCurrentTabs();
timeToasts();
focusErrorSummary();
// For the few who shape an application.
if (document.querySelector("form[data-formula]")) {
  arrival(() => import("./parts/formula")).then(
    (part) => part.tryFormulas(),
    () => undefined,
  );
}
