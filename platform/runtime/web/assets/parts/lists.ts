import { all, one } from "./page";

/** “Load 25 more” adds the next rows to the list in place; focus goes to the first new one. */
export function loadMoreInPlace(): void {
  document.addEventListener("click", (event) => {
    const link = (event.target as Element).closest<HTMLAnchorElement>("a[data-load-more]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    if (!link.hasAttribute("aria-busy")) void load(link);
  });
}

async function load(link: HTMLAnchorElement): Promise<void> {
  const words = link.textContent;
  link.setAttribute("aria-busy", "true");
  link.textContent = link.dataset["loadingWords"] ?? words;
  try {
    const answer = await fetch(link.href, { headers: { "X-Requested-With": "fetch" } });
    // To the page that asks to sign in, or that says why the list does not go on from here.
    if (answer.redirected || answer.status === 422) return location.assign(link.href);
    if (!answer.ok) throw new Error(String(answer.status));
    append(link, new DOMParser().parseFromString(await answer.text(), "text/html"));
  } catch {
    link.removeAttribute("aria-busy");
    link.textContent = link.dataset["failedWords"] ?? words;
  }
}

/** The next page is a whole page, as it is without script; its rows and its foot are taken over. */
function append(link: HTMLAnchorElement, next: Document): void {
  const rows = one<HTMLElement>("[data-rows]", document);
  const fresh = all("[data-rows] > *", next);
  rows.append(...fresh);
  link.closest("[data-more]")?.replaceWith(one("[data-more]", next));
  fresh[0]?.querySelector<HTMLElement>("a, button, input")?.focus();
}
