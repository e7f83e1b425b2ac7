import type { Endpoints } from "../../endpoints/endpoints.ts";
import type { Clock } from "../../timers.ts";
import type { AwsCredentials } from "../aws-credentials.ts";
import { openAssumedRole } from "./open/open-assumed-role.ts";
import { openKeys } from "./open/open-keys.ts";
import { openSso } from "./open/open-sso.ts";
import { openWebIdentity } from "./open/open-web-identity.ts";
import { joinedWitnesses, type OpenPlan, type PlanAccess, type Witnesses } from "./opened-source.ts";
import type { CredentialsPlan } from "./plan-kinds.ts";
import { renewalHint, withRenewal } from "./renewal.ts";

/**
 * When AWS is asked for credentials can be read in three files, from the outside in. Each has its own lock:
 *
 * - token/mint/mint-token.ts: only if no token in the cache answers. `mint-*` guards the token of one question.
 * - here, in `askedOnce`: only once in one process. No lock; calls wait for each other.
 * - token/mint/credentials-cache.ts: only if none are in the key store. `credentials-*` guards those of one identity.
 */

/** A plan, with the witnesses of the files that it was made from. */
export interface WitnessedPlan {
  readonly plan: CredentialsPlan;
  readonly witnesses: Witnesses;
}

/** An open source, and what to run if AWS refuses its credentials. */
export interface RenewablePlan extends OpenPlan {
  readonly renewal: string | undefined;
  /** The AWS endpoints settled for it. */
  readonly endpoints: Endpoints;
}

/**
 * Reads the files that a plan names, and refreshes tokens that are about to end; neither STS nor the portal is called yet.
 * `isLast`: these credentials sign the token. Throws whatever prevents it, with the source named.
 */
export async function openPlan(
  { plan, witnesses }: WitnessedPlan,
  access: PlanAccess,
  isLast = true,
): Promise<RenewablePlan> {
  const opened = await openKind(plan, access, isLast);
  const renewal = renewalHint(plan, access.profile);
  return {
    ...opened,
    witnesses: joinedWitnesses(witnesses, opened.witnesses),
    credentials: askedOnce(access.clock, (wish) => withRenewal(renewal, opened.credentials(wish))),
    renewal,
    endpoints: access.endpoints,
  };
}

type Ask = OpenPlan["credentials"];

/**
 * Reuses the credentials while they live long enough: no user types a code twice, and no program runs again. Only one request runs
 * at a time; after a failure, the next one asks again.
 */
export function askedOnce(clock: Clock, ask: Ask): Ask {
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

/** Of the rarer kinds, only the one in use is loaded. */
async function openKind(plan: CredentialsPlan, access: PlanAccess, isLast: boolean): Promise<OpenPlan> {
  switch (plan.kind) {
    case "keys":
      return openKeys(plan, access);
    case "sso":
      return openSso(plan, access);
    case "login":
      return (await import("./open/open-login.ts")).openLogin(plan, access);
    case "process":
      return plan.vouch === undefined
        ? (await import("./open/open-process.ts")).openProcess(plan, access)
        : (await import("./open/open-vouch.ts")).openVouch(plan.vouch, access, {
            region: plan.region,
            isLast,
          });
    case "web-identity":
      return openWebIdentity(plan, access, isLast);
    case "container":
      return (await import("./open/open-container.ts")).openContainer(plan, access);
    case "instance-metadata":
      return (await import("./open/open-instance-metadata.ts")).openInstanceMetadata(plan, access);
    case "assume-role":
      return openAssumedRole(plan, access, { source: await openKind(plan.source, access, false), isLast });
  }
}
