import { edit } from "../../../token/command/command.ts";
import type { PassedOver, Section } from "../../../token/kubeconfig/kubeconfig-document.ts";
import type { KubeconfigReading } from "../../derive/kubeconfig/effective-context.ts";
import { type Fix, forYou } from "../../fixes/fix.ts";

/** A part of a kubeconfig file that kubectl ignores. */
export interface PassedOverPart extends PassedOver {
  readonly path: string;
}

/** The first ignored part with an entry of this name in this section. */
export function passedOverEntry(
  reading: KubeconfigReading | undefined,
  section: Section,
  name: string,
): PassedOverPart | undefined {
  return name === "" ? undefined : partsOf(reading).find(({ holds }) => holds(section, name));
}

/** The first ignored part that contains this key. */
export function passedOverKey(
  reading: KubeconfigReading | undefined,
  key: string,
): PassedOverPart | undefined {
  return partsOf(reading).find(({ gives }) => gives(key));
}

function partsOf(reading: KubeconfigReading | undefined): PassedOverPart[] {
  return (reading?.view?.documents ?? []).flatMap(({ path, passedOver }) =>
    passedOver.map((part) => ({ ...part, path })),
  );
}

export function sayPassedOver({ path, why }: PassedOverPart): string {
  return `${path}: ${why}.`;
}

/** How to correct a file so that kubectl reads all of it. No tool does that: they rewrite what they read, and lose the rest. */
export function correctPassedOver({ kind, path, line }: PassedOverPart): Fix {
  return kind === "documents"
    ? forYou(
        "Move what begins there to the first document, or to a separate file listed in KUBECONFIG.",
        edit(path, line),
      )
    : forYou("Merge both under one key, or remove the one that is not intended.", edit(path, line));
}
