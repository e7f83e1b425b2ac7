import { defineCommand } from "../command-line/command-line.ts";
import { type CommandContext, contextOption, flag, kubeconfigOption, tableOption, text } from "./options.ts";

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
          ...text("Namespace for --can (default: the context's namespace)"),
        })
        .option("all-namespaces", { alias: "A", ...flag("With --can: check all namespaces at once") })
        .option("can", flag("Show what you are allowed to do, as a small matrix of verbs"))
        .option("output", tableOption("Whoami"))
        .example("$0 whoami --context lab-vouch", "")
        .example("$0 whoami --can -n payments", "What am I allowed to do in payments?"),
    handler: async (options) => (await import("./whoami.run.ts")).runWhoami(options, app),
  });
}
