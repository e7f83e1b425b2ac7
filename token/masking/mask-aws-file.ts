import { maskVariable } from "./mask-arguments.ts";
import { maskText } from "./mask-text.ts";
import { isSecretName, MASK, maskLines } from "./secret-names.ts";

/** `~/.aws/config` or `credentials` with secret settings masked, line for line, also in comments and nested settings. */
export function maskAwsFile(text: string): string {
  let hiddenBelow: number | undefined;
  return text
    .split("\n")
    .map((line) => {
      const indent = line.length - line.trimStart().length;
      const content = line.trim();
      if (hiddenBelow !== undefined && (indent > hiddenBelow || content === "")) return maskLines(line);
      hiddenBelow = undefined;
      const setting = settingOf(line);
      if (setting === undefined) return maskText(line);
      const { name, start } = setting;
      const value = line.slice(start).trimEnd();
      const end = line.slice(start + value.length);
      if (!isSecretName(name)) return `${line.slice(0, start)}${maskVariable(name, value)}${end}`;
      if (!/^\s*[#;]/.test(line)) hiddenBelow = indent;
      return value === "" ? line : `${line.slice(0, start)}${MASK}${end}`;
    })
    .join("\n");
}

/** `name = value`, `name: value`, `# name=value`: the name, and where its value begins. */
function settingOf(line: string): { readonly name: string; readonly start: number } | undefined {
  const separator = line.search(/[=:]/);
  if (separator < 0) return undefined;
  const name = line
    .slice(0, separator)
    .replace(/^[\s#;]+/, "")
    .trimEnd();
  const value = line.slice(separator + 1);
  return /^[\w.-]+$/.test(name) ? { name, start: line.length - value.trimStart().length } : undefined;
}
