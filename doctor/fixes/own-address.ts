import { run } from "../../token/command/command.ts";
import { ownNetwork } from "../derive/network/own-network.ts";
import type { DoctorEvidence } from "../evidence/evidence.ts";

/** Prints this machine's public address. */
export const MY_ADDRESS = run("curl", "", {}, "https://checkip.amazonaws.com");

/** The machine's public address, as a CIDR block. */
export function ownCidr(evidence: DoctorEvidence): string {
  const egress = ownNetwork(evidence)?.egressAddress;
  return egress === undefined ? "YOUR_ADDRESS/32" : `${egress}/${egress.includes(":") ? 128 : 32}`;
}
