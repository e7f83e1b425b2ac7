import https from "node:https";
import type { LabCertificate } from "../tls.ts";

interface ApiAnswer {
  readonly status: number;
  /** Parsed, if it is JSON. */
  readonly body: unknown;
}

/** The API as cluster-admin, by a client certificate: past every authenticator and every policy. */
export interface ApiClient {
  /** Rejects on anything but success, unless the status is among `alsoFine`. */
  ask(
    method: string,
    path: string,
    options?: { body?: unknown; alsoFine?: readonly number[] },
  ): Promise<ApiAnswer>;
}

const SILENCE_MS = 30_000;

export function apiClient(
  port: number,
  { ca, cert, key }: LabCertificate & { readonly ca: string },
): ApiClient {
  const agent = new https.Agent({ ca, cert, key, keepAlive: true, maxSockets: 8 });
  return {
    async ask(method, path, { body, alsoFine = [] } = {}) {
      const answer = await send({ host: "127.0.0.1", port, path, method, agent }, body);
      if (answer.status < 300 || alsoFine.includes(answer.status)) return answer;
      throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    },
  };
}

function send(options: https.RequestOptions, body: unknown): Promise<ApiAnswer> {
  return new Promise((resolve, reject) => {
    const request = https.request(
      { ...options, headers: { "content-type": "application/json" }, timeout: SILENCE_MS },
      (response) => {
        const chunks: Buffer[] = [];
        response.on("error", reject);
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("end", () => {
          const text = Buffer.concat(chunks).toString();
          const isJson = response.headers["content-type"]?.startsWith("application/json") === true;
          resolve({ status: response.statusCode ?? 0, body: isJson ? JSON.parse(text) : text });
        });
      },
    );
    request.on("timeout", () => request.destroy(new Error(`${options.path}: silent for ${SILENCE_MS} ms`)));
    request.on("error", reject);
    request.end(body === undefined ? undefined : JSON.stringify(body));
  });
}
