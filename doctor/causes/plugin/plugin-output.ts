import {
  type Conclusion,
  type Description,
  defineRule,
  doesNotApply,
  found,
  passed,
} from "../../check/rule.ts";
import type { Facts } from "../../derive/facts.ts";
import { matchInError, type QuotedMatch } from "../../derive/failure/error-sources.ts";
import { isAnonymous } from "../../derive/failure/symptom.ts";
import { pluginVariable } from "../../derive/kubeconfig/plugin-environment.ts";
import type { PluginRun } from "../../evidence/evidence.ts";
import { type Fix, forYou } from "../../fixes/fix.ts";
import { setExecArgs, withFlag, withoutFlags } from "../../fixes/kubeconfig-commands.ts";
import { quoteCall } from "../shared/error-rule.ts";
import { NOT_BEFORE_REQUEST } from "../shared/not-applicable.ts";
import { answeredVersion, DIFFERS, UNREADABLE } from "../shared/plugin-answer.ts";

/** The plugin succeeds, but does not print an ExecCredential: another output format, a banner before it, nothing. */
export const pluginOutput = defineRule({
  cause: {
    id: "K6",
    what: "The plugin succeeds, but its stdout is not an ExecCredential with a token: another output format, a banner, an empty token.",
    seen: "decoding stdout: couldn't get version/kind, or: exec plugin didn't return a token",
    remedy: "Request JSON in the exec block: --output json.",
    page: "https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins",
  },
  expects: "the plugin prints only one ExecCredential with a token on stdout",
  check(_, seen) {
    if (!seen.failsBeforeRequest) return isSentEmpty(seen) ? found(sentEmpty) : NOT_BEFORE_REQUEST;
    const words = matchInError(seen.pastedError, UNREADABLE);
    if (words === undefined && DIFFERS.test(seen.pastedError ?? ""))
      return doesNotApply("the client could read the response, but its version is not the expected one");
    if (words === undefined && !isUnreadable(seen)) return passed;
    const isKnown = words !== undefined || printsElse(seen.pluginRun);
    return found({ confidence: isKnown ? "certain" : "likely", describe: (facts) => describe(facts, words) });
  },
  refuted: ({ pluginRun: run }) => run?.exitCode === 0 && run.credential?.hasToken === true,
});

/** Clients that do not check the answer, as client-go does, send an empty token. */
function isSentEmpty(seen: Facts): boolean {
  if (!seen.canCause401 && !isAnonymous(seen)) return false;
  const { exitCode, credential, stdoutHead } = seen.pluginRun ?? {};
  // In a run that a user wrote down, the output may be missing.
  return exitCode === 0 && (credential === undefined ? stdoutHead === "" : !credential.hasToken);
}

const sentEmpty: Conclusion = {
  confidence: "likely",
  explains: ["T4"],
  describe: (facts) => describe(facts, undefined),
};

/** Clients check the version first: an answer in another version is a separate fault (K3), with or without a token. */
function isUnreadable({ pluginRun: run, exec }: Pick<Facts, "pluginRun" | "exec">): boolean {
  const version = answeredVersion(run);
  const isOther = version !== undefined && exec?.apiVersion !== undefined && version !== exec.apiVersion;
  if (run?.exitCode !== 0 || isOther) return false;
  return run.credential === undefined ? version === undefined : !run.credential.hasToken;
}

/** Whether it is known what was printed instead; in a run that a user wrote down, the output may be missing. */
function printsElse(run: PluginRun | undefined): boolean {
  return run?.credential !== undefined || run?.stdoutHead !== undefined;
}

function describe(facts: Facts, words: QuotedMatch | undefined) {
  const { exec, pluginRun } = facts;
  const program = exec?.program ?? "the plugin";
  const isEmpty = isTokenEmpty(facts, words);
  return {
    summary: isEmpty
      ? `${program} exits with status 0, but its ExecCredential does not contain a token.`
      : `${program} succeeds, but does not print an ExecCredential with a token.`,
    evidence: [
      quoteCall(words),
      isUnreadable(facts) &&
        `Run by itself, it exits with status 0 and prints ${pluginRun?.credential ? "an ExecCredential with an empty token" : printed(pluginRun?.stdoutHead)}.`,
      ...(isEmpty ? [] : formatReasons(facts)),
    ],
    falsifiedBy: `${program}, run with the exec block's arguments and variables, prints {"kind": "ExecCredential", …}.`,
    fixes: [isEmpty ? EMPTY : fix(facts)],
  };
}

/** Whether the answer is in the right form, but lacks the token. Source: client-go, plugin/pkg/client/auth/exec/exec.go. */
function isTokenEmpty({ pluginRun }: Facts, words: QuotedMatch | undefined): boolean {
  return pluginRun?.credential === undefined
    ? /didn't return a token/.test(words?.match[0] ?? "")
    : !pluginRun.credential.hasToken;
}

/** Only a wrapper does this: AWS's own programs fail with their own status. */
const EMPTY = forYou(
  "Run the command that fetches the token for this script by itself to see why it does not print one, and make the script exit with that command's status (in bash: set -eo pipefail).",
);

function printed(head = ""): string {
  return head.trim() === "" ? "nothing" : `“${head.trim().slice(0, 80)}”`;
}

/** Why the AWS CLI's output has another format. Source: doctor/AWS-CREDENTIALS.md, "AWS CLI". */
function formatReasons({ exec, credentials, pluginEnvironment }: Facts): Description["evidence"] {
  if (exec?.tool !== "aws") return [];
  const variable = pluginVariable(pluginEnvironment, "AWS_DEFAULT_OUTPUT");
  const setting = credentials?.chain[0]?.settings["output"];
  const isFixed = exec.args.some((arg) => arg === "--output" || arg.startsWith("--output="));
  return [
    exec.args.some((arg) => arg.startsWith("--query")) &&
      "The arguments include --query, which trims the output.",
    !isFixed && "The arguments do not include --output json.",
    !isFixed && variable && `AWS_DEFAULT_OUTPUT is ${variable.value}.`,
    !isFixed && setting !== undefined && `The profile's output setting is ${setting}.`,
  ];
}

function fix(facts: Facts): Fix {
  const { exec } = facts;
  if (exec?.tool === "aws") {
    const args = withFlag(withoutFlags(exec.args, ["--query", "--output"]), "--output", "json");
    if (args.join(" ") !== exec.args.join(" "))
      return forYou("Request JSON output in the exec block itself.", setExecArgs(facts, args));
  }
  return forYou(
    "Make the plugin, or the script around it, print its messages to stderr (>&2) and only the ExecCredential to stdout.",
  );
}
