import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import net from "node:net";
import path from "node:path";
import { runCommand } from "../support/run-command.ts";
import { tempFolder } from "../support/temp-folder.ts";

const BUILT = path.resolve(import.meta.dirname, "../../dist/kubectl-vouch.mjs");

describe("the built program on its own", () => {
  const folder = tempFolder();
  const env = () => ({ PATH: "/usr/bin:/bin", HOME: folder() });

  it("starts in a folder that was removed", async () => {
    const gone = path.join(folder(), "gone");
    fs.mkdirSync(gone);
    const script = 'cd "$1" && rmdir "$1" && exec "$2" "$3" version';
    const command = ["sh", "-c", script, "sh", gone, process.execPath, BUILT];
    const { status, stdout, stderr } = await runCommand(command, { env: env() });
    assert.deepEqual({ status, stderr }, { status: 0, stderr: "" });
    assert.match(stdout, /^kubectl-vouch \d/);
  });

  it("ends on Ctrl-C although what it waits for knows none", async () => {
    const child = spawn(process.execPath, [BUILT, "token", "explain"], { env: env(), stdio: "pipe" });
    const said: Buffer[] = [];
    child.stderr.on("data", (chunk: Buffer) => said.push(chunk));
    const closed = once(child, "close") as Promise<[number | null]>;
    // A pipe takes what nobody reads; that it is read shows that the program waits for its end.
    child.stdin.write("x".repeat(1024 * 1024), () => child.kill("SIGINT"));
    const [status] = await closed;
    assert.deepEqual(
      { status, stderr: Buffer.concat(said).toString() },
      {
        status: 130,
        stderr: "error: Interrupted. [interrupted]\nRun the command again when you are ready.\n",
      },
    );
  });

  it("says on Ctrl-C what the doctor knows of all contexts so far", async () => {
    const hole = net.createServer(() => undefined).listen(0, "127.0.0.1");
    await once(hole, "listening");
    const { port } = hole.address() as net.AddressInfo;
    const kubeconfig = path.join(folder(), "kubeconfig");
    fs.writeFileSync(
      kubeconfig,
      `clusters:
- {name: hole, cluster: {server: "https://127.0.0.1:${port}"}}
contexts:
- {name: hole, context: {cluster: hole, user: aws}}
- {name: kind-dev, context: {cluster: hole, user: cert}}
users:
- {name: aws, user: {exec: {apiVersion: client.authentication.k8s.io/v1, command: aws}}}
- {name: cert, user: {client-certificate-data: eA==}}
`,
    );
    const words = ["doctor", "--all-contexts", "-o", "short", "--kubeconfig", kubeconfig];
    const child = spawn(process.execPath, [BUILT, ...words], { env: env(), stdio: "pipe" });
    const said = { out: "", err: "" };
    child.stdout.on("data", (chunk: Buffer) => {
      said.out += chunk.toString();
    });
    child.stderr.on("data", (chunk: Buffer) => {
      said.err += chunk.toString();
      if (said.err === "Checking 1 context…\n") child.kill("SIGINT");
    });
    const [status] = (await once(child, "close")) as [number | null];
    hole.close();
    assert.deepEqual(
      { status, ...said },
      {
        status: 130,
        out: "hole: not checked (interrupted)\nkind-dev: skipped (it is for a cluster on this machine)\n",
        err: "Checking 1 context…\nerror: Interrupted: 0 of 1 context checked. [interrupted]\nRun the command again when you are ready.\n",
      },
    );
  });
});
