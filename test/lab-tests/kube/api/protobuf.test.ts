import assert from "node:assert/strict";
import { decodeProtobuf } from "../../../lab/kube/api/protobuf.ts";

/** Bodies that kubectl 1.36.3 sent, caught on 2026-11-25 with the command in front. */
const BODIES: Readonly<Record<string, readonly [body: string, object: Record<string, unknown>]>> = {
  "create cm c1 --from-literal=a=b -n x": [
    "azhzAAoPCgJ2MRIJQ29uZmlnTWFwEh0KEwoCYzESABoBeCIAKgAyADgAQgASBgoBYRIBYhoAIgA=",
    { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "c1", namespace: "x" }, data: { a: "b" } },
  ],
  "auth can-i get /metrics": [
    "azhzAAoyChdhdXRob3JpemF0aW9uLms4cy5pby92MRIXU2VsZlN1YmplY3RBY2Nlc3NSZXZpZXcSLwoQCgASABoAIgAqADIAOABCABIREg8KCC9tZXRyaWNzEgNnZXQaCAgAEgAaACAAGgAiAA==",
    {
      apiVersion: "authorization.k8s.io/v1",
      kind: "SelfSubjectAccessReview",
      metadata: {},
      spec: { nonResourceAttributes: { path: "/metrics", verb: "get" } },
    },
  ],
  "auth whoami": [
    "azhzAAotChhhdXRoZW50aWNhdGlvbi5rOHMuaW8vdjESEVNlbGZTdWJqZWN0UmV2aWV3EhoKEAoAEgAaACIAKgAyADgAQgASBgoECgASABoAIgA=",
    { apiVersion: "authentication.k8s.io/v1", kind: "SelfSubjectReview", metadata: {} },
  ],
  "create clusterrolebinding crb --clusterrole=view --group=devs --serviceaccount=x:robot": [
    "azhzAAoyChxyYmFjLmF1dGhvcml6YXRpb24uazhzLmlvL3YxEhJDbHVzdGVyUm9sZUJpbmRpbmcSjwEKEwoDY3JiEgAaACIAKgAyADgAQgASKgoFR3JvdXASGXJiYWMuYXV0aG9yaXphdGlvbi5rOHMuaW8aBGRldnMiABIcCg5TZXJ2aWNlQWNjb3VudBIAGgVyb2JvdCIBeBouChlyYmFjLmF1dGhvcml6YXRpb24uazhzLmlvEgtDbHVzdGVyUm9sZRoEdmlldxoAIgA=",
    {
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "ClusterRoleBinding",
      metadata: { name: "crb" },
      subjects: [
        { kind: "Group", apiGroup: "rbac.authorization.k8s.io", name: "devs" },
        { kind: "ServiceAccount", name: "robot", namespace: "x" },
      ],
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "view" },
    },
  ],
  "create secret generic s --from-literal=k=v -n x": [
    "azhzAAoMCgJ2MRIGU2VjcmV0Eh4KEgoBcxIAGgF4IgAqADIAOABCABIGCgFrEgF2GgAaACIA",
    { apiVersion: "v1", kind: "Secret", metadata: { name: "s", namespace: "x" }, data: { k: "dg==" } },
  ],
  "create deployment d --image=nginx --replicas=3 -n x -- sleep 5": [
    "azhzAAoVCgdhcHBzL3YxEgpEZXBsb3ltZW50Eq8BChwKAWQSABoBeCIAKgAyADgAQgBaCAoDYXBwEgFkEoABCAMSCgoICgNhcHASAWQaaAoaCgASABoAIgAqADIAOABCAFoICgNhcHASAWQSShIsCgVuZ2lueBIFbmdpbngaBXNsZWVwGgE1KgBCAGoAcgCAAQCIAQCQAQCiAQAaADIAQgBKAFIAWABgAGgAggEAigEAmgEAwgEAIgIKACgAOAAaDAgAEAAYACAAKAA4ABoAIgA=",
    {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name: "d", namespace: "x", labels: { app: "d" } },
      spec: {
        replicas: 3,
        selector: { matchLabels: { app: "d" } },
        template: {
          metadata: { labels: { app: "d" } },
          spec: { containers: [{ name: "nginx", image: "nginx", command: ["sleep", "5"] }] },
        },
      },
    },
  ],
  "create clusterrole agg --aggregation-rule=a=b": [
    "azhzAAorChxyYmFjLmF1dGhvcml6YXRpb24uazhzLmlvL3YxEgtDbHVzdGVyUm9sZRIhChMKA2FnZxIAGgAiACoAMgA4AEIAGgoKCAoGCgFhEgFiGgAiAA==",
    {
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "ClusterRole",
      metadata: { name: "agg" },
      aggregationRule: { clusterRoleSelectors: [{ matchLabels: { a: "b" } }] },
    },
  ],
  "create clusterrole paths --verb=get --non-resource-url=/m": [
    "azhzAAorChxyYmFjLmF1dGhvcml6YXRpb24uazhzLmlvL3YxEgtDbHVzdGVyUm9sZRIiChUKBXBhdGhzEgAaACIAKgAyADgAQgASCQoDZ2V0KgIvbRoAIgA=",
    {
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "ClusterRole",
      metadata: { name: "paths" },
      rules: [{ verbs: ["get"], nonResourceURLs: ["/m"] }],
    },
  ],
  "auth can-i --list -n x": [
    "azhzAAoxChdhdXRob3JpemF0aW9uLms4cy5pby92MRIWU2VsZlN1YmplY3RSdWxlc1JldmlldxIdChAKABIAGgAiACoAMgA4AEIAEgMKAXgaBBgAIgAaACIA",
    {
      apiVersion: "authorization.k8s.io/v1",
      kind: "SelfSubjectRulesReview",
      metadata: {},
      spec: { namespace: "x" },
    },
  ],
};

describe("a body in protobuf", () => {
  for (const [command, [body, object]] of Object.entries(BODIES)) {
    it(`of kubectl ${command} is read`, () => {
      assert.deepEqual(decodeProtobuf(Buffer.from(body, "base64")), object);
    });
  }

  it("of a kind the lab does not know is left alone", () => {
    const widget = Buffer.from("k8s\u0000\n\x0c\n\x02v1\x12\x06Widget", "latin1");
    assert.equal(decodeProtobuf(widget), undefined);
  });

  it("without Kubernetes' envelope is refused", () => {
    assert.throws(() => decodeProtobuf(Buffer.from("{}")), {
      code: 400,
      message: "provided data does not appear to be a protobuf message",
    });
  });
});
