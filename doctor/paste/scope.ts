import { commandWords, flagValue } from "../derive/kubeconfig/command-words.ts";

/** What a command is about, as far as its own flags say. */
interface Scope {
  readonly context: string | undefined;
  readonly cluster: string | undefined;
  /** Who is impersonated. */
  readonly as: string | undefined;
}

/** `--context` of a client; the cluster of an answer of EKS. */
export function scopeOf(command: string | undefined): Scope {
  const words = commandWords(command ?? "");
  const isOfCluster = words.includes("describe-cluster") || words.includes("update-kubeconfig");
  return {
    context: flagValue(words, "--context", "--kube-context"),
    cluster: flagValue(words, "--cluster-name") ?? (isOfCluster ? flagValue(words, "--name") : undefined),
    as: flagValue(words, "--as", "--as-group"),
  };
}

/** Why the output of a command does not belong to the case: its own flags name something else. */
export function otherScope(command: string | undefined, ofCase: Scope): string | undefined {
  const { context, cluster, as } = scopeOf(command);
  const isOther = (own: string | undefined, asked: string | undefined) =>
    own !== undefined && asked !== undefined && own !== asked;
  if (isOther(context, ofCase.context))
    return `it is about context ${context}, but the failure is in ${ofCase.context}`;
  if (isOther(cluster, ofCase.cluster))
    return `it is about cluster ${cluster}, but the failure is in ${ofCase.cluster}`;
  return as === undefined || as === ofCase.as ? undefined : `it is about a different user (--as ${as})`;
}

/** The cluster that a context is named after: by its ARN, as the AWS CLI names it, or as eksctl does. */
export function clusterOfContext(context: string | undefined): string | undefined {
  const [, byArn, byHost] =
    /^arn:aws[\w-]*:eks:[\w-]+:\d{12}:cluster\/(.+)$|@([\w-]+)\.[\w-]+\.eksctl\.io$/.exec(context ?? "") ??
    [];
  return byArn ?? byHost;
}
