const MASK = "***";

/** Ends of names whose value is a secret, in programs' own files: Terraform, CI jobs, values files. */
const SECRET_END =
  "(?:token|passw(?:or)?d|passphrase|secret|secret[-_]?(?:access[-_]?)?key|access[-_]?key|private[-_]?key|client[-_]?key(?:-data)?|api[-_]?key)";

/** What only points to a value: an expression, a variable, an alias, a mask. */
const REFERENCE = "(?!\\$|\\*{3}|<|null\\b|true\\b|false\\b)";

const QUOTED = new RegExp(
  `((?<![\\w-])[\\w-]{0,60}${SECRET_END}["']?\\s*[:=]\\s*)(["'])${REFERENCE}(?:\\\\.|(?!\\2)[^\\n])+\\2`,
  "gi",
);

/** A Terraform expression, which only points to a value. */
const EXPRESSION = "(?:data|var|local|module|each|self|aws_\\w+|kubernetes_\\w+)\\.";

/** `password: hunter2` as a line of its own, or in braces. */
const BARE = new RegExp(
  `((?:^|[{,])[^\\S\\n]*(?:-\\s+|#\\s*|export\\s+|set\\s+)*[\\w-]{0,60}${SECRET_END}(?:[^\\S\\n]*:[^\\S\\n]+|=|[^\\S\\n]+=[^\\S\\n]*))${REFERENCE}(?!["'[{]|${EXPRESSION})[^\\s#,}]+(?=[^\\S\\n]*(?:$|[,}]))`,
  "gim",
);

/** `AWS_SECRET_ACCESS_KEY=VALUE command` */
const VARIABLE =
  /\b([A-Z][A-Z0-9_]*(?:TOKEN|SECRET|PASSWORD|PASSPHRASE|ACCESS_KEY|PRIVATE_KEY|API_KEY)=)(?!["'$*])[^\s"';&|]+/g;

/** `--client-secret VALUE`, `--token=VALUE`, and the same as two members of a list. */
const ARGUMENT =
  /(--(?:[a-z]+-)?(?:client-secret|token|password|refresh-token|access-token|session-token|secret-key|secret-access-key)(?:=|["']?[\s,]+(?:-\s+)?["']?))(?!["'$-])[^\s"',\]]{6,}/gi;

/** A token for EKS: a presigned URL. Source: eks-auth, A1. */
const EKS_TOKEN = /\bk8s-aws-v1\.[\w=-]+/g;

/** A JSON web token; its first part is an object in base64. */
const WEB_TOKEN = /(?<![\w-])eyJ[\w-]{8,}\.[\w-]+(?:\.[\w-]*)?/g;

/** A private key, as PEM or as base64 of it. */
const PEM_KEY = /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g;
const BASE64_PEM = /LS0tLS1CRUdJTi[A-Za-z0-9+/]{20,}={0,2}/g;

const HEADER = /\b(authorization["']?\s*[:=]\s*["']?(?:bearer|basic)?\s*|bearer\s+)(?!\*)[\w.~+/=-]{12,}/gi;
const SIGNATURE =
  /\b((?:X-Amz-)?(?:Signature|Security-Token|X-Amz-Credential)(?:=|%3D|["']?:\s*["']?))[\w%+/=-]{16,}/gi;

/** Session tokens of STS, and secret keys: 40 characters of base64. */
const SESSION_TOKEN = /\b(?:IQoJ|FwoG|FQoG)[A-Za-z0-9+/=]{60,}/g;
const SECRET_KEY = /(?<![A-Za-z0-9+/=_.-])[A-Za-z0-9+][A-Za-z0-9+/]{39}(?![A-Za-z0-9+/=_.-])/g;

/** Personal tokens of GitHub and GitLab, which CI jobs hold. */
const FORGE_TOKEN = /\b(?:gh[pousr]_|github_pat_|glpat-)[\w-]{16,}/g;

/** A user's part of a URL: `https://user:password@`. */
const URL_USER = /(\w:\/\/)[^/@\s"']+@/g;

/** Free text without anything that lets somebody in. */
export function maskedText(text: string): string {
  return text
    .replaceAll(EKS_TOKEN, `k8s-aws-v1.${MASK}`)
    .replaceAll(WEB_TOKEN, MASK)
    .replaceAll(PEM_KEY, MASK)
    .replaceAll(BASE64_PEM, (data) => (atobSafely(data).includes("PRIVATE KEY") ? MASK : data))
    .replaceAll(HEADER, `$1${MASK}`)
    .replaceAll(SIGNATURE, `$1${MASK}`)
    .replaceAll(ARGUMENT, `$1${MASK}`)
    .replaceAll(QUOTED, `$1$2${MASK}$2`)
    .replaceAll(VARIABLE, `$1${MASK}`)
    .replaceAll(BARE, `$1"${MASK}"`)
    .replaceAll(SESSION_TOKEN, MASK)
    .replaceAll(SECRET_KEY, (word) => (looksRandom(word) ? MASK : word))
    .replaceAll(FORGE_TOKEN, MASK)
    .replaceAll(URL_USER, `$1${MASK}@`);
}

/** Hashes are of one case, words have no digits, paths have many slashes; a secret key is a mixture. */
function looksRandom(word: string): boolean {
  const slashes = word.split("/").length - 1;
  return /[a-z]/.test(word) && /[A-Z]/.test(word) && /\d/.test(word) && slashes <= 4;
}

function atobSafely(data: string): string {
  try {
    return atob(data);
  } catch {
    return "PRIVATE KEY";
  }
}
