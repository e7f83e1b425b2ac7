import { describeRequest } from "../derive/authorization/denial.ts";
import type { Facts } from "../derive/facts.ts";

/** What was tried, for users: the command, otherwise `list pods in namespace web`. */
export function triedText({ question, attempt }: Facts): string | undefined {
  return question?.command ?? (attempt && describeRequest(attempt));
}
