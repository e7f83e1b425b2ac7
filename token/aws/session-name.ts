/**
 * A name for the STS session that shows who is behind it: the ID token's subject (an e-mail address), made valid. A trust policy
 * that requires `sts:RoleSessionName` to equal the subject works if the subject itself is valid.
 *
 * Source: STS API reference, RoleSessionName: 2 to 64 of `[\w+=,.@-]`.
 */
export function stsSessionName(subject: string): string {
  const valid = subject.replaceAll(/[^A-Za-z0-9_+=,.@-]/g, "-").slice(0, 64);
  return valid.length < 2 ? `${valid}--`.slice(0, 2) : valid;
}
