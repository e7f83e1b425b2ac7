import { isRecord } from "../../token/record.ts";
import { type DoctorEvidence, failureOf } from "../evidence/evidence.ts";
import { type EvidencePart, type ExcerptPart, partEntry } from "../evidence/parts.ts";
import { checkedPart } from "../evidence/read-evidence.ts";
import type { Found } from "./found.ts";

type Parts = Partial<Record<EvidencePart, unknown>>;

/** A bundle as it grows, piece by piece. */
export class EvidenceDraft {
  #start: DoctorEvidence;
  #hasBundle = false;
  readonly #parts: Parts = {};
  readonly #excerpts = new Set<EvidencePart>();
  readonly #whole = new Set<EvidencePart>();

  constructor(now: number) {
    this.#start = {
      apiVersion: "vouch.kubectl/v1",
      kind: "DoctorEvidence",
      gatheredAt: new Date(now).toISOString(),
    };
  }

  /** Starts from a bundle, whose parts take precedence over what is pasted with it. Returns why not, where it does not. */
  begin(bundle: DoctorEvidence): string | undefined {
    if (this.#hasBundle) return "a different bundle is used";
    this.#start = bundle;
    this.#hasBundle = true;
    return undefined;
  }

  has(part: EvidencePart): boolean {
    return this.#parts[part] !== undefined || this.#start[part] !== undefined;
  }

  /** Adds a part. Returns why not, where it does not. */
  add({ part, value, isExcerpt = false }: Found): string | undefined {
    const before = this.#parts[part];
    if (isFailure(value) && before !== undefined)
      return isFailure(before) ? "an earlier one is used" : "an answer takes precedence over a failure";
    // Fields may come one by one: only all of them together can be checked.
    const checked = partEntry(part).merges === "fields" ? { value } : checkedPart(part, value);
    if ("problems" in checked) return checked.problems[0];
    const joined = joinedPart(part, before, checked.value);
    if (joined === undefined) return "an earlier one is used";
    this.#parts[part] = joined;
    (isExcerpt ? this.#excerpts : this.#whole).add(part);
    return undefined;
  }

  /** The bundle, and why parts of what was added are not in it: they are still incomplete, or were known. */
  finish(): { readonly evidence: DoctorEvidence; readonly unused: ReadonlyMap<EvidencePart, string> } {
    const unused = new Map<EvidencePart, string>();
    const parts = Object.entries(this.#parts).flatMap(([name, value]) => {
      const part = name as EvidencePart;
      const inBundle = this.#start[part];
      if (inBundle !== undefined && failureOf(inBundle) === undefined) {
        unused.set(part, "the bundle's copy takes precedence");
        return [];
      }
      const checked = checkedPart(part, part === "kubeconfig" ? this.#inOrder(value) : value);
      if (!("problems" in checked)) return [[part, checked.value] as const];
      unused.set(part, checked.problems[0] ?? "it is incomplete");
      return [];
    });
    const excerpts = [...this.#excerpts].filter(
      (part): part is ExcerptPart => !this.#whole.has(part) && partEntry(part).mayBeExcerpt === true,
    );
    const evidence = {
      ...this.#start,
      ...Object.fromEntries(parts),
      ...(excerpts.length === 0 ? {} : { excerpts: [...(this.#start.excerpts ?? []), ...excerpts] }),
    };
    return { evidence, unused };
  }

  /** Kubeconfig files in the order of KUBECONFIG, if that was pasted, too: the first that says something counts. */
  #inOrder(value: unknown): unknown {
    const { environment } = this.#parts;
    const list = isRecord(environment) ? environment["KUBECONFIG"] : undefined;
    if (typeof list !== "string" || !isRecord(value)) return value;
    const place = (file: unknown) => {
      const at = isRecord(file) ? list.indexOf(String(file["path"]).replace(/^~/, "")) : -1;
      return at < 0 ? list.length : at;
    };
    return { ...value, files: listIn(value, "files").toSorted((a, b) => place(a) - place(b)) };
  }
}

/** Adds an answer to the draft's own copy of a part, which it changes; undefined where only one of them can be right. */
function joinedPart(part: EvidencePart, before: unknown, value: unknown): unknown {
  const { merges } = partEntry(part);
  const isFirst = before === undefined || isFailure(before);
  if (Array.isArray(value)) return append(isFirst ? [] : before, value);
  if (!isRecord(value) || isFailure(value) || (isFirst && merges === undefined))
    return isFirst ? value : undefined;
  if (merges === "fields")
    return isFirst || isRecord(before) ? Object.assign(isFirst ? {} : (before as object), value) : undefined;
  if (merges === undefined || !(isFirst || isRecord(before))) return undefined;
  const { items: list } = merges;
  if (isFirst) return { ...value, [list]: [...listIn(value, list)] };
  append((before as Record<string, unknown>)[list], listIn(value, list));
  return before;
}

function append(list: unknown, values: readonly unknown[]): unknown {
  if (!Array.isArray(list)) return undefined;
  for (const value of values) list.push(value);
  return list;
}

function listIn(value: Readonly<Record<string, unknown>>, name: string): readonly unknown[] {
  const list = value[name];
  return Array.isArray(list) ? list : [];
}

function isFailure(value: unknown): boolean {
  return isRecord(value) && typeof value["failed"] === "string";
}
