import assert from "node:assert/strict";
import { requireClusterName } from "../../../plugin/cluster/recorded-cluster.ts";
import { labDesk } from "../../support/lab-desk.ts";
import { suiteOnPosix } from "../../support/platform.ts";

suiteOnPosix("lab", "requireClusterName", () => {
  const desk = labDesk();
  for (const name of ["lab", "7", "A_b-c", "x".repeat(100)]) {
    it(`lets ${name.slice(0, 10)} pass`, () => assert.doesNotThrow(() => requireClusterName(name)));
  }
  for (const name of ["", "-lab", "_lab", "lab.eu", "lab eu", "lab/..", "lab\n", "x".repeat(101)]) {
    it(`refuses ${JSON.stringify(name).slice(0, 12)}`, () => {
      assert.throws(() => requireClusterName(name), { code: "cluster-name-invalid" });
    });
  }

  it("says what to use in place of an ARN", () => {
    assert.throws(() => requireClusterName("arn:aws:eks:eu-west-1:111122223333:cluster/lab"), {
      hint: "In place of the ARN, use --cluster lab --region eu-west-1.",
    });
  });

  it("comes before what the identity needs", async () => {
    desk.write(".aws/config", "[profile run]\nregion = us-east-1\ncredential_process = /bin/echo\n");
    const arn = "arn:aws:eks:eu-west-1:111122223333:cluster/lab";
    const { stderr } = await desk.run(["setup", "eks", "--cluster", arn, "--profile", "run"]);
    assert.match(stderr, /^error: ".*" is not a valid name for an EKS cluster\. \[cluster-name-invalid\]/);
  });
});
