import { kubectl } from "../../token/command/command.ts";
import { sentence } from "../../token/command/sentence.ts";
import type { Facts } from "../derive/facts.ts";
import type { Action, Fix } from "./fix.ts";

/**
 * Adds to a fix that changes the Kubernetes identity of an accepted caller how to make it take effect at once: an API server
 * caches for some time who a token belongs to, and kubectl-vouch reuses a token until it expires. Other tools sign a new one for
 * each call; and after a 401 ours signs a new one, too.
 *
 * Source: kubernetes/kubernetes, pkg/kubeapiserver/options/authentication.go, TokenSuccessCacheTTL, 10 seconds; and
 * --authentication-token-webhook-cache-ttl, 2 minutes unless it is set.
 */
export function withNewToken(
  fix: Fix,
  { symptom, exec, isOtherPrincipal }: Pick<Facts, "symptom" | "exec" | "isOtherPrincipal">,
): Fix {
  const keepsToken = isOtherPrincipal || exec?.tool === "kubectl-vouch";
  if (!keepsToken || symptom?.kind !== "forbidden" || fix.actions?.some(changesMapping) !== true) return fix;
  const then = kubectl("vouch cache clear");
  const user = isOtherPrincipal ? "the user, if they use kubectl-vouch, " : "the caller ";
  const description = sentence`${fix.description} Then ${user}must run ${then}: a token keeps its groups for a few minutes.`;
  return { ...fix, description };
}

function changesMapping(action: Action): boolean {
  if (action.kind === "create-access-entry" || action.kind === "delete-access-entry") return true;
  if (action.kind !== "run") return false;
  const words = [...action.verb, ...action.operands].join(" ");
  return /^eks update-access-entry\b|^(?:patch|edit) configmap aws-auth$/.test(words);
}
