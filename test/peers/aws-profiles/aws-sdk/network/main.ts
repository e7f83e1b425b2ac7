/**
 * Runs a command as in a container of ECS, whose agent is at 169.254.170.2: prints whom the lab takes it for, by the keys that
 * it prints as JSON. Started in a network of its own, where nobody else has that address: main.ts PROGRAM [ARGUMENT ...]
 */
import { connect, createServer } from "node:net";
import { findCredential } from "../../../../lab/aws/caller.ts";
import { startContainerCredentials } from "../../../../lab/aws/container-credentials.ts";
import { emptyWorld } from "../../../../lab/aws/empty-world.ts";
import { addRole } from "../../../../lab/aws/world.ts";
import { labClock } from "../../../../lab/clock.ts";
import { runCommand } from "../../../../support/run-command.ts";

const AGENT = "169.254.170.2";

const clock = labClock();
const world = emptyWorld("111122223333");
const role = addRole(world, { name: "Task" });
const container = await startContainerCredentials({ world, clock, role });
const agent = createServer((socket) => {
  const upstream = connect(Number(new URL(container.url).port), "127.0.0.1");
  socket.pipe(upstream).pipe(socket);
});
await new Promise<void>((resolve) => agent.listen(80, AGENT, resolve));

const env = { ...process.env, AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: container.relativeUri };
const { stdout, stderr } = await runCommand(process.argv.slice(2), { env: env as Record<string, string> });
process.stderr.write(stderr);
const keys = Object.entries(JSON.parse(stdout || "{}")).map(([name, value]) => [name.toLowerCase(), value]);
const { accesskeyid = "", sessiontoken = "" } = Object.fromEntries(keys) as Record<string, string>;
const found = findCredential(world, accesskeyid, sessiontoken, new Date(clock()));
process.stdout.write(typeof found === "string" ? found : found.caller.arn);
process.exit();
