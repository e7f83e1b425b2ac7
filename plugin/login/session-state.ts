import { clockTime } from "../../token/text/time.ts";
import { duration } from "../terminal/output.ts";

/** What a file says about the token of a login. */
export interface TokenState {
  /** When it ends, or ended, in milliseconds since 1970. */
  readonly expires: number;
  /** Whether it can be refreshed then, as far as is known. */
  readonly isRefreshable: boolean;
}

/** Whether nobody has to log in, as far as is known: an expired token may be refreshed when it is used. */
export function serves(token: TokenState | undefined, now: number): boolean {
  return token !== undefined && (token.expires > now || token.isRefreshable);
}

/** `until 20:03, 59 min left, then refreshed`; `login` says what to run. */
export function stateOf(token: TokenState | undefined, now: number, login: string): string {
  if (token === undefined) return `not logged in; ${login}`;
  const { expires, isRefreshable } = token;
  const time = clockTime(expires, now);
  if (expires > now)
    return `until ${time}, ${duration(expires - now)} left${isRefreshable ? ", then refreshed" : ""}`;
  return `ended at ${time}; ${isRefreshable ? "it is refreshed on the next use, or " : ""}${login}`;
}
