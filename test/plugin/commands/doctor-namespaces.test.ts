import assert from "node:assert/strict";
import type { DoctorReport } from "../../../doctor/report/report-schema.ts";
import { labDesk } from "../../support/lab-desk.ts";
import { SETUP_WORDS } from "../../support/lab-words.ts";

describe("kubectl vouch doctor -A", () => {
  const desk = labDesk();

  it("asks whether the pods of all namespaces may be listed", async () => {
    desk.logIn();
    assert.equal((await desk.run(SETUP_WORDS)).status, 0);
    const { status, stdout } = await desk.run(["doctor", "-Aojson"]);
    const { tried, chain } = JSON.parse(stdout) as DoctorReport;
    assert.deepEqual([status, tried], [79, "list pods at the cluster scope"]);
    assert.deepEqual(chain.at(-1), { stage: "authorization", state: "broken" });
  });
});
