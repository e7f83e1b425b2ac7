import { isDeepStrictEqual } from "node:util";
import { readSharedFiles, type SharedFiles, valuesOf } from "../../../token/aws/sources/shared-files.ts";
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
import { editAwsConfig, type SectionEdit, sectionTexts } from "../aws-config-edit.ts";
import { awsConfigReader } from "../changed-entries.ts";
import { currentContextOf } from "../kubeconfig-draft.ts";
import { type EntryEdit, editKubeconfig } from "../kubeconfig-edit.ts";
import type { ChangedEntry } from "../setup-journal.ts";

/** One value at three times: before our change, after it, and as it is now. Undefined: not there. */
interface ThreeStates<T = unknown> {
  readonly before: T | undefined;
  readonly ours: T | undefined;
  readonly now: T | undefined;
}

/** What is left when our change is undone. */
interface TakenBack<T = unknown> {
  readonly value: T | undefined;
  /** A user changed what we had changed, and that change was kept. */
  readonly kept: boolean;
}

/**
 * Takes our change back and keeps every other: what is still as we left it becomes what it was before. Maps are compared field by
 * field; what we added as a whole is removed or kept as a whole.
 */
function takeBack<T>({ before, ours, now }: ThreeStates<T>): TakenBack<T> {
  if (means(now, ours)) return { value: before, kept: false };
  if (means(now, before)) return { value: now, kept: false };
  if (!(isRecord(before) && isRecord(ours) && isRecord(now))) return { value: now, kept: now !== undefined };
  const fields = [...new Set([...Object.keys(now), ...Object.keys(before)])].map((key) => {
    const field = takeBack({ before: before[key], ours: ours[key], now: now[key] });
    return { key, ...field };
  });
  const filled = fields.filter(({ value }) => value !== undefined);
  return {
    value: Object.fromEntries(filled.map(({ key, value }) => [key, value])) as T,
    kept: fields.some(({ kept }) => kept),
  };
}

/** Whether two values mean the same to kubectl, which writes `env: null` and `provideClusterInfo: false` where nothing was. */
function means(one: unknown, other: unknown): boolean {
  return isDeepStrictEqual(withoutDefaults(one), withoutDefaults(other));
}

function withoutDefaults(value: unknown): unknown {
  if (value === null) return undefined;
  if (Array.isArray(value)) return value.map(withoutDefaults);
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key, field]) => field !== null && !(key === "provideClusterInfo" && field === false))
      .map(([key, field]) => [key, withoutDefaults(field)]),
  );
}

/**
 * Undoes what setup did to a context. One that we added is removed even if the user has since chosen a namespace for it,
 * which means nothing without the context.
 */
function takeBackContext(states: ThreeStates<KubeRecord>): TakenBack<KubeRecord> {
  const { before, ours, now } = states;
  if (before !== undefined || ours === undefined || now === undefined) return takeBack(states);
  const namespace = ours["namespace"];
  return takeBack({
    ...states,
    now: { ...now, ...(namespace === undefined ? { namespace: null } : { namespace }) },
  }).value === undefined
    ? { value: undefined, kept: false }
    : { value: now, kept: true };
}

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

/** Reads what a command did to profiles and sessions from the texts before and after it. */
export function awsConfigChanges(
  { path, before, after }: StepTexts,
  entries: readonly ChangedEntry[],
): EntryChange[] {
  const [old, ours] = [awsConfigReader(before, path), awsConfigReader(after, path)];
  return entries.map((entry) => ({
    ...entry,
    did: old(entry) === undefined ? "added" : ours(entry) === undefined ? "removed" : "updated",
  }));
}

interface SectionsBack {
  readonly edits: readonly SectionEdit[];
  readonly kept: readonly KeptEntry[];
}

/**
 * A text without what a command did to these profiles; settings that others added or changed since stay. The sessions that it
 * added are removed with the last profile that uses them.
 */
export function takeBackProfiles(
  now: string,
  texts: StepTexts & { readonly entries: readonly ChangedEntry[] },
): { readonly text: string; readonly kept: readonly KeptEntry[] } {
  const { path } = texts;
  const profiles = profilesTakenBack(now, texts);
  const text = editAwsConfig(now, path, profiles.edits);
  const sessions = sessionsTakenBack(text, texts);
  const told = sessions.kept.filter(({ name }) => texts.entries.some((entry) => isSession(entry, name)));
  return { text: editAwsConfig(text, path, sessions.edits), kept: [...profiles.kept, ...told] };
}

function isSession({ section, name }: ChangedEntry, wanted: string): boolean {
  return section === "sso-session" && name === wanted;
}

function profilesTakenBack(now: string, texts: Parameters<typeof takeBackProfiles>[1]): SectionsBack {
  const { path, before, after } = texts;
  const [old, ours, there] = [
    awsConfigReader(before, path),
    awsConfigReader(after, path),
    awsConfigReader(now, path),
  ];
  const textBefore = sectionTexts(before ?? "", path);
  const kept: KeptEntry[] = [];
  const edits = texts.entries.flatMap(({ section, name }): SectionEdit[] => {
    if (section !== "profile") return [];
    const entry = { section, name };
    const [was, made, settings] = [old(entry), ours(entry), there(entry)];
    if (settings === undefined) return made === undefined ? [{ ...entry, content: textBefore(entry) }] : [];
    const keys = [...new Set([...Object.keys(made ?? {}), ...Object.keys(was ?? {})])];
    const fields = keys.map((key) => ({
      key,
      ...takeBack({ before: was?.[key], ours: made?.[key], now: settings[key] }),
    }));
    if (fields.some((field) => field.kept)) kept.push({ ...entry, why: "changed" });
    const isNothingLeft =
      fields.every(({ value }) => value === undefined) &&
      Object.keys(settings).every((key) => keys.includes(key));
    if (was === undefined && isNothingLeft) return [{ ...entry, content: undefined }];
    const changed = fields.filter(({ key, value }) => value !== settings[key]);
    return [{ ...entry, content: Object.fromEntries(changed.map(({ key, value }) => [key, value])) }];
  });
  return { edits, kept };
}

/** A session that others have changed since stays, and so does one that a profile still uses. */
function sessionsTakenBack(now: string, { path, before, after }: StepTexts): SectionsBack {
  const [old, ours, there] = [filesOf(before, path), filesOf(after, path), filesOf(now, path)];
  const used = new Set(
    [...there.profiles.values()].map(({ settings }) => settings.get("sso_session")?.value),
  );
  const kept: KeptEntry[] = [];
  const edits = [...ours.ssoSessions.values()].flatMap((made): SectionEdit[] => {
    const entry = { section: "sso-session", name: made.name };
    const session = there.ssoSessions.get(made.name);
    if (session === undefined || old.ssoSessions.has(made.name)) return [];
    const isSame = isDeepStrictEqual(valuesOf(session), valuesOf(made));
    if (isSame && !used.has(made.name)) return [{ ...entry, content: undefined }];
    kept.push({ ...entry, why: isSame ? "used" : "changed" });
    return [];
  });
  return { edits, kept };
}

function filesOf(text: string | undefined, path: string): SharedFiles {
  return readSharedFiles({ path, text }, { path, text: undefined });
}
