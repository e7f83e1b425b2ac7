import assert from "node:assert/strict";
import { RULES } from "../../../doctor/causes/index.ts";
import { check } from "../../../doctor/doctor.ts";
import { readPasted } from "../../../doctor/paste/read-paste.ts";
import { htmlReport } from "../../../doctor/report/html/document.ts";
import { pageScripts } from "../../../krew/page.ts";
import { asBuilt } from "../../support/as-built.ts";
import { partOf } from "../../support/part.ts";
import { inBareRealm } from "../support/bare-realm.ts";
import { FAULTS } from "../support/faults.ts";
import { terminalText } from "../support/terminal-text.ts";

describe("the page's worker in a bare realm", () => {
  let worker: ReturnType<typeof inBareRealm>;
  before(async () => {
    worker = inBareRealm((await pageScripts()).worker);
  });

  for (const { row, bundle } of partOf("faults in a bare realm", FAULTS))
    it(`gives the report that the command line gives: ${row}`, () => {
      for (const text of [JSON.stringify(bundle), terminalText(bundle)]) {
        const asked = { id: 1, now: 0, texts: [{ text }] };
        const judged = worker({ ...asked, kind: "judge", shell: "bash", redact: false });
        const { evidence } = readPasted(asked.texts, asked.now);
        const { report, evidence: masked } = check(evidence, {
          rules: RULES,
          redact: false,
          shell: "bash",
          format: "aws",
        });
        const html = judged.kind === "judged" ? String(judged.document) : assert.fail(judged.kind);
        assert.equal(html, asBuilt(htmlReport(report, masked)));
      }
    });
});
