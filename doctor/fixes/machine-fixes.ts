import { run, runPerSystem, type SetVariable, setVariable } from "../../token/command/command.ts";
import { ownNetwork } from "../derive/network/own-network.ts";
import { noProxyOf } from "../derive/network/proxy.ts";
import type { DoctorEvidence } from "../evidence/evidence.ts";
import { type Fix, forYou, oneOf } from "./fix.ts";

/**
 * AWS's messages for a signature with the wrong time, and ours if a Vouch server reports it. Source: doctor/AWS-CREDENTIALS.md,
 * "Clock".
 */
export const CLOCK_WORDS =
  /Signature expired:|Signature not yet current|RequestTimeTooSkewed|RequestExpired|This machine's clock is about/;

const RESYNC = "w32tm /resync";
const IN_WSL = "wsl -u root hwclock -s";

/** How to correct the clock. */
export const SET_CLOCK: readonly Fix[] = oneOf(
  forYou(
    "Turn on time synchronization (Linux), or synchronize now (Windows, as an administrator).",
    runPerSystem(["sudo", "timedatectl", "set-ntp", "true"], RESYNC),
  ),
  forYou(
    "In WSL, or in a virtual machine that was suspended, set the system clock from the hardware clock.",
    runPerSystem(["sudo", "hwclock", "-s"], IN_WSL),
  ),
);

/** Prints this machine's public address. */
export const MY_ADDRESS = run("curl", "", {}, "https://checkip.amazonaws.com");

/** The machine's public address, as a CIDR block. */
export function ownCidr(evidence: DoctorEvidence): string {
  const egress = ownNetwork(evidence)?.egressAddress;
  return egress === undefined ? "YOUR_ADDRESS/32" : `${egress}/${egress.includes(":") ? 128 : 32}`;
}

/** Adds a host to those that are reached without a proxy. */
export function bypassProxy(evidence: Pick<DoctorEvidence, "environment">, host: string): SetVariable {
  const before = noProxyOf(evidence);
  const isThere = before.split(",").some((one) => one.trim() === host);
  return setVariable("NO_PROXY", before === "" ? host : isThere ? before : `${before},${host}`);
}
