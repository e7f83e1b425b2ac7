import type { Readable, Writable } from "node:stream";
import type { Env } from "../token/env.ts";
import type { SecurityKeys } from "../token/fido2/hid/security-keys.ts";
import type { SystemConfig } from "../token/settings/system-config.ts";
import type { Clock } from "../token/timers.ts";

/** A terminal as libraries know it. */
interface TerminalStreams {
  readonly input: Readable;
  /** With `columns` and `rows`. */
  readonly output: Writable & { readonly rows?: number };
}

/** The controlling terminal, opened by its device, so that it works even when every stream is redirected. */
export interface TerminalDevice {
  write(text: string): void;
  /** Overwrites the line of the cursor with another. */
  rewrite(text: string): void;
  /** A line typed by the user; with `hidden` it is not echoed. Rejects with `interrupted` on Ctrl-C. */
  readLine(options: { readonly hidden: boolean; readonly signal: AbortSignal }): Promise<string>;
  /** Keyboard and screen for a library that draws; foreign text must already have gone through token/text/printable.ts. */
  streams(): TerminalStreams;
  close(): void;
}

/** A message on the desktop, without secrets and without text from a server or a file. */
export interface DesktopMessage {
  readonly title: string;
  readonly text: string;
}

/** A standard stream. Data goes to out, messages for people to err. */
export type OutputStream = "out" | "err";

/** The standard streams. Characters that control or deceive a terminal are escaped, since most texts contain foreign parts. */
export interface Io {
  out(text: string): void;
  err(text: string): void;
  /** Writes our own colors and the like; foreign parts of the text must already have gone through token/text/printable.ts. */
  paint(stream: OutputStream, text: string): void;
  /** All of standard input. */
  readStdin(): Promise<string>;
  isTerminal(stream: "stdin" | "stdout" | "stderr"): boolean;
  /** Width of the terminal in columns; 100 when there is none. */
  readonly columns: number;
  /** Undefined when no terminal controls this process. */
  openTerminal(): TerminalDevice | undefined;
}

/** Everything of the outside world that a command may use. Real in plugin/real-app.ts; the lab adds its own key. */
export interface App {
  readonly env: Env;
  /** Variables that the launcher withheld from us; for other programs that we run, and for the doctor. */
  readonly dropped: Env;
  readonly platform: NodeJS.Platform;
  readonly homeDir: string;
  /** Home of the user in the user database, which no variable changes; undefined without an entry there. */
  readonly databaseHome: string | undefined;
  /** Undefined if there is none, as on Windows. */
  readonly systemConfig: SystemConfig | undefined;
  readonly hostname: string;
  readonly processId: number;
  readonly parentId: number;
  readonly clock: Clock;
  readonly io: Io;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
  /** Shows a message on the desktop if there is one; never fails. */
  readonly notify: (message: DesktopMessage) => Promise<void>;
  /** Opens an address in the user's browser; false if there is none that the user could see. Never fails. */
  readonly openBrowser: (address: string) => Promise<boolean>;
  /** Loaded only when a security key is needed. */
  readonly securityKeys: () => Promise<SecurityKeys>;
  /** The path or name by which this program was started, as it was typed. */
  readonly startedAs: string | undefined;
  /** How the user calls us: `kubectl vouch`, or `kubectl-vouch`. */
  readonly programName: string;
}
