import { createHash } from "node:crypto";
import { pathInArn } from "../arn.ts";
import type { Caller } from "../caller.ts";
import { AwsFailure } from "../failure.ts";
import { requireNumber, requireValid } from "../query/constraints.ts";
import type { QueryForm } from "../query/form.ts";
import type { QueryOperation } from "../query/service.ts";
import {
  inAccount,
  noSuchEntity,
  requirePermission,
  roleNamed,
  roleResult,
  userNamed,
  userResult,
} from "./principals.ts";

/** Source: IAM service model, roleNameType. */
const NAME_PATTERN = "[\\w+=,.@-]+";

/** A role that is not there is asked for without its path, as AWS does: who may not read it never learns that. */
export const getRole: QueryOperation = (form) => ({
  name: "GetRole",
  signed: true,
  parameters: { RoleName: form.get("RoleName") },
  run({ world }, caller) {
    const name = form.get("RoleName");
    requireValid({ roleName: { value: name, required: true, min: 1, max: 64, pattern: NAME_PATTERN } });
    const role = roleNamed(world, caller.accountId, name ?? "");
    const arn = role?.arn ?? `arn:${world.partition}:iam::${caller.accountId}:role/${name}`;
    requirePermission(caller, "iam:GetRole", { arn, said: `role ${name}` });
    if (!role) throw noSuchEntity(`The role with name ${name} cannot be found.`);
    return { Role: { ...roleResult(role), RoleLastUsed: {} } };
  },
});

export const listRoles: QueryOperation = (form) => ({
  name: "ListRoles",
  signed: true,
  parameters: { PathPrefix: form.get("PathPrefix"), MaxItems: form.get("MaxItems") },
  run({ world }, caller) {
    const all = `arn:${world.partition}:iam::${caller.accountId}:role/`;
    requirePermission(caller, "iam:ListRoles", { arn: all, said: all });
    const prefix = form.get("PathPrefix") ?? "/";
    const roles = inAccount(world.roles, caller.accountId).filter(({ arn }) =>
      pathInArn(arn).startsWith(prefix),
    );
    const start = Number(form.get("Marker") ?? 0);
    const end = start + (requireNumber("maxItems", form.get("MaxItems"), { min: 1, max: 1000 }) ?? 100);
    return {
      Roles: roles.slice(start, end).map(roleResult),
      IsTruncated: end < roles.length,
      Marker: end < roles.length ? String(end) : undefined,
    };
  },
});

export const getUser: QueryOperation = (form) => ({
  name: "GetUser",
  signed: true,
  parameters: { UserName: form.get("UserName") },
  run({ world }, caller) {
    const name = form.get("UserName") ?? ownName(caller);
    const user = userNamed(world, caller.accountId, name);
    const arn = user?.arn ?? `arn:${world.partition}:iam::${caller.accountId}:user/${name}`;
    requirePermission(caller, "iam:GetUser", { arn, said: `user ${name}` });
    if (!user) throw noSuchEntity(`The user with name ${name} cannot be found.`);
    return { User: userResult(user) };
  },
});

export const listOpenIdConnectProviders: QueryOperation = () => ({
  name: "ListOpenIDConnectProviders",
  signed: true,
  parameters: {},
  run({ world }, caller) {
    const all = `arn:${world.partition}:iam::${caller.accountId}:oidc-provider/*`;
    requirePermission(caller, "iam:ListOpenIDConnectProviders", { arn: all, said: all });
    const providers = inAccount(world.oidcProviders, caller.accountId);
    return { OpenIDConnectProviderList: providers.map(({ arn }) => ({ Arn: arn })) };
  },
});

export const getOpenIdConnectProvider: QueryOperation = (form) => ({
  name: "GetOpenIDConnectProvider",
  signed: true,
  parameters: { OpenIDConnectProviderArn: form.get("OpenIDConnectProviderArn") },
  run({ world }, caller) {
    const arn = requiredArn(form, "OpenIDConnectProviderArn");
    requirePermission(caller, "iam:GetOpenIDConnectProvider", { arn, said: arn });
    const provider = inAccount(world.oidcProviders, caller.accountId).find(
      (candidate) => candidate.arn === arn,
    );
    if (!provider) throw noSuchEntity(`OpenIDConnect Provider not found for arn ${arn}`);
    return {
      Url: provider.url,
      ClientIDList: provider.clientIds,
      ThumbprintList: [createHash("sha1").update(provider.ca).digest("hex")],
      CreateDate: provider.createDate,
      Tags: [],
    };
  },
});

function requiredArn(form: QueryForm, name: string): string {
  const arn = form.get(name);
  const said = name.charAt(0).toLowerCase() + name.slice(1);
  requireValid({ [said]: { value: arn, required: true, min: 20, max: 2048 } });
  return arn ?? "";
}

/** GetUser without a name means the caller; a role has no user. */
function ownName({ arn, session }: Caller): string {
  if (!session) return arn.slice(arn.lastIndexOf("/") + 1);
  throw new AwsFailure(
    "ValidationError",
    400,
    "Must specify userName when calling with non-User credentials",
  );
}
