import { isProviderAlone } from "../derive/client/client-kind.ts";
import type { Facts } from "../derive/facts.ts";
import type { Action, Fix } from "./fix.ts";
import { terraformExec } from "./terraform-exec.ts";

/**
 * The fixes without those that change a kubeconfig, if the client reads none: a provider block of Terraform has the cluster and an
 * exec block of its own.
 */
export function fitsClient(fixes: readonly Fix[], facts: Facts): readonly Fix[] {
  if (!isProviderAlone(facts)) return fixes;
  const fitting = fixes.filter(({ actions = [] }) => !actions.some(needsKubeconfig));
  return fitting.length === 0 && fixes.length > 0
    ? [terraformExec(facts, "Use this exec block in the provider block.")]
    : fitting;
}

function needsKubeconfig(action: Action): boolean {
  if (action.kind === "setup-eks" || action.kind === "set-exec") return true;
  if (action.kind !== "run") return false;
  const command = [action.program, ...action.verb].join(" ");
  return /^(?:kubectl config |aws eks update-kubeconfig|kubectl vouch setup eks)/.test(`${command} `);
}
