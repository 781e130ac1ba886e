/** Ed25519 keys as files: `<kid>.pem`, PKCS8. The name that sorts last is the newest and signs; all are accepted. */

import { createPrivateKey, createPublicKey, type JsonWebKey } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

export interface SigningKey {
  readonly kid: string
  /** PEM. */
  readonly privateKey: string
  readonly publicKey: string
  readonly jwk: JsonWebKey
}

/** The key ids in `directory`, oldest first. */
export async function signingKeyIds(directory: string): Promise<string[]> {
  const names = await readdir(directory)
  return names
    .filter((name) => name.endsWith('.pem'))
    .map((name) => name.slice(0, -'.pem'.length))
    .sort()
}

/** @throws {Error} when the file is not an Ed25519 private key. */
export async function readSigningKey(directory: string, kid: string): Promise<SigningKey> {
  const privateKey = createPrivateKey(await readFile(join(directory, `${kid}.pem`), 'utf8'))
  if (privateKey.asymmetricKeyType !== 'ed25519') throw new Error(`signing key ${kid} is not Ed25519`)
  const publicKey = createPublicKey(privateKey)
  return {
    kid,
    privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    publicKey: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    jwk: { ...publicKey.export({ format: 'jwk' }), kid, alg: 'EdDSA', use: 'sig' },
  }
}
