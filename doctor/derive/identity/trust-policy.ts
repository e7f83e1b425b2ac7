import { isRecord, recordMember } from "../../../token/record.ts";
import { globCovers } from "../../../token/text/glob.ts";
import { type Principal, principalOfArn } from "../../eks/principal/principal.ts";
import type { RoleJson } from "../../evidence/evidence.ts";
import type { CredentialError, CredentialErrors } from "../failure/error-sources.ts";

/** One statement of a role's trust policy, with every list as a list. */
export interface TrustStatement {
  readonly effect: string;
  readonly actions: readonly string[];
  /** ARNs of identity providers. */
  readonly federated: readonly string[];
  /** ARNs, account ids or `*`. */
  readonly aws: readonly string[];
  readonly conditions: readonly TrustCondition[];
}

interface TrustCondition {
  readonly operator: string;
  readonly key: string;
  readonly values: readonly string[];
}

/**
 * The statements of a role's trust policy; undefined if it is missing or cannot be read. AWS prints it as an object in some
 * answers and as URL-encoded JSON in others.
 */
export function trustPolicy({
  AssumeRolePolicyDocument: raw,
}: RoleJson): readonly TrustStatement[] | undefined {
  const document = typeof raw === "string" ? parse(raw) : raw;
  return isRecord(document) ? list(document["Statement"]).filter(isRecord).map(readStatement) : undefined;
}

/** Host (and path) of an identity provider: what follows `oidc-provider/`. */
export function providerHost(arn: string): string {
  return arn.slice(arn.indexOf("oidc-provider/") + "oidc-provider/".length);
}

/**
 * Whether a provider is that of a Vouch server: it has the server's host, or an organisation's host below it. Source:
 * token/vouch/VOUCH-PROTOCOL.md, "ID token for AWS".
 */
export function isProviderOf(host: string, server: string): boolean {
  const base = server.replace(/^https?:\/\//, "").replace(/\/$/, "");
  return host === base || host.endsWith(`.${base}`);
}

/** Whether the statement allows an action; names of actions are compared in any case. */
export function allowsAction({ effect, actions }: TrustStatement, action: string): boolean {
  return (
    effect === "Allow" && actions.some((pattern) => globCovers(pattern.toLowerCase(), action.toLowerCase()))
  );
}

function readStatement(statement: Record<string, unknown>): TrustStatement {
  const principal = recordMember(statement, "Principal") ?? { AWS: statement["Principal"] };
  const tests = recordMember(statement, "Condition") ?? {};
  return {
    effect: String(statement["Effect"] ?? ""),
    actions: texts(statement["Action"]),
    federated: texts(principal["Federated"]),
    aws: texts(principal["AWS"]),
    conditions: Object.keys(tests).flatMap((operator) =>
      Object.entries(recordMember(tests, operator) ?? {}).map(([key, values]) => ({
        operator,
        key,
        values: texts(values),
      })),
    ),
  };
}

function parse(text: string): unknown {
  for (const decode of [(raw: string) => raw, decodeURIComponent]) {
    try {
      return JSON.parse(decode(text));
    } catch {}
  }
  return undefined;
}

function list(value: unknown): readonly unknown[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value];
}

function texts(value: unknown): string[] {
  return list(value).filter((item) => typeof item === "string");
}

/** STS's message for an AssumeRole that is not allowed, parsed. */
export interface AssumeRoleRefusal {
  readonly error: CredentialError;
  readonly caller: Principal;
  readonly role: Principal;
  /** ARN of the role, as in the message. */
  readonly roleArn: string;
}

/** Source: doctor/AWS-CREDENTIALS.md, "Words of AWS". */
const NOT_AUTHORIZED =
  /User: (arn:\S+) is not authorized to perform: sts:AssumeRole on resource: (arn:[\w+=,.@:/-]+)/;

/** Finds the message in the output of the plugin or the call. */
export function assumeRoleRefusal(errors: CredentialErrors): AssumeRoleRefusal | undefined {
  const error = errors.match(NOT_AUTHORIZED);
  const [, user = "", resource = ""] = error?.quote.match ?? [];
  const roleArn = resource.replace(/\.$/, "");
  const [caller, role] = [principalOfArn(user), principalOfArn(roleArn)];
  return error === undefined || caller === undefined || role === undefined
    ? undefined
    : { error, caller, role, roleArn };
}
