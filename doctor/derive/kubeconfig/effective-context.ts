import { VouchError } from "../../../token/errors/errors.ts";
import { parseKubeconfig } from "../../../token/kubeconfig/kubeconfig-document.ts";
import { type KubeconfigView, mergeKubeconfigs } from "../../../token/kubeconfig/kubeconfig-view.ts";
import { textMember } from "../../../token/record.ts";
import { type DoctorEvidence, knownValue, type Observation } from "../../evidence/evidence.ts";
import { commandWords, flagValue } from "./command-words.ts";

/** The kubeconfig files, read and merged as kubectl does. */
export interface KubeconfigReading {
  /** Undefined if a file is broken or could not be obtained, since then the result of the merge is not known. */
  readonly view: KubeconfigView | undefined;
  readonly broken: readonly BrokenFile[];
  /** Files that are in the list, but do not exist; kubectl skips them. */
  readonly missing: readonly string[];
}

interface BrokenFile {
  readonly path: string;
  /** Without the path and the full stop. */
  readonly why: string;
  /** True: kubectl may be able to read it. */
  readonly mayBeRead: boolean;
}

/** Undefined if no one looked at the files. */
export function readKubeconfigEvidence({
  kubeconfig,
}: Pick<DoctorEvidence, "kubeconfig">): KubeconfigReading | undefined {
  const files = knownValue(kubeconfig)?.files;
  if (files === undefined) return undefined;
  const texts = new Map<string, string>();
  const broken: BrokenFile[] = [];
  const missing: string[] = [];
  let unknown = false;
  for (const file of files) {
    if ("text" in file) {
      texts.set(file.path, file.text);
      broken.push(...brokenFile(file.path, file.text));
      continue;
    }
    // The path itself may contain any word.
    const why = file.failed.replace(`${file.path} cannot be read: `, "").replace(/\.$/, "");
    if (NOT_THERE.test(why)) missing.push(file.path);
    else if (UNREADABLE.test(why) || OURS_ALONE.test(why)) {
      broken.push({ path: file.path, why, mayBeRead: OURS_ALONE.test(why) });
    } else unknown = true;
  }
  const readable = broken.length === 0 && !unknown;
  const view = readable ? mergeKubeconfigs([...texts.keys()], (path) => texts.get(path)) : undefined;
  return { view, broken, missing };
}

/** How systems and people say that there is no such file. */
const NOT_THERE = /ENOENT|no such file|not there|does not exist|not exist|not found|missing|cannot find/i;

/** Messages for a file that kubectl cannot read either. */
const UNREADABLE =
  /EACCES|EPERM|permission denied|EISDIR|is a directory|is not a directory|links form a loop|without byte order mark|not UTF-8 text|is a socket/i;

/**
 * Messages for a file that kubectl may read, but we do not: it waits for a pipe, has no size limit, and reads UTF-16 with a byte
 * order mark.
 */
const OURS_ALONE =
  /UTF-16, \w+-endian, (?:and|but)|is a named pipe|is a device|more than (?:the \d+ (?:bytes )?)?we read|the limit (?:is|of) \d|^it (?:has|closes) too many /;

function brokenFile(path: string, text: string): BrokenFile[] {
  try {
    parseKubeconfig(text, path);
    return [];
  } catch (error) {
    if (!(error instanceof VouchError)) throw error;
    const why = error.message.replace(/^Cannot use kubeconfig .*?: /s, "").replace(/\.$/, "");
    return [{ path, why, mayBeRead: OURS_ALONE.test(why) }];
  }
}

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
  evidence: Parameters<typeof contextAsked>[0],
  reading: KubeconfigReading | undefined,
): EffectiveContext | undefined {
  const view = reading?.view;
  if (view === undefined) return undefined;
  const asked = contextAsked(evidence);
  const name = asked ?? view.currentContext?.name;
  const context = name === undefined ? undefined : view.entries.contexts.get(name);
  if (name === undefined || context === undefined) return undefined;
  const { body } = context;
  const clusterName = textMember(body, "cluster") ?? "";
  const userName = textMember(body, "user") ?? "";
  const names = { contexts: name, clusters: clusterName, users: userName };
  return {
    name,
    body,
    currentFrom: asked === undefined ? view.currentContext?.path : undefined,
    namespace: textMember(body, "namespace"),
    clusterName,
    cluster: view.entries.clusters.get(clusterName),
    userName,
    user: view.entries.users.get(userName),
    shadowed: view.shadowed.filter((entry) => entry.name === names[entry.section]),
  };
}

/** The context that the question names, or a flag of its command. */
export function contextAsked({
  question,
}: {
  readonly question?: Pick<Observation, "command" | "context"> | undefined;
}): string | undefined {
  const words = commandWords(question?.command ?? "");
  return question?.context ?? flagValue(words, "--context", "--kube-context");
}
