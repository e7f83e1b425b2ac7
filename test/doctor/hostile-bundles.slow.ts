import assert from "node:assert/strict";
import type { Command } from "../../token/command/command.ts";
import { renderCommand } from "../../token/command/render-command.ts";
import { runWords } from "../../token/command/run-words.ts";
import { asReadByTool, meantOptions, posixWords } from "../token/support/read-words.ts";
import { slotsOf } from "./support/command-slots.ts";
import { type HostileBundle, hostileBundles } from "./support/hostile-bundles.ts";
import { faultsIn } from "./support/hostile-checks.ts";
import { HOSTILE_VALUES } from "./support/hostile-values.ts";
import { typographicFault } from "./support/powershell-quotes.ts";
import { fetchCommands, runsOf, saidOf } from "./support/printed-commands.ts";
import { VARIANTS } from "./support/variants.ts";

/** A sample; `test/peers/words/printed-commands.peer.ts` takes each text of each bundle, and real shells. */
const BUNDLES = 60;
const SEED = 20_261_126;

function take(bundles: Iterable<HostileBundle>, count: number): readonly HostileBundle[] {
  const taken: HostileBundle[] = [];
  for (const bundle of bundles) {
    taken.push(bundle);
    if (taken.length === count) break;
  }
  return taken;
}

describe("what the doctor says of hostile bundles", () => {
  const commands: Command[] = [];

  it("is said without an exception, a sign that is not shown, a stray backtick or a spoilt file", () => {
    const bundles = [
      ...take(hostileBundles(SEED), BUNDLES),
      ...take(hostileBundles(SEED, VARIANTS), VARIANTS.length),
    ];
    for (const { name, bundle } of bundles) {
      const said = saidOf(bundle);
      assert.deepEqual(faultsIn(said), [], name);
      commands.push(...said.commands);
    }
  });

  it("keeps every value in its place, for the shell and for the tool", () => {
    const values = HOSTILE_VALUES.filter((_, index) => index % 6 === 0);
    const slots = slotsOf(commands);
    assert.ok(slots.length > 50, `only ${slots.length} places for values`);
    const all = [
      ...commands,
      ...slots.flatMap((fill) => values.map(fill)),
      ...HOSTILE_VALUES.flatMap((value) => fetchCommands(() => value)),
    ];
    for (const command of all) {
      const posix = renderCommand(command, "bash");
      const powershell = renderCommand(command, "powershell");
      if ("line" in powershell) assert.equal(typographicFault(powershell.line), undefined, powershell.line);
      if (!("line" in posix) || command.kind === "unset-variables" || command.kind === "set-variable")
        continue;
      const words = runsOf(command).map(runWords);
      const written = words.flat().map((word) => (typeof word === "string" ? word : `~/${word.underHome}`));
      const operators = command.kind === "run" ? [] : command.kind === "pipe" ? ["|"] : [">"];
      const seen = posixWords(posix.line);
      assert.deepEqual(seen.operators, operators, posix.line);
      const file = command.kind === "write-file" ? [command.file] : [];
      assert.deepEqual(seen.words, [...written, ...file], posix.line);
      for (const [index, run] of runsOf(command).entries()) {
        assert.deepEqual(asReadByTool(words[index] ?? [], run), {
          options: meantOptions(run),
          operands: run.operands,
        });
      }
    }
  });
});
