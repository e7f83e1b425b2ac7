import { kubectl, run, unsetVariables } from "../../../token/command/command.ts";
import { sentence } from "../../../token/command/sentence.ts";
import { defineRule, doesNotApply, found, passed } from "../../check/rule.ts";
import { addressOf } from "../../derive/kubeconfig/kubeconfig-cluster.ts";
import { plainTunnel } from "../../derive/network/connection.ts";
import { isLoopbackHost } from "../../evidence/ip-address.ts";
import { forYou } from "../../fixes/fix.ts";
import { suspectedFailure } from "../shared/suspected.ts";

/** `HTTPS_PROXY` points to the local end of a plain TCP tunnel (SSM, `ssh -L`), which does not support HTTP CONNECT. */
export const networkTunnelIsNoProxy = defineRule({
  cause: {
    id: "N12",
    what: "A forwarded port is used as a proxy.",
    seen: "a handshake error through a tunnel",
    remedy: "Remove proxy-url, and connect to the tunnel itself; or run a real proxy at its far end.",
    isUnconfirmed: true,
  },
  expects: "the proxy supports HTTP CONNECT",
  needs: ["connection"],
  check({ connection }) {
    const { proxy } = connection;
    if (proxy === undefined) return doesNotApply("no proxy is set");
    const proof = plainTunnel(connection);
    if (proof === undefined) return passed;
    return found({
      confidence: "likely",
      explains: ["N8", "N9"],
      describe: ({ cluster, clusterEntry, context }) => {
        const host = addressOf(cluster?.endpoint)?.host ?? clusterEntry?.host ?? "ENDPOINT_HOST";
        const name = context?.clusterName ?? "CLUSTER";
        const server = `https://localhost:${addressOf(proxy.url)?.port}`;
        return {
          summary: `${proxy.url} (proxy from ${proxy.origin}) does not respond like a proxy: it looks like the local end of a plain TCP tunnel.`,
          evidence: [proof, `The proxy comes from ${proxy.origin}.`],
          falsifiedBy: sentence`${run("curl", "", { v: true, x: proxy.url }, `https://${host}/version`)} shows "200 Connection established".`,
          fixes: [
            forYou(
              "Remove the proxy setting and connect to the tunnel itself, with the cluster's hostname for TLS.",
              proxy.origin.includes("kubeconfig")
                ? kubectl("config unset", {}, `clusters.${name}.proxy-url`)
                : unsetVariables("HTTPS_PROXY", "https_proxy"),
              kubectl("config set-cluster", { server, "tls-server-name": host }, name),
            ),
            forYou(
              "Or run a real proxy on the remote side, for example ssh -D 1080 with proxy-url socks5://localhost:1080.",
            ),
          ],
        };
      },
    });
  },
  suspected: {
    unreachable: [
      suspectedFailure(
        ["N12", "K18"],
        ({ noTls }) => noTls !== undefined,
        () => ({
          summary:
            "The server that responds does not use TLS: a forwarded port is used as a proxy, or the server URL has the wrong scheme or port.",
          hints: ["The response is not TLS."],
          audience: "you",
          confirmedBy: sentence`${kubectl("config view", { minify: true })} shows a server or proxy-url other than the endpoint of the cluster.`,
        }),
      ),
      suspectedFailure(
        ["N12", "N9", "T9"],
        ({ refused, addresses }) => refused !== undefined && addresses.some(isLoopbackHost),
        () => ({
          summary:
            "The client connects to a local port where no tunnel listens: the tunnel is closed or uses a different port.",
          hints: ["The address is local and refuses the connection."],
          audience: "you",
          confirmedBy: sentence`${kubectl("config view", { minify: true })} shows the port on which the tunnel should listen.`,
        }),
      ),
    ],
  },
});
