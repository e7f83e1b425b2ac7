import fs from "node:fs";
import { homedir } from "node:os";
import path from "node:path";

/** Where programs that were built or installed for tests stay between runs; each in a folder named after all it is made of. */
export function peersCache(): string {
  return path.join(process.env["XDG_CACHE_HOME"] || path.join(homedir(), ".cache"), "kubectl-vouch", "peers");
}

/** Fills a folder of the cache whole or not at all: it gets its name when everything is in it. */
export async function fillWhole(folder: string, fill: (work: string) => Promise<void>): Promise<void> {
  const work = `${folder}.${process.pid}`;
  fs.mkdirSync(work, { recursive: true });
  try {
    await fill(work);
    try {
      fs.renameSync(work, folder);
    } catch (error) {
      // Another process may have been faster: what it made is as good.
      if (!fs.existsSync(folder)) throw error;
    }
  } finally {
    fs.rmSync(work, { recursive: true, force: true });
  }
}
