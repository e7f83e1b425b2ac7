import { FIX_FORMATS } from "../../../doctor/fixes/fix-format.ts";
import { SHELLS, type ShellOrGuess } from "../../../token/command/render-command.ts";
import type { GivenFor } from "../../command-line/command-line.ts";
import { contextOption, describeOutput, flag, group, kubeconfigOption, text } from "../options.ts";

export const OPTIONS = {
  context: contextOption,
  "all-contexts": flag("Check every EKS context, one line each"),
  match: text("Check the EKS contexts with matching names (prod-*), one line each"),
  kubeconfig: kubeconfigOption,
  output: {
    alias: "o",
    choices: ["text", "json", "yaml", "junit", "github", "short", "message", "html"],
    requiresArg: true,
    default: "text",
    describe: describeOutput("DoctorReport", "DoctorCaseList", "DoctorReportList", "DoctorRuleList"),
  },
  verbose: { alias: "v", ...flag("Also list what was ruled out") },
  "fail-on": {
    choices: ["error", "warning", "never"],
    requiresArg: true,
    default: "error",
    describe: "Lowest severity that makes the command fail (exit status 79 or 80)",
  },
  ...group("What to check", {
    namespace: { alias: "n", ...text("Namespace to check") },
    "all-namespaces": { alias: "A", ...flag("Check all namespaces at once") },
    for: text('Request to check: "VERB RESOURCE[.GROUP][/NAME] [-n NS]"'),
    error: text("Error message to diagnose; - reads standard input"),
    principal: text("ARN of a different role or user to check, for admins"),
    pre: flag("Check only the local machine"),
    offline: flag("Do not use the network or run programs"),
    wait: {
      type: "number",
      requiresArg: true,
      describe: "Repeat until nothing is wrong, for at most this many seconds",
    },
    only: text("Check only these rules or causes (E3), separated by commas"),
    skip: text("Skip these rules or causes"),
    list: flag("List all rules"),
  }),
  ...group("Saved evidence", {
    evidence: {
      type: "string",
      array: true,
      nargs: 1,
      describe:
        "Diagnose the evidence in this file, or text copied from a terminal; - reads standard input; for several files or a folder, one plan covers all",
    },
    complete: flag("With --evidence: read the cluster, with your own permissions"),
    save: text("Save the evidence to this file (not -), without secrets"),
    redact: flag("Print and save without accounts, hosts and other names"),
  }),
  ...group("Fixes", {
    fix: flag(
      "Offer to apply the fixes for this machine; with --complete or --principal: those in the cluster",
    ),
    yes: flag("With --fix: apply all fixes without asking"),
    shell: {
      choices: SHELLS,
      requiresArg: true,
      defaultDescription: "your shell",
      describe: "Shell to write commands for; for zsh, use bash",
    },
    "fix-format": {
      choices: FIX_FORMATS,
      requiresArg: true,
      default: "aws",
      describe: "Tool to generate fixes for",
    },
  }),
} as const;

export interface DoctorOptions extends Omit<GivenFor<typeof OPTIONS>, "evidence" | "shell"> {
  /** Files, folders of files, or `-`; none: a context is checked. */
  readonly evidence: readonly string[];
  readonly shell: ShellOrGuess;
  /** What follows `--`: a command of kubectl, or of any other client, to run. */
  readonly command: readonly string[];
}

export type ReportChoice = DoctorOptions["output"];

/** The question, as the command line puts it. */
export type AskedOptions = Pick<
  DoctorOptions,
  "context" | "namespace" | "allNamespaces" | "for" | "error" | "principal" | "command" | "kubeconfig"
>;
