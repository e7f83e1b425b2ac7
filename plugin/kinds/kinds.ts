import { REPORT_SCHEMA } from "../../doctor/report/report-schema.ts";
import type { TypeOf } from "../../token/schema.ts";
import * as doctor from "./doctor-kinds.ts";
import * as keys from "./key-kinds.ts";
import * as sessions from "./session-kinds.ts";
import * as settings from "./setting-kinds.ts";
import * as setups from "./setup-kinds.ts";
import * as tokens from "./token-kinds.ts";

/** What `-o json` and `-o yaml` print, by kind. At run time only its types are used; plugin/schemas/ is generated from it. */
export const KINDS = {
  ...{ ...doctor, ...keys, ...sessions, ...settings, ...setups, ...tokens },
  DoctorReport: { printedBy: ["doctor"], body: REPORT_SCHEMA },
};

export type Kind = keyof typeof KINDS;

/** An object of a kind, as it is printed, without `apiVersion` and `kind`. */
export type BodyOf<K extends Kind> = TypeOf<(typeof KINDS)[K]["body"]>;
