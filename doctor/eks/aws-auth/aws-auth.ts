import { isRecord } from "../../../token/record.ts";
import { parseYaml } from "../../../token/text/yaml.ts";
import {
  type ConfigMapJson,
  type DoctorEvidence,
  isExcerpt,
  knownValue,
  type Part,
} from "../../evidence/evidence.ts";
import type { Principal } from "../principal/principal.ts";
import { type AwsAuthSection, foldCase, readAccounts, readSection } from "./aws-auth-section.ts";

/** ConfigMap kube-system/aws-auth as EKS parses it, each section by itself. Source: doctor/EKS-ACCESS.md, "aws-auth". */
export interface AwsAuth {
  readonly roles: AwsAuthSection;
  readonly users: AwsAuthSection;
  readonly accounts: readonly string[];
  /** Top-level keys that are ignored: `mapusers`, `maproles`, … */
  readonly ignoredKeys: readonly string[];
}

/** How aws-auth maps a principal; templates are not filled in yet. */
export interface AwsAuthMatch {
  readonly by: "mapRoles" | "mapUsers" | "mapAccounts";
  readonly username: string;
  readonly groups: readonly string[];
}

type AwsAuthPart = Part<ConfigMapJson | string | null> | undefined;

const SECTIONS = ["mapRoles", "mapUsers", "mapAccounts"] as const;

/** Maximum size of a ConfigMap, in bytes. Source: kubernetes, pkg/apis/core/validation/validation.go, `ValidateConfigMap`. */
const MAX_SIZE = 1024 * 1024;

/**
 * Reads aws-auth as the authenticator does: top-level keys are matched in their exact case, keys of an entry in any; a section
 * that does not parse is lost, but the others count; a value of the wrong type counts as empty; an entry without an ARN is
 * dropped. Null: there is no such ConfigMap. Undefined: unknown, text that is no ConfigMap, larger than the API server
 * accepts, or such that two parsers may read it differently.
 *
 * Left out on purpose: entries with only the `sso:` matcher, which EKS does not match.
 *
 * Source: doctor/EKS-ACCESS.md, "aws-auth".
 */
export function parseAwsAuth(part: AwsAuthPart): AwsAuth | null | undefined {
  const data = dataOf(part);
  if (data === undefined || data === null) return data;
  if (SECTIONS.some((section) => isTooLarge(data[section]))) return undefined;
  const roles = readSection(data["mapRoles"], "rolearn");
  const users = readSection(data["mapUsers"], "userarn");
  const accounts = readAccounts(data["mapAccounts"]);
  if (roles === undefined || users === undefined || accounts === undefined) return undefined;
  return {
    roles,
    users,
    accounts,
    ignoredKeys: Object.keys(data).filter(
      (key) =>
        !SECTIONS.some((section) => section === key) &&
        SECTIONS.some((section) => section.toLowerCase() === key.toLowerCase()),
    ),
  };
}

function isTooLarge(section: unknown): boolean {
  return typeof section === "string" && section.length > MAX_SIZE;
}

/** The text of each section, by its key as written. */
export function awsAuthTexts(part: AwsAuthPart): Readonly<Record<string, string>> {
  const isText = (pair: [string, unknown]): pair is [string, string] => typeof pair[1] === "string";
  return Object.fromEntries(Object.entries(dataOf(part) ?? {}).filter(isText));
}

/** The sections from which the ConfigMap can be rewritten; none if this is an excerpt, whose other lines would be lost. */
export function wholeTexts(
  evidence: Pick<DoctorEvidence, "awsAuth" | "excerpts">,
): Readonly<Record<string, string>> {
  return isExcerpt(evidence, "awsAuth") ? {} : awsAuthTexts(evidence.awsAuth);
}

/** The `resourceVersion` of the ConfigMap that was read. */
export function versionOf({ awsAuth }: Pick<DoctorEvidence, "awsAuth">): string | undefined {
  const found = knownValue(awsAuth);
  const version = typeof found === "object" ? found?.metadata?.["resourceVersion"] : undefined;
  return typeof version === "string" ? version : undefined;
}

/**
 * How aws-auth maps this principal. ARNs are compared in any case, those of roles without a path; both lists are searched for
 * both kinds, roles first; the later of two entries counts; an account gives a username and no groups.
 *
 * Source: doctor/EKS-ACCESS.md, "aws-auth".
 */
export function matchAwsAuth(awsAuth: AwsAuth, principal: Principal): AwsAuthMatch | undefined {
  const { canonicalArn, account } = principal;
  for (const [by, { entries }] of [
    ["mapRoles", awsAuth.roles],
    ["mapUsers", awsAuth.users],
  ] as const) {
    const entry = entries.findLast(({ arn }) => foldCase(arn) === canonicalArn.toLowerCase());
    if (entry !== undefined) return { by, username: entry.username, groups: entry.groups };
  }
  if (awsAuth.accounts.includes(account)) return { by: "mapAccounts", username: canonicalArn, groups: [] };
  return undefined;
}

function dataOf(part: AwsAuthPart): Readonly<Record<string, unknown>> | null | undefined {
  const found = knownValue(part);
  if (found === undefined || found === null) return found;
  const object = typeof found === "string" ? parsedText(found) : found;
  if (!isRecord(object)) return undefined;
  const data = "data" in object || "kind" in object || "metadata" in object ? (object["data"] ?? {}) : object;
  return isRecord(data) ? data : undefined;
}

function parsedText(text: string): unknown {
  try {
    return parseYaml(text);
  } catch {
    return undefined;
  }
}
