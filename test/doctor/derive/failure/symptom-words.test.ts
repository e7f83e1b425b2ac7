import assert from "node:assert/strict";
import { symptomInWords } from "../../../../doctor/derive/failure/symptom-words.ts";

/**
 * Words of real programs. Source: plugin/KUBECTL.md, "Words of kubectl"; doctor/EKS-ACCESS.md, "Words of 403", "Helm";
 * the others are as their users pasted them into the issues that "Reports" names there.
 */
const USER = "arn:aws:sts::111122223333:assumed-role/Dev/ada@example.com";

describe("the symptom in pasted words", () => {
  const kinds: Readonly<Record<string, readonly string[]>> = {
    unauthorized: [
      "error: You must be logged in to the server (Unauthorized)",
      `E1125 11:07:44.405353   23739 memcache.go:265] "Unhandled Error" err="couldn't get current server API group list: the server has asked for the client to provide credentials"\nerror: You must be logged in to the server (the server has asked for the client to provide credentials)`,
      "Error: INSTALLATION FAILED: Kubernetes cluster unreachable: the server has asked for the client to provide credentials",
      "╷\n│ Error: Unauthorized\n│\n│   with kubernetes_namespace.web,\n│   on main.tf line 3, in resource\n╵",
      'HTTP-Code: 401\nMessage: Unknown API Status Code!\nBody: "{\\"kind\\":\\"Status\\"}"',
      "kubernetes.client.exceptions.ApiException: (401)\nReason: Unauthorized",
    ],
    "plugin-failed": [
      "Unable to connect to the server: getting credentials: exec: executable aws not found\n\nIt looks like you are trying to use a client-go credential plugin that is not installed.",
      'Error: Kubernetes cluster unreachable: Get "https://x.eks.amazonaws.com/version": getting credentials: exec: executable aws failed with exit code 255',
      "Unable to connect to the server: getting credentials: exec: fork/exec /nope/plugin: no such file or directory",
      "An error occurred (AccessDenied) when calling the AssumeRole operation: not authorized\nUnable to connect to the server: getting credentials: exec: executable aws failed with exit code 254",
      "getting credentials: exec plugin didn't return a token or cert/key pair",
      'Unable to connect to the server: getting credentials: decoding stdout: couldn\'t get version/kind; json parse error: json: cannot unmarshal string into Go value of type struct { APIVersion string "json:\\"apiVersion,omitempty\\"" }',
    ],
    unreachable: [
      "Unable to connect to the server: dial tcp: lookup HOST on 10.0.0.2:53: no such host",
      "Unable to connect to the server: dial tcp 10.1.2.3:443: i/o timeout",
      "The connection to the server localhost:8080 was refused - did you specify the right host or port?",
      "Unable to connect to the server: Forbidden",
      "Unable to connect to the server: tls: failed to verify certificate: x509: certificate signed by unknown authority",
      'Error: Kubernetes cluster unreachable: Get "https://127.0.0.1:16999/version": dial tcp 127.0.0.1:16999: connect: connection refused',
      "Error: getaddrinfo ENOTFOUND x.eks.amazonaws.com",
    ],
    configuration: [
      'error: exec plugin: invalid apiVersion "client.authentication.k8s.io/v1alpha1"',
      "error: interactiveMode must be specified for lab to use exec authentication plugin",
      "Error in configuration: context was not found for specified context: zz",
      'error: error loading config file "/home/ada/.kube/config": yaml: line 4: mapping values are not allowed',
      'error: invalid interactiveMode for lab: "Sometimes"',
      "error: authProvider cannot be provided in combination with an exec plugin for lab",
      'error: no server found for cluster "zz"',
      'error: auth info "zz" does not exist',
      "Please enter Username: error: EOF",
      'error occurred while applying preferences unknown plugin policy: "Bogus"',
      "error: unable to load root certificates: unable to parse bytes as PEM block",
      "error: stat /nope: no such file or directory",
      'error: plugin "aws" not allowed: policy set to "DenyAll"',
    ],
    "aws-refused": [
      "An error occurred (AccessDeniedException) when calling the DescribeCluster operation: User: arn:aws:iam::111122223333:user/ada is not authorized to perform: eks:DescribeCluster on resource: x",
      "operation error EKS: DescribeCluster, https response error StatusCode: 403, RequestID: 1, api error AccessDeniedException: User: arn:aws:iam::111122223333:user/ada is not authorized to perform: eks:DescribeCluster",
      "AccessDeniedException: User: arn:aws:iam::111122223333:user/ada is not authorized to perform: eks:DescribeCluster",
    ],
    none: [
      'error: the server doesn\'t have a resource type "foos"',
      'Error from server (Forbidden): error when creating "STDIN": pods "x" is forbidden: exceeded quota: small',
      'Error from server (NotFound): pods "x" not found',
      'Error from server (Forbidden): pods "x" is forbidden: violates PodSecurity "restricted:latest"',
    ],
    other: [
      "Error from server (NotFound): the server could not find the requested resource",
      'Error from server (BadRequest): Unable to list "/v1, Resource=pods": the server rejected our request for an unknown reason (get pods)',
      "error: no",
    ],
  };
  for (const [kind, texts] of Object.entries(kinds)) {
    for (const text of texts) {
      it(`is ${kind}: ${text.slice(0, 70).replaceAll(/\s+/g, " ")}`, () => {
        assert.equal(symptomInWords(text).kind, kind);
      });
    }
  }

  it("has the exit code of the plugin", () => {
    const text = "getting credentials: exec: executable /p/plug.sh failed with exit code -1";
    assert.deepEqual(symptomInWords(text), { kind: "plugin-failed", text, exitCode: -1 });
  });

  it("has what AWS refused", () => {
    const text =
      "An error occurred (AccessDeniedException) when calling the DescribeCluster operation: User: x is not authorized to perform: eks:DescribeCluster on resource: y";
    assert.deepEqual(symptomInWords(text), {
      kind: "aws-refused",
      code: "AccessDeniedException",
      action: "eks:DescribeCluster",
      text,
    });
  });

  it("names the user and the attempt of a refusal", () => {
    const text = `Error from server (Forbidden): deployments.apps "d" is forbidden: User "${USER}" cannot patch resource "deployments/scale" in API group "apps" in the namespace "web": reason from hook`;
    assert.deepEqual(symptomInWords(text), {
      kind: "forbidden",
      user: USER,
      attempt: {
        verb: "patch",
        group: "apps",
        resource: "deployments",
        subresource: "scale",
        namespace: "web",
        name: "d",
      },
      escalation: false,
      text,
    });
  });

  it("sees the escalation check, which names no verb", () => {
    const text =
      'rolebindings.rbac.authorization.k8s.io "qq" is forbidden: user "dave" (groups=["system:authenticated"]) is attempting to grant RBAC permissions not currently held:\n{APIGroups:["*"]}';
    assert.deepEqual(symptomInWords(text), {
      kind: "forbidden",
      user: "dave",
      attempt: undefined,
      escalation: true,
      text,
    });
  });

  const listNodes = { verb: "list", group: "", resource: "nodes" };
  const refusals: Readonly<Record<string, readonly [string, object]>> = {
    "at the cluster scope": [
      'nodes is forbidden: User "u" cannot list resource "nodes" in API group "" at the cluster scope',
      listNodes,
    ],
    "of helm, indented": [
      'Error: INSTALLATION FAILED: 1 error occurred:\n\t* namespaces is forbidden: User "u" cannot create resource "namespaces" in API group "" at the cluster scope\n\n',
      { verb: "create", group: "", resource: "namespaces" },
    ],
    "of a raw path": [
      'Error from server (Forbidden): forbidden: User "u" cannot get path "/metrics"',
      { verb: "get", path: "/metrics" },
    ],
    "inside the JSON of a client library": [
      'HTTP response body: {"kind":"Status","message":"nodes is forbidden: User \\"u\\" cannot list resource \\"nodes\\" in API group \\"\\" at the cluster scope","code":403}',
      listNodes,
    ],
    "in Terraform's frame, wrapped": [
      '╷\n│ Error: nodes is forbidden: User "u" cannot list resource\n│ "nodes" in API group "" at the cluster scope\n╵',
      listNodes,
    ],
    "from PowerShell": [
      'kubectl : Error from server (Forbidden): nodes is forbidden: User "u" cannot list resource "nodes" in API group ""\r\n at the cluster scope\r\nAt line:1 char:1\r\n+ kubectl get nodes --kubeconfig C:\\Users\\ada\\kube.yaml\r\n',
      listNodes,
    ],
    "of an old cluster": [
      'pods.metrics.k8s.io is forbidden: User "u" cannot list pods.metrics.k8s.io in the namespace "web"',
      { verb: "list", group: "metrics.k8s.io", resource: "pods", namespace: "web" },
    ],
    "of an exec": [
      'error: unable to upgrade connection: pods "p" is forbidden: User "u" cannot create resource "pods/exec" in API group "" in the namespace "x"',
      { verb: "create", group: "", resource: "pods", subresource: "exec", namespace: "x", name: "p" },
    ],
    "of an impersonation": [
      'pods is forbidden: User "u" cannot impersonate-on:user-info:list resource "pods" in API group "" in the namespace "default"',
      { verb: "impersonate-on:user-info:list", group: "", resource: "pods", namespace: "default" },
    ],
  };
  for (const [name, [text, attempt]] of Object.entries(refusals)) {
    it(`reads the attempt out of a refusal ${name}`, () => {
      const symptom = symptomInWords(text);
      assert.deepEqual(symptom, { kind: "forbidden", user: "u", attempt, escalation: false, text });
    });
  }

  it("takes a refusal that names a user before any 401 in the same words", () => {
    const both = `the server has asked for the client to provide credentials\nnodes is forbidden: User "u" cannot list resource "nodes" in API group "" at the cluster scope`;
    assert.equal(symptomInWords(both).kind, "forbidden");
  });
});
