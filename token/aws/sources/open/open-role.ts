import path from "node:path";
import { edit, ours, run } from "../../../command/command.ts";
import { type Sentence, sentence, withCommands } from "../../../command/sentence.ts";
import { listFiles } from "../../../command/tasks.ts";
import { debug } from "../../../debug.ts";
import { unlessThrown, VouchError } from "../../../errors/errors.ts";
import { readTextFile, readWitnessed } from "../../../files/plain-file.ts";
import { partitionOfRegion } from "../../../hot/partition.ts";
import type { CredentialsWish } from "../../../mint/mint-source.ts";
import { jsonRecord, recordMember } from "../../../record.ts";
import { agentPolicies, narrowing } from "../../agent-policies.ts";
import { parseRoleArn, requireSamePartition } from "../../arn.ts";
import type { AwsCredentials, TemporaryCredentials } from "../../aws-credentials.ts";
import { sts } from "../../sts.ts";
import { cliRoleFile } from "../cache-names.ts";
import { isSessionOf, personOf } from "../caller-name.ts";
import { digestOf, type OpenPlan, type PlanAccess, sha256, witnessOf } from "../opened-source.ts";
import { hintAtOrigin, placeOfOrigin } from "../plan-errors.ts";
import type { AssumeRolePlan, WebIdentityPlan } from "../plan-kinds.ts";
import { givenCredentials } from "./given-credentials.ts";

/** Credentials that only sign the next call need not live longer than this, in milliseconds. */
const CALL_MS = 60_000;

/** The credentials that assume a role, and whether it is the last role. */
interface Hop {
  readonly source: OpenPlan;
  readonly isLast: boolean;
}

/**
 * A role, by AssumeRole. Each role of a chain is cached separately, so that one with an MFA device asks for a code only once.
 * Throws `role-arn-invalid` and `partition-mismatch` immediately.
 *
 * The region only selects the STS host, so clusters in different regions share cached credentials.
 *
 * The session is named after the person whose credentials assume the role, which the digest of the source stands for. A program
 * or an agent may return another person's the next time, so there their access key is part of the key, too.
 */
export async function openAssumedRole(
  plan: AssumeRolePlan,
  access: PlanAccess,
  { source, isLast }: Hop,
): Promise<OpenPlan> {
  const { roleArn, sessionName, usualName, externalId, durationSeconds, mfaSerial, region } = plan;
  requireRole(plan);
  const digest = digestOf(
    ...["assume-role", roleArn, sessionName, usualName, externalId, durationSeconds, mfaSerial],
    ...[partitionOfRegion(region).id, narrowing(access, isLast), source.digest],
  );
  const { isAnyones = false } = source;
  return {
    digest,
    witnesses: source.witnesses,
    end: source.end,
    isAnyones,
    async credentials(wish) {
      let asked: Promise<AwsCredentials> | undefined;
      const caller = () => {
        asked ??= source.credentials({ fresh: wish.fresh, minRemainingMs: CALL_MS });
        return asked;
      };
      const key = isAnyones ? digestOf(digest, (await caller()).accessKeyId) : digest;
      try {
        return await access.kept(
          { key, words: roleArn },
          mfaSerial === undefined ? wish : { ...wish, fresh: false },
          () => assumedRole(plan, access, { caller, isLast, wish }),
        );
      } catch (error) {
        if (error instanceof AlreadyThatRole) return source.credentials(wish);
        throw error;
      }
    },
  };
}

/** Thrown in place of assuming a role: the credentials that would assume it are of that role already, and are not ours to cache. */
class AlreadyThatRole extends Error {}

async function assumedRole(
  plan: AssumeRolePlan,
  access: PlanAccess,
  {
    caller,
    isLast,
    wish,
  }: Pick<Hop, "isLast"> & {
    readonly caller: () => Promise<AwsCredentials>;
    readonly wish: CredentialsWish;
  },
): Promise<TemporaryCredentials> {
  const { roleArn, externalId, durationSeconds, region } = plan;
  const others = cliRoleCredentials(plan, access, wish);
  if (others !== undefined) return others;
  const { agent } = access;
  if (agent !== undefined)
    debug(
      `AI agent ${agent}: its session of ${roleArn} can only ${isLast ? "read" : "assume the next role"}`,
    );
  const by = await caller();
  const sessionName = plan.sessionName ?? (await nameAfterCaller(plan, access, by));
  const mfa = await requireMfaCode(plan, access, wish);
  try {
    return await sts(region, access).assumeRole({
      ...{ roleArn, sessionName, by, externalId, durationSeconds, mfa },
      ...agentPolicies({ agent, region }, isLast),
    });
  } catch (error) {
    if (mfa !== undefined && error instanceof VouchError && isWrongCode(error))
      throw wrongCode(plan, access, error);
    throw roleRefused(error, roleArn, plan.sessionName === undefined ? { ...plan, sessionName } : undefined);
  }
}

