/** Whether a value stands only for what `kubectl config view` (`REDACTED`, `DATA+OMITTED`) or a person has left out. */
export function isLeftOut(value: string | undefined): boolean {
  return /^\W?(?:DATA\+OMITTED|OMITTED|REDACTED)\W?$|\*{3}|\.{3}|…/i.test(value ?? "");
}
