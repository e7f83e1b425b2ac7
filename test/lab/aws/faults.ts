import type { Takeover } from "../takeover.ts";
import type { AwsServiceName } from "./endpoint.ts";
import { matchesAction } from "./policy/wildcard.ts";

/** Switches that a test may turn while the stand-in runs. */
export interface AwsFaults {
  /** May answer instead of the stand-in. */
  takeover: Takeover | undefined;
  /** Connections are cut without an answer. */
  down: boolean;
  /** Every answer comes this much later, in milliseconds. */
  slowMs: number;
  /** The next so many calls are throttled. */
  throttle: number;
  /** The next so many calls fail inside AWS, with a status of 500. */
  fail: number;
  /** What the four above hit, as patterns of actions: `eks:*`, `sts:GetCallerIdentity`. Empty means everything. */
  only: string[];
  /** Actions that a service control policy denies, whoever asks. GetCallerIdentity and the ways to log in cannot be denied. */
  deny: string[];
}

/** Services whose callers are principals of an account. */
const POLICED: readonly AwsServiceName[] = ["sts", "eks", "iam"];

export function noFaults(): AwsFaults {
  return { takeover: undefined, down: false, slowMs: 0, throttle: 0, fail: 0, only: [], deny: [] };
}

export function isHit(faults: AwsFaults, action: string): boolean {
  return faults.only.length === 0 || faults.only.some((pattern) => matchesAction(pattern, action));
}

export function isDenied(faults: AwsFaults, service: AwsServiceName, operation: string): boolean {
  if (operation === "GetCallerIdentity" || !POLICED.includes(service)) return false;
  return faults.deny.some((pattern) => matchesAction(pattern, `${service}:${operation}`));
}
