import assert from "node:assert/strict";
import { defaultRbac } from "../../lab/kube/authorization/default-rbac.ts";
import { entryFor, type KubeLab, startKubeLab } from "./support/kube-lab.ts";

/**
 * What is asked by user `U`, who may nothing, the message and the details of the answer.
 * Source: doctor/EKS-ACCESS.md, "Words of 403".
 */
const REFUSED: Readonly<Record<string, readonly [string, string, Readonly<Record<string, string>>]>> = {
  "listing in a namespace": [
    "GET /api/v1/namespaces/default/pods",
    'pods is forbidden: User "U" cannot list resource "pods" in API group "" in the namespace "default"',
    { kind: "pods" },
  ],
  "getting one": [
    "GET /api/v1/namespaces/x/pods/a",
    'pods "a" is forbidden: User "U" cannot get resource "pods" in API group "" in the namespace "x"',
    { name: "a", kind: "pods" },
  ],
  "listing in all namespaces": [
    "GET /api/v1/pods",
    'pods is forbidden: User "U" cannot list resource "pods" in API group "" at the cluster scope',
    { kind: "pods" },
  ],
  "listing nodes": [
    "GET /api/v1/nodes",
    'nodes is forbidden: User "U" cannot list resource "nodes" in API group "" at the cluster scope',
    { kind: "nodes" },
  ],
  "listing in a group": [
    "GET /apis/apps/v1/namespaces/default/deployments",
    'deployments.apps is forbidden: User "U" cannot list resource "deployments" in API group "apps" in the namespace "default"',
    { group: "apps", kind: "deployments" },
  ],
  "reading logs": [
    "GET /api/v1/namespaces/default/pods/p/log",
    'pods "p" is forbidden: User "U" cannot get resource "pods/log" in API group "" in the namespace "default"',
    { name: "p", kind: "pods" },
  ],
  exec: [
    "POST /api/v1/namespaces/x/pods/p/exec?command=ls",
    'pods "p" is forbidden: User "U" cannot create resource "pods/exec" in API group "" in the namespace "x"',
    { name: "p", kind: "pods" },
  ],
  scaling: [
    "PATCH /apis/apps/v1/namespaces/x/deployments/d/scale",
    'deployments.apps "d" is forbidden: User "U" cannot patch resource "deployments/scale" in API group "apps" in the namespace "x"',
    { name: "d", group: "apps", kind: "deployments" },
  ],
  "creating a token": [
    "POST /api/v1/namespaces/x/serviceaccounts/default/token",
    'serviceaccounts "default" is forbidden: User "U" cannot create resource "serviceaccounts/token" in API group "" in the namespace "x"',
    { name: "default", kind: "serviceaccounts" },
  ],
  creating: [
    "POST /api/v1/namespaces/x/configmaps",
    'configmaps is forbidden: User "U" cannot create resource "configmaps" in API group "" in the namespace "x"',
    { kind: "configmaps" },
  ],
  "deleting a namespace, which is in itself": [
    "DELETE /api/v1/namespaces/x",
    'namespaces "x" is forbidden: User "U" cannot delete resource "namespaces" in API group "" in the namespace "x"',
    { name: "x", kind: "namespaces" },
  ],
  "creating a namespace": [
    "POST /api/v1/namespaces",
    'namespaces is forbidden: User "U" cannot create resource "namespaces" in API group "" at the cluster scope',
    { kind: "namespaces" },
  ],
  "a path that is no object": ["GET /metrics", 'forbidden: User "U" cannot get path "/metrics"', {}],
  "a kind that does not exist, without saying so": [
    "GET /apis/example.com/v1/namespaces/x/widgets",
    'widgets.example.com is forbidden: User "U" cannot list resource "widgets" in API group "example.com" in the namespace "x"',
    { group: "example.com", kind: "widgets" },
  ],
};

describe("a request that is forbidden", () => {
  let lab: KubeLab;
  let token: string;

  before(async () => {
    lab = await startKubeLab({ accessEntries: new Map([["u", entryFor("role/u", { username: "U" })]]) });
    token = lab.token(lab.person("role/u"));
  });
  afterEach(() => {
    lab.cluster.bindings = defaultRbac().bindings;
    lab.kube.faults.policiesDown = false;
  });
  after(() => lab.close());

  for (const [name, [asked, message, details]] of Object.entries(REFUSED)) {
    it(`says so for ${name}`, async () => {
      const [method = "", path = ""] = asked.split(" ");
      const { status, body } = await lab.call(token, path, { method });
      assert.deepEqual(
        { status, body },
        {
          status: 403,
          body: {
            kind: "Status",
            apiVersion: "v1",
            metadata: {},
            status: "Failure",
            message,
            reason: "Forbidden",
            details,
            code: 403,
          },
        },
      );
    });
  }

  it("names a bound role that does not exist", async () => {
    const roleRef = { kind: "ClusterRole", name: "does-not-exist" } as const;
    lab.cluster.bindings = [{ name: "b", roleRef, subjects: [{ kind: "User", name: "U" }] }];
    const { body } = await lab.call(token, "/api/v1/nodes");
    assert.equal(
      (body as { message: string }).message,
      'nodes is forbidden: User "U" cannot list resource "nodes" in API group "" at the cluster scope: RBAC: clusterrole.rbac.authorization.k8s.io "does-not-exist" not found',
    );
  });

  it("says nobody's name for an aws-auth entry without username", async () => {
    lab.cluster.awsAuth = { mapRoles: "- rolearn: arn:aws:iam::111122223333:role/nameless\n" };
    const { body } = await lab.call(
      lab.token(lab.person("role/nameless")),
      "/api/v1/namespaces/default/pods",
    );
    assert.equal(
      (body as { message: string }).message,
      'pods is forbidden: User "" cannot list resource "pods" in API group "" in the namespace "default"',
    );
  });

  it("becomes an internal error while the policy engine is down", async () => {
    lab.kube.faults.policiesDown = true;
    const { status, contentType, body } = await lab.call(token, "/api/v1/namespaces/x/pods?limit=500");
    assert.deepEqual(
      { status, contentType, body },
      {
        status: 500,
        contentType: "text/plain; charset=utf-8",
        body: 'Internal Server Error: "/api/v1/namespaces/x/pods?limit=500": Post "https://127.0.0.1:18444/authorize?timeout=3s": dial tcp 127.0.0.1:18444: connect: connection refused\n',
      },
    );
  });

  it("does not become one where RBAC allows", async () => {
    lab.kube.faults.policiesDown = true;
    assert.equal((await lab.call(token, "/version")).status, 200);
  });
});
