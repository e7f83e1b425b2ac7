import { aws, edit } from "../../../token/command/command.ts";
import { sentence } from "../../../token/command/sentence.ts";
import { listFiles } from "../../../token/command/tasks.ts";
import { type Description, defineRule, doesNotApply, found } from "../../check/rule.ts";
import type { Facts } from "../../derive/facts.ts";
import { awsProfiles } from "../../derive/identity/aws-profile-chain.ts";
import type { CredentialSource } from "../../derive/identity/aws-source.ts";
import { knownValue } from "../../evidence/evidence.ts";
import { type Fix, forYou } from "../../fixes/fix.ts";
import { namesSession, SSO_SESSION_UNREAD } from "../shared/aws-session-rule.ts";
import { errorConclusion, foundInFiles } from "../shared/error-rule.ts";

/** Source: requests, adapters.py, `cert_verify`. */
const NO_BUNDLE = /Could not find a suitable TLS CA certificate bundle, invalid path: (\S{1,300})/;

/**
 * Messages of botocore, Go's SDK and ours if the settings of a profile, or a file with them, are no valid source of credentials.
 *
 * Source: botocore, exceptions.py (ConfigParseError, InvalidConfigError, InfiniteLoopConfigError, PartialCredentialsError) and
 * credentials.py; aws-sdk-go-v2, config/shared_config.go; token/aws/sources/plan-errors.ts.
 */
const INVALID = new RegExp(
  [
    "Unable to parse config file",
    'The source_profile "[^"]*" referenced in the profile "[^"]*" does not exist',
    "Infinite loop in credential configuration detected",
    'The source profile "[^"]*" must have credentials',
    "Partial credentials found in assume-role",
    'The profile "[^"]*" contains both source_profile and credential_source',
    'The credential source "[^"]*" referenced in profile "[^"]*" is not valid',
    "No credentials found in credential_source referenced in profile",
    "The specified sso-session does not exist",
    "The value for \\w+ is inconsistent between profile",
    "is configured to use SSO but is missing required configuration",
    "is configured to assume role with web identity but has no role ARN",
    "is configured to use the SSO token provider but",
    "Missing the following required SSO configuration values",
    "but no source provider was configured",
    "Could not find a suitable TLS CA certificate bundle",
    "failed to find SSO session section",
    "must match sso_\\w+ in sso-session",
    "failed to load assume role \\S+ of profile",
    "only one credential type may be specified per profile",
    "partial credentials found for profile",
    "requires role_arn, profile",
    "credential_source values must be",
    "source_profile (?:names profile|is set to) ",
    "which source_profile of profile ",
    "; from source_profile in profile ",
    "\\[(?:profile-invalid|aws-config-invalid|aws-variables-invalid)\\]",
  ].join("|"),
);

/** STS's message for an invalid ARN or name, such as one followed by a comment. */
const REFUSED_VALUE = /ValidationError.{0,200}'(?:roleArn|roleSessionName|externalId)' failed to satisfy/s;

/** A missing program belongs to a helper. */
const OF_HELPER = /credential_process begins with/;

export const awsProfileInvalid = defineRule({
  cause: {
    id: "L17",
    what: "A setting in the AWS profile or a line in its file is invalid, so it does not specify a credential source.",
    seen: "The source_profile … does not exist, or: Unable to parse config file",
    remedy: "Correct the AWS file at the reported line.",
    page: "https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-files.html",
  },
  expects: "the profile's settings specify a credential source, in files that the plugin can read",
  needs: ["preAuthSeverity"],
  check({ preAuthSeverity: severity }, seen) {
    const { credentials, credentialErrors } = seen;
    const error =
      credentialErrors?.match(INVALID) ??
      (notesIn(seen).length > 0 ? credentialErrors?.match(REFUSED_VALUE) : undefined);
    if (error !== undefined) {
      if (OF_HELPER.test(error.quote.line)) return doesNotApply("the credential helper is missing");
      const bundle = NO_BUNDLE.exec(error.quote.line)?.[1];
      const conclusion = errorConclusion(error, (facts) =>
        bundle === undefined
          ? describe(facts, unparsedFile(facts, error.quote.line))
          : describeBundle(bundle),
      );
      // A program that is too old has the same error for a complete profile (L21).
      const mayBeOld = SSO_SESSION_UNREAD.test(error.quote.line) && namesSession(seen) !== false;
      return found(mayBeOld ? { ...conclusion, confidence: "possible", inferred: true } : conclusion);
    }
    return foundInFiles(seen, {
      severity,
      // In a hand-made bundle, settings may have been left out.
      isShown: () => credentials?.isSure === true && faultIn(credentials) !== undefined,
      describe,
    });
  },
});

