import type { AwsCredentials } from "../../token/aws/aws-credentials.ts";
import type { DoctorEvidence, Failed } from "../evidence/evidence.ts";
import type { ProbedPart } from "../evidence/parts.ts";
import type { ProbeHost } from "./probe-host.ts";

/** What a probe returns: the part itself, never *failed* (gather adds that). */
type Gathered<K extends ProbedPart> = Exclude<DoctorEvidence[K], Failed | undefined>;

/**
 * Asks the outside world one thing, and never judges. It throws if there is no answer; the reason goes into the bundle.
 * Undefined: there was nothing to ask. It never asks for a touch of the key and never changes anything. Instance metadata is used
 * only to get credentials for a profile of ours that names it.
 */
export interface Probe<K extends ProbedPart = ProbedPart> {
  readonly gathers: K;
  /** Parts that must have been gathered before; the probe runs even if they failed. */
  readonly needs?: readonly ProbedPart[];
  /** Unless set, it uses the network or runs programs, and is left out with `--offline`. */
  readonly worksOffline?: boolean;
  /** Shown to the user while it runs: `checking your AWS identity`. */
  readonly doing: string;
  readonly ask: (asking: Asking) => Promise<Gathered<K> | undefined>;
}

/** What a probe works with. */
export interface Asking {
  /** What has been gathered so far. */
  readonly evidence: DoctorEvidence;
  readonly host: ProbeHost;
  readonly signal: AbortSignal;
  readonly secrets: ProbeSecrets;
}

/** Probes by the parts that they gather. */
export type Probes = { readonly [P in ProbedPart]?: Omit<Probe<P>, "gathers"> };

/** What the probes of one gathering share with each other and no one else: it is never in a bundle. */
export interface ProbeSecrets {
  /** The EKS token from the plugin. */
  token: string | undefined;
  /** The caller's AWS credentials; requested once. */
  credentials: Promise<AwsCredentials> | undefined;
  /** New ones, which replace those that AWS refused. */
  renewed: Promise<AwsCredentials> | undefined;
  /** Why an AWS CLI that keeps its credentials has none; it is then not started again for the same answer. */
  withoutCredentials: Error | undefined;
}

export function newProbeSecrets(): ProbeSecrets {
  return { token: undefined, credentials: undefined, renewed: undefined, withoutCredentials: undefined };
}
