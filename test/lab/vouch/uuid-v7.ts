import { randomBytes } from "node:crypto";

/** A version 7 UUID: the time in milliseconds, then random bits. Source: RFC 9562, 5.7. */
export function uuidV7(nowMs: number): string {
  const time = Math.floor(nowMs).toString(16).padStart(12, "0");
  const random = randomBytes(10);
  random.writeUInt16BE((random.readUInt16BE(0) & 0x0fff) | 0x7000, 0);
  random.writeUInt8((random.readUInt8(2) & 0x3f) | 0x80, 2);
  const digits = time + random.toString("hex");
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
