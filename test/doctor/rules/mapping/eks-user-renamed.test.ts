import assert from "node:assert/strict";
import { eksUserRenamed } from "../../../../doctor/rules/mapping/eks-user-renamed.ts";
import { ACCOUNT, healthyBundle } from "../../support/bundle.ts";
import { findingsOf, unauthorized, verdicts } from "../../support/credential-case.ts";
import {
  mappingFault,
  mode,
  NO_ENTRY,
  policies,
  USER_ARN,
  USER_CALLER,
} from "../../support/mapping-faults.ts";

const FAULT = mappingFault("E12");
const OLD_ARN = `arn:aws:iam::${ACCOUNT}:user/ada`;
const listed = (arn: string) =>
  unauthorized({ ...USER_CALLER, ...NO_ENTRY, accessEntries: { accessEntries: [arn] } });

describe("eks-user-renamed", () => {
  it("recreates the entry for a user who moved to another path", () => {
    const place = "--cluster-name lab --region eu-west-1 --principal-arn";
    const known = {
      ...FAULT,
      accessEntryDetails: [
        { accessEntry: { principalArn: OLD_ARN, kubernetesGroups: ["devs"], username: OLD_ARN } },
      ],
      ...policies([], OLD_ARN),
    };
    assert.deepEqual(verdicts(eksUserRenamed, known), [
      {
        cause: "E12",
        stage: "mapping",
        severity: "error",
        confidence: "likely",
        commands: [
          `aws eks delete-access-entry ${place} ${OLD_ARN}`,
          `aws eks create-access-entry ${place} ${USER_ARN} --kubernetes-groups devs`,
        ],
      },
    ]);
  });

  it("is only possible when the names are similar", () => {
    const bundle = listed(`arn:aws:iam::${ACCOUNT}:user/ada.lovelace`);
    assert.deepEqual(
      findingsOf(eksUserRenamed, bundle)?.map(({ confidence, inferred }) => [confidence, inferred]),
      [["possible", true]],
    );
  });

  for (const [when, bundle] of Object.entries({
    "everything works": healthyBundle(),
    "the user has an entry": listed(USER_ARN),
    "the names have nothing in common (E1)": listed(`arn:aws:iam::${ACCOUNT}:user/grace`),
    "it is another account's user": listed("arn:aws:iam::999988887777:user/ada.lovelace"),
    "the caller is a role": mappingFault("E1"),
    "the cluster does not read entries": { ...FAULT, ...mode("CONFIG_MAP") },
  })) {
    it(`is silent when ${when}`, () => {
      assert.deepEqual(findingsOf(eksUserRenamed, bundle), []);
    });
  }
});
