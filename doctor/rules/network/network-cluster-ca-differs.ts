import { defineLegacyRule } from "../../check/legacy-rule.ts";
import type { Confidence } from "../../derive/confidence.ts";
import type { Facts } from "../../derive/facts.ts";
import { compareEndpoints } from "../../derive/kubeconfig/api-endpoint.ts";
import { CLUSTER_CA_NAME, certificatesIn } from "../../derive/kubeconfig/certificate-bundle.ts";
import { type KubeconfigCluster, kubeconfigCluster } from "../../derive/kubeconfig/kubeconfig-cluster.ts";
import { targetCluster } from "../../derive/target/target-cluster.ts";
import { regenerateContext } from "../../fixes/regenerate-context.ts";

export const networkClusterCaDiffers = defineLegacyRule({
  code: "network-cluster-ca-differs",
  stage: "network",
  causes: ["N6"],
  expects: "the CA in the kubeconfig is the cluster's own",
  needs: ["context"],
  judge(facts) {
    const entry = kubeconfigCluster(facts.context);
    if (entry === undefined || entry.skipsVerification || answers(facts)) return [];
    const fault = caFault(facts, entry);
    if (fault === undefined) return [];
    const { untrusted } = facts.connection ?? {};
    return [
      {
        cause: "N6",
        stage: "network",
        severity: "error",
        confidence: fault.confidence,
        summary: `${fault.what}, so the certificate of ${entry.server} cannot be checked.`,
        evidence: [...(untrusted === undefined ? [] : [untrusted]), ...fault.evidence],
        falsifiedBy:
          "The CA of DescribeCluster, put in its place, does not check the served certificate either: then a proxy signs it (N7).",
        fixes: [
          {
            audience: "you",
            description: "Write the context anew, with the cluster's endpoint and CA.",
            actions: [regenerateContext(facts)],
          },
        ],
      },
    ];
  },
});

interface CaFault {
  readonly what: string;
  readonly confidence: Confidence;
  readonly evidence: readonly string[];
}

function caFault(facts: Facts, { caData, hasCaFile }: KubeconfigCluster): CaFault | undefined {
  const { cluster, connection } = facts;
  const name = targetCluster(facts).name ?? "CLUSTER";
  const isSameEndpoint = compareEndpoints(facts)?.isSame === true;
  if (caData !== undefined && certificatesIn(caData) === undefined) {
    return {
      what: "The CA in the kubeconfig is damaged: it holds no whole certificate",
      confidence: "certain",
      evidence: [
        `certificate-authority-data has ${caData.length} characters and no whole PEM certificate in it.`,
      ],
    };
  }
  if (hasCaFile && caData === undefined) return undefined;
  const known = certificatesIn(cluster?.certificateAuthority?.data ?? "");
  const ours = certificatesIn(caData ?? "") ?? [];
  if (known !== undefined && isSameEndpoint) {
    if (known.some((certificate) => ours.includes(certificate))) return undefined;
    if (ours.length === 0 && connection?.untrusted === undefined) return undefined;
    return {
      what:
        ours.length === 0
          ? `The kubeconfig has no CA for ${name}`
          : `The CA in the kubeconfig is not that of ${name}`,
      confidence: "certain",
      evidence: [
        ours.length === 0
          ? "The cluster entry has neither certificate-authority-data nor certificate-authority."
          : "certificate-authority-data and DescribeCluster's certificateAuthority.data, decoded, are different certificates.",
      ],
    };
  }
  if (connection?.untrusted === undefined || connection.issuer !== CLUSTER_CA_NAME || known !== undefined)
    return undefined;
  return {
    what: `The CA in the kubeconfig is not the one that signs for ${name} today`,
    confidence: "likely",
    evidence: [`The served certificate is signed by "${connection.issuer}", as EKS clusters sign.`],
  };
}

/** Whether TLS has worked: then the CA is right, whatever else is wrong. */
function answers({ symptom, evidence, connection }: Facts): boolean {
  if (["none", "unauthorized", "forbidden", "aws-refused"].includes(symptom?.kind ?? "")) return true;
  const network = evidence.network;
  const isFine = network !== undefined && "tls" in network && network.tls?.ok === true;
  return isFine && connection?.untrusted === undefined && symptom?.kind !== "configuration";
}
