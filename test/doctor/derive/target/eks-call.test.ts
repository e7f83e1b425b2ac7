import assert from "node:assert/strict";
import { deriveFacts } from "../../../../doctor/derive/derive.ts";
import { commandTarget, eksCall } from "../../../../doctor/derive/target/eks-call.ts";
import type { DoctorEvidence } from "../../../../doctor/evidence/evidence.ts";
import { ACCOUNT, healthyBundle, ROLE_ARN, without } from "../../support/bundle.ts";
import { refusedCall } from "../../support/mapping-faults.ts";

type FixAttempt = NonNullable<DoctorEvidence["fixAttempts"]>[number];

const call = (command: string, stderr: string) => deriveFacts(refusedCall(command, stderr));

describe("eksCall", () => {
  it("reads the AWS CLI's words and flags", () => {
    const facts = call(
      `aws --region us-east-1 eks create-access-entry --cluster-name prod --principal-arn '${ROLE_ARN}' --kubernetes-groups a b --username x`,
      "An error occurred (InvalidParameterException) when calling the CreateAccessEntry operation: no",
    );
    assert.deepEqual(eksCall(facts), {
      words: "An error occurred (InvalidParameterException) when calling the CreateAccessEntry operation: no",
      cluster: "prod",
      operation: "CreateAccessEntry",
      principalArn: ROLE_ARN,
      groups: ["a", "b"],
    });
    assert.deepEqual(commandTarget(facts), { cluster: "prod", region: "us-east-1", partition: "aws" });
  });

  it("reads Terraform's words", () => {
    const arn = `arn:aws:iam::${ACCOUNT}:role/teams/Ops`;
    const facts = call(
      "terraform apply",
      `│ Error: creating EKS Access Entry (prod:${arn}): operation error EKS: CreateAccessEntry, no`,
    );
    assert.deepEqual([eksCall(facts)?.operation, eksCall(facts)?.principalArn], ["CreateAccessEntry", arn]);
    assert.deepEqual(commandTarget(facts), { cluster: "prod", region: "eu-west-1", partition: "aws" });
  });

  it("goes by the command where the words name no operation", () => {
    assert.equal(
      eksCall(call("aws eks update-cluster-config --name x", "refused"))?.operation,
      "UpdateClusterConfig",
    );
    assert.equal(eksCall(call("kubectl get pods", "refused"))?.operation, undefined);
  });

  it("is undefined when nothing was said, or it works", () => {
    assert.equal(eksCall(deriveFacts(healthyBundle())), undefined);
  });
});

describe("failedFixes", () => {
  const failed = (...fixAttempts: readonly FixAttempt[]) =>
    deriveFacts(healthyBundle({ fixAttempts })).failedFixes.map(({ operation }) => operation);
  const create = "aws eks create-access-entry --cluster-name lab";

  it("are those that said why, or of which nobody knows how they ended", () => {
    assert.deepEqual(
      failed(
        { command: create, exitCode: 254, stderr: "no" },
        { command: "aws eks delete-access-entry", stderr: "no" },
        { command: "aws eks update-access-entry", exitCode: 0, stderr: "a warning" },
        { command: "aws eks list-access-entries", exitCode: 254 },
        { command: "aws eks list-access-policies", exitCode: 254, stderr: " \n" },
      ),
      ["CreateAccessEntry", "DeleteAccessEntry"],
    );
  });

  it("are none of another cluster", () => {
    assert.deepEqual(failed({ command: create.replace("lab", "prod"), stderr: "no" }), []);
    const elsewhere = healthyBundle({
      fixAttempts: [{ command: create.replace("lab", "prod"), stderr: "no" }],
    });
    const unknown = deriveFacts(without(elsewhere, "cluster", "kubeconfig"));
    assert.equal(unknown.failedFixes.length, 1);
  });
});

describe("commandTarget", () => {
  it("is the context's cluster where the command names none", () => {
    assert.deepEqual(commandTarget(call("kubectl get pods --cluster other", "refused")), {
      cluster: "lab",
      region: "eu-west-1",
      partition: "aws",
    });
  });

  it("may be known by the entry alone", () => {
    const accessEntry = { principalArn: ROLE_ARN, clusterName: "prod" };
    const bundle = {
      apiVersion: "vouch.kubectl/v1",
      kind: "DoctorEvidence",
      accessEntryDetails: [{ accessEntry }],
    } as const;
    assert.equal(commandTarget(deriveFacts(bundle)).cluster, "prod");
  });

  it("says in capitals what is not known", () => {
    assert.deepEqual(commandTarget(deriveFacts({ apiVersion: "vouch.kubectl/v1", kind: "DoctorEvidence" })), {
      cluster: "CLUSTER",
      region: "REGION",
      partition: "aws",
    });
  });
});
