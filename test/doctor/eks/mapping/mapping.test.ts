import assert from "node:assert/strict";
import { mappingOf as mappingIn } from "../../../../doctor/eks/mapping/mapping.ts";
import { type Principal, principalOf } from "../../../../doctor/eks/principal/principal.ts";
import type { DoctorEvidence } from "../../../../doctor/evidence/evidence.ts";
import { ACCOUNT, entry, healthyBundle, ROLE_ARN, USERNAME, without } from "../../support/bundle.ts";
import { mode, NO_ENTRY } from "../../support/mapping-faults.ts";

function mappingOf(evidence: DoctorEvidence, principal: Principal | undefined, authenticationMode?: string) {
  return mappingIn({ evidence, principal, authenticationMode });
}

function caller(role: string, session = "gina") {
  return principalOf({
    UserId: `AROAEXAMPLEEXAMPLE123:${session}`,
    Account: ACCOUNT,
    Arn: `arn:aws:sts::${ACCOUNT}:assumed-role/${role}/${session}`,
  });
}
const arn = (role: string) => `arn:aws:iam::${ACCOUNT}:role/${role}`;
const standard = (role: string, username: string, kubernetesGroups: string[]) => ({
  accessEntry: { principalArn: arn(role), username, kubernetesGroups, type: "STANDARD" },
});

/** The roles that doctor/EKS-ACCESS.md, "Caller to Kubernetes user" was measured with. */
const WORLD: Partial<DoctorEvidence> = {
  accessEntries: { accessEntries: [arn("dev"), arn("both")] },
  accessEntryDetails: [
    standard("dev", "arn:aws:sts::{{AccountID}}:assumed-role/dev/{{SessionName}}", ["devs"]),
    standard("both", "from-entry:{{SessionName}}", ["g-entry"]),
  ],
  awsAuth: {
    data: {
      mapRoles: `- rolearn: ${arn("both")}
  username: from-cm:{{SessionName}}
  groups: [g-cm]
- rolearn: ${arn("ops")}
  username: ops:{{SessionName}}
  groups: [system:masters]
`,
    },
  },
  selfSubjectReview: { failed: "not asked" },
};

const MEASURED = {
  "API dev": ["entry", `arn:aws:sts::${ACCOUNT}:assumed-role/dev/gina`, ["devs"]],
  "API ops": ["nobody", undefined, undefined],
  "API both": ["entry", "from-entry:gina", ["g-entry"]],
  "API_AND_CONFIG_MAP dev": ["entry", `arn:aws:sts::${ACCOUNT}:assumed-role/dev/gina`, ["devs"]],
  "API_AND_CONFIG_MAP ops": ["aws-auth", "ops:gina", ["system:masters"]],
  "API_AND_CONFIG_MAP both": ["entry", "from-entry:gina", ["g-entry"]],
  "CONFIG_MAP dev": ["nobody", undefined, undefined],
  "CONFIG_MAP ops": ["aws-auth", "ops:gina", ["system:masters"]],
  "CONFIG_MAP both": ["aws-auth", "from-cm:gina", ["g-cm"]],
} as const;

