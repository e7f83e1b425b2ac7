import { type Document, isMap, isScalar, isSeq, type Pair } from "yaml";
import { YamlRefused, yamlDocument, yamlText } from "../../../token/text/yaml.ts";
import { type AwsAuthEntry, readSection } from "./aws-auth-section.ts";

/** One entry of `mapRoles` or `mapUsers`, as it should be. */
export interface EntryText {
  readonly arn: string;
  readonly username: string;
  readonly groups: readonly string[];
}

export type SectionKey = "mapRoles" | "mapUsers";

/** A change of one entry; fields that are not given stay as written. */
interface EntryChange extends Partial<EntryText> {
  readonly section: SectionKey;
  /** A key that has no effect, and is replaced by the right one. */
  readonly drop?: string;
}

/**
 * The text of a section with one entry changed, with keys spelled as EKS reads them; comments and other entries stay. Undefined
 * if the text does not parse or has no such entry, if EKS would not read the change, or if it would read the other entries
 * differently.
 */
export function changeEntry(text: string, index: number, change: EntryChange): string | undefined {
  const { section, drop, arn, username, groups } = change;
  const changed = rewritten(text, (document) => {
    const item = document.getIn([index], true);
    if (!isMap(item)) return false;
    for (const [name, value] of Object.entries({ [arnKey(section)]: arn, username, groups })) {
      if (value === undefined) continue;
      const isReplaced = ({ key }: Pair) =>
        isScalar(key) && (String(key.value).toLowerCase() === name || key.value === drop);
      const at = item.items.findIndex(isReplaced);
      const kept = item.items.filter((pair) => !isReplaced(pair));
      item.items = kept.toSpliced(at < 0 ? kept.length : at, 0, document.createPair(name, value));
    }
    return true;
  });
  const isOther = (one: AwsAuthEntry) => one.index !== index;
  const after = readWhole(changed, section);
  const own = after?.find((one) => !isOther(one));
  const before = entriesOf(text, section);
  const isKept = before !== undefined && isSame(after?.filter(isOther), before.filter(isOther));
  const isEffective = own === undefined ? arn === undefined : holds(own, { arn, username, groups });
  return isKept && isEffective ? changed : undefined;
}

/** Whether an entry has these values. */
function holds(
  entry: EntryText,
  wanted: { readonly [field in keyof EntryText]: EntryText[field] | undefined },
) {
  const { arn = entry.arn, username = entry.username, groups = entry.groups } = wanted;
  return isSame(withoutIndex(entry), { arn, username, groups });
}

/** The text of a section without one entry; undefined as for `changeEntry`. */
export function removeEntry(text: string, index: number, section: SectionKey): string | undefined {
  const without = rewritten(text, (document) => document.deleteIn([index]));
  const others = entriesOf(text, section)
    ?.filter((one) => one.index !== index)
    .map((one) => (one.index > index ? { ...one, index: one.index - 1 } : one));
  return others !== undefined && isSame(readWhole(without, section), others) ? without : undefined;
}

/** All entries come from the same reader, so their fields are in the same order. */
function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** The text of a list after a change; undefined if it is no list, if the change fails, or if an alias would lose its anchor. */
function rewritten(text: string, change: (document: Document) => boolean): string | undefined {
  try {
    const document = yamlDocument(text, { version: "1.1", uniqueKeys: false });
    const isList = document.errors.length === 0 && isSeq(document.contents);
    return isList && change(document) ? yamlText(document) : undefined;
  } catch (error) {
    if (error instanceof YamlRefused) return undefined;
    throw error;
  }
}

/** The text of a section with one more entry, indented like the others; undefined if EKS would not read it there. */
export function addToSection(text: string, entry: EntryText, section: SectionKey): string | undefined {
  const [, indent = ""] = /^( *)-(?= |$)/m.exec(text) ?? [];
  const added = newEntry(entry, section).replaceAll(/^(?=.)/gm, indent);
  const isEmpty = ["", '""', "''", "``", "[]", "null"].includes(text.trim());
  const whole = isEmpty ? added : `${text.trimEnd()}\n${added}`;
  const before = entriesOf(text, section);
  if (before === undefined) return undefined;
  const expected = [...before.map(withoutIndex), entry];
  return isSame(readWhole(whole, section)?.map(withoutIndex), expected) ? whole : undefined;
}

