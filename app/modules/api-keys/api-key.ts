/**
 * An API key is `slc_<id>_<secret><checksum>`: the prefix lets secret scanners find it, the checksum (CRC-32) lets us
 * refuse typing errors and noise without a look-up, and 178 random bits let it be kept as a plain SHA-256.
 */

import { hash, randomInt } from 'node:crypto'
import { crc32 } from 'node:zlib'

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const shape = /^(slc_[1-9]\d{0,14}_[0-9A-Za-z]{30})([0-9A-Za-z]{6})$/

export function newApiKey(id: number): string {
  const secret = Array.from({ length: 30 }, () => alphabet[randomInt(alphabet.length)]).join('')
  const unsigned = `slc_${id}_${secret}`
  return unsigned + checksum(unsigned)
}

/** Whether `text` can be a key of ours at all. */
export function isWellFormed(text: string): boolean {
  const [, unsigned, sum] = shape.exec(text) ?? []
  return unsigned !== undefined && checksum(unsigned) === sum
}

/** What is stored and looked up. */
export const apiKeyHash = (key: string): Buffer => hash('sha256', key, 'buffer')

// Six digits to the base 62 hold any 32 bits.
function checksum(text: string): string {
  let rest = crc32(text)
  let digits = ''
  for (let place = 0; place < 6; place++) {
    digits = alphabet[rest % 62] + digits
    rest = Math.floor(rest / 62)
  }
  return digits
}
