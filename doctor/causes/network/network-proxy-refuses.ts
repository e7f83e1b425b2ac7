import { kubectl, run } from "../../../token/command/command.ts";
import { sentence } from "../../../token/command/sentence.ts";
import { defineRule, doesNotApply, found, passed } from "../../check/rule.ts";
import type { Facts } from "../../derive/facts.ts";
import { addressOf } from "../../derive/kubeconfig/kubeconfig-cluster.ts";
import { plainTunnel } from "../../derive/network/connection.ts";
import { calledHost } from "../../derive/network/own-network.ts";
import { noProxyOf, proxyDownReason } from "../../derive/network/proxy.ts";
import { isLoopbackHost } from "../../evidence/ip-address.ts";
import { type Fix, forYou } from "../../fixes/fix.ts";
import { bypassProxy } from "../../fixes/machine-fixes.ts";
import { failsWithout } from "../shared/refuted.ts";
import { suspectedFailure } from "../shared/suspected.ts";

/**
 * A proxy on the path rejects the call, or does not respond. kubectl shows only the proxy's status line, without a username; a 403
 * of the API server always names one. Source: doctor/EKS-ACCESS.md, "Cluster and network".
 */
export const networkProxyRefuses = defineRule({
  cause: {
    id: "N8",
    what: "The proxy in use rejects the connection, or is down.",
    seen: "proxyconnect, HTML, or a bare Forbidden",
    remedy: "Bypass the proxy for the API server (NO_PROXY), or use a proxy that allows it.",
  },
  expects: "the proxy on the path allows calls to the API server",
  needs: ["connection"],
  check({ connection }, seen) {
    const { proxyFault } = connection;
    if (proxyFault === undefined) return passed;
    if (seen.symptom?.kind === "aws-refused") return doesNotApply("AWS rejected the call");
    if (plainTunnel(connection) !== undefined) return doesNotApply("the proxy is a plain tunnel");
    const isProxy = connection.proxy !== undefined || proxyFault.includes("proxyconnect");
    return found({
      confidence: isProxy ? "certain" : "likely",
      describe: (facts) => describe(facts, proxyFault),
    });
  },
  refuted: (seen) =>
    failsWithout(
      seen,
      ({ environment = {}, command = "" }) =>
        /--noproxy\b/.test(command) ||
        (environment["PATH"] !== undefined &&
          !Object.keys(environment).some((name) => /_PROXY$/i.test(name))),
    ),
  suspected: {
    unreachable: suspectedFailure(
      ["N8"],
      ({ proxy }) => proxy !== undefined,
      ({ connection }) => ({
        summary: `The call goes through proxy ${connection?.proxy?.url}, which blocks it or should not be used for this host.`,
        hints: [`The proxy comes from ${connection?.proxy?.origin}.`],
        audience: "you",
        confirmedBy: sentence`${run("curl", "", { noproxy: "*", k: true }, "https://ENDPOINT/version")} gets a response.`,
      }),
    ),
  },
});

function describe(facts: Facts, proxyFault: string) {
  const { proxy } = facts.connection ?? {};
  const host = calledHost(facts);
  const noProxy = noProxyOf(facts.evidence);
  const name = proxy === undefined ? "on the path" : `${proxy.url} (from ${proxy.origin})`;
  const why = proxyDownReason(proxyFault);
  return {
    summary:
      why === undefined
        ? `The proxy ${name} blocks the call to ${host}.`
        : `The proxy ${name} does not respond: ${why}; calls cannot reach ${host}.`,
    evidence: [proxyFault, noProxy !== "" && `NO_PROXY is ${noProxy}.`],
    falsifiedBy: sentence`The same call without the proxy gets the same response: ${run("curl", "", { noproxy: "*", k: true }, `https://${host}/version`)}.`,
    fixes: fixes(facts, host),
  };
}

/** The proxy's address with a placeholder for the login, if it requires one. */
function otherProxy({ connection, ownNetwork }: Facts): string {
  const { proxy, proxyFault = "" } = connection ?? {};
  const answer = ownNetwork?.proxy?.answer ?? proxyFault;
  const address = /\b407\b|Proxy Authentication Required/.test(answer) ? addressOf(proxy?.url) : undefined;
  return address === undefined
    ? "http://PROXY_HOST:PORT"
    : `http://USER:PASSWORD@${address.host}:${address.port}`;
}

function fixes(facts: Facts, host: string): Fix[] {
  const cluster = facts.context?.clusterName ?? "CLUSTER";
  const proxyUrl = facts.clusterEntry?.proxyUrl;
  if (proxyUrl !== undefined) {
    const isLocal = isLoopbackHost(addressOf(proxyUrl)?.host ?? "");
    return [
      forYou(
        `Correct or remove proxy-url in the kubeconfig${isLocal ? ", or start that proxy" : ""}.`,
        kubectl("config unset", {}, `clusters.${cluster}.proxy-url`),
      ),
    ];
  }
  return [
    forYou(
      "If the network allows it, bypass the proxy for the API server.",
      bypassProxy(facts.evidence, host),
    ),
    forYou(
      "Or set a proxy for only this cluster that allows this address (with your login, if it requires one).",
      kubectl("config set-cluster", { "proxy-url": otherProxy(facts) }, cluster),
    ),
  ];
}
