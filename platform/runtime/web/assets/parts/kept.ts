/** What begins the keys under which the tab keeps forms, and whose they are. */
export const PREFIX = "draft:";
export const WHOSE = document.querySelector<HTMLMetaElement>("meta[name=whose]")?.content ?? "";
/** Under which a form waits for a record that is added from it. Dropped with the drafts on Leave. */
export const WAY = `${PREFIX}${WHOSE}/way`;

/**
 * What this tab keeps (sessionStorage). Browsers that are told to keep no data of sites keep nothing, and all of them
 * only so much: then nothing is found there, and `keep` says that it did not.
 */
export function kept(key: string): string | null {
  return asked((tab) => tab.getItem(key), null);
}

export function keep(key: string, text: string): boolean {
  return asked((tab) => {
    tab.setItem(key, text);
    return true;
  }, false);
}

export function drop(key: string): void {
  asked((tab) => tab.removeItem(key), undefined);
}

/** But those whose keys begin with `own`. */
export function dropAll(own?: string): void {
  for (const key of asked(Object.keys, [])) {
    if (key.startsWith(PREFIX) && (own === undefined || !key.startsWith(own))) drop(key);
  }
}

/** Whether a form is kept that somebody who is signed in began and did not save. */
export function isKeeping(): boolean {
  return asked(Object.keys, []).some((key) => key.startsWith(`${PREFIX}${WHOSE}/`) && key !== WAY);
}

function asked<Found>(question: (tab: Storage) => Found, otherwise: Found): Found {
  try {
    return question(sessionStorage);
  } catch {
    return otherwise;
  }
}
