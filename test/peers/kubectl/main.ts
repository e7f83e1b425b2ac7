/** Prints the paths of the real kubectl binaries, and fetches those that are missing. */
import { fetchKubectl, KUBECTL_RELEASES } from "./fetch.ts";

for (const release of KUBECTL_RELEASES) process.stdout.write(`${await fetchKubectl(release)}\n`);
