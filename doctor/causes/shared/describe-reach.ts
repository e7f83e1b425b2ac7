import { describeRequest } from "../../derive/authorization/denial.ts";
import type { AccessRequest } from "../../evidence/evidence.ts";

/** The most namespaces listed by name. */
const LISTED = 3;

/** `You can list pods in default, web but not in payments.` */
export function describeReach(
  who: string,
  { name: _name, ...attempt }: AccessRequest,
  allowed: readonly string[],
): string {
  const action = describeRequest({ ...attempt, namespace: "HERE" }).replace(/ in namespace HERE$/, "");
  const where = allowed.length > LISTED ? `${allowed.length} other namespaces` : allowed.join(", ");
  return `${who} can ${action} in ${where} but not in ${attempt.namespace}.`;
}
