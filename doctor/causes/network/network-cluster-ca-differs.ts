import { aws } from "../../../token/command/command.ts";
import { sentence } from "../../../token/command/sentence.ts";
import { cannotTell, defineRule, doesNotApply, found, passed, type Verdict } from "../../check/rule.ts";
import type { Confidence } from "../../derive/confidence.ts";
import type { Facts } from "../../derive/facts.ts";
import { matchInError } from "../../derive/failure/error-sources.ts";
import { CLUSTER_CA_NAME, certificatesIn } from "../../derive/kubeconfig/kubeconfig-cluster.ts";
import { regenerateEntry } from "../../fixes/regenerate-context.ts";
import { OTHER_PRINCIPAL } from "../shared/not-applicable.ts";
import { suspectedFailure } from "../shared/suspected.ts";

export const networkClusterCaDiffers = defineRule({
  cause: {
    id: "N6",
    what: "The CA in the kubeconfig is not the cluster's.",
    seen: "certificate signed by unknown authority",
    remedy: "Recreate the context, with the cluster's endpoint and CA.",
    page: "https://docs.aws.amazon.com/eks/latest/userguide/create-kubeconfig.html",
  },
  expects: "the CA in the kubeconfig is the cluster's own",
  check(_, seen) {
    if (seen.isOtherPrincipal) return OTHER_PRINCIPAL;
    if (seen.clusterEntry === undefined) return checkWords(seen);
    const { server, caData, isCaLeftOut, hasCaFile, skipsVerification } = seen.clusterEntry;
    if (skipsVerification) return doesNotApply("the kubeconfig disables certificate verification");
    if (isTrusted(seen)) return doesNotApply("TLS to the API server works");
    // If a client itself read such a file, it reports that; otherwise only the copy in the evidence leaves the CA out.
    if (isCaLeftOut && !reportsBrokenCa(seen)) return cannotTell("kubeconfig");
    if (caData !== undefined && certificatesIn(caData) === undefined)
      return caFault(server, {
        confidence: "certain",
        what: () => "The CA in the kubeconfig is damaged (it does not contain a complete certificate)",
        proof: `certificate-authority-data is ${caData.length} characters long and does not contain a complete PEM certificate.`,
      });
    if (hasCaFile && caData === undefined) return checkFile(seen, server);
    return compareCa(seen, server, certificatesIn(caData ?? "") ?? []);
  },
  refuted: ({ connection }) => ![undefined, CLUSTER_CA_NAME].includes(connection?.issuer),
  suspected: {
    unreachable: [
      {
        causes: ["N5", "N6", "N1"],
        suspicion: ({ clusterEntry, cluster, target }) => {
          if (clusterEntry === undefined || cluster !== undefined) return undefined;
          return {
            hinted: false,
            summary: `The kubeconfig was written for an older cluster named ${target.cluster}: its endpoint or CA has changed since then.`,
            hints: [`The kubeconfig points to ${clusterEntry.server}.`],
            audience: "cluster-admin",
            confirmedBy: sentence`${aws("eks describe-cluster", { name: target.cluster, region: target.region })} returns a different endpoint or certificateAuthority.`,
          };
        },
      },
      suspectedFailure(
        ["N6"],
        ({ untrusted }) => untrusted !== undefined,
        ({ target }) => ({
          summary: "The kubeconfig or the provider block has a different cluster's CA, or does not have one.",
          hints: ["The certificate is not signed by a CA that the client trusts."],
          audience: "you",
          confirmedBy: sentence`${aws("eks describe-cluster", { name: target.cluster, region: target.region, query: "cluster.certificateAuthority.data" })} returns a different value than certificate-authority-data in the kubeconfig.`,
        }),
      ),
    ],
  },
});

/** Used if the kubeconfig is not known. Source: client-go, transport/transport.go, `TLSConfigFor`. */
function checkWords({ pastedError, symptom }: Facts): Verdict {
  const words =
    symptom?.kind === "configuration"
      ? matchInError(pastedError, /unable to load root certificates: /)
      : undefined;
  if (words === undefined)
    return doesNotApply("the context does not have a cluster entry with a valid server");
  return caFault("the API server", {
    confidence: "likely",
    what: () => "The CA in the kubeconfig is damaged and the client cannot load it",
    proof: `The call printed: “${words.line}”`,
  });
}

