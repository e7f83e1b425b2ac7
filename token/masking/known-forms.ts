import { looksRandom } from "./random-words.ts";
import { MASK } from "./secret-names.ts";

/** A token for EKS: a presigned URL. Source: token/eks/EKS-TOKEN.md, "Format". */
const EKS_TOKEN = /(?<![\w-])k8s-aws-v1\.[\w=-]+/g;

/** A JSON web token; its first part is an object in base64. */
const WEB_TOKEN = /(?<![\w-])eyJ[\w-]{8,}\.[\w-]+(?:\.[\w-]*)*/g;

/** Session tokens of STS. */
const SESSION_TOKEN = /(?<![A-Za-z0-9+/])(?:IQoJ|FwoG|FQoG)[A-Za-z0-9+/=%]{60,}/g;

/** The path by which the agent of ECS knows a task. Source: doctor/AWS-CREDENTIALS.md, "Containers and machines". */
const CONTAINER_PATH = /(\/\/169\.254\.170\.2(?::\d{1,5})?\/)[\w.~%/-]+/g;

/** Secret keys of AWS: 40 characters of base64. */
const SECRET_KEY = /(?<![A-Za-z0-9+/=_.-])[A-Za-z0-9+][A-Za-z0-9+/]{39}(?![A-Za-z0-9+/=_.-])/g;

/**
 * Tokens that say by their beginning whose they are: GitHub, GitLab, Slack, npm, PyPI, Hugging Face, Docker, Google, Stripe,
 * Vault.
 */
const MARKED_TOKEN =
  /(?<![\w-])(?:gh[pousr]_|github_pat_|glpat-|xox[abeprs]-|xapp-|npm_|pypi-|hf_|dckr_pat_|AIza|[sr]k_(?:live|test)_|sk-|hv[sb]\.|shpat_|ATATT|dop_v1_)[\w.-]{16,}/g;

const BEARER = /(?<![\w-])((?:bearer|basic)\s{1,20})(?!\*)[\w.~+/=-]{12,}/gi;

/** A user's part of a URL: `https://user:password@`; a password may hold an unescaped `@`. */
const URL_USER = /(\w:\/\/)[^/\s"'<>]+@/g;

const BASE64 = /(?<![A-Za-z0-9+/=_-])[A-Za-z0-9+/_-]{24,}={0,2}/g;

/** Certificates are no secret, and look like many. */
const CERTIFICATE = /(-----BEGIN CERTIFICATE-----[\sA-Za-z0-9+/=\\]*-----END CERTIFICATE-----)/;

/** What in a text is a secret by its form, hidden; lines stay lines. */
export function maskKnownForms(text: string, isSecret: (decoded: string) => boolean): string {
  return withoutGiants(text)
    .split(CERTIFICATE)
    .map((part, index) => (index % 2 === 1 ? part : maskForms(part, isSecret)))
    .join("");
}

/** Longest word that is looked at, in characters: V8's regular expressions run out of stack at eight million. */
const LONGEST_WORD = 1024 * 1024;

/** Hides words that are longer; nobody reads them. */
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
  return maskWrapped(maskKeys(text), isSecret)
    .replaceAll(EKS_TOKEN, `k8s-aws-v1.${MASK}`)
    .replaceAll(WEB_TOKEN, MASK)
    .replaceAll(BEARER, `$1${MASK}`)
    .replaceAll(SESSION_TOKEN, MASK)
    .replaceAll(CONTAINER_PATH, `$1${MASK}`)
    .replaceAll(MARKED_TOKEN, MASK)
    .replaceAll(URL_USER, `$1${MASK}@`)
    .replaceAll(SECRET_KEY, (word) => (looksRandom(word) ? MASK : word))
    .replaceAll(BASE64, (word) => (hides(word, isSecret) ? MASK : word));
}

/** Private keys as PEM. A key whose end is missing reaches to the end of the text. */
function maskKeys(text: string): string {
  const parts: string[] = [];
  let done = 0;
  for (let begin = text.indexOf("-----BEGIN "); begin >= 0; begin = text.indexOf("-----BEGIN ", begin + 11)) {
    if (begin < done || !/^[A-Z0-9 ]{0,40}PRIVATE KEY/.test(text.slice(begin + 11, begin + 70))) continue;
    const last = text.indexOf("-----END ", begin);
    const dashes = last < 0 ? -1 : text.indexOf("-----", last + 9);
    const end = dashes < 0 ? text.length : dashes + 5;
    parts.push(text.slice(done, begin), text.slice(begin, end).replaceAll(/\S[^\r\n]*/g, MASK));
    done = end;
  }
  return parts.join("") + text.slice(done);
}

/** A line of base64 among others; who breaks lines does so early. */
function isWrapped(line: string): boolean {
  return line.length <= LONGEST_WRAPPED && /^\s*[A-Za-z0-9+/]{40,}\s*$/.test(line);
}

const LONGEST_WRAPPED = 4096;

/** Base64 that is broken over lines. */
function maskWrapped(text: string, isSecret: (decoded: string) => boolean): string {
  const lines = text.split("\n");
  for (let first = 0; first < lines.length; first++) {
    let next = first;
    while (next < lines.length && isWrapped(lines[next] ?? "")) next++;
    if (next === first) continue;
    if (/^\s*[A-Za-z0-9+/]+={0,2}\s*$/.test(lines[next] ?? "")) next++;
    const whole = lines.slice(first, next).map((line) => line.trim());
    if (next - first > 1 && hides(whole.join(""), isSecret)) {
      for (let index = first; index < next; index++) lines[index] = (lines[index] ?? "").replace(/\S+/, MASK);
    }
    first = next - 1;
  }
  return lines.join("\n");
}

/** Whether a word is base64 of text that holds a secret. */
function hides(word: string, isSecret: (decoded: string) => boolean): boolean {
  const decoded = textOf(word);
  return decoded !== undefined && isSecret(decoded);
}

function textOf(base64: string): string | undefined {
  try {
    const decoded = atob(base64.replaceAll("-", "+").replaceAll("_", "/"));
    const odd = decoded.match(/[^\t\n\r\x20-\x7e]/g)?.length ?? 0;
    return odd * 10 > decoded.length ? undefined : decoded;
  } catch {
    return undefined;
  }
}
