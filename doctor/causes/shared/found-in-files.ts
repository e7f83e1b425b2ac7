import { type Conclusion, found, passed, type Verdict } from "../../check/verdict.ts";
import type { Confidence } from "../../derive/confidence.ts";
import type { Facts } from "../../derive/facts.ts";
import { knownValue } from "../../evidence/evidence.ts";

interface InFiles extends Pick<Conclusion, "severity" | "describe"> {
  /** Called only if no message decides. */
  readonly isShown: () => boolean;
  /** Whether these files are certainly the ones in use; otherwise something unknown could take precedence. */
  readonly isSure?: boolean;
  readonly most?: Confidence;
}

/**
 * What files show if the plugin was not run and AWS was not called, since otherwise their messages decide. Less certain if the
 * cluster refused a token, which a plugin without credentials does not print.
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