/** A section with only this entry. */
export function newEntry(entry: EntryText, section: SectionKey): string {
  const groups = entry.groups.map((group) => `    - ${quoted(group)}\n`).join("");
  const lines = `- ${arnKey(section)}: ${quoted(entry.arn)}\n  username: ${quoted(entry.username)}\n`;
  return `${lines}${groups === "" ? "" : `  groups:\n${groups}`}`;
}

function withoutIndex({ arn, username, groups }: EntryText): EntryText {
  return { arn, username, groups };
}

/** Undefined if it is not clear how EKS reads the text. */
function entriesOf(text: string, section: SectionKey): readonly AwsAuthEntry[] | undefined {
  return readSection(text, arnKey(section))?.entries;
}

/** The entries of a text; undefined if there is no text, or if EKS does not read it to its end. */
function readWhole(text: string | undefined, section: SectionKey): readonly AwsAuthEntry[] | undefined {
  if (text === undefined) return undefined;
  const read = readSection(text, arnKey(section));
  return read?.syntaxError === undefined && read?.unread === "" ? read.entries : undefined;
}

function arnKey(section: SectionKey): "rolearn" | "userarn" {
  return section === "mapRoles" ? "rolearn" : "userarn";
}

/** A value that YAML reads as text: a `{{template}}` at the beginning would be a map, and so would a colon at the end. */
function quoted(text: string): string {
  return /^[A-Za-z][\w:@./-]*(?:\{\{\w+\}\})*$/.test(text) &&
    !/:$|^(?:true|false|yes|no|y|n|on|off|null)$/i.test(text)
    ? text
    : JSON.stringify(text);
}

/** A change of aws-auth: one entry more, another or less, or, where a text is no list of entries, a whole new text. */
export type AwsAuthEdit =
  | { readonly section: SectionKey; readonly from?: EntryText; readonly to?: EntryText }
  | { readonly key: string; readonly before: string | undefined; readonly after: string | null };

type EntryEdit = Extract<AwsAuthEdit, { readonly section: SectionKey }>;
type TextEdit = Exclude<AwsAuthEdit, EntryEdit>;

/** Texts of aws-auth by key; null removes one. */
export type AwsAuthTexts = Readonly<Record<string, string | null>>;

/** The edits that lead from the old texts to the new ones. */
export function editsBetween(before: Readonly<Record<string, string>>, after: AwsAuthTexts): AwsAuthEdit[] {
  return Object.entries(after).flatMap(([key, text]): AwsAuthEdit[] => {
    const old = before[key];
    const edits = isSection(key) && text !== null ? entryEdits(old ?? "", text, key) : undefined;
    return edits ?? [{ key, before: old, after: text }];
  });
}

function isSection(key: string): key is SectionKey {
  return key === "mapRoles" || key === "mapUsers";
}

/** Undefined if the texts do not differ by entries alone. */
function entryEdits(before: string, after: string, section: SectionKey): EntryEdit[] | undefined {
  const old = faultless(before, section);
  const now = faultless(after, section);
  if (old === undefined || now === undefined) return undefined;
  if (now.length > old.length) {
    const isKept = old.every((entry, index) => isSame(entry, now[index]));
    return isKept ? now.slice(old.length).map((to) => ({ section, to })) : undefined;
  }
  if (now.length === old.length)
    return old.flatMap((from, index) => {
      const to = now[index];
      return to === undefined || isSame(from, to) ? [] : [{ section, from, to }];
    });
  const gone = old.findIndex((entry, index) => !isSame(entry, now[index]));
  const from = old[gone];
  return from !== undefined && isSame(old.toSpliced(gone, 1), now) ? [{ section, from }] : undefined;
}

/** The entries of a text, if EKS reads all of it as entries. */
function faultless(text: string, section: SectionKey): EntryText[] | undefined {
  const problems = readSection(text, arnKey(section))?.problems ?? [];
  return problems.length > 0 ? undefined : readWhole(text, section)?.map(withoutIndex);
}

