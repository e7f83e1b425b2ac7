import type { ErrorCode } from "../../token/errors/errors.ts";
import type { CurrentSession } from "../../token/hot/current.ts";
import type { ServerUrl } from "../../token/vouch/server-url.ts";
import { type AwsSessions, type ContextStart, serves } from "../login/aws-sessions.ts";
import type { VouchContext } from "../vouch/vouch-contexts.ts";

/** The server's answer about the session: alive, ended, or none. `lost`: its secrets are gone from this machine. */
export type Verdict =
  | { readonly answer: "lives" | "ended" | "lost" | "not-asked" }
  | { readonly answer: "unknown"; readonly reason: string };

export type ContextStatus = VouchContext & ContextStart;

/** Who is logged in, how long, and for which contexts. */
export interface StatusReport {
  readonly server: ServerUrl;
  readonly session: CurrentSession | undefined;
  readonly verdict: Verdict;
  /** Whether somebody is logged in at the Vouch server. */
  readonly authenticated: boolean;
  /**
   * Whether somebody named the Vouch server or has a context that uses it; without any context, the server of the last login
   * counts too. Otherwise it is the public default.
   */
  readonly isVouchMeant: boolean;
  readonly contexts: readonly ContextStatus[];
  /** Why the contexts are unknown. */
  readonly kubeconfigProblem: string | undefined;
  readonly aws: AwsSessions;
  /** The file of `--kubeconfig`. */
  readonly kubeconfig: string | undefined;
  readonly others: readonly { readonly server: string; readonly session: CurrentSession }[];
}

/**
 * Whether everybody is logged in who has to be: at Vouch if that is meant, and wherever else contexts need it. If neither says
 * who, somebody anywhere will do. False if the contexts, or their credential sources, are unknown. A profile that gives nothing
 * needs no login, which would not help: in a script, `status || login` would ask for one in vain.
 */
export function isLoggedIn(
  { isVouchMeant, authenticated, contexts, kubeconfigProblem, aws }: StatusReport,
  now: number,
): boolean {
  if (kubeconfigProblem !== undefined) return false;
  if (contexts.length === 0 && !isVouchMeant) return aws.centers.some(({ token }) => serves(token, now));
  const isKnown =
    contexts.every(({ problem }) => problem === undefined || !UNREADABLE.includes(problem.code)) &&
    (aws.problem === undefined || contexts.every(({ stanza }) => stanza.source.kind === "vouch"));
  const needed = [...aws.centers.filter((session) => session.needed !== undefined), ...aws.logins];
  return (!isVouchMeant || authenticated) && isKnown && needed.every(({ token }) => serves(token, now));
}

/** Errors in AWS's files, with which it is unknown whether a profile in them needs a login. */
const UNREADABLE: readonly ErrorCode[] = ["aws-config-invalid", "file-unreadable"];
