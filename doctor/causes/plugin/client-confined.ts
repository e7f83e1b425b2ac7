import { run } from "../../../token/command/command.ts";
import { sentence } from "../../../token/command/sentence.ts";
import { defineRule, doesNotApply, found } from "../../check/rule.ts";
import { type Sandbox, sandboxOf } from "../../derive/client/sandbox.ts";
import type { Facts } from "../../derive/facts.ts";
import { forYou } from "../../fixes/fix.ts";
import { OTHER_PRINCIPAL } from "../shared/not-applicable.ts";

/** Errors of a program without access to the host's programs and files. */
const NO_ACCESS =
  /executable \S+ not found|executable file not found|spawn \S{1,200} ENOENT|failed with exit code 127|no such file or directory|permission denied|Unable to locate credentials|config profile \([^()]*\) could not be found|NoCredentialProviders|no EC2 IMDS role found/;

/** Snaps of clients. Another one that a case names can be anyone's, and a classic snap may do everything. */
const SNAPS = "aws-cli code codium flux helm k9s kontena-lens kubectl terraform".split(" ");

export const clientConfined = defineRule({
  cause: {
    id: "L14",
    what: "The client is a sandboxed package (snap, Flatpak) that cannot access the machine's programs or ~/.aws.",
    seen: "not found, permission denied, or no credentials, although it works in a shell",
    remedy: "Use the classic snap, or a package that is not a snap.",
    sameAs: ["K1"],
  },
  expects: "the client can access the host's programs and ~/.aws",
  needs: ["symptom"],
  check({ symptom }, seen) {
    const isOfPlugin = symptom.kind === "plugin-failed" || symptom.kind === "other";
    if (!isOfPlugin || !NO_ACCESS.test(symptom.text))
      return doesNotApply("the plugin did not fail because of a missing program, file or credential");
    const sandbox = sandboxOf(seen);
    if (sandbox === undefined) return doesNotApply("the client is neither a snap nor a Flatpak");
    if (seen.preAuthSeverity === undefined) return OTHER_PRINCIPAL;
    const worksHere = typeof seen.execCommand?.resolved === "string" || seen.pluginRun?.exitCode === 0;
    const isLikely = worksHere || (seen.evidence.execCommand === undefined && !sandbox.mayBeClassic);
    return found({
      severity: seen.preAuthSeverity,
      confidence: isLikely ? "likely" : "possible",
      inferred: !isLikely,
      explains: ["K1", "L1", "L3", "T3"],
      describe: (facts) => describe(facts, sandbox),
    });
  },
});

function describe({ execCommand, pluginRun }: Facts, { kind, name, shownBy }: Sandbox) {
  return {
    summary: `${name} is a sandboxed ${kind}: it cannot access the plugin or ~/.aws, although your shell can.`,
    evidence: [
      shownBy,
      typeof execCommand?.resolved === "string" &&
        `Outside the ${kind}, ${execCommand.command} resolves to ${execCommand.resolved}.`,
      pluginRun?.exitCode === 0 && `Outside the ${kind}, the plugin returns a token.`,
    ],
    falsifiedBy:
      kind === "snap"
        ? sentence`${run("snap", "list", {}, name)} shows the note "classic", so it is not confined.`
        : `${name} fails in the same way when installed from a package that is not sandboxed.`,
    fixes: [
      kind === "snap"
        ? forYou(
            "Use the classic snap, or a package that is not a snap.",
            ...(SNAPS.includes(name)
              ? [run("sudo", "snap remove", {}, name), run("sudo", "snap install", { classic: true }, name)]
              : []),
          )
        : forYou(
            `Install ${name} from a package that is not sandboxed: its .deb, .rpm, AppImage or archive.`,
          ),
    ],
  };
}
