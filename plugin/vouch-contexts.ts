import { type VouchStanza, vouchStanza } from "../token/kubeconfig/exec-stanza.ts";
import type { KubeconfigView } from "../token/kubeconfig/kubeconfig-files.ts";

/** A context of the kubeconfig whose user is us. */
export interface VouchContext {
  readonly name: string;
  readonly isCurrent: boolean;
  /** File the context is in. */
  readonly path: string;
  readonly cluster: string;
  readonly namespace: string | undefined;
  readonly stanza: VouchStanza;
}

/** All contexts that get their credentials from us, as kubectl would see them. */
export function vouchContexts(view: KubeconfigView): VouchContext[] {
  return [...view.entries.contexts].flatMap(([name, { body, path }]) => {
    const user = view.entries.users.get(String(body["user"] ?? ""));
    const stanza = user && vouchStanza(user.body);
    if (stanza?.by !== "kubectl-vouch") return [];
    return [
      {
        name,
        path,
        stanza,
        isCurrent: view.currentContext?.name === name,
        cluster: String(body["cluster"] ?? ""),
        namespace: typeof body["namespace"] === "string" ? body["namespace"] : undefined,
      },
    ];
  });
}
