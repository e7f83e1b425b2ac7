import { answer } from "../../../doctor/browser/judge.ts";
import type { PageAnswer } from "../../../doctor/browser/messages.ts";
import type { PastedText } from "../../../doctor/paste/read-paste.ts";
import { GATHERED_AT } from "./bundle.ts";

/** When somebody pastes into the page, in milliseconds since 1970. */
export const PASTED_AT = Date.parse(GATHERED_AT);

/** What the page's worker answers when it is to judge texts, for bash. */
export function pageAnswer(texts: readonly PastedText[], { redact = false } = {}): PageAnswer<string> {
  return answer({ id: 1, kind: "judge", now: PASTED_AT, shell: "bash", redact, texts });
}
