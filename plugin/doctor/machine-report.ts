import type { Examination } from "./examine.ts";

/**
 * What `--pre` makes of an examination: no call was made, so that nothing is wrong as long as no fault was seen. Whether a
 * cluster lets one in is another question.
 */
export function machineReport({ evidence, report }: Examination): Examination {
  const isReady = report.rootCauses.length === 0;
  return { evidence, report: { ...report, healthy: isReady, unknown: undefined } };
}
