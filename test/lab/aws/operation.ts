import type { LabWorld } from "../model.ts";
import type { Caller } from "./caller.ts";

/** What an operation works on. */
export interface CallContext {
  readonly world: LabWorld;
  readonly now: Date;
  /** The region of the endpoint, or on loopback that of the signature. */
  readonly region: string;
}

interface Described {
  readonly name: string;
  /** As the caller gave them, without tokens, signatures and other secrets. */
  readonly parameters: Readonly<Record<string, unknown>>;
}

/** A call that must be signed. */
interface SignedOperation<Result> extends Described {
  readonly signed: true;
  run(context: CallContext, caller: Caller): Result | Promise<Result>;
}

/** A call that needs no signature: AssumeRoleWithWebIdentity. */
interface OpenOperation<Result> extends Described {
  readonly signed: false;
  run(context: CallContext): Result | Promise<Result>;
}

export type Operation<Result> = SignedOperation<Result> | OpenOperation<Result>;
