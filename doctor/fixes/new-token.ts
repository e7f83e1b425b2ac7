import { sentence } from "../../token/command/sentence.ts";
import type { Facts } from "../derive/facts.ts";
import type { Action, Fix } from "./fix.ts";
import { kubectl } from "./kubectl.ts";

/**
 * A fix that changes who an admitted caller is to Kubernetes, with what makes that count for them at once: an API server
 * remembers for some time whom it let in by a token, and kubectl-vouch uses one until it ends. Other tools sign a new one for
 * each call; and whoever is refused gets a new one from us.
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
  const whoever = isOtherPrincipal ? ", if they use kubectl-vouch," : "";
  const description = sentence`${fix.description} Then whoever was refused runs${whoever} ${then}: a token keeps its groups for some minutes.`;
  return { ...fix, description };
}

function changesMapping(action: Action): boolean {
  if (action.kind === "create-access-entry" || action.kind === "delete-access-entry") return true;
  if (action.kind !== "run") return false;
  const words = [...action.verb, ...action.operands].join(" ");
  return /^eks update-access-entry\b|^(?:patch|edit) configmap aws-auth$/.test(words);
}
