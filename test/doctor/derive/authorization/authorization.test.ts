import assert from "node:assert/strict";
import { authorize } from "../../../../doctor/derive/authorization/authorization.ts";
import { deriveFacts } from "../../../../doctor/derive/derive.ts";
import type { AccessRequest, DoctorEvidence, RbacObjectJson } from "../../../../doctor/evidence/evidence.ts";
import { binding, LIST_PODS, policy, refused, role } from "../../support/authorization-faults.ts";
import { AWS_AUTH_FAULTS } from "../../support/aws-auth-faults.ts";
import { healthyBundle, ROLE_ARN, USERNAME, without } from "../../support/bundle.ts";

/** What is computed where nobody asked the API server. */
function judged(changes: Partial<DoctorEvidence>, attempt: AccessRequest = LIST_PODS) {
  const unasked = { failed: "offline" };
  const evidence = healthyBundle({
    question: { attempt },
    apiServer: unasked,
    selfSubjectReview: unasked,
    accessReviews: unasked,
    ...changes,
  });
  const { mapping } = deriveFacts(evidence);
  return authorize({ evidence, attempt, mapping, symptom: undefined });
}

function withPolicies(...associatedAccessPolicies: ReturnType<typeof policy>[]): Partial<DoctorEvidence> {
  return { associatedPolicies: [{ principalArn: ROLE_ARN, associatedAccessPolicies }] };
}

/** An entry with the group `devs`, no policy, and these RBAC objects. */
function withRbac(...items: readonly RbacObjectJson[]): Partial<DoctorEvidence> {
  const { accessEntryDetails = { failed: "" } } = refused({ attempt: LIST_PODS, groups: ["devs"] });
  return { accessEntryDetails, ...withPolicies(), rbac: { items } };
}

describe("authorize, by access policies", () => {
  it("adds policies up and names what allows", () => {
    const found = judged(withPolicies(policy("SecretReader", "web"), policy("View", "team-*", "web")));
    assert.deepEqual(
      [found?.decision, found?.allowedBy, found?.policies],
      [
        "allowed",
        ["AmazonEKSViewPolicy on namespaces team-*, web"],
        [
          { name: "AmazonEKSSecretReaderPolicy", scope: ["web"], lacks: "resource" },
          { name: "AmazonEKSViewPolicy", scope: ["team-*", "web"], lacks: "nothing" },
        ],
      ],
    );
  });

  for (const [name, scope, attempt, lacks] of [
    ["View", ["web"], { namespace: "ops" }, "scope"],
    ["View", ["dev-*"], { namespace: "dev" }, "scope"],
    ["View", ["dev-*"], { namespace: "dev-a" }, "nothing"],
    ["View", ["*"], { namespace: "ops" }, "nothing"],
    ["View", ["web"], { verb: "delete" }, "verb"],
    ["View", ["web"], { resource: "secrets" }, "resource"],
    ["View", [], { namespace: undefined }, "nothing"],
    ["View", ["web"], { namespace: undefined }, "cluster-scope"],
    ["ClusterAdmin", ["*"], { resource: "nodes", namespace: undefined }, "cluster-scope"],
    ["ClusterAdmin", ["web"], { group: "cert-manager.io", resource: "issuers" }, "nothing"],
    ["View", ["web"], { resource: "namespaces", verb: "get", name: "web" }, "nothing"],
    ["Edit", ["web"], { subresource: "exec", verb: "create" }, "nothing"],
    ["AdminView", [], { subresource: "exec", verb: "create" }, "verb"],
    ["ACK", [], {}, "unknown"],
  ] as const) {
    it(`${name} on ${scope.join(", ") || "the cluster"} lacks ${lacks} for ${JSON.stringify(attempt)}`, () => {
      const { namespace, ...rest } = { ...LIST_PODS, ...attempt };
      const asked = namespace === undefined ? rest : { ...rest, namespace };
      assert.equal(judged(withPolicies(policy(name, ...scope)), asked)?.policies?.[0]?.lacks, lacks);
    });
  }

  it("grants paths to the whole cluster only", () => {
    const path = { verb: "get", path: "/metrics" };
    assert.equal(judged(withPolicies(policy("ClusterAdmin")), path)?.decision, "allowed");
    assert.equal(judged(withPolicies(policy("ClusterAdmin", "*")), path)?.decision, "denied");
  });

  it("is unknown with a policy whose contents nobody knows, or when the policies are not known", () => {
    assert.equal(judged(withPolicies(policy("ACK")))?.decision, "unknown");
    assert.equal(judged({ associatedPolicies: { failed: "denied" } })?.decision, "unknown");
    assert.equal(judged({ associatedPolicies: [] })?.decision, "unknown");
  });

  it("does not count policies for whom aws-auth maps", () => {
    const { attempt, authorization } = deriveFacts(AWS_AUTH_FAULTS.A6);
    assert.deepEqual([attempt, authorization?.policies], [LIST_PODS, []]);
  });
});

