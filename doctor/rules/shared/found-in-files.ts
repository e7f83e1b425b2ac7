import { type Conclusion, found, passed, type Verdict } from "../../check/verdict.ts";
import type { Confidence } from "../../derive/confidence.ts";
import type { Facts } from "../../derive/facts.ts";
import { knownValue } from "../../evidence/evidence.ts";

interface InFiles extends Pick<Conclusion, "severity" | "describe"> {
  /** Asked only where nobody's own words decide. */
  readonly isShown: () => boolean;
  /** Whether the files are those that count; else something unknown could come before them. */
  readonly isSure?: boolean;
  readonly most?: Confidence;
}

/**
 * What files alone show of a plugin that nobody ran, and of which nobody asked AWS: their own words decide. Less sure where the
 * cluster refused a token, which a plugin without credentials does not give.
 */
export function foundInFiles(
  seen: Facts,
  { isShown, isSure = seen.credentials?.isSure === true, most = "likely", ...conclusion }: InFiles,
): Verdict {
  const { pluginRun, callerIdentity } = seen.evidence;
  if ((knownValue(pluginRun) ?? knownValue(callerIdentity)) !== undefined || !isShown()) return passed;
  const isFelt = isSure && seen.symptom?.kind !== "unauthorized";
  return found({ ...conclusion, confidence: isFelt ? most : "possible" });
}
