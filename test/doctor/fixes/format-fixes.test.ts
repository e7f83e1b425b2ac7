import assert from "node:assert/strict";
import { parseAllDocuments } from "yaml";
import { RULES } from "../../../doctor/causes/index.ts";
import { diagnose } from "../../../doctor/check/diagnose.ts";
import { deriveFacts } from "../../../doctor/derive/derive.ts";
import {
  accessPolicyArn,
  associatePolicy,
  CLUSTER_SCOPE,
  createEntry,
  deleteEntry,
  setMode,
} from "../../../doctor/fixes/access-entry-actions.ts";
import { type AccessScope, documentOf, type Fix } from "../../../doctor/fixes/fix.ts";
import { FIX_FORMATS, type FixFormat } from "../../../doctor/fixes/fix-format.ts";
import { formatFixes } from "../../../doctor/fixes/format-fixes.ts";
import { createBinding } from "../../../doctor/fixes/rbac-actions.ts";
import { type RenderedFix, renderFix } from "../../../doctor/fixes/render-fix.ts";
import { aws, kubectl } from "../../../token/command/command.ts";
import { ROLE_ARN } from "../support/bundle.ts";
import { FAULTS } from "../support/faults.ts";

const TARGET = { cluster: "lab", region: "eu-west-1", partition: "aws" };
const VIEW = accessPolicyArn(TARGET, "AmazonEKSViewPolicy");
const associate = (accessScope: AccessScope) =>
  associatePolicy(TARGET, ROLE_ARN, { policyArn: VIEW, accessScope });

const NEW_ENTRY: Fix = {
  audience: "cluster-admin",
  description: "Recreate the entry.",
  actions: [
    setMode(TARGET, "API_AND_CONFIG_MAP"),
    deleteEntry(TARGET, ROLE_ARN),
    createEntry(TARGET, ROLE_ARN, { kubernetesGroups: ["devs", "ops"], username: "dev:{{SessionName}}" }),
    associate({ type: "namespace", namespaces: ["web", "team-*"] }),
  ],
};
const POLICY: Fix = {
  audience: "cluster-admin",
  description: "Associate it.",
  actions: [associate(CLUSTER_SCOPE)],
};
const BINDING: Fix = {
  audience: "cluster-admin",
  description: "Bind it.",
  actions: [
    createBinding({
      name: "vouch-view",
      role: { kind: "ClusterRole", name: "view" },
      subject: { kind: "Group", name: "devs" },
      namespace: "web",
    }),
  ],
};
const LOCAL: Fix = { audience: "you", description: "Log in.", actions: [aws("sso login")] };

/** The first fix, as it is printed in a format. */
function first(fix: Fix, format: FixFormat): RenderedFix {
  const [formatted] = formatFixes([fix], format);
  assert.ok(formatted);
  return renderFix(formatted, { shell: "bash" });
}

describe("fixes as eksctl does them", () => {
  it("are a file for a new entry with its policies, and eksctl's own commands around it", () => {
    const fix = first(NEW_ENTRY, "eksctl");
    assert.deepEqual(fix.commands, [
      "eksctl utils update-authentication-mode --cluster lab --region eu-west-1 --authentication-mode API_AND_CONFIG_MAP",
      "aws eks wait cluster-active --name lab --region eu-west-1",
      `eksctl delete accessentry --cluster lab --region eu-west-1 --principal-arn ${ROLE_ARN}`,
      "eksctl create accessentry -f accessentry.yaml",
    ]);
    assert.deepEqual(
      parseAllDocuments(fix.text ?? "").map((document) => document.toJS()),
      [
        {
          apiVersion: "eksctl.io/v1alpha5",
          kind: "ClusterConfig",
          metadata: { name: "lab", region: "eu-west-1" },
          accessConfig: {
            accessEntries: [
              {
                principalARN: ROLE_ARN,
                kubernetesGroups: ["devs", "ops"],
                kubernetesUsername: "dev:{{SessionName}}",
                accessPolicies: [
                  { policyARN: VIEW, accessScope: { type: "namespace", namespaces: ["web", "team-*"] } },
                ],
              },
            ],
          },
        },
      ],
    );
  });

  it("stay as they are, with a word, where eksctl has no command", () => {
    const fix = first(POLICY, "eksctl");
    assert.deepEqual(
      [fix.description, fix.commands],
      ["Associate it. (Not available as an eksctl command.)", renderFix(POLICY, { shell: "bash" }).commands],
    );
  });
});

