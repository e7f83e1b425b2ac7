import type { Run } from "../../../token/command/command.ts";
import type { CauseId } from "../../check/cause-ids.ts";
import {
  type Description,
  defineRule,
  doesNotApply,
  found,
  passed,
  type RuleDefinition,
} from "../../check/rule.ts";
import type { Confidence } from "../../derive/confidence.ts";
import type { Facts } from "../../derive/facts.ts";
import { loginCommand, sessionNeeded, vouchServer, vouchTool } from "../../derive/identity/vouch-side.ts";
import type { VouchFacts } from "../../evidence/evidence.ts";

/** A fault of the Vouch session: the plugin's messages for it, and how the session itself shows it. */
export interface SessionFault {
  readonly pattern: RegExp;
  readonly isShown: (vouch: VouchFacts, now: number) => boolean;
  /** Whether the session shows that the message is outdated. */
  readonly isOver?: (vouch: VouchFacts) => boolean;
  /** Whether the session shows what proves the fault wrong. */
  readonly isRefuted?: (vouch: VouchFacts, now: number) => boolean;
}

interface SessionRule extends SessionFault, Pick<RuleDefinition, "cause" | "expects"> {
  readonly explains: readonly CauseId[];
  readonly describe: (login: VouchLogin, facts: Facts) => Description;
}

/** A rule about a session that does not provide credentials. */
export function defineSessionRule({
  cause,
  expects,
  explains,
  describe,
  ...fault
}: SessionRule): RuleDefinition {
  return defineRule({
    cause,
    expects,
    needs: ["preAuthSeverity"],
    refuted: (seen) =>
      seen.vouch !== undefined && fault.isRefuted?.(seen.vouch, seen.now ?? Number.NaN) === true,
    check({ preAuthSeverity: severity }, seen) {
      if (vouchTool(seen) === undefined) return NO_VOUCH;
      const most = sessionFault(seen, fault);
      if (most === undefined) return passed;
      const isContradicted = seen.symptom?.kind === "unauthorized" || seen.pluginRun?.exitCode === 0;
      return found({
        severity,
        confidence: isContradicted ? "possible" : most,
        inferred: isContradicted,
        explains,
        describe: (facts) => describe(vouchLogin(facts, fault), facts),
      });
    },
  });
}

export const NO_VOUCH = doesNotApply("the context does not use Vouch");

/** The confidence in the fault. Upstream's tool has a separate session, of which only messages are known. */
export function sessionFault(
  seen: Facts,
  { pattern, isShown, isOver }: SessionFault,
): Confidence | undefined {
  const error = seen.credentialErrors?.match(pattern);
  // For a profile, no probe reads the session.
  const isAsked = seen.exec === undefined || seen.exec.tool === "kubectl-vouch";
  if (error !== undefined && (isOver === undefined || !isAsked)) return error.confidence;
  const vouch = sessionNeeded(seen);
  if (vouch !== undefined && isShown(vouch, seen.now ?? Number.NaN)) return "certain";
  return vouch !== undefined && isOver?.(vouch) ? undefined : error?.confidence;
}

/** Values for texts about the login. */
interface VouchLogin {
  readonly server: string | undefined;
  readonly login: Run;
  /** The plugin's message, as a sentence. */
  readonly said: string | undefined;
  /** Whether the session itself shows the fault. */
  readonly isShown: boolean;
}

export function vouchLogin(facts: Facts, { pattern, isShown }: SessionFault): VouchLogin {
  const { credentialErrors, now = Number.NaN } = facts;
  const error = credentialErrors?.match(pattern);
  const vouch = sessionNeeded(facts);
  const tool = vouchTool(facts);
  const server = vouchServer(facts, error?.quote);
  return {
    server,
    login: loginCommand(tool, server),
    said: error?.said,
    isShown: vouch !== undefined && isShown(vouch, now),
  };
}
