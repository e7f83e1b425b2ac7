import { defineLegacyRule } from "../../check/legacy-rule.ts";
import { matchInError } from "../../derive/failure/pasted-error.ts";
import { canCause401, failsBeforeRequest } from "../../derive/failure/startup.ts";
import type { ExecBlock } from "../../derive/kubeconfig/exec-block.ts";
import { regenerateEntry } from "../../fixes/exec-fixes.ts";

/** Names that EKS takes. Source: EKS API, CreateCluster, `name`. */
const CLUSTER_NAME = /^[0-9A-Za-z][A-Za-z0-9_-]{0,99}$/;

/** How the AWS CLI (exit code 252) and others say that they do not understand their arguments. */
const USAGE =
  /^usage: aws|the following arguments are required|argument \S+: expected|unrecognized arguments|Unknown options|Invalid choice/im;

/** Exit code of the AWS CLI 2 for arguments it cannot read. Source: doctor/AWS-CREDENTIALS.md, "AWS CLI". */
const USAGE_EXIT = 252;

/** Unconfirmed in the field, therefore *likely* at most. */
export const pluginArguments = defineLegacyRule({
  code: "plugin-arguments",
  stage: "kubeconfig",
  causes: ["K17"],
  expects: "the arguments of the exec block are such as the plugin takes",
  needs: [],
  needsOneOf: ["exec", "pluginRun", "pastedError"],
  judge(facts) {
    const { exec, pluginRun, pastedError: said, symptom } = facts;
    const faults = exec === undefined ? [] : argumentFaults(exec);
    const exitCode =
      pluginRun?.exitCode ?? (symptom?.kind === "plugin-failed" ? symptom.exitCode : undefined);
    const words =
      matchInError(pluginRun?.exitCode === 0 ? undefined : pluginRun?.stderr, USAGE) ??
      matchInError(said, USAGE);
    const isUsage = failsBeforeRequest(facts) && (exitCode === USAGE_EXIT || words !== undefined);
    const isWrong = faults.length > 0 && (canCause401(facts) || failsBeforeRequest(facts));
    if (!isUsage && !isWrong) return [];
    return [
      {
        cause: "K17",
        stage: "kubeconfig",
        severity: "error",
        confidence: isWrong ? "likely" : "possible",
        summary:
          faults[0] ??
          `${exec?.program ?? "The plugin"} does not understand the arguments of the exec block.`,
        evidence: [
          ...faults.slice(1),
          ...(exec === undefined
            ? []
            : [`users[].user.exec.args are ${JSON.stringify(exec.args.map(masked))}.`]),
          ...(isUsage && exitCode !== undefined ? [`The plugin ends with exit code ${exitCode}.`] : []),
          ...(words === undefined ? [] : [`It says: “${words.line}”`]),
        ],
        falsifiedBy:
          "The plugin, run by hand with these arguments, prints a token that STS accepts for the cluster's name.",
        fixes: [regenerateEntry(facts, "Write the entry anew.")],
        ...(isWrong ? {} : { inferred: true }),
      },
    ];
  },
});

function argumentFaults({ args, tool, clusterName, clusterId }: ExecBlock): string[] {
  if (tool === "other") return [];
  const name = clusterName ?? clusterId;
  return [
    ...(name === undefined
      ? tool === "aws-iam-authenticator"
        ? []
        : ["The exec block names no cluster."]
      : nameFaults(name)),
    ...(args.some((arg) => arg.trim() === "") ? ["An argument of the exec block is empty."] : []),
  ];
}

function nameFaults(name: string): string[] {
  if (name.startsWith("k8s-aws-v1.")) return ["A token stands where the exec block should name the cluster."];
  return CLUSTER_NAME.test(name)
    ? []
    : [`The exec block names ${JSON.stringify(name)} as the cluster, which can be no name of one.`];
}

/** A token in the wrong place is still a token. */
function masked(arg: string): string {
  return arg.replace(/k8s-aws-v1\.[\w-]*/, "k8s-aws-v1.***");
}
