import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { type Command, run } from "../../../token/command/command.ts";
import { renderCommand, type Shell } from "../../../token/command/render-command.ts";
import { runWords } from "../../../token/command/run-words.ts";
import { slotsOf } from "../../doctor/support/command-slots.ts";
import { FAULTS } from "../../doctor/support/faults.ts";
import { eachTextHostile } from "../../doctor/support/hostile-bundles.ts";
import { faultsIn } from "../../doctor/support/hostile-checks.ts";
import { HOSTILE_VALUES, SHOWN_VALUES } from "../../doctor/support/hostile-values.ts";
import { fetchCommands, saidOf } from "../../doctor/support/printed-commands.ts";
import { randomNumbers } from "../../support/mutations.ts";
import { POSIX_SHELLS, ShellDesk, TYPED_ZSH } from "./posix-shells.ts";
import { wrongInPowerShell } from "./powershell.ts";
import { printedCommand, type Renderer } from "./printed-command.ts";
import { haveShells } from "./shells.ts";

/** How many commands each shell runs at least. */
const LEAST = 20_000;

/** Another one each day; `SEED=…` takes one again. */
const SEED = Number(process.env["SEED"] ?? Math.floor(Date.now() / 86_400_000));

/** Takes our line and spoils it, as the version before did. */
function spoilt(spoil: (line: string) => string): Renderer {
  return (command, shell) => {
    const rendered = renderCommand(command, shell);
    return "line" in rendered ? { line: spoil(rendered.line) } : rendered;
  };
}

const GROUPS = ["developers", ";", "touch", "canary"];
const ENTRY = { "cluster-name": "lab", "principal-arn": "arn:aws:iam::111122223333:role/Dev" };

/** The faults of the version before, put back one by one. */
const BREAK_OUTS: readonly { readonly name: string; readonly command: Command; readonly broken: Renderer }[] =
  [
    {
      name: "a group named ; is taken for an operator",
      command: run("aws", "eks update-access-entry", { ...ENTRY, "kubernetes-groups": GROUPS }),
      broken: spoilt((line) => line.replace("';'", ";")),
    },
    {
      name: "an address stands without quotes",
      command: run("curl", "-v", {}, `https://x;touch\${IFS}y;#/version`),
      broken: (command) => ({ line: command.kind === "run" ? runWords(command).join(" ") : "" }),
    },
    {
      name: "a typographic quote becomes a plain one after quoting",
      command: run("aws", "eks describe-cluster", { name: "x’; touch canary; ’" }),
      broken: spoilt((line) => line.replaceAll(/[‘’]/g, "'")),
    },
    {
      name: "PowerShell's other quotes are not doubled",
      command: run("aws", "eks describe-cluster", { name: "x‛; calc; ‛" }),
      broken: spoilt((line) => line.replaceAll(/([\u2018-\u201B])\1/g, "$1")),
    },
    {
      name: "a value that begins with -- becomes an option",
      command: run("aws", "eks describe-cluster", { name: "--profile=x" }),
      broken: spoilt((line) => line.replace(/'?--name=(--profile=x)'?/, "--name $1")),
    },
  ];

/**
 * Real shells run what we print, with stubs for the programs. What is meant comes from the data of a command, never from
 * its text. Needs gcc, and `python3` with tree-sitter-powershell.
 */
