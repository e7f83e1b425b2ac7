import { VouchError } from "../../errors/errors.ts";
import { type IniSection, parseIni } from "../ini-file.ts";

/**
 * The sections of a file. Throws `aws-config-invalid` with the line if the AWS CLI, unlike others, refuses the whole file: a byte
 * order mark, or a section or key that occurs twice.
 *
 * Source: doctor/AWS-CREDENTIALS.md, "Shared files".
 */
export function sectionsForCli(text: string, path: string): readonly IniSection[] {
  if (text.startsWith("\ufeff")) throw refused(path, 1, "it starts with a byte order mark");
  const { sections } = parseIni(text, path);
  const header = repeated(sections, (section) => section.header);
  if (header !== undefined) throw refused(path, header.line, `[${header.header}] appears twice`);
  for (const section of sections) {
    const setting = repeated(section.settings, ({ key }) => key);
    if (setting !== undefined)
      throw refused(path, setting.line, `${setting.key} appears twice in [${section.header}]`);
  }
  return sections;
}

function repeated<T>(items: readonly T[], nameOf: (item: T) => string): T | undefined {
  const seen = new Set<string>();
  return items.find((item) => seen.size === seen.add(nameOf(item)).size);
}

function refused(path: string, line: number, why: string): VouchError {
  return new VouchError("aws-config-invalid", `The AWS CLI cannot read ${path}: line ${line}: ${why}.`);
}
