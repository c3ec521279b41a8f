import { all, one } from "./page";

const EVERY_MS = 1500;
const AT_MOST_MS = 15_000;

interface Progress {
  state: string;
  done: number;
  total: number;
  words: string;
}

/** A job's page asks how far it is, and loads itself again when the job is over. */
export function followJobs(): void {
  for (const job of all("[data-poll]")) {
    job.querySelector("[data-refresh-link]")?.parentElement?.remove();
    void follow(job);
  }
}

async function follow(job: HTMLElement): Promise<void> {
  let pause = EVERY_MS;
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, pause));
    const progress = await ask(job.dataset["poll"] ?? "");
    pause = progress ? EVERY_MS : Math.min(pause * 2, AT_MOST_MS);
    if (!progress) continue;
    show(job, progress);
    if (progress.state === "done" || progress.state === "failed") {
      location.reload();
      return;
    }
  }
}

/** Nothing, where the network is away: the job goes on without us. */
async function ask(url: string): Promise<Progress | undefined> {
  try {
    const answer = await fetch(url, { headers: { Accept: "application/json" } });
    return answer.ok ? ((await answer.json()) as Progress) : undefined;
  } catch {
    return undefined;
  }
}

function show(job: HTMLElement, progress: Progress): void {
  const words = one("[data-progress-words]", job);
  if (words.textContent !== progress.words) words.textContent = progress.words;
  const share = progress.total ? (100 * progress.done) / progress.total : 0;
  one("[data-progress-bar]", job).setAttribute("width", share.toFixed(1));
}
