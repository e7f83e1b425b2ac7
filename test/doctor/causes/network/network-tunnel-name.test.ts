import { ENDPOINT } from "../../support/bundle.ts";
import { clusterEntry, HOST, networkFault } from "../../support/network-faults.ts";
import { testRule } from "../../support/test-rule.ts";

const FAULT = networkFault("N9");

testRule("network/network-tunnel-name", "N9", {
  certain: {
    "says by which name the certificate is to be checked": {
      on: FAULT,
      commands: `kubectl config set-cluster lab --tls-server-name=${HOST.toLowerCase()}`,
    },
    "removes a name that the endpoint itself does not have": {
      on: {
        ...FAULT,
        ...clusterEntry((text) =>
          text.replace(`server: ${ENDPOINT}`, `server: ${ENDPOINT}\n    tls-server-name: kube.example.com`),
        ),
      },
      summary: `The kubeconfig verifies the certificate of ${ENDPOINT} against kube.example.com, a name that the certificate does not contain.`,
      commands: "kubectl config set-cluster lab --tls-server-name ''",
    },
    "corrects a name that is wrong": {
      on: {
        ...FAULT,
        ...clusterEntry((text) =>
          text.replace(
            `server: ${ENDPOINT}`,
            "server: https://localhost:8443\n    tls-server-name: kube.example.com",
          ),
        ),
      },
      evidence: [
        "The TLS handshake fails: “x509: certificate is valid for 0123456789ABCDEF0123456789ABCDEF.gr7.eu-west-1.eks.amazonaws.com, kubernetes, kubernetes.default, not localhost”.",
        "The cluster entry sets tls-server-name to kube.example.com.",
      ],
    },
  },
  likely: {
    "reads the name from the certificate when DescribeCluster is denied": {
      on: { ...FAULT, cluster: { failed: "denied" } },
      commands: `kubectl config set-cluster lab --tls-server-name=${HOST}`,
    },
  },
  passed: {
    "the authority is unknown (N6)": networkFault("N6"),
  },
  notApplicable: {
    "the endpoint itself is called": { ...FAULT, ...clusterEntry((text) => text) },
  },
});