/**
 * The person whose credentials assume the role; a machine's or a program's have the usual name. If AWS has not said whose they
 * are, it is asked: the call needs no permission.
 *
 * Throws `AlreadyThatRole`, since few roles trust themselves; but not for an AI agent, whose session must be narrowed.
 */
async function nameAfterCaller(
  { roleArn, usualName, mfaSerial, region }: AssumeRolePlan,
  access: PlanAccess,
  by: AwsCredentials,
): Promise<string> {
  const arn = by.arn ?? (await callerArn(by, region, access));
  if (arn === undefined) return usualName;
  if (isSessionOf(arn, roleArn) && mfaSerial === undefined && access.agent === undefined) {
    debug(`${arn} is a session of ${roleArn} already: it is not assumed again`);
    throw new AlreadyThatRole();
  }
  return personOf(arn) ?? usualName;
}

/** Undefined if a policy on the way to STS denies the call. */
async function callerArn(
  by: AwsCredentials,
  region: string,
  access: PlanAccess,
): Promise<string | undefined> {
  try {
    return (await sts(region, access).callerIdentity(by)).arn;
  } catch (error) {
    if (error instanceof VouchError && error.code === "aws-denied") return undefined;
    throw error;
  }
}

/**
 * A role, for the OIDC token in a file. A different token may be a different identity, so it is part of the digest. Throws
 * `web-identity-token-missing`, `role-arn-invalid` and `partition-mismatch` immediately.
 */
export async function openWebIdentity(
  plan: WebIdentityPlan,
  access: PlanAccess,
  isLast: boolean,
): Promise<OpenPlan> {
  const { roleArn, sessionName, region, tokenFile } = plan;
  requireRole(plan);
  const { text, identity } = readWitnessed(path.resolve(tokenFile), access.clock());
  const idToken = text?.trim() ?? "";
  if (idToken === "") throw missingToken(plan, text === undefined ? "does not exist" : "is empty");
  const digest = digestOf(
    ...["web-identity", roleArn, sessionName, partitionOfRegion(region).id],
    ...[narrowing(access, isLast), sha256(idToken)],
  );
  return {
    digest,
    witnesses: witnessOf(tokenFile, identity),
    credentials: (wish) =>
      access.kept({ key: digest, words: roleArn }, wish, async () => {
        try {
          return await sts(region, access).assumeWithWebIdentity({
            ...{ roleArn, sessionName, idToken },
            ...agentPolicies({ agent: access.agent, region }, isLast),
          });
        } catch (error) {
          throw roleRefused(error, roleArn);
        }
      }),
  };
}

function missingToken({ tokenFile, origin }: WebIdentityPlan, how: string): VouchError {
  return new VouchError(
    "web-identity-token-missing",
    `The token file ${tokenFile} (${placeOfOrigin(origin)}) ${how}.`,
    { hint: withCommands`Check it: ${listFiles(tokenFile)}` },
  );
}

/** Throws `role-arn-invalid` or `partition-mismatch`, and says where the role is written. */
function requireRole({ roleArn, region, origin }: AssumeRolePlan | WebIdentityPlan): void {
  try {
    requireSamePartition(parseRoleArn(roleArn), region);
  } catch (error) {
    if (!(error instanceof VouchError)) throw error;
    const message = `${placeOfOrigin(origin)}: ${error.message}`;
    throw new VouchError(error.code, message, { cause: error, hint: hintAtOrigin(origin) });
  }
}

/** A session name that no user chose. */
type ChosenName = Pick<AssumeRolePlan, "origin"> & { readonly sessionName: string };

