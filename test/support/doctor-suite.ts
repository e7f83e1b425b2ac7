import assert from "node:assert/strict";
import fs from "node:fs";
import { readEvidence } from "../../doctor/evidence/read-evidence.ts";
import type { RenderedFix } from "../../doctor/fixes/render-fix.ts";
import type { DoctorReport } from "../../doctor/report/report-schema.ts";
import { succeeded } from "../end-to-end/lab-person.ts";
import { ANY_FIX, CONTEXTS, type LabFault } from "../lab/faults/lab-fault.ts";
import { GRACE, takeReads } from "../lab/faults/lab-people.ts";
import { LAB_ROLE } from "../lab/lab.ts";
import { carryOut, waysOut } from "./doctor-fix.ts";
import { type DoctorLab, startDoctorLab } from "./doctor-lab.ts";
import {
  type Place,
  placeOf,
  REFUSED_TO_DEVELOPERS,
  REFUSED_TO_THE_BLIND,
  type Refused,
  seenBy,
  seesLess,
} from "./few-rights.ts";
import { type OtherWays, otherWaysOut, whyNotRun } from "./other-ways.ts";
import { isWhole, partOf } from "./part.ts";
import type { CommandResult } from "./run-command.ts";
import { releaseFolder } from "./shipped-files.ts";

/**
 * For each fault: the lab is intact, and is then broken; the real kubectl fails; the doctor names exactly that row first; its fix
 * is carried out; and what failed works.
 */
export function describeFaults(subject: string, all: readonly LabFault[]): void {
  const faults = partOf(
    subject,
    all.filter(({ isSettled }) => isSettled !== true || releaseFolder() === undefined),
  );
  if (faults.length === 0) return;
  describe(subject, () => {
    let started: DoctorLab | undefined;
    const lab = () => started ?? assert.fail("the lab is not up");
    before(async () => {
      started = await startDoctorLab();
    });
    after(() => started?.close());
    afterEach(() => lab().restore());

    const contexts = [CONTEXTS.ours, ...faults.map(({ context }) => context)];
    for (const context of [CONTEXTS.ours, CONTEXTS.grace].filter((name) => contexts.includes(name))) {
      it(`finds nothing wrong with ${context} as it is`, async () => {
        const { healthy, rootCauses, warnings } = await lab().doctor(["--context", context]);
        assert.deepEqual({ healthy, rootCauses, warnings }, { healthy: true, rootCauses: [], warnings: [] });
      });
    }

    const otherWays: OtherWays = { cured: 0, notRun: new Map() };
    const places = {
      developer: new Map<string, Place>(),
      blind: new Map<string, Place>(),
      administrator: new Map<string, Place>(),
    };
    const isReal = process.env["KUBECTL_VOUCH_LAB"] === "real";
    for (const fault of faults) {
      it(`names ${fault.row} when ${fault.name}, and how to fix it`, async () => {
        await fault.breakIt(lab().place);
        await lab().forgetTokens();
        const tried = triedBy(fault);
        const failure = await lab().run(tried);
        if (fault.gated && releaseFolder() !== undefined) return void succeeded(failure);
        assert.notEqual(failure.status, 0, `it worked, and said ${failure.stdout}`);
        assert.match(failure.stderr + failure.stdout, fault.says);

        const report = await ask(fault, failure, lab());
        const [root] = report.rootCauses;
        assert.equal(root?.cause, fault.row, told(report));
        assert.equal(report.healthy, false);

        const gathered = () => readEvidence(fs.readFileSync(lab().saved, "utf8"));
        const seen = (who: keyof typeof places, refused: Refused = {}) => {
          const rows =
            who === "administrator" && fault.also !== undefined ? [fault.also, fault.row] : [fault.row];
          const found = rows.map((row) => placeOf(row, seenBy(gathered(), refused)));
          const place = found.find((each) => each !== "wrong and certain") ?? "wrong and certain";
          assert.notEqual(place, "wrong and certain", who);
          places[who].set(fault.name, place);
        };
        // An administrator does not see what the other person sees.
        const { asking = "runs" } = fault;
        const own: LabFault = { ...fault, asking: asking === "administrator" ? "runs" : asking };
        if (asking === "administrator") {
          seen("administrator");
          await ask(own, failure, lab());
        }
        seen("blind", REFUSED_TO_THE_BLIND);
        if (!isReal) seen("developer", REFUSED_TO_DEVELOPERS);
        else {
          // Where nothing could be read at all, fewer rights take nothing away.
          if (seesLess(gathered(), REFUSED_TO_DEVELOPERS)) {
            const giveBack = takeReads(lab().place.lab);
            await ask(own, failure, lab());
            giveBack();
          }
          seen("developer");
          if (asking !== "administrator" && principalOf(fault) !== undefined) {
            await ask({ ...fault, asking: "administrator" }, failure, lab());
            seen("administrator");
          }
        }

        const how = fault.fix ?? ANY_FIX;
        const done = await carryOut(root.fixes, how, lab());
        succeeded(await lab().run(fault.works ?? tried));
        await tryOtherWays({ fault, failure, tried, done, fixes: root.fixes }, lab(), otherWays);
      });
    }

    it("prints no other way out that does not cure as well", () => {
      const notRun = [...otherWays.notRun].map(([why, count]) => `${count} not run: ${why}`);
      process.stdout.write(`      other ways out: ${[`${otherWays.cured} cure`, ...notRun].join("; ")}\n`);
    });

    it("says of most of them what it may be to those who may see less, and is never sure of another cause", () => {
      for (const [who, seen] of Object.entries(places)) {
        const at = (place: Place) => [...seen].filter(([, each]) => each === place).map(([name]) => name);
        const [first, ranked, lost] = [at("first"), at("ranked"), [...at("unknown"), ...at("wrong")]];
        process.stdout.write(
          `      ${who}: ${first.length} first, ${ranked.length} ranked, lost: ${lost.join("; ") || "none"}\n`,
        );
        // An administrator cannot see what is wrong in somebody's own files.
        if (who !== "administrator" && isWhole())
          assert.ok(lost.length <= 0.2 * seen.size, `${who}: ${lost.join("; ")}`);
      }
    });
  });
}

