import assert from "node:assert/strict";
import { eksPermissionSetRenewed } from "../../../../doctor/rules/mapping/eks-permission-set-renewed.ts";
import { healthyBundle, without } from "../../support/bundle.ts";
import { confidences, findingsOf, verdicts } from "../../support/credential-case.ts";
import { entry, mappingFault, NEW_SSO, OLD_SSO, policies, SSO_PATH } from "../../support/mapping-faults.ts";

const FAULT = mappingFault("E4");
const oldArn = `${SSO_PATH}/${OLD_SSO}`;
const place = (name: string) => `--cluster-name lab --region eu-west-1 --principal-arn ${SSO_PATH}/${name}`;

describe("eks-permission-set-renewed", () => {
  it("creates an entry for the new role under the old one's path, then deletes the old", () => {
    assert.deepEqual(verdicts(eksPermissionSetRenewed, FAULT), [
      {
        cause: "E4",
        stage: "mapping",
        severity: "error",
        confidence: "certain",
        commands: [
          `aws eks create-access-entry ${place(NEW_SSO)}`,
          `aws eks associate-access-policy ${place(NEW_SSO)} --policy-arn arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy --access-scope type=cluster`,
          `aws eks delete-access-entry ${place(OLD_SSO)}`,
        ],
      },
    ]);
  });

  it("carries the old one's groups and policies over", () => {
    const edit = {
      policyArn: "arn:aws:eks::aws:cluster-access-policy/AmazonEKSEditPolicy",
      accessScope: { type: "namespace", namespaces: ["web", "api"] },
    };
    const bundle = {
      ...FAULT,
      ...entry({ principalArn: oldArn, kubernetesGroups: ["devs"] }),
      ...policies([edit], oldArn),
    };
    assert.deepEqual(verdicts(eksPermissionSetRenewed, bundle)?.[0]?.commands, [
      `aws eks create-access-entry ${place(NEW_SSO)} --kubernetes-groups devs`,
      `aws eks associate-access-policy ${place(NEW_SSO)} --policy-arn ${edit.policyArn} --access-scope type=namespace,namespaces=web,api`,
      `aws eks delete-access-entry ${place(OLD_SSO)}`,
    ]);
  });

  it("is less sure when aws-auth cannot be read", () => {
    assert.deepEqual(confidences(eksPermissionSetRenewed, without(FAULT, "awsAuth")), ["E4 likely"]);
  });

  for (const [when, bundle] of Object.entries({
    "everything works": healthyBundle(),
    "the new role has an entry too": {
      ...FAULT,
      accessEntries: { accessEntries: [oldArn, `${SSO_PATH}/${NEW_SSO}`] },
    },
    "the set's role is another account's": {
      ...FAULT,
      accessEntries: { accessEntries: [oldArn.replace(/\d{12}/, "999988887777")] },
    },
    "it is another set": {
      ...FAULT,
      accessEntries: { accessEntries: [oldArn.replace("Developers", "Admins")] },
    },
    "no entry resembles it (E1)": mappingFault("E1"),
  })) {
    it(`is silent when ${when}`, () => {
      assert.deepEqual(findingsOf(eksPermissionSetRenewed, bundle), []);
    });
  }
});
