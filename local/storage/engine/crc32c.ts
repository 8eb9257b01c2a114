/** CRC-32C (Castagnoli), the checksum of Cloud Storage; `zlib.crc32` is another polynomial. Eight bytes a step (Intel's "slicing by 8"). */

const REVERSED_POLYNOMIAL = 0x82f63b78;
const ENTRIES = 256;

const TABLES = buildTables();

function buildTables(): Int32Array {
  const tables = new Int32Array(8 * ENTRIES);
  for (let byte = 0; byte < ENTRIES; byte++) {
    let crc = byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ REVERSED_POLYNOMIAL : crc >>> 1;
    tables[byte] = crc;
  }
  for (let index = ENTRIES; index < tables.length; index++) {
    const previous = at(tables, index - ENTRIES);
    tables[index] = (previous >>> 8) ^ at(tables, previous & 0xff);
  }
  return tables;
}

/** Two functions of one line, so that each meets one kind of array: the engine then makes a plain load of it. */
function at(table: Int32Array, index: number): number {
  return table[index] as number;
}

function byteAt(bytes: Uint8Array, index: number): number {
  return bytes[index] as number;
}

/** Carries a checksum on over more bytes. Start with 0. */
export function crc32c(bytes: Uint8Array, start = 0): number {
  const table = TABLES;
  let crc = ~start;
  let index = 0;
  for (const whole = bytes.length - (bytes.length % 8); index < whole; index += 8) {
    const low =
      crc ^
      (byteAt(bytes, index) |
        (byteAt(bytes, index + 1) << 8) |
        (byteAt(bytes, index + 2) << 16) |
        (byteAt(bytes, index + 3) << 24));
    crc =
      at(table, 1792 + (low & 0xff)) ^
      at(table, 1536 + ((low >>> 8) & 0xff)) ^
      at(table, 1280 + ((low >>> 16) & 0xff)) ^
      at(table, 1024 + (low >>> 24)) ^
      at(table, 768 + byteAt(bytes, index + 4)) ^
      at(table, 512 + byteAt(bytes, index + 5)) ^
      at(table, 256 + byteAt(bytes, index + 6)) ^
      at(table, byteAt(bytes, index + 7));
  }
  for (; index < bytes.length; index++) crc = (crc >>> 8) ^ at(table, (crc ^ byteAt(bytes, index)) & 0xff);
  return ~crc >>> 0;
}

/** Google writes the checksum as base64 of its four bytes, big end first. */
export function crc32cText(checksum: number): string {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(checksum);
  return bytes.toString('base64');
}