describe("printed commands", () => {
  const figures: string[] = [];
  let folder = "";
  let commands: readonly Command[] = [];
  let made: ShellDesk | undefined;
  const desk = () => made ?? assert.fail("there is no desk");

  before(async () => {
    await haveShells();
    folder = fs.mkdtempSync(path.join(os.tmpdir(), "vouch-printed-"));
    made = new ShellDesk(folder);
  });
  after(() => {
    fs.rmSync(folder, { recursive: true, force: true });
    process.stdout.write(`  seed ${SEED}\n${figures.map((line) => `  ${line}\n`).join("")}`);
  });

  it("come out of bundles in which every text in turn is hostile, and nothing else is wrong with what is said", () => {
    const found = new Map<string, Command>();
    const collect = (more: readonly Command[]) => {
      for (const command of more) found.set(JSON.stringify(command), command);
    };
    let bundles = 0;
    for (const { name, bundle } of eachTextHostile(SEED)) {
      bundles += 1;
      const said = saidOf(bundle);
      assert.deepEqual(faultsIn(said), [], name);
      collect(said.commands);
    }
    const fromBundles = found.size;
    collect(everySlot([...found.values(), ...FAULTS.flatMap(({ bundle }) => saidOf(bundle).commands)]));
    commands = [...found.values()];
    figures.push(
      `${bundles} bundles gave ${fromBundles} commands; values in their places made ${commands.length}`,
    );
  });

  for (const shell of POSIX_SHELLS) {
    it(`do exactly what is meant in ${shell.name}`, async () => {
      const { home } = desk();
      const dialect: Shell = shell.name === "fish" ? "fish" : "bash";
      const printed = commands.flatMap(
        (command) => printedCommand(command, { shell: dialect, home, render: renderCommand }) ?? [],
      );
      assert.ok(printed.length >= LEAST, `only ${printed.length}`);
      assert.deepEqual(await desk().wrong(shell, printed), []);
      figures.push(`${shell.name}: ${printed.length} commands, each program got exactly the words meant`);
    });
  }

  it("do so where they are typed into zsh, which keeps a history then", async () => {
    const { home } = desk();
    const printed = commands.flatMap(
      (command) => printedCommand(command, { shell: "bash", home, render: renderCommand }) ?? [],
    );
    const sample = printed.filter(({ line }, index) => line.includes("!") || index % 20 === 0);
    assert.ok(sample.length >= LEAST / 20, `only ${sample.length}`);
    assert.deepEqual(await desk().wrong(TYPED_ZSH, sample), []);
    figures.push(`${TYPED_ZSH.name}: ${sample.length} commands`);
  });

  it("mean to PowerShell's grammar what is meant, and no typographic quote stands unescaped", async () => {
    const { wrong, read } = await wrongInPowerShell(commands, renderCommand);
    assert.ok(read >= LEAST, `only ${read}`);
    assert.deepEqual(wrong.slice(0, 5), []);
    figures.push(`PowerShell: ${read} commands read by tree-sitter's grammar`);
  });

  for (const { name, command, broken } of BREAK_OUTS) {
    it(`turn red where ${name}`, async () => {
      const { home } = desk();
      const wrongWith = async (render: Renderer) => {
        const inShells = await Promise.all(
          POSIX_SHELLS.map((shell) => {
            const dialect: Shell = shell.name === "fish" ? "fish" : "bash";
            const printed = printedCommand(command, { shell: dialect, home, render });
            return printed === undefined ? [] : desk().wrong(shell, [printed]);
          }),
        );
        return [...inShells.flat(), ...(await wrongInPowerShell([command], render)).wrong];
      };
      assert.deepEqual(await wrongWith(renderCommand), []);
      assert.notDeepEqual(await wrongWith(broken), []);
    });
  }
});

/** Somewhat more commands than are needed, from every place of every kind of command and every value, at random. */
function everySlot(commands: readonly Command[]): readonly Command[] {
  const random = randomNumbers(SEED);
  const slots = slotsOf(commands);
  const share = (1.35 * LEAST) / (slots.length * SHOWN_VALUES.length);
  const chosen = slots.flatMap((fill) =>
    SHOWN_VALUES.filter(() => random(1000) < share * 1000).map((value) => fill(value)),
  );
  const value = () => HOSTILE_VALUES[random(HOSTILE_VALUES.length)] ?? "";
  return [...chosen, ...Array.from({ length: 20 }, () => fetchCommands(value)).flat()];
}
