import { SHOW_AWS_AUTH } from "../../token/command/kubectl.ts";
import { sentence } from "../../token/command/sentence.ts";
import type { SuspectedCause } from "./suspected-cause.ts";

/** Possible causes if nodes lost the cluster. Source: doctor/EKS-ACCESS.md, "Reports". */
export const NODES_REFUSED: readonly SuspectedCause[] = [
  {
    causes: ["A10", "A17"],
    suspicion: ({ target }) => ({
      hinted: true,
      summary: `aws-auth of cluster ${target.cluster} has no line for the nodes' role any more, or one with another user name.`,
      hints: ["The failure is that of nodes."],
      audience: "cluster-admin",
      confirmedBy: sentence`${SHOW_AWS_AUTH} shows the lines with system:nodes.`,
    }),
  },
];
