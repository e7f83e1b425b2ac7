import { edit, ours, run, unsetVariables } from "../../command/command.ts";
import { type Sentence, sentence, withCommands } from "../../command/sentence.ts";
import type { Endpoints } from "../../endpoints/endpoints.ts";
import { VouchError, withHints } from "../../errors/errors.ts";
import { serverValue } from "../../net/server-text.ts";
import { localTime } from "../../text/time.ts";
import type { Clock } from "../../timers.ts";
import { type AwsCredentials, readExpiration } from "../aws-credentials.ts";
import { ssoAccessToken } from "../identity-center/access-token.ts";
import { ssoRoleCredentials } from "../identity-center/portal-calls.ts";
import { openAssumedRole, openWebIdentity } from "./open/open-role.ts";
import {
  digestOf,
  joinedWitnesses,
  type OpenPlan,
  type PlanAccess,
  sha256,
  type Witnesses,
} from "./opened-source.ts";
import { hintAtOrigin, invalidVariables, placeOfOrigin } from "./plan-errors.ts";
import { type CredentialsPlan, type KeysPlan, planSteps, type SsoPlan } from "./plan-kinds.ts";

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
      return (await import("./open/open-machine.ts")).openContainer(plan, access);
    case "instance-metadata":
      return (await import("./open/open-machine.ts")).openInstanceMetadata(plan, access);
    case "assume-role":
      return openAssumedRole(plan, access, { source: await openKind(plan.source, access, false), isLast });
  }
}

/**
 * Keys as they are. An id has exactly one secret, so the id alone identifies them. Throws `aws-keys-expired` for keys of a
 * session that is over, if its end was written down.
 */
async function openKeys(plan: KeysPlan, { clock }: PlanAccess): Promise<OpenPlan> {
  const { accessKeyId, secretAccessKey, sessionToken } = plan;
  const end = endOf(plan);
  if (end !== undefined && end <= clock()) throw expired(plan, end);
  return {
    digest: digestOf("keys", accessKeyId),
    witnesses: [],
    credentials: async () => ({ accessKeyId, secretAccessKey, sessionToken, expires: end }),
  };
}

const BESIDE_THE_ID = ["AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_CREDENTIAL_EXPIRATION"];

/** Keys of a user do not end, whatever an earlier session left beside them. */
function endOf({ sessionToken, expires, from, origin }: KeysPlan): number | undefined {
  if (sessionToken === undefined || expires === undefined) return undefined;
  const end = readExpiration(expires);
  if (end !== undefined) return end;
  const why = `is ${serverValue(expires)}, which is not a date such as 2026-01-15T12:00:00Z`;
  if (from === "environment")
    throw invalidVariables(["AWS_CREDENTIAL_EXPIRATION"], `AWS_CREDENTIAL_EXPIRATION ${why}`);
  throw new VouchError("profile-invalid", `${placeOfOrigin(origin)}: x_security_token_expires ${why}.`, {
    hint: hintAtOrigin(origin),
  });
}

function expired({ accessKeyId, origin }: KeysPlan, end: number): VouchError {
  const message = `Access key ${accessKeyId} (${placeOfOrigin(origin)}) expired at ${localTime(end)}.`;
  const place =
    "file" in origin ? edit(origin.file, origin.line) : unsetVariables("AWS_ACCESS_KEY_ID", ...BESIDE_THE_ID);
  return new VouchError("aws-keys-expired", message, {
    hint: withCommands`Fetch new keys with the program that issued these, or remove them: ${place}`,
  });
}

/** A role of Identity Center. After a new login it counts as a different identity, since we cannot tell who logged in. */
async function openSso(plan: SsoPlan, access: PlanAccess): Promise<OpenPlan> {
  const { startUrl, session, region, account, role } = plan;
  const { accessToken, witness } = await ssoAccessToken(plan, access);
  const digest = digestOf("sso", startUrl, session, region, account, role, sha256(accessToken));
  return {
    digest,
    witnesses: witness && [witness],
    credentials: (wish) =>
      access.kept({ key: digest, words: `${role} in ${account}` }, wish, () =>
        ssoRoleCredentials(plan, accessToken, access),
      ),
  };
}

/** The variables that together are one set of keys. */
const KEY_VARIABLES = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"];

/**
 * What to run to get other credentials when AWS refuses those of a plan; `asked` is the requested profile, undefined for the caller's
 * own credentials. Undefined if all that one can do is clear the cache.
 */
export function renewalHint(plan: CredentialsPlan, asked: string | undefined): string | undefined {
  const renewal = renewalOf(plan, asked);
  if (renewal === undefined) return undefined;
  const isKept = plan.kind === "assume-role" || plan.kind === "sso";
  return isKept
    ? withCommands`Run ${ours("cache clear")} and try again. If AWS still rejects the credentials, renew them. ${renewal}`
    : withCommands`${renewal}`;
}

function renewalOf(plan: CredentialsPlan, asked: string | undefined): Sentence | undefined {
  const source = planSteps(plan).at(-1) ?? plan;
  const at = "profile" in source.origin ? source.origin : undefined;
  const login = () =>
    sentence`Log in again: ${ours("login", { profile: asked ?? at?.profile, force: true })}`;
  switch (source.kind) {
    case "keys":
      if (at === undefined)
        return sentence`Set new keys or run ${unsetVariables(...KEY_VARIABLES)}, then try again.`;
      return source.sessionToken === undefined
        ? sentence`Set new keys in the profile: ${run("aws", "configure", { profile: at.profile })}`
        : sentence`Fetch new keys with the program that wrote the old ones: ${edit(at.file, at.line)}`;
    case "sso":
      return login();
    case "login":
      return sentence`Log in again: ${run("aws", "login", { profile: at?.profile })}`;
    case "process":
      if (source.vouch !== undefined) return login();
      return (
        at &&
        sentence`Renew the credentials that the profile's credential_process returns: ${edit(at.file, at.line)}`
      );
    default:
      return undefined;
  }
}

/** Runs work that calls AWS with credentials; if AWS refuses them, the error carries the hint. */
export async function withRenewal<T>(hint: string | undefined, work: Promise<T>): Promise<T> {
  return withHints(() => ({ "aws-credentials-refused": hint }), work);
}
