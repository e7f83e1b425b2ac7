import { debug } from "../../debug.ts";
import { VouchError } from "../../errors/errors.ts";
import { pause, systemTimers } from "../../timers.ts";
import { type BearerAccess, serviceError } from "../bearer-call.ts";
import type { SsoPlan } from "../sources/plan-kinds.ts";
import { CREATE_TOKEN, type Created, createToken, type PendingDevice, type Refused } from "./oidc-calls.ts";
import { loginUnanswered } from "./session-errors.ts";
import type { SsoClient } from "./sso-token.ts";

/** Added to the interval when AWS says that we poll too fast, in milliseconds. Source: RFC 8628, 3.5. */
const SLOWER_MS = 5000;

/** Polls until the user has answered, or AWS says that no one can answer anymore. Polls more slowly after errors. */
export async function answeredCode(
  plan: SsoPlan,
  { client, pending }: { readonly client: SsoClient; readonly pending: PendingDevice },
  access: BearerAccess,
): Promise<Created> {
  const proof = { grant: "device", deviceCode: pending.deviceCode } as const;
  let last: Refused | VouchError | undefined;
  for (let waitMs = pending.intervalMs; ; ) {
    const leftMs = pending.expires - access.clock();
    await pause(Math.min(waitMs, leftMs), systemTimers, access.signal);
    if (leftMs <= waitMs) throw troubleOf(last) ?? loginUnanswered(plan);
    const answer = await createToken({ region: plan.region, client, proof }, access).catch(unheard);
    if (!(answer instanceof VouchError) && !isToBeAskedAgain(answer)) return answer;
    last = answer;
    if (last instanceof VouchError || last.refused !== "authorization_pending") waitMs += SLOWER_MS;
  }
}

function unheard(error: unknown): VouchError {
  if (!(error instanceof VouchError) || error.code !== "aws-unreachable") throw error;
  debug(`could not check the login: ${error.message}`);
  return error;
}

/** Answers that leave a login open. Source: RFC 8628, 3.5. */
const OPEN: readonly string[] = ["authorization_pending", "slow_down"];

function isToBeAskedAgain(created: Created): created is Refused {
  if (!("refused" in created)) return false;
  const { refused, answer } = created;
  return OPEN.includes(refused) || answer.status === 429 || answer.status >= 500;
}

/** The last error, because of which we may have missed an approval. Undefined if AWS answered, or was not asked. */
function troubleOf(last: Refused | VouchError | undefined): VouchError | undefined {
  if (last === undefined || last instanceof VouchError) return last;
  return OPEN.includes(last.refused) ? undefined : serviceError(last.answer, CREATE_TOKEN);
}
