import { endpointOverride } from "../../../token/endpoints/aws-endpoint.ts";
import type { Endpoints } from "../../../token/endpoints/endpoints.ts";
import { stsHost } from "../../../token/hot/sts-host.ts";
import { chosenProxy } from "../../../token/net/chosen-proxy.ts";
import { trustedRoots } from "../../../token/net/trusted-roots.ts";
import type { ClockReading } from "../../evidence/evidence.ts";
import { type CalledContext, endpointsOf, readCalledContext } from "../called-context.ts";
import { secondsAhead } from "../cluster/api-server.ts";
import type { Probes } from "../probe.ts";
import type { ProbeHost } from "../probe-host.ts";
import { clusterAddress } from "./cluster-address.ts";
import { type GetRequest, getOverTls } from "./get-over-tls.ts";

/** How long a peer may take, in milliseconds, so that a silent one does not use up the time of the others. */
const PEER_MS = 4000;

export const CLOCKS_PROBE = {
  /** Our clock compared with those of STS, the Vouch server and the API server, by the Date of an answer. */
  clocks: {
    needs: ["kubeconfig"],
    doing: "comparing clocks",
    ask: async ({ evidence, host, signal }) => {
      const limit = AbortSignal.any([signal, AbortSignal.timeout(PEER_MS)]);
      const call = readCalledContext(evidence, host);
      const peers = peersOf(call, host, await endpointsOf(call, host));
      const readings = await Promise.all(
        peers.map(async ({ peer, request }): Promise<ClockReading[]> => {
          const ahead = await getOverTls({ ...request, headers: {}, clock: host.clock, signal: limit })
            .then(secondsAhead)
            .catch(() => undefined);
          return ahead === undefined ? [] : [{ peer, aheadSeconds: ahead }];
        }),
      );
      if (peers.length > 0 && readings.flat().length === 0) throw new Error("no server returned its time");
      return readings.flat();
    },
  },
} satisfies Probes;

interface Peer {
  readonly peer: string;
  readonly request: Pick<GetRequest, "url" | "ca" | "tlsName" | "proxy" | "connectTo">;
}

function peersOf(call: CalledContext | undefined, host: ProbeHost, endpoints: Endpoints): Peer[] {
  const { env } = host;
  const peers: Peer[] = [];
  const region = call?.target.region ?? "us-east-1";
  const sts = stsHost(region, { fips: false, dualStack: false });
  if (sts !== undefined) {
    const override = endpointOverride("sts", { region, env, endpoints });
    const url = new URL(`https://${sts}/`);
    const connectTo = override?.protocol === "https:" ? override : undefined;
    const proxy = override === undefined ? chosenProxy(url, env) : undefined;
    peers.push({ peer: sts, request: { url, connectTo, ca: trustedRoots(endpoints.awsCaBundle), proxy } });
  }
  const server = call?.isVouch === true ? call.exec?.server : undefined;
  if (server?.startsWith("https:")) {
    const url = new URL("/.well-known/openid-configuration", server);
    const trust = { ca: trustedRoots(endpoints.vouchCaBundle), proxy: chosenProxy(url, env) };
    peers.push({ peer: url.host, request: { url, ...trust } });
  }
  const address = call && addressOrNone(call, host);
  if (address?.url.protocol === "https:" && address.proxy?.url.protocol !== "socks5:") {
    const { url, ca, tlsName, proxy } = address;
    peers.push({
      peer: "the API server",
      request: { url: new URL("/version", url), ca, tlsName, proxy },
    });
  }
  return peers;
}

/** A CA that cannot be read is reported by another probe. */
function addressOrNone(call: CalledContext, host: ProbeHost) {
  try {
    return clusterAddress(call, host);
  } catch {
    return undefined;
  }
}
