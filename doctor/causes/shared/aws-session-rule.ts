import { readExpiration } from "../../../token/aws/aws-credentials.ts";
import { type Description, defineRule, found, type RuleDefinition } from "../../check/rule.ts";
import type { Facts } from "../../derive/facts.ts";
import { awsProfiles } from "../../derive/identity/aws-profile-chain.ts";
import { knownValue, type SourceFile } from "../../evidence/evidence.ts";
import { errorConclusion, foundInFiles } from "./error-rule.ts";

/** A session of AWS's tools that does not provide a token: recognized by their messages, otherwise by the session's file. */
interface AwsSessionRule extends Pick<RuleDefinition, "cause" | "expects" | "suspected"> {
  readonly kind: "sso" | "login";
  readonly pattern: RegExp;
  /** What the file shows is added before its evidence. */
  readonly describe: (facts: Facts) => Description;
}

export function defineAwsSessionRule({ kind, pattern, describe, ...rule }: AwsSessionRule): RuleDefinition {
  const withFile = (facts: Facts): Description => {
    const { evidence, ...rest } = describe(facts);
    return { ...rest, evidence: [sessionFault(sourceFile(facts, kind), facts.now), ...evidence] };
  };
  return defineRule({
    ...rule,
    needs: ["preAuthSeverity"],
    check({ preAuthSeverity: severity }, seen) {
      const error = seen.credentialErrors?.match(pattern);
      if (error !== undefined) return found(errorConclusion(error, withFile));
      const isShown = () => sessionFault(sourceFile(seen, kind), seen.now) !== undefined;
      return foundInFiles(seen, { severity, isShown, describe: withFile });
    },
  });
}

/**
 * The file of this kind that the plugin's credentials depend on; undefined if they depend on none, or the file was not looked up. The evidence
 * is read only if they depend on one.
 */
export function sourceFile(seen: Facts, kind: SourceFile["kind"]): SourceFile | undefined {
  const needed = seen.neededFiles?.find((file) => file.kind === kind);
  if (needed === undefined) return undefined;
  const isIt = (path: string) => path === needed.name || path.split(/[\\/]/).at(-1) === needed.name;
  return knownValue(seen.evidence.sourceFiles)?.find((file) => file.kind === kind && isIt(file.path));
}

/** Whether credentials of AWS's tools have expired, by the expiry in them; false if that is no date. */
export function hasEnded(expires: string, now = Number.NaN): boolean {
  return (readExpiration(expires) ?? Number.NaN) <= now;
}

/** Why a session does not provide a token, as a sentence; undefined if it provides one or can be refreshed. */
function sessionFault(file: SourceFile | undefined, now: number | undefined): string | undefined {
  if (file === undefined) return undefined;
  const { path, state, expiresAt = "", refreshable } = file;
  if (state === "absent") return `Session file ${path} does not exist.`;
  if (state === "unreadable") return `${path} does not contain a session.`;
  const isOver = hasEnded(expiresAt, now) && refreshable !== true;
  return isOver
    ? `The session in ${path} expired at ${expiresAt} and does not have a refresh token.`
    : undefined;
}

/**
 * The error of a program that does not read `[sso-session]`, which has both settings; programs differ in their order. A profile
 * that lacks them causes the same error. Source: doctor/AWS-CREDENTIALS.md, "Old programs".
 */
export const SSO_SESSION_UNREAD =
  /is configured to use SSO but is missing required configuration: (?:sso_start_url, (?:sso_account_id, )?sso_region|sso_region, sso_start_url)/;

/** Whether the effective profile has both settings in its session; undefined if the files are not known. */
export function namesSession({ credentials, evidence }: Facts): boolean | undefined {
  const settings = credentials?.chain[0]?.settings;
  if (settings === undefined || Object.keys(settings).length === 0) return undefined;
  const name = settings["sso_session"];
  if (name === undefined) return false;
  const session = awsProfiles(evidence).files.ssoSessions.get(name)?.settings;
  if (session === undefined) return undefined;
  return session.has("sso_start_url") && session.has("sso_region");
}
