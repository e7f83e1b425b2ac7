import { unlessThrown } from "../../token/errors/errors.ts";
import { detectAiAgent } from "../../token/hot/ai-agent.ts";
import { askedBy, isAwsQuestion, type Question } from "../../token/hot/question.ts";
import { type VouchStanza, vouchStanza } from "../../token/kubeconfig/exec-stanza.ts";
import type { StatedIdentity } from "../../token/kubeconfig/identity.ts";
import { kubeconfigPaths, readKubeconfigs } from "../../token/kubeconfig/kubeconfig-files.ts";
import type { KubeconfigView } from "../../token/kubeconfig/kubeconfig-view.ts";
import { isRecord } from "../../token/record.ts";
import type { App } from "../app.ts";

/** A context of the kubeconfig whose user is us. */
export interface VouchContext {
  readonly name: string;
  readonly isCurrent: boolean;
  /** File the context is in. */
  readonly path: string;
  readonly cluster: string;
  readonly namespace: string | undefined;
  readonly stanza: VouchStanza;
  /** Whether the client tells us which cluster it calls: `provideClusterInfo`. */
  readonly saysCluster: boolean;
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
        saysCluster: isRecord(user?.body["exec"]) && user.body["exec"]["provideClusterInfo"] === true,
        isCurrent: view.currentContext?.name === name,
        cluster: String(body["cluster"] ?? ""),
        namespace: typeof body["namespace"] === "string" ? body["namespace"] : undefined,
      },
    ];
  });
}

/** Our contexts in these files; undefined if one cannot be read. */
export function contextsIn(paths: readonly string[]): VouchContext[] | undefined {
  return unlessThrown(() => vouchContexts(readKubeconfigs(paths)), undefined);
}

/** The context that asks this question, as far as the kubeconfig tells; kubectl does not say. Undefined: there is none. */
export function askingContext(app: App, question: Question): VouchContext | undefined {
  const { cluster, region } = question;
  const agent = detectAiAgent((name) => app.env[name]);
  const contexts = unlessThrown(() => vouchContexts(readKubeconfigs(kubeconfigPaths(app))), []);
  const asking = contexts.filter(
    ({ stanza }) =>
      stanza.clusterName === cluster &&
      (stanza.region ?? region) === region &&
      mayAsk(askedBy(agent, stanza.source, stanza.safeguards.agentRole), question),
  );
  return asking.find(({ isCurrent }) => isCurrent) ?? asking[0];
}

function mayAsk(source: StatedIdentity, question: Question): boolean {
  if (isAwsQuestion(question)) {
    if (source.kind === "vouch" || source.role !== question.role) return false;
    return source.profile === question.profile;
  }
  const { role, server } = question;
  return source.kind === "vouch" && (source.role ?? role) === role && (source.server ?? server) === server;
}
