import { run } from "../../token/command/command.ts";
import { type DoctorEvidence, knownValue } from "../evidence/evidence.ts";

/** Prints the address by which the internet sees this machine. */
export const MY_ADDRESS = run("curl", "", {}, "https://checkip.amazonaws.com");

/** The machine's address to the outside, as a range of its own. */
export function ownCidr({ network }: Pick<DoctorEvidence, "network">): string {
  const egress = knownValue(network)?.egressAddress;
  return egress === undefined ? "YOUR_ADDRESS/32" : `${egress}/${egress.includes(":") ? 128 : 32}`;
}
