import type { Rule } from "../rule.ts";
import { eksClusterNotFound } from "./eks-cluster-not-found.ts";
import { eksClusterNotReady } from "./eks-cluster-not-ready.ts";
import { networkClusterCaDiffers } from "./network-cluster-ca-differs.ts";
import { networkEgressNotAllowed } from "./network-egress-not-allowed.ts";
import { networkEndpointPrivate } from "./network-endpoint-private.ts";
import { networkEndpointStale } from "./network-endpoint-stale.ts";
import { networkPrivateDns } from "./network-private-dns.ts";
import { networkProxyRefuses } from "./network-proxy-refuses.ts";
import { networkSecurityGroupClosed } from "./network-security-group-closed.ts";
import { networkTlsInspected } from "./network-tls-inspected.ts";
import { networkTunnelIsNoProxy } from "./network-tunnel-is-no-proxy.ts";
import { networkTunnelName } from "./network-tunnel-name.ts";

/** The way from this machine to the API server (eks-auth, C4). */
export const NETWORK_RULES: readonly Rule[] = [
  eksClusterNotFound,
  eksClusterNotReady,
  networkEndpointStale,
  networkTunnelIsNoProxy,
  networkProxyRefuses,
  networkPrivateDns,
  networkEndpointPrivate,
  networkSecurityGroupClosed,
  networkEgressNotAllowed,
  networkTunnelName,
  networkClusterCaDiffers,
  networkTlsInspected,
];
