import type { DoctorEvidence } from "../../../doctor/evidence/evidence.ts";

/** Markup, an escape and a sign that turns the line, in place of a name. */
export const HOSTILE_NAME = `x"'><img src=http://hostile.example/x onerror=alert(1)></pre><script>alert(2)</script>\u202e\u001b[2J`;

/** A bundle in which every name of the cluster, the role and the context is hostile. */
export function withHostileNames(bundle: DoctorEvidence): DoctorEvidence {
  const escaped = JSON.stringify(HOSTILE_NAME).slice(1, -1);
  return JSON.parse(
    JSON.stringify(bundle).replaceAll(/role\/Dev|"lab"|"web"/g, (name) =>
      name.startsWith('"') ? `"${escaped}"` : `role/${escaped}`,
    ),
  ) as DoctorEvidence;
}
