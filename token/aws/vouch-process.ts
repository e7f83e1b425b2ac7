/** The request in a `credential_process` of ours, or of upstream's `vouch`. */
export interface VouchProcess {
  readonly by: "kubectl-vouch" | "vouch";
  readonly role: string;
  readonly via: readonly string[];
  readonly server: string | undefined;
  readonly account: string | undefined;
}

/** The request that we write. */
interface VouchProcessCall extends Omit<VouchProcess, "by" | "server" | "account"> {
  /** The launcher: a name on the PATH, or its absolute path. */
  readonly command: string;
  readonly server?: string | undefined;
  readonly account?: string | undefined;
}

/**
 * Reads `"/path/kubectl-vouch" credential aws --role ARN …`. Undefined for any other program, and for upstream's
 * Identity Center form, which names no role.
 */
export function readVouchProcess(credentialProcess: string): VouchProcess | undefined {
  const words = splitWords(credentialProcess);
  const by = programOf(words);
  if (words === undefined || by === undefined) return undefined;
  const flags: Record<string, string[]> = Object.create(null);
  const args = words.slice(words.indexOf("credential"));
  if (args[0] !== "credential" || args[1] !== "aws") return undefined;
  for (let index = 2; index < args.length; index += 1) {
    const [, flag = "", glued] = /^--([a-z-]+)(?:=(.*))?$/s.exec(args[index] ?? "") ?? [];
    if (flag === "" || flag === "debug") continue;
    if (glued === undefined) index += 1;
    const value = glued ?? args[index];
    if (value !== undefined) flags[flag] = [...(flags[flag] ?? []), value];
  }
  const role = flags["role"]?.at(-1);
  if (role === undefined) return undefined;
  return {
    by,
    role,
    via: flags["via"] ?? [],
    server: flags["server"]?.at(-1),
    account: flags["account"]?.at(-1),
  };
}

/**
 * The command line to write. Undefined if the path of the command cannot be written so that every SDK reads it the same way: some
 * hand the line to a shell, some split it themselves, and ` #` begins a comment in the file.
 */
export function vouchProcessLine({
  command,
  role,
  via,
  server,
  account,
}: VouchProcessCall): string | undefined {
  const program = quotedProgram(command);
  if (program === undefined) return undefined;
  const optional = [
    ...(server === undefined ? [] : ["--server", server]),
    ...(account === undefined ? [] : ["--account", account]),
  ];
  const words = ["credential", "aws", "--role", role, ...via.flatMap((arn) => ["--via", arn]), ...optional];
  if (!words.every((word) => PLAIN_WORD.test(word))) return undefined;
  return [program, ...words].join(" ");
}

/** Has no special meaning to a shell, to shlex or in an INI file. */
const PLAIN_WORD = /^[\w@%+=:,./-]+$/;

function quotedProgram(command: string): string | undefined {
  if (PLAIN_WORD.test(command)) return command;
  if (/[\r\n"`$!]|\s[#;]|^[#;]/.test(command)) return undefined;
  const isWindowsPath = /^(?:[A-Za-z]:[\\/]|\\\\)/.test(command);
  return command.includes("\\") && !isWindowsPath ? undefined : `"${command}"`;
}

/** `kubectl-vouch`, `"C:\…\kubectl-vouch.exe"`, `kubectl vouch`, or upstream's `vouch`. */
function programOf(words: readonly string[] | undefined): VouchProcess["by"] | undefined {
  const [first, second] = words ?? [];
  const base = (first ?? "")
    .split(/[\\/]/)
    .at(-1)
    ?.toLowerCase()
    .replace(/\.exe$/, "");
  if (base === "kubectl-vouch" || base === "vouch") return base;
  return base === "kubectl" && second === "vouch" ? "kubectl-vouch" : undefined;
}

/**
 * Words as shlex and a shell split them. A backslash that separates folders of a Windows path is kept, as in botocore on Windows.
 * Undefined if a quote is not closed.
 */
function splitWords(line: string): string[] | undefined {
  const words: string[] = [];
  let word: string | undefined;
  let quote = "";
  for (let index = 0; index < line.length; index += 1) {
    const character = line[index] ?? "";
    const next = line[index + 1] ?? "";
    if (quote !== "" && character === quote) quote = "";
    else if (quote === "" && /["']/.test(character)) {
      quote = character;
      word ??= "";
    } else if (quote === "" && /\s/.test(character)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else if (
      character === "\\" &&
      quote !== "'" &&
      (/["\\]/.test(next) || (quote === "" && /[\s']/.test(next)))
    ) {
      word = (word ?? "") + next;
      index += 1;
    } else word = (word ?? "") + character;
  }
  if (word !== undefined) words.push(word);
  return quote === "" ? words : undefined;
}
