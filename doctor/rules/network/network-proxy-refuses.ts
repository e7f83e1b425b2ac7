import { run, setVariable } from "../../../token/command/command.ts";
import { sentence } from "../../../token/command/sentence.ts";
import { defineLegacyRule } from "../../check/legacy-rule.ts";
import type { Facts } from "../../derive/facts.ts";
import { addressOf, kubeconfigCluster } from "../../derive/kubeconfig/kubeconfig-cluster.ts";
import { plainTunnel } from "../../derive/network/plain-tunnel.ts";
import { knownValue } from "../../evidence/evidence.ts";
import { isLoopbackHost } from "../../evidence/ip-address.ts";
import type { Fix } from "../../fixes/fix.ts";
import { kubectl } from "../../fixes/kubectl.ts";

/**
 * A proxy on the way refuses, or is not there. kubectl shows only the proxy's status line, without a user's name: a 403 of
 * the API server always names one. Source: doctor/EKS-ACCESS.md, "Cluster and network".
 */
export const networkProxyRefuses = defineLegacyRule({
  code: "network-proxy-refuses",
  stage: "network",
  causes: ["N8"],
  expects: "the proxy on the way lets the API server's address through",
  needs: ["connection"],
  judge(facts) {
    const { proxyFault, proxy } = facts.connection;
    if (proxyFault === undefined || facts.symptom?.kind === "aws-refused") return [];
    if (plainTunnel(facts.connection) !== undefined) return [];
    const entry = kubeconfigCluster(facts.context);
    const host = entry?.host ?? knownValue(facts.evidence.network)?.host ?? "HOST";
    const isCertain = proxy !== undefined || proxyFault.includes("proxyconnect");
    return [
      {
        cause: "N8",
        stage: "network",
        severity: "error",
        confidence: isCertain ? "certain" : "likely",
        summary: `The proxy ${proxy?.url ?? "on the way"} does not let the call to ${host} through.`,
        evidence: [
          proxyFault,
          ...(proxy === undefined ? [] : [`The proxy comes from ${proxy.origin}.`]),
          ...noProxy(facts),
        ],
        falsifiedBy: sentence`The same call without the proxy gets the same answer: ${run("curl", "", { noproxy: "*", k: true }, `https://${host}/version`)}.`,
        fixes: fixes(facts, host),
      },
    ];
  },
});

function noProxy({ evidence }: Facts): string[] {
  const env = knownValue(evidence.environment) ?? {};
  const value = env["NO_PROXY"] ?? env["no_proxy"];
  return value === undefined ? [] : [`NO_PROXY is ${value}.`];
}

function fixes(facts: Facts, host: string): Fix[] {
  const { context } = facts;
  const { proxyUrl } = kubeconfigCluster(context) ?? {};
  const env = knownValue(facts.evidence.environment) ?? {};
  const before = env["NO_PROXY"] ?? env["no_proxy"];
  if (proxyUrl !== undefined) {
    const loopback = isLoopbackHost(addressOf(proxyUrl)?.host ?? "");
    return [
      {
        audience: "you",
        description: `Correct proxy-url in the kubeconfig${loopback ? ", or start the proxy it names" : ""}, or take it out.`,
        actions: [kubectl("config unset", {}, `clusters.${context?.clusterName ?? "CLUSTER"}.proxy-url`)],
      },
    ];
  }
  return [
    {
      audience: "you",
      description: "Call the API server without the proxy, if the network allows it.",
      actions: [setVariable("NO_PROXY", before === undefined || before === "" ? host : `${before},${host}`)],
    },
    {
      audience: "you",
      description:
        "Or name a proxy that lets this address through (and signs you in, if it asks) for this cluster alone.",
      actions: [
        kubectl(
          "config set-cluster",
          { "proxy-url": "http://PROXY_HOST:PORT" },
          context?.clusterName ?? "CLUSTER",
        ),
      ],
    },
  ];
}