/** The texts that change when all edits are made to the same ConfigMap; undefined if two of them exclude each other. */
export function mergeEdits(
  texts: Readonly<Record<string, string>>,
  edits: readonly AwsAuthEdit[],
): AwsAuthTexts | undefined {
  const whole = edits.filter((edit) => "key" in edit);
  const result = new Map<string, string | null>();
  for (const [key, same] of Map.groupBy(whole, (edit) => edit.key)) {
    const text = mergedText(texts[key], same);
    if (text === undefined || edits.some((edit) => "section" in edit && edit.section === key))
      return undefined;
    result.set(key, text);
  }
  const ofEntries = edits.filter((edit) => "section" in edit);
  for (const [section, same] of Map.groupBy(ofEntries, (edit) => edit.section)) {
    const text = mergedSection(texts[section] ?? "", same, section);
    if (text === undefined) return undefined;
    result.set(section, text);
  }
  return Object.fromEntries(result);
}

function mergedText(current: string | undefined, edits: readonly TextEdit[]): string | null | undefined {
  const [first] = edits;
  const isOne = edits.every(({ before, after }) => before === current && after === first?.after);
  return isOne ? first?.after : undefined;
}

function mergedSection(text: string, edits: readonly EntryEdit[], section: SectionKey): string | undefined {
  let current: string | undefined = text;
  const changed = Map.groupBy(
    edits.filter(({ from }) => from !== undefined),
    ({ from }) => JSON.stringify(from),
  );
  for (const same of changed.values()) {
    current = current === undefined ? undefined : withChange(current, same, section);
  }
  for (const { from, to } of edits)
    if (from === undefined && to !== undefined && current !== undefined)
      current = withEntry(current, to, section);
  return current;
}

/** Several edits of one entry: either all remove it, or they differ in groups alone, which are united. */
function withChange(text: string, edits: readonly EntryEdit[], section: SectionKey): string | undefined {
  const [first] = edits;
  const own = lastEntry(text, section, (entry) => isSame(withoutIndex(entry), first?.from));
  if (own === undefined) return undefined;
  const targets = edits.map(({ to }) => to);
  return targets.every((to) => to === undefined)
    ? removeEntry(text, own.index, section)
    : withFields(text, section, own, targets);
}

/** One more entry; if its principal has one, with the same username, that one gets the groups. */
function withEntry(text: string, entry: EntryText, section: SectionKey): string | undefined {
  const own = lastEntry(text, section, ({ arn }) => arn.toLowerCase() === entry.arn.toLowerCase());
  return own === undefined
    ? addToSection(text, entry, section)
    : withFields(text, section, own, [own, entry]);
}

/** An entry as it is to be after several edits: changes the fields that differ, and leaves the others as they are written. */
function withFields(
  text: string,
  section: SectionKey,
  own: AwsAuthEntry,
  targets: readonly (EntryText | undefined)[],
): string | undefined {
  const to = united(targets);
  if (to === undefined) return undefined;
  const change = {
    ...(to.arn.toLowerCase() === own.arn.toLowerCase() ? {} : { arn: to.arn }),
    ...(to.username === own.username ? {} : { username: to.username }),
    ...(isSame(to.groups, own.groups) ? {} : { groups: to.groups }),
  };
  return Object.keys(change).length === 0 ? text : changeEntry(text, own.index, { section, ...change });
}

function lastEntry(text: string, section: SectionKey, holds: (entry: AwsAuthEntry) => boolean) {
  return entriesOf(text, section)?.findLast(holds);
}

/** The groups of all, if they map the same principal to the same username. */
function united(entries: readonly (EntryText | undefined)[]): EntryText | undefined {
  const [first] = entries;
  const known = entries.filter((entry) => entry !== undefined);
  const isOne = known.every(
    ({ arn, username }) => arn.toLowerCase() === first?.arn.toLowerCase() && username === first.username,
  );
  if (first === undefined || known.length < entries.length || !isOne) return undefined;
  const { arn, username } = first;
  return { arn, username, groups: [...new Set(known.flatMap(({ groups }) => groups))] };
}
