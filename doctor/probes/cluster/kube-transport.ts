import {
  type Configuration,
  createConfiguration,
  type RequestContext,
  ResponseContext,
  ServerConfiguration,
  wrapHttpLibrary,
} from "@kubernetes/client-node";
import { VouchError } from "../../../token/errors/errors.ts";
import { sendRequest } from "../../../token/net/http-client.ts";
import {
  type ExchangeLimits,
  KUBERNETES_LIMITS,
  KUBERNETES_TOTAL_BYTES,
  REVIEW_LIMITS,
} from "../../../token/net/limits.ts";
import type { ClusterAddress } from "../network/cluster-address.ts";
import { tlsRoute } from "../network/get-over-tls.ts";

/** How to call one API server as one user. */
export interface KubeAccess {
  readonly address: Omit<ClusterAddress, "skipsVerification">;
  /** A bearer token. */
  readonly token?: string | undefined;
  /** Sent with every request, such as whom to impersonate. */
  readonly headers?: Readonly<Record<string, string | string[]>>;
  readonly signal?: AbortSignal | undefined;
  /** Instead of the default limits. */
  readonly limits?: ExchangeLimits;
  /** For all answers together, in bytes. */
  readonly totalBytes?: number;
}

/**
 * Lets client-node's typed APIs call one API server: with these credentials, its certificate authority, and within our limits for each
 * answer and for all together. client-node's own transport has no limit of size or time.
 */
export function kubeConfiguration({
  address,
  token,
  headers = {},
  signal,
  limits,
  totalBytes = KUBERNETES_TOTAL_BYTES,
}: KubeAccess): Configuration {
  const { url, ca, tlsName, proxy, client } = address;
  const bearer = token === undefined ? {} : { Authorization: `Bearer ${token}` };
  let left = totalBytes;
  const send = async (request: RequestContext): Promise<ResponseContext> => {
    const target = new URL(request.getUrl());
    const body: unknown = request.getBody();
    const usual = request.getHttpMethod() === "POST" ? REVIEW_LIMITS : KUBERNETES_LIMITS;
    const answer = await sendRequest(
      {
        method: request.getHttpMethod(),
        url: target,
        headers: { ...request.getHeaders(), ...bearer, ...headers },
        body: typeof body === "string" ? body : undefined,
        ...tlsRoute({ url: target, ca, tlsName, proxy, client }),
      },
      { limits: limits ?? usual, clock: Date.now, signal },
    );
    left -= answer.body.length;
    if (left < 0) throw tooMuch(url, totalBytes);
    return responseOf(answer.status, answer.headers, answer.body);
  };
  return createConfiguration({
    baseServer: new ServerConfiguration(url.href.replace(/\/$/, ""), {}),
    httpApi: wrapHttpLibrary({ send }),
  });
}

function responseOf(
  status: number,
  headers: Readonly<Record<string, string | string[] | undefined>>,
  body: Buffer,
): ResponseContext {
  const flat = Object.entries(headers).map(([name, value]) => [name, [value ?? ""].flat().join(", ")]);
  return new ResponseContext(status, Object.fromEntries(flat), {
    text: async () => body.toString("utf8"),
    binary: async () => body,
    stream: () => null,
  });
}

function tooMuch({ host }: URL, limit: number): VouchError {
  return new VouchError(
    "server-answer-invalid",
    `${host} returned more than ${limit / 1024 / 1024} MiB in total.`,
    { hint: "Narrow the request: specify a namespace with `--namespace`." },
  );
}