/** The fault in the files. Incomplete variables do not count, since the evidence leaves out secrets. */
function faultIn(credentials: CredentialSource | undefined) {
  const { fault, chain = [] } = credentials ?? {};
  const isOfFiles = fault?.code === "profile-invalid" || fault?.code === "aws-config-invalid";
  const isOfSource =
    fault?.code.startsWith("profile-") === true && chain[0]?.settings["source_profile"] !== undefined;
  return isOfFiles || isOfSource ? fault : undefined;
}

/** The file that the AWS CLI cannot read, from its message; the evidence is needed for a path with blanks. */
function unparsedFile({ evidence: { awsConfig, awsCredentials } }: Facts, line: string): string | undefined {
  const [, file] = /Unable to parse config file: (\S+)/.exec(line) ?? [];
  const known = [awsConfig, awsCredentials].flatMap((part) => knownValue(part)?.path ?? []);
  return file === undefined ? undefined : (known.find((path) => line.includes(path)) ?? file);
}

function describe(facts: Facts, unparsed?: string): Description {
  const { credentials, exec } = facts;
  const fault = faultIn(credentials);
  const profile = credentials?.profile;
  const program = exec?.program ?? "the plugin";
  return {
    summary:
      fault?.message ??
      (unparsed &&
        `${program} cannot parse ${unparsed}: a line is neither [section] nor key = value, or appears twice.`) ??
      `${profile === undefined ? "The AWS profile" : `AWS profile ${profile.name}`} does not specify a credential source that ${program} can use.`,
    evidence: [
      profile?.variable && `${profile.variable} is set to ${profile.name}.`,
      ...notesIn(facts).map(
        ([name, setting]) =>
          `${program} reads the comment after a value as part of the value: ${name} = ${setting}`,
      ),
    ],
    falsifiedBy: sentence`${aws("sts get-caller-identity", { profile: profile?.name })} returns an identity.`,
    fixes: fixes(fault?.message, { unparsed, profile: profile?.name }),
  };
}

function describeBundle(path: string): Description {
  return {
    summary: `CA bundle ${path} does not exist, so the failed program cannot verify any server.`,
    evidence: [],
    falsifiedBy: sentence`${listFiles(path)}, run where the program runs, shows the file.`,
    fixes: [
      forYou(
        "Correct the path or remove it: it is set in AWS_CA_BUNDLE, REQUESTS_CA_BUNDLE, or as ca_bundle in ~/.aws/config.",
      ),
    ],
  };
}

/** The place in our own message. */
const PLACE =
  /(?:^|\(|(?:does not|cannot) read |Cannot use )(?<file>(?:\/|~|[A-Z]:\\)[^\n]{0,300}?)(?:,| cannot be used:|:) line (?<line>\d+)/;

interface Place {
  readonly unparsed: string | undefined;
  readonly profile: string | undefined;
}

function fixes(fault: string | undefined, { unparsed, profile }: Place): Fix[] {
  const { file = unparsed, line } = PLACE.exec(fault ?? "")?.groups ?? {};
  return file === undefined
    ? [forYou("Check the profile's settings and correct them.", aws("configure list", { profile }))]
    : [forYou("Correct it in the file.", edit(file, line === undefined ? undefined : Number(line)))];
}

/** Settings along the chain that determine whose credentials are used. */
const DECISIVE =
  /^(?:role_|source_profile|credential_source|external_id|mfa_serial|sso_|login_session|web_identity)/;

/** Values followed by a comment, which only the AWS CLI reads as part of the value. */
function notesIn({ exec, credentials, evidence }: Facts): [name: string, value: string][] {
  if (exec?.tool !== "aws") return [];
  const { byName } = awsProfiles(evidence, "aws-cli");
  return (credentials?.chain ?? []).flatMap(({ name }) =>
    Object.entries(byName.get(name)?.settings ?? {}).filter(
      ([key, value]) => DECISIVE.test(key) && /\s[#;]/.test(value),
    ),
  );
}
