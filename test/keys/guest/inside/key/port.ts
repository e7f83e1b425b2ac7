/** The FIDO interface of a key, as the kernel is told of it. Source: token/fido2/CTAP.md, "Devices". */
export const FIDO_DESCRIPTOR = Buffer.from(
  "06d0f10901a1010920150026ff007508954081020921150026ff00750895409102c0",
  "hex",
);

export const YUBICO = 0x1050;

/** The kernel's end of a plugged-in key: 64-byte reports to the host. */
export interface KeyPort {
  send(report: Uint8Array): void;
  unplug(): void;
}

/** Who hears what the host wrote. */
export interface PortListener {
  /** 64 bytes. */
  report(report: Uint8Array): void;
  /** It was no report, and a key on a real wire would not have understood it. */
  malformed(why: string): void;
}
