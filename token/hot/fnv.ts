/**
 * FNV-1a, 64 bits, over UTF-16 code units, as 16 hexadecimal digits. A cheap file name without security: whoever reads such a
 * file compares the whole key in it.
 *
 * In four limbs of 16 bits, lowest first, so that every step is a small integer: in an interpreter this takes half as long as two
 * limbs of 32 bits. Source: draft-eastlake-fnv, section 5 (offset basis cbf29ce484222325, prime 2^40 + 0x1b3).
 */
export function fnv64(text: string): string {
  let a = 0x2325;
  let b = 0x8422;
  let c = 0x9ce4;
  let d = 0xcbf2;
  for (let index = 0; index < text.length; index++) {
    a ^= text.charCodeAt(index);
    d = d * 0x1b3 + (b << 8);
    c = c * 0x1b3 + (a << 8);
    b = b * 0x1b3;
    a = a * 0x1b3;
    b += a >>> 16;
    a &= 0xffff;
    c += b >>> 16;
    b &= 0xffff;
    d = (d + (c >>> 16)) & 0xffff;
    c &= 0xffff;
  }
  return hex16(d) + hex16(c) + hex16(b) + hex16(a);
}

/**
 * FNV-1a, 32 bits, over UTF-16 code units, as 8 hexadecimal digits: half the work, for the warm path, whose files hold the
 * whole key. Source: draft-eastlake-fnv, section 5 (offset basis 811c9dc5, prime 2^24 + 0x193).
 */
export function fnv32(text: string): string {
  let a = 0x9dc5;
  let b = 0x811c;
  for (let index = 0; index < text.length; index++) {
    a ^= text.charCodeAt(index);
    b = b * 0x193 + (a << 8);
    a = a * 0x193;
    b = (b + (a >>> 16)) & 0xffff;
    a &= 0xffff;
  }
  return hex16(b) + hex16(a);
}

function hex16(value: number): string {
  return value.toString(16).padStart(4, "0");
}
