import { AwsFailure } from "../failure.ts";
import { listed, matchesAction, matchesWildcard } from "./wildcard.ts";

interface SessionStatement {
  readonly effect: "Allow" | "Deny";
  readonly actions: readonly string[];
  readonly resources: readonly string[];
}

/**
 * What the managed policies that a session may name allow of our three services. Any other allows nothing here.
 *
 * Source: AWS Managed Policy Reference, ReadOnlyAccess; AdministratorAccess.
 */
const MANAGED: Readonly<Record<string, readonly string[]>> = {
  AdministratorAccess: ["*"],
  ReadOnlyAccess: [
    "eks:AccessKubernetesApi",
    "eks:Describe*",
    "eks:List*",
    "iam:Generate*",
    "iam:Get*",
    "iam:List*",
    "iam:Simulate*",
  ],
};

type SessionVerdict = "allowed" | "denied" | "silent";

/** What the session policies say; several add up. Undefined policies do not narrow at all. */
export function judgeSessionPolicies(
  policies: { readonly policyArns: readonly string[]; readonly inlinePolicy: string | undefined },
  action: string,
  resource: string,
): SessionVerdict {
  if (policies.policyArns.length === 0 && policies.inlinePolicy === undefined) return "allowed";
  const inline = policies.inlinePolicy === undefined ? [] : parseSessionPolicy(policies.inlinePolicy);
  const managed = policies.policyArns.map(
    (arn): SessionStatement => ({
      effect: "Allow",
      actions: MANAGED[arn.slice(arn.lastIndexOf("/") + 1)] ?? [],
      resources: ["*"],
    }),
  );
  const matching = [...inline, ...managed].filter(
    ({ actions, resources }) =>
      actions.some((pattern) => matchesAction(pattern, action)) &&
      resources.some((pattern) => matchesWildcard(pattern, resource)),
  );
  if (matching.some(({ effect }) => effect === "Deny")) return "denied";
  return matching.length > 0 ? "allowed" : "silent";
}

/** Reads an inline session policy. What the lab does not evaluate is refused, so that no test leans on it unnoticed. */
export function parseSessionPolicy(text: string): SessionStatement[] {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    throw malformed("This policy contains invalid Json");
  }
  const statements = isObject(document) ? listed(document["Statement"]) : [];
  if (statements.length === 0) throw malformed("Syntax errors in policy.");
  return statements.map((statement) => {
    if (!isObject(statement)) throw malformed("Syntax errors in policy.");
    const { Effect: effect, Action: action, Resource: resource, Sid: _sid, ...rest } = statement;
    const unknown = Object.keys(rest);
    if (unknown.length > 0)
      throw malformed(`The lab does not evaluate these policy elements: ${unknown.join(", ")}`);
    if ((effect !== "Allow" && effect !== "Deny") || action === undefined || resource === undefined) {
      throw malformed("Syntax errors in policy.");
    }
    return { effect, actions: listed(action).map(String), resources: listed(resource).map(String) };
  });
}

function malformed(message: string): AwsFailure {
  return new AwsFailure("MalformedPolicyDocument", 400, message);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
