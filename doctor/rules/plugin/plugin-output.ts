import { defineLegacyRule } from "../../check/legacy-rule.ts";
import type { Facts } from "../../derive/facts.ts";
import { matchInError } from "../../derive/failure/pasted-error.ts";
import { failsBeforeRequest } from "../../derive/failure/startup.ts";
import { pluginEnvironment, pluginVariable } from "../../derive/kubeconfig/plugin-environment.ts";
import type { Fix } from "../../fixes/fix.ts";
import { setExecArgs, withFlag, withoutFlags } from "../../fixes/kubeconfig-commands.ts";

/** Source: plugin/KUBECTL.md, "Words of kubectl". */
const UNREADABLE =
  /decoding stdout: |plugin returned version client\.authentication\.k8s\.io\/__internal|exec plugin didn't return a (?:status field|token or cert\/key pair)/;

/** The plugin ends well, but what it prints is no ExecCredential: another output format, a banner before it, nothing. */
export const pluginOutput = defineLegacyRule({
  code: "plugin-output",
  stage: "plugin",
  causes: ["K6"],
  expects: "the plugin prints one ExecCredential with a token, and nothing else, on stdout",
  needs: [],
  needsOneOf: ["pluginRun", "pastedError"],
  judge(facts) {
    const { pluginRun, pastedError: said, exec } = facts;
    const words = matchInError(said, UNREADABLE);
    const isUnreadable = pluginRun?.exitCode === 0 && pluginRun.credential?.hasToken !== true;
    if (!failsBeforeRequest(facts) || (words === undefined && !isUnreadable)) return [];
    const program = exec?.program ?? "the plugin";
    return [
      {
        cause: "K6",
        stage: "plugin",
        severity: "error",
        confidence: "certain",
        summary: `${program} gives no error, but what it prints is no ExecCredential with a token.`,
        evidence: [
          ...(words === undefined ? [] : [`The call said: “${words.line}”`]),
          ...(isUnreadable
            ? [`Run by itself, it ends with 0 and prints ${printed(pluginRun.stdoutHead)}.`]
            : []),
          ...formatReasons(facts),
        ],
        falsifiedBy: `${program}, run with the arguments and variables of the exec block, prints {"kind": "ExecCredential", …}.`,
        fixes: [fixFor(facts)],
      },
    ];
  },
});

function printed(head: string | undefined): string {
  return head === undefined || head.trim() === "" ? "nothing" : `“${head.trim().slice(0, 80)}”`;
}

/** What bends the AWS CLI's output. Source: doctor/AWS-CREDENTIALS.md, "AWS CLI". */
function formatReasons(facts: Facts): string[] {
  const { exec, credentials } = facts;
  if (exec?.tool !== "aws") return [];
  const variable = pluginVariable(pluginEnvironment(facts), "AWS_DEFAULT_OUTPUT");
  const setting = credentials?.chain[0]?.settings["output"];
  const isFixed = exec.args.some((arg) => arg === "--output" || arg.startsWith("--output="));
  return [
    ...(exec.args.some((arg) => arg.startsWith("--query"))
      ? ["The arguments hold --query, which cuts the answer."]
      : []),
    ...(isFixed ? [] : ["The arguments do not hold --output json."]),
    ...(isFixed || variable === undefined ? [] : [`AWS_DEFAULT_OUTPUT is ${variable.value}.`]),
    ...(isFixed || setting === undefined ? [] : [`The profile's output is ${setting}.`]),
  ];
}

function fixFor(facts: Facts): Fix {
  const { exec } = facts;
  const args =
    exec === undefined ? [] : withFlag(withoutFlags(exec.args, ["--query", "--output"]), "--output", "json");
  const isAlready = exec === undefined || args.join(" ") === exec.args.join(" ");
  if (exec?.tool === "aws" && !isAlready) {
    const actions = [setExecArgs(facts, args)];
    return { audience: "you", description: "Ask for JSON in the exec block itself.", actions };
  }
  return {
    audience: "you",
    description:
      "Let the plugin, or the script around it, print its own words on stderr (>&2), and nothing but the ExecCredential on stdout.",
  };
}
