import { kubectl } from "../../../token/command/kubectl.ts";
import { defineRule } from "../../check/rule.ts";
import { doesNotApply, found, passed } from "../../check/verdict.ts";
import { addressOf } from "../../derive/kubeconfig/kubeconfig-cluster.ts";
import { isAddress, isLoopbackHost } from "../../evidence/ip-address.ts";
import { forYou } from "../../fixes/fix.ts";
import { OTHER_PRINCIPAL } from "../shared/not-applicable.ts";
import { suspectedFailure } from "../shared/suspected-failure.ts";

/** The kubeconfig calls the local end of a tunnel, and the certificate is, correctly, the cluster's. */
export const networkTunnelName = defineRule({
  causes: [
    {
      id: "N9",
      what: "The connection goes through a tunnel with a name that is not in the certificate.",
      seen: "certificate is valid for …, not localhost",
    },
  ],
  expects: "a context through a tunnel has the name under which the certificate is checked",
  needs: ["connection", "context", "clusterEntry"],
  check({ connection: { wrongName }, context, clusterEntry: entry }, seen) {
    if (seen.isOtherPrincipal) return OTHER_PRINCIPAL;
    if (wrongName === undefined) return passed;
    const isTunnel = isLoopbackHost(entry.host) || isAddress(entry.host);
    if (!isTunnel && entry.tlsServerName === undefined)
      return doesNotApply("the kubeconfig calls no tunnel, and sets no tls-server-name");
    const endpoint = addressOf(seen.cluster?.endpoint)?.host;
    const far = endpoint === undefined || isLoopbackHost(endpoint) ? undefined : endpoint;
    const name = far ?? nameIn(wrongName.validFor);
    if (entry.tlsServerName?.toLowerCase() === name) return passed;
    return found({
      confidence: "certain",
      describe: () => ({
        summary: isTunnel
          ? `The kubeconfig calls ${entry.server}, the near end of a tunnel, and the certificate there is for ${name}.`
          : `The cluster entry expects a certificate for ${entry.tlsServerName} (tls-server-name), but the server has one for ${name}.`,
        evidence: [
          wrongName.shown,
          entry.tlsServerName === undefined
            ? "The cluster entry has no tls-server-name."
            : `The cluster entry has tls-server-name ${entry.tlsServerName}.`,
        ],
        falsifiedBy: `With tls-server-name ${name} the same error comes again.`,
        fixes: [
          forYou(
            "Set the name under which the certificate is checked.",
            kubectl("config set-cluster", { "tls-server-name": name }, context.clusterName),
          ),
        ],
      }),
    });
  },
  suspected: {
    unreachable: suspectedFailure(
      ["N9"],
      ({ wrongName }) => wrongName !== undefined,
      () => ({
        hinted: true,
        summary:
          "The client connects through a tunnel or an alias whose name is not in the certificate of the API server.",
        hints: ["The certificate is for another name."],
        audience: "you",
        confirmedBy:
          "The kubeconfig has another host than the endpoint of the cluster, and no tls-server-name.",
      }),
    ),
  },
});

/** An EKS endpoint among the names of a certificate, else its first name. */
function nameIn(validFor: readonly string[]): string {
  const names = validFor.filter((name) => !isAddress(name));
  return names.find((name) => /\.eks\.|\.api\.aws$/.test(name)) ?? names[0] ?? "ENDPOINT_HOST";
}
