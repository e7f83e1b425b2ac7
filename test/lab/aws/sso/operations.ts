import { findRole } from "../caller.ts";
import type { OpenCall } from "../open-service.ts";
import { pageOf } from "../page.ts";
import type { AwsReply } from "../request.ts";
import { jsonReply } from "../rest-json.ts";
import { issuePlainSession } from "../sts/issue-session.ts";
import { invalidRequest, noAccess, requireSession } from "./portal-session.ts";

/** A session of the permission set's role, named as the user. A role that is gone is like one that was never assigned. */
export function getRoleCredentials(call: OpenCall): AwsReply {
  const [permissionSet, accountId] = [required(call, "role_name"), required(call, "account_id")];
  const { userName } = requireSession(call);
  const assignment = assignmentsOf(call, userName).find(
    (one) => one.permissionSet === permissionSet && one.accountId === accountId,
  );
  const role = assignment && findRole(call.world, assignment.roleArn);
  if (!role) throw noAccess();
  const session = issuePlainSession(call, role, {
    sessionName: userName,
    seconds: assignment.sessionSeconds,
  });
  const { accessKeyId, secretAccessKey, sessionToken, expires } = session;
  const expiration = expires.getTime();
  return jsonReply(200, { roleCredentials: { accessKeyId, secretAccessKey, sessionToken, expiration } });
}

export function listAccounts(call: OpenCall): AwsReply {
  const { userName } = requireSession(call);
  const assigned = new Set(assignmentsOf(call, userName).map(({ accountId }) => accountId));
  const accounts = call.world.identityCenter.accounts.filter(({ accountId }) => assigned.has(accountId));
  const { items, nextToken } = page(call, accounts);
  return jsonReply(200, { accountList: items, nextToken });
}

export function listAccountRoles(call: OpenCall): AwsReply {
  const accountId = required(call, "account_id");
  const { userName } = requireSession(call);
  const roles = assignmentsOf(call, userName)
    .filter((one) => one.accountId === accountId)
    .map((one) => ({ roleName: one.permissionSet, accountId }));
  if (roles.length === 0) throw noAccess();
  const { items, nextToken } = page(call, roles);
  return jsonReply(200, { roleList: items, nextToken });
}

/** Ends the session, and with it every token that it was given. */
export function logout(call: OpenCall): AwsReply {
  const session = requireSession(call);
  const { identityCenter } = call.world;
  identityCenter.sessions = identityCenter.sessions.filter((one) => one !== session);
  return { status: 200, headers: {}, body: "" };
}

function assignmentsOf({ world }: OpenCall, userName: string) {
  return world.identityCenter.assignments.filter((one) => one.userName === userName);
}

function page<T>({ query, world }: OpenCall, items: readonly T[]) {
  const [maxResults, nextToken] = [query.get("max_result"), query.get("next_token")];
  const { pageSize: most } = world.identityCenter;
  return pageOf(items, { maxResults, nextToken, most }, invalidRequest);
}

function required({ query }: OpenCall, name: string): string {
  const value = query.get(name);
  if (!value) throw invalidRequest(`${name} is required`);
  return value;
}
