import { defineLegacyRule } from "../../check/legacy-rule.ts";
import { addressOf, kubeconfigCluster } from "../../derive/kubeconfig/kubeconfig-cluster.ts";
import { isAddress, isLoopbackHost } from "../../evidence/ip-address.ts";
import { kubectl } from "../../fixes/kubectl.ts";

/** The kubeconfig calls the near end of a tunnel, and the certificate is, rightly, the cluster's. */
export const networkTunnelName = defineLegacyRule({
  code: "network-tunnel-name",
  stage: "network",
  causes: ["N9"],
  expects: "a context through a tunnel says by which name the certificate is to be checked",
  needs: ["connection", "context"],
  judge({ connection, context, cluster }) {
    const { wrongName } = connection;
    const entry = kubeconfigCluster(context);
    const isNear = entry !== undefined && (isLoopbackHost(entry.host) || isAddress(entry.host));
    if (wrongName === undefined || !isNear) return [];
    const endpoint = addressOf(cluster?.endpoint)?.host;
    const far = endpoint === undefined || isLoopbackHost(endpoint) ? undefined : endpoint;
    const names = wrongName.validFor.filter((name) => !isAddress(name));
    const name = far ?? names.find((one) => /\.eks\.|\.api\.aws$/.test(one)) ?? names[0] ?? "ENDPOINT_HOST";
    if (entry.tlsServerName?.toLowerCase() === name) return [];
    return [
      {
        cause: "N9",
        stage: "network",
        severity: "error",
        confidence: "certain",
        summary: `The kubeconfig calls ${entry.server}, the near end of a tunnel, and the certificate there is for ${name}.`,
        evidence: [
          wrongName.shown,
          entry.tlsServerName === undefined
            ? "The cluster entry has no tls-server-name."
            : `The cluster entry has tls-server-name ${entry.tlsServerName}.`,
        ],
        falsifiedBy: `With tls-server-name ${name} the same error comes again.`,
        fixes: [
          {
            audience: "you",
            description: "Say by which name the certificate is to be checked.",
            actions: [kubectl("config set-cluster", { "tls-server-name": name }, context.clusterName)],
          },
        ],
      },
    ];
  },
});
