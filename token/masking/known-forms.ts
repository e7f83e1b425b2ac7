import { hidesSecret, maskBase64Lines, textOf } from "./base64.ts";
import { maskPrivateKeys } from "./private-keys.ts";
import { looksLikeSecretKey } from "./random-words.ts";
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
const SECRET_KEY = /(?<![A-Za-z0-9+/_.-])[A-Za-z0-9+/]{40}(?![A-Za-z0-9+/=_-]|\.\w)/g;

/** The same behind its ID. */
const KEY_PAIR = /((?:AKIA|ASIA)[A-Z0-9]{16}[/:,])[A-Za-z0-9+/]{40}(?![A-Za-z0-9+/=_-])/g;

/**
 * Tokens that say by their beginning whose they are: GitHub, GitLab, Slack, npm, PyPI, Hugging Face, Docker, Google, Stripe,
 * Vault, OpenShift, Grafana.
 */
const MARKED_TOKEN =
  /(?<![\w-])(?:gh[pousr]_|github_pat_|glpat-|xox[abeprs]-|xapp-|npm_|pypi-|hf_|dckr_pat_|AIza|[sr]k_(?:live|test)_|sk-|hv[sb]\.|shpat_|ATATT|dop_v1_|sha256~|gl(?:sa|c)_)[\w.-]{16,}/g;

const BEARER = /(?<![\w-])((?:bearer|basic)\s{1,20})(?!\*)[\w.~+/=-]{12,}/gi;

/** A user's part of a URL: `https://user:password@`; a password may hold an unescaped `@`. */
const URL_USER = /(\w:\/\/)[^/\s"'<>]+@/g;

/** Slack's addresses by which anybody may write to a channel. */
const WEBHOOK = /(hooks\.slack\.com\/(?:services|workflows|triggers)\/)[\w/]+/g;

/** What OpenID's provider hands back to be changed for tokens. Source: RFC 6749, section 4.1.2. */
const CODE = /([?&]code=)[\w.~%/+-]{12,}/g;

/** The password of ECR: base64 of an object of JSON that begins with `payload`. */
const REGISTRY_PASSWORD = /(?<![\w+/-])eyJwYXlsb2Fk[\w+/=-]{40,}/g;

/** A cookie in the file that curl keeps. Source: https://curl.se/docs/http-cookies.html */
const COOKIE = /(\t(?:TRUE|FALSE)\t\d{1,20}\t[\w.-]{1,200}\t)\S+/g;

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
  return maskBase64Lines(maskPrivateKeys(text), isSecret)
    .replaceAll(EKS_TOKEN, `k8s-aws-v1.${MASK}`)
    .replaceAll(WEB_TOKEN, MASK)
    .replaceAll(BEARER, `$1${MASK}`)
    .replaceAll(SESSION_TOKEN, MASK)
    .replaceAll(CONTAINER_PATH, `$1${MASK}`)
    .replaceAll(MARKED_TOKEN, MASK)
    .replaceAll(REGISTRY_PASSWORD, MASK)
    .replaceAll(WEBHOOK, `$1${MASK}`)
    .replaceAll(COOKIE, `$1${MASK}`)
    .replaceAll(CODE, `$1${MASK}`)
    .replaceAll(URL_USER, `$1${MASK}@`)
    .replaceAll(KEY_PAIR, `$1${MASK}`)
    .replaceAll(SECRET_KEY, (word) => (looksLikeSecretKey(word) && textOf(word) === undefined ? MASK : word))
    .replaceAll(BASE64, (word) => (hidesSecret(word, isSecret) ? MASK : word));
}
