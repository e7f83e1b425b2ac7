/** What stands where a secret was. */
export const MASK = "***";

/** A secret of one or more lines, each hidden; indentation and line breaks stay. */
export function maskLines(secret: string): string {
  return secret.replaceAll(/\S[^\r\n]*/g, MASK);
}

/** Words in the names of variables, settings, flags and fields whose values are secrets. */
const SECRET =
  /secret|token|passw|passphrase|private|credential|(?:api|access|account|encryption|signing|ssh|master|deploy|session)[-_]?key|client[-_]?key[-_]?data|signature|authorization|cookie|(?:^|[-_])pass$|^pwd$|[-_]pwd$|sshpass$|(?:^|[-_."])(?:auth|pin|otp|bearer)$|(?:mfa|device)[-_]?code$|code[-_]?verifier$|docker(?:config)?json$|connection[-_]?string$/i;

/** Names that contain such a word, but only say where a secret is, what it is called, how long it is or lives, or what is allowed. */
const ELSEWHERE =
  /(?:file|path|ur[il]|dir|endpoint|id|arns?|names?|hosts?|domains?|cidrs?|refs?|requests?|regions?|type|mode|version|length|count|size|seconds|limit|source|process|helper|expiry|expiration|expires?|ttl|duration|method|format|audience|issuer|policy|allowlist)$|^max[-_]|private[-_]?(?:access|dns|ip|link|subnet|endpoint|hosted)/i;

/**
 * Names that end so and are secrets: the one of a Vault AppRole, and the address whose secret path the ECS agent knows a task by.
 */
const SECRET_NEVERTHELESS = /(?:^|_)secret_id$|^AWS_CONTAINER_CREDENTIALS_RELATIVE_URI$/i;

/**
 * The working directory, hosts, and condition keys of IAM: `token.actions.githubusercontent.com:sub`, `aws:TokenIssueTime`.
 * Source: IAM User Guide, "AWS global condition context keys".
 */
const NO_NAME =
  /^[\w-]{1,100}(?:\.[\w-]{1,100}){1,10}\.(?:com|net|org|io|dev|cloud|cn)$|^[\w.-]{1,200}:[\w./${}-]{1,200}$|^PWD$/;

/** Ends of names behind which a colon introduces a secret, also in running text. */
const SECRET_END =
  /(?:token|passw(?:or)?[dt]|passphrase|secret|(?:secret|access|private|api|encryption|signing|ssh|master|deploy|session)[-_]?key|client[-_]?key(?:[-_]?data)?|authorization|cookie|pwd|pin|otp|bearer|sshpass|(?:mfa|device)[-_]?code|code[-_]?verifier|docker(?:config)?json|connection[-_]?string)$/i;

/**
 * Whether the value of a variable, setting, flag or field of this name is a secret. Source: doctor/AWS-CREDENTIALS.md,
 * "Containers and machines".
 */
export function isSecretName(name: string): boolean {
  return (
    SECRET.test(name) && !NO_NAME.test(name) && (!ELSEWHERE.test(name) || SECRET_NEVERTHELESS.test(name))
  );
}

/** Whether the value of this name within a secret is not a secret itself: `secretName`, `namespace`. */
export function saysWhere(name: string): boolean {
  return ELSEWHERE.test(name) || /^(?:namespace|apiVersion)$/.test(name);
}

/** Whether the value behind this word and a colon is a secret, also in running text. */
export function endsAsSecret(word: string): boolean {
  return SECRET_END.test(word);
}

/** Whether a word has letters of both cases and digits, as keys and tokens do, unlike hashes, plain words, ARNs and paths. */
export function isMixed(word: string, shortest: number): boolean {
  return (
    word.length >= shortest &&
    !word.startsWith("/") &&
    /^[A-Za-z0-9+/=]+$/.test(word) &&
    /[a-z]/.test(word) &&
    /[A-Z]/.test(word) &&
    /\d/.test(word) &&
    word.split("/").length <= 5
  );
}

/** Whether a word looks like a key or token, and unlike the name of a profile, a role or an account: `CorpIdentityCenter2024`. */
export function looksRandom(word: string): boolean {
  return isMixed(word, SHORTEST) && evidenceForName(word) < ENOUGH;
}

/** Whether 40 characters of base64 look like a secret key of AWS. These may begin with a slash, and lack a digit. */
export function looksLikeSecretKey(word: string): boolean {
  return /[a-z]/.test(word) && /[A-Z]/.test(word) && evidenceForName(word) < ENOUGH;
}

const SHORTEST = 20;

/**
 * In bits. Of random words at most one in 2^ENOUGH is likelier a name by so much (Markov's inequality). Measured: one in a
 * thousand of those with 20 characters, and two in ten thousand of those with 40.
 */
const ENOUGH = 3;

/** By how many bits a word is likelier a name than random characters. Linear. */
function evidenceForName(word: string): number {
  let bits = 0;
  let before: Kind | undefined;
  for (const char of word) {
    const kind = kindOf(char);
    if (before !== undefined) bits += FOLLOWS[before][kind];
    bits += LETTERS[char.toLowerCase()] ?? 0;
    before = kind;
  }
  return bits;
}

type Kind = "lower" | "upper" | "digit" | "other";

function kindOf(char: string): Kind {
  if (/[a-z]/.test(char)) return "lower";
  if (/[A-Z]/.test(char)) return "upper";
  return /\d/.test(char) ? "digit" : "other";
}

/**
 * Evidence, in bits, of one kind following another: names consist of words, which go on in lower case, and numbers. Estimated.
 */
const FOLLOWS: Readonly<Record<Kind, Readonly<Record<Kind, number>>>> = {
  lower: { lower: 0.9, upper: -1.4, digit: -1.7, other: 0.7 },
  upper: { lower: 0.8, upper: -0.9, digit: -1.7, other: 0.7 },
  digit: { lower: -1.6, upper: -0.2, digit: 1.6, other: 1.7 },
  other: { lower: -0.7, upper: 0.6, digit: 0, other: -2 },
};

/**
 * Evidence of each letter, in bits: its share of English text, in thousandths, against that of a random letter. Source: R.
 * Lewand, "Cryptological Mathematics", 2000.
 */
const LETTERS: Readonly<Record<string, number>> = Object.fromEntries(
  Object.entries({
    ...{ a: 82, b: 15, c: 28, d: 43, e: 127, f: 22, g: 20, h: 61, i: 70, j: 1.5, k: 7.7, l: 40, m: 24 },
    ...{ n: 67, o: 75, p: 19, q: 1, r: 60, s: 63, t: 91, u: 28, v: 9.8, w: 24, x: 1.5, y: 20, z: 0.7 },
  }).map(([letter, share]) => [letter, Math.log2((share / 1000) * 26)]),
);
