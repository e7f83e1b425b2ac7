import { VouchError } from "../errors/errors.ts";
import { LIST_MS, MAX_PAGES } from "./limits.ts";

/** One page of a list, and the token for the next one; undefined for the last page. */
interface Page<T> {
  readonly items: readonly T[];
  readonly next: string | undefined;
}

/**
 * A complete list, page by page. Throws `server-answer-invalid` if it has too many pages, repeats a page or takes too long: a
 * partial list would pass for a complete one.
 */
export async function allPages<T>(
  server: string,
  read: (next: string | undefined) => Promise<Page<T>>,
  now: () => number = () => performance.now(),
): Promise<T[]> {
  const start = now();
  const found: T[] = [];
  const seen = new Set<string>();
  let next: string | undefined;
  for (let pages = 0; pages < MAX_PAGES; pages += 1) {
    const page = await read(next);
    found.push(...page.items);
    if (page.next === undefined || page.next === "") return found;
    if (seen.has(page.next)) throw listInvalid(server, "returned the same next page twice");
    if (now() - start > LIST_MS)
      throw listInvalid(server, `did not list everything within ${LIST_MS / 1000} s`);
    seen.add(page.next);
    next = page.next;
  }
  throw listInvalid(server, `returned a list of more than ${MAX_PAGES} pages`);
}

function listInvalid(server: string, what: string): VouchError {
  return new VouchError("server-answer-invalid", `${server} ${what}.`, {
    hint: "Try again. If it fails again, something else might be responding in place of this server.",
  });
}
