import { defineCommand } from "../command-line/command-line.ts";
import {
  allNamespacesOption,
  type CommandContext,
  contextOption,
  flag,
  kubeconfigOption,
  tableOption,
} from "./options.ts";

export function whoamiCommand({ app }: CommandContext) {
  return defineCommand({
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
        .option("can", flag("Show what you are allowed to do, as a small matrix of verbs"))
        .option("output", tableOption("Whoami"))
        .example("$0 whoami --context lab-vouch", "")
        .example("$0 whoami --can -n payments", "What am I allowed to do in payments?"),
    handler: async (options) => (await import("./whoami.run.ts")).runWhoami(options, app),
  });
}
