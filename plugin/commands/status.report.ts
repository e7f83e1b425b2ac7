import type { ErrorCode } from "../../token/errors/errors.ts";
import type { CurrentSession } from "../../token/hot/current.ts";
import type { ServerUrl } from "../../token/vouch/server-url.ts";
import type { AwsSessions } from "../login/aws-sessions.ts";
import type { ContextStart } from "../login/first-source.ts";
import { serves } from "../login/session-state.ts";
import type { VouchContext } from "../vouch/vouch-contexts.ts";

/** What the server says of the session: it lives, it does not, or nothing was heard. It is lost without its secrets. */
export type Verdict =
  | { readonly answer: "lives" | "ended" | "lost" | "not-asked" }
  | { readonly answer: "unknown"; readonly reason: string };

export type ContextStatus = VouchContext & ContextStart;

/** Who is logged in, how long, and for which contexts. */
export interface StatusReport {
  readonly server: ServerUrl;
  readonly session: CurrentSession | undefined;
  readonly verdict: Verdict;
  /** Somebody is, at the Vouch server. */
  readonly authenticated: boolean;
  /**
   * Somebody named the Vouch server, or has a context by it; that somebody logged in there last counts where there is no context.
   * Else it is the one that everybody may use.
   */
  readonly isVouchMeant: boolean;
  readonly contexts: readonly ContextStatus[];
  /** Why the contexts are not known. */
  readonly kubeconfigProblem: string | undefined;
  readonly aws: AwsSessions;
  /** The file of `--kubeconfig`. */
  readonly kubeconfig: string | undefined;
  readonly others: readonly { readonly server: string; readonly session: CurrentSession }[];
}

/**
 * Whether those are logged in who have to be: at Vouch where that is meant, and wherever else contexts need it. Where neither says
 * who, somebody anywhere. False where the contexts, or what they begin with, cannot be told. A profile that gives nothing needs no
 * login, which would not help: in a script, `status || login` would ask for one in vain.
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

/** Of AWS's files: whether a profile of theirs needs a login cannot be told. */
const UNREADABLE: readonly ErrorCode[] = ["aws-config-invalid", "file-unreadable"];
