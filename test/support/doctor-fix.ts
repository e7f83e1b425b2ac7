import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import type { RenderedFix } from "../../doctor/fixes/render-fix.ts";
import { CONTEXTS, type LabFix } from "../lab/faults/lab-fault.ts";
import type { DoctorLab } from "./doctor-lab.ts";

/**
 * Carries out a report's fixes: their commands, run by the person they name, or by hand if no command works in the lab. Gives
 * back those that it carried out.
 */
export async function carryOut(
  fixes: readonly RenderedFix[],
  how: LabFix,
  lab: DoctorLab,
): Promise<readonly RenderedFix[]> {
  const words = ({ description, commands, text = "" }: RenderedFix) =>
    [description, ...commands, text].join("\n");
  const said = fixes.map(words).join("\n");
  if ("byHand" in how) {
    assert.match(said, how.says);
    await how.byHand(lab.place);
    return fixes.filter((fix) => how.says.test(words(fix)));
  }
  const fitting = fixes.filter(
    ({ description, commands }) => commands.length > 0 && how.printed.test(description),
  );
  assert.notEqual(fitting.length, 0, `no fix fits ${how.printed}:\n${said}`);
  const chosen = how.all === true ? fitting : fitting.slice(0, 1);
  for (const fix of chosen) {
    await carryOutOne(fix, how, lab);
    await clearCache(fix, lab);
  }
  return chosen;
}

/** Each way out of a report: what begins with "Or" is another one. */
export function waysOut(fixes: readonly RenderedFix[]): RenderedFix[][] {
  const ways: RenderedFix[][] = [];
  for (const fix of fixes) {
    if (ways.length === 0 || /^Or\b/.test(fix.description)) ways.push([fix]);
    else ways.at(-1)?.push(fix);
  }
  return ways;
}

/** What a fix asks of the person who was refused, after an administrator has done the rest. */
async function clearCache({ description }: RenderedFix, lab: DoctorLab): Promise<void> {
  if (!description.includes("`kubectl vouch cache clear`")) return;
  assert.equal((await lab.run(["kubectl", "vouch", "cache", "clear"])).status, 0);
}

type Printed = Extract<LabFix, { readonly printed: RegExp }>;

async function carryOutOne(
  { audience, commands, text }: RenderedFix,
  { fill, not }: Printed,
  lab: DoctorLab,
): Promise<void> {
  const values = Object.entries({ ADMIN_CONTEXT: CONTEXTS.administrator, ...fill?.(lab.place) });
  for (const printed of commands) {
    const command = values.reduce(
      (line, [placeholder, value]) => line.replaceAll(placeholder, value),
      printed,
    );
    if (not?.test(command) === true || changesShell(command, lab)) continue;
    saveManifest(command, text, lab);
    const { status, stdout, stderr } = await lab.run(["bash", "-c", command], {
      asAdministrator: audience !== "you",
    });
    assert.equal(status, 0, `${command}\nended with ${status} and said:\n${stdout}${stderr}`);
  }
}

/** `unset` and `export` are for the person's own shell. */
function changesShell(command: string, { place: { env } }: DoctorLab): boolean {
  const [verb, ...words] = command.split(" ");
  if (verb === "unset") for (const name of words) delete env[name];
  if (verb === "export") {
    const [, name = "", value = ""] = /^export (\w+)=(.*)$/.exec(command) ?? [];
    env[name] = value;
  }
  return verb === "unset" || verb === "export";
}

/** The text of a fix is the manifest that its command applies. */
function saveManifest(command: string, text: string | undefined, { person }: DoctorLab): void {
  const [, file] = /\bapply -f (\S+\.yaml)/.exec(command) ?? [];
  if (file !== undefined) fs.writeFileSync(path.join(person.folder, file), text ?? "");
}
