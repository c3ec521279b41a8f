const PAUSES_MS = [500, 2000, 8000, 30_000];

/**
 * A part of the script that loads by itself, asked for again where it did not arrive, as with the network away for a
 * moment. Some browsers remember that it failed; with them, and where it is gone, the page stays as without it.
 */
export async function arrival<Part>(load: () => Promise<Part>): Promise<Part> {
  for (const pause of PAUSES_MS) {
    try {
      return await load();
    } catch {
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }
  return load();
}
