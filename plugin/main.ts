import { answerWarm } from "../token/hot/answer.ts";
import { nodeHost } from "../token/node-host.ts";

if (answerWarm(nodeHost(process))) process.exit(0);
leaveGoneFolder();
const { main } = await import("./real-app.ts");
await main();

/**
 * A current folder may have been removed, as under a program that runs kubectl for days. The full program cannot start
 * in such a one: yargs asks where it is when it is loaded.
 */
function leaveGoneFolder(): void {
  try {
    process.cwd();
  } catch {
    process.chdir("/");
  }
}
