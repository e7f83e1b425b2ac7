import { homedir } from "node:os";
import path from "node:path";

/** Where programs that were built or installed for tests stay between runs; each in a folder named after all it is made of. */
export function peersCache(): string {
  return path.join(process.env["XDG_CACHE_HOME"] || path.join(homedir(), ".cache"), "kubectl-vouch", "peers");
}
