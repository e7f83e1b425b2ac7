import { once } from "node:events";
import net from "node:net";
import { stringify } from "yaml";
import { LAB_CLUSTER, LAB_REGION, LAB_ROLE } from "../lab/lab.ts";
import type { LabDesk } from "./lab-desk.ts";

interface Entry {
  readonly server?: string;
  readonly role?: string;
  readonly user?: object;
}

/** A kubeconfig with a context for each entry. */
export function writeContexts(desk: LabDesk, entries: Readonly<Record<string, Entry>>): void {
  const { cluster, vouch } = desk.lab;
  const ca = Buffer.from(cluster.certificateAuthority).toString("base64");
  const words = ["credential", "eks", "--cluster-name", LAB_CLUSTER, "--region", LAB_REGION];
  const exec = (role: string) => ({
    apiVersion: "client.authentication.k8s.io/v1",
    command: "kubectl-vouch",
    args: [...words, "--role", role, "--server", vouch.url],
    interactiveMode: "Never",
    provideClusterInfo: true,
  });
  desk.write(
    ".kube/config",
    stringify({
      apiVersion: "v1",
      kind: "Config",
      clusters: Object.entries(entries).map(([name, { server = cluster.endpoint }]) => ({
        name,
        cluster: { server, "certificate-authority-data": ca },
      })),
      contexts: Object.keys(entries).map((name) => ({ name, context: { cluster: name, user: name } })),
      users: Object.entries(entries).map(([name, { role = LAB_ROLE, user = { exec: exec(role) } }]) => ({
        name,
        user,
      })),
    }),
  );
}

export const LOCAL: Entry = { server: "https://127.0.0.1:9", user: { "client-certificate-data": "eA==" } };
export const GKE: Entry = {
  server: "https://34.1.2.3",
  user: { exec: { command: "gke-gcloud-auth-plugin" } },
};
export const OWN: Entry = { server: "https://k8s.example", user: { token: "canary" } };
export const OTHER_ROLE = { role: `${LAB_ROLE}2` };

/** A server that accepts connections and sends nothing. `onCall` is told of each connection. */
export async function blackHole(onCall: () => void = () => undefined) {
  const sockets = new Set<net.Socket>();
  const server = net.createServer((socket) => {
    sockets.add(socket.resume());
    socket.on("error", () => undefined).on("close", () => sockets.delete(socket));
    onCall();
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const { port } = server.address() as net.AddressInfo;
  const close = () => {
    for (const socket of sockets) socket.destroy();
    server.close();
  };
  return { url: `https://127.0.0.1:${port}`, isWaitedFor: () => sockets.size > 0, close };
}
