import { defineCommand } from "../command-line/command-line.ts";
import { type CommandContext, kubeconfigOption, ROLE_OPTIONS, text } from "./options.ts";

export function execCommand(context: CommandContext) {
  return defineCommand({
    command: "exec",
    describe: "Run a program with the credentials of an AWS profile or role, or with one kubectl context",
    builder: (declare) =>
      declare
        .usage("exec [options] -- COMMAND")
        .options(ROLE_OPTIONS)
        .option(
          "context",
          text(
            "Run the program with a kubeconfig that contains only this context; AWS credentials only with --profile or --role. Prevents accidents; not a security boundary",
          ),
        )
        .option("kubeconfig", kubeconfigOption)
        .example("$0 exec --profile dev -- aws s3 ls", "With any AWS profile")
        .example("$0 exec --role arn:aws:iam::111122223333:role/Dev -- terraform plan", "")
        .example("$0 exec --profile dev -- bash", "A shell that has the credentials until they expire")
        .example(
          "$0 exec --context lab-dev -- bash",
          "A shell, or an AI agent, whose kubectl uses only this cluster",
        ),
    handler: async (options) => {
      const { runExec } = await import("./exec.run.ts");
      const { "--": behind } = options as { readonly "--"?: readonly unknown[] };
      context.exit = await runExec({ ...options, command: (behind ?? []).map(String) }, context.app);
    },
  });
}
