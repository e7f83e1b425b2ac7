import { kubectl } from "../../../token/command/command.ts";
import { type Conclusion, defineRule, doesNotApply, found, passed } from "../../check/rule.ts";
import type { Facts } from "../../derive/facts.ts";
import type { EffectiveContext } from "../../derive/kubeconfig/effective-context.ts";
import { addressOf, type KubeconfigCluster } from "../../derive/kubeconfig/kubeconfig-cluster.ts";
import type { Connection } from "../../derive/network/connection.ts";
import { isAddress, isLoopbackHost } from "../../evidence/ip-address.ts";
import { forYou } from "../../fixes/fix.ts";
import { OTHER_PRINCIPAL } from "../shared/not-applicable.ts";
import { failsWithout } from "../shared/refuted.ts";
import { suspectedFailure } from "../shared/suspected.ts";

type WrongName = NonNullable<Connection["wrongName"]>;

/**
 * The certificate is, correctly, the cluster's, but the kubeconfig verifies it against another name: that of a tunnel's local end,
 * or a wrong one.
 */
export const networkTunnelName = defineRule({
  cause: {
    id: "N9",
    what: "The server is reached through a tunnel, or with a tls-server-name, whose name is not in the certificate.",
    seen: "certificate is valid for …, not localhost",
    remedy: "Set tls-server-name to a name in the API server's certificate.",
  },
  expects: "the certificate contains the name against which the context verifies it",
  needs: ["connection", "context", "clusterEntry"],
  check({ connection: { wrongName }, context, clusterEntry: entry }, seen) {
    if (seen.isOtherPrincipal) return OTHER_PRINCIPAL;
    if (wrongName === undefined) return passed;
    if (entry.tlsServerName !== undefined && isOwnHost(seen, entry, wrongName.validFor))
      return found(needless(wrongName, context, entry));
    const isTunnel = isLoopbackHost(entry.host) || isAddress(entry.host);
    if (!isTunnel && entry.tlsServerName === undefined)
      return doesNotApply("the kubeconfig neither points to a tunnel nor sets tls-server-name");
    const endpoint = addressOf(seen.cluster?.endpoint)?.host;
    const far = endpoint === undefined || isLoopbackHost(endpoint) ? undefined : endpoint;
    const name = far ?? nameIn(wrongName.validFor);
    if (entry.tlsServerName?.toLowerCase() === name) return passed;
    return found({
      confidence: "certain",
      describe: () => ({
        summary: isTunnel
          ? `The kubeconfig points to ${entry.server}, the local end of a tunnel, but the certificate there is for ${name}.`
          : `The cluster entry expects a certificate for ${entry.tlsServerName} (tls-server-name), but the server has one for ${name}.`,
        evidence: [
          wrongName.shown,
          entry.tlsServerName === undefined
            ? "The cluster entry does not set tls-server-name."
            : `The cluster entry sets tls-server-name to ${entry.tlsServerName}.`,
        ],
        falsifiedBy: `The same error occurs with tls-server-name ${name}.`,
        fixes: [
          forYou(
            "Set the name against which the certificate is verified.",
            kubectl("config set-cluster", { "tls-server-name": name }, context.clusterName),
          ),
        ],
      }),
    });
  },
  refuted: (seen) => failsWithout(seen, ({ command = "" }) => command.includes("--tls-server-name")),
  suspected: {
    unreachable: suspectedFailure(
      ["N9"],
      ({ wrongName }) => wrongName !== undefined,
      () => ({
        summary:
          "The client connects through a tunnel or an alias whose name is not in the certificate of the API server.",
        hints: ["The certificate is for a different name."],
        audience: "you",
        confirmedBy:
          "The host in the kubeconfig is not the cluster's endpoint, and tls-server-name is not set.",
      }),
    ),
  },
});

/** Whether the kubeconfig points to the cluster itself, whose certificate has the host's own name. */
function isOwnHost(
  { endpoints }: Facts,
  { host, tlsServerName }: KubeconfigCluster,
  validFor: readonly string[],
): boolean {
  if (tlsServerName?.toLowerCase() === host) return false;
  return endpoints?.isSame === true || (validFor.includes(host) && !isLoopbackHost(host));
}

function needless(
  { shown }: WrongName,
  { clusterName }: EffectiveContext,
  { server, tlsServerName }: KubeconfigCluster,
): Conclusion {
  return {
    confidence: "certain",
    describe: () => ({
      summary: `The kubeconfig verifies the certificate of ${server} against ${tlsServerName}, a name that the certificate does not contain.`,
      evidence: [shown, `The cluster entry sets tls-server-name to ${tlsServerName}.`],
      falsifiedBy: "The same error occurs without tls-server-name.",
      fixes: [
        forYou(
          "Remove tls-server-name, so that the certificate is verified against the server's hostname.",
          kubectl("config set-cluster", { "tls-server-name": "" }, clusterName),
        ),
      ],
    }),
  };
}

/** An EKS endpoint among the names of a certificate, otherwise its first name. */
function nameIn(validFor: readonly string[]): string {
  const names = validFor.filter((name) => !isAddress(name));
  return names.find((name) => /\.eks\.|\.api\.aws$/.test(name)) ?? names[0] ?? "ENDPOINT_HOST";
}