function reportsBrokenCa({ symptom }: Facts): boolean {
  return symptom?.kind === "configuration" && /root certificates|base64|\bPEM\b/.test(symptom.text);
}

/** Whether TLS has worked: then the CA is right, even if something else is wrong. */
function isTrusted(seen: Facts): boolean {
  const kind = seen.symptom?.kind;
  if (["none", "unauthorized", "forbidden", "aws-refused"].includes(kind ?? "")) return true;
  if (kind === "configuration" || seen.connection?.untrusted !== undefined) return false;
  return seen.ownNetwork?.tls?.ok === true;
}

function compareCa(seen: Facts, server: string, ours: readonly string[]): Verdict {
  const theirs = certificatesIn(seen.cluster?.certificateAuthority?.data ?? "");
  const isUntrusted = seen.connection?.untrusted !== undefined;
  /** Otherwise a proxy may sign, whose certificate no cluster CA verifies. */
  const isSignedByCluster = seen.connection?.issuer === CLUSTER_CA_NAME;
  if (theirs === undefined) {
    const issuer = isUntrusted ? seen.connection?.issuer : undefined;
    if (issuer !== CLUSTER_CA_NAME) return doesNotApply("the cluster's CA is not known");
    return caFault(server, {
      confidence: "likely",
      what: (cluster) => `The CA in the kubeconfig is not the one that currently signs for ${cluster}`,
      proof: `The server's certificate is signed by "${issuer}", as in EKS clusters.`,
    });
  }
  if (seen.endpoints?.isSame !== true)
    return doesNotApply("the kubeconfig does not point to the endpoint that EKS reports");
  if (theirs.some((certificate) => ours.includes(certificate))) return passed;
  if (ours.length > 0)
    return caFault(server, {
      confidence: isSignedByCluster ? "certain" : "likely",
      what: (cluster) => `The CA in the kubeconfig is not the CA of ${cluster}`,
      proof:
        "certificate-authority-data and DescribeCluster's certificateAuthority.data decode to different certificates.",
    });
  if (!isUntrusted) return doesNotApply("the client trusts the API server without a CA in the kubeconfig");
  return caFault(server, {
    confidence: isSignedByCluster ? "certain" : "likely",
    what: (cluster) => `The kubeconfig does not contain a CA for ${cluster}`,
    proof: "The cluster entry has neither certificate-authority-data nor certificate-authority.",
  });
}

/** The file is not in the evidence, but the probe read it, as does the client. */
function checkFile({ connection, context }: Facts, server: string): Verdict {
  const file = String(context?.cluster?.body["certificate-authority"]);
  if (connection?.untrusted === undefined || connection.issuer !== CLUSTER_CA_NAME)
    return doesNotApply("the CA is in a separate file");
  return caFault(server, {
    confidence: "likely",
    what: (cluster) => `CA file ${file} does not contain the CA that currently signs for ${cluster}`,
    proof: `The server's certificate is signed by "${CLUSTER_CA_NAME}", as in EKS clusters.`,
  });
}

interface CaFault {
  readonly confidence: Confidence;
  /** What is wrong, with the name of the cluster. */
  readonly what: (cluster: string) => string;
  readonly proof: string;
}

function caFault(server: string, { confidence, what, proof }: CaFault): Verdict {
  return found({
    confidence,
    describe: (facts) => ({
      summary: `${what(facts.target.cluster)}, so the certificate of ${server} cannot be verified.`,
      evidence: [facts.connection?.untrusted, proof],
      falsifiedBy:
        "The CA that DescribeCluster returns does not verify the server's certificate either, so a proxy signs it (N7).",
      fixes: [
        ...regenerateEntry(facts, "Recreate the context with the cluster's endpoint and CA.", {
          isWhole: true,
        }),
      ],
    }),
  });
}
