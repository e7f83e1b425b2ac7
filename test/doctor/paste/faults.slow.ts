import assert from "node:assert/strict";
import { RULES } from "../../../doctor/causes/index.ts";
import { check } from "../../../doctor/doctor.ts";
import type { DoctorEvidence } from "../../../doctor/evidence/evidence.ts";
import { readPasted } from "../../../doctor/paste/read-paste.ts";
import { partOf } from "../../support/part.ts";
import { GATHERED_AT } from "../support/bundle.ts";
import { FAULTS } from "../support/faults.ts";
import { turnsIn } from "../support/pasted-turns.ts";
import { pastable, terminalText } from "../support/terminal-text.ts";

/** Prompts as the shells come with them, and as usual themes have them. */
const PROMPTS: Readonly<Record<string, string>> = {
  bash: "ada@laptop:~/work$ ",
  "bash alone": "$ ",
  root: "root@ip-10-0-0-1:/# ",
  zsh: "ada@laptop ~ % ",
  "oh my zsh": "➜  work git:(main) ✗ ",
  fish: "ada@laptop ~/work> ",
  PowerShell: "PS C:\\Users\\ada> ",
};

/** Which of several kubeconfig files comes first decides, and nothing else in their texts says it. */
const TOLD_BY_ORDER = new Set(["K7", "K8"]);

const judge = { rules: RULES, redact: false, shell: "bash", format: "aws" } as const;

function verdict(evidence: DoctorEvidence): string {
  const { healthy, rootCauses, suspicions } = check(evidence, judge).report;
  const causes = rootCauses.map(({ cause, confidence }) => `${cause} ${confidence}`);
  return `${healthy ? "healthy" : "broken"}: ${causes.join(", ")}; ${suspicions.map((one) => one.causes).join(", ")}`;
}

describe("a fault that is pasted from a terminal", () => {
  for (const { row, bundle } of partOf("faults that are pasted", FAULTS))
    it(`is judged as the bundle is, whatever the shell: ${row}`, () => {
      const now = Date.parse(bundle.gatheredAt ?? GATHERED_AT);
      const read = (text: string) => readPasted([{ text }], now).evidence;
      const [bash = "", ...others] = Object.values(PROMPTS).map((prompt) => terminalText(bundle, prompt));
      const pasted = read(bash);
      // What the words show of the client is in them alone.
      const { client } = pasted;
      assert.equal(verdict(pasted), verdict({ ...pastable(bundle), ...(client && { client }) }));
      const turns = turnsIn(terminalText(bundle)).toReversed();
      if (!TOLD_BY_ORDER.has(row))
        for (const texts of [turns, [turns.join("")]])
          assert.equal(
            verdict(
              readPasted(
                texts.map((text) => ({ text })),
                now,
              ).evidence,
            ),
            verdict(pasted),
          );
      // Then a command that nobody knows is taken for a part of what was said.
      assert.equal(verdict(read(terminalText(bundle, ""))), verdict(pasted));
      for (const text of [...others, bash.replaceAll("\n", "\r\n")])
        assert.deepEqual(read(text), pasted, text);
    });
});
