import { once } from "node:events";
import http from "node:http";
import type { AddressInfo } from "node:net";

/** A machine with a role, and a container on it: instance metadata, and container credentials at `/creds`. */
export interface Machine {
  readonly url: string;
  close(): Promise<void>;
}

/** Access key ids say who gave the keys. */
export async function startMachine(): Promise<Machine> {
  const server = http.createServer(({ url, method }, response) => {
    const answer = method === "PUT" ? "token" : answers[url ?? ""];
    response.writeHead(answer === undefined ? 404 : 200, { "x-aws-ec2-metadata-token-ttl-seconds": "21600" });
    response.end(answer);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

const ROLES = "/latest/meta-data/iam/security-credentials/";

const answers: Readonly<Record<string, string>> = {
  [ROLES]: "node",
  [`${ROLES}node`]: credentials("instance-metadata"),
  "/creds": credentials("container"),
};

function credentials(accessKeyId: string): string {
  return JSON.stringify({
    Code: "Success",
    Type: "AWS-HMAC",
    LastUpdated: "2026-01-01T00:00:00Z",
    AccessKeyId: accessKeyId,
    SecretAccessKey: "s",
    Token: "t",
    Expiration: "2100-01-01T00:00:00Z",
  });
}
