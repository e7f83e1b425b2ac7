import { vouchStanza } from "../../../token/kubeconfig/exec-stanza.ts";
import {
  entriesOf,
  type KubeconfigDocument,
  type KubeRecord,
  parseKubeconfig,
  type Section,
} from "../../../token/kubeconfig/kubeconfig-document.ts";
import { ownedCluster, SECTION_NAMES } from "../../../token/kubeconfig/kubeconfig-view.ts";
import { isRecord } from "../../../token/record.ts";
import type { ChangedEntry } from "../file-change.ts";
import { currentContextOf } from "../kubeconfig-draft.ts";
import { type EntryEdit, editKubeconfig } from "../kubeconfig-edit.ts";
import { takeBack, takeBackContext } from "./take-back.ts";

/** What one command did to one file; undefined where there was no file. */
export interface StepTexts {
  readonly path: string;
  readonly before: string | undefined;
  readonly after: string | undefined;
}

/** An entry that stays, though setup had made or changed it. */
export interface KeptEntry extends ChangedEntry {
  /** `changed`: by someone else since. `used`: by a context, or for a session by a profile, of someone else. */
  readonly why: "changed" | "used";
}

/** What one command did to one entry. */
export interface EntryChange extends ChangedEntry {
  readonly did: "added" | "updated" | "removed";
  /** ARN of the cluster it is for, where the entry says it. */
  readonly clusterArn?: string;
  readonly cluster?: { readonly name: string; readonly region: string | undefined };
}

/** Reads what a command did from the texts before and after it. */
export function kubeconfigChange(texts: StepTexts, entry: ChangedEntry): EntryChange {
  const [before, after] = [texts.before, texts.after].map((text) => parseKubeconfig(text ?? "", texts.path));
  const [section, name] =
    entry.section === "current-context" ? (["contexts", entry.name] as const) : [entry.section, entry.name];
  const bodyIn = (document: KubeconfigDocument | undefined) =>
    entriesOf(document?.model ?? {}, section as Section).get(name);
  const [old, ours] = [bodyIn(before), bodyIn(after)];
  const body = ours ?? old ?? {};
  const arn = ownedCluster(body);
  const did = old === undefined ? "added" : ours === undefined ? "removed" : "updated";
  if (arn !== undefined) {
    const [, , , region, , resource = ""] = arn.split(":");
    return { ...entry, did, clusterArn: arn, cluster: { name: resource.replace(/^cluster\//, ""), region } };
  }
  const stanza = vouchStanza(body);
  return {
    ...entry,
    did,
    ...(stanza === undefined ? {} : { cluster: { name: stanza.clusterName, region: stanza.region } }),
  };
}

/**
 * A text without what a command did to these entries. What others changed since stays, and so do clusters and users that
 * a context of theirs uses: `otherContexts` are those of other files.
 */
export function takeBackEntries(
  now: string,
  texts: StepTexts & { readonly entries: readonly ChangedEntry[] },
  otherContexts: readonly KubeRecord[],
): { readonly text: string; readonly kept: readonly KeptEntry[] } {
  const document = parseKubeconfig(now, texts.path);
  const [before, ours] = [texts.before, texts.after].map((text) => parseKubeconfig(text ?? "", texts.path));
  if (before === undefined || ours === undefined) throw new RangeError("expected two documents");

  const results = texts.entries.filter(isEntryEdit).map(({ section, name }) => {
    const bodyIn = ({ model }: KubeconfigDocument) => entriesOf(model, section).get(name);
    const states = { before: bodyIn(before), ours: bodyIn(ours), now: bodyIn(document) };
    const { value, kept } = section === "contexts" ? takeBackContext(states) : takeBack(states);
    return { section, name, body: value, kept };
  });
  const contexts = [...otherContexts, ...contextsAfter(document, results)];
  const kept: KeptEntry[] = [];
  const edits: EntryEdit[] = [];
  for (const { section, name, body, kept: isChanged } of results) {
    const isUsed = body === undefined && contexts.some((context) => context[PARTS[section]] === name);
    const isThere = entriesOf(document.model, section).has(name);
    if (isUsed && isThere) kept.push({ section, name, why: "used" });
    else edits.push({ section, name, body });
    if (isChanged) kept.push({ section, name, why: "changed" });
  }
  const currentContext = currentContextBack(texts.entries, { before, ours, now: document });
  return {
    text: editKubeconfig(document, {
      entries: edits,
      ...(currentContext === undefined ? {} : { currentContext }),
    }),
    kept,
  };
}

/** The field by which a context names an entry of the section. */
const PARTS: Readonly<Record<Section, string>> = { clusters: "cluster", users: "user", contexts: "" };

function isEntryEdit(entry: ChangedEntry): entry is ChangedEntry & { readonly section: Section } {
  return SECTION_NAMES.some((section) => section === entry.section);
}

function contextsAfter({ model }: KubeconfigDocument, edits: readonly EntryEdit[]): KubeRecord[] {
  const contexts = entriesOf(model, "contexts");
  for (const { section, name, body } of edits) {
    if (section !== "contexts") continue;
    if (body === undefined) contexts.delete(name);
    else contexts.set(name, body);
  }
  return [...contexts.values()];
}

/** The name to put back, null for none; undefined when the command left it alone, or the user has chosen another since. */
function currentContextBack(
  entries: readonly ChangedEntry[],
  { before, ours, now }: Readonly<Record<"before" | "ours" | "now", KubeconfigDocument>>,
): string | null | undefined {
  const isOurs = entries.some(({ section }) => section === "current-context");
  if (!isOurs || currentContextOf(now) !== currentContextOf(ours)) return undefined;
  return Object.hasOwn(before.model, "current-context") ? currentContextOf(before) : null;
}

/** Whether a kubeconfig contains nothing that a user could miss: no entry, no setting, no comment. */
export function saysNothing(text: string, path: string): boolean {
  if (text.includes("#")) return false;
  const { apiVersion, kind, preferences, ...rest } = parseKubeconfig(text, path).model;
  const isEmpty = (value: unknown) =>
    value === null ||
    value === undefined ||
    value === "" ||
    (Array.isArray(value) && value.length === 0) ||
    (isRecord(value) && Object.keys(value).length === 0);
  return isEmpty(preferences) && Object.values(rest).every(isEmpty);
}
