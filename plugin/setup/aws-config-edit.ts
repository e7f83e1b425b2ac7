import { isDeepStrictEqual } from "node:util";
import { type IniSection, type IniSetting, parseIni } from "../../token/aws/ini-file.ts";
import { profileOf } from "../../token/aws/sources/shared-files.ts";
import { VouchError } from "../../token/errors/errors.ts";
import { applySplices, type Splice } from "../../token/text/splices.ts";
import { lineEnding, lineStart, nextLine } from "./yaml/line-offsets.ts";

interface ProfileEdit {
  /** Name of the profile. */
  readonly name: string;
  /** By key, in the order in which new ones are written; undefined removes the key. */
  readonly settings: Readonly<Record<string, string | undefined>>;
}

/**
 * The AWS config with some settings of one profile changed, and every other byte as it was. A missing profile
 * is added at the end. The result is read again and compared before it is returned.
 * Throws `aws-config-invalid` when the file cannot be read, or has the profile or one of the keys twice.
 */
export function editAwsProfile(text: string, path: string, edit: ProfileEdit): string {
  const { sections } = parseIni(text, path);
  const section = theSection(sections, path, edit.name);
  const edited =
    section === undefined ? appended(text, edit) : applySplices(text, spliced(text, path, { section, edit }));
  const expected = expectedSections(sections, section, edit);
  if (isDeepStrictEqual(contentOf(parseIni(edited, path).sections), expected)) return edited;
  throw new VouchError(
    "internal",
    `${path} was left unchanged: the edit would not have had the intended result.`,
  );
}

/** The AWS config without a profile; comments inside the profile go with it. */
export function removeAwsProfile(text: string, path: string, name: string): string {
  const section = theSection(parseIni(text, path).sections, path, name);
  if (section === undefined) return text;
  const start = lineStart(text, section.start);
  const end = nextLine(text, section.end);
  const isBlank = (from: number, to: number) => text.slice(from, to).trim() === "";
  const before = start > 0 ? lineStart(text, start - 1) : start;
  const from = before < start && isBlank(before, start) && isBlank(end, nextLine(text, end)) ? before : start;
  return text.slice(0, from) + text.slice(end);
}

/** Header line of a profile. Only that of `default` lacks the word `profile`. */
function profileHeader(name: string): string {
  return name === "default" ? "[default]" : `[profile ${name}]`;
}

function theSection(sections: readonly IniSection[], path: string, name: string): IniSection | undefined {
  const [first, second] = sections.filter(({ header }) => profileOf(header) === name);
  if (second === undefined) return first;
  throw new VouchError(
    "aws-config-invalid",
    `Profile ${name} appears twice in ${path}, in lines ${first?.line} and ${second.line}.`,
    {
      hint: "Merge the two and try again.",
    },
  );
}

function appended(text: string, { name, settings }: ProfileEdit): string {
  const newline = lineEnding(text);
  const lines = [
    profileHeader(name),
    ...Object.entries(settings).flatMap(([key, value]) => (value === undefined ? [] : [`${key} = ${value}`])),
  ];
  const isEmpty = text.replace("\ufeff", "").trim() === "";
  const gap = isEmpty || /\n\r?\n$/.test(text) ? "" : text.endsWith("\n") ? newline : newline + newline;
  return `${text}${gap}${lines.join(newline)}${newline}`;
}

function spliced(
  text: string,
  path: string,
  { section, edit }: { readonly section: IniSection; readonly edit: ProfileEdit },
): Splice[] {
  const { settings } = section;
  const indent = /^\s*/.exec(text.slice(settings[0]?.start ?? 0))?.[0] ?? "";
  return Object.entries(edit.settings).flatMap(([key, value]): Splice[] => {
    const [setting, second] = settings.filter((candidate) => candidate.key === key);
    if (second !== undefined) {
      throw new VouchError(
        "aws-config-invalid",
        `${path} sets ${key} of profile ${edit.name} twice; the second is in line ${second.line}.`,
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

function expectedSections(
  sections: readonly IniSection[],
  section: IniSection | undefined,
  edit: ProfileEdit,
): Content {
  const changed = (old: readonly IniSetting[]) => {
    const known = new Set(old.map(({ key }) => key));
    const kept = old.flatMap((setting): SettingContent[] => {
      const value = edit.settings[setting.key];
      if (!Object.hasOwn(edit.settings, setting.key) || value === setting.value)
        return [contentOfSetting(setting)];
      return value === undefined ? [] : [[setting.key, value, value, {}]];
    });
    const added = Object.entries(edit.settings).flatMap(([key, value]): SettingContent[] =>
      value === undefined || known.has(key) ? [] : [[key, value, value, {}]],
    );
    return [...kept, ...added];
  };
  if (section === undefined) {
    return [...contentOf(sections), { header: profileHeader(edit.name).slice(1, -1), settings: changed([]) }];
  }
  return contentOf(sections).map((content, index) =>
    sections[index] === section ? { ...content, settings: changed(section.settings) } : content,
  );
}
