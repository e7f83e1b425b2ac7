import { kubectl, type Run, run } from "../../../token/command/command.ts";
import { ownValue } from "../../../token/record.ts";
import { type Description, defineRule, found, passed } from "../../check/rule.ts";
import type { Facts } from "../../derive/facts.ts";
import type { CredentialErrors } from "../../derive/failure/error-sources.ts";
import type { CredentialSource } from "../../derive/identity/aws-source.ts";
import { isOwnSourceBlock, profileWith } from "../../derive/identity/credential-source.ts";
import { NOBODY } from "../../derive/kubeconfig/own-context.ts";
import { isFromVouch } from "../../fixes/credential-renewal.ts";
import { type Fix, forYou, oneOf } from "../../fixes/fix.ts";
import { setUpAgain } from "../../fixes/kubeconfig-commands.ts";
import { editSetting } from "../../fixes/profile-choice.ts";
import { commandsOf } from "../../fixes/render-fix.ts";
import { errorConclusion } from "../shared/error-rule.ts";

/**
 * Messages of botocore, Go's SDKs and ours if the program of `credential_process` failed; the program's own message follows.
 *
 * Source: botocore, credentials.py (ProcessProvider); aws-sdk-go-v2, credentials/processcreds;
 * token/aws/sources/open/open-process.ts, process-approval.ts.
 */
const HELPER_FAILED =
  /Error when retrieving credentials from (?:custom-process|process)|ProcessProviderExecutionError|error in credential_process|process provider error|credential_process begins with|\[credential-process-(?:failed|unapproved|refused)\]/i;

/** Python's message for a program that does not exist. */
const NO_SUCH_PROGRAM = /No such file or directory: '([^']+)'/;

/** Python's messages for an answer that is no JSON, or for credentials that have already expired; alone they prove nothing. */
const NO_CREDENTIALS =
  /Expecting value: line \d+|Unknown string format: |the refreshed credentials are still expired/;

