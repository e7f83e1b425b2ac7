import assert from "node:assert/strict";
import type { DoctorReport } from "../../../doctor/report/report-schema.ts";
import { healthyBundle } from "../../doctor/support/bundle.ts";
import { FAULTS } from "../../doctor/support/faults.ts";
import { LAB_ROLE } from "../../lab/lab.ts";
import { labDesk } from "../../support/lab-desk.ts";
import { suiteOnPosix } from "../../support/platform.ts";

suiteOnPosix("lab", "kubectl vouch doctor --principal", () => {
  const desk = labDesk();

  it("does not hold what a command said to one principal against another", async () => {
    const { bundle } = FAULTS.find(({ row }) => row === "R1") ?? {};
    const file = desk.write("forbidden.json", JSON.stringify(bundle));
    const { status, stderr } = await desk.run(["doctor", "--principal", LAB_ROLE, "--", "get", "pods"]);
    assert.deepEqual(
      [status, /--principal and the command after -- cannot be combined/.test(stderr)],
      [64, true],
    );
    const ask = async (principal: string) => {
      const { stdout } = await desk.run([
        "doctor",
        "--evidence",
        file,
        "-o",
        "json",
        "--principal",
        principal,
      ]);
      const { rootCauses, tried } = JSON.parse(stdout) as DoctorReport;
      return [rootCauses[0]?.cause, tried];
    };
    assert.deepEqual(await ask("arn:aws:iam::111122223333:role/Dev"), ["R1", "kubectl list pods"]);
    assert.deepEqual(await ask("arn:aws:iam::111122223333:user/team/zoe"), [
      "E1",
      "list pods in namespace web",
    ]);
  });

  it("says that somebody else is allowed what is asked, by what, and ends with 0", async () => {
    const file = desk.write("asked.json", JSON.stringify(healthyBundle()));
    const asked = [
      "doctor",
      "--evidence",
      file,
      "--principal",
      "arn:aws:sts::111122223333:assumed-role/Dev/zoe",
    ];
    const { status, stdout } = await desk.run([...asked, "--for", "list pods -n web"]);
    assert.equal(status, 0, stdout);
    const said = stdout.replaceAll(/\s+/g, " ");
    assert.match(
      said,
      /✓ Allowed by AmazonEKSViewPolicy on namespaces web, team-\*: list pods in namespace web, as arn:\S+\/zoe\./,
    );
    assert.equal((await desk.run([...asked, "--for", "delete pods -n web"])).status, 79);
  });
});
