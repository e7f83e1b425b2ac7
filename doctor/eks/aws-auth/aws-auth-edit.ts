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

export function arnKey(section: SectionKey): "rolearn" | "userarn" {
  return section === "mapRoles" ? "rolearn" : "userarn";
}

/** A value that YAML reads as text: a `{{template}}` at the beginning would be a map, and so would a colon at the end. */
function quoted(text: string): string {
  return /^[A-Za-z][\w:@./-]*(?:\{\{\w+\}\})*$/.test(text) &&
    !/:$|^(?:true|false|yes|no|y|n|on|off|null)$/i.test(text)
    ? text
    : JSON.stringify(text);
}
