import type { CommandResult } from "../../support/run-command.ts";
import type { Lab } from "../lab.ts";

/** The contexts of the person: one of ours, one of the real AWS CLI with static keys; and that of the administrator. */
export const CONTEXTS = { ours: "lab-vouch", grace: "lab-grace", administrator: "lab-admin" } as const;

/** What a fault may touch: everything in the lab, and the person's shell. */
export interface FaultPlace {
  readonly lab: Lab;
  /** The person's kubeconfig. */
  readonly kubeconfig: string;
  /** For files of one's own. */
  readonly folder: string;
  /** The person's own variables; what is set here applies to all commands that follow. */
  readonly env: Record<string, string>;
  /** The real AWS CLI. */
  readonly aws: string;
  /** Logs the person in again, with their security key. */
  readonly logIn: () => Promise<void>;
  /** Runs a command in the person's shell. */
  readonly run: (command: readonly string[]) => Promise<CommandResult>;
}

/**
 * How the doctor is asked. *runs*: it runs the failing command itself. *looks*: at the context, without being told
 * more. *pastes*: it is given what the command said. *administrator*: somebody else asks, with their own context, about
 * the person, and gives what the person's command said.
 */
type Asking = "runs" | "looks" | "pastes" | "administrator";

/** How it is put right. */
export type LabFix = PrintedFix | HandFix;

/** By commands of the report: those of the first fix that has some and whose sentence fits, or of all that do. */
interface PrintedFix {
  readonly printed: RegExp;
  readonly all?: boolean;
  /** What to put in place of the placeholders. */
  readonly fill?: (place: FaultPlace) => Readonly<Record<string, string>>;
  /** Commands that only look, where AWS CLI 1 does not have them or nobody may. */
  readonly not?: RegExp;
}

/** By a hand that does what the report asks for: something that no command in the lab can do. */
interface HandFix {
  readonly says: RegExp;
  readonly byHand: (place: FaultPlace) => void | Promise<void>;
}

/** One broken link of the chain that the lab can really produce. */
export interface LabFault {
  /** Row of the catalogue: `E3`. Source: doctor/CODES.md. */
  readonly row: string;
  /** What is as right for an admin, who does not see the failed command. */
  readonly also?: string;
  /** Completes *what is wrong:* `the role was deleted and made again`. */
  readonly name: string;
  /** Name of the context; CONTEXTS.ours when absent. */
  readonly context?: string;
  readonly breakIt: (place: FaultPlace) => void | Promise<void>;
  /** What fails then: words after `kubectl`, `get pods` when absent; or a whole command. */
  readonly tries?: readonly string[];
  readonly command?: readonly string[];
  /** What it says. */
  readonly says: RegExp;
  /** The launcher of a release keeps it from doing harm: there, the command works. */
  readonly gated?: boolean;
  /** It is by what setup settled under the home of the user database, which tests of a release leave alone: left out there. */
  readonly isSettled?: boolean;
  /** *runs* when absent. */
  readonly asking?: Asking;
  /** The first fix that has commands, when absent. */
  readonly fix?: LabFix;
  /** What works then; the same as failed when absent. */
  readonly works?: readonly string[];
}

/** Any fix that has commands. */
export const ANY_FIX: LabFix = { printed: /./ };

/** kubectl's words for a 401. */
export const UNAUTHORIZED = /Unauthorized|the server has asked for the client to provide credentials/;
export const FORBIDDEN = /Error from server \(Forbidden\)/;

/**
 * A command that says of nodes, which the lab does not have, what kubectl does: they are NotReady until AWS's settings, as the
 * administrator reads them, let them in.
 */
export function nodesReadyIf(label: string, isLetIn: string): string[] {
  const words = `node/i-0a1b2c3d4e5f60718 NotReady (${label}): kubelet stopped posting node status`;
  return ["env", "AWS_PROFILE=administrator", "sh", "-c", `${isLetIn} || { echo '${words}' >&2; exit 1; }`];
}
