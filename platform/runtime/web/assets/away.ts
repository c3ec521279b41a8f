// The page behind Leave. Where the script of the page before it had not come yet, what the tab keeps of forms is still
// there: without HTTPS no browser drops it by itself, and older ones never do.
import { dropAll } from "./parts/kept";

dropAll();
