import { isDeepStrictEqual } from "node:util";
import { type IniSection, type IniSetting, parseIni } from "../../token/aws/ini-file.ts";
import { entryOfHeader } from "../../token/aws/sources/shared-files.ts";
import { VouchError } from "../../token/errors/errors.ts";
import { applySplices, type Splice } from "../../token/text/splices.ts";
import type { ChangedEntry } from "./setup-journal.ts";
import { lineEnding, lineStart, nextLine } from "./yaml/line-offsets.ts";

/** What becomes of a section of an AWS config. */
export interface SectionEdit extends ChangedEntry {
  /**
   * By key, in the order in which new ones are written; undefined removes the key. A text is the whole section, for one that is not
   * in the file. Undefined removes the section, with the comments in it.
   */
  readonly content: Readonly<Record<string, string | undefined>> | string | undefined;
}

/**
 * The AWS config with some sections changed, each by at most one edit, and every other byte as it was. Missing sections are added
 * at the end. The result is read again and compared before it is returned.
 * Throws `aws-config-invalid` when the file cannot be read, or has such a section or one of its keys twice.
 */
export function editAwsConfig(text: string, path: string, edits: readonly SectionEdit[]): string {
  const { sections } = parseIni(text, path);
  const find = sectionFinder(sections, path);
  const found = edits.map((edit) => ({ edit, section: find(edit) }));
  const splices = found.flatMap(({ edit, section }) =>
    section === undefined ? [] : spliced(text, path, { section, edit }),
  );
  const added = found.flatMap(({ edit, section }) =>
    section === undefined && edit.content !== undefined ? [edit] : [],
  );
  const edited = appended(applySplices(text, splices), added);
  const editOf = new Map(
    found.flatMap(({ edit, section }) => (section === undefined ? [] : [[section, edit]])),
  );
  const expected = [
    ...sections.flatMap((section) => expectedSection(section, editOf.get(section))),
    ...added.flatMap((edit) => expectedAddition(edit, path)),
  ];
  if (isDeepStrictEqual(contentOf(parseIni(edited, path).sections), expected)) return edited;
  throw new VouchError(
    "internal",
    `${path} was left unchanged: the edit would not have had the intended result.`,
  );
}

/** The lines of a section, with the comments in it; undefined if the file does not contain it. */
export function sectionTexts(text: string, path: string): (entry: ChangedEntry) => string | undefined {
  const find = sectionFinder(parseIni(text, path).sections, path);
  return (entry) => {
    const section = find(entry);
    return section && text.slice(startOf(text, section), section.end);
  };
}

/** Header line of a section. Only that of the profile `default` lacks the kind. */
function headerOf({ section, name }: ChangedEntry): string {
  return section === "profile" && name === "default" ? "[default]" : `[${section} ${name}]`;
}

/** Finds the section of an entry. Throws `aws-config-invalid` if there are two. */
function sectionFinder(
  sections: readonly IniSection[],
  path: string,
): (entry: ChangedEntry) => IniSection | undefined {
  const keyOf = ({ section, name }: ChangedEntry) => `${section} ${name}`;
  const byKey = Map.groupBy(sections, ({ header }) => {
    const entry = entryOfHeader(header);
    return entry && keyOf(entry);
  });
  return (entry) => {
    const [first, second] = byKey.get(keyOf(entry)) ?? [];
    if (second === undefined) return first;
    const what = entry.section === "profile" ? "Profile" : entry.section;
    throw new VouchError(
      "aws-config-invalid",
      `${what} ${entry.name} appears twice in ${path}, in lines ${first?.line} and ${second.line}.`,
      {
        hint: "Merge the two and try again.",
      },
    );
  };
}

function appended(text: string, edits: readonly SectionEdit[]): string {
  if (edits.length === 0) return text;
  const newline = lineEnding(text);
  const blocks = edits.map(({ content, ...entry }) => {
    if (typeof content === "string") return `${content}${newline}`;
    const lines = Object.entries(content ?? {}).flatMap(([key, value]) =>
      value === undefined ? [] : [`${key} = ${value}`],
    );
    return `${[headerOf(entry), ...lines].join(newline)}${newline}`;
  });
  const isEmpty = text.replace("\ufeff", "").trim() === "";
  const gap = isEmpty || /\n\r?\n$/.test(text) ? "" : text.endsWith("\n") ? newline : newline + newline;
  return `${text}${gap}${blocks.join(newline)}`;
}