/** Our messages for a program that was not approved, or that others can change, and why. */
const UNAPPROVED =
  /credential_process would run [^\n]{1,300}?, (?:and|but) ((?:nobody|it is|it has) [^.[\n]{1,100})/;
const REFUSED = /credential_process is not run: ([^\n]{1,600})/;

/** Why others could replace the program. Source: token/files/tampering-risk.ts. */
const WRITTEN_BY_OTHERS =
  / belongs to user \d| (?:can be written|is writable) by others|^others can (?:put another file into|replace files in) /;

const FROM_HOME = /credential_process begins with ~/;

export const awsCredentialHelperFailed = defineRule({
  cause: {
    id: "L13",
    what: "The profile's credential helper fails or is missing.",
    seen: "the helper's own error",
    remedy:
      "Log in with the program of credential_process (aws-vault, …), or run it yourself to see why it fails.",
    page: "https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-sourcing-external.html",
  },
  expects: "the profile's credential helper works",
  needs: ["credentialErrors"],
  check({ credentialErrors }, seen) {
    const error = credentialErrors.match(HELPER_FAILED) ?? helperError(credentialErrors, seen);
    return error === undefined ? passed : found(errorConclusion(error, describe));
  },
});

/** Messages that may have other causes count only if the profile has a helper. */
function helperError(errors: CredentialErrors, seen: Facts) {
  const error = errors.match(NO_SUCH_PROGRAM);
  const [, program] = error?.quote.match ?? [];
  const process = helperOf(seen.credentials)?.process;
  if (program !== undefined) return process?.includes(program) ? error : undefined;
  const answer = errors.match(NO_CREDENTIALS);
  return answer !== undefined && process !== undefined ? answer : undefined;
}

/** The command line that a profile runs for credentials. */
function helperOf(credentials: CredentialSource | undefined) {
  const profile = profileWith(credentials, "credential_process");
  const process = profile?.settings["credential_process"];
  return profile === undefined || process === undefined ? undefined : { profile, process };
}

function describe(facts: Facts): Description {
  const { profile, process } = helperOf(facts.credentials) ?? {};
  const program = process === undefined ? "the credential helper" : programOf(process);
  const subject =
    profile === undefined
      ? "The profile's credential helper"
      : `${program}, the credential helper of profile ${profile.name},`;
  const { state, fixes } = stateOf(facts, program);
  return {
    summary: `${subject} ${state}.`,
    evidence: [process && `credential_process = ${process}`],
    falsifiedBy: "The helper's command line prints credentials when you run it in the same environment.",
    fixes,
  };
}

/** What is wrong with the program, and how to fix it. */
function stateOf(facts: Facts, program: string): { readonly state: string; readonly fixes: readonly Fix[] } {
  const { credentials, credentialErrors: errors } = facts;
  const { profile, process } = helperOf(credentials) ?? {};
  const inFile = (description: string) =>
    forYou(description, ...editSetting(facts, profile, "credential_process"));
  const said = (words: RegExp) => errors?.match(words)?.quote.match;
  const [, unapproved] = said(UNAPPROVED) ?? [];
  if (unapproved !== undefined)
    return { state: `was not run: ${unapproved}`, fixes: [approveHelper(facts, profile?.name)] };
  const [refused] = said(REFUSED)?.[1]?.split(" [credential-process-refused]") ?? [];
  if (refused !== undefined)
    return {
      state: `was not run: ${refused.replace(/\.$/, "")}`,
      fixes: [WRITTEN_BY_OTHERS.test(refused) ? forYou(RESTRICT_WRITES) : inFile(CORRECT_IT)],
    };
  const [, absent] = said(NO_SUCH_PROGRAM) ?? [];
  if (said(FROM_HOME) !== undefined || absent?.startsWith("~") === true)
    return { state: "does not exist", fixes: [inFile(FROM_ROOT)] };
  if (absent !== undefined && process?.includes(absent) === true)
    return { state: "does not exist", fixes: [inFile(CORRECT_IT)] };
  return {
    state: "failed",
    fixes: isFromVouch(credentials)
      ? [logIn(profile?.vouch?.server)]
      : oneOf(...knownLogin(program, profile?.name), inFile(CHECK_IT)),
  };
}

const RESTRICT_WRITES =
  "Make the program, its directory, and the file that configures it writable only by you and root.";
const CORRECT_IT = "Install the program, or correct the line that configures it.";
const FROM_ROOT = "Use the program's absolute path: ~ is not expanded there.";
/** The command is not printed for pasting, since another user may have written the file. */
const CHECK_IT =
  "Check which program the file configures. If you recognize it, run it and follow its instructions: most helpers need a separate login.";

/** Setup shows which program would be run; with the same identity, it recreates the same context. */
function approveHelper(facts: Facts, profile = "PROFILE"): Fix {
  const { exec } = facts;
  const identity = exec !== undefined && isOwnSourceBlock(exec) ? exec : { ...NOBODY, profile };
  return forYou(
    "Check the program and, if you recognize it, approve it.",
    ...commandsOf(setUpAgain(facts, identity)),
  );
}

function logIn(server: string | undefined): Fix {
  return forYou("Log in to Vouch with your security key.", kubectl("vouch login", { server }));
}

/** How to log in to well-known helpers. */
function knownLogin(program: string, profile = "PROFILE"): Fix[] {
  const commands: Readonly<Record<string, Run>> = {
    "aws-vault": run("aws-vault", "login", {}, profile),
    granted: run("assume", "", {}, profile),
    saml2aws: run("saml2aws", "login", { profile }),
  };
  const command = ownValue(commands, program);
  return command === undefined ? [] : [forYou(`Log in to ${program}.`, command)];
}

/** Base name of the program in a command line. */
function programOf(line: string): string {
  const [, quoted, plain = ""] = /^\s*(?:"([^"]+)"|(\S+))/.exec(line) ?? [];
  return (quoted ?? plain).split(/[\\/]/).at(-1) ?? plain;
}
