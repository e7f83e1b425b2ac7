import type { Command } from "../command-line/command-line.ts";
import type { TableChoice } from "../terminal/output-choice.ts";
import {
  allNamespacesOption,
  type CommandContext,
  contextOption,
  kubeconfigOption,
  SCHEMAS,
  tableOption,
} from "./options.ts";

interface WhoamiArguments {
  context: string | undefined;
  kubeconfig: string | undefined;
  namespace: string | undefined;
  can: boolean;
  "all-namespaces": boolean;
  output: TableChoice;
}

export function whoamiCommand({ app }: CommandContext): Command<WhoamiArguments> {
  return {
    command: "whoami",
    describe: "Show your AWS and Kubernetes identity, and what you are allowed to do",
    builder: (declare) =>
      declare
        .option("context", contextOption)
        .option("kubeconfig", kubeconfigOption)
        .option("namespace", {
          alias: "n",
          type: "string",
          requiresArg: true,
          describe: "Namespace for --can (default: the context's namespace)",
        })
        .option("all-namespaces", {
          ...allNamespacesOption,
          describe: "With --can: check all namespaces at once",
        })
        .option("can", {
          type: "boolean",
          default: false,
          describe: "Show what you are allowed to do, as a small matrix of verbs",
        })
        .option("output", tableOption("Whoami"))
        .epilogue(SCHEMAS)
        .example("$0 whoami --context lab-vouch", "")
        .example("$0 whoami --can -n payments", "What am I allowed to do in payments?"),
    handler: async (options) => {
      const { runWhoami } = await import("./whoami.run.ts");
      await runWhoami({ ...options, allNamespaces: options["all-namespaces"] }, app);
    },
  };
}
