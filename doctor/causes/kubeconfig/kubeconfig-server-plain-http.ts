import { kubectl } from "../../../token/command/command.ts";
import { cannotTell, defineRule, doesNotApply, found, passed, type Verdict } from "../../check/rule.ts";
import type { Confidence } from "../../derive/confidence.ts";
import type { Facts } from "../../derive/facts.ts";
import { isEksHost, type KubeconfigCluster } from "../../derive/kubeconfig/kubeconfig-cluster.ts";
import { isLoopbackHost } from "../../evidence/ip-address.ts";
import { forYou } from "../../fixes/fix.ts";
import { OTHER_PRINCIPAL } from "../shared/not-applicable.ts";

/**
 * Over `http://` client-go reads no credentials and runs no plugin, and EKS only has TLS. It is correct if the program that listens there
 * authenticates by itself, as `kubectl proxy` does.
 *
 * Source: client-go, tools/clientcmd/client_config.go, `ClientConfig`.
 */
export const kubeconfigServerPlainHttp = defineRule({
  cause: {
    id: "K18",
    what: "The context's server is `http://…`, over which clients do not send a token.",
    seen: "the server rejected our request for an unknown reason, or a timeout",
    remedy: "Use an https:// address for the API server.",
  },
  expects: "the context connects to its server over TLS",
  needs: ["clusterEntry"],
  check({ clusterEntry }, seen) {
    if (seen.isOtherPrincipal) return OTHER_PRINCIPAL;
    if (!clusterEntry.isPlainHttp) return passed;
    const { symptom } = seen;
    if (symptom?.kind === "none" || symptom?.kind === "forbidden")
      return doesNotApply("the program that listens there accepted the call");
    if (isEksHost(clusterEntry.host) || seen.endpoints?.isSame === true)
      return plainHttp("certain", clusterEntry);
    if (symptom === undefined && isLoopbackHost(clusterEntry.host)) return cannotTell("question");
    return plainHttp("likely", clusterEntry);
  },
});

function plainHttp(confidence: Confidence, { server }: KubeconfigCluster): Verdict {
  return found({
    confidence,
    explains: ["N1", "N2", "N3", "N4", "N5", "N6", "N7", "N8", "N9", "N11", "V8"],
    describe: (facts) => {
      const { context } = facts;
      return {
        summary: `Context ${context?.name} uses plain HTTP, over which clients neither send a token nor run a plugin.`,
        evidence: [
          `clusters[].cluster.server of ${context?.clusterName} in ${context?.cluster?.path} is ${server}.`,
          facts.cluster?.endpoint && `EKS reports endpoint ${facts.cluster.endpoint}.`,
        ],
        falsifiedBy:
          "The program that listens there authenticates to the cluster itself, as kubectl proxy does.",
        fixes: [
          forYou(
            "Connect to the server over TLS.",
            kubectl(
              "config set-cluster",
              { server: withTls(facts, server) },
              context?.clusterName ?? "CLUSTER",
            ),
          ),
        ],
      };
    },
  });
}

/** The endpoint if it is known, otherwise the same host and port. */
function withTls({ endpoints, cluster }: Facts, server: string): string {
  if (endpoints?.isSame === true && cluster?.endpoint !== undefined) return cluster.endpoint;
  return server.replace(/^http:/i, "https:").replace(/:80(?=\/|$)/, "");
}
