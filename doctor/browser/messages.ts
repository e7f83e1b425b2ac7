import type { Shell } from "../../token/command/render-command.ts";
import type { PastedText } from "../paste/read-paste.ts";
import type { HtmlElement } from "../report/html/node.ts";

/** How texts travel between the page and its worker. A long one is a blob: handing that over takes no time. */
export type Sent = string | Blob;

/** A text that somebody pasted or dropped. */
export interface SentText<T = Sent> extends Omit<PastedText, "text"> {
  readonly text: T;
  /** Why there is nothing to read in a file. */
  readonly problem?: string | undefined;
}

/** What the page asks its worker. The answer has the same `id`. */
export type PageRequest<T = Sent> = {
  readonly id: number;
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly texts: readonly SentText<T>[];
} & (
  | { readonly kind: "mask" }
  | {
      readonly kind: "judge";
      /** Undefined: the shell whose prompt is in the texts. */
      readonly shell?: Shell | undefined;
      /** Name of the client whose call fails, if somebody says so; empty: kubectl. */
      readonly client?: string | undefined;
      /** Whether account IDs, hosts and names of people, roles and clusters are left out. */
      readonly redact: boolean;
    }
  | { readonly kind: "explain"; readonly row: string }
);

/** What the worker answers; everything in it may be shown and saved. */
export type PageAnswer<T = Sent> = { readonly id: number } & (
  | { readonly kind: "masked"; readonly texts: readonly SentText<T>[] }
  | { readonly kind: "refused"; readonly why: string; readonly taken?: readonly TakenLine[] }
  | { readonly kind: "explained"; readonly report: readonly HtmlElement[] }
  | Judged<T>
);

/** What one piece of a text was taken for. */
export interface TakenLine {
  /** Number of its text. */
  readonly text: number;
  readonly isUsed: boolean;
  /** `lines 3–25` */
  readonly place: string;
  readonly words: string;
}

export interface Judged<T = Sent> {
  readonly kind: "judged";
  /** The verdict, for screen readers. */
  readonly status: string;
  readonly shell: Shell;
  readonly taken: readonly TakenLine[];
  readonly report: readonly HtmlElement[];
  /** The report as a document of its own. */
  readonly document: T;
  /** The bundle in JSON. */
  readonly evidence: T;
}
