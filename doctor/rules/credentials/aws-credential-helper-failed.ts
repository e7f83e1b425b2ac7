import { type Run, run } from "../../../token/command/command.ts";
import { defineRule } from "../../check/rule.ts";
import { found, passed } from "../../check/verdict.ts";
import type { Facts } from "../../derive/facts.ts";
import type { CredentialErrors } from "../../derive/failure/error-sources.ts";
import { profileWith } from "../../derive/identity/aws-environment.ts";
import type { CredentialSource } from "../../derive/identity/credential-source.ts";
import { isFromVouch } from "../../fixes/credential-renewal.ts";
import { documentOf, type Fix, forYou } from "../../fixes/fix.ts";
import { kubectl } from "../../fixes/kubectl.ts";
import { errorConclusion } from "../shared/error-rule.ts";

/**
 * How botocore and Go's SDKs say that the program of `credential_process` failed; what it said itself follows.
 *
 * Source: botocore, credentials.py (ProcessProvider); aws-sdk-go-v2, credentials/processcreds.
 */
const HELPER_FAILED =
  /Error when retrieving credentials from (?:custom-process|process)|ProcessProviderExecutionError|error in credential_process/i;

/** Python's words for a program that is not there. */
const NO_SUCH_PROGRAM = /No such file or directory: '([^']+)'/;

export const awsCredentialHelperFailed = defineRule({
  causes: ["L13"],
  expects: "the helper that the profile runs for credentials works",
  needs: ["credentialErrors"],
  reads: ["credentials"],
  check({ credentialErrors }, seen) {
    const error = credentialErrors.match(HELPER_FAILED) ?? helperNotFound(credentialErrors, seen);
    return error === undefined ? passed : found(errorConclusion(error, describe));
  },
});

function helperNotFound(errors: CredentialErrors, seen: Facts) {
  const error = errors.match(NO_SUCH_PROGRAM);
  const [, program] = error?.quote.match ?? [];
  return program !== undefined && helperOf(seen.credentials)?.process.includes(program) ? error : undefined;
}

/** The command line that a profile runs for credentials. */
function helperOf(credentials: CredentialSource | undefined) {
  const profile = profileWith(credentials, "credential_process");
  const process = profile?.settings["credential_process"];
  return profile === undefined || process === undefined ? undefined : { profile, process };
}

function describe(facts: Facts) {
  const { credentials, credentialErrors: errors } = facts;
  const { profile, process } = helperOf(credentials) ?? {};
  const program = process === undefined ? "the credential helper" : programOf(process);
  const isAbsent = errors !== undefined && helperNotFound(errors, facts) !== undefined;
  return {
    summary: `${program}, which ${profile === undefined ? "the profile" : `profile ${profile.name}`} runs for credentials, ${
      isAbsent ? "does not exist" : "failed"
    }.`,
    evidence: [process && `credential_process = ${process}`],
    falsifiedBy: "The helper's command line, run by hand in the same environment, prints credentials.",
    fixes: isFromVouch(credentials)
      ? [logIn(profile?.vouch?.server)]
      : [runHelper(process), ...knownLogin(program, profile?.name)],
  };
}

function logIn(server: string | undefined): Fix {
  return forYou("Log in to Vouch with your security key.", kubectl("vouch login", { server }));
}

function runHelper(process: string | undefined): Fix {
  return forYou(
    "Run the helper by hand and do what it asks for; most need a login of their own.",
    ...(process === undefined ? [] : [documentOf(process)]),
  );
}

/** How to log in to the helpers that people use. */
function knownLogin(program: string, profile = "PROFILE"): Fix[] {
  const commands: Readonly<Record<string, Run>> = {
    "aws-vault": run("aws-vault", "login", {}, profile),
    granted: run("assume", "", {}, profile),
    saml2aws: run("saml2aws", "login", { profile }),
  };
  const command = Object.hasOwn(commands, program) ? commands[program] : undefined;
  return command === undefined ? [] : [forYou(`Log in to ${program}.`, command)];
}

/** Base name of the program of a command line. */
function programOf(line: string): string {
  const [, quoted, plain = ""] = /^\s*(?:"([^"]+)"|(\S+))/.exec(line) ?? [];
  return (quoted ?? plain).split(/[\\/]/).at(-1) ?? plain;
}
