import type { DoctorReport } from "../../doctor/doctor.ts";
import { EXIT } from "../../token/errors/errors.ts";
import type { FailChoice } from "./doctor-options.ts";

/** 79 if something is wrong or undecided, 80 if there are only warnings and these count. */
export function doctorExit(reports: readonly DoctorReport[], failOn: FailChoice): number {
  if (failOn === "never") return EXIT.ok;
  if (reports.some(({ rootCauses, unknown }) => rootCauses.length > 0 || unknown !== undefined))
    return EXIT.found;
  const isWarned = reports.some(({ warnings }) => warnings.length > 0);
  return isWarned && failOn === "warning" ? EXIT.warned : EXIT.ok;
}
