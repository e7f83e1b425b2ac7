import type { DoctorEvidence } from "../../../../doctor/evidence/evidence.ts";
import { ENDPOINT, healthyBundle, without } from "../../support/bundle.ts";
import { edited, KUBECONFIG_FAULTS, stopped } from "../../support/kubeconfig-faults.ts";
import { testRule } from "../../support/test-rule.ts";

const K18 = KUBECONFIG_FAULTS.K18;
const LIST = "kubectl config set-cluster lab --server";
/** kubectl's words for a TLS port that is called without TLS. Source: plugin/KUBECTL.md, "Words of kubectl". */
const REJECTED =
  'Error from server (BadRequest): Unable to list "/v1, Resource=pods": the server rejected our request for an unknown reason (get pods)\n';

/** A context that calls this, where nobody described the cluster. */
function calls(server: string, bundle: DoctorEvidence = stopped(REJECTED)): DoctorEvidence {
  return { ...without(bundle, "cluster"), ...edited([/server: .*/, `server: ${server}`]) };
}

testRule("kubeconfig/kubeconfig-server-plain-http", "K18", {
  certain: {
    "calls EKS over TLS": { on: [K18, without(K18, "cluster")], commands: `${LIST}=${ENDPOINT}` },
    "knows the endpoint of another form by what EKS says": {
      ...K18,
      ...edited([/server: .*/, "server: http://127.0.0.1:6443"]),
      cluster: { cluster: { name: "lab", endpoint: "https://127.0.0.1:6443" } },
    },
  },
  likely: {
    "a gateway that rejects what it is sent": {
      on: calls("http://eks.corp.example:80/lab"),
      commands: `${LIST}=https://eks.corp.example/lab`,
    },
    "a tunnel to the cluster": {
      on: calls("http://localhost:8443"),
      commands: `${LIST}=https://localhost:8443`,
    },
  },
  passed: { "calls over TLS": healthyBundle() },
  notApplicable: {
    "kubectl proxy logs in by itself": calls("http://127.0.0.1:8001", healthyBundle()),
  },
  unknown: {
    "nobody called what may be kubectl proxy": {
      on: calls(
        "http://127.0.0.1:8001",
        without(healthyBundle(), "question", "apiServer", "selfSubjectReview"),
      ),
      missing: ["apiServer", "cluster", "question"],
    },
  },
});
