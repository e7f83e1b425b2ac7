import type { Clock } from "../token/clock.ts";
import type { Env } from "../token/env.ts";
import type { SecurityKeys } from "../token/fido2/security-keys.ts";
import type { SystemConfig } from "../token/settings/system-config.ts";

/** The controlling terminal, opened by its device: there also when every stream is redirected. */
export interface TerminalDevice {
  write(text: string): void;
  /** Writes one line over the one that the cursor is in. */
  rewrite(text: string): void;
  /** A line typed by the person; `hidden` shows nothing of it. Rejects with `interrupted` on Ctrl-C. */
  readLine(options: { readonly hidden: boolean; readonly signal: AbortSignal }): Promise<string>;
  close(): void;
}

/** A message on the desktop: no secret, and nothing that a server or a file said. */
export interface DesktopMessage {
  readonly title: string;
  readonly text: string;
}

/** A standard stream. Data goes out, people are addressed on err. */
export type OutputStream = "out" | "err";

/** The standard streams. What steers or deceives a terminal is shown by its number: most texts are in part of others. */
export interface Io {
  out(text: string): void;
  err(text: string): void;
  /** Writes colors and the like of our own: texts of others in it have gone through token/text/printable.ts already. */
  paint(stream: OutputStream, text: string): void;
  /** All of standard input. */
  readStdin(): Promise<string>;
  readonly stdinIsTerminal: boolean;
  readonly stdoutIsTerminal: boolean;
  readonly stderrIsTerminal: boolean;
  /** Width of the terminal in columns; 100 when there is none. */
  readonly columns: number;
  /** Undefined when no terminal controls this process. */
  openTerminal(): TerminalDevice | undefined;
}

/** All a command may use of the outside world. Real in plugin/real-app.ts; the lab puts its own key in. */
export interface App {
  readonly env: Env;
  /** Variables that the launcher kept from us; for programs of others that we run, and for the doctor. */
  readonly dropped: Env;
  readonly platform: NodeJS.Platform;
  readonly homeDir: string;
  /** Home of the user in the user database, which no variable changes; undefined without an entry there. */
  readonly databaseHome: string | undefined;
  /** Undefined where there is none, as on Windows. */
  readonly systemConfig: SystemConfig | undefined;
  readonly hostname: string;
  readonly processId: number;
  readonly parentId: number;
  readonly clock: Clock;
  readonly io: Io;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
  /** Shows a message on the desktop, as far as there is one; never fails. */
  readonly notify: (message: DesktopMessage) => Promise<void>;
  /** Opens an address in the person's browser; false where there is none to be seen. Never fails. */
  readonly openBrowser: (address: string) => Promise<boolean>;
  /** Loaded only where a security key is asked for. */
  readonly securityKeys: () => Promise<SecurityKeys>;
  /** The path or name by which this program was started, as it was typed. */
  readonly startedAs: string | undefined;
  /** How the person calls us: `kubectl vouch`, or `kubectl-vouch`. */
  readonly programName: string;
}
