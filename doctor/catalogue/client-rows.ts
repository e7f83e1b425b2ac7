import { catalogueSection } from "./catalogue-row.ts";

/** Clients: rows of the catalogue. */
export const CLIENT_ROWS = catalogueSection({
  title: "Clients",
  rows: [
    {
      id: "T1",
      cause: "Terraform read its token when it planned, and used it more than 15 minutes later.",
      seen: "the server has asked for the client to provide credentials",
    },
    {
      id: "T2",
      cause: "Helm needs to read secrets and create the namespace, and the caller may not.",
      seen: "secrets is forbidden",
      sameAs: ["P4"],
    },
    {
      id: "T3",
      cause: "A program started by a desktop lacks the shell's PATH and variables.",
      seen: "not found in the app, found in the shell",
      sameAs: ["K1"],
    },
    {
      id: "T4",
      cause: "The client ignores exec blocks, or runs them wrongly.",
      seen: "401 or system:anonymous, though kubectl works",
    },
    {
      id: "T5",
      cause: "The process has outlived its token and has no way to get another.",
      seen: "works for 15 minutes, then never",
    },
    {
      id: "T6",
      cause: "The CI job uses a kubeconfig that was written under another identity or on another machine.",
      seen: "401 in CI only",
      sameAs: ["L3", "L4", "K1", "S2"],
    },
    {
      id: "T7",
      cause: "The identity that runs Terraform is not mapped.",
      seen: "aws-auth: Unauthorized on apply",
      sameAs: ["E1"],
    },
    {
      id: "T8",
      cause: "Terraform's cluster_creator entry follows whoever runs it.",
      seen: "the entry is replaced on each run",
    },
    {
      id: "T9",
      cause: "One client fails where another works with the same token: its environment differs.",
      seen: "kubectl fails, curl does not",
    },
    {
      id: "T10",
      cause: "The client is too old to tell the plugin which apiVersion it wants.",
      seen: "Empty KUBERNETES_EXEC_INFO",
    },
    {
      id: "T11",
      cause: "The exec block of a Terraform provider does not take over the role of the AWS provider.",
      seen: "Unauthorized, while aws_* resources are fine",
      sameAs: ["E1"],
    },
    {
      id: "T12",
      cause: "The provider block has a token and an exec block, and the token wins.",
      seen: "Unauthorized after 15 minutes",
    },
    {
      id: "T13",
      cause: "The plugin reports an expiry later than the real one, so one call fails before each renewal.",
      seen: "one 401 per token life",
    },
  ],
});
