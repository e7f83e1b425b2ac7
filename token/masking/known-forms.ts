import { applySplices, type Splice, withoutOverlaps } from "../text/splices.ts";
import { contentOf, Lines, withContent } from "./layout.ts";
import { isMixed, looksLikeSecretKey, MASK, maskLines } from "./secret-words.ts";

/** What a variable, a field or a flag that names a proxy is set to, in one word. */
const PROXY =
  /((?:proxy(?:[_-]?url)?|(?<![\w-])-x(?!\s\w{0,20}proxy))[\\"']{0,3}[\s,:=]{1,60}(?:-\s{1,4})?(?:["']?value["']?:\s{0,4})?[\\"']{0,3})([^\s"'<>]+)/gi;

/** The user in an address of a proxy, which needs no scheme. */
const PROXY_USER = /^(\w{1,10}:(?:\\?\/){2})[^:@/]+:.*@|^[^:@/]+:[^/\\].*@/;

/** The encoded host of a URL in a URL, with its user. */
const ENCODED_HOST = /(%3A%2F%2F)((?:[\w.~+-]|%(?!2F))+)/gi;

/** All up to the last encoded `@`. */
const ENCODED_USER = /^.*%40/i;

/** Secrets that are known by their form, and what stands in their place. Later ones see what earlier ones left. */
const FORMS: readonly (readonly [RegExp, string])[] = [
  // A token for EKS: a presigned URL. Source: token/eks/EKS-TOKEN.md, "Format".
  [/(?<![\w-])k8s-aws-v1\.[\w=-]+/g, `k8s-aws-v1.${MASK}`],
  // A JSON web token; its first part is an object in base64.
  [/(?<![\w-])eyJ[\w-]{8,}\.[\w-]+(?:\.[\w-]*)*/g, MASK],
  [/(?<![\w-])((?:bearer|basic)\s{1,20})(?!\*)[\w.~+/=-]{12,}/gi, `$1${MASK}`],
  // Session tokens of STS.
  [/(?<![A-Za-z0-9+/])(?:IQoJ|FwoG|FQoG)[A-Za-z0-9+/=%]{60,}/g, MASK],
  // The path by which the ECS agent knows a task. Source: doctor/AWS-CREDENTIALS.md, "Containers and machines".
  [/(\/\/169\.254\.170\.2(?::\d{1,5})?\/)[\w.~%/-]+/g, `$1${MASK}`],
  // Tokens whose prefix says whose they are: GitHub, GitLab, Slack, npm, PyPI, Hugging Face, Docker, Google, Stripe, Vault,
  // OpenShift, Grafana.
  [
    /(?<![\w-])(?:gh[pousr]_|github_pat_|glpat-|xox[abeprs]-|xapp-|npm_|pypi-|hf_|dckr_pat_|AIza|[sr]k_(?:live|test)_|sk-|hv[sb]\.|shpat_|ATATT|dop_v1_|sha256~|gl(?:sa|c)_)[\w.-]{16,}/g,
    MASK,
  ],
  // ECR's password: base64 of a JSON object that begins with `payload`.
  [/(?<![\w+/-])eyJwYXlsb2Fk[\w+/=-]{40,}/g, MASK],
  // Slack's addresses by which anyone may write to a channel.
  [/(hooks\.slack\.com\/(?:services|workflows|triggers)\/)[\w/]+/g, `$1${MASK}`],
  // A cookie in the file that curl keeps. Source: https://curl.se/docs/http-cookies.html
  [/(\t(?:TRUE|FALSE)\t\d{1,20}\t[\w.-]{1,200}\t)\S+/g, `$1${MASK}`],
  // The code that an OpenID provider gives, to be exchanged for tokens. Source: RFC 6749, section 4.1.2.
  [/([?&]code=)[\w.~%/+-]{12,}/g, `$1${MASK}`],
  // A password behind its flag without a blank, as MySQL's programs take it.
  [/(\b(?:mysql|mariadb)[\w-]{0,20}[ \t][^\n|;&]{0,200}?(?<=[ \t])-p)[^\s"'\\]+/g, `$1${MASK}`],
  // The user in a URL, `https://user:password@`; a password may hold an unescaped `@`.
  [/(\w:(?:\\?\/){2})[^/\s"'<>]+@/g, `$1${MASK}@`],
  // The signature of a presigned request, as URLs, headers and Go's maps print it, even encoded twice.
  [/(X-Amz-Signature(?:=|%(?:25)?3D|["']?\s{0,4}:\s{0,4}\[?["']?))[0-9a-f]{64}(?![0-9a-f])/gi, `$1${MASK}`],
  // A secret key of AWS behind its ID.
  [/((?:AKIA|ASIA)[A-Z0-9]{16}[/:,])[A-Za-z0-9+/]{40}(?![A-Za-z0-9+/=_-])/g, `$1${MASK}`],
];

/** A secret key of AWS alone: 40 characters of base64. */
const SECRET_KEY = /(?<![A-Za-z0-9+/_.-])[A-Za-z0-9+/]{40}(?![A-Za-z0-9+/=_-]|\.\w)/g;

/** A word with characters of a URL that are encoded. */
const ENCODED = /(?<![\w.~+%-])[\w.~+-]{0,200}(?:%[0-9A-F]{2}[\w.~+-]*)+/gi;

const BASE64 = /(?<![A-Za-z0-9+/=_-])[A-Za-z0-9+/_-]{24,}={0,2}/g;

/** Certificates are no secrets, though they look like it. */
const CERTIFICATE = /(-----BEGIN CERTIFICATE-----[\sA-Za-z0-9+/=\\]*-----END CERTIFICATE-----)/;

/** A text without what is a secret by its form; lines stay lines. */
export function maskKnownForms(text: string, isSecret: (decoded: string) => boolean): string {
  return withoutGiants(text)
    .split(CERTIFICATE)
    .map((part, index) => (index % 2 === 1 ? part : maskForms(part, isSecret)))
    .join("");
}

/** The longest word that is searched, in characters: V8's regular expressions overflow the stack at eight million. */
const LONGEST_WORD = 1024 * 1024;

/** Masks longer words. */
function withoutGiants(text: string): string {
  if (text.length <= LONGEST_WORD) return text;
  const parts: string[] = [];
  let done = 0;
  for (let start = 0, end = 0; start < text.length; start = end + 1) {
    end = start;
    while (end < text.length && text.charCodeAt(end) > 0x20) end++;
    if (end - start <= LONGEST_WORD) continue;
    parts.push(text.slice(done, start), MASK);
    done = end;
  }
  return parts.join("") + text.slice(done);
}

function maskForms(text: string, isSecret: (decoded: string) => boolean): string {
  const plain = maskBase64Lines(maskPrivateKeys(text), isSecret)
    .replaceAll(PROXY, (_, name: string, value: string) => name + value.replace(PROXY_USER, `$1${MASK}@`))
    .replaceAll(
      ENCODED_HOST,
      (_, start: string, host: string) => start + host.replace(ENCODED_USER, `${MASK}%40`),
    );
  return FORMS.reduce((rest, [form, mask]) => rest.replaceAll(form, mask), plain)
    .replaceAll(SECRET_KEY, (word) => (looksLikeSecretKey(word) && textOf(word) === undefined ? MASK : word))
    .replaceAll(ENCODED, (word) => (isSecret(decodedUrl(word)) ? MASK : word))
    .replaceAll(BASE64, (word) => (isSecret(textOf(word) ?? "") ? MASK : word));
}

/** Empty for bytes that are no text. */
function decodedUrl(word: string): string {
  try {
    return decodeURIComponent(word);
  } catch {
    return "";
  }
}

/** Source: RFC 7468, section 2. */
const BORDER = /-----(BEGIN|END) [A-Z0-9 ]{0,40}PRIVATE KEY[A-Z ]{0,10}(?:-----)?/g;

/** Source: RFC 1421, section 4.6; OpenPGP's are of RFC 9580, section 6.2.2. */
const HEADER = /^(?:Proc-Type|DEK-Info|Version|Comment|Hash): /;

const BASE64_LINE = /^[A-Za-z0-9+/]{1,4096}={0,2}$/;

/** A text with private keys in PEM masked. A key without its first or last line extends as far as its base64. */
function maskPrivateKeys(text: string): string {
  const lines = new Lines(text);
  const borders = [...text.matchAll(BORDER)];
  const splices = borders.flatMap((border, index): Splice[] => {
    const { 0: whole, 1: kind, index: at } = border;
    const end = at + whole.length;
    const [before, next] = [borders[index - 1], borders[index + 1]];
    if (kind === "END") return before?.[1] === "BEGIN" ? [] : [hidden(text, keyAbove(lines, at), end)];
    const isWhole = next?.[1] === "END";
    return [hidden(text, at, isWhole ? next.index + next[0].length : keyBelow(lines, end))];
  });
  return applySplices(text, withoutOverlaps(splices));
}

function hidden(text: string, start: number, end: number): Splice {
  return { start, end, text: maskLines(text.slice(start, end)) };
}

/** Where a key ends whose lines begin at `from`: all but the last have one length. */
function keyBelow(lines: Lines, from: number): number {
  const { text } = lines;
  const rest = /^[\w+/=\\-]*/.exec(text.slice(from, lines.endOf(from)))?.[0] ?? "";
  let end = from + rest.replace(/\\{1,64}$/, "").length;
  let width = 0;
  for (let line = lines.endOf(from) + 1; line < text.length; line = lines.endOf(line) + 1) {
    const content = contentOf(text.slice(line, lines.endOf(line)));
    const isHeader = width === 0 && (HEADER.test(content.text) || content.text === "");
    if (!isHeader && !BASE64_LINE.test(content.text)) break;
    if (content.text !== "") end = line + content.end;
    if (!isHeader && content.text.length < width) break;
    if (!isHeader) width = content.text.length;
  }
  return end;
}

/** Where a key begins whose END line begins at `to`. */
function keyAbove(lines: Lines, to: number): number {
  const { text } = lines;
  let start = to;
  for (let line = lines.startOf(to); line > 0; ) {
    const above = lines.startOf(line - 1);
    const content = contentOf(text.slice(above, line - 1));
    if (!BASE64_LINE.test(content.text)) break;
    start = above + content.start;
    line = above;
  }
  return start;
}

/** Masks a value of base64 in several lines, if it is a text with a secret, or looks like a key or token. */
function maskBase64Lines(text: string, isSecret: (decoded: string) => boolean): string {
  const lines = text.split("\n");
  const contents = lines.map((line) => contentOf(line).text);
  for (let first = 0; first < lines.length; first += 1) {
    let next = first;
    while (FULL_LINE.test(contents[next] ?? "")) next += 1;
    if (next === first) continue;
    const last = LAST_LINE.exec(contents[next] ?? "")?.[1];
    const words = [...contents.slice(first, next), ...(last === undefined ? [] : [last])];
    const decoded = textWithin(words.join(""));
    const isHidden =
      decoded === undefined
        ? isKey(words, { before: contents[first - 1], after: contents[first + words.length] })
        : words.length > 1 && isSecret(decoded);
    for (const [index, word] of isHidden ? words.entries() : [])
      lines[first + index] = withContent(
        lines[first + index] ?? "",
        (contents[first + index] ?? "").replace(word, MASK),
      );
    first = next - 1;
  }
  return lines.join("\n");
}

/** A full line of wrapped base64. */
const FULL_LINE = /^[\w+/-]{40,4096}$/;

/** The last line of the value, and what follows it. */
const LAST_LINE = /^([\w+/-]{1,4096}={0,2})(?:$|["',}])/;

/** Lines of keys and tokens are at least so long; shorter ones may be names. */
const KEY_LINE = 60;

/** Whether lines are of a key or token whose beginning is missing: at least two look random, and they are no PEM block. */
function isKey(
  words: readonly string[],
  { before = "", after = "" }: { readonly before: string | undefined; readonly after: string | undefined },
): boolean {
  const long = words.filter((word) => word.length >= KEY_LINE);
  return (
    long.length >= 2 &&
    long.every((word) => isMixed(word.replaceAll(/[-_]/g, "").replaceAll("/", "+"), 1)) &&
    !/-----BEGIN /.test(before) &&
    !/-----END /.test(after)
  );
}

/** The text that a part of a base64 value encodes, wherever it was cut. */
function textWithin(base64: string): string | undefined {
  for (let start = 0; start < 4; start += 1) {
    const whole = base64.replace(/={1,2}$/, "").slice(start);
    const text = textOf(whole.slice(0, whole.length - (whole.length % 4)));
    if (text !== undefined) return text;
  }
  return undefined;
}

/** The text that a word is base64 of; undefined for bytes that are no text. */
function textOf(base64: string): string | undefined {
  try {
    const decoded = atob(base64.replaceAll("-", "+").replaceAll("_", "/"));
    const odd = decoded.match(/[^\t\n\r\x20-\x7e]/g)?.length ?? 0;
    return odd * 10 > decoded.length ? undefined : decoded;
  } catch {
    return undefined;
  }
}
