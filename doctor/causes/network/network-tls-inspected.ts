import { run, setVariable } from "../../../token/command/command.ts";
import { sentence } from "../../../token/command/sentence.ts";
import { defineRule, found, passed, type Verdict } from "../../check/rule.ts";
import type { Confidence } from "../../derive/confidence.ts";
import type { Facts } from "../../derive/facts.ts";
import { CLUSTER_CA_NAME, certificatesIn, isEksHost } from "../../derive/kubeconfig/kubeconfig-cluster.ts";
import { calledHost } from "../../derive/network/own-network.ts";
import { knownValue } from "../../evidence/evidence.ts";
import { type Fix, forYou } from "../../fixes/fix.ts";
import { bypassProxy } from "../../fixes/machine-fixes.ts";
import { failsWithout } from "../shared/refuted.ts";
import { suspectedFailure } from "../shared/suspected.ts";

/** The AWS CLI's message if it does not trust the certificate. Source: botocore, exceptions.py (SSLError). */
const AWS_SSL = /SSL validation failed for [^\s?]+/;

/** A company's proxy decrypts TLS and signs with its own CA. */
export const networkTlsInspected = defineRule({
  cause: {
    id: "N7",
    what: "A proxy on the path intercepts TLS and presents its own certificates.",
    seen: "unknown authority, or SSL validation failed",
    remedy: "Exclude the endpoint from the TLS-intercepting proxy; never disable certificate verification.",
  },
  expects: "no proxy on the path intercepts TLS",
  needs: ["connection"],
  check({ connection: { untrusted, issuer } }, seen) {
    const inspection = untrusted === undefined ? undefined : inspectionOf(seen, issuer);
    if (untrusted === undefined || inspection === undefined) return checkAws(seen);
    const { signer, proof, ...confidence } = inspection;
    return found({
      ...confidence,
      describe: (facts) => {
        const host = calledHost(facts);
        return {
          summary: `A proxy on the path intercepts TLS to ${host}: its certificate is signed by ${signer}, not by the cluster.`,
          evidence: [untrusted, proof],
          falsifiedBy: "On a network without the proxy, the same CA signs the certificate.",
          fixes: [avoidProxy(facts, host), setBundle(facts)],
        };
      },
    });
  },
  refuted: (seen) =>
    failsWithout(seen, ({ network }) => {
      const issuer = network?.proxy === undefined ? network?.tls?.issuer : undefined;
      return issuer !== undefined && issuer === seen.connection?.issuer;
    }),
  suspected: {
    unreachable: suspectedFailure(
      ["N7"],
      ({ untrusted }) => untrusted !== undefined,
      () => ({
        summary: "A proxy on the network path intercepts TLS and presents its own certificate.",
        hints: ["The certificate is not signed by a CA that the client trusts."],
        audience: "you",
        confirmedBy: sentence`${run("curl", "-vk", {}, "https://ENDPOINT/version")} shows an issuer other than kubernetes.`,
      }),
    ),
  },
});

interface Inspection {
  readonly confidence: Confidence;
  readonly inferred?: true;
  readonly signer: string;
  readonly proof: string;
}

/** An EKS endpoint's certificate signed by another CA proves it, unless the kubeconfig's own CA is known to be wrong. */
function inspectionOf(seen: Facts, issuer: string | undefined): Inspection | undefined {
  if (issuer === CLUSTER_CA_NAME) return undefined;
  const isSame = seen.endpoints?.isSame;
  if (issuer === undefined) {
    if (seen.isOtherPrincipal || isSame !== true || isCaRight(seen) !== true) return undefined;
    const proof = "The kubeconfig has the cluster's own endpoint and CA, but the certificate does not match.";
    return { confidence: "likely", inferred: true, signer: "a different CA", proof };
  }
  const signed = {
    signer: `"${issuer}"`,
    proof: `The server's certificate is signed by "${issuer}"; the CA of EKS clusters is "${CLUSTER_CA_NAME}".`,
  };
  if (isEksHost(seen.clusterEntry?.host ?? ""))
    return { ...signed, confidence: isSame === false ? "likely" : "certain" };
  return isSame === false || isCaRight(seen) === false ? undefined : { ...signed, confidence: "likely" };
}

/** Whether the kubeconfig has the cluster's CA; undefined if one of the two is not known. */
function isCaRight({ clusterEntry, cluster }: Facts): boolean | undefined {
  const ours = certificatesIn(clusterEntry?.caData ?? "");
  const theirs = certificatesIn(cluster?.certificateAuthority?.data ?? "");
  return ours && theirs?.some((certificate) => ours.includes(certificate));
}

/** For when the API server was not called, or only the AWS CLI failed. */
function checkAws(seen: Facts): Verdict {
  const isAnswered = ["none", "unauthorized", "forbidden"].includes(seen.symptom?.kind ?? "none");
  const [pasted] = AWS_SSL.exec(isAnswered ? "" : (seen.question?.stderr ?? "")) ?? [];
  const said = pasted ?? pluginMessage(seen);
  if (said === undefined) return passed;
  return found({
    confidence: "likely",
    describe: (facts) => ({
      summary: "A proxy on the path intercepts TLS to AWS, and the AWS CLI does not trust its CA.",
      evidence: [`The AWS CLI reports “${said}”.`],
      falsifiedBy: "On a network without the proxy, the same command fails with the same error.",
      fixes: [setBundle(facts)],
    }),
  });
}

function pluginMessage({ pluginRun }: Facts): string | undefined {
  return pluginRun === undefined || pluginRun.exitCode === 0
    ? undefined
    : AWS_SSL.exec(pluginRun.stderr ?? "")?.[0];
}

/** Variables that point other programs to the company's CA. */
const CA_VARIABLES = ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE", "NODE_EXTRA_CA_CERTS"];

/** Uses the file that another program already has, if there is one. */
function setBundle({ evidence, vouch }: Facts): Fix {
  const env = knownValue(evidence.environment) ?? {};
  const recorded = vouch?.endpoints?.awsCaBundle ?? vouch?.endpoints?.vouchCaBundle;
  const file = CA_VARIABLES.map((name) => env[name]).find((path) => path !== undefined && path !== "");
  return forYou(
    "Set the company's CA for the AWS CLI.",
    setVariable("AWS_CA_BUNDLE", recorded ?? file ?? "/path/to/company-ca.pem"),
  );
}

/** Left out on purpose: `insecure-skip-tls-verify`, which would hand the token to anyone who intercepts the call. */
function avoidProxy({ evidence }: Facts, host: string): Fix {
  return forYou(
    "Exclude the endpoint from the proxy, or have the proxy's admins exclude this host from interception. Never disable certificate verification: anyone who intercepts the connection gets the token.",
    bypassProxy(evidence, host),
  );
}
