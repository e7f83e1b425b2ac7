import { run } from "../../token/command/command.ts";
import { ownNetwork } from "../derive/network/own-network.ts";
import type { DoctorEvidence } from "../evidence/evidence.ts";

/** Prints the address by which the internet sees this machine. */
export const MY_ADDRESS = run("curl", "", {}, "https://checkip.amazonaws.com");

/** The machine's address to the outside, as a range of its own. */
export function ownCidr(evidence: DoctorEvidence): string {
  const egress = ownNetwork(evidence)?.egressAddress;
  return egress === undefined ? "YOUR_ADDRESS/32" : `${egress}/${egress.includes(":") ? 128 : 32}`;
}
