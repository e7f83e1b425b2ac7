import { CA_DATA, healthyBundle, unauthorized, without } from "../../support/bundle.ts";
import { cluster, clusterEntry, networkFault, noAnswer, OTHER_CA } from "../../support/network-faults.ts";
import { testRule } from "../../support/test-rule.ts";

const FAULT = networkFault("N6");
const OTHER = cluster({ certificateAuthority: { data: OTHER_CA } });
const UNTRUSTED =
  "Unable to connect to the server: tls: failed to verify certificate: x509: certificate signed by unknown authority";

const LEFT_OUT = ["DATA+OMITTED", "<REDACTED>", '"***"', "LS0tLS1CRUdJTi...", "LS0tLS1CRUdJTi…"];
const leftOut = (as: string) => clusterEntry((text) => text.replace(CA_DATA, as));

const CA_FILE = clusterEntry((text) =>
  text.replace(/certificate-authority-data: .*/, "certificate-authority: /etc/ca.pem"),
);

testRule("network/network-cluster-ca-differs", "N6", {
  certain: {
    "kubectl itself reads a file without it": {
      on: noAnswer("error: unable to load root certificates: illegal base64 data at input byte 4", {
        ...leftOut("DATA+OMITTED"),
        cluster: { failed: "denied" },
      }),
      summary: /^The CA in the kubeconfig is damaged/,
    },
    "compares the certificates, decoded": {
      on: FAULT,
      summary: /^The CA in the kubeconfig is not the CA of lab,/,
      commands:
        "aws eks update-kubeconfig --name lab --region eu-west-1 --alias lab --user-alias lab --profile dev",
    },
    "names a CA that is cut off, whatever the cluster says": {
      on: noAnswer("error: unable to load root certificates: unable to parse bytes as PEM block", {
        ...clusterEntry((text) => text.replace(CA_DATA, CA_DATA.slice(0, 48))),
        cluster: { failed: "denied" },
      }),
      summary: /^The CA in the kubeconfig is damaged \(it does not contain a complete certificate\),/,
    },
  },
  likely: {
    "sees it in the files alone, when nobody tried": without(
      healthyBundle(OTHER),
      "question",
      "apiServer",
      "network",
      "selfSubjectReview",
    ),
    "names a CA that is missing": {
      on: without(
        noAnswer(
          UNTRUSTED,
          clusterEntry((text) => text.replace(/^.*certificate-authority-data.*\n/m, "")),
        ),
        "network",
      ),
      summary: /^The kubeconfig does not contain a CA for lab,/,
    },
    "goes by the issuer when the CA is in a file, which the probe read": {
      on: { ...FAULT, ...CA_FILE },
      summary: /^CA file \/etc\/ca\.pem does not contain the CA that currently signs for lab,/,
    },
    "goes by the issuer when DescribeCluster is denied": { ...FAULT, cluster: { failed: "denied" } },
  },
  passed: {
    "the CA is the same in other line breaks": noAnswer(
      UNTRUSTED,
      cluster({ certificateAuthority: { data: btoa(atob(CA_DATA).replaceAll("\n", "\r\n")) } }),
    ),
  },
  notApplicable: {
    "the API server answers 401: TLS was fine": unauthorized(OTHER),
    "the CA is in a file that nobody has seen": { ...networkFault("N7"), ...CA_FILE },
    "verification is switched off": {
      ...FAULT,
      ...clusterEntry((text) =>
        text.replace(/certificate-authority-data: .*/, "insecure-skip-tls-verify: true"),
      ),
    },
  },
  unknown: {
    "only the copy of the kubeconfig leaves it out": {
      on: LEFT_OUT.map((as) => ({ ...FAULT, ...leftOut(as) })),
      missing: "kubeconfig",
    },
    "something else of the configuration is wrong": {
      on: noAnswer('error: exec plugin: invalid apiVersion "client.authentication.k8s.io/v1alpha1"', {
        ...leftOut("DATA+OMITTED"),
        cluster: { failed: "denied" },
      }),
      missing: "kubeconfig",
    },
  },
});
