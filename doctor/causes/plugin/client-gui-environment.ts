import { findAll } from "../../../token/command/tasks.ts";
import { type Conclusion, defineRule, doesNotApply, found, passed } from "../../check/rule.ts";
import { isGraphical } from "../../derive/client/client-kind.ts";
import { describeWorkingWay, type WorkingWay } from "../../derive/client/working-ways.ts";
import type { Facts } from "../../derive/facts.ts";
import { matchInError } from "../../derive/failure/error-sources.ts";
import type { ExecBlock } from "../../derive/kubeconfig/exec-block.ts";
import { pluginVariable } from "../../derive/kubeconfig/plugin-environment.ts";
import { forYou } from "../../fixes/fix.ts";
import { setExecEnv, useProgram } from "../../fixes/kubeconfig-commands.ts";
import { quoteCall } from "../shared/error-rule.ts";
import { failsWithout } from "../shared/refuted.ts";

const NOT_FOUND = /executable \S+ not found|ENOENT|no such file or directory|command not found/;
const NO_CREDENTIALS =
  /Unable to locate credentials|NoCredentialProviders|failed to refresh cached credentials|no EC2 IMDS role/;

/** A program started from the desktop has neither the shell's PATH nor its AWS variables. */
export const clientGuiEnvironment = defineRule({
  cause: {
    id: "T3",
    what: "A program started from the desktop does not have the shell's PATH and variables.",
    seen: "not found in the app, but found in the shell",
    remedy: "Set the plugin's full path: this client does not use your shell's PATH.",
    sameAs: ["K1"],
  },
  expects:
    "a program started from the desktop finds the plugin and the AWS profile without the shell's variables",
  needs: ["client", "exec"],
  check({ client, exec }, seen) {
    if (!isGraphical(client)) return doesNotApply("the client is not started from the desktop");
    if (client.path?.startsWith("/snap/") === true) return doesNotApply("the client is a snap");
    if (!seen.failsBeforeRequest && !seen.canCause401)
      return doesNotApply("the call reached the API server and did not return 401");
    const conclusion = missingPath(seen, client.name, exec) ?? missingProfile(seen, client.name, exec);
    return conclusion === undefined ? passed : found(conclusion);
  },
  refuted: (seen) =>
    failsWithout(
      seen,
      (other) => other.client?.name === seen.client?.name && other.client?.graphical === false,
    ),
});

/** A way that works from a shell. */
function shellWayOf({ workingWays }: Facts): WorkingWay | undefined {
  return workingWays.find(({ observation: { client } }) => client === undefined || !isGraphical(client));
}

function missingPath(seen: Facts, client: string, exec: ExecBlock): Conclusion | undefined {
  if (!seen.failsBeforeRequest || /[\\/]/.test(exec.command)) return undefined;
  const words = matchInError(seen.pastedError, NOT_FOUND);
  if (words === undefined && seen.symptom?.kind === "plugin-failed") return undefined;
  const { resolved, resolvedForGui } = seen.execCommand ?? {};
  const isHidden = resolvedForGui === null;
  const way = shellWayOf(seen);
  const isShellFine = typeof resolved === "string" || way !== undefined;
  if (!isShellFine || (words === undefined && !isHidden)) return undefined;
  return {
    // The way that works may be on another machine, which has the plugin.
    confidence: words !== undefined && isHidden ? "certain" : "likely",
    explains: ["K1"],
    describe: (facts) => ({
      summary: `${client} was started from the desktop, without the shell's PATH, which contains ${exec.command}.`,
      evidence: [
        quoteCall(words),
        typeof resolved === "string" && `With the shell's PATH, ${exec.command} resolves to ${resolved}.`,
        way && describeWorkingWay(way),
        isHidden && "With the PATH of programs started from the desktop, it is not found.",
      ],
      falsifiedBy: `${client} fails in the same way when started from a terminal.`,
      fixes: [
        ...(typeof resolved === "string"
          ? []
          : [forYou("In a terminal, find out where the plugin is.", findAll(exec.command))]),
        useProgram(facts, resolved ?? `/PATH/TO/${exec.command}`, "Set the plugin's full path."),
      ],
    }),
  };
}

function missingProfile(seen: Facts, client: string, exec: ExecBlock): Conclusion | undefined {
  if (exec.tool !== "aws" && exec.tool !== "aws-iam-authenticator") return undefined;
  if ((exec.profile ?? exec.env["AWS_PROFILE"]) !== undefined) return undefined;
  const words = matchInError(seen.pastedError, NO_CREDENTIALS);
  const fits =
    seen.symptom?.kind === "unauthorized" ? seen.canCause401 : words !== undefined && seen.failsBeforeRequest;
  if (!fits) return undefined;
  const way = shellWayOf(seen);
  // If it works there with the same identity, the missing profile does not matter.
  if (way?.isSameIdentity === true) return undefined;
  const profile = missingHere(seen, way);
  if (profile === undefined) return undefined;
  return {
    stage: "credentials",
    ...(words === undefined && way === undefined
      ? { confidence: "possible", inferred: true }
      : { confidence: "likely", explains: ["L1"] }),
    describe: (facts) => ({
      summary: `${client} was started from the desktop, without the shell's AWS_PROFILE=${profile}, which the exec block needs.`,
      evidence: [
        quoteCall(words),
        way && describeWorkingWay(way),
        `AWS_PROFILE is ${profile} in the shell; the exec block's arguments and variables do not set a profile.`,
      ],
      falsifiedBy: `${client} fails in the same way when started from a terminal.`,
      fixes: [forYou("Set the profile in the exec block.", setExecEnv(facts, { AWS_PROFILE: profile }))],
    }),
  };
}

/**
 * The shell's profile that the desktop's programs do not have: from the shell in which it works, otherwise from the one in which the
 * doctor ran.
 */
function missingHere(seen: Facts, way: WorkingWay | undefined): string | undefined {
  const own = pluginVariable(seen.pluginEnvironment, "AWS_PROFILE");
  if (way === undefined) return own?.origin === "environment" ? own.value : undefined;
  return own === undefined ? way.observation.environment?.["AWS_PROFILE"] : undefined;
}
