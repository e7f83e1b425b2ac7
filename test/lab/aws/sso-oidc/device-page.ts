import type { SsoConsent, SsoDeviceGrant } from "../../identity-center-model.ts";
import { answerDevice } from "../identity-center.ts";
import type { OpenCall } from "../open-service.ts";
import type { AwsReply } from "../request.ts";

/**
 * `/device`: where somebody allows a code, by hand as well: `?user_code=ABCD-EFGH` shows it, `&answer=allow` or `deny` is the click.
 * Whoever sits before the browser is signed in already. The real page lies at AWS's own host, and signs people in.
 */
export function devicePage({ query, now, world: { identityCenter } }: OpenCall): AwsReply {
  const { person, devices } = identityCenter;
  if (person === "away") return page("Sign in", "<p>Nobody sits before this browser.</p>");
  const typed = query.get("user_code") ?? "";
  const answer = query.get("answer");
  if (answer === null) return page("Authorization requested", form(typed, person));
  if (![...devices.values()].some((device) => waitsFor(device, typed, now)))
    return page("Invalid code", "<p>There is no such code, or it has ended or was used.</p>", 400);
  const consent = answer === "allow" ? person : "denied";
  answerDevice(identityCenter, typed, consent);
  return page(
    consent === "denied" ? "Request denied" : "Request approved",
    "<p>You can close this window.</p>",
  );
}

function waitsFor({ status, userCode, expires }: SsoDeviceGrant, typed: string, now: Date): boolean {
  return status === "pending" && userCode === typed && expires > now;
}

function form(typed: string, person: SsoConsent): string {
  const code = /^[A-Z-]{0,16}$/.test(typed) ? typed : "";
  const who = typeof person === "object" ? `<p>You are ${person.userName}.</p>\n` : "";
  return `${who}<form action="/device">
<p><label>Code <input name="user_code" value="${code}"></label></p>
<p>Does your device show this code, and may it use your accounts?</p>
<p><button name="answer" value="allow">Allow access</button> <button name="answer" value="deny">Deny access</button></p>
</form>`;
}

function page(title: string, body: string, status = 200): AwsReply {
  const html = `<!doctype html><html lang="en"><title>${title}</title><h1>${title}</h1>\n${body}</html>\n`;
  return { status, headers: { "content-type": "text/html; charset=utf-8" }, body: html };
}
