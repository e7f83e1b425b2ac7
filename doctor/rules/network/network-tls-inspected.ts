import { setVariable } from "../../../token/command/command.ts";
import { defineLegacyRule, type LegacyFinding } from "../../check/legacy-rule.ts";
import type { Confidence } from "../../derive/confidence.ts";
import type { Facts } from "../../derive/facts.ts";
import { compareEndpoints, isEksHost } from "../../derive/kubeconfig/api-endpoint.ts";
import { CLUSTER_CA_NAME, certificatesIn } from "../../derive/kubeconfig/certificate-bundle.ts";
import { kubeconfigCluster } from "../../derive/kubeconfig/kubeconfig-cluster.ts";
import { knownValue } from "../../evidence/evidence.ts";
import type { Fix } from "../../fixes/fix.ts";

/** How the AWS CLI says that it does not trust who answered. Source: botocore, exceptions.py (SSLError). */
const AWS_SSL = /SSL validation failed for [^\s?]+/;

/** A company's proxy opens TLS and signs with its own CA. */
export const networkTlsInspected = defineLegacyRule({
  code: "network-tls-inspected",
  stage: "network",
  causes: ["N7"],
  expects: "nobody on the way opens TLS",
  needs: ["connection"],
  judge(facts) {
    const { untrusted } = facts.connection;
    const shown = untrusted === undefined ? undefined : inspection(facts);
    if (untrusted === undefined || shown === undefined) return awsOnly(facts);
    const host = kubeconfigCluster(facts.context)?.host ?? knownValue(facts.evidence.network)?.host ?? "HOST";
    return [
      {
        cause: "N7",
        stage: "network",
        severity: "error",
        confidence: shown.confidence,
        summary: `A proxy on the way opens TLS to ${host}: its certificate is signed by ${shown.signer} and not by the cluster.`,
        evidence: [untrusted, shown.sentence],
        falsifiedBy: "From a network without the proxy the certificate is signed by the same.",
        fixes: fixes(host),
        ...(shown.inferred === true ? { inferred: true } : {}),
      },
    ];
  },
});

interface Inspection {
  readonly confidence: Confidence;
  readonly signer: string;
  readonly sentence: string;
  readonly inferred?: true;
}

/** Somebody else's signature on an EKS endpoint proves it, unless the kubeconfig's own CA is known to be wrong. */
function inspection(facts: Facts): Inspection | undefined {
  const { connection, context, cluster } = facts;
  const { issuer } = connection ?? {};
  const entry = kubeconfigCluster(context);
  const isSame = compareEndpoints(facts)?.isSame;
  const theirs = certificatesIn(cluster?.certificateAuthority?.data ?? "");
  const ours = certificatesIn(entry?.caData ?? "");
  const isCaRight = theirs !== undefined && ours !== undefined && theirs.some((one) => ours.includes(one));
  if (issuer === undefined) {
    if (!isCaRight || isSame !== true) return undefined;
    const sentence =
      "The kubeconfig has the cluster's own endpoint and CA, and yet the certificate does not fit.";
    return { confidence: "likely", signer: "somebody else", sentence, inferred: true };
  }
  if (issuer === CLUSTER_CA_NAME) return undefined;
  const found = {
    signer: `"${issuer}"`,
    sentence: `The served certificate is signed by "${issuer}"; EKS clusters sign as "${CLUSTER_CA_NAME}".`,
  };
  if (entry !== undefined && isEksHost(entry.host)) {
    return { ...found, confidence: isSame === false ? "likely" : "certain" };
  }
  const isCaWrong = theirs !== undefined && ours !== undefined && !isCaRight;
  return isCaWrong || isSame === false ? undefined : { ...found, confidence: "likely" };
}

/** Nobody asked the API server, or the AWS CLI alone stumbled. */
function awsOnly({ evidence, symptom }: Facts): LegacyFinding[] {
  const isPasted = symptom !== undefined && !["none", "unauthorized", "forbidden"].includes(symptom.kind);
  const run = knownValue(evidence.pluginRun);
  const [said] =
    AWS_SSL.exec(isPasted ? (evidence.question?.stderr ?? "") : "") ??
    AWS_SSL.exec(run !== undefined && run.exitCode !== 0 ? run.stderr : "") ??
    [];
  if (said === undefined) return [];
  return [
    {
      cause: "N7",
      stage: "network",
      severity: "error",
      confidence: "likely",
      summary: "A proxy on the way opens TLS to AWS, and the AWS CLI does not know the CA it signs with.",
      evidence: [`The AWS CLI says “${said}”.`],
      falsifiedBy: "From a network without the proxy the same command fails in the same words.",
      fixes: [BUNDLE],
    },
  ];
}

const BUNDLE: Fix = {
  audience: "you",
  description: "For the AWS CLI: give it the company's CA.",
  actions: [setVariable("AWS_CA_BUNDLE", "/path/to/company-ca.pem")],
};

/** Absent on purpose: `insecure-skip-tls-verify`, which would hand the token to whoever listens. */
function fixes(host: string): Fix[] {
  return [
    {
      audience: "you",
      description:
        "Keep the endpoint out of the proxy, or ask those who run it not to open this host. Never switch verification off: the token would go to whoever listens.",
      actions: [setVariable("NO_PROXY", host)],
    },
    BUNDLE,
  ];
}
