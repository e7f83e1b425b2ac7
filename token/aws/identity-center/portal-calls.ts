import { withCommands } from "../../command/sentence.ts";
import { VouchError } from "../../errors/errors.ts";
import type { HttpAnswer } from "../../net/http-client.ts";
import { allPages } from "../../net/limits.ts";
import { serverLabel } from "../../net/server-text.ts";
import { isRecord, type JsonRecord, jsonRecord, recordMember, textMember } from "../../record.ts";
import { credentialMember, type TemporaryCredentials } from "../aws-credentials.ts";
import { type BearerAccess, callService, refusalOf, serviceError, strangeAnswer } from "../bearer-call.ts";
import type { SsoPlace, SsoPlan } from "../sources/plan-kinds.ts";
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
  const accessKeyId = credentialMember(given, "accessKeyId");
  const secretAccessKey = credentialMember(given, "secretAccessKey");
  const sessionToken = credentialMember(given, "sessionToken");
  const expires = given?.["expiration"];
  if (accessKeyId === undefined || secretAccessKey === undefined || sessionToken === undefined)
    return undefined;
  return typeof expires === "number" ? { accessKeyId, secretAccessKey, sessionToken, expires } : undefined;
}

/** An account in which the user has roles. */
export interface SsoAccount {
  /** Twelve digits. */
  readonly id: string;
  /** As its owner named it, in one line that can be printed; its ID if nothing is left of the name. */
  readonly name: string;
}

/**
 * All accounts in which the user has roles. Throws `sso-session-expired` if the token is no longer valid.
 *
 * Source: service models of SSO, ListAccounts.
 */
export function ssoAccounts(
  place: SsoPlace,
  accessToken: string,
  access: BearerAccess,
): Promise<SsoAccount[]> {
  const list = {
    action: "sso:ListAccounts",
    path: "/assignment/accounts",
    query: {},
    member: "accountList",
    read: (account: JsonRecord) => {
      const id = textMember(account, "accountId") ?? "";
      const name = serverLabel(textMember(account, "accountName")) ?? id;
      return /^\d{12}$/.test(id) ? { id, name } : undefined;
    },
  };
  return portalList(place, list, { accessToken, access });
}

/**
 * The roles that the user has in an account. Throws `sso-session-expired` if the token is no longer valid.
 *
 * Source: service models of SSO, ListAccountRoles; IAM API, "RoleName".
 */
export function ssoAccountRoles(
  place: SsoPlace,
  { id }: SsoAccount,
  accessToken: string,
  access: BearerAccess,
): Promise<string[]> {
  const list = {
    action: "sso:ListAccountRoles",
    path: "/assignment/roles",
    query: { account_id: id },
    member: "roleList",
    read: (role: JsonRecord) => /^[\w+=,.@-]{1,64}$/.exec(textMember(role, "roleName") ?? "")?.[0],
  };
  return portalList(place, list, { accessToken, access });
}

interface PortalList<T> {
  readonly action: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  /** Member of the answer that contains the items. */
  readonly member: string;
  /** Undefined if it is not such an item. */
  readonly read: (item: JsonRecord) => T | undefined;
}

/** The most items in a page. Source: service models of SSO, "MaxResultType". */
const PAGE_ITEMS = "100";

function portalList<T>(
  place: SsoPlace,
  { action, path, query, member, read }: PortalList<T>,
  { accessToken, access }: { readonly accessToken: string; readonly access: BearerAccess },
): Promise<T[]> {
  const { region } = place;
  const headers = bearer(accessToken);
  return allPages(placeName(place), async (next) => {
    const page = { ...query, max_result: PAGE_ITEMS, ...(next === undefined ? {} : { next_token: next }) };
    const answer = await callService({ service: "sso", region, path, query: page, headers }, access);
    if (answer.status === 401) throw sessionEnded(place, refusalOf(answer).words);
    if (answer.status !== 200) throw serviceError(answer, action);
    const members = jsonRecord(answer.body);
    const listed = members?.[member];
    const items = (Array.isArray(listed) ? listed : [undefined]).map((item) =>
      isRecord(item) ? read(item) : undefined,
    );
    if (items.includes(undefined)) throw strangeAnswer(action, "without a complete list");
    return {
      items: items.filter((item) => item !== undefined),
      next: textMember(members, "nextToken"),
    };
  });
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
