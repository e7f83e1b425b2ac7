import { VouchError } from "../../../token/errors/errors.ts";
import { parseKubeconfig } from "../../../token/kubeconfig/kubeconfig-document.ts";
import { type KubeconfigView, readKubeconfigs } from "../../../token/kubeconfig/kubeconfig-files.ts";
import { type DoctorEvidence, knownValue } from "../../evidence/evidence.ts";

/** The kubeconfig files, read and merged as kubectl does it. */
export interface KubeconfigReading {
  /** Undefined when a file is broken or could not be had: then nobody knows what the merge gives. */
  readonly view: KubeconfigView | undefined;
  readonly broken: readonly BrokenFile[];
  /** Files that are in the list and do not exist; kubectl skips them. */
  readonly missing: readonly string[];
}

interface BrokenFile {
  readonly path: string;
  readonly why: string;
}

/** Undefined when nobody looked at the files. */
export function readKubeconfigEvidence(evidence: DoctorEvidence): KubeconfigReading | undefined {
  const files = knownValue(evidence.kubeconfig)?.files;
  if (files === undefined) return undefined;
  const texts = new Map<string, string>();
  const broken: BrokenFile[] = [];
  const missing: string[] = [];
  let unknown = false;
  for (const file of files) {
    if ("text" in file) {
      texts.set(file.path, file.text);
      broken.push(...brokenFile(file.path, file.text));
      continue;
    }
    // The path may hold any word itself.
    const why = file.failed.replace(`${file.path} cannot be read: `, "").replace(/\.$/, "");
    if (NOT_THERE.test(why)) missing.push(file.path);
    else if (FORBIDDEN.test(why)) broken.push({ path: file.path, why });
    else unknown = true;
  }
  const readable = broken.length === 0 && !unknown;
  const view = readable ? readKubeconfigs([...texts.keys()], (path) => texts.get(path)) : undefined;
  return { view, broken, missing };
}

/** How systems, and people, say that there is no such file. */
const NOT_THERE = /ENOENT|no such file|not there|does not exist|not exist|not found|missing|cannot find/i;

/** A file that kubectl cannot read either. */
const FORBIDDEN = /EACCES|EPERM|permission denied|EISDIR|is a directory/i;

function brokenFile(path: string, text: string): BrokenFile[] {
  try {
    parseKubeconfig(text, path);
    return [];
  } catch (error) {
    if (!(error instanceof VouchError)) throw error;
    const why = error.message.replace(/^.*? is not a kubeconfig we can use: /s, "").replace(/\.$/, "");
    return [{ path, why }];
  }
}