describe("authorize, by RBAC", () => {
  const GROUP = "Group devs";
  const pods = (...verbs: readonly string[]) => [{ verbs, apiGroups: [""], resources: ["pods"] }];

  for (const [what, items, attempt, decision] of [
    [
      "a ClusterRoleBinding",
      [role("r", pods("list")), binding(GROUP, { to: "ClusterRole r" })],
      {},
      "allowed",
    ],
    [
      "a RoleBinding here",
      [role("r", pods("list")), binding(GROUP, { to: "ClusterRole r", namespace: "web" })],
      {},
      "allowed",
    ],
    [
      "a RoleBinding elsewhere",
      [role("r", pods("list")), binding(GROUP, { to: "ClusterRole r", namespace: "ops" })],
      {},
      "denied",
    ],
    [
      "a Role here",
      [role("r", pods("*"), "web"), binding(GROUP, { to: "Role r", namespace: "web" })],
      {},
      "allowed",
    ],
    [
      "a Role of another namespace",
      [role("r", pods("*"), "ops"), binding(GROUP, { to: "Role r", namespace: "web" })],
      {},
      "denied",
    ],
    [
      "the username",
      [role("r", pods("list")), binding(`User ${USERNAME}`, { to: "ClusterRole r" })],
      {},
      "allowed",
    ],
    [
      "all who log in",
      [role("r", pods("list")), binding("Group system:authenticated", { to: "ClusterRole r" })],
      {},
      "allowed",
    ],
    ["another group", [role("r", pods("list")), binding("Group ops", { to: "ClusterRole r" })], {}, "denied"],
    ["a role that is missing", [binding(GROUP, { to: "ClusterRole r" })], {}, "denied"],
    ["a built-in role that the evidence leaves out", [binding(GROUP)], {}, "allowed"],
    [
      "pods for pods/log",
      [role("r", pods("*")), binding(GROUP, { to: "ClusterRole r" })],
      { verb: "get", subresource: "log" },
      "denied",
    ],
    [
      "everything for pods/log",
      [
        role("r", [{ verbs: ["get"], apiGroups: ["*"], resources: ["*"] }]),
        binding(GROUP, { to: "ClusterRole r" }),
      ],
      { verb: "get", subresource: "log" },
      "allowed",
    ],
    [
      "*/scale",
      [
        role("r", [{ verbs: ["patch"], apiGroups: ["apps"], resources: ["*/scale"] }]),
        binding(GROUP, { to: "ClusterRole r" }),
      ],
      { verb: "patch", group: "apps", resource: "deployments", subresource: "scale" },
      "allowed",
    ],
    [
      "the wrong API group",
      [
        role("r", [{ verbs: ["*"], apiGroups: [""], resources: ["deployments"] }]),
        binding(GROUP, { to: "ClusterRole r" }),
      ],
      { group: "apps", resource: "deployments" },
      "denied",
    ],
  ] as const) {
    it(`judges ${what}: ${decision}`, () => {
      assert.equal(judged(withRbac(...items), { ...LIST_PODS, ...attempt })?.decision, decision);
    });
  }

  for (const [name, decision] of [
    ["web-0", "allowed"],
    ["web-1", "denied"],
    [undefined, "denied"],
  ] as const) {
    it(`grants the names of a rule only: ${name ?? "none"}`, () => {
      const rules = [{ verbs: ["get"], apiGroups: [""], resources: ["pods"], resourceNames: ["web-0"] }];
      const attempt = { ...LIST_PODS, verb: "get", ...(name === undefined ? {} : { name }) };
      const items = [role("r", rules), binding(GROUP, { to: "ClusterRole r" })];
      assert.equal(judged(withRbac(...items), attempt)?.decision, decision);
    });
  }

  for (const [url, path, namespace, decision] of [
    ["/metrics", "/metrics", undefined, "allowed"],
    ["/logs/*", "/logs/kubelet", undefined, "allowed"],
    ["/logs/*", "/logs", undefined, "denied"],
    ["*", "/metrics", undefined, "allowed"],
    ["/metrics", "/metrics", "web", "denied"],
  ] as const) {
    it(`judges the path ${path} by ${url}${namespace === undefined ? "" : ` in a RoleBinding`}: ${decision}`, () => {
      const items = [
        role("r", [{ verbs: ["get"], nonResourceURLs: [url] }]),
        binding(GROUP, { to: "ClusterRole r", ...(namespace === undefined ? {} : { namespace }) }),
      ];
      assert.equal(judged(withRbac(...items), { verb: "get", path })?.decision, decision);
    });
  }

  it("collects what is aggregated by labels, through roles that aggregate themselves", () => {
    const label = (to: string) => ({ [`rbac.authorization.k8s.io/aggregate-to-${to}`]: "true" });
    const aggregating = (name: string, from: string, labels = {}): RbacObjectJson => ({
      kind: "ClusterRole",
      metadata: { name, labels },
      aggregationRule: { clusterRoleSelectors: [{ matchLabels: label(from) }] },
      rules: null,
    });
    const leaf: RbacObjectJson = {
      kind: "ClusterRole",
      metadata: { name: "leaf", labels: label("low") },
      rules: pods("list"),
    };
    const items = [
      aggregating("top", "high", label("high")),
      aggregating("middle", "low", label("high")),
      leaf,
      binding(GROUP, { to: "ClusterRole top" }),
    ];
    assert.equal(judged(withRbac(...items))?.decision, "allowed");
    assert.equal(
      judged(withRbac(...items.slice(0, 2), binding(GROUP, { to: "ClusterRole top" })))?.decision,
      "denied",
    );
  });

  it("shows the caller's bindings, and not Kubernetes' own of all who log in", () => {
    const items = [
      role("r", pods("delete")),
      binding(GROUP, { to: "ClusterRole r" }),
      role("basic", []),
      binding("Group system:authenticated", { to: "ClusterRole basic", name: "basic" }),
    ];
    assert.deepEqual(judged(withRbac(...items))?.bindings, [
      {
        binding: "ClusterRoleBinding devs",
        namespace: undefined,
        role: "ClusterRole r",
        subject: "Group devs",
        lacks: "rule",
      },
    ]);
  });

  it("knows the service account behind a username", () => {
    const user = "system:serviceaccount:ci:runner";
    const rbac = [
      {
        ...binding("ServiceAccount runner"),
        subjects: [{ kind: "ServiceAccount", name: "runner", namespace: "ci" }],
      },
    ];
    const evidence = refused({ attempt: LIST_PODS, user, rbac });
    assert.deepEqual(deriveFacts(evidence).authorization?.allowedBy, [
      "ClusterRoleBinding devs to ClusterRole view",
    ]);
  });

  it("takes the pod's own call for its service account's, whatever AWS role the pod has", () => {
    const user = "system:serviceaccount:ci:runner";
    const groups = ["system:serviceaccounts", "system:serviceaccounts:ci", "system:authenticated"];
    const own = refused({
      attempt: LIST_PODS,
      user,
      changes: {
        workload: { kind: "pod", namespace: "ci", serviceAccount: "runner" },
        selfSubjectReview: { status: { userInfo: { username: USERNAME, groups: ["devs"] } } },
      },
    });
    const judge = ({ authorization }: ReturnType<typeof deriveFacts>) => [
      authorization?.username,
      authorization?.groups,
      authorization?.impersonated,
      authorization?.policies,
    ];
    assert.deepEqual(judge(deriveFacts(own)), [user, groups, false, []]);
    assert.deepEqual(judge(deriveFacts(without(own, "selfSubjectReview"))), [user, groups, false, []]);
    const alone = without(own, "selfSubjectReview", "callerIdentity", "workload");
    assert.deepEqual(judge(deriveFacts(alone)), [user, groups, false, []]);
  });

  it("takes another pod's service account for impersonated", () => {
    const user = "system:serviceaccount:ci:runner";
    for (const workload of [
      { kind: "pod", namespace: "ci", serviceAccount: "builder" },
      { kind: "pod", namespace: "ops", serviceAccount: "runner" },
      { kind: "pod" },
    ] as const) {
      const bundle = refused({
        attempt: LIST_PODS,
        user,
        changes: { workload, selfSubjectReview: { status: { userInfo: { username: USERNAME } } } },
      });
      const { authorization } = deriveFacts(bundle);
      assert.deepEqual([authorization?.username, authorization?.impersonated], [USERNAME, true]);
      assert.ok(!authorization?.groups?.includes("system:serviceaccounts"));
    }
  });

  it("concludes nothing from an excerpt of RBAC without a binding of the caller", () => {
    const items = [role("r", pods("delete")), binding(GROUP, { to: "ClusterRole r" })];
    const bindings = (rbac: readonly RbacObjectJson[], excerpts?: "rbac"): readonly unknown[] | undefined =>
      judged({ ...withRbac(...rbac), ...(excerpts && { excerpts: [excerpts] }) })?.bindings;
    assert.equal(bindings([])?.length, 0);
    assert.equal(bindings([], "rbac"), undefined);
    assert.equal(bindings(items, "rbac")?.length, 1);
    // The role itself may have been left out.
    assert.equal(bindings(items.slice(1))?.length, 1);
    assert.equal(bindings(items.slice(1), "rbac"), undefined);
  });

  it("lets system:masters do everything", () => {
    const { accessEntryDetails: _details, ...facts } = AWS_AUTH_FAULTS.A8;
    const selfSubjectReview = {
      status: { userInfo: { username: "Dev:ada-example.com", groups: ["system:masters"] } },
    };
    const found = judged(
      {
        ...without(facts, "question"),
        selfSubjectReview,
        apiServer: { failed: "" },
        accessReviews: { failed: "" },
      },
      { verb: "delete", group: "", resource: "nodes" },
    );
    assert.deepEqual(
      [found?.decision, found?.allowedBy],
      ["allowed", ["Group system:masters", "ClusterRoleBinding cluster-admin to ClusterRole cluster-admin"]],
    );
  });

  it("is unknown when RBAC is not known, and nothing else allows it", () => {
    assert.equal(judged({ ...withRbac(), rbac: { failed: "Forbidden" } })?.decision, "unknown");
  });
});

