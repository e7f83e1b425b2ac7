import { withCommands } from "../../command/sentence.ts";
import { VouchError } from "../../errors/errors.ts";
import type { HttpAnswer } from "../../net/http-client.ts";
import { jsonRecord, recordMember, textMember } from "../../record.ts";
import type { TemporaryCredentials } from "../aws-credentials.ts";
import { type BearerAccess, callService, refusalOf, serviceError, strangeAnswer } from "../bearer-call.ts";
import type { SsoPlan } from "../sources/plan-kinds.ts";
import { logInAgain, placeName, sessionEnded } from "./session-errors.ts";

const GET_ROLE = "sso:GetRoleCredentials";

/**
 * The credentials of the plan's role. Throws `sso-session-expired` if the token is no longer valid, and `sso-role-denied` if the
 * role is not assigned to this user.
 *
 * Source: service models of SSO; "ForbiddenException" is in none: doctor/AWS-CREDENTIALS.md, "Identity Center".
 */
export async function ssoRoleCredentials(
  plan: SsoPlan,
  accessToken: string,
  access: BearerAccess,
): Promise<TemporaryCredentials> {
  const query = { role_name: plan.role, account_id: plan.account };
  const { region } = plan;
  const call = {
    service: "sso",
    region,
    path: "/federation/credentials",
    query,
    headers: bearer(accessToken),
  } as const;
  const answer = await callService(call, access);
  if (answer.status === 401) throw sessionEnded(plan, refusalOf(answer).words);
  if (answer.status === 403 || answer.status === 404) throw notAssigned(plan, answer);
  if (answer.status !== 200) throw serviceError(answer, GET_ROLE);
  const credentials = credentialsIn(answer);
  if (credentials === undefined) throw strangeAnswer(GET_ROLE, "without credentials and their expiration");
  if (credentials.expires <= access.clock())
    throw strangeAnswer(GET_ROLE, "with credentials that have already expired");
  return credentials;
}

function notAssigned(plan: SsoPlan, answer: HttpAnswer): VouchError {
  const role = `permission set ${plan.role} in account ${plan.account}`;
  return new VouchError(
    "sso-role-denied",
    `${placeName(plan)} does not grant you the ${role}: ${refusalOf(answer).words}.`,
    {
      hint: withCommands`Ask an IAM Identity Center admin to assign it to you, or log in as a different user: ${logInAgain(plan)}`,
    },
  );
}

function credentialsIn({ body }: HttpAnswer): TemporaryCredentials | undefined {
  const given = recordMember(jsonRecord(body), "roleCredentials");
  const accessKeyId = textMember(given, "accessKeyId");
  const secretAccessKey = textMember(given, "secretAccessKey");
  const sessionToken = textMember(given, "sessionToken");
  const expires = given?.["expiration"];
  if (accessKeyId === undefined || secretAccessKey === undefined || sessionToken === undefined)
    return undefined;
  return typeof expires === "number" ? { accessKeyId, secretAccessKey, sessionToken, expires } : undefined;
}

/**
 * Ends the session at the portal, with all its tokens. A session that has already ended is no failure.
 *
 * Source: service models of SSO, Logout.
 */
export async function portalLogout(
  { region, accessToken }: { readonly region: string; readonly accessToken: string },
  access: BearerAccess,
): Promise<void> {
  const call = { service: "sso", region, path: "/logout", body: {}, headers: bearer(accessToken) } as const;
  const answer = await callService(call, access);
  if (answer.status !== 200 && answer.status !== 401) throw serviceError(answer, "sso:Logout");
}

function bearer(accessToken: string) {
  return { "x-amz-sso_bearer_token": accessToken };
}
