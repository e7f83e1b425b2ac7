import type { DoctorEvidence, Question } from "../../evidence/evidence.ts";
import { commandWords, flagValue } from "./command-words.ts";
import type { KubeconfigReading } from "./kubeconfig-reading.ts";

/** The context in force, merged from all kubeconfig files as kubectl merges them. */
export interface EffectiveContext {
  readonly name: string;
  readonly body: Readonly<Record<string, unknown>>;
  /** File that decided which context is current; undefined when the question names it. */
  readonly currentFrom: string | undefined;
  readonly namespace: string | undefined;
  readonly clusterName: string;
  /** Undefined: the context names a cluster that is in no file. */
  readonly cluster: EffectiveEntry | undefined;
  readonly userName: string;
  readonly user: EffectiveEntry | undefined;
  /** Entries of the same names that an earlier file hides. */
  readonly shadowed: readonly {
    readonly section: "clusters" | "users" | "contexts";
    readonly name: string;
    readonly path: string;
    readonly shadowedBy: string;
  }[];
}

/** An entry, and the file that has it. */
interface EffectiveEntry {
  readonly body: Readonly<Record<string, unknown>>;
  readonly path: string;
}

/** The context the question means, else the current one; undefined when there is none, or it is in no file. */
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

/** The context that the question, or a flag of its command, names. */
export function contextAsked({ question }: { readonly question?: Question | undefined }): string | undefined {
  const words = commandWords(question?.command ?? "");
  return question?.context ?? flagValue(words, "--context", "--kube-context");
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}
