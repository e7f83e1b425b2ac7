import { commandWords, flagValue } from "../derive/kubeconfig/command-words.ts";

/** What a command is about, as far as its own flags say. */
interface Scope {
  readonly context: string | undefined;
  readonly cluster: string | undefined;
}

/** `--context` of a client; the cluster of an answer of EKS. */
export function scopeOf(command: string | undefined): Scope {
  const words = commandWords(command ?? "");
  const isOfCluster = words.includes("describe-cluster") || words.includes("update-kubeconfig");
  return {
    context: flagValue(words, "--context", "--kube-context"),
    cluster: flagValue(words, "--cluster-name") ?? (isOfCluster ? flagValue(words, "--name") : undefined),
  };
}

/** Why what a command printed has no part in a case: it says itself that it is about something else. */
export function otherScope(command: string | undefined, ofCase: Scope): string | undefined {
  const { context, cluster } = scopeOf(command);
  const isOther = (own: string | undefined, asked: string | undefined) =>
    own !== undefined && asked !== undefined && own !== asked;
  if (isOther(context, ofCase.context))
    return `it is of context ${context}, and ${ofCase.context} is asked about`;
  if (isOther(cluster, ofCase.cluster))
    return `it is of cluster ${cluster}, and ${ofCase.cluster} is asked about`;
  return undefined;
}
