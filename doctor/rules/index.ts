import type { Rule } from "../rule.ts";
import { AUTHORIZATION_RULES } from "./authorization.ts";
import { AWS_AUTH_RULES } from "./aws-auth.ts";
import { CLIENT_RULES } from "./client.ts";
import { CREDENTIAL_RULES } from "./credentials.ts";
import { KUBECONFIG_RULES } from "./kubeconfig.ts";
import { MAPPING_RULES } from "./mapping.ts";
import { NETWORK_RULES } from "./network.ts";

/** Every rule, in the order of the chain from kubeconfig to RBAC, and then what concerns the client itself. */
export const RULES: readonly Rule[] = [
  ...KUBECONFIG_RULES,
  ...CREDENTIAL_RULES,
  ...NETWORK_RULES,
  ...MAPPING_RULES,
  ...AWS_AUTH_RULES,
  ...AUTHORIZATION_RULES,
  ...CLIENT_RULES,
];

/** Names that a rule once had, with the name of what took its place. A name is never given to another rule. */
export const RETIRED_CODES: Readonly<Record<string, string>> = {};
