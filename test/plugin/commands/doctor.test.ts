import assert from "node:assert/strict";
import type { DoctorReport } from "../../../doctor/report/doctor-report.ts";
import { LAB_CLUSTER, LAB_REGION, LAB_ROLE } from "../../lab/lab.ts";
import { type LabDesk, labDesk } from "../../support/lab-desk.ts";

const CONTEXT = `${LAB_CLUSTER}-vouch`;

async function setUp(desk: LabDesk): Promise<void> {
  desk.logIn();
  const cluster = ["--cluster", LAB_CLUSTER, "--region", LAB_REGION, "--role", LAB_ROLE];
  const { status, stderr } = await desk.run(["setup", "eks", ...cluster]);
  assert.equal(status, 0, stderr);
}

describe("kubectl vouch doctor", function () {
  this.timeout(60_000);
  const desk = labDesk();

  it("finds nothing wrong with a context of ours that works", async () => {
    await setUp(desk);
    const { status, stdout, stderr } = await desk.run([
      "doctor", "--context", CONTEXT, "-o",
      "json",
      "--save",
      "/tmp/doctor-d5/e.json",
    ]);
    console.error(status, stderr);
    console.error(stdout);
    const report = JSON.parse(stdout) as DoctorReport;
    assert.equal(report.healthy, true);
  });
});
