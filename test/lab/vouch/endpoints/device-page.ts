import { randomUUID } from "node:crypto";
import { readForm } from "../form.ts";
import { oauthRefusal } from "../refusal.ts";
import type { Reply } from "../reply.ts";
import type { VouchRequest } from "../vouch-request.ts";
import { addUser, type DeviceGrant, type VouchUser, type VouchWorld } from "../world.ts";

/**
 * `GET /device`: where a browser is sent during an enrolment. The real page has the person sign in at the organization's
 * identity provider; here whoever names an address has it.
 */
export function devicePage(request: VouchRequest): Reply {
  const typed = new URLSearchParams(request.query).get("user_code") ?? "";
  const code = /^[A-Z-]{0,16}$/.test(typed) ? typed : "";
  return page(`<form method="post" action="/device">
<p><label>Code <input name="user_code" value="${code}"></label></p>
<p><label>E-mail address <input name="email" type="email"></label></p>
<p><button name="action" value="approve">Approve</button> <button name="action" value="deny">Deny</button></p>
</form>`);
}

/**
 * `POST /device`, a form: `user_code`, `action` (`approve` or `deny`), `email`. An address that nobody has gets an account.
 * No security key takes part, so the session is not hardware-verified, as on the newest servers.
 */
export function decideDevice(request: VouchRequest, world: VouchWorld): Reply {
  const form = readForm(request);
  const row = pendingDevice(form.get("user_code") ?? "", world);
  if (row === undefined) throw oauthRefusal(400, "invalid_request", "There is no such code, or it was used");
  if (form.get("action") !== "approve") {
    row.status = "denied";
    return page("<p>Denied. You may close this page.</p>");
  }
  const email = form.get("email") ?? "";
  const user = [...world.users.values()].find((one) => one.email === email) ?? newcomer(email, world);
  Object.assign(row, { status: "approved", userId: user.id, hardwareVerified: false });
  return page("<p>Approved. You may close this page.</p>");
}

function newcomer(email: string, world: VouchWorld): VouchUser {
  const domain = email.split("@")[1];
  if (domain === undefined) throw oauthRefusal(400, "invalid_request", "This is no e-mail address");
  return addUser({ id: randomUUID(), email, domain }, world);
}

/** The enrolment that waits under this code. */
export function pendingDevice(userCode: string, world: VouchWorld): DeviceGrant | undefined {
  return [...world.devices.values()].find((one) => one.userCode === userCode && one.status === "pending");
}

function page(body: string): Reply {
  const html = `<!doctype html><html lang="en"><title>Vouch</title><h1>The lab's Vouch server</h1>${body}</html>\n`;
  return { status: 200, headers: { "Content-Type": "text/html; charset=utf-8" }, body: html };
}
