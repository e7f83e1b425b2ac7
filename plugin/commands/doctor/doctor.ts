import type { ShellOrGuess } from "../../../token/command/render-command.ts";
import { shellOf } from "../../../token/command/shell-of.ts";
import { defineCommand } from "../../command-line/command-line.ts";
import type { CommandContext } from "../options.ts";
import { OPTIONS } from "./options.ts";

export function doctorCommand(context: CommandContext) {
  return defineCommand({
    command: "doctor",
    describe: "Diagnose denied cluster access and suggest fixes",
    builder: (declare) =>
      declare
        .options(OPTIONS)
        .example("$0 doctor --context lab-vouch", "Is anything wrong?")
        .example("$0 doctor -- get pods -n payments", "Run a command and explain why it fails")
        .example('$0 doctor --for "list pods -n web"', "Am I allowed to do this? If not, why?")
        .example("$0 doctor --match 'prod-*'", "Every matching context, one line each")
        .example("kubectl get pods 2>&1 | $0 doctor --error -", "Explain an error message")
        .example("$0 doctor --evidence -", "Explain text copied from a terminal")
        .example("$0 doctor -o html --redact > report.html", "A report for a ticket, without names")
        .example("$0 doctor --evidence case.json --complete", "A colleague's case, with your permissions")
        .example("$0 doctor --evidence cases/ --complete --fix", "One plan for many cases, step by step"),
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
