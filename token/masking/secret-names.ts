/** What stands where a secret was. */
export const MASK = "***";

/** A secret of one or more lines, each hidden; indentation and line breaks stay. */
export function maskLines(secret: string): string {
  return secret.replaceAll(/\S[^\r\n]*/g, MASK);
}

/** Words in the name of a variable, setting, flag or field whose value nobody shows. */
const SECRET =
  /secret|token|passw|passphrase|private|credential|api[-_]?key|access[-_]?key|account[-_]?key|client[-_]?key[-_]?data|signature|authorization|cookie|[-_]pass$|^pwd$|[-_]pwd$|(?:^|[-_."])auth$/i;

/** Names that look secret, and say only where something is, what it is called, how long it lives, or what is allowed. */
const ELSEWHERE =
  /(?:file|path|ur[il]|dir|endpoint|id|names?|type|source|process|helper|expiry|expiration|expires?|ttl|duration|method|format|audience|issuer|policy|allowlist)$|private[-_]?(?:access|dns|ip|link|subnet|endpoint|hosted)/i;

/** Names that end as such do, and are secrets: an AppRole's of Vault, and the address by whose secret path ECS's agent knows a task. */
const SECRET_NEVERTHELESS = /(?:^|_)secret_id$|^AWS_CONTAINER_CREDENTIALS_RELATIVE_URI$/i;

/**
 * The shell's working directory, hosts, and keys of IAM's conditions: `token.actions.githubusercontent.com:sub`, `aws:TokenIssueTime`. Source: IAM User Guide,
 * "AWS global condition context keys".
 */
const NO_NAME =
  /^[\w-]{1,100}(?:\.[\w-]{1,100}){1,10}\.(?:com|net|org|io|dev|cloud|cn)$|^[\w.-]{1,200}:[\w./${}-]{1,200}$|^PWD$/;

/** Ends of names that introduce a secret in running text, where a colon also ends a heading. */
const SECRET_END =
  /(?:token|passw(?:or)?[dt]|passphrase|secret|secret[-_]?key|access[-_]?key|private[-_]?key|client[-_]?key(?:[-_]?data)?|api[-_]?key|authorization|cookie)$/i;

/**
 * Whether the value of a variable, setting, flag or field of this name is a secret. Source: doctor/AWS-CREDENTIALS.md,
 * "Containers and machines".
 */
export function isSecretName(name: string): boolean {
  return (
    SECRET.test(name) && !NO_NAME.test(name) && (!ELSEWHERE.test(name) || SECRET_NEVERTHELESS.test(name))
  );
}

/** Whether a value that follows this word and a colon is a secret, in text that people write. */
export function endsAsSecret(word: string): boolean {
  return SECRET_END.test(word);
}
