import {
  addToSection,
  arnKey,
  changeEntry,
  type EntryText,
  removeEntry,
  type SectionKey,
} from "./aws-auth-edit.ts";
import { readSection } from "./aws-auth-section.ts";

/** A change of aws-auth: one entry more, another or less, or, where a text is no list of entries, a whole new text. */
export type AwsAuthEdit =
  | { readonly section: SectionKey; readonly from?: EntryText; readonly to?: EntryText }
  | { readonly key: string; readonly before: string | undefined; readonly after: string | null };

type EntryEdit = Extract<AwsAuthEdit, { readonly section: SectionKey }>;
/** A change of an entry that exists. */
interface EntryChange {
  readonly section: SectionKey;
  readonly from: EntryText | undefined;
  readonly to: EntryText;
}

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
  const old = entriesOf(before, section);
  const now = entriesOf(after, section);
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
function entriesOf(text: string, section: SectionKey): EntryText[] | undefined {
  const read = readSection(text, arnKey(section));
  if (read === undefined || read.syntaxError !== undefined || read.unread !== "" || read.problems.length > 0)
    return undefined;
  return read.entries.map(({ arn, username, groups }) => ({ arn, username, groups }));
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
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
  const index = entryIndex(text, section, (entry) => isSame(entry, first?.from));
  if (index === undefined) return undefined;
  const targets = edits.map(({ to }) => to);
  if (targets.every((to) => to === undefined)) return removeEntry(text, index, section);
  const merged = united(targets);
  return merged && withFields(text, index, { section, from: first?.from, to: merged });
}

/** One more entry; if its principal has one, with the same username, that one gets the groups. */
function withEntry(text: string, entry: EntryText, section: SectionKey): string | undefined {
  const index = entryIndex(text, section, ({ arn }) => arn.toLowerCase() === entry.arn.toLowerCase());
  if (index === undefined) return addToSection(text, entry, section);
  const own = readSection(text, arnKey(section))?.entries.find((one) => one.index === index);
  const merged = united([own, entry]);
  return merged && withFields(text, index, { section, from: own, to: merged });
}

/** Changes the fields that differ, and leaves the others as they are written. */
function withFields(text: string, index: number, { section, from, to }: EntryChange) {
  const { arn, username, groups } = to;
  const change = {
    ...(arn.toLowerCase() === from?.arn.toLowerCase() ? {} : { arn }),
    ...(username === from?.username ? {} : { username }),
    ...(isSame(groups, from?.groups) ? {} : { groups }),
  };
  return Object.keys(change).length === 0 ? text : changeEntry(text, index, { section, ...change });
}

function entryIndex(
  text: string,
  section: SectionKey,
  holds: (entry: EntryText) => boolean,
): number | undefined {
  return readSection(text, arnKey(section))?.entries.findLast(({ arn, username, groups }) =>
    holds({ arn, username, groups }),
  )?.index;
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
