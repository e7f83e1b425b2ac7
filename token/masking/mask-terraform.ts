import { isSecretName, MASK } from "./secret-words.ts";

/** `name = …`, as Terraform's files and plans have it. */
const ARGUMENT =
  /^[ \t│|]*(?:[~+-]\/?[+-]?[ \t]+)?(?:"([A-Za-z_][\w.-]{0,100})"|([A-Za-z_][\w.-]{0,100}))[ \t]*=>?(.*)$/;

/** The beginning of a text over several lines. */
const HEREDOC = /<<-?[ \t]*"?(\w{1,60})"?[ \t\r]*$/;

/** A variable or an output, whose value stands under a name of another kind. */
const NAMED_BLOCK = /^[ \t]*(?:variable|output)[ \t]+"([^"\n]{1,100})"[ \t]*\{/;

/** A pair of a name and its value, such as environment variables and settings of a chart are. */
const PAIR = /\bname"?[ \t]*[=:][ \t]*"?([\w.-]{1,100})/;

/** A value of such a pair in YAML that is on the following lines. */
const BLOCK = /^([ \t]*)(?:-[ \t]+)?value:[ \t]*(?:&\S+[ \t]+)?[|>][+\-\d]{0,2}[ \t\r]*$/;

const STRING = /"(?:\\.?|[^"\\\n])*"?/g;

/** A value in a pair or in a block that has the name. */
const VALUE = /(\b(?:value|default)"?[ \t]*[=:][ \t]*)("(?:\\.|[^"\\\n])*")/g;

/** Names that are secret in Terraform's providers only. */
const KEYS = /(?:^|[._])(?:client_key|tls\.key)$/;

/** What is left open at the end of a line. */
interface Open {
  /** The word that ends a text over several lines, which is secret. */
  heredoc: string | undefined;
  /** The indentation above which lines of YAML are secret. */
  indent: number | undefined;
  /** A value in brackets that is secret: how many are open, and the indentation of its first line. */
  brackets: { readonly depth: number; readonly indent: number } | undefined;
  /** Whether a pair or a block has a secret name. */
  isNamed: boolean;
}

/**
 * A text with the secrets masked that Terraform's files and plans have in ways of their own: both sides of a change, lists, calls,
 * texts over several lines, and values under another name than the secret's.
 */
export function maskTerraform(text: string): string {
  if (!/[="]|value:/.test(text)) return text;
  const open: Open = { heredoc: undefined, indent: undefined, brackets: undefined, isNamed: false };
  return text
    .split("\n")
    .map((line) => maskLine(line, open))
    .join("\n");
}

function maskLine(line: string, open: Open): string {
  if (open.heredoc !== undefined) {
    if (line.trim() === open.heredoc) open.heredoc = undefined;
    return open.heredoc === undefined || line.trim() === "" ? line : MASK;
  }
  const indent = line.search(/\S/);
  if (open.indent !== undefined && (indent < 0 || indent > open.indent)) return line.replace(/\S.*/, MASK);
  open.indent = undefined;
  if (open.brackets !== undefined && (indent > open.brackets.indent || /^\s*[\]})]/.test(line)))
    return maskStrings(line, open);
  open.brackets = undefined;
  const [, quoted = "", name = quoted, value = ""] = ARGUMENT.exec(line) ?? [];
  if (isSecret(name) || (open.isNamed && /^(?:default|value)$/.test(name))) {
    open.heredoc = HEREDOC.exec(value)?.[1];
    return line.slice(0, line.length - value.length) + maskStrings(value, open, indent);
  }
  const named = NAMED_BLOCK.exec(line)?.[1] ?? PAIR.exec(line)?.[1];
  if (named !== undefined) open.isNamed = isSecret(named);
  if (open.isNamed && named === undefined) open.indent = BLOCK.exec(line)?.[1]?.length;
  const masked = open.isNamed ? line.replace(VALUE, `$1"${MASK}"`) : line;
  if (/\}[ \t,\])]*\r?$/.test(line)) open.isNamed = false;
  return masked;
}

function maskStrings(text: string, open: Open, first = 0): string {
  const plain = text.replace(STRING, "");
  const opened = (plain.match(/[[{(]/g) ?? []).length - (plain.match(/[\]})]/g) ?? []).length;
  const { depth = 0, indent = first } = open.brackets ?? {};
  open.brackets = depth + opened > 0 ? { depth: depth + opened, indent } : undefined;
  return text.replace(STRING, (string) => (string === '""' ? string : `"${MASK}"`));
}

function isSecret(name: string): boolean {
  return isSecretName(name) || KEYS.test(name);
}
