import { edit } from "../../../token/command/command.ts";
import type { PassedOver } from "../../../token/kubeconfig/passed-over.ts";
import type { KubeconfigReading } from "../../derive/kubeconfig/kubeconfig-reading.ts";
import { type Fix, forYou } from "../../fixes/fix.ts";

/** A part of a kubeconfig file that kubectl passes over. */
interface PassedOverPart extends PassedOver {
  readonly path: string;
}

/** The first part that is about one of these names or keys; kubectl sees nothing of it. */
export function passedOverWith(
  reading: KubeconfigReading | undefined,
  ...names: readonly string[]
): PassedOverPart | undefined {
  const parts = (reading?.view?.documents ?? []).flatMap(({ path, passedOver }) =>
    passedOver.map((part) => ({ ...part, path })),
  );
  return parts.find(({ holds }) => names.some((name) => name !== "" && holds(name)));
}

export function sayPassedOver({ path, why }: PassedOverPart): string {
  return `${path}: ${why}.`;
}

/** A file that kubectl reads whole. No tool does it: they rewrite what they read, and lose the rest. */
export function correctPassedOver({ kind, path, line }: PassedOverPart): Fix {
  return kind === "documents"
    ? forYou(
        "Put what begins there into the first document, or into a file of its own in KUBECONFIG.",
        edit(path, line),
      )
    : forYou("Put both under one key, or remove the one that is not meant.", edit(path, line));
}