function triedBy({ context = CONTEXTS.ours, tries = ["get", "pods"], command }: LabFault): readonly string[] {
  return command ?? ["kubectl", "--context", context, ...tries];
}

/** The principal that an administrator asks about; undefined if the context is somebody else's. */
function principalOf({ context = CONTEXTS.ours }: LabFault): string | undefined {
  return new Map<string, string>([
    [CONTEXTS.ours, LAB_ROLE],
    [CONTEXTS.grace, GRACE],
  ]).get(context);
}

function ask(fault: LabFault, failure: CommandResult, lab: DoctorLab): Promise<DoctorReport> {
  const { context = CONTEXTS.ours, tries = ["get", "pods"], asking = "runs" } = fault;
  // A command of its own states its cluster itself; kubectl's current context counts then.
  const named = fault.command === undefined || fault.context !== undefined ? ["--context", context] : [];
  switch (asking) {
    case "runs":
      return lab.doctorRuns(context, tries);
    case "looks":
      return lab.doctor(named);
    case "pastes":
      return lab.doctor([...named, "--error", "-"], { stdin: failure.stderr });
    case "administrator": {
      const principal = principalOf(fault) ?? assert.fail("nobody knows whom to ask about");
      const words = ["--context", CONTEXTS.administrator, "--principal", principal, "--error", "-"];
      return lab.doctor(words, { stdin: failure.stderr, asAdministrator: true });
    }
  }
}

/** What matters of a report that names another cause. */
function told({ rootCauses, warnings, unknown, notSeen }: DoctorReport): string {
  const { symptom } = unknown ?? {};
  return JSON.stringify({ rootCauses, warnings, symptom, notSeen }, null, 2);
}

interface Cured {
  readonly fault: LabFault;
  readonly failure: CommandResult;
  readonly tried: readonly string[];
  readonly fixes: readonly RenderedFix[];
  /** What has been carried out. */
  readonly done: readonly RenderedFix[];
}

/** Carries out each way that is left, on a lab that is broken anew: what failed must work then, too. */
async function tryOtherWays(
  { fault, failure, tried, fixes, done }: Cured,
  lab: DoctorLab,
  tally: OtherWays,
): Promise<void> {
  for (const [index] of otherWaysOut(fixes, done)) {
    lab.restore();
    await fault.breakIt(lab.place);
    await lab.forgetTokens();
    await lab.run(tried);
    const [root] = (await ask(fault, failure, lab)).rootCauses;
    const way = waysOut(root?.fixes ?? [])[index] ?? assert.fail(`the report has no way ${index} any more`);
    const why = whyNotRun(fault, way);
    if (why !== undefined) {
      tally.notRun.set(why, (tally.notRun.get(why) ?? 0) + 1);
      continue;
    }
    const { fill, not } = { fill: undefined, not: undefined, ...fault.fix };
    await carryOut(way, { printed: /./, all: true, ...(fill && { fill }), ...(not && { not }) }, lab);
    const again = await lab.run(fault.works ?? tried);
    const said = way.map(({ description, commands }) => [description, ...commands].join("\n")).join("\n");
    assert.equal(again.status, 0, `no cure:\n${said}\n${again.stderr}`);
    tally.cured += 1;
  }
}
