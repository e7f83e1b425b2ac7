import { applySplices, type Splice, withoutOverlaps } from "../text/splices.ts";
import { Lines, QuotedStrings } from "./layout.ts";
import { endsAsSecret, isMixed, isSecretName, MASK, maskLines } from "./secret-words.ts";
import { anchoredValue, isReference, type ValueSpan, valueSpan } from "./value-span.ts";

/** A word that may name a value: a flag, a variable, a key. */
const WORD = /-{0,2}[A-Za-z_][\w.-]*/g;

/** Names a value in `kubectl create secret generic`; the key has any name. */
const LITERAL = /--from-literal[=\s"',\\-]{1,20}[\w.-]{1,253}(?==)/y;

/** Words of prose behind a flag: `--token is required`. */
const PROSE =
  /^(?:is|are|was|were|must|and|or|requires?|required|needs?|flags?|options?|arguments?|not|may|can|cannot|has|have|for|to|with|without|from|in|on|if|of|does|value)$/i;

/** A word, or several written as one, such as a message has behind `token: `; no key looks so. */
const REASON = /^[A-Z]?[a-z]{1,15}(?:[A-Z][a-z]{1,15}){0,4}[.,;!]?$/;

/** What precedes a name within a sentence. A key of YAML begins its line, or follows a comma, a bracket or a dash. */
const WITHIN_SENTENCE = /[A-Za-z]:?[ \t]{1,4}$/;

/** No name of an anchor is longer, in characters. */
const LONGEST_ANCHOR = 200;

/** A text with the values masked whose names say that they are secrets. */
export function maskNamed(text: string): string {
  const splices: Splice[] = [];
  const anchors = new Set(text.match(/&[\w-]+/g));
  const aliases = new Set<string>();
  const lines = new Lines(text);
  let strings: QuotedStrings | undefined;
  let [begun, done] = [0, 0];
  for (const { 0: flag, index } of text.matchAll(WORD)) {
    if (begun <= index && index < done) continue;
    const literal = flag === "--from-literal" ? literalAt(text, index) : undefined;
    const word = literal ?? flag;
    const isLogin = /^-[pu]$/.test(word) || /^--(?:proxy-)?user$/.test(word);
    if (!isLogin && literal === undefined && !isSecretName(word)) continue;
    const found = valueSpan(lines, index, word);
    if (found === undefined) continue;
    if (found.values !== undefined) {
      for (const value of found.values)
        splices.push({ ...value, text: maskLines(text.slice(value.start, value.end)) });
      // Between the lines of YAML are comments, which have names of their own.
      if ("[{".includes(text[found.start] ?? "")) [begun, done] = [found.start, found.end];
      continue;
    }
    strings ??= new QuotedStrings(text);
    const isQuoted = literal !== undefined && /["']/.test(`${text[index - 1]}${literal}`);
    const end = isQuoted ? strings.endAround(found.start) : undefined;
    const value = withinString({ ...found, end: end ?? found.end }, lines, strings);
    const content = text.slice(value.start, value.end);
    if (content.length <= LONGEST_ANCHOR && anchors.has(content.replace(/^\*/, "&"))) {
      aliases.add(content.slice(1));
      continue;
    }
    const before = text.slice(Math.max(lines.startOf(index), index - 200), index);
    const hidden = isLogin
      ? maskLogin(word, content, before)
      : maskValue({ word, content, before, by: value.by });
    if (hidden === undefined || hidden === content) continue;
    splices.push({ start: value.start, end: value.end, text: hidden });
    [begun, done] = [value.start, value.end];
  }
  const hidden = applySplices(text, withoutOverlaps(splices));
  return aliases.size === 0 ? hidden : maskAnchors(hidden, aliases);
}

/** The flag with the key behind it. */
function literalAt(text: string, index: number): string | undefined {
  LITERAL.lastIndex = index;
  return LITERAL.exec(text)?.[0];
}

/** An unquoted value in a string ends with that string, and so does one whose closing quote is missing. */
function withinString(value: ValueSpan, lines: Lines, strings: QuotedStrings): ValueSpan {
  const isClosed = value.by === "quoted" && value.end < lines.endOf(value.start);
  const end = isClosed ? undefined : strings.endAround(value.start);
  return end === undefined ? value : { ...value, end: Math.min(value.end, end) };
}

interface NamedValue {
  readonly word: string;
  readonly content: string;
  /** The line up to the name. */
  readonly before: string;
  readonly by: ValueSpan["by"];
}

/** The mask of a value; undefined if it is not a secret. */
function maskValue({ word, content, before, by }: NamedValue): string | undefined {
  const isLong = !/^X-Amz-/i.test(word) && /signature|credential|(?:^|[-_."])auth$/i.test(word);
  if (content === "" || (isLong && content.length < 12)) return undefined;
  if (by === "flag") return PROSE.test(content) ? undefined : MASK;
  // A value behind a colon can be the rest of a long line: it is only masked where it is a secret.
  const hidden = () => maskLines(content);
  if (by !== ":") return hidden();
  const isField = word === "pass" && /^[ \t]*(?:- )?["']?$/.test(before);
  if (!(isField || endsAsSecret(word)) || (/authorization$/i.test(word) && content.length < 16))
    return undefined;
  if (/passw|passphrase|authorization|cookie/i.test(word)) return hidden();
  const words = content.slice(0, 1000).split(/\s+/);
  if (words.length > 1) return words.some((part) => isMixed(part, 12)) ? hidden() : undefined;
  return REASON.test(content) && WITHIN_SENTENCE.test(before) ? undefined : hidden();
}

/** `login -u ada -p hunter2`, `curl -u ada:hunter2`. */
function maskLogin(word: string, content: string, before: string): string | undefined {
  if (word === "-p")
    return /\b(?:login|sshpass)\b|\s(?:-u|--user|--username)[\s=]/.test(before) ? MASK : undefined;
  const colon = content.indexOf(":");
  return colon < 0 || content.startsWith("arn:") || content.includes("/") || content.startsWith("system:")
    ? undefined
    : `${content.slice(0, colon + 1)}${MASK}`;
}

/** Masks the anchored values, `&name value`, to which aliases in secret fields refer. */
function maskAnchors(text: string, names: ReadonlySet<string>): string {
  const splices: Splice[] = [];
  const lines = new Lines(text);
  let done = 0;
  for (const { 0: whole, 1: name = "", index } of text.matchAll(/&([\w-]+)[ \t]/g)) {
    if (index < done || !names.has(name)) continue;
    const value = anchoredValue(lines, index + whole.length);
    if (value === undefined) continue;
    splices.push({ ...value, text: maskLines(text.slice(value.start, value.end)) });
    done = value.end;
  }
  return applySplices(text, splices);
}

/**
 * A name and its value with blanks, tags or other words between them: property lists, XML, run configurations of IDEs, `name: A`
 * above `value: b`, fish's `set -gx A b`, Docker's `ENV A b`, `setenv A b`, `aws configure set a b`, netrc's `password b`, a
 * signature below its name, rows of tables, prompts of `aws configure`.
 */
const FORMS: readonly RegExp[] = [
  /<key>\s{0,20}(?<name>[\w.-]{1,200})\s{0,20}<\/key>\s{0,200}<(?:string|data)>(?<value>[^<]+)/dg,
  /<(?<name>[A-Za-z][\w.-]{0,200})(?:\s[^<>]{0,1000})?>(?<value>[^<]+)<\//dg,
  /\b(?:name|key)=["'](?<name>[\w.-]{1,200})["']\s{1,200}value=["'](?<value>[^"'<>]+)/dg,
  /\b(?:name|[kK]ey|ParameterKey)["']?:[ \t]{0,20}["']?(?<name>[\w.-]{1,200})["']?,?\s{0,200}["']?(?:Parameter)?[vV]alue["']?:[ \t]{0,20}["']?(?<value>(?:[^\s"',}{[\\|>&!]|\\(?!["']))(?:[^\s"',}\\]|\\(?!["']))*)/dg,
  /(?<![^\s,"'])[vV]alue["']?:[ \t]{0,20}["']?(?<value>(?:[^\s"',}{[\\|>&!]|\\(?!["']))(?:[^\s"',}\\]|\\(?!["']))*)["']?,?\s{0,200}["']?(?:name|[kK]ey)["']?:[ \t]{0,20}["']?(?<name>[\w.-]{1,200})(?=["',}\]\s]|$)/dg,
  /\b(?:set(?: -[a-z]{1,4}){1,4}|set --export|ENV|setenv|setx(?: \/M)?|configure set(?: --profile \S{1,100})?|config set)[ \t]{1,20}(?<name>[\w.-]{1,200})[ \t]{1,20}["']?(?<value>(?:[^\s"'\\]|\\(?!["']))+)/dg,
  /\blogin[ \t]{1,20}\S{1,200}[ \t]{1,20}(?<name>password)[ \t]{1,20}(?<value>\S+)/dg,
  /^(?<name>[A-Z][A-Z0-9]{0,60}_[A-Z0-9_]{1,100})(?: {2,200}|\t)(?<value>\S[^\r\n]*)/dgm,
  /\b(?<name>SecretAccessKey|SessionToken|aws_secret_access_key|aws_session_token)[ \t]{1,200}["']?(?<value>[\w+/=]{16,})/dg,
  /\b(?<name>signature):\s{1,20}(?<value>[0-9a-f]{64})\b/dgi,
  /\|[ \t]{0,40}[`*]{0,2}(?<name>[\w.-]{1,100})[`*]{0,2}[ \t]{0,100}\|[ \t]{0,100}(?<value>[^|\s]{1,4096})/dg,
  /\b(?<name>secret) access key(?: \[[^\]\n]{0,60}\])?[ \t\u00a0]{0,4}[:=][ \t\u00a0]{0,4}["']?(?<value>[^\s"'\\]+)/dgi,
  /\b(?<name>(?:access|secret|session|api|private|signing|encryption) (?:key|token))(?: \[[^\]\n]{0,60}\])?[ \t\u00a0]{0,4}[:=][ \t\u00a0]{0,4}["']?(?<value>[^\s"'\\]{8,})/dgi,
  /\b(?<name>password) for [^\s:]{1,100}:[ \t]{1,4}(?<value>\S+)/dgi,
  /\bParameterKey=(?<name>[\w.-]{1,200}),ParameterValue=(?<value>[^\s,]+)/dg,
  /\b[sS]et[eE]nv\(["'](?<name>[\w.-]{1,200})["'],[ \t]{0,4}["'](?<value>[^"'\n]+)/dg,
];

/** A text with the values masked that such a form names as secrets; lines stay lines. */
export function maskNamedValues(text: string): string {
  const splices = FORMS.flatMap((form) =>
    [...text.matchAll(form)].flatMap(({ groups: { name = "", value = "" } = {}, indices }): Splice[] => {
      const [start, end] = indices?.groups?.["value"] ?? [0, 0];
      const isSecret = isSecretName(name.replaceAll(" ", "_")) && !isReference(value.trim());
      return isSecret ? [{ start, end, text: maskLines(value) }] : [];
    }),
  );
  return splices.length === 0 ? text : applySplices(text, withoutOverlaps(splices));
}
