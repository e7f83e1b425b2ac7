import { run, unsetVariables } from "../../../token/command/command.ts";
import { sentence } from "../../../token/command/sentence.ts";
import { defineLegacyRule } from "../../check/legacy-rule.ts";
import { addressOf, kubeconfigCluster } from "../../derive/kubeconfig/kubeconfig-cluster.ts";
import { plainTunnel } from "../../derive/network/plain-tunnel.ts";
import { kubectl } from "../../fixes/kubectl.ts";

/** `HTTPS_PROXY` names the near end of a plain TCP tunnel (SSM, `ssh -L`), which does not speak to proxies' clients. */
export const networkTunnelIsNoProxy = defineLegacyRule({
  code: "network-tunnel-is-no-proxy",
  stage: "network",
  causes: ["N12"],
  expects: "what is set as proxy is a proxy",
  needs: ["connection"],
  judge({ connection, context, cluster }) {
    const { proxy } = connection;
    const near = addressOf(proxy?.url);
    const shown = plainTunnel(connection);
    if (proxy === undefined || near === undefined || shown === undefined) return [];
    const entry = kubeconfigCluster(context);
    const host = addressOf(cluster?.endpoint)?.host ?? entry?.host ?? "ENDPOINT_HOST";
    return [
      {
        cause: "N12",
        stage: "network",
        severity: "error",
        confidence: "likely",
        summary: `${proxy.url}, set as proxy by ${proxy.origin}, does not answer as a proxy: it looks like the near end of a plain TCP tunnel.`,
        evidence: [shown, `The proxy comes from ${proxy.origin}.`],
        falsifiedBy: sentence`${run("curl", "", { v: true, x: proxy.url }, `https://${host}/version`)} shows "200 Connection established".`,
        fixes: [
          {
            audience: "you",
            description: "Do without the proxy, and call the tunnel itself, by the cluster's name.",
            actions: [
              proxy.origin.includes("kubeconfig")
                ? kubectl("config unset", {}, `clusters.${context?.clusterName ?? "CLUSTER"}.proxy-url`)
                : unsetVariables("HTTPS_PROXY", "https_proxy"),
              kubectl(
                "config set-cluster",
                { server: `https://localhost:${near.port}`, "tls-server-name": host },
                context?.clusterName ?? "CLUSTER",
              ),
            ],
          },
          {
            audience: "you",
            description:
              "Or run a real proxy on the far side: for instance ssh -D 1080 with proxy-url socks5://localhost:1080.",
          },
        ],
        explains: ["N8", "N9"],
      },
    ];
  },
});
