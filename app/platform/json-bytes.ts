/** JSON in the making, as bytes: one text after the other, as nobody waits in the middle of one. */

export class JsonBytes {
  #bytes = Buffer.allocUnsafeSlow(firstBytes)
  #at = 0

  begin(head: string): void {
    this.#at = 0
    this.reserve(Buffer.byteLength(head))
    this.#at = this.#bytes.write(head)
  }

  /** Makes room for so many more. */
  reserve(bytes: number): void {
    if (this.#at + bytes <= this.#bytes.length) return
    const larger = Buffer.allocUnsafeSlow(Math.max(this.#at + bytes, this.#bytes.length * 2))
    this.#bytes.copy(larger, 0, 0, this.#at)
    this.#bytes = larger
  }

  /** As it is. Like `text` and `time` only into room that was made. */
  copy(from: Buffer): void {
    const bytes = this.#bytes
    const at = this.#at
    const { length } = from
    // A loop: of so few bytes, the call of `set` would take longer.
    for (let index = 0; index < length; index += 1) bytes[at + index] = from[index] as number
    this.#at = at + length
  }

  /** In quotes, escaped as by JSON.stringify. @param from UTF-8 */
  text(from: Buffer): void {
    const bytes = this.#bytes
    let at = this.#at
    bytes[at++] = quote
    const { length } = from
    for (let index = 0; index < length; index += 1) {
      const byte = from[index] as number
      if (byte >= space && byte !== quote && byte !== backslash) bytes[at++] = byte
      else at = escaped(bytes, at, byte)
    }
    bytes[at++] = quote
    this.#at = at
  }

  /** In quotes, as RFC 3339: `2026-11-20 20:11:15.123+00` is that but for two places. */
  time(from: Buffer): void {
    const bytes = this.#bytes
    bytes[this.#at++] = quote
    const start = this.#at
    this.copy(from)
    bytes[start + 10] = letterT
    this.#at -= 3
    bytes[this.#at++] = letterZ
    bytes[this.#at++] = quote
  }

  /** A copy of all that was written since `begin`. */
  end(tail: string): Buffer {
    this.reserve(Buffer.byteLength(tail))
    this.#at += this.#bytes.write(tail, this.#at)
    const page = Buffer.from(this.#bytes.subarray(0, this.#at))
    if (this.#bytes.length > mostKeptBytes) this.#bytes = Buffer.allocUnsafeSlow(firstBytes)
    return page
  }
}

function escaped(bytes: Buffer, from: number, byte: number): number {
  let at = from
  bytes[at++] = backslash
  const short = shortEscapes.get(byte)
  if (short !== undefined) {
    bytes[at++] = short
    return at
  }
  at += bytes.write('u00', at)
  bytes[at++] = hexDigits[byte >> 4] as number
  bytes[at++] = hexDigits[byte & 15] as number
  return at
}

const [quote, backslash, space, letterT, letterZ] = [0x22, 0x5c, 0x20, 0x54, 0x5a]
const hexDigits = Buffer.from('0123456789abcdef')

/** A control character becomes `\u001f`. */
export const longestEscape = 6

/** After the backslash, of those that have a short escape. */
const shortEscapes = new Map(
  [...'"\\\b\f\n\r\t'].map((char) => [char.charCodeAt(0), JSON.stringify(char).charCodeAt(2)]),
)

const firstBytes = 64 * 1024
const mostKeptBytes = 1024 * 1024
