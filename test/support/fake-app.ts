import assert from "node:assert/strict";
import type { App, Io, TerminalDevice } from "../../plugin/app.ts";
import { guardedIo } from "../../plugin/terminal/terminal.ts";
import type { Env } from "../../token/env.ts";
import type { SecurityKeys } from "../../token/fido2/hid/security-keys.ts";
import type { SystemConfig } from "../../token/settings/system-config.ts";
import type { Clock } from "../../token/timers.ts";
import type { ScriptedTerminal } from "./scripted-terminal.ts";

export interface FakeAppOptions {
  /** A folder of the test's own; HOME as well, unless `env` says otherwise. */
  readonly home: string;
  readonly env?: Env;
  /** Home in the user database; the same as `home` unless given. */
  readonly databaseHome?: string | undefined;
  readonly systemConfig?: SystemConfig | undefined;
  readonly dropped?: Env;
  readonly startedAs?: string;
  readonly clock?: Clock;
  readonly notify?: App["notify"];
  readonly openBrowser?: App["openBrowser"] | undefined;
  /** The contents of standard input. Without it, reading fails the test. */
  readonly stdin?: string;
  /** The controlling terminal; `none` if there is none. Without it, opening one fails the test. */
  readonly terminal?: ScriptedTerminal | "none" | undefined;
  /** The plugged-in keys. Without it, asking for them fails the test. */
  readonly securityKeys?: (() => Promise<SecurityKeys>) | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly parentId?: number | undefined;
  readonly platform?: NodeJS.Platform;
  /** Streams that are terminals. */
  readonly terminals?: readonly ("stdin" | "stdout" | "stderr")[] | undefined;
  readonly columns?: number | undefined;
  /** Listens to stderr while the command runs. */
  readonly onErr?: ((text: string) => void) | undefined;
}

/** An app in memory, and what was written through it. */
export interface FakeApp extends App {
  readonly written: { readonly stdout: string; readonly stderr: string };
}

/** Using a part that the test did not set fails the test. */
export function fakeApp(options: FakeAppOptions): FakeApp {
  const { home, env = { HOME: home } } = options;
  const written = { stdout: "", stderr: "" };
  return {
    written,
    env,
    dropped: options.dropped ?? {},
    platform: options.platform ?? "linux",
    homeDir: home,
    databaseHome: "databaseHome" in options ? options.databaseHome : home,
    systemConfig: options.systemConfig,
    hostname: "laptop",
    processId: 4711,
    parentId: options.parentId ?? 100,
    clock: options.clock ?? surprise("a look at the clock"),
    io: fakeIo(options, written),
    signal: options.signal ?? new AbortController().signal,
    notify: options.notify ?? surprise("a message on the desktop"),
    openBrowser: options.openBrowser ?? surprise("the browser to be opened"),
    securityKeys: options.securityKeys ?? surprise("a look at the security keys"),
    startedAs: options.startedAs,
    programName: "kubectl vouch",
  };
}

function fakeIo(options: FakeAppOptions, written: { stdout: string; stderr: string }): Io {
  const { stdin, terminal, terminals = [], columns = 80, onErr } = options;
  return guardedIo({
    write(stream, text) {
      if (stream === "out") written.stdout += text;
      else written.stderr += text;
      if (stream === "err") onErr?.(text);
    },
    readStdin: async () => stdin ?? surprise("standard input to be read")(),
    isTerminal: (name) => terminals.includes(name),
    columns,
    openTerminal(): TerminalDevice | undefined {
      if (terminal === undefined) return surprise("the terminal to be opened")();
      return terminal === "none" ? undefined : terminal.open();
    },
  });
}

function surprise(what: string): () => never {
  return () => assert.fail(`this test did not expect ${what}`);
}
