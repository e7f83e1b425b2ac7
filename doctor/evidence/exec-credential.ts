import { explainToken } from "../../token/eks/explain-token.ts";
import { defined, type JsonRecord, recordMember, textMember } from "../../token/record.ts";
import type { PluginRun, TokenFacts } from "./evidence.ts";

/** An ExecCredential: what is kept of it, and its token, which is secret. */
export interface ReadCredential {
  readonly credential: NonNullable<PluginRun["credential"]>;
  readonly token: string | undefined;
}

export function readExecCredential(value: JsonRecord): ReadCredential {
  const status = recordMember(value, "status");
  const token = textMember(status, "token");
  const end = status?.["expirationTimestamp"];
  return {
    credential: {
      apiVersion: String(value["apiVersion"] ?? ""),
      hasToken: token !== undefined,
      ...(typeof end === "string" ? { expirationTimestamp: end } : {}),
    },
    token,
  };
}

/** A token without its secret parts. `now` is in milliseconds since 1970. */
export function tokenFacts(token: string, now: number): TokenFacts {
  const { signedAt, endsAt, ...rest } = explainToken(token, now);
  return { ...rest, ...defined({ signedAt: moment(signedAt), endsAt: moment(endsAt) }) };
}

function moment(epochMs: number | undefined): string | undefined {
  return epochMs === undefined ? undefined : new Date(epochMs).toISOString();
}
