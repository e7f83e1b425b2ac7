import { isFromVouch, serverFlag } from "../facts/credential-renewal.ts";
import { refusalIn } from "../facts/refusal-words.ts";
import { defineRule, type Mend } from "../rule.ts";

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
  code: "aws-credential-helper-failed",
  causes: ["L13"],
  expects: "the helper that the profile runs for credentials works",
  needs: ["refusals"],
  judge(facts) {
    const { credentials } = facts;
    const link = credentials?.chain.find(({ settings }) => settings["credential_process"] !== undefined);
    const process = link?.settings["credential_process"];
    const absent = refusalIn(facts, NO_SUCH_PROGRAM);
    const isAbsent = absent !== undefined && process?.includes(absent.quote.match[1] ?? "") === true;
    const refusal = refusalIn(facts, HELPER_FAILED) ?? (isAbsent ? absent : undefined);
    if (refusal === undefined) return [];
    const { quote: _, said, ...sureness } = refusal;
    const program = process === undefined ? "the credential helper" : programOf(process);
    return [
      {
        cause: "L13",
        stage: "credentials",
        ...sureness,
        summary: `${program}, which ${link === undefined ? "the profile" : `profile ${link.name}`} runs for credentials, ${
          isAbsent ? "is not there" : "failed"
        }.`,
        evidence: [said, ...(process === undefined ? [] : [`credential_process = ${process}`])],
        disproof: "The helper's command line, run by hand in the same environment, prints credentials.",
        mends: isFromVouch(credentials)
          ? [logIn(link?.vouch?.server)]
          : [
              {
                by: "you",
                does: "Run the helper by hand and do what it asks for; most want a login of their own.",
                ...(process === undefined ? {} : { text: process }),
              },
              ...knownLogin(program, link?.name),
            ],
      },
    ];
  },
});

function logIn(server: string | undefined): Mend {
  return {
    by: "you",
    does: "Log in to Vouch with your security key.",
    commands: [["kubectl", "vouch", "login", ...serverFlag(server)]],
  };
}

/** How the helpers that people use are logged in. */
function knownLogin(program: string, profile: string | undefined): Mend[] {
  const name = profile ?? "PROFILE";
  const commands: Readonly<Record<string, readonly string[]>> = {
    "aws-vault": ["aws-vault", "login", name],
    granted: ["assume", name],
    saml2aws: ["saml2aws", "login", "--profile", name],
  };
  const command = Object.hasOwn(commands, program) ? commands[program] : undefined;
  return command === undefined ? [] : [{ by: "you", does: `Log ${program} in.`, commands: [command] }];
}

/** Base name of the program of a command line. */
function programOf(line: string): string {
  const [, quoted, plain = ""] = /^\s*(?:"([^"]+)"|(\S+))/.exec(line) ?? [];
  return (quoted ?? plain).split(/[\\/]/).at(-1) ?? plain;
}
