/**
 * Rows that the fault-injection suite breaks in the lab: real kubectl fails there, the doctor finds the row with its probes, and
 * the printed fix makes kubectl work again. All other rows are only tested with bundles.
 */
export const LIVE_ROWS: ReadonlySet<string> = new Set([
  ..."K1 K2 K3 K4 K5 K6 K7 K8 K9 K10 K11 K13 K14 K15 K16 K17 K18".split(" "),
  ..."L1 L2 L3 L4 L5 L6 L7 L8 L9 L10 L12 L13 L15 L16 L17 L18 L19 L20".split(" "),
  ..."S1 S2 S3 S4 S5 S6 S8 S9".split(" "),
  ..."V1 V2 V3 V4 V6 V8".split(" "),
  ..."N1 N6 N7 N8 N9 N10 N11 N12 N13".split(" "),
  ..."M1 M2 M3 M4 M5".split(" "),
  ..."E1 E2 E3 E4 E5 E6 E7 E8 E11 E12".split(" "),
  ..."A1 A2 A3 A4 A5 A6 A7 A8 A9 A11 A12 A13 A15 A16".split(" "),
  ..."P1 P2 P3 P4 P5 P6 P7 P9 P10 P11 P13".split(" "),
  ..."T2".split(" "),
  ..."R1 R2 R3 R4 R5 R6 R7 R10".split(" "),
]);

/** Rows without a rule, and which evidence is missing. */
export const UNCOVERED_ROWS: Readonly<Record<string, string>> = {};
