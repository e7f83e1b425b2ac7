import { aws, kubectl } from "../../../token/command/command.ts";
import { type Description, defineRule, found, passed } from "../../check/rule.ts";
import type { Facts } from "../../derive/facts.ts";
import type { CredentialError, CredentialErrors } from "../../derive/failure/error-sources.ts";
import type { Severity } from "../../derive/failure/symptom.ts";
import { isOwnSourceBlock, profileInForce, profileWith } from "../../derive/identity/credential-source.ts";
import { failureOf } from "../../evidence/evidence.ts";
import { type Fix, forYou, oneOf } from "../../fixes/fix.ts";
import { browserSignIn, useOurs } from "../../fixes/profile-choice.ts";
import { errorConclusion } from "../shared/error-rule.ts";

/**
 * Errors of a plugin that prompts for a code without a terminal, or got a wrong code.
 *
 * Source: botocore, credentials.py and exceptions.py (RefreshWithMFAUnsupportedError); aws-sdk-go, stscreds; STS;
 * token/aws/sources/open/open-role.ts.
 */
const ASKS_FOR_CODE =
  /Enter MFA code|MFA token required|MultiFactorAuthentication failed|AssumeRoleTokenProviderNotSetError|AssumeRoleTokenProvider session option not set|Assume Role MFA token code|\[mfa-code-(?:needed|wrong)\]|demands a code of the MFA device/;

/** Python's message when it reads a code without a terminal; alone it proves nothing. */
const NO_INPUT = /EOF when reading a line|EOFError/;

const TIMED_OUT = /no answer within|timed? ?out/i;

export const awsMfaUnanswered = defineRule({
  cause: {
    id: "L9",
    what: "The profile requires an MFA code, but the plugin cannot prompt for it.",
    seen: "a hang, EOF, or a denial that mentions MultiFactorAuthentication",
    remedy:
      "Create a session with the MFA code (kubectl vouch login --profile NAME), or use IAM Identity Center.",
    page: "https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-role.html#cli-configure-role-mfa",
  },
  expects: "the profile does not require an MFA code, which an exec plugin cannot prompt for",
  needs: ["preAuthSeverity", "credentialErrors"],
  check({ preAuthSeverity: severity, credentialErrors }, seen) {
    const error = credentialErrors.match(ASKS_FOR_CODE) ?? waiting(seen, credentialErrors, severity);
    return error === undefined ? passed : found(errorConclusion(error, describe));
  },
});

/** With an MFA profile, a plugin that could read no input or did not end was most likely waiting for the code. */
function waiting(
  seen: Facts,
  errors: CredentialErrors,
  severity: Severity,
): Omit<CredentialError, "quote"> | undefined {
  const error = errors.match(NO_INPUT) ?? timeout(severity, failureOf(seen.evidence.pluginRun));
  const isMfa = error !== undefined && profileWith(seen.credentials, "mfa_serial") !== undefined;
  return isMfa ? error : undefined;
}

function timeout(severity: Severity, failure: string | undefined) {
  if (failure === undefined || !TIMED_OUT.test(failure)) return undefined;
  const said = `The plugin was run but did not exit: ${failure}.`;
  return { severity, confidence: "likely" as const, inferred: true, said };
}

function describe(facts: Facts): Description {
  const { credentials, exec, evidence } = facts;
  const { name, settings } = profileWith(credentials, "mfa_serial") ?? {};
  const serial = settings?.["mfa_serial"];
  const profile = name ?? profileInForce(credentials) ?? "PROFILE";
  return {
    summary: `Profile ${profile} requires an MFA code, but ${exec?.program ?? "the plugin"} cannot prompt for it.`,
    evidence: [
      serial && `Profile ${profile} has mfa_serial = ${serial}.`,
      exec?.interactiveMode && `interactiveMode is ${exec.interactiveMode}.`,
    ],
    falsifiedBy: "The same command, run in a terminal, prints a token without prompting for a code.",
    fixes: oneOf(
      ...ourLogin(facts, profile),
      forYou(
        "First get a session with the code, and save it in the profile that the exec block uses.",
        aws("sts get-session-token", {
          profile: settings?.["source_profile"] ?? "PROFILE",
          "serial-number": serial ?? "MFA_SERIAL",
          "token-code": "CODE",
        }),
      ),
      forYou(
        "Or use IAM Identity Center, which prompts in the browser.",
        ...browserSignIn(evidence, "configure sso", profile),
      ),
    ),
  };
}

/** Our own login prompts for the code on a terminal and caches the role's credentials. */
function ourLogin(facts: Facts, inForce: string): Fix[] {
  const profile = facts.exec?.profile ?? inForce;
  const login = kubectl("vouch login", { profile });
  if (isOwnSourceBlock(facts.exec))
    return [forYou("Enter the code in a terminal; the role's credentials are then cached.", login)];
  const description =
    "Use kubectl-vouch in this context: it prompts for the code in a terminal and caches the role's credentials.";
  return useOurs(facts, profile, description, login);
}
