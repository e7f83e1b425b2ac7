/** Whether a value is a placeholder of `kubectl config view` (`REDACTED`, `DATA+OMITTED`) or of a user. */
export function isLeftOut(value: string | undefined): boolean {
  return /^\W?(?:DATA\+OMITTED|OMITTED|REDACTED)\W?$|\*{3}|\.{3}|…/i.test(value ?? "");
}