/** A byte order mark is the file's, not that of its first line. */
function startOf(text: string, { start }: Pick<IniSection, "start">): number {
  return Math.max(lineStart(text, start), text.startsWith("\ufeff") ? 1 : 0);
}

function removal(text: string, section: IniSection): Splice {
  const start = startOf(text, section);
  const end = nextLine(text, section.end);
  const isBlank = (from: number, to: number) => text.slice(from, to).trim() === "";
  const before = start > 0 ? startOf(text, { start: start - 1 }) : start;
  const isGapLeft = before < start && isBlank(before, start) && isBlank(end, nextLine(text, end));
  return { start: isGapLeft ? before : start, end, text: "" };
}

function spliced(
  text: string,
  path: string,
  { section, edit }: { readonly section: IniSection; readonly edit: SectionEdit },
): Splice[] {
  const { settings } = section;
  const { content } = edit;
  if (content === undefined) return [removal(text, section)];
  if (typeof content === "string") throw new RangeError("expected a section that is not in the file");
  const indent = /^\s*/.exec(text.slice(settings[0]?.start ?? 0))?.[0] ?? "";
  return Object.entries(content).flatMap(([key, value]): Splice[] => {
    const [setting, second] = settings.filter((candidate) => candidate.key === key);
    if (second !== undefined) {
      throw new VouchError(
        "aws-config-invalid",
        `${path} sets ${key} of ${edit.section} ${edit.name} twice; the second is in line ${second.line}.`,
      );
    }
    if (setting === undefined) {
      if (value === undefined) return [];
      const line = `${lineEnding(text)}${settings.length === 0 ? "" : indent}${key} = ${value}`;
      return [{ start: section.end, end: section.end, text: line }];
    }
    if (value === undefined) return [{ start: setting.start, end: nextLine(text, setting.end), text: "" }];
    return setting.value === value
      ? []
      : [
          {
            start: setting.valueStart,
            end: setting.end,
            text: text[setting.valueStart - 1] === "=" ? ` ${value}` : value,
          },
        ];
  });
}

type SettingContent = readonly [key: string, value: string, bare: string, nested: unknown];
type Content = readonly { readonly header: string; readonly settings: readonly SettingContent[] }[];

function contentOf(sections: readonly IniSection[]): Content {
  return sections.map(({ header, settings }) => ({ header, settings: settings.map(contentOfSetting) }));
}

function contentOfSetting({ key, value, bare, nested }: IniSetting): SettingContent {
  return [key, value, bare, nested];
}

function expectedSection(section: IniSection, edit: SectionEdit | undefined): Content {
  if (edit === undefined) return contentOf([section]);
  const { content } = edit;
  return content === undefined || typeof content === "string"
    ? []
    : [{ header: section.header, settings: changed(section.settings, content) }];
}

function expectedAddition({ content, ...entry }: SectionEdit, path: string): Content {
  return typeof content === "string"
    ? contentOf(parseIni(content, path).sections)
    : [{ header: headerOf(entry).slice(1, -1), settings: changed([], content ?? {}) }];
}

function changed(
  old: readonly IniSetting[],
  content: Readonly<Record<string, string | undefined>>,
): readonly SettingContent[] {
  const known = new Set(old.map(({ key }) => key));
  const kept = old.flatMap((setting): SettingContent[] => {
    const value = content[setting.key];
    if (!Object.hasOwn(content, setting.key) || value === setting.value) return [contentOfSetting(setting)];
    return value === undefined ? [] : [[setting.key, value, value, {}]];
  });
  const added = Object.entries(content).flatMap(([key, value]): SettingContent[] =>
    value === undefined || known.has(key) ? [] : [[key, value, value, {}]],
  );
  return [...kept, ...added];
}
