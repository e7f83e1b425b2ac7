import assert from "node:assert/strict";
import type { DoctorEvidence } from "../../../../doctor/evidence/evidence.ts";
import { judge } from "../../../../doctor/judge.ts";
import { printMachine } from "../../../../plugin/commands/doctor/print-report.ts";
import { healthyBundle } from "../../../doctor/support/bundle.ts";
import { fakeApp } from "../../../support/fake-app.ts";

describe("printMachine", () => {
  const printed = (changes: Partial<DoctorEvidence>) => {
    const app = fakeApp({ home: "/home/ada" });
    const texts: string[] = [];
    const io = { ...app.io, out: (text: string) => void texts.push(text) };
    const checking = { rules: [], redact: false, shell: "bash", format: "aws" } as const;
    const examination = judge(healthyBundle(changes), checking);
    printMachine({ ...app, io }, examination, { verbose: false, color: "never" });
    return texts.join("");
  };

  it("speaks of a login only to those who have a Vouch server", () => {
    const vouch = { server: "https://us.vouch.sh", loggedIn: false };
    assert.match(printed({ vouch }), /^Logged in: {5}not yet$/m);
    assert.doesNotMatch(printed({}), /Logged in/);
  });
});
