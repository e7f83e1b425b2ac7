import { pageOf as pageFrom } from "../page.ts";
import { invalidParameter } from "./call.ts";

/** The page that the query asks for. */
export function pageOf<T>(items: readonly T[], query: URLSearchParams): ReturnType<typeof pageFrom<T>> {
  const [maxResults, nextToken] = [query.get("maxResults"), query.get("nextToken")];
  return pageFrom(items, { maxResults, nextToken }, invalidParameter);
}
