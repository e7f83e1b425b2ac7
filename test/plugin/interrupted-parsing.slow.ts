import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { tempFolder } from "../support/temp-folder.ts";

const MODULE = (name: string) => JSON.stringify(path.resolve(import.meta.dirname, "../../token", name));

/** A program that says when it begins to parse for a long time, with a handler as ours. */
const script = (before: string, parse: string) => `
  import fs from "node:fs";
  import { endedBySignals } from ${MODULE("timers.ts")};
  import { parseYaml } from ${MODULE("text/yaml.ts")};
  for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => fs.writeSync(1, "heard "));
  ${before}
  const long = (parse) => {
    fs.writeSync(1, "begins ");
    for (const end = Date.now() + 20_000; Date.now() < end; ) parse();
  };
  ${parse}
  fs.writeSync(1, "ends ");`;

const TEXT = `const text = "- abc\\n".repeat(30_000);`;

describe("long work without a pause", () => {
  const folder = tempFolder();

  for (const signal of ["SIGINT", "SIGTERM"] as const)
    for (const [what, parse] of [
      ["that is said to be long", "endedBySignals(() => long(() => undefined));"],
      ["to parse YAML", `${TEXT} long(() => parseYaml(text));`],
    ] as const)
      it(`${what} is ended by ${signal} at once`, async () => {
        const file = path.join(folder(), "program.ts");
        fs.writeFileSync(file, script("", parse));
        const child = spawn(process.execPath, [file], { stdio: ["ignore", "pipe", "inherit"] });
        let said = "";
        child.stdout.on("data", (chunk: Buffer) => {
          said += chunk.toString();
        });
        while (!said.includes("begins")) await delay(10);
        await delay(100);
        child.kill(signal);
        const [status, killedBy] = await once(child, "exit");
        assert.deepEqual([status, killedBy, said], [null, signal, "begins "]);
      });

  it("ends by itself where something is to be cleaned up, which then happens", async () => {
    const file = path.join(folder(), "program.ts");
    const parse =
      "endedBySignals(() => { fs.writeSync(1, 'begins '); const end = Date.now() + 500; while (Date.now() < end); });";
    fs.writeFileSync(file, script(`process.on("exit", () => fs.writeSync(1, "cleaned"));`, parse));
    const child = spawn(process.execPath, [file], { stdio: ["ignore", "pipe", "inherit"] });
    let said = "";
    child.stdout.on("data", (chunk: Buffer) => {
      said += chunk.toString();
    });
    while (!said.includes("begins")) await delay(10);
    child.kill("SIGINT");
    const [status] = await once(child, "close");
    assert.deepEqual([status, said], [0, "begins ends cleaned"]);
  });
});
