/** What stands where a secret was. */
export const MASK = "***";

/** A secret of one or more lines, each hidden; indentation and line breaks stay. */
export function maskLines(secret: string): string {
  return secret.replaceAll(/\S[^\r\n]*/g, MASK);
}

/** Words in the names of variables, settings, flags and fields whose values are secrets. */
const SECRET =
  /secret|token|passw|passphrase|private|credential|(?:api|access|account|encryption|signing|ssh|master|deploy|session)[-_]?key|client[-_]?key[-_]?data|signature|authorization|cookie|(?:^|[-_])pass$|^pwd$|[-_]pwd$|(?:^|[-_."])auth$/i;

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
  /(?:token|passw(?:or)?[dt]|passphrase|secret|(?:secret|access|private|api|encryption|signing|ssh|master|deploy|session)[-_]?key|client[-_]?key(?:[-_]?data)?|authorization|cookie)$/i;

/**
 * Whether the value of a variable, setting, flag or field of this name is a secret. Source: doctor/AWS-CREDENTIALS.md,
 * "Containers and machines".
 */
export function isSecretName(name: string): boolean {
  return (
    SECRET.test(name) && !NO_NAME.test(name) && (!ELSEWHERE.test(name) || SECRET_NEVERTHELESS.test(name))
  );
}

/** Whether what has this name within a secret is none itself: `secretName`, `namespace`. */
export function saysWhere(name: string): boolean {
  return ELSEWHERE.test(name) || /^(?:namespace|apiVersion)$/.test(name);
}

/** Whether the value behind this word and a colon is a secret, also in running text. */
export function endsAsSecret(word: string): boolean {
  return SECRET_END.test(word);
}
