import { knownValue } from "../../evidence/evidence.ts";
import type { Facts } from "../facts.ts";
import { commandWords } from "../kubeconfig/command-words.ts";

/** A package whose programs do not see the machine's own. */
export interface Sandbox {
  readonly kind: "snap" | "Flatpak";
  readonly name: string;
  /** What shows it, as a sentence. */
  readonly shownBy: string;
  /** A snap that its publisher does not confine, except in old versions. */
  readonly mayBeClassic: boolean;
}

const CLASSIC: readonly string[] = ["kubectl", "helm", "aws-cli"];
const SNAP_PATH = /\/snap\/(?:bin\/)?([a-z][a-z0-9-]{0,40})(?=[/\s:"']|$)/;
const SNAP_HOME = /(?:\/home\/[^\s/]{1,80}|\/root)\/snap\/[a-z][a-z0-9-]{0,40}\//;
const FLATPAK_PATH = /\/(?:var\/lib|share)\/flatpak\//;
const FLATPAK_WORD = /\/\.var\/app\/[\w.-]{1,80}|\/run\/flatpak\/|\bflatpak\b|\bflathub\b/i;

/** The sandbox that the client runs in, by its place, its variables, its command or the paths in its error. */
export function sandboxOf(
  facts: Pick<Facts, "client" | "question" | "evidence" | "symptom">,
): Sandbox | undefined {
  const { client, question, evidence, symptom } = facts;
  const environment = knownValue(evidence.environment) ?? {};
  const said = symptom !== undefined && "text" in symptom ? symptom.text : "";
  const snap = snapAt([
    ["The client is", client?.path],
    ["The command is", commandWords(question?.command ?? "")[0]],
    ["HOME is", environment["HOME"]],
    ["The error mentions", SNAP_HOME.exec(said)?.[0]],
  ]);
  if (snap !== undefined) return snap;
  const name = environment["SNAP_NAME"];
  if (name !== undefined && name === client?.name) return ofSnap(name, `SNAP_NAME is ${name}.`);
  const app = environment["FLATPAK_ID"];
  const path = FLATPAK_PATH.test(client?.path ?? "") ? client?.path : undefined;
  const word = FLATPAK_WORD.exec(said)?.[0];
  const shownBy =
    (app && `FLATPAK_ID is ${app}.`) ??
    (path && `The client is ${path}.`) ??
    (word && `The error mentions ${word}.`);
  if (shownBy === undefined) return undefined;
  return { kind: "Flatpak", name: app ?? client?.name ?? "the client", shownBy, mayBeClassic: false };
}

function snapAt(
  places: readonly (readonly [says: string, place: string | undefined])[],
): Sandbox | undefined {
  for (const [says, place = ""] of places) {
    const [, name] = SNAP_PATH.exec(place) ?? [];
    if (name !== undefined) return ofSnap(name, `${says} ${place}.`);
  }
  return undefined;
}

function ofSnap(name: string, shownBy: string): Sandbox {
  return { kind: "snap", name, shownBy, mayBeClassic: CLASSIC.includes(name) };
}
