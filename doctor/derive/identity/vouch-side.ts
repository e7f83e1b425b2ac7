import { type Run, run } from "../../../token/command/command.ts";
import { vouchStanza } from "../../../token/kubeconfig/exec-stanza.ts";
import type { VouchFacts } from "../../evidence/evidence.ts";
import type { Facts } from "../facts.ts";
import type { Quote } from "../failure/error-sources.ts";
import { isVouchBlock } from "./credential-source.ts";

/** Our own messages for an expired session. Source: plugin/vouch/vouch-access.ts, token/mint/mint-token.ts. */
export const SESSION_EXPIRED = /The session of \S+ at \S+ (?:ended at|is about to end)/;

/** Ours, or upstream's, which has a session of its own. */
type VouchTool = "kubectl-vouch" | "vouch";

type VouchCase = Pick<Facts, "exec" | "credentials">;

/** The tool whose Vouch login gives the context its credentials; ours if the kubeconfig is unknown. */
export function vouchTool(facts: VouchCase): VouchTool | undefined {
  if (facts.exec === undefined) return "kubectl-vouch";
  const { exec } = facts;
  if (!isVouchBlock(exec)) return vouchProfile(facts)?.by;
  return exec.tool === "vouch" ? "vouch" : "kubectl-vouch";
}

type SessionCase = Pick<Facts, "exec" | "credentials" | "kubeconfig" | "vouch">;

/**
 * The session of ours that the context needs. Without an exec block to tell, this is assumed unless there are AWS profiles and no
 * user of Vouch in the kubeconfig.
 */
export function sessionNeeded(facts: SessionCase): VouchFacts | undefined {
  if (vouchTool(facts) !== "kubectl-vouch") return undefined;
  return facts.exec === undefined && !hasUsedVouch(facts) ? undefined : facts.vouch;
}

/** Whether there is a user of Vouch in the kubeconfig, or a user was logged in. */
function hasUsedVouch({ kubeconfig, vouch }: SessionCase): boolean {
  const users = [...(kubeconfig?.view?.entries.users.values() ?? [])];
  const isVouch = users.some(({ body }) => vouchStanza(body)?.source.kind === "vouch");
  return isVouch || vouch?.identity !== undefined || vouch?.sessionEnd !== undefined;
}

/** The server of that login; if the kubeconfig is unknown, the one that our own error names. */
export function vouchServer(
  facts: Pick<Facts, "exec" | "credentials" | "vouch">,
  spoken?: Quote,
): string | undefined {
  const { exec } = facts;
  const written = exec?.server ?? (exec === undefined ? undefined : vouchProfile(facts)?.server);
  const named = () => /https:\/\/[\w.-]*\w(?::\d+)?/.exec(spoken?.line ?? "")?.[0];
  return written ?? facts.vouch?.server ?? (exec === undefined ? named() : undefined);
}

/** Keys in the environment come before any profile. */
function vouchProfile({ credentials }: VouchCase) {
  if (credentials?.kind === "environment") return undefined;
  return credentials?.chain.find(({ vouch }) => vouch !== undefined)?.vouch;
}

/** The command to log in. */
export function loginCommand(tool: VouchTool | undefined, server: string | undefined): Run {
  return tool === "vouch" ? run("vouch", "login", { server }) : run("kubectl", "vouch login", { server });
}
