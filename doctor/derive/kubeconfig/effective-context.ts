import type { DoctorEvidence, Question } from "../../evidence/evidence.ts";
import { commandWords, flagValue } from "./command-words.ts";
import type { KubeconfigReading } from "./kubeconfig-reading.ts";

/** The context in force, merged from all kubeconfig files as kubectl merges them. */
export interface EffectiveContext {
  readonly name: string;
  readonly body: Readonly<Record<string, unknown>>;
  /** The file that sets the current context; undefined if the question names the context. */
  readonly currentFrom: string | undefined;
  readonly namespace: string | undefined;
  readonly clusterName: string;
  /** Undefined: no file has the cluster that the context names. */
  readonly cluster: EffectiveEntry | undefined;
  readonly userName: string;
  readonly user: EffectiveEntry | undefined;
  /** Entries with the same names, hidden by an earlier file. */
  readonly shadowed: readonly {
    readonly section: "clusters" | "users" | "contexts";
    readonly name: string;
    readonly path: string;
    readonly shadowedBy: string;
  }[];
}

/** An entry, and the file that it is in. */
interface EffectiveEntry {
  readonly body: Readonly<Record<string, unknown>>;
  readonly path: string;
}

/** The context that the question names, otherwise the current one; undefined if there is none, or no file has it. */
export function effectiveContext(
  evidence: DoctorEvidence,
  reading: KubeconfigReading | undefined,
): EffectiveContext | undefined {
  const view = reading?.view;
  if (view === undefined) return undefined;
  const asked = contextAsked(evidence);
  const name = asked ?? view.currentContext?.name;
  const context = name === undefined ? undefined : view.entries.contexts.get(name);
  if (name === undefined || context === undefined) return undefined;
  const clusterName = textOf(context.body["cluster"]);
  const userName = textOf(context.body["user"]);
  const names = { contexts: name, clusters: clusterName, users: userName };
  const namespace = textOf(context.body["namespace"]);
  return {
    name,
    body: context.body,
    currentFrom: asked === undefined ? view.currentContext?.path : undefined,
    namespace: namespace === "" ? undefined : namespace,
    clusterName,
    cluster: view.entries.clusters.get(clusterName),
    userName,
    user: view.entries.users.get(userName),
    shadowed: view.shadowed.filter((entry) => entry.name === names[entry.section]),
  };
}

/** The context that the question names, or a flag of its command. */
export function contextAsked({ question }: { readonly question?: Question | undefined }): string | undefined {
  const words = commandWords(question?.command ?? "");
  return question?.context ?? flagValue(words, "--context", "--kube-context");
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}
