import type { DoctorEvidence } from "../../../doctor/evidence/evidence.ts";
import { ACCOUNT, awsExec, healthyBundle, pluginFailed, unauthorized } from "./bundle.ts";
import { connectError, stopped, V1ALPHA1, V1BETA1 } from "./kubeconfig-faults.ts";

/** What was said, and everything answers well now. */
function refusedOnce(stderr: string, changes: Partial<DoctorEvidence>): DoctorEvidence {
  return healthyBundle({ question: { command: "", exitCode: 1, stderr }, ...changes });
}

const CREDENTIALS_ASKED = "the server has asked for the client to provide credentials";
export const TOKEN_PROVIDER = `provider "kubernetes" {
  host                   = data.aws_eks_cluster.this.endpoint
  cluster_ca_certificate = base64decode(data.aws_eks_cluster.this.certificate_authority[0].data)
  token                  = data.aws_eks_cluster_auth.this.token
}
`;
export const EXEC_PROVIDER = `provider "helm" {
  kubernetes = {
    host = data.aws_eks_cluster.this.endpoint # the cluster's
    exec = {
      api_version = "client.authentication.k8s.io/v1beta1"
      command     = "aws"
      args        = ["eks", "get-token", "--cluster-name", "lab"]
    }
  }
}
`;
export const TERRAFORM = { name: "terraform", version: "v1.9.5" };
const TERRAFORM_401 =
  "╷\n│ Error: Unauthorized\n│\n│   with kubernetes_namespace.web,\n│   on main.tf line 9\n╵\n";

/** Nobody lets the caller in: neither an entry nor aws-auth. */
const UNMAPPED = {
  accessEntries: { accessEntries: [`arn:aws:iam::${ACCOUNT}:role/NodeRole`] },
  accessEntryDetails: [],
  associatedPolicies: [],
} as const;

/** One bundle for each row T but T2, in which that is what is wrong. */
export const CLIENT_FAULTS = {
  T1: refusedOnce(`Error: Kubernetes cluster unreachable: ${CREDENTIALS_ASKED}\n`, {
    client: { ...TERRAFORM, configuration: TOKEN_PROVIDER, runSeconds: 1500 },
    kubeconfig: { failed: "no kubeconfig is used" },
  }),
  T3: stopped(connectError("getting credentials: exec: executable aws not found"), {
    client: { name: "lens", graphical: true },
    execCommand: {
      command: "aws",
      resolved: "/opt/homebrew/bin/aws",
      resolvedForGui: null,
      executable: true,
    },
  }),
  T4: refusedOnce(
    'kubernetes.client.exceptions.ApiException: (403)\nReason: Forbidden\nHTTP response body: {"kind":"Status","message":"pods is forbidden: User \\"system:anonymous\\" cannot list resource \\"pods\\" in API group \\"\\" in the namespace \\"web\\"","code":403}\n',
    { client: { name: "python", version: "kubernetes 32.0.0" } },
  ),
  T5: refusedOnce("E0115 12:00:00 reflector.go:147] failed to list *v1.Pod: Unauthorized\n", {
    client: {
      name: "inventory-controller",
      runSeconds: 5400,
      configuration: "cfg := &rest.Config{Host: host, BearerToken: tok}",
    },
  }),
  T6: pluginFailed("The config profile (ada-laptop) could not be found", {
    changes: { client: { name: "ci" }, ...awsExec({ AWS_PROFILE: "ada-laptop" }) },
  }),
  T7: unauthorized({
    ...UNMAPPED,
    client: TERRAFORM,
    question: {
      command: "terraform apply",
      exitCode: 1,
      stderr:
        "╷\n│ Error: Unauthorized\n│\n│   with module.eks.kubernetes_config_map_v1_data.aws_auth[0],\n╵\n",
    },
  }),
  T8: healthyBundle({
    client: {
      ...TERRAFORM,
      configuration: 'module "eks" {\n  enable_cluster_creator_admin_permissions = true\n}\n',
    },
    question: {
      command: "terraform plan",
      stderr: '# module.eks.aws_eks_access_entry.this["cluster_creator"] must be replaced\n',
    },
  }),
  T9: refusedOnce("error: You must be logged in to the server (Unauthorized)\n", {
    environment: { HOME: "/home/ada", PATH: "/usr/bin:/bin", HTTPS_PROXY: "http://proxy:3128" },
  }),
  T10: stopped(
    `Empty KUBERNETES_EXEC_INFO, defaulting to client.authentication.k8s.io/v1alpha1\nError: Kubernetes cluster unreachable: getting credentials: exec plugin is configured to use API version ${V1BETA1}, plugin returned version ${V1ALPHA1}\n`,
    { client: { name: "helm", version: "v3.5.4" } },
  ),
  T11: unauthorized({
    ...UNMAPPED,
    client: {
      ...TERRAFORM,
      configuration: `provider "aws" {\n  region = "eu-west-1"\n  assume_role {\n    role_arn = "arn:aws:iam::${ACCOUNT}:role/Deployer"\n  }\n}\n${EXEC_PROVIDER}`,
    },
    question: { command: "terraform apply", exitCode: 1, stderr: TERRAFORM_401 },
  }),
  T12: refusedOnce(TERRAFORM_401, {
    client: {
      ...TERRAFORM,
      configuration: TOKEN_PROVIDER.replace(/\}\n$/, '  exec {\n    command = "aws"\n  }\n}\n'),
      runSeconds: 1500,
    },
  }),
  T13: refusedOnce("Unauthorized\n", {
    client: { name: "k9s", runSeconds: 3600 },
    pluginRun: {
      exitCode: 0,
      stderr: "",
      credential: { apiVersion: V1BETA1, expirationTimestamp: "2026-01-15T12:30:00Z", hasToken: true },
    },
  }),
  T14: stopped(
    '╷\n│ Error: Get "http://localhost/api/v1/namespaces/kube-system/configmaps/aws-auth": dial tcp [::1]:80: connect: connection refused\n│\n│   with module.eks.kubernetes_config_map_v1_data.aws_auth[0],\n╵\n',
    {
      client: { ...TERRAFORM, configuration: TOKEN_PROVIDER },
      kubeconfig: { failed: "no kubeconfig is used" },
    },
  ),
} satisfies Readonly<Record<string, DoctorEvidence>>;
