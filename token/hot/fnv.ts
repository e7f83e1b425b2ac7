/**
 * FNV-1a, 64 bits, over UTF-16 code units, as 16 hexadecimal digits. A cheap name for a file, no protection:
 * whoever reads such a file compares the whole key in it.
 *
 * Source: draft-eastlake-fnv, section 5 (offset basis cbf29ce484222325, prime 2^40 + 0x1b3).
 */
export function fnv64(text: string): string {
  let high = 0xcbf29ce4;
  let low = 0x84222325;
  for (let index = 0; index < text.length; index++) {
    low = (low ^ text.charCodeAt(index)) >>> 0;
    const product = low * 0x1b3;
    const carry = Math.floor(product / 0x1_0000_0000);
    high = (Math.imul(high, 0x1b3) + carry + (low << 8)) >>> 0;
    low = product % 0x1_0000_0000;
  }
  return hex32(high) + hex32(low);
}

function hex32(value: number): string {
  return value.toString(16).padStart(8, "0");
}
