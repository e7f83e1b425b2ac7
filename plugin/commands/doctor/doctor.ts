import { FIX_FORMATS, type FixFormat } from "../../../doctor/fixes/fix-format.ts";
import { SHELLS, type ShellOrGuess } from "../../../token/command/render-command.ts";
import { shellOf } from "../../../token/command/shell-of.ts";
import { type Declaration, defineCommand } from "../../command-line/command-line.ts";
import {
  allNamespacesOption,
  type CommandContext,
  contextOption,
  describeOutput,
  kubeconfigOption,
} from "../options.ts";
import { FAIL_CHOICES, type FailChoice, REPORT_CHOICES, type ReportChoice } from "./options.ts";

const text = (describe: string) => ({ type: "string", requiresArg: true, describe }) as const;
const flag = (describe: string) => ({ type: "boolean", default: false, describe }) as const;

export function doctorCommand(context: CommandContext) {
  return defineCommand({
    command: "doctor",
    describe: "Diagnose denied cluster access and suggest fixes",
    builder: (declare) =>
      reportOptions(askOptions(declare))
        .example("$0 doctor --context lab-vouch", "Is anything wrong?")
        .example("$0 doctor -- get pods -n payments", "Run a command and explain why it fails")
        .example('$0 doctor --for "list deployments.apps -n web"', "Am I allowed to do this? If not, why?")
        .example("$0 doctor --match 'prod-*'", "All clusters with matching contexts, one line each")
        .example("kubectl get pods 2>&1 | $0 doctor --error -", "Explain an error message")
        .example("$0 doctor --evidence -", "Pasted text: commands with their output, or an error")
        .example("$0 doctor -o html --redact > report.html", "A report for a ticket, without names")
        .example("$0 doctor --evidence case.json --complete", "A colleague's case, with your permissions")
        .example(
          "$0 doctor --evidence cases/ --complete --fix",
          "Many cases: one plan, applied step by step",
        ),
    handler: async (options) => {
      const { runDoctor } = await import("./doctor.run.ts");
      const { "--": behind, allContexts } = options;
      const command = Array.isArray(behind) ? behind.map(String) : [];
      const isFleet = allContexts || options.match !== undefined;
      const evidence = options.evidence ?? [];
      const shell = options.shell ?? likelyShell(context);
      const given = { ...options, evidence, command, allContexts: isFleet, shell };
      context.exit = await runDoctor(given, context);
    },
  });
}

function likelyShell({ app }: CommandContext): ShellOrGuess {
  const shell = shellOf(app.env, app.platform);
  return typeof shell === "string" ? shell : { ...shell, option: "--shell" };
}

function askOptions<T>(declare: Declaration<T>) {
  return declare
    .option("context", contextOption)
    .option("all-contexts", flag("Check every EKS context, one line each"))
    .option("match", text("Check the EKS contexts with matching names (prod-*), one line each"))
    .option("kubeconfig", kubeconfigOption)
    .option("namespace", { alias: "n", ...text("Namespace to check") })
    .option("all-namespaces", { ...allNamespacesOption, describe: "Check all namespaces at once" })
    .option("for", text('Request to check: "VERB RESOURCE[.GROUP][/NAME] [-n NS]"'))
    .option("error", text("Error message to diagnose; - reads standard input"))
    .option("principal", text("ARN of a different role or user to check, for admins"))
    .option("pre", flag("Check only the local machine"))
    .option("offline", flag("Do not use the network or run programs"))
    .option("evidence", {
      type: "string",
      array: true,
      nargs: 1,
      describe:
        "Diagnose the evidence in this file, or text copied from a terminal; - reads standard input; for several files or a folder, one plan covers all",
    })
    .option("complete", flag("With --evidence: collect what is missing, with your own permissions"))
    .option("wait", {
      type: "number",
      requiresArg: true,
      describe: "Repeat until nothing is wrong, for at most this many seconds",
    });
}

function reportOptions<T>(declare: Declaration<T>) {
  return declare
    .option("output", {
      alias: "o",
      choices: REPORT_CHOICES,
      requiresArg: true,
      default: "text" as ReportChoice,
      describe: describeOutput("DoctorReport", "DoctorCaseList", "DoctorReportList", "DoctorRuleList"),
    })
    .option("verbose", { alias: "v", ...flag("Also list what was ruled out") })
    .option("save", text("Save the evidence to this file (not -), without secrets"))
    .option("redact", flag("Print and save without accounts, hosts, and names of users, roles and clusters"))
    .option("only", text("Check only these rules or causes (E3), separated by commas"))
    .option("skip", text("Skip these rules or causes"))
    .option("fail-on", {
      choices: FAIL_CHOICES,
      requiresArg: true,
      default: "error" as FailChoice,
      describe: "Lowest severity that makes the command fail (exit status 79 or 80)",
    })
    .option("shell", {
      choices: SHELLS,
      requiresArg: true,
      defaultDescription: "your shell",
      describe: "Shell to write commands for; for zsh, use bash",
    })
    .option("fix-format", {
      choices: FIX_FORMATS,
      requiresArg: true,
      default: "aws" as FixFormat,
      describe: "Tool to generate fixes for",
    })
    .option(
      "fix",
      flag("Offer to apply the fixes for this machine; with --complete or --principal: those in the cluster"),
    )
    .option("yes", flag("With --fix: apply all fixes without asking"))
    .option("list", flag("List all rules"));
}