describe("fixes as Terraform does them", () => {
  it("are resources that depend on each other, and commands for the rest", () => {
    const fix = first(NEW_ENTRY, "terraform");
    assert.deepEqual(
      fix.commands.map((line) => line.split(" ").slice(0, 3).join(" ")),
      ["aws eks update-cluster-config", "aws eks wait", "aws eks delete-access-entry", "terraform apply"],
    );
    assert.equal(
      fix.text,
      `resource "aws_eks_access_entry" "dev" {
  cluster_name = "lab"
  principal_arn = "${ROLE_ARN}"
  kubernetes_groups = ["devs", "ops"]
  user_name = "dev:{{SessionName}}"
}

resource "aws_eks_access_policy_association" "dev_amazoneksviewpolicy" {
  cluster_name = "lab"
  principal_arn = aws_eks_access_entry.dev.principal_arn
  policy_arn = "${VIEW}"
  access_scope {
    type = "namespace"
    namespaces = ["web", "team-*"]
  }
}
`,
    );
  });

  it("are a binding for a binding", () => {
    const fix = first(BINDING, "terraform");
    assert.equal(
      fix.text,
      `resource "kubernetes_role_binding_v1" "vouch_view" {
  metadata {
    name = "vouch-view"
    namespace = "web"
  }
  role_ref {
    api_group = "rbac.authorization.k8s.io"
    kind = "ClusterRole"
    name = "view"
  }
  subject {
    api_group = "rbac.authorization.k8s.io"
    kind = "Group"
    name = "devs"
  }
}
`,
    );
  });

  it("begin no template that a name did not mean", () => {
    const username = ["a$", '{b}"%{c}'].join("");
    const fix = first({ ...NEW_ENTRY, actions: [createEntry(TARGET, ROLE_ARN, { username })] }, "terraform");
    assert.match(fix.text ?? "", /user_name = "a\$\$\{b\}\\"%%\{c\}"/);
  });
});

describe("fixes as manifests", () => {
  it("are an AccessEntry of AWS's controller for a new entry", () => {
    const fix = first(NEW_ENTRY, "manifest");
    assert.equal(fix.commands.at(-1), "kubectl apply -f access.yaml");
    assert.deepEqual(
      parseAllDocuments(fix.text ?? "").map((document) => document.toJS()),
      [
        {
          apiVersion: "eks.services.k8s.aws/v1alpha1",
          kind: "AccessEntry",
          metadata: { name: "dev" },
          spec: {
            clusterName: "lab",
            principalARN: ROLE_ARN,
            kubernetesGroups: ["devs", "ops"],
            username: "dev:{{SessionName}}",
            accessPolicies: [
              { policyARN: VIEW, accessScope: { type: "namespace", namespaces: ["web", "team-*"] } },
            ],
          },
        },
      ],
    );
  });

  it("are a RoleBinding for a binding, and the manifest that a fix already has", () => {
    const binding = first(BINDING, "manifest");
    assert.deepEqual(
      parseAllDocuments(binding.text ?? "").map((document) => document.toJS()),
      [
        {
          apiVersion: "rbac.authorization.k8s.io/v1",
          kind: "RoleBinding",
          metadata: { name: "vouch-view", namespace: "web" },
          roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "view" },
          subjects: [{ apiGroup: "rbac.authorization.k8s.io", kind: "Group", name: "devs" }],
        },
      ],
    );
    const own: Fix = {
      ...BINDING,
      actions: [kubectl("apply", { f: "x.yaml" }), documentOf("kind: Role\n")],
    };
    assert.deepEqual(formatFixes([own], "manifest"), [own]);
  });
});

describe("fixes of all rules, in every format", () => {
  it("put those first that the tool can do, and lose none", () => {
    assert.deepEqual(formatFixes([LOCAL, BINDING, POLICY], "kubectl"), [BINDING, LOCAL, POLICY]);
    assert.deepEqual(
      formatFixes([LOCAL, POLICY, BINDING], "manifest").map(({ description }) => description),
      ["Bind it.", "Log in.", "Associate it. (Not available as a manifest.)"],
    );
  });

  for (const format of FIX_FORMATS) {
    it(`keep everybody's fixes and placeholders as ${format}`, () => {
      for (const { row, bundle } of FAULTS) {
        for (const { fixes } of diagnose(RULES, deriveFacts(bundle)).rootCauses) {
          const formatted = formatFixes(fixes, format);
          assert.equal(formatted.length, fixes.length, row);
          assert.doesNotMatch(JSON.stringify(formatted), /undefined|\[object/, row);
        }
      }
    });
  }
});
