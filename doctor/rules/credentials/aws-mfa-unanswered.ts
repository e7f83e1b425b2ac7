import { defineLegacyRule } from "../../check/legacy-rule.ts";
import type { Facts } from "../../derive/facts.ts";
import { type CredentialError, refusalIn } from "../../derive/failure/error-sources.ts";
import { preAuthSeverity } from "../../derive/failure/pre-auth-severity.ts";
import { profileInForce } from "../../derive/identity/aws-environment.ts";
import { failureOf } from "../../evidence/evidence.ts";
import { aws } from "../../fixes/aws.ts";

/**
 * Words by which a plugin wants a code that nobody can type, or had a wrong one.
 *
 * Source: botocore, credentials.py and exceptions.py (RefreshWithMFAUnsupportedError); aws-sdk-go, stscreds; STS.
 */
const WANTS_CODE =
  /Enter MFA code|MFA token required|MultiFactorAuthentication failed|AssumeRoleTokenProviderNotSetError|AssumeRoleTokenProvider session option not set/;

/** What Python says when it reads a code and there is no terminal; alone it proves nothing. */
const NO_INPUT = /EOF when reading a line|EOFError/;

export const awsMfaUnanswered = defineLegacyRule({
  code: "aws-mfa-unanswered",
  stage: "credentials",
  causes: ["L9"],
  expects: "the profile wants no MFA code, which an exec plugin cannot ask for",
  needs: ["errorSources"],
  judge(facts) {
    const { credentials, exec } = facts;
    const serial = credentials?.chain.find(({ settings }) => settings["mfa_serial"] !== undefined);
    const refusal = refusalIn(facts, WANTS_CODE) ?? (serial === undefined ? undefined : silence(facts));
    if (refusal === undefined) return [];
    const { said, ...sureness } = refusal;
    const mfa = serial?.settings["mfa_serial"];
    const profile = serial?.name ?? profileInForce(credentials) ?? "PROFILE";
    const source = serial?.settings["source_profile"] ?? "PROFILE";
    return [
      {
        cause: "L9",
        stage: "credentials",
        severity: sureness.severity,
        confidence: sureness.confidence,
        ...(sureness.inferred === undefined ? {} : { inferred: sureness.inferred }),
        summary: `Profile ${profile} wants an MFA code, and ${exec?.program ?? "the plugin"} has nobody to ask for it.`,
        evidence: [
          said,
          ...(mfa === undefined ? [] : [`Profile ${profile} has mfa_serial = ${mfa}.`]),
          ...(exec?.interactiveMode === undefined ? [] : [`interactiveMode is ${exec.interactiveMode}.`]),
        ],
        falsifiedBy: "The same command, run in a terminal, gives a token without asking for a code.",
        fixes: [
          {
            audience: "you",
            description: "Get a session with the code first, and put it into a profile that the entry names.",
            actions: [
              aws("sts get-session-token", {
                profile: source,
                "serial-number": mfa ?? "MFA_SERIAL",
                "token-code": "CODE",
              }),
            ],
          },
          {
            audience: "you",
            description: "Or use IAM Identity Center, which asks in the browser.",
            actions: [aws("configure sso", { profile })],
          },
        ],
      },
    ];
  },
});

/** With an MFA profile, a plugin that read nothing or hung was most likely waiting for the code. */
function silence(facts: Facts): Omit<CredentialError, "quote"> | undefined {
  const refusal = refusalIn(facts, NO_INPUT);
  if (refusal !== undefined) return refusal;
  const severity = preAuthSeverity(facts);
  const failure = failureOf(facts.evidence.pluginRun);
  if (severity === undefined || failure === undefined || !/no answer within|timed? ?out/i.test(failure))
    return undefined;
  return {
    severity,
    confidence: "likely",
    inferred: true,
    said: `The run of the plugin did not end: ${failure}.`,
  };
}
