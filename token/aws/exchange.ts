import { debug } from "../debug.ts";
import type { Asker } from "../hot/key.ts";
import type { RoleQuestion } from "../hot/question.ts";
import { agentPolicies } from "./agent-policies.ts";
import { parseRoleArn, requireSamePartition } from "./arn.ts";
import type { TemporaryCredentials } from "./aws-credentials.ts";
import type { Sts } from "./sts.ts";

/** What STS needs to know about a request for a role; an agent's session is narrowed to read-only. */
export interface ExchangeRequest extends Pick<RoleQuestion & Asker, "role" | "via" | "region" | "agent"> {
  /** False: another role is assumed with the resulting credentials. */
  readonly isLast?: boolean;
}

/** The external parties of an exchange. */
export interface ExchangeParties {
  readonly sts: Sts;
  /** An ID token pinned to the role that it will assume. */
  readonly idToken: (roleArn: string) => Promise<{ readonly idToken: string; readonly subject: string }>;
}

/**
 * Walks the chain: the ID token assumes the first role, and each role the next. A role that already is the identity is not
 * assumed again.
 *
 * Source: token/vouch/VOUCH-PROTOCOL.md, "ID token for AWS" and "STS call".
 */
export async function exchange(
  request: ExchangeRequest,
  { sts, idToken }: ExchangeParties,
): Promise<TemporaryCredentials> {
  const chain = [...request.via, request.role].filter((role, index, all) => role !== all[index - 1]);
  const roles = chain.map(parseRoleArn);
  for (const role of roles) requireSamePartition(role, request.region);

  const { agent, isLast = true } = request;
  if (agent !== undefined)
    debug(`AI agent ${agent}: its AWS session can only ${isLast ? "read" : "assume the next role"}`);
  const [first = request.role, ...rest] = chain;
  const identity = await idToken(first);
  const sessionName = stsSessionName(identity.subject);
  let credentials = await sts.assumeWithWebIdentity({
    roleArn: first,
    sessionName,
    idToken: identity.idToken,
    ...agentPolicies(request, isLast && rest.length === 0),
  });
  for (const [index, roleArn] of rest.entries()) {
    credentials = await sts.assumeRole({
      roleArn,
      sessionName,
      by: credentials,
      ...agentPolicies(request, isLast && index === rest.length - 1),
    });
  }
  return credentials;
}

/**
 * A name for the STS session that shows who is behind it: the ID token's subject (an e-mail address), made valid. A trust policy
 * that requires `sts:RoleSessionName` to equal the subject works if the subject itself is valid.
 *
 * Source: STS API reference, RoleSessionName: 2 to 64 of `[\w+=,.@-]`.
 */
export function stsSessionName(subject: string): string {
  const valid = subject.replaceAll(/[^A-Za-z0-9_+=,.@-]/g, "-").slice(0, 64);
  return valid.length < 2 ? `${valid}--`.slice(0, 2) : valid;
}
