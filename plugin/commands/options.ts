import { OUTPUT_CHOICES } from "../output.ts";

/** `--server`, wherever a Vouch server is meant. */
export const serverOption = {
  type: "string",
  requiresArg: true,
  describe: "Address of the Vouch server (else VOUCH_SERVER, config.yaml, the last login)",
} as const;

/** `--account`, wherever a logged-in person is meant. */
export const accountOption = {
  type: "string",
  requiresArg: true,
  describe: "E-mail address of the account, when several are logged in",
} as const;

/** `-o`, wherever a program might read. */
export const outputOption = {
  alias: "o",
  choices: OUTPUT_CHOICES,
  requiresArg: true,
  default: "text" as const,
  describe: "How to print",
} as const;

/** `--kubeconfig`, as kubectl has it. */
export const kubeconfigOption = {
  type: "string",
  requiresArg: true,
  describe: "Kubeconfig file (else KUBECONFIG, else ~/.kube/config)",
} as const;
