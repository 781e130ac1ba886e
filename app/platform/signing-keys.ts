/** Ed25519 keys that sign access tokens, PKCS8: from a folder, `<kid>.pem` each, or one after the other in a text. */

import { createHash, createPrivateKey, createPublicKey, type JsonWebKey } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

export interface SigningKey {
  readonly kid: string
  /** PEM. */
  readonly privateKey: string
  readonly publicKey: string
  readonly jwk: JsonWebKey
}

/** Where signing keys are; a folder may hold others a moment later. */
export interface SigningKeys {
  /** For whoever misses them. */
  readonly place: string
  /** All are accepted, the last one signs. */
  ids(): Promise<readonly string[]>
  /** @throws {Error} when it is not an Ed25519 private key. */
  read(kid: string): Promise<SigningKey>
}

/** The name that sorts last is the newest. */
export const keysInFolder = (directory: string): SigningKeys => ({
  place: directory,
  async ids() {
    const names = await readdir(directory)
    return names
      .filter((name) => name.endsWith('.pem'))
      .map((name) => name.slice(0, -'.pem'.length))
      .sort()
  },
  read: async (kid) => signingKey(await readFile(join(directory, `${kid}.pem`), 'utf8'), kid),
})

/** The first one signs. Their ids follow from the keys, so replicas agree. @throws {Error} when one is not Ed25519. */
export function keysInText(text: string): SigningKeys {
  // An environment file holds one line a variable: there the ends of lines are written out.
  const pems = text.replaceAll('\\n', '\n').match(/-----BEGIN [^-]+-----[^-]+-----END [^-]+-----/g) ?? []
  const keys = new Map(pems.map((pem) => signingKey(pem)).map((key) => [key.kid, key]))
  const ids = [...keys.keys()].reverse()
  return {
    place: 'the text that was given',
    ids: async () => ids,
    async read(kid) {
      const key = keys.get(kid)
      if (key === undefined) throw new Error(`there is no signing key ${kid}`)
      return key
    },
  }
}

function signingKey(pem: string, name?: string): SigningKey {
  const privateKey = createPrivateKey(pem)
  if (privateKey.asymmetricKeyType !== 'ed25519')
    throw new Error(`signing key ${name ?? 'of the text'} is not Ed25519`)
  const publicKey = createPublicKey(privateKey)
  const jwk = publicKey.export({ format: 'jwk' })
  const kid = name ?? thumbprint(jwk)
  return {
    kid,
    privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    publicKey: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    jwk: { ...jwk, kid, alg: 'EdDSA', use: 'sig' },
  }
}

/** RFC 7638, of a key of RFC 8037. */
const thumbprint = ({ crv, kty, x }: JsonWebKey): string =>
  createHash('sha256').update(JSON.stringify({ crv, kty, x })).digest('base64url')
