import { maskKnownForms } from "./known-forms.ts";
import { maskNamedValues } from "./named-values.ts";
import { isMixed } from "./random-words.ts";
import { endsAsSecret, isSecretName, MASK } from "./secret-names.ts";
import { applySplices, type Splice } from "./splices.ts";
import { Lines, valueSpan } from "./value-span.ts";
import { maskContinued } from "./wrapped-values.ts";

/** How deep base64 in base64 is looked into. */
const DEPTH = 3;

/** A word that may name a value: a flag, a variable, a key. */
const WORD = /-{0,2}[A-Za-z_][\w.-]*/g;

/** Words of prose behind a flag: `--token is required`. */
const PROSE =
  /^(?:is|are|was|were|must|and|or|requires?|required|needs?|flags?|options?|arguments?|not|may|can|cannot|has|have|for|to|with|without|from|in|on|if|of|does|value)$/i;

/**
 * Free text without anything that lets somebody in: what a program said, a command, a configuration. What is named as a
 * secret goes with any separator and quotes, however often escaped, and so does what is one by its form. Lines stay lines,
 * and JSON and YAML stay what they were. Linear in the text.
 */
export function maskText(text: string): string {
  return maskContinued(text, masked(text, DEPTH));
}

/** Too short for a token, and nothing that could lead to a value: most texts are so. */
const HARMLESS = /^[^=:%,\s]{0,19}$/;

function masked(text: string, depth: number): string {
  if (HARMLESS.test(text)) return text;
  const isSecret = (decoded: string) => depth > 0 && masked(decoded, depth - 1) !== decoded;
  return maskNamed(maskNamedValues(maskKnownForms(text, isSecret)));
}

function maskNamed(text: string): string {
  const splices: Splice[] = [];
  const anchors = new Set(text.match(/&[\w-]+/g));
  const aliases = new Set<string>();
  const lines = new Lines(text);
  let done = 0;
  for (const { 0: word, index } of text.matchAll(WORD)) {
    if (index < done) continue;
    const isLogin = /^-[pu]$/.test(word) || word === "--user";
    if (!isLogin && !isSecretName(word)) continue;
    const value = valueSpan(lines, index + word.length, { isFlag: word.startsWith("-") });
    if (value === undefined) continue;
    const content = text.slice(value.start, value.end);
    if (anchors.has(content.replace(/^\*/, "&"))) {
      aliases.add(content.slice(1));
      continue;
    }
    const hidden = isLogin ? maskLogin(word, content, text, index) : maskValue(word, content, value.by);
    if (hidden === undefined || hidden === content) continue;
    splices.push({ start: value.start, end: value.end, text: hidden });
    done = value.end;
  }
  const hidden = applySplices(text, splices);
  return aliases.size === 0 ? hidden : maskAnchors(hidden, aliases);
}

/** What stands for a value; undefined when it is none. */
function maskValue(word: string, content: string, by: "=" | ":" | "quoted" | "flag"): string | undefined {
  if (content === "") return undefined;
  const isLong = /signature|credential|(?:^|[-_."])auth$/i.test(word);
  if (isLong && content.length < 12) return undefined;
  if (by === "flag") return PROSE.test(content) ? undefined : MASK;
  if (by !== ":") return content.replaceAll(/\S[^\r\n]*/g, MASK);
  if (!endsAsSecret(word)) return undefined;
  if (/authorization$/i.test(word) && content.length < 16) return undefined;
  const words = content.slice(0, 1000).split(/\s+/);
  if (words.length === 1 || /passw|passphrase|authorization|cookie/i.test(word)) return `"${MASK}"`;
  return words.some((part) => isMixed(part, 12)) ? `"${MASK}"` : undefined;
}

/** `login -u ada -p hunter2`, `curl -u ada:hunter2`. */
function maskLogin(word: string, content: string, text: string, at: number): string | undefined {
  if (word !== "-p") {
    const colon = content.indexOf(":");
    return colon < 0 || content.startsWith("arn:") || content.includes("/") || content.startsWith("system:")
      ? undefined
      : `${content.slice(0, colon + 1)}${MASK}`;
  }
  const before = text.slice(Math.max(0, at - 200), at);
  return /\blogin\b|\s(?:-u|--user|--username)[\s=]/.test(before.slice(before.lastIndexOf("\n") + 1))
    ? MASK
    : undefined;
}

/** The values that names of secrets refer to: `&name value`. */
function maskAnchors(text: string, names: ReadonlySet<string>): string {
  const splices: Splice[] = [];
  const lines = new Lines(text);
  for (const { 0: whole, 1: name = "", index } of text.matchAll(/&([\w-]+)[ \t]/g)) {
    const value = names.has(name)
      ? valueSpan(lines, index + whole.length - 1, { isFlag: false, isValue: true })
      : undefined;
    if (value !== undefined) {
      const content = text.slice(value.start, value.end);
      const hidden = content.replaceAll(/\S[^\r\n]*/g, MASK);
      splices.push({
        start: value.start,
        end: value.end,
        text: value.by === ":" && hidden === MASK ? `"${MASK}"` : hidden,
      });
    }
  }
  return applySplices(text, splices);
}
