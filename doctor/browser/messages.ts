import type { Shell } from "../../token/command/render-command.ts";
import type { PastedText } from "../paste/read-paste.ts";
import type { HtmlElement } from "../report/html/node.ts";

/** What the page asks its worker. The answer has the same `id`. */
export type PageRequest = {
  readonly id: number;
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly texts: readonly PastedText[];
} & (
  | { readonly kind: "mask" }
  | {
      readonly kind: "judge";
      readonly shell: Shell;
      /** Whether account IDs, hosts and names of people, roles and clusters are left out. */
      readonly redact: boolean;
    }
);

/** What the worker answers; everything in it may be shown and saved. */
export type PageAnswer = { readonly id: number } & (
  | { readonly kind: "masked"; readonly texts: readonly PastedText[] }
  | { readonly kind: "refused"; readonly why: string }
  | Judged
);

export interface Judged {
  readonly kind: "judged";
  /** The verdict, for screen readers. */
  readonly status: string;
  /** What each piece was taken for, and the heading of that list, which counts the pieces. */
  readonly taken: readonly HtmlElement[];
  readonly takenHeading: string;
  /** Whether something was left out: then the list is open. */
  readonly isLeftOut: boolean;
  readonly report: readonly HtmlElement[];
  /** The report as a document of its own. */
  readonly document: string;
  /** The bundle in JSON. */
  readonly evidence: string;
}
