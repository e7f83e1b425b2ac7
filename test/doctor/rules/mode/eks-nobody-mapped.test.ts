import assert from "node:assert/strict";
import { eksNobodyMapped } from "../../../../doctor/rules/mode/eks-nobody-mapped.ts";
import { ACCOUNT, healthyBundle, ROLE_ARN } from "../../support/bundle.ts";
import { confidences, findingsOf, verdicts } from "../../support/credential-case.ts";
import { awsAuthWith, mappingFault, NODE_ARN } from "../../support/mapping-faults.ts";
import { cluster } from "../../support/network-faults.ts";

const FAULT = mappingFault("M4");
const COMMANDS = [
  `aws eks create-access-entry --cluster-name lab --region eu-west-1 --principal-arn ${ROLE_ARN}`,
  `aws eks associate-access-policy --cluster-name lab --region eu-west-1 --principal-arn ${ROLE_ARN} --policy-arn arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy --access-scope type=cluster`,
];
const both = cluster({
  accessConfig: { authenticationMode: "API_AND_CONFIG_MAP", bootstrapClusterCreatorAdminPermissions: false },
});

describe("eks-nobody-mapped", () => {
  it("names a cluster that was created without an administrator (M4)", () => {
    assert.deepEqual(verdicts(eksNobodyMapped, FAULT), [
      { cause: "M4", stage: "mode", severity: "error", confidence: "certain", commands: COMMANDS },
    ]);
  });

  it("names a creator whose entry is gone (M5), never certain", () => {
    assert.deepEqual(verdicts(eksNobodyMapped, mappingFault("M5")), [
      { cause: "M5", stage: "mode", severity: "error", confidence: "likely", commands: COMMANDS },
    ]);
  });

  it("is less sure when it is not known who asks", () => {
    const { callerIdentity: _, ...rest } = FAULT;
    assert.deepEqual(
      verdicts(eksNobodyMapped, rest)?.map(({ confidence, commands }) => [confidence, commands[0]]),
      [["likely", COMMANDS[0]?.replace(ROLE_ARN, "PRINCIPAL_ARN")]],
    );
  });

  it("takes neither nodes nor AWS's own roles for people", () => {
    const service = `arn:aws:iam::${ACCOUNT}:role/aws-service-role/eks.amazonaws.com/AWSServiceRoleForAmazonEKS`;
    const bundle = {
      ...FAULT,
      accessEntries: { accessEntries: [NODE_ARN, service] },
      accessEntryDetails: [{ accessEntry: { principalArn: NODE_ARN, type: "EC2_LINUX" } }],
    };
    assert.deepEqual(confidences(eksNobodyMapped, bundle), ["M4 certain"]);
  });

  it("is less sure when the cluster reads aws-auth and the doctor cannot", () => {
    assert.deepEqual(
      confidences(eksNobodyMapped, { ...FAULT, ...both, awsAuth: { failed: "Unauthorized" } }),
      ["M4 likely"],
    );
  });

  for (const [when, bundle] of Object.entries({
    "everything works": healthyBundle(),
    "an entry of unknown type may be a person's (E1)": {
      ...FAULT,
      accessEntries: { accessEntries: [NODE_ARN] },
    },
    "the entries are not known": { ...FAULT, accessEntries: { failed: "denied" } },
    "aws-auth lets in somebody": {
      ...FAULT,
      ...both,
      ...awsAuthWith(`arn:aws:iam::${ACCOUNT}:role/Ops`, ["system:masters"]),
    },
    "how the cluster was made is not known": mappingFault("E1"),
  })) {
    it(`is silent when ${when}`, () => {
      assert.deepEqual(findingsOf(eksNobodyMapped, bundle), []);
    });
  }
});