/** STS's refusal of a role, with the command that shows whom the role trusts; any other failure unchanged. */
function roleRefused(error: unknown, roleArn: string, chosen?: ChosenName): unknown {
  if (!(error instanceof VouchError)) return error;
  if (error.code !== "role-denied" && error.code !== "role-not-trusted") return error;
  const options = { "role-name": parseRoleArn(roleArn).name, query: "Role.AssumeRolePolicyDocument" };
  const ask = sentence`Ask an IAM administrator to allow you to assume the role; to see its trust policy: ${run("aws", "iam get-role", options)}`;
  const hint = chosen === undefined ? withCommands`${ask}` : withCommands`${ask}. ${otherName(chosen)}`;
  return new VouchError(error.code, error.message, { cause: error, hint });
}

/** STS does not say which condition was not met. */
function otherName({ sessionName, origin }: ChosenName): Sentence {
  const required = `If the policy requires a session name (sts:RoleSessionName) other than ${sessionName}`;
  return "line" in origin
    ? sentence`${required}, set role_session_name: ${edit(origin.file, origin.line)}`
    : sentence`${required}, add --session-name NAME.`;
}

/**
 * The code that a role requires, asked for at the terminal; undefined if it requires none. Throws `mfa-code-needed` if no one may
 * be asked, and `mfa-code-wrong` if the answer is no code.
 */
async function requireMfaCode(
  plan: AssumeRolePlan,
  { mfaCode, profile }: PlanAccess,
  { fresh }: CredentialsWish,
): Promise<{ readonly serialNumber: string; readonly code: string } | undefined> {
  const serialNumber = plan.mfaSerial;
  if (serialNumber === undefined) return undefined;
  if (fresh || mfaCode === undefined)
    throw new VouchError(
      "mfa-code-needed",
      `Role ${plan.roleArn} (${placeOfOrigin(plan.origin)}) requires an MFA code from device ${serialNumber}.`,
      { hint: withCommands`Enter it in a terminal: ${loginOf(plan, profile)}` },
    );
  const code = (await mfaCode(serialNumber)).trim();
  if (/^\d{6}$/.test(code)) return { serialNumber, code };
  throw new VouchError("mfa-code-wrong", `The MFA code of device ${serialNumber} must be six digits long.`, {
    hint: withCommands`Enter it again: ${loginOf(plan, profile)}`,
  });
}

/** Source: doctor/AWS-CREDENTIALS.md, "Words of AWS" (L9). */
function isWrongCode({ code, message }: VouchError): boolean {
  return code === "role-denied" && message.includes("MultiFactorAuthentication failed");
}

function wrongCode(
  plan: AssumeRolePlan,
  { profile }: Pick<PlanAccess, "profile">,
  cause: VouchError,
): VouchError {
  return new VouchError("mfa-code-wrong", cause.message, {
    cause,
    hint: withCommands`An MFA code is valid once; wait for the next one: ${loginOf(plan, profile)}`,
  });
}

/** The login that asks for the code: for the requested profile, else for the one that names the device. */
function loginOf({ origin }: AssumeRolePlan, asked: string | undefined) {
  return ours("login", { profile: asked ?? ("profile" in origin ? origin.profile : "default") });
}

/** We use a role's credentials from the AWS CLI only if they are valid for at least this long, in milliseconds. */
const MIN_REMAINING_MS = 15 * 60_000;

/**
 * The credentials that the AWS CLI has cached for a role that requires an MFA device, so that no one is asked for a second code.
 * Only for such a role: its device determines the user, whereas for other roles the file name does not tell whose session it is.
 * An AI agent never gets a user's. Undefined if there are none, or none that last as long as is wanted.
 *
 * Source: doctor/AWS-CREDENTIALS.md, "Cache files".
 */
function cliRoleCredentials(
  plan: AssumeRolePlan,
  { homeDir, clock, agent }: PlanAccess,
  { minRemainingMs }: CredentialsWish,
): TemporaryCredentials | undefined {
  if (plan.mfaSerial === undefined || agent !== undefined) return undefined;
  const file = path.join(homeDir, ".aws", "cli", "cache", cliRoleFile(plan));
  // This cache belongs to another program: a file that cannot be read counts as missing.
  const text = unlessThrown(() => readTextFile(file) ?? "", "");
  const found = givenCredentials(recordMember(jsonRecord(text), "Credentials"), "SessionToken");
  if ("fault" in found || found.sessionToken === undefined || found.expires === undefined) return undefined;
  const { sessionToken, expires } = found;
  return expires - clock() >= Math.max(MIN_REMAINING_MS, minRemainingMs)
    ? { ...found, sessionToken, expires }
    : undefined;
}
