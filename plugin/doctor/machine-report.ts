import { type DoctorEvidence, type Examination, knownValue, type Rule } from "../../doctor/doctor.ts";
import { localTimeOf } from "../../token/text/time.ts";
import type { App } from "../app.ts";
import { type PrintOptions, printReport } from "./print-report.ts";

/** Before setup, a missing context or login is no fault. */
const LATER_ROWS = ["K14", "K15", "V1", "V2", "V3"];

/** The rules of `--pre`. */
export function machineRules(rules: readonly Rule[]): readonly Rule[] {
  return rules.filter(({ causes }) => !causes.some((row) => LATER_ROWS.includes(row)));
}

/**
 * The result of `--pre`: no call was made, so nothing is wrong unless a fault was found. Whether a cluster accepts the caller is
 * another question.
 */
export function machineReport({ report, ...examination }: Examination): Examination {
  const isReady = report.rootCauses.length === 0;
  return { ...examination, report: { ...report, context: undefined, healthy: isReady, unknown: undefined } };
}

/** Prints for people whether the machine is ready, and a line for each thing it has. */
export function printMachine(
  app: App,
  { evidence, report }: Examination,
  { verbose, color }: Pick<PrintOptions, "verbose" | "color">,
): void {
  if (report.healthy && !verbose) app.io.out("This machine is ready.\n");
  else printReport(app, report, { output: "text", verbose, color });
  app.io.out(`\n${machineLines(evidence).join("\n")}\n`);
}

function machineLines(evidence: DoctorEvidence): string[] {
  const keys = knownValue(evidence.securityKeys);
  const vouch = knownValue(evidence.vouch);
  const clocks = knownValue(evidence.clocks) ?? [];
  const seen = (keys ?? []).map(({ name, readable }) => (readable ? name : `${name} (cannot be opened)`));
  const off = Math.max(0, ...clocks.map(({ aheadSeconds }) => Math.abs(aheadSeconds)));
  return [
    `Security key:  ${keys === undefined ? "not known" : seen.join(", ") || "none is plugged in"}`,
    ...(vouch === undefined ? [] : [`Vouch server:  ${vouch.server}`]),
    `Logged in:     ${vouch?.loggedIn === true ? `${vouch.identity} until ${localTimeOf(vouch.sessionEnd ?? "?")}` : "not yet"}`,
    ...(clocks.length === 0 ? [] : [`Clock:         at most ${off} s off`]),
  ];
}
