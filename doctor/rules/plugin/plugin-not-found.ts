import { run } from "../../../token/command/command.ts";
import { sentence } from "../../../token/command/sentence.ts";
import { defineLegacyRule, type LegacyFinding } from "../../check/legacy-rule.ts";
import { isGraphical } from "../../derive/client/client-kind.ts";
import type { Facts } from "../../derive/facts.ts";
import { type Found, matchInError } from "../../derive/failure/pasted-error.ts";
import { failsBeforeRequest } from "../../derive/failure/startup.ts";
import { useProgram } from "../../fixes/exec-fixes.ts";
import type { Action, Fix } from "../../fixes/fix.ts";
import { documentOf } from "../../fixes/fix.ts";
import { kubectl } from "../../fixes/kubectl.ts";

/** Source: plugin/KUBECTL.md, "Words of kubectl". */
const NOT_FOUND =
  /exec: executable (?<name>.{1,300}?) not found|fork\/exec (?<path>.{1,300}?): (?<why>no such file or directory|permission denied)/;

/** The program of the exec block is not where the client looks for it, or may not be started. */
export const pluginNotFound = defineLegacyRule({
  code: "plugin-not-found",
  stage: "plugin",
  causes: ["K1"],
  expects: "the client finds the credential plugin that the kubeconfig names",
  needs: [],
  needsOneOf: ["execCommand", "pastedError"],
  judge(facts) {
    if (!failsBeforeRequest(facts)) return [];
    const words = matchInError(facts.pastedError, NOT_FOUND);
    if (words !== undefined) return isElsewhere(facts) ? [] : [bySaying(facts, words)];
    const { execCommand, pluginRun, symptom } = facts;
    const isGone = execCommand?.resolved === null || execCommand?.executable === false;
    if (!isGone || pluginRun !== undefined || wasStarted(symptom)) return [];
    return [{ ...FAULT, confidence: "certain", ...told(facts, execCommand.command), fixes: fixes(facts) }];
  },
});

const FAULT = { cause: "K1", stage: "plugin", severity: "error" } as const;

/** An exit code is that of a plugin that was found. */
function wasStarted(symptom: Facts["symptom"]): boolean {
  return symptom?.kind === "plugin-failed" && symptom.exitCode !== undefined;
}

/** A desktop's search path, or a package that is shut in, are causes of their own (T3, L14). */
function isElsewhere({ client, execCommand }: Facts): boolean {
  const isFoundHere = typeof execCommand?.resolved === "string" && execCommand.executable !== false;
  return isFoundHere && (client?.path?.startsWith("/snap/") === true || client?.graphical === true);
}

function bySaying(facts: Facts, { line, match }: Found): LegacyFinding {
  const { name = "", path = name } = match.groups ?? {};
  const { execCommand } = facts;
  const isFoundHere = typeof execCommand?.resolved === "string" && execCommand.executable !== false;
  const mayBeDesktop = execCommand === undefined && isGraphical(facts.client);
  return {
    ...FAULT,
    confidence: isFoundHere || mayBeDesktop ? "likely" : "certain",
    ...told(facts, path),
    evidence: [`The call said: “${line}”`, ...told(facts, path).evidence],
    fixes: fixes(facts),
  };
}

function told(
  { execCommand, exec, client }: Facts,
  program: string,
): Pick<LegacyFinding, "summary" | "evidence" | "falsifiedBy"> {
  const resolved = execCommand?.resolved;
  const caller = client?.name ?? "the client";
  const evidence = [
    ...(exec === undefined ? [] : [`users[].user.exec.command is ${exec.command}.`]),
    ...(resolved === null ? [`${program} is on no folder of PATH.`] : []),
    ...(execCommand?.executable === false ? [`${resolved ?? program} may not be executed.`] : []),
    ...(typeof resolved === "string" && execCommand?.executable !== false
      ? [`With the PATH of this shell it is ${resolved}: ${caller} runs with another PATH.`]
      : []),
  ];
  return {
    summary: `${caller} does not find the credential plugin ${program}, or may not start it.`,
    evidence,
    falsifiedBy: sentence`${run(program, "--version")} answers when it is run from the same process as ${caller}.`,
  };
}

function fixes(facts: Facts): Fix[] {
  const { exec, execCommand } = facts;
  const resolved = execCommand?.resolved;
  if (typeof resolved === "string" && execCommand?.executable === false) {
    return [
      { audience: "you", description: "Make it executable.", actions: [run("chmod", "+x", {}, resolved)] },
    ];
  }
  if (typeof resolved === "string") {
    return [useProgram(facts, resolved, "Name it with its whole path, so that PATH does not matter.")];
  }
  const install = INSTALL[exec?.tool ?? "other"];
  return [
    ...(install === undefined
      ? []
      : [{ audience: "you", description: "Install it.", actions: [install] } as const]),
    useProgram(
      facts,
      `/PATH/TO/${exec?.program ?? "PLUGIN"}`,
      "If it is installed: name it with its whole path.",
    ),
  ];
}

/** Where each plugin comes from. */
const INSTALL: Readonly<Record<string, Action>> = {
  aws: documentOf("https://docs.aws.amazon.com/cli/latest/userguide/getting-started-install.html"),
  "aws-iam-authenticator": documentOf("https://github.com/kubernetes-sigs/aws-iam-authenticator/releases"),
  "kubectl-vouch": kubectl("krew install vouch"),
  vouch: documentOf("https://vouch.sh/docs"),
};
