import { maskText } from "./mask-text.ts";
import { isSecretName, looksRandom, MASK, maskLines } from "./secret-words.ts";

/** The value of a variable or setting: masked if its name says that it is a secret, else without the secrets in it. */
export function maskVariable(name: string, value: string): string {
  if (value !== "" && isSecretName(name)) return MASK;
  return maskWord(value);
}

/** The arguments of a command without secrets: `--token=x`; `--api-key x`; `-p x`; the password of `-u name:x`; `--from-literal=name=x`. */
export function maskArguments(args: readonly string[]): string[] {
  return args.map((arg, index) => {
    const flag = args[index - 1] ?? "";
    const isValue = !arg.startsWith("-") && arg !== "";
    if (isValue && (flag === "-p" || (flag.startsWith("-") && !flag.includes("=") && isSecretName(flag))))
      return MASK;
    if (isValue && /^(?:-u|--user)$/.test(flag)) return withoutPassword(arg);
    const literal = /^(--from-literal=)?[\w.-]{1,253}=(?=.)/s.exec(arg);
    if (literal !== null && (literal[1] !== undefined || flag === "--from-literal"))
      return `${literal[0]}${MASK}`;
    const equals = arg.indexOf("=");
    if (equals > 0 && isSecretName(arg.slice(0, equals)) && /^[\w.-]+$/.test(arg.slice(0, equals)))
      return arg.length > equals + 1 ? `${arg.slice(0, equals + 1)}${MASK}` : arg;
    const [flagged = ""] = /^-{1,2}[\w-]{1,100}=/.exec(arg) ?? [];
    return looksRandom(arg.slice(flagged.length)) ? `${flagged}${MASK}` : maskText(arg);
  });
}

function withoutPassword(user: string): string {
  const colon = user.indexOf(":");
  return colon < 0 || /^(?:arn|system):/.test(user) ? user : `${user.slice(0, colon + 1)}${MASK}`;
}

function maskWord(text: string): string {
  return looksRandom(text) ? MASK : maskText(text);
}

/** A copy of a JSON value without secrets: in fields named like secrets, `name` and `value` of variables, arguments, texts. */
export function maskJson<T>(value: T): T {
  return masked(value, "") as T;
}

function masked(value: unknown, field: string): unknown {
  if (typeof value === "string") return isSecretName(field) && value !== "" ? MASK : maskText(value);
  if (Array.isArray(value)) {
    return value.every((item) => typeof item === "string")
      ? maskList(value, field)
      : value.map((item) => masked(item, ""));
  }
  if (typeof value !== "object" || value === null) return value;
  const { name, value: content } = value as { name?: unknown; value?: unknown };
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key,
      key === "value" && typeof name === "string" && typeof content === "string"
        ? maskVariable(name, content)
        : masked(item, key),
    ]),
  );
}

function maskList(items: readonly string[], field: string): string[] {
  return isSecretName(field) ? items.map(() => MASK) : maskArguments(items);
}

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
