import { ours, type Run } from "../../command/command.ts";
import { withCommands } from "../../command/sentence.ts";
import { VouchError } from "../../errors/errors.ts";
import type { SsoPlace } from "../sources/plan-kinds.ts";

/** A login place, as a user knows it. */
type Place = Pick<SsoPlace, "session" | "startUrl" | "origin">;

/** The user is not logged in; `why` is a clause without its full stop. */
export function loggedOut(plan: Place, why?: string): VouchError {
  const rest = why === undefined ? "" : `: ${why}`;
  return new VouchError("sso-logged-out", `You are not logged in to ${placeName(plan)}${rest}.`, {
    hint: logInHint(plan),
  });
}

/** The session is over; `why` is a clause without its full stop. */
export function sessionEnded(plan: Place, why: string, cause?: unknown): VouchError {
  const options = { hint: logInHint(plan), ...(cause === undefined ? {} : { cause }) };
  return new VouchError("sso-session-expired", `The ${placeName(plan)} session has ended: ${why}.`, options);
}

/** The token has ended. The session may still live, but refreshing would require writing the new token. */
export function tokenEnded(plan: Place): VouchError {
  return new VouchError(
    "sso-session-expired",
    `The ${placeName(plan)} token has expired and was not refreshed, because this command does not change files.`,
    { hint: logInHint(plan) },
  );
}

/** No one answered in the browser. The caller adds which command to repeat. */
export function loginUnanswered(plan: Place): VouchError {
  return new VouchError("sso-login-unanswered", `The login to ${placeName(plan)} was not approved in time.`);
}

/** `IAM Identity Center (sso-session lab)` */
export function placeName({ session, startUrl }: Pick<SsoPlace, "session" | "startUrl">): string {
  return `IAM Identity Center (${session === undefined ? startUrl : `sso-session ${session}`})`;
}

export function logInHint(plan: Pick<SsoPlace, "origin">): string {
  return withCommands`Run ${ours("login", { profile: profileOf(plan) })}.`;
}

/** The login that first ends the current session. */
export function logInAgain(plan: Pick<SsoPlace, "origin">): Run {
  return ours("login", { profile: profileOf(plan), force: true });
}

function profileOf({ origin }: Pick<SsoPlace, "origin">): string {
  return "profile" in origin ? origin.profile : "NAME";
}
