import { VouchError } from "../../token/errors/errors.ts";
import { execStanza } from "../../token/kubeconfig/exec-stanza.ts";
import {
  type KubeconfigView,
  kubeconfigPaths,
  readKubeconfigs,
} from "../../token/kubeconfig/kubeconfig-files.ts";
import type { App } from "../app.ts";

/** Programs that give tokens for EKS. */
const EKS_PROGRAMS = ["kubectl-vouch", "vouch", "aws", "aws-iam-authenticator"];

/** Names of all contexts whose clusters are EKS, as far as the kubeconfig tells. Throws when there is none. */
export function eksContexts(app: App, kubeconfig: string | undefined): string[] {
  const view = readKubeconfigs(kubeconfigPaths(app, kubeconfig));
  const names = [...view.entries.contexts.keys()].filter((name) => isEks(view, name));
  if (names.length > 0) return names;
  throw new VouchError("context-missing", "The kubeconfig has no context of an EKS cluster.", {
    hint: "Make one: `kubectl vouch setup eks --cluster NAME`.",
  });
}

/** The namespace of the context; `default` when it names none, or the kubeconfig cannot be read. */
export function contextNamespace(
  app: App,
  { kubeconfig, context }: { readonly kubeconfig: string | undefined; readonly context: string | undefined },
): string {
  try {
    const view = readKubeconfigs(kubeconfigPaths(app, kubeconfig));
    const body = view.entries.contexts.get(context ?? view.currentContext?.name ?? "")?.body;
    const namespace = body?.["namespace"];
    return typeof namespace === "string" && namespace !== "" ? namespace : "default";
  } catch {
    return "default";
  }
}

function isEks({ entries }: KubeconfigView, name: string): boolean {
  const { cluster, user } = entries.contexts.get(name)?.body ?? {};
  const exec = execStanza(entries.users.get(String(user))?.body ?? {});
  const server = entries.clusters.get(String(cluster))?.body["server"];
  return (
    (exec !== undefined && EKS_PROGRAMS.includes(exec.program)) ||
    (typeof server === "string" && /\.eks\.|\.api\.aws(?:[:/]|$)/.test(server))
  );
}
