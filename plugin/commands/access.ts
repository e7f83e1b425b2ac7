import { defineCommand } from "../command-line/command-line.ts";
import { type CommandContext, contextOption, kubeconfigOption, tableOption } from "./options.ts";

export function accessCommand({ app }: CommandContext) {
  return defineCommand({
    command: "access",
    describe:
      "List the principals that have access to a cluster, their permissions, and access entries of deleted roles",
    builder: (declare) =>
      declare
        .option("context", contextOption)
        .option("kubeconfig", kubeconfigOption)
        .option("output", tableOption("AccessList"))
        .example(
          "$0 access --context lab-dev",
          "Access entries, aws-auth and RBAC, as far as you can read them",
        )
        .example("$0 access -o json", "The current context's cluster, for programs"),
    handler: async (options) => (await import("./access.run.ts")).runAccess(options, app),
  });
}
