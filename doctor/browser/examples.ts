/** What people paste, with invented names. */
export interface Example {
  /** As in `#example=terraform`. */
  readonly id: string;
  readonly label: string;
  readonly text: string;
}

const ACCOUNT = "111122223333";

const DENIED_DEV = `$ kubectl get pods
error: You must be logged in to the server (Unauthorized)
$ aws sts get-caller-identity
{
    "UserId": "AROAEXAMPLEEXAMPLE123:ada",
    "Account": "${ACCOUNT}",
    "Arn": "arn:aws:sts::${ACCOUNT}:assumed-role/Dev/ada"
}
`;

export const EXAMPLES: readonly Example[] = [
  {
    id: "unauthorized",
    label: "Unauthorized",
    text: "$ kubectl get pods\nerror: You must be logged in to the server (Unauthorized)\n",
  },
  {
    id: "forbidden",
    label: "Forbidden",
    text: `$ kubectl get pods -n web\nError from server (Forbidden): pods is forbidden: User "arn:aws:sts::${ACCOUNT}:assumed-role/Dev/ada" cannot list resource "pods" in API group "" in the namespace "web"\n`,
  },
  {
    id: "terraform",
    label: "Terraform",
    text: `$ terraform apply
╷
│ Error: Get "http://localhost/api/v1/namespaces/kube-system/configmaps/aws-auth": dial tcp 127.0.0.1:80: connect: connection refused
│
│   with module.eks.kubernetes_config_map.aws_auth[0],
│   on .terraform/modules/eks/aws_auth.tf line 63, in resource "kubernetes_config_map" "aws_auth":
╵
`,
  },
  {
    id: "sso",
    label: "SSO expired",
    text: `$ kubectl get pods

Error loading SSO Token: Token for https://example.awsapps.com/start does not exist
Unable to connect to the server: getting credentials: exec: executable aws failed with exit code 255
`,
  },
  {
    id: "host",
    label: "no such host",
    text: `$ kubectl get nodes
Unable to connect to the server: dial tcp: lookup 0123456789ABCDEF0123456789ABCDEF.gr7.eu-west-1.eks.amazonaws.com on 10.0.0.2:53: no such host
`,
  },
  {
    id: "x509",
    label: "x509",
    text: `$ kubectl get nodes
Unable to connect to the server: tls: failed to verify certificate: x509: certificate signed by unknown authority
`,
  },
  {
    id: "aws-auth",
    label: "aws-auth",
    text: `${DENIED_DEV}$ aws eks describe-cluster --name lab --region eu-west-1 --query cluster.accessConfig
{
    "authenticationMode": "CONFIG_MAP"
}
$ kubectl -n kube-system get configmap aws-auth -o yaml --context admin
apiVersion: v1
kind: ConfigMap
metadata:
  name: aws-auth
  namespace: kube-system
data:
  mapRoles: |
    - rolearn: arn:aws:sts::${ACCOUNT}:assumed-role/Dev/ada
      username: dev
      groups:
      - developers
`,
  },
  {
    id: "entry",
    label: "access entry",
    text: `${DENIED_DEV}$ aws eks describe-cluster --name lab --region eu-west-1
{
    "cluster": {
        "name": "lab",
        "arn": "arn:aws:eks:eu-west-1:${ACCOUNT}:cluster/lab",
        "endpoint": "https://0123456789ABCDEF0123456789ABCDEF.gr7.eu-west-1.eks.amazonaws.com",
        "status": "ACTIVE",
        "version": "1.34",
        "platformVersion": "eks.9",
        "createdAt": "2025-06-01T08:00:00+00:00",
        "accessConfig": {
            "authenticationMode": "API"
        }
    }
}
$ aws eks list-access-entries --cluster-name lab --region eu-west-1
{
    "accessEntries": [
        "arn:aws:iam::${ACCOUNT}:role/NodeRole"
    ]
}
`,
  },
];
