import https from "node:https";
import type { Lab } from "../lab/lab.ts";
import { listenOnLoopback } from "../lab/loopback.ts";

/** An ear in front of the lab's AWS: passes everything on, and keeps the ID tokens that went by. */
export interface AwsListener {
  /** What to put into AWS_ENDPOINT_URL. */
  readonly url: string;
  readonly idTokens: readonly string[];
  close(): Promise<void>;
}

/** Starts one with a certificate of the lab's own authority. A connection that AWS cuts is cut. */
export async function listenToAws({ ca, aws }: Lab): Promise<AwsListener> {
  const idTokens: string[] = [];
  const agent = new https.Agent({ ca: ca.cert });
  const server = https.createServer(await ca.issue(["127.0.0.1"]), (incoming, outgoing) => {
    const { method, url: path, headers } = incoming;
    const onward = https.request(aws.url, { method, path, headers, agent }, (reply) => {
      outgoing.writeHead(reply.statusCode ?? 502, reply.headers);
      reply.pipe(outgoing);
    });
    onward.on("error", () => outgoing.destroy());
    const chunks: Buffer[] = [];
    incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
    incoming.on("end", () => {
      const body = Buffer.concat(chunks);
      const token = new URLSearchParams(body.toString()).get("WebIdentityToken");
      if (token !== null) idTokens.push(token);
      onward.end(body);
    });
  });
  const { port, close } = await listenOnLoopback(server);
  return {
    url: `https://127.0.0.1:${port}`,
    idTokens,
    close() {
      agent.destroy();
      return close();
    },
  };
}
