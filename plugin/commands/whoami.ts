import type { CommandModule } from "yargs";
import type { OutputChoice } from "../terminal/output-choice.ts";
import type { CommandContext } from "./command-context.ts";
import { kubeconfigOption, outputOption } from "./options.ts";

interface WhoamiArguments {
  context: string | undefined;
  kubeconfig: string | undefined;
  namespace: string | undefined;
  can: boolean;
  output: OutputChoice;
}

export function whoamiCommand({ app }: CommandContext): CommandModule<unknown, WhoamiArguments> {
  return {
    command: "whoami",
    describe: "Show your AWS and Kubernetes identity, and what it may do",
    builder: (yargs) =>
      yargs
        .option("context", {
          type: "string",
          requiresArg: true,
          describe: "Context of the kubeconfig (else the current one)",
        })
        .option("kubeconfig", kubeconfigOption)
        .option("namespace", {
          alias: "n",
          type: "string",
          requiresArg: true,
          describe: "Namespace for --can (else the context's)",
        })
        .option("can", {
          type: "boolean",
          default: false,
          describe: "Ask the cluster for a small matrix of verbs",
        })
        .option("output", outputOption)
        .example("$0 whoami --context lab-vouch", "")
        .example("$0 whoami --can -n payments", "What may I do in payments?"),
    handler: async (options) => {
      const { runWhoami } = await import("./whoami.run.ts");
      await runWhoami(options, app);
    },
  };
}
