import type { AwsCredentials } from "../../token/aws/aws-credentials.ts";
import type { OpenedSource } from "../../token/aws/sources/opened-source.ts";
import type { Clock } from "../../token/timers.ts";

type Ask = OpenedSource["credentials"];

/**
 * Asks once and reuses the credentials while they live long enough: no user types a code twice, and no program runs again. Only
 * one request runs at a time; after a failure, the next one asks again.
 */
export function remembering(clock: Clock, ask: Ask): Ask {
  let last: Promise<AwsCredentials | undefined> = Promise.resolve(undefined);
  return (wish) => {
    const asked = last.then((known) => {
      const { expires = Number.POSITIVE_INFINITY } = known ?? { expires: 0 };
      const isGood = !wish.fresh && expires - clock() >= wish.minRemainingMs;
      return known !== undefined && isGood ? known : ask(wish);
    });
    last = asked.catch(() => undefined);
    return asked;
  };
}
