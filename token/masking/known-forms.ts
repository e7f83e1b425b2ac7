import { hidesSecret, maskBase64Lines, textOf } from "./base64.ts";
import { maskPrivateKeys } from "./private-keys.ts";
import { looksLikeSecretKey } from "./random-words.ts";
import { MASK } from "./secret-names.ts";

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
  // The user in a URL, `https://user:password@`; a password may hold an unescaped `@`.
  [/(\w:\/\/)[^/\s"'<>]+@/g, `$1${MASK}@`],
  // A secret key of AWS behind its ID.
  [/((?:AKIA|ASIA)[A-Z0-9]{16}[/:,])[A-Za-z0-9+/]{40}(?![A-Za-z0-9+/=_-])/g, `$1${MASK}`],
];

/** A secret key of AWS alone: 40 characters of base64. */
const SECRET_KEY = /(?<![A-Za-z0-9+/_.-])[A-Za-z0-9+/]{40}(?![A-Za-z0-9+/=_-]|\.\w)/g;

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
  const plain = maskBase64Lines(maskPrivateKeys(text), isSecret);
  return FORMS.reduce((rest, [form, mask]) => rest.replaceAll(form, mask), plain)
    .replaceAll(SECRET_KEY, (word) => (looksLikeSecretKey(word) && textOf(word) === undefined ? MASK : word))
    .replaceAll(BASE64, (word) => (hidesSecret(word, isSecret) ? MASK : word));
}
