import { makeLabCa } from "../tls.ts";
import { type ContextData, editContext } from "./kubeconfig-edit.ts";
import { CONTEXTS, type FaultPlace, type LabFault, nodesReadyIf } from "./lab-fault.ts";
import { updateKubeconfig } from "./update-kubeconfig.ts";

/**
 * Rows N: the way to the API server. Deliberately absent: what is decided below TCP (N2 to N5), since loopback lets nobody
 * wait for a connection.
 */
export const NETWORK_FAULTS: readonly LabFault[] = [
  {
    row: "N1",
    name: "the cluster was recreated, with another endpoint",
    breakIt: (place) =>
      edit(place, ({ cluster }) => {
        cluster["server"] = "https://127.0.0.1:1";
      }),
    says: /connection to the server 127\.0\.0\.1:1 was refused/,
  },
  {
    row: "N6",
    name: "the kubeconfig has the CA of an older cluster",
    context: CONTEXTS.grace,
    breakIt: async ({ kubeconfig }) => {
      const old = await makeLabCa("kubernetes");
      editContext(kubeconfig, CONTEXTS.grace, ({ cluster }) => {
        cluster["certificate-authority-data"] = Buffer.from(old.cert).toString("base64");
      });
    },
    says: /certificate signed by unknown authority/,
  },
  {
    row: "N7",
    name: "a proxy on the path intercepts TLS",
    breakIt: ({ lab }) => {
      for (const server of lab.kube.values()) server.faults.certificate = "unknown-authority";
    },
    says: /certificate signed by unknown authority/,
    fix: {
      says: /have the proxy's admins exclude this host from interception/,
      byHand: ({ lab }) => {
        for (const server of lab.kube.values()) server.faults.certificate = "right";
      },
    },
  },
  {
    row: "N8",
    name: "the proxy of the entry lets nobody through",
    breakIt: (place) =>
      edit(place, ({ cluster }) => {
        cluster["proxy-url"] = place.env["HTTPS_PROXY"];
      }),
    says: /Forbidden/,
  },
  {
    row: "N8",
    name: "nothing listens where proxy-url points",
    breakIt: (place) =>
      edit(place, ({ cluster }) => {
        cluster["proxy-url"] = "http://127.0.0.1:1";
      }),
    says: /was refused/,
    asking: "looks",
  },
  {
    row: "N9",
    name: "the entry checks the certificate for a name that is not the cluster's",
    context: CONTEXTS.grace,
    breakIt: ({ kubeconfig }) =>
      editContext(kubeconfig, CONTEXTS.grace, ({ cluster }) => {
        cluster["tls-server-name"] = "wrong.example";
      }),
    says: /certificate is valid for .*, not wrong\.example/,
    asking: "looks",
  },
  {
    row: "N9",
    name: "the cluster is called through a tunnel whose name its certificate does not have",
    context: CONTEXTS.grace,
    breakIt: ({ lab }) => {
      for (const server of lab.kube.values()) server.faults.certificate = "wrong-name";
    },
    says: /certificate is valid for kubernetes\.invalid|doesn't contain any IP SANs|cannot validate certificate/,
  },
  {
    row: "N10",
    name: "the cluster is still being made",
    breakIt: ({ lab }) => {
      lab.cluster.status = "CREATING";
    },
    command: updateKubeconfig("us-east-1"),
    says: /Cluster status is CREATING/,
    asking: "pastes",
    fix: {
      says: /aws eks wait cluster-active --name lab/,
      byHand: ({ lab }) => {
        lab.cluster.status = "ACTIVE";
      },
    },
  },
  {
    row: "N11",
    name: "the cluster is looked for in another region",
    context: CONTEXTS.grace,
    breakIt: () => undefined,
    command: updateKubeconfig("eu-west-1"),
    says: /No cluster found for name: lab/,
    works: ["kubectl", "--context", CONTEXTS.grace, "get", "pods"],
    asking: "pastes",
  },
  {
    row: "N12",
    name: "what is set as proxy is a plain tunnel",
    breakIt: (place) =>
      edit(place, ({ cluster }) => {
        cluster["proxy-url"] = String(cluster["server"]).replace("https:", "http:");
      }),
    says: /unexpected EOF/,
  },
  {
    row: "N13",
    name: "neither AWS nor the API server answers",
    breakIt: (place) => {
      place.lab.aws.faults.down = true;
      edit(place, ({ cluster }) => {
        cluster["server"] = "https://127.0.0.1:1";
      });
    },
    says: /closed the connection before it answered|connection to the server 127\.0\.0\.1:1 was refused/,
    fix: {
      says: /curl -sSv https:\/\/sts\.amazonaws\.com\//,
      byHand: (place) => {
        place.lab.aws.faults.down = false;
        edit(place, ({ cluster }) => {
          cluster["server"] = place.lab.cluster.endpoint;
        });
      },
    },
  },
  {
    row: "N14",
    name: "the cluster's own role was deleted",
    breakIt: ({ lab: { cluster } }) => {
      const role = "arn:aws:iam::111122223333:role/eks-cluster";
      cluster.healthIssues = [
        { code: "IamRoleNotFound", message: `The role ${role} was not found.`, resourceIds: [role] },
      ];
    },
    command: nodesReadyIf(
      "eks.amazonaws.com/nodegroup=workers",
      "! aws eks describe-cluster --name lab --region us-east-1 | grep -q IamRoleNotFound",
    ),
    says: /NotReady/,
    asking: "pastes",
    fix: {
      says: /create-role .*--role-name/,
      byHand: ({ lab: { cluster } }) => {
        cluster.healthIssues = [];
      },
    },
  },
];

function edit({ kubeconfig }: FaultPlace, change: (data: ContextData) => void): void {
  editContext(kubeconfig, CONTEXTS.ours, change);
}
