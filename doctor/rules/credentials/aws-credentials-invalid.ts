import { setVariable, unsetVariables } from "../../../token/command/command.ts";
import { sentence } from "../../../token/command/sentence.ts";
import { defineLegacyRule, type LegacyFinding } from "../../check/legacy-rule.ts";
import type { Facts } from "../../derive/facts.ts";
import { type CredentialError, refusalIn, UNKNOWN_KEY } from "../../derive/failure/error-sources.ts";
import { preAuthSeverity } from "../../derive/failure/pre-auth-severity.ts";
import { profileInForce } from "../../derive/identity/aws-environment.ts";
import { cloud9Variables } from "../../derive/identity/cloud9.ts";
import { isOptInRegion } from "../../derive/identity/opt-in-region.ts";
import { aws } from "../../fixes/aws.ts";
import { KEY_VARIABLES } from "../../fixes/credential-renewal.ts";
import type { Fix } from "../../fixes/fix.ts";

/** A secret that does not belong to the key; a wrong clock has the same code and says so. */
const WRONG_SECRET = /SignatureDoesNotMatch(?!.{0,300}Signature (?:expired|not yet current))/;

export const awsCredentialsInvalid = defineLegacyRule({
  code: "aws-credentials-invalid",
  stage: "credentials",
  causes: ["L6"],
  expects: "AWS knows the keys that the plugin signs with",
  needs: [],
  needsOneOf: ["errorSources", "token"],
  judge(facts) {
    if (cloud9Variables(facts).length > 0 || isOfAssumedRole(facts)) return [];
    const shown = tokenMissing(facts) ?? refused(facts);
    return shown === undefined ? [] : [{ cause: "L6", stage: "credentials", ...shown }];
  },
});

/** Nobody mistypes or switches off the keys of a role that a tool assumed: L12 tells of those. */
function isOfAssumedRole({ credentials, token }: Facts): boolean {
  return credentials?.kind === "assume-role" && token?.temporary === true;
}

type Shown = Omit<LegacyFinding, "cause" | "stage">;

/** Temporary keys (`ASIA…`) are nothing without their session token, which a token would carry. */
function tokenMissing(facts: Facts): Shown | undefined {
  const { token } = facts;
  const severity = preAuthSeverity(facts);
  if (severity === undefined || token?.temporary !== false || !token.accessKeyId?.startsWith("ASIA"))
    return undefined;
  return {
    severity,
    confidence: "certain",
    summary: `Key ${token.accessKeyId} is a temporary one, and its session token is missing.`,
    evidence: [`The token is signed with ${token.accessKeyId} and carries no X-Amz-Security-Token.`],
    falsifiedBy: "AWS_SESSION_TOKEN (or aws_session_token) is set where the key is set.",
    fixes: [
      {
        audience: "you",
        description: "Set the session token that was handed out with the key.",
        actions: [setVariable("AWS_SESSION_TOKEN", "SESSION_TOKEN")],
      },
      newKeys(facts),
    ],
  };
}

function refused(facts: Facts): Shown | undefined {
  const { token, credentials } = facts;
  const unknownKey = refusalIn(facts, UNKNOWN_KEY);
  const refusal = unknownKey ?? refusalIn(facts, WRONG_SECRET);
  if (refusal === undefined) return undefined;
  const { said, quote: _, ...sureness } = refusal;
  const key = token?.accessKeyId ?? "the access key";
  const profile = profileInForce(credentials);
  return {
    ...sureness,
    ...(unknownKey === undefined ? {} : doubted(facts, unknownKey)),
    summary:
      unknownKey === undefined
        ? `The secret that ${key} is used with is not the key's own.`
        : `AWS does not know ${key}: it was deleted, switched off, or mistyped.`,
    evidence: [said, ...(credentials === undefined ? [] : [`Where the keys come from: ${credentials.why}.`])],
    falsifiedBy: sentence`${aws("sts get-caller-identity", { profile })} gives an identity.`,
    fixes: [newKeys(facts), ...lookAtKeys(unknownKey, key)],
  };
}

/**
 * Less sure where the same words can mean something else: keys that something rewrites, so long as it is not known whose
 * keys they are and where they are used; keys of the wrong kind for an opt-in region, which a rule of its own tells.
 */
function doubted(
  { token, credentials }: Facts,
  { confidence }: CredentialError,
): Pick<LegacyFinding, "confidence" | "inferred"> {
  const isForRegion = token?.temporary === true && isOptInRegion(token.region ?? "");
  const isKnown = token !== undefined && credentials?.isSure === true;
  if (isKnown && !isForRegion) return { confidence };
  return { confidence: confidence === "certain" ? "likely" : "possible", inferred: isForRegion };
}

function newKeys({ credentials }: Facts): Fix {
  const profile = profileInForce(credentials) ?? "default";
  if (credentials?.kind === "environment") {
    return {
      audience: "you",
      description: "Take the keys out of the shell and use a profile, or set new ones.",
      actions: [unsetVariables(...KEY_VARIABLES)],
    };
  }
  return {
    audience: "you",
    description: "Put new keys into the profile.",
    actions: [aws("configure", { profile })],
  };
}

function lookAtKeys(unknownKey: CredentialError | undefined, key: string): Fix[] {
  if (unknownKey === undefined || !/^AKIA/.test(key)) return [];
  return [
    {
      audience: "iam-admin",
      description: "See whether the key is inactive, and whose it is.",
      actions: [
        aws("iam get-access-key-last-used", { "access-key-id": key }),
        aws("iam list-access-keys", { "user-name": "USER" }),
      ],
    },
  ];
}