describe("mappingOf", () => {
  for (const [question, [by, username, groups]] of Object.entries(MEASURED)) {
    it(`agrees with the authenticator: ${question}`, () => {
      const [authenticationMode = "", role = ""] = question.split(" ");
      const found = mappingOf(healthyBundle(WORLD), caller(role), authenticationMode);
      assert.deepEqual([found?.by, found?.username, found?.groups], [by, username, groups]);
    });
  }

  const ada = caller("Dev", "ada@example.com");
  const by = (bundle: DoctorEvidence, authenticationMode?: string) =>
    mappingOf(bundle, ada, authenticationMode)?.by;

  it("knows nothing of a caller who is not known", () => {
    assert.equal(mappingOf(healthyBundle(), undefined, "API"), undefined);
  });

  it("never takes what is not known for nothing", () => {
    assert.equal(by(healthyBundle({ ...NO_ENTRY, accessEntries: { failed: "denied" } }), "API"), "unknown");
    assert.equal(
      by(healthyBundle({ ...NO_ENTRY, awsAuth: { failed: "Unauthorized" } }), "API_AND_CONFIG_MAP"),
      "unknown",
    );
    assert.equal(by(without(healthyBundle(), "awsAuth"), "CONFIG_MAP"), "unknown");
    assert.equal(by(healthyBundle({ ...NO_ENTRY, awsAuth: null }), "API_AND_CONFIG_MAP"), "nobody");
  });

  it("does not need the mode where the answer is the same in all", () => {
    assert.equal(by(healthyBundle()), "entry");
    assert.equal(by(healthyBundle(NO_ENTRY)), "nobody");
    assert.equal(
      by(
        healthyBundle({
          ...NO_ENTRY,
          awsAuth: { data: { mapRoles: `- rolearn: ${ROLE_ARN}\n  username: ada\n` } },
        }),
      ),
      "unknown",
    );
  });

  it("lets a stale entry fall through to aws-auth", () => {
    const role = {
      Role: { Arn: ROLE_ARN, RoleId: "AROAEXAMPLEEXAMPLE123", CreateDate: "2025-12-01T08:00:00Z" },
    };
    const listed = {
      data: { mapRoles: `- rolearn: ${ROLE_ARN}\n  username: "dev:{{SessionName}}"\n  groups: [devs]\n` },
    };
    const bundle = healthyBundle({ role, awsAuth: listed, selfSubjectReview: { failed: "-" } });
    const found = mappingOf(bundle, ada, "API_AND_CONFIG_MAP");
    assert.deepEqual(
      [found?.entryIsStale, found?.by, found?.username, found?.groups],
      [true, "aws-auth", "dev:ada-example.com", ["devs"]],
    );
    assert.equal(by(bundle, "API"), "nobody");
  });

  for (const [what, changes, stale] of [
    ["an older role", {}, false],
    ["another role", { Arn: arn("Ops"), CreateDate: "2025-12-01T08:00:00Z" }, undefined],
    [
      "a role whose session runs under an older id",
      { RoleId: "AROAOTHEROTHEROTHER12", CreateDate: "2025-12-01T08:00:00Z" },
      undefined,
    ],
    ["a role under its path", { Arn: arn("teams/Dev"), CreateDate: "2025-12-01T08:00:00Z" }, true],
  ] as const) {
    it(`judges by dates: ${what}`, () => {
      const role = {
        Role: {
          Arn: ROLE_ARN,
          RoleId: "AROAEXAMPLEEXAMPLE123",
          CreateDate: "2025-05-01T08:00:00Z",
          ...changes,
        },
      };
      assert.equal(mappingOf(healthyBundle({ role }), ada, "API")?.entryIsStale, stale);
    });
  }

  it("does not guess dates, names and groups", () => {
    const bare = healthyBundle({ accessEntryDetails: [], selfSubjectReview: { failed: "-" } });
    const found = mappingOf(bare, ada, "API");
    assert.deepEqual(
      [found?.by, found?.entryIsStale, found?.username, found?.groups],
      ["entry", undefined, undefined, undefined],
    );
    const node = healthyBundle({
      ...entry({ type: "EC2_LINUX", username: "system:node:{{EC2PrivateDNSName}}" }),
      selfSubjectReview: { failed: "-" },
    });
    assert.equal(mappingOf(node, ada, "API")?.username, undefined);
  });

  it("gives the default name of an entry without one", () => {
    const { username: _, ...accessEntry } = standard("Dev", "", []).accessEntry;
    const bundle = healthyBundle({
      accessEntryDetails: [{ accessEntry }],
      selfSubjectReview: { failed: "-" },
    });
    assert.equal(mappingOf(bundle, ada, "API")?.username, USERNAME);
  });

  it("believes what the API server says of the caller, and not of somebody else", () => {
    const review = {
      status: { userInfo: { username: "somebody", groups: ["devs", "system:authenticated"] } },
    };
    const found = mappingOf(healthyBundle({ selfSubjectReview: review }), ada, "API");
    assert.deepEqual([found?.username, found?.groups], ["somebody", ["devs"]]);
    const other = mappingOf(
      healthyBundle({ selfSubjectReview: review, question: { principal: ROLE_ARN } }),
      ada,
      "API",
    );
    assert.deepEqual([other?.username, other?.groups], [USERNAME, []]);
  });

  it("says whether the entries are known", () => {
    assert.equal(mappingOf(healthyBundle(mode("API")), ada, "API")?.entriesKnown, true);
    const denied = healthyBundle({
      accessEntries: { failed: "denied" },
      accessEntryDetails: { failed: "denied" },
    });
    assert.equal(mappingOf(denied, ada, "API")?.entriesKnown, false);
  });
});
