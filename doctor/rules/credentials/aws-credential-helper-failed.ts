import type { Run } from "../../../token/command/command.ts";
import { run } from "../../../token/command/command.ts";
import { defineLegacyRule } from "../../check/legacy-rule.ts";
import { refusalIn } from "../../derive/failure/error-sources.ts";
import { isFromVouch } from "../../fixes/credential-renewal.ts";
import type { Fix } from "../../fixes/fix.ts";
import { documentOf } from "../../fixes/fix.ts";
import { kubectl } from "../../fixes/kubectl.ts";

/**
 * How botocore and Go's SDKs say that the program of `credential_process` failed; what it said itself follows.
 *
 * Source: botocore, credentials.py (ProcessProvider); aws-sdk-go-v2, credentials/processcreds.
 */
const HELPER_FAILED =
  /Error when retrieving credentials from (?:custom-process|process)|ProcessProviderExecutionError|error in credential_process/i;

/** Python's words for a program that is not there. */
const NO_SUCH_PROGRAM = /No such file or directory: '([^']+)'/;

export const awsCredentialHelperFailed = defineLegacyRule({
  code: "aws-credential-helper-failed",
  stage: "credentials",
  causes: ["L13"],
  expects: "the helper that the profile runs for credentials works",
  needs: ["errorSources"],
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
        falsifiedBy: "The helper's command line, run by hand in the same environment, prints credentials.",
        fixes: isFromVouch(credentials)
          ? [logIn(link?.vouch?.server)]
          : [
              {
                audience: "you",
                description:
                  "Run the helper by hand and do what it asks for; most want a login of their own.",
                ...(process === undefined ? {} : { actions: [documentOf(process)] }),
              },
              ...knownLogin(program, link?.name),
            ],
      },
    ];
  },
});

function logIn(server: string | undefined): Fix {
  return {
    audience: "you",
    description: "Log in to Vouch with your security key.",
    actions: [kubectl("vouch login", { server })],
  };
}

/** How the helpers that people use are logged in. */
function knownLogin(program: string, profile: string | undefined): Fix[] {
  const name = profile ?? "PROFILE";
  const commands: Readonly<Record<string, Run>> = {
    "aws-vault": run("aws-vault", "login", {}, name),
    granted: run("assume", "", {}, name),
    saml2aws: run("saml2aws", "login", { profile: name }),
  };
  const command = Object.hasOwn(commands, program) ? commands[program] : undefined;
  return command === undefined
    ? []
    : [{ audience: "you", description: `Log ${program} in.`, actions: [command] }];
}

/** Base name of the program of a command line. */
function programOf(line: string): string {
  const [, quoted, plain = ""] = /^\s*(?:"([^"]+)"|(\S+))/.exec(line) ?? [];
  return (quoted ?? plain).split(/[\\/]/).at(-1) ?? plain;
}
