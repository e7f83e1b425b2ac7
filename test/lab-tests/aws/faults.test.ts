import assert from "node:assert/strict";
import { ListClustersCommand } from "@aws-sdk/client-eks";
import { AssumeRoleCommand, GetCallerIdentityCommand } from "@aws-sdk/client-sts";
import { type AwsLab, refusal, startAwsLab } from "./aws-lab.ts";

const ADMIN = "arn:aws:iam::111122223333:user/lab-admin";

describe("faults of the AWS stand-in", () => {
  let lab: AwsLab;
  beforeEach(async () => {
    lab = await startAwsLab();
  });
  afterEach(() => lab.close());

  const sts = () => lab.sts().send(new GetCallerIdentityCommand({}));
  const eks = () => lab.eks().send(new ListClustersCommand({}));

  it("cut connections", async () => {
    lab.standIn.faults.down = true;
    await assert.rejects(sts(), { code: "ECONNRESET" });
    lab.standIn.faults.down = false;
    await sts();
  });

  it("hit some operations only", async () => {
    Object.assign(lab.standIn.faults, { throttle: 1, only: ["eks:*"] });
    await sts();
    assert.equal((await refusal(eks())).code, "ThrottlingException");
  });

  it("make answers late", async () => {
    Object.assign(lab.standIn.faults, { slowMs: 3_600_000, only: ["sts:*"] });
    const late = sts().then(
      () => "sts",
      () => "cut off",
    );
    assert.equal(await Promise.race([late, eks().then(() => "eks")]), "eks");
    lab.standIn.faults.slowMs = 1;
    await sts();
  });

  it("deny what a service control policy denies, but never GetCallerIdentity", async () => {
    lab.standIn.faults.deny = ["eks:List*", "sts:*"];
    assert.deepEqual(await refusal(eks()), {
      code: "AccessDeniedException",
      status: 403,
      message: `User: ${ADMIN} is not authorized to perform: eks:ListClusters with an explicit deny in a service control policy`,
    });
    const assume = new AssumeRoleCommand({
      RoleArn: "arn:aws:iam::111122223333:role/VouchSpoke",
      RoleSessionName: "ada",
    });
    assert.equal((await refusal(lab.sts().send(assume))).code, "AccessDenied");
    await sts();
  });

  it("are seen in the record of calls", async () => {
    lab.standIn.faults.throttle = 1;
    await refusal(eks());
    await eks();
    assert.deepEqual(
      lab.standIn.calls.map(({ service, operation, principal, error }) => [
        service,
        operation,
        principal,
        error,
      ]),
      [
        ["eks", "ListClusters", undefined, "ThrottlingException"],
        ["eks", "ListClusters", ADMIN, undefined],
      ],
    );
    lab.standIn.clearCalls();
    assert.deepEqual(lab.standIn.calls, []);
  });
});
