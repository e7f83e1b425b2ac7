import { isMap, isScalar, type Pair } from "yaml";
import { yamlDocument } from "../../../token/text/yaml.ts";

/** One entry of `mapRoles` or `mapUsers`, as it should read. */
export interface EntryText {
  readonly arn: string;
  readonly username: string;
  readonly groups: readonly string[];
}

export type SectionKey = "mapRoles" | "mapUsers";

/** A change of one entry; what it does not name stays as it is written. */
interface EntryChange extends Partial<EntryText> {
  readonly section: SectionKey;
  /** A key that does nothing, and gives way to the right one. */
  readonly drop?: string;
}

/**
 * The text of a section with one entry changed, in the spelling of keys that EKS reads; comments and the other entries
 * stay. Undefined when the text does not parse or has no such entry.
 */
export function changeEntry(text: string, index: number, change: EntryChange): string | undefined {
  const document = yamlDocument(text, { version: "1.1", uniqueKeys: false });
  const item = document.getIn([index], true);
  if (document.errors.length > 0 || !isMap(item)) return undefined;
  const { section, drop, arn, username, groups } = change;
  for (const [name, value] of Object.entries({ [arnKey(section)]: arn, username, groups })) {
    if (value === undefined) continue;
    const isReplaced = ({ key }: Pair) =>
      isScalar(key) && (String(key.value).toLowerCase() === name || key.value === drop);
    const at = item.items.findIndex(isReplaced);
    const kept = item.items.filter((pair) => !isReplaced(pair));
    item.items = kept.toSpliced(at < 0 ? kept.length : at, 0, document.createPair(name, value));
  }
  return document.toString({ lineWidth: 0 });
}

/** The text of a section without one entry. */
export function removeEntry(text: string, index: number): string | undefined {
  const document = yamlDocument(text, { version: "1.1", uniqueKeys: false });
  if (document.errors.length > 0 || !document.deleteIn([index])) return undefined;
  return document.toString({ lineWidth: 0 });
}

/** The text of a section with an entry more. */
export function addEntry(text: string, entry: EntryText, section: SectionKey): string {
  const kept = ["", '""', "''", "``", "[]", "null"].includes(text.trim()) ? "" : `${text.trimEnd()}\n`;
  const groups = entry.groups.map((group) => `    - ${quoted(group)}\n`).join("");
  const lines = `- ${arnKey(section)}: ${quoted(entry.arn)}\n  username: ${quoted(entry.username)}\n`;
  return `${kept}${lines}${groups === "" ? "" : `  groups:\n${groups}`}`;
}

function arnKey(section: SectionKey): "rolearn" | "userarn" {
  return section === "mapRoles" ? "rolearn" : "userarn";
}

/** As YAML takes it for a text: a `{{template}}` at the beginning would be a map, and so would a colon at the end. */
function quoted(text: string): string {
  return /^[A-Za-z][\w:@./-]*(?:\{\{\w+\}\})*$/.test(text) &&
    !/:$|^(?:true|false|yes|no|on|off|null)$/i.test(text)
    ? text
    : JSON.stringify(text);
}
