import { debug } from "../../debug.ts";
import type { Env } from "../../env.ts";
import { reasonOf, VouchError } from "../../errors/errors.ts";
import { throwIfInterrupted } from "../../timers.ts";
import { malformedAnswer, required } from "../ctap/cbor.ts";
import type { DialogWait, KeyDialog } from "../key-dialog.ts";
import { type Act, type HelperAnswer, helperAnswer, helperRequest, uint32 } from "./messages.ts";
import { isAbsent, noDesktop, windowsError } from "./windows-error.ts";

/** A running vouch-webauthn.exe. */
interface Helper {
  /** Asks it to close the dialog, by ending its standard input. */
  readonly cancel: () => void;
  readonly kill: () => void;
  /** Its exit status, once all its output has been heard. Rejects if it cannot be started. */
  readonly ended: Promise<number | null>;
}

/** Starts the helper with a request, and passes on what it prints. */
export type StartHelper = (request: string, hear: (text: string) => void) => Helper;

interface WindowsDialogOptions {
  readonly start: StartHelper;
  readonly env: Env;
}

/** How long a challenge is valid, in milliseconds. Source: token/vouch/VOUCH-PROTOCOL.md, "Challenge". */
const CHALLENGE_MS = 300_000;
/** How long typing a PIN and touching a key may take, in milliseconds. */
const PIN_AND_TOUCH_MS = 30_000;
/** Windows takes a time limit as a hint only; how much later we close the dialog ourselves, in milliseconds. */
const LATE_MS = 5000;
/** How long a canceled helper may take to end, in milliseconds. Less than Ctrl-C leaves to the whole program. */
const KILL_MS = 1500;
/** The longest answer, in characters. */
const MAX_ANSWER = 512 * 1024;

/** HRESULT of a time-out. */
const TIMED_OUT = "800705b4";

/** Windows' own dialog, through the helper that calls webauthn.dll: no administrator is needed. Source: CTAP.md, "Windows". */
export function windowsDialog(options: WindowsDialogOptions): KeyDialog {
  return {
    assert: async ({ rpId, clientDataJson }, wait) => {
      const request = values({ rpId, clientDataJson }, wait);
      const answer = await ask({ act: "assert", rpId, request }, wait, options);
      return (
        answer && {
          credentialId: required(answer.get("credential-id")),
          authenticatorData: required(answer.get("authenticator-data")),
          signature: required(answer.get("signature")),
          userHandle: required(answer.get("user-handle")),
        }
      );
    },
    create: async ({ rpId, clientDataJson, rpName, user, excludeIds }, wait) => {
      const request = [
        ...values({ rpId, clientDataJson }, wait),
        ["rp-name", Buffer.from(rpName)] as const,
        ["user-id", user.id] as const,
        ["user-name", Buffer.from(user.name)] as const,
        ...excludeIds.map((id) => ["exclude", id] as const),
      ];
      const answer = await ask({ act: "create", rpId, request }, wait, options);
      return answer && required(answer.get("attestation-object"));
    },
  };
}

type Values = readonly (readonly [string, Uint8Array])[];

function values(
  { rpId, clientDataJson }: { readonly rpId: string; readonly clientDataJson: Uint8Array },
  { timeoutMs }: DialogWait,
): Values {
  return [
    ["rp-id", Buffer.from(rpId)],
    ["client-data", clientDataJson],
    ["timeout", uint32(limitOf(timeoutMs))],
  ];
}

/** The user's limit is for plugging in the key; the dialog also takes the PIN and the touch. */
function limitOf(timeoutMs: number): number {
  return timeoutMs === 0 ? CHALLENGE_MS : Math.min(timeoutMs + PIN_AND_TOUCH_MS, CHALLENGE_MS);
}

interface Question {
  readonly act: Act;
  readonly rpId: string;
  readonly request: Values;
}

/** The values of the answer; undefined if this Windows does not have the dialog. */
async function ask(
  { act: helperAct, rpId, request }: Question,
  wait: DialogWait,
  { start, env }: WindowsDialogOptions,
): Promise<HelperAnswer["values"] | undefined> {
  const act = helperAct === "assert" ? "login" : "registration";
  if (hasNoDesktop(env)) throw noDesktop(act);
  const { answer, isLate } = await converse(helperRequest(helperAct, request), wait, start);
  const error = answer.error ?? (isLate ? { code: TIMED_OUT, name: "" } : undefined);
  debug(`webauthn.dll: API ${answer.values.get("api")?.[0]}, ${error === undefined ? "ok" : error.code}`);
  if (error === undefined) return answer.values;
  if (isAbsent(error.code)) return undefined;
  const code = isLate ? TIMED_OUT : error.code;
  throw windowsError({ ...error, code, rpId, act, isRemote: /^rdp/i.test(env["SESSIONNAME"] ?? "") });
}

/** Windows' sshd sets SSH_CONNECTION; a service has the session name "Services". Source: CTAP.md, "Windows". */
function hasNoDesktop(env: Env): boolean {
  return Boolean(env["SSH_CONNECTION"]) || /^services$/i.test(env["SESSIONNAME"] ?? "");
}

/** One run of the helper, until it ends: closed by us on the signal, or when it is late. */
async function converse(
  request: string,
  { signal, timeoutMs, timers, opens }: DialogWait,
  start: StartHelper,
): Promise<{ readonly answer: HelperAnswer; readonly isLate: boolean }> {
  throwIfInterrupted(signal);
  let text = "";
  let isOpen = false;
  let isLate = false;
  const helper = start(request, (more) => {
    if (text.length < MAX_ANSWER) text += more;
    // It writes this line once the library is loaded, before the window opens.
    if (isOpen || !/^api [^\n]*\n/.test(text)) return;
    isOpen = true;
    opens();
  });
  const stops: (() => void)[] = [];
  const cancel = () => {
    helper.cancel();
    stops.push(timers.after(KILL_MS, helper.kill));
  };
  signal.addEventListener("abort", cancel, { once: true });
  stops.push(
    timers.after(limitOf(timeoutMs) + LATE_MS, () => {
      isLate = true;
      cancel();
    }),
  );
  try {
    const status = await helper.ended.catch(cannotStart);
    throwIfInterrupted(signal);
    const answer = helperAnswer(text);
    if (answer !== undefined) return { answer, isLate };
    if (isLate) return { answer: { values: new Map() }, isLate };
    debug(`vouch-webauthn.exe: exit ${status}, ${text.length} characters`);
    throw text === "" || status !== 0 ? endedEarly(status) : malformedAnswer();
  } finally {
    signal.removeEventListener("abort", cancel);
    for (const stop of stops) stop();
  }
}

function cannotStart(error: unknown): never {
  throw new VouchError("security-key-failed", `vouch-webauthn.exe cannot be started: ${reasonOf(error)}`, {
    cause: error,
    hint: "Unpack the whole archive again; vouch-webauthn.exe must be in the same folder as kubectl-vouch.exe.",
  });
}

function endedEarly(status: number | null): VouchError {
  return new VouchError(
    "security-key-failed",
    `Windows' library for security keys failed: vouch-webauthn.exe exited with status ${status}.`,
  );
}
