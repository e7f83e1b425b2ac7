import type { CredentialsPlan } from "../../../token/aws/sources/plan-kinds.ts";
import { aws } from "../../../token/command/command.ts";
import { sentence } from "../../../token/command/sentence.ts";
import { defineRule, doesNotApply, found, passed } from "../../check/rule.ts";
import type { Facts } from "../../derive/facts.ts";
import type { CredentialError } from "../../derive/failure/error-sources.ts";
import { profileInForce } from "../../derive/identity/credential-source.ts";
import { knownValue } from "../../evidence/evidence.ts";
import { renewal } from "../../fixes/credential-renewal.ts";
import { hasEnded } from "../shared/aws-session-rule.ts";
import { WHO_AM_I } from "../shared/caller-words.ts";
import { errorConclusion } from "../shared/error-rule.ts";
import { suspectedUnknown } from "../shared/suspected.ts";

/**
 * STS's messages for expired session keys. Not those for a web identity token ("Token expired: current date/time …"), nor those
 * for a clock ("Signature expired").
 */
const KEYS_EXPIRED =
  /security token included in the request is expired|\(ExpiredToken\) when calling the (?!AssumeRoleWithWebIdentity)|\bExpiredToken:(?! Token expired)|\[aws-keys-expired\]|The keys A[KS]IA[A-Z0-9]{12,128} \(/i;

export const awsCredentialsExpired = defineRule({
  cause: {
    id: "L5",
    what: "The session keys have expired; the plugin does not notice because it signs tokens offline.",
    seen: "401, but the plugin exits 0",
    remedy: "Unset the expired keys, then get fresh ones in the same way.",
  },
  expects: "the AWS session keys that the plugin signs with have not expired",
  needs: ["preAuthSeverity"],
  check({ preAuthSeverity: severity }, seen) {
    const error = seen.credentialErrors?.match(KEYS_EXPIRED);
    const ended = error === undefined ? keysEnded(seen) : undefined;
    if (error === undefined && ended === undefined) return passed;
    if (seen.cloud9Variables.length > 0) return doesNotApply("Cloud9 manages these keys");
    if (error !== undefined) return found(errorConclusion(error, (facts) => describe(error, facts)));
    return found({ severity, confidence: "likely", describe: (facts) => describe(undefined, facts) });
  },
  suspected: {
    unauthorized: suspectedUnknown(["L5", "L6", "K11", "L12", "T5"], () => ({
      summary:
        "The AWS credentials have expired or are invalid; the plugin signs offline, so only the cluster notices.",
      confirmedBy: sentence`${WHO_AM_I} fails.`,
    })),
  },
});

/**
 * The expiry of the keys as recorded by the tool that wrote them, if it is past. If AWS returned an identity for the keys, they
 * have not expired. A user's keys do not expire, even if an earlier session left an expiry next to them.
 */
function keysEnded({ credentials, now, evidence }: Facts): string | undefined {
  const keys = lastSource(credentials?.plan);
  if (keys?.kind !== "keys" || keys.sessionToken === undefined || keys.expires === undefined)
    return undefined;
  return hasEnded(keys.expires, now) && knownValue(evidence.callerIdentity) === undefined
    ? keys.expires
    : undefined;
}

function lastSource(plan: CredentialsPlan | undefined): CredentialsPlan | undefined {
  return plan?.kind === "assume-role" ? lastSource(plan.source) : plan;
}

function describe(error: CredentialError | undefined, facts: Facts) {
  const { credentials, token, exec, pluginRun } = facts;
  const ended = keysEnded(facts);
  const source = profileInForce(credentials);
  const from = source === undefined ? credentials?.kind : `profile ${source}`;
  const isMinted = error?.quote.by === "caller-identity" && pluginRun?.exitCode === 0;
  return {
    summary: `The AWS session keys used by ${exec?.program ?? "the plugin"}${
      from === undefined ? "" : ` (${from})`
    } have expired.`,
    evidence: [
      ended && `The keys are recorded as valid until ${ended}.`,
      isMinted && "The plugin still issued a token: it signs tokens without contacting AWS.",
      token?.accessKeyId && `The token is signed with key ${token.accessKeyId}.`,
    ],
    falsifiedBy: sentence`${aws("sts get-caller-identity")}, run with exactly the exec block's environment, returns an identity.`,
    fixes: [renewal(facts)],
  };
}
