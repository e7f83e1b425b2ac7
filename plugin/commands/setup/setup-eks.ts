import { defineCommand } from "../../command-line/command-line.ts";
import type { CommandContext } from "../options.ts";
import { OPTIONS } from "./setup-eks.options.ts";

export function setupEksCommand(context: CommandContext) {
  return defineCommand({
    command: "eks",
    describe: "Write a kubectl context for an EKS cluster",
    builder: (declare) =>
      declare
        .options(OPTIONS)
        .example("$0 setup eks", "Pick the cluster from a list, at a terminal")
        .example("$0 setup eks --list", "The clusters that each AWS profile sees")
        .example("$0 setup eks --cluster lab", "Context lab-vouch, with the role of your Vouch profile")
        .example(
          "$0 setup eks --cluster lab --profile dev",
          "Context lab-dev, with any AWS profile; no Vouch needed",
        )
        .example(
          "$0 setup eks --all --profile 'prod-*' --regions all",
          "Every cluster of several AWS profiles",
        )
        .example(
          "$0 setup eks --cluster lab --region eu-west-1 --role arn:aws:iam::111122223333:role/Dev --diff",
          "",
        )
        .example("$0 setup eks --all --regions eu-west-1 us-east-1 --match 'prod-*' --prune", "")
        .example("$0 setup eks --all --tag env=prod --tag team", "Clusters with both tags, for any team")
        .example(
          "$0 setup eks --cluster lab --migrate --in-place --diff",
          "Keep the contexts, but switch their users to kubectl-vouch",
        )
        .example(
          "$0 setup eks --cluster lab --agent-role arn:aws:iam::111122223333:role/ReadOnly",
          "AI agents that run kubectl get this role; you keep yours",
        )
        .example("$0 setup eks --cluster prod --protected", "Ask before kubectl changes something in prod")
        .example("$0 setup eks --undo", "Restore the kubeconfig"),
    handler: async (options) => {
      const { runSetupEks } = await import("./setup-eks.run.ts");
      context.exit = await runSetupEks(
        {
          ...options,
          contextName: options.contextName ?? options.context,
          tag: options.tag ?? [],
          regions: (options.regions ?? []).flatMap((word) => word.split(",")).filter((word) => word !== ""),
        },
        context.app,
        context.color,
      );
    },
  });
}
