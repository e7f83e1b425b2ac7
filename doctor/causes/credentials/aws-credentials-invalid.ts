import { aws, setVariable, unsetVariables } from "../../../token/command/command.ts";
import { sentence } from "../../../token/command/sentence.ts";
import { type Conclusion, defineRule, doesNotApply, found } from "../../check/rule.ts";
import type { Facts } from "../../derive/facts.ts";
import { type CredentialError, UNKNOWN_KEY } from "../../derive/failure/error-sources.ts";
import type { Severity } from "../../derive/failure/symptom.ts";
import { profileInForce } from "../../derive/identity/credential-source.ts";
import { isOptInRegion } from "../../derive/identity/sts-host.ts";
import { KEY_VARIABLES } from "../../fixes/credential-renewal.ts";
import { type Fix, forIamAdmin, forYou } from "../../fixes/fix.ts";
import { errorConclusion } from "../shared/error-rule.ts";
import { isOfAssumedRole } from "../shared/role-words.ts";

/** The secret does not match the key. A wrong clock has the same error code, but its message mentions the time. */
const WRONG_SECRET = /SignatureDoesNotMatch(?!.{0,300}Signature (?:expired|not yet current))/;

export const awsCredentialsInvalid = defineRule({
  cause: {
    id: "L6",
    what: "The access key is deleted or inactive, its secret key is wrong, or its session token is missing.",
    seen: "401, but the plugin exits 0",
    remedy: "Put new access keys into the profile; the old ones are deleted or inactive.",
  },
  expects: "AWS recognizes the keys that the plugin signs with",
  needs: ["preAuthSeverity"],
  check({ preAuthSeverity: severity }, seen) {
    const conclusion = withoutSessionToken(seen, severity) ?? unknownKey(seen) ?? wrongSecret(seen);
    if (conclusion === undefined) return found();
    if (seen.cloud9Variables.length > 0) return doesNotApply("Cloud9 manages these keys");
    return isOfAssumedRole(seen) ? doesNotApply("the keys belong to an assumed role") : found(conclusion);
  },
});

/** Temporary keys (`ASIA…`) only work with their session token, which the plugin's token would contain. */
function withoutSessionToken({ token }: Facts, severity: Severity): Conclusion | undefined {
  const key = token?.accessKeyId;
  if (token?.temporary !== false || !key?.startsWith("ASIA")) return undefined;
  return {
    severity,
    confidence: "certain",
    describe: (facts) => ({
      summary: `The session token of temporary access key ${key} is missing.`,
      evidence: [`The token is signed with ${key} but does not contain X-Amz-Security-Token.`],
      falsifiedBy: "AWS_SESSION_TOKEN (or aws_session_token) is set where the key is set.",
      fixes: [
        forYou(
          "Set the session token that came with the key.",
          setVariable("AWS_SESSION_TOKEN", "SESSION_TOKEN"),
        ),
        newKeys(facts),
      ],
    }),
  };
}

function unknownKey(seen: Facts): Conclusion | undefined {
  const error = seen.credentialErrors?.match(UNKNOWN_KEY);
  if (error === undefined) return undefined;
  return errorConclusion({ ...error, ...confidenceIn(error, seen) }, (facts) => ({
    ...refusal(facts),
    summary: `AWS does not recognize ${keyOf(facts)}: it was deleted, deactivated, or mistyped.`,
    fixes: [newKeys(facts), ...lookUpKey(keyOf(facts).split(" ", 1)[0] ?? "")],
  }));
}

function wrongSecret(seen: Facts): Conclusion | undefined {
  const error = seen.credentialErrors?.match(WRONG_SECRET);
  if (error === undefined) return undefined;
  return errorConclusion(error, (facts) => ({
    ...refusal(facts),
    summary: `The secret key used with ${keyOf(facts)} is wrong.`,
    fixes: [newKeys(facts)],
  }));
}

/**
 * Lower if the same message may have another cause: keys that something rewrites, if their owner or their place is not known;
 * keys of the wrong kind for an opt-in region, for which there is a separate rule.
 */
function confidenceIn(
  { confidence, inferred }: CredentialError,
  { token, credentials }: Facts,
): Pick<CredentialError, "confidence" | "inferred"> {
  const isForRegion = token?.temporary === true && isOptInRegion(token.region ?? "");
  const isKnown = token !== undefined && credentials?.isSure === true;
  if (isKnown && !isForRegion) return { confidence, inferred };
  return { confidence: confidence === "certain" ? "likely" : "possible", inferred: isForRegion };
}

function refusal({ credentials }: Facts) {
  const profile = keyProfile(credentials);
  const chain = credentials?.kind === "assume-role" ? credentials.chain.map(({ name }) => name) : [];
  return {
    evidence: [
      credentials && `Credential source: ${credentials.why}.`,
      chain.length > 1 && `source_profile leads from ${chain.join(" to ")}, which contains the keys.`,
    ],
    falsifiedBy: sentence`${aws("sts get-caller-identity", { profile })} returns an identity.`,
  };
}

/** The profile with the keys: for a chain of roles its last one, since the keys are refused when the first role is assumed. */
function keyProfile(credentials: Facts["credentials"]): string | undefined {
  const last = credentials?.kind === "assume-role" ? credentials.chain.at(-1) : undefined;
  return last?.name ?? profileInForce(credentials);
}

function keyOf({ token, credentials }: Facts): string {
  if (token?.accessKeyId !== undefined) return token.accessKeyId;
  const last = credentials?.kind === "assume-role" ? credentials.chain.at(-1) : undefined;
  const key = last?.settings["aws_access_key_id"] ?? "";
  if (last === undefined) return "the access key";
  return `${/^A[A-Z0-9]{15,}$/.test(key) ? key : "the access key"} of profile ${last.name}`;
}

function newKeys({ credentials }: Facts): Fix {
  if (credentials?.kind !== "environment") {
    const profile = keyProfile(credentials) ?? "default";
    return forYou("Configure new keys in the profile.", aws("configure", { profile }));
  }
  return forYou(
    "Remove the keys from the shell and use a profile, or set new keys.",
    unsetVariables(...KEY_VARIABLES),
  );
}

function lookUpKey(key: string): Fix[] {
  if (!key.startsWith("AKIA")) return [];
  return [
    forIamAdmin(
      "Or check whether the key is only inactive, and who owns it.",
      aws("iam get-access-key-last-used", { "access-key-id": key }),
      aws("iam list-access-keys", { "user-name": "USER" }),
    ),
  ];
}
