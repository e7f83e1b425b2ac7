import assert from "node:assert/strict";
import { parseAllDocuments } from "yaml";
import { diagnose } from "../../../doctor/diagnose.ts";
import { deriveFacts } from "../../../doctor/facts/derive.ts";
import { FIX_FORMATS } from "../../../doctor/fixes/fix-format.ts";
import { formatMends } from "../../../doctor/mend/format.ts";
import type { Mend } from "../../../doctor/rule.ts";
import { RULES } from "../../../doctor/rules/index.ts";
import { ACCOUNT, ROLE_ARN } from "../support/bundle.ts";
import { FAULTS } from "../support/faults.ts";

const PLACE = ["--cluster-name", "lab", "--region", "eu-west-1", "--principal-arn", ROLE_ARN];
const VIEW = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy";
const ASSOCIATE = ["aws", "eks", "associate-access-policy", ...PLACE, "--policy-arn", VIEW, "--access-scope"];
const BIND = [
  "kubectl",
  "-n",
  "web",
  "create",
  "rolebinding",
  "vouch-view",
  "--clusterrole=view",
  "--group=devs",
];

const NEW_ENTRY: Mend = {
  by: "an administrator of the cluster",
  does: "Make the entry anew.",
  commands: [
    [
      "aws",
      "eks",
      "update-cluster-config",
      "--name",
      "lab",
      "--region",
      "eu-west-1",
      "--access-config",
      "authenticationMode=API_AND_CONFIG_MAP",
    ],
    ["aws", "eks", "delete-access-entry", ...PLACE],
    [
      "aws",
      "eks",
      "create-access-entry",
      ...PLACE,
      "--kubernetes-groups",
      "devs",
      "ops",
      "--username",
      "dev:{{SessionName}}",
    ],
    [...ASSOCIATE, "type=namespace,namespaces=web,team-*"],
  ],
};
const POLICY: Mend = {
  by: "an administrator of the cluster",
  does: "Associate it.",
  commands: [[...ASSOCIATE, "type=cluster"]],
};
const BINDING: Mend = { by: "an administrator of the cluster", does: "Bind it.", commands: [BIND] };
const LOCAL: Mend = { by: "you", does: "Log in.", commands: [["aws", "sso", "login"]] };

describe("mends as eksctl does them", () => {
  it("are a file for a new entry with its policies, and eksctl's own commands around it", () => {
    const [mend] = formatMends([NEW_ENTRY], "eksctl");
    assert.deepEqual(mend?.commands, [
      [
        "eksctl",
        "utils",
        "update-authentication-mode",
        "--cluster",
        "lab",
        "--region",
        "eu-west-1",
        "--authentication-mode",
        "API_AND_CONFIG_MAP",
      ],
      [
        "eksctl",
        "delete",
        "accessentry",
        "--cluster",
        "lab",
        "--region",
        "eu-west-1",
        "--principal-arn",
        ROLE_ARN,
      ],
      ["eksctl", "create", "accessentry", "-f", "accessentry.yaml"],
    ]);
    assert.deepEqual(
      parseAllDocuments(mend?.text ?? "").map((document) => document.toJS()),
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
    assert.deepEqual(formatMends([POLICY], "eksctl"), [
      { ...POLICY, does: "Associate it. (There is no command of eksctl for it.)" },
    ]);
  });
});

describe("mends as Terraform does them", () => {
  it("are resources that depend on each other, and commands for the rest", () => {
    const [mend] = formatMends([NEW_ENTRY], "terraform");
    assert.deepEqual(
      mend?.commands?.map((words) => words.slice(0, 3).join(" ")),
      ["aws eks update-cluster-config", "aws eks delete-access-entry", "terraform apply"],
    );
    assert.equal(
      mend?.text,
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
    const [mend] = formatMends([BINDING], "terraform");
    assert.equal(
      mend?.text,
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
    const arn = `arn:aws:iam::${ACCOUNT}:role/x`;
    const commands = [
      [
        "aws",
        "eks",
        "create-access-entry",
        "--cluster-name",
        "lab",
        "--principal-arn",
        arn,
        "--username",
        ["a$", '{b}"%{c}'].join(""),
      ],
    ];
    const [mend] = formatMends([{ ...NEW_ENTRY, commands }], "terraform");
    assert.match(mend?.text ?? "", /user_name = "a\$\$\{b\}\\"%%\{c\}"/);
  });
});

describe("mends as manifests", () => {
  it("are an AccessEntry of AWS's controller for a new entry", () => {
    const [mend] = formatMends([NEW_ENTRY], "manifest");
    assert.deepEqual(mend?.commands?.at(-1), ["kubectl", "apply", "-f", "access.yaml"]);
    assert.deepEqual(
      parseAllDocuments(mend?.text ?? "").map((document) => document.toJS()),
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

  it("are a RoleBinding for a binding, and the manifest that a mend already has", () => {
    const [binding] = formatMends([BINDING], "manifest");
    assert.deepEqual(
      parseAllDocuments(binding?.text ?? "").map((document) => document.toJS()),
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
    const own: Mend = { ...BINDING, text: "kind: Role\n", commands: [["kubectl", "apply", "-f", "x.yaml"]] };
    assert.deepEqual(formatMends([own], "manifest"), [own]);
  });
});

describe("mends of all rules, in every format", () => {
  it("put those first that the tool can do, and lose none", () => {
    assert.deepEqual(formatMends([LOCAL, BINDING, POLICY], "kubectl"), [BINDING, LOCAL, POLICY]);
    assert.deepEqual(
      formatMends([LOCAL, POLICY, BINDING], "manifest").map(({ does }) => does),
      ["Bind it.", "Log in.", "Associate it. (There is no manifest for it.)"],
    );
  });

  for (const format of FIX_FORMATS) {
    it(`keep everybody's mends and placeholders as ${format}`, () => {
      for (const { row, bundle } of FAULTS) {
        for (const { mends } of diagnose(RULES, deriveFacts(bundle)).rootCauses) {
          const formatted = formatMends(mends, format);
          assert.equal(formatted.length, mends.length, row);
          assert.doesNotMatch(JSON.stringify(formatted), /undefined|\[object/, row);
        }
      }
    });
  }
});
