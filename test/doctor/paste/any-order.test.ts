import assert from "node:assert/strict";
import { RULES } from "../../../doctor/causes/index.ts";
import { check } from "../../../doctor/doctor.ts";
import { readPasted } from "../../../doctor/paste/read-paste.ts";
import { corpus } from "../corpus/corpus.ts";
import { GATHERED_AT } from "../support/bundle.ts";
import { turnsIn } from "../support/pasted-turns.ts";

/** What the reader says of a text in which the order counts: see `readPasted`. */
const COUNTS = /a different failure is diagnosed|an earlier one is used/;

function* permutations<T>(items: readonly T[]): Iterable<readonly T[]> {
  if (items.length < 2) yield items;
  else
    for (const [index, item] of items.entries())
      for (const rest of permutations(items.toSpliced(index, 1))) yield [item, ...rest];
}

/** Every permutation of up to four turns; of more, each way to paste the end before the beginning. */
function orders(turns: readonly string[]): (readonly string[])[] {
  const swapped = turns.slice(1).map((_, index) => [...turns.slice(index + 1), ...turns.slice(0, index + 1)]);
  return [...(turns.length > 4 ? [] : permutations(turns)), ...swapped];
}

function verdict(texts: readonly string[], now: number): string {
  const { evidence } = readPasted(
    texts.map((text) => ({ text })),
    now,
  );
  const { report } = check(evidence, { rules: RULES, redact: false, shell: "bash", format: "aws" });
  const causes = report.rootCauses.map(({ cause, confidence }) => `${cause} ${confidence}`);
  return `${report.healthy}: ${causes}; ${report.suspicions.map((one) => one.causes)}`;
}

describe("turns that are pasted in any order", () => {
  const now = Date.parse(GATHERED_AT);

  it("get the same verdict, whether in one text or in several", () => {
    let judged = 0;
    for (const { name, text, isSetAside } of corpus()) {
      const turns = turnsIn(text);
      if (isSetAside || turns.length < 2) continue;
      if (readPasted([{ text }], now).taken.some(({ problem = "" }) => COUNTS.test(problem))) continue;
      const expected = verdict([text], now);
      judged += 1;
      for (const order of orders(turns)) {
        assert.equal(verdict(order, now), expected, name);
        assert.equal(verdict([order.join("")], now), expected, `${name}, in one text`);
      }
    }
    assert.ok(judged > 20, String(judged));
  });

  it("have the kubeconfig files in the order of KUBECONFIG, if that is shown", () => {
    const file = (name: string) => `$ cat /home/ada/${name}\nkind: Config\ncurrent-context: ${name}\n`;
    const pathsIn = (text: string) => {
      const { kubeconfig } = readPasted([{ text }], now).evidence;
      return kubeconfig !== undefined && "files" in kubeconfig && kubeconfig.files.map(({ path }) => path);
    };
    const shown = "$ env\nKUBECONFIG=/home/ada/a:/home/ada/b\nHOME=/home/ada\n";
    for (const text of [file("b") + file("a") + shown, shown + file("b") + file("a")])
      assert.deepEqual(pathsIn(text), ["/home/ada/a", "/home/ada/b"]);
    assert.deepEqual(pathsIn(file("b") + file("a")), ["/home/ada/b", "/home/ada/a"]);
  });
});
