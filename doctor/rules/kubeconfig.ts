import type { Rule } from "../rule.ts";
import { kubeconfigBroken } from "./kubeconfig-broken.ts";
import { kubeconfigCurrentContext } from "./kubeconfig-current-context.ts";
import { kubeconfigMissingEntry } from "./kubeconfig-missing-entry.ts";
import { kubeconfigNone } from "./kubeconfig-none.ts";
import { kubeconfigOutpostClusterId } from "./kubeconfig-outpost-cluster-id.ts";
import { kubeconfigShadowedEntry } from "./kubeconfig-shadowed-entry.ts";
import { kubeconfigSharedUser } from "./kubeconfig-shared-user.ts";
import { kubeconfigStaticToken } from "./kubeconfig-static-token.ts";
import { pluginApiVersion } from "./plugin-api-version.ts";
import { pluginArguments } from "./plugin-arguments.ts";
import { pluginClusterName } from "./plugin-cluster-name.ts";
import { pluginCrash } from "./plugin-crash.ts";
import { pluginInteractiveMode } from "./plugin-interactive-mode.ts";
import { pluginNotFound } from "./plugin-not-found.ts";
import { pluginOutput } from "./plugin-output.ts";
import { pluginPolicyDenied } from "./plugin-policy-denied.ts";
import { pluginVersionMismatch } from "./plugin-version-mismatch.ts";

/** What stands in kubeconfig files, and how the plugin that they name starts and answers: rows K1 to K17. */
export const KUBECONFIG_RULES: readonly Rule[] = [
  kubeconfigBroken,
  kubeconfigNone,
  kubeconfigMissingEntry,
  kubeconfigCurrentContext,
  kubeconfigShadowedEntry,
  kubeconfigSharedUser,
  kubeconfigStaticToken,
  kubeconfigOutpostClusterId,
  pluginApiVersion,
  pluginInteractiveMode,
  pluginArguments,
  pluginClusterName,
  pluginNotFound,
  pluginPolicyDenied,
  pluginCrash,
  pluginOutput,
  pluginVersionMismatch,
];
