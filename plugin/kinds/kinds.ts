import { REPORT_SCHEMA } from "../../doctor/report/report-schema.ts";
import type { TypeOf } from "../../token/schema.ts";
import { DOCTOR_KINDS } from "./doctor-kinds.ts";
import { KEY_KINDS } from "./key-kinds.ts";
import { SESSION_KINDS } from "./session-kinds.ts";
import { SETTING_KINDS } from "./setting-kinds.ts";
import { SETUP_KINDS } from "./setup-kinds.ts";
import { TOKEN_KINDS } from "./token-kinds.ts";

/** What `-o json` and `-o yaml` print, by kind. At run time only its types are used; plugin/schemas/ is generated from it. */
export const KINDS = {
  ...{ ...DOCTOR_KINDS, ...KEY_KINDS, ...SESSION_KINDS, ...SETTING_KINDS, ...SETUP_KINDS, ...TOKEN_KINDS },
  DoctorReport: { printedBy: ["doctor"], body: REPORT_SCHEMA },
};

export type Kind = keyof typeof KINDS;

/** An object of a kind, as it is printed, without `apiVersion` and `kind`. */
export type BodyOf<K extends Kind> = TypeOf<(typeof KINDS)[K]["body"]>;
