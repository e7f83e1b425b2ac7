import { run } from "../../../token/command/command.ts";
import { sentence } from "../../../token/command/sentence.ts";
import { defineLegacyRule } from "../../check/legacy-rule.ts";
import { preAuthSeverity } from "../../derive/failure/pre-auth-severity.ts";
import { knownValue } from "../../evidence/evidence.ts";

/** Failures of a program that sees neither the host's programs nor its files. */
const SEES_NOTHING =
  /executable \S+ not found|no such file or directory|permission denied|Unable to locate credentials|config profile \([^()]*\) could not be found|NoCredentialProviders|no EC2 IMDS role found/;

export const clientConfined = defineLegacyRule({
  code: "client-confined",
  stage: "plugin",
  causes: ["L14"],
  expects: "the client may see the host's programs and ~/.aws",
  needs: ["client"],
  judge(facts) {
    const { client, symptom, execCommand, pluginRun } = facts;
    const snap = knownValue(facts.evidence.environment)?.["SNAP_NAME"];
    const isSnap = client.path?.startsWith("/snap/") === true || snap === client.name;
    if (!isSnap || symptom?.kind !== "plugin-failed" || !SEES_NOTHING.test(symptom.text)) return [];
    const severity = preAuthSeverity(facts);
    if (severity === undefined) return [];
    const worksHere = pluginRun?.exitCode === 0 || typeof execCommand?.resolved === "string";
    return [
      {
        cause: "L14",
        stage: "plugin",
        severity,
        confidence: worksHere ? "likely" : "possible",
        inferred: !worksHere,
        summary: `${client.name} is a snap: shut in, it does not see the plugin or ~/.aws, though your shell does.`,
        evidence: [
          client.path === undefined ? `SNAP_NAME is ${snap}.` : `The client is ${client.path}.`,
          ...(typeof execCommand?.resolved === "string"
            ? [`Outside of it, ${execCommand.command} is ${execCommand.resolved}.`]
            : []),
          ...(pluginRun?.exitCode === 0 ? ["Outside of it, the plugin gives a token."] : []),
        ],
        falsifiedBy: sentence`${run("snap", "list", {}, client.name)} notes "classic": then it is not shut in.`,
        fixes: [
          {
            audience: "you",
            description: "Use the classic snap, or the plain program.",
            actions: [
              run("sudo", "snap remove", {}, client.name),
              run("sudo", "snap install", { classic: true }, client.name),
            ],
          },
        ],
        explains: ["K1", "L1", "L3", "T3"],
      },
    ];
  },
});
