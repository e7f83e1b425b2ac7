import type { Run } from "../../../token/command/command.ts";
import { run } from "../../../token/command/command.ts";
import type { Facts } from "../facts.ts";
import type { Quote } from "../failure/error-sources.ts";

/** Our own words for a session that has come to its end. Source: plugin/vouch/vouch-access.ts, token/mint/mint-token.ts. */
export const SESSION_EXPIRED = /The session of \S+ at \S+ (?:ended at|is about to end)/;

/** The Vouch login that the context's credentials come from. */
interface VouchSide {
  /** Ours, or upstream's, which keeps a session of its own. */
  readonly by: "kubectl-vouch" | "vouch";
  readonly server: string | undefined;
}

/**
 * Undefined: the context takes its credentials from elsewhere. Where the kubeconfig is unknown, it is ours if we are the
 * one who speaks.
 */
export function vouchSide(
  { exec, credentials, vouch }: Pick<Facts, "exec" | "credentials" | "vouch">,
  spoken?: Quote,
): VouchSide | undefined {
  if (exec?.tool === "kubectl-vouch" || exec?.tool === "vouch") {
    return { by: exec.tool, server: exec.server ?? vouch?.server };
  }
  if (exec === undefined) {
    const server = vouch?.server ?? /https:\/\/[\w.-]*\w(?::\d+)?/.exec(spoken?.line ?? "")?.[0];
    return vouch === undefined && spoken === undefined ? undefined : { by: "kubectl-vouch", server };
  }
  const isKey = credentials?.kind === "environment";
  const link = isKey ? undefined : credentials?.chain.find((profile) => profile.vouch !== undefined);
  return link?.vouch && { by: link.vouch.by, server: link.vouch.server ?? vouch?.server };
}

/** The command that logs in. */
export function loginCommand({ by, server }: VouchSide): Run {
  return by === "vouch" ? run("vouch", "login", { server }) : run("kubectl", "vouch login", { server });
}
