/** The reports that carry a message, as a key writes them. Source: token/fido2/CTAP.md, "Frames". */
export function softReports(cid: number, command: number, payload: Uint8Array): Buffer[] {
  const head = Buffer.alloc(64);
  head.writeUInt32BE(cid, 0);
  head.writeUInt8(0x80 | command, 4);
  head.writeUInt16BE(payload.length, 5);
  head.set(payload.subarray(0, 57), 7);
  const reports = [head];
  for (let at = 57; at < payload.length; at += 59) {
    const next = Buffer.alloc(64);
    next.writeUInt32BE(cid, 0);
    next.writeUInt8(reports.length - 1, 4);
    next.set(payload.subarray(at, at + 59), 5);
    reports.push(next);
  }
  return reports;
}