describe("authorize, by what the API server says", () => {
  const review = (attempt: object, allowed: boolean) => ({
    accessReviews: [{ spec: { resourceAttributes: attempt }, status: { allowed } }],
  });

  it("believes a review more than the tables", () => {
    const found = judged(review(LIST_PODS, false));
    assert.deepEqual([found?.decision, found?.asked, found?.allowedBy.length], ["denied", false, 1]);
    assert.equal(judged({ ...withPolicies(), ...review(LIST_PODS, true) })?.decision, "allowed");
  });

  it("takes a yes for all names or all namespaces for one, and a no for itself alone", () => {
    const one = { ...LIST_PODS, verb: "get", name: "web-0" };
    const { name: _name, ...unnamed } = one;
    const { namespace: _namespace, ...everywhere } = unnamed;
    for (const wider of [unnamed, everywhere]) {
      assert.equal(judged({ ...withPolicies(), ...review(wider, true) }, one)?.asked, true);
      assert.equal(judged({ ...withPolicies(), ...review(wider, false) }, one)?.asked, undefined);
    }
  });

  it("believes the refusal of the very call more than a review after it", () => {
    const bundle = { ...refused({ attempt: LIST_PODS }), ...review(LIST_PODS, true) };
    assert.deepEqual(deriveFacts(bundle).authorization?.decision, "denied");
  });

  it("judges neither policies nor bindings when the refusal names somebody else", () => {
    const seen = { status: { userInfo: { username: USERNAME, groups: ["system:authenticated"] } } };
    const bundle = refused({
      attempt: LIST_PODS,
      associated: [policy("View")],
      user: "bob",
      changes: { selfSubjectReview: seen },
    });
    const { impersonated, policies, bindings } = deriveFacts(bundle).authorization ?? {};
    assert.deepEqual([impersonated, policies, bindings], [true, undefined, undefined]);
  });

  it("has nothing to say without an attempt, or of a caller whom nobody maps", () => {
    assert.equal(deriveFacts(healthyBundle({ question: {} })).authorization, undefined);
    assert.equal(
      deriveFacts({ ...AWS_AUTH_FAULTS.A2, question: { attempt: LIST_PODS, stderr: "Unauthorized" } })
        .authorization,
      undefined,
    );
  });

  it("does not take the caller's answers for somebody else's", () => {
    const question = { principal: "arn:aws:iam::111122223333:role/Ops", attempt: LIST_PODS };
    const found = deriveFacts(healthyBundle({ question })).authorization;
    assert.deepEqual([found?.asked, found?.username], [undefined, undefined]);
  });
});
