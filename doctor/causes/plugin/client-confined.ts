import { run } from "../../../token/command/command.ts";
import { sentence } from "../../../token/command/sentence.ts";
import { defineRule } from "../../check/rule.ts";
import { doesNotApply, found } from "../../check/verdict.ts";
import type { Facts } from "../../derive/facts.ts";
import { type Client, knownValue } from "../../evidence/evidence.ts";
import { forYou } from "../../fixes/fix.ts";
import { OTHER_PRINCIPAL } from "../shared/not-applicable.ts";

/** Errors of a program that has no access to the host's programs and files. */
const SEES_NOTHING =
  /executable \S+ not found|no such file or directory|permission denied|Unable to locate credentials|config profile \([^()]*\) could not be found|NoCredentialProviders|no EC2 IMDS role found/;

export const clientConfined = defineRule({
  causes: [
    {
      id: "L14",
      what: "The client is a confined package that cannot see the machine's programs or ~/.aws.",
      seen: "not found, or no credentials, though the shell works",
      sameAs: ["K1"],
    },
  ],
  expects: "the client may see the host's programs and ~/.aws",
  needs: ["client", "symptom"],
  check({ client, symptom }, seen) {
    if (symptom.kind !== "plugin-failed" || !SEES_NOTHING.test(symptom.text))
      return doesNotApply("the plugin did not fail for lack of a program, a file or credentials");
    const isSnap =
      client.path?.startsWith("/snap/") === true ||
      knownValue(seen.evidence.environment)?.["SNAP_NAME"] === client.name;
    if (!isSnap) return doesNotApply("the client is not a snap");
    if (seen.preAuthSeverity === undefined) return OTHER_PRINCIPAL;
    const worksHere = typeof seen.execCommand?.resolved === "string" || seen.pluginRun?.exitCode === 0;
    return found({
      severity: seen.preAuthSeverity,
      confidence: worksHere ? "likely" : "possible",
      inferred: !worksHere,
      explains: ["K1", "L1", "L3", "T3"],
      describe: (facts) => describe(facts, client),
    });
  },
});

function describe({ execCommand, pluginRun }: Facts, { name, path }: Client) {
  return {
    summary: `${name} is a confined snap: it does not see the plugin or ~/.aws, although your shell does.`,
    evidence: [
      path === undefined ? `SNAP_NAME is ${name}.` : `The client is ${path}.`,
      typeof execCommand?.resolved === "string" &&
        `Outside the snap, ${execCommand.command} is ${execCommand.resolved}.`,
      pluginRun?.exitCode === 0 && "Outside the snap, the plugin gives a token.",
    ],
    falsifiedBy: sentence`${run("snap", "list", {}, name)} notes "classic": then it is not confined.`,
    fixes: [
      forYou(
        "Use the classic snap, or a package that is not a snap.",
        run("sudo", "snap remove", {}, name),
        run("sudo", "snap install", { classic: true }, name),
      ),
    ],
  };
}
