/** Builds the Go programs that are missing: what `npm run test:peers` begins with. */
import { buildGoPrograms } from "./programs.ts";

await buildGoPrograms((line) => process.stderr.write(`${line}\n`));
