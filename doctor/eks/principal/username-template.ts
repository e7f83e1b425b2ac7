import type { Principal } from "./principal.ts";

/** An EC2 instance id, after which the session of a node is named. Source: doctor/EKS-ACCESS.md, "Username templates". */
const INSTANCE_ID = /^m?i-(?:\w{8}|\w{17})$/;

/** Whether the caller's session is named after an EC2 instance or one that Systems Manager manages, like those of nodes. */
export function isInstanceSession({ sessionName }: Principal): boolean {
  return sessionName !== undefined && INSTANCE_ID.test(sessionName);
}

/**
 * A username or group with its templates filled in as EKS does it: `{{SessionName}}` has `-` for each `@`, `{{SessionNameRaw}}`
 * does not, and an unknown name stays as it is. Undefined if the caller's value is not known: a private DNS name, an access key,
 * another user's session.
 *
 * Source: doctor/EKS-ACCESS.md, "Username templates".
 */
export function fillTemplate(template: string, principal: Principal): string | undefined {
  const session = principal.kind === "role" ? principal.sessionName : "";
  const values: Readonly<Record<string, string | undefined>> = {
    AccountID: principal.account,
    SessionName: session?.replaceAll("@", "-"),
    SessionNameRaw: session,
    AccessKeyID: undefined,
    EC2PrivateDNSName: undefined,
  };
  let isComplete = true;
  const filled = template.replaceAll(/\{\{(\w+)\}\}/g, (whole, name: string) => {
    if (!Object.hasOwn(values, name)) return whole;
    const value = values[name];
    isComplete &&= value !== undefined;
    return value ?? whole;
  });
  return isComplete ? filled : undefined;
}

/** `dev:{{SessionName}}` fits `dev:ada`. */
export function fitsTemplate(template: string, username: string): boolean {
  return inOrder(template.split(/\{\{\w+\}\}/), username);
}

/** Whether a text consists of these parts, with some text between every two of them. */
function inOrder([first = "", ...others]: readonly string[], text: string): boolean {
  const last = others.pop();
  if (last === undefined) return text === first;
  if (!text.startsWith(first)) return false;
  let at = first.length;
  for (const part of others) {
    const next = text.indexOf(part, at + 1);
    if (next < 0) return false;
    at = next + part.length;
  }
  return text.length > at + last.length && text.endsWith(last);
}
