/** Bounds the wait for a call that cannot be cancelled; the call itself goes on. */
export function within<T>(limitMs: number, what: string, call: Promise<T>): Promise<T> {
  const { promise, resolve, reject } = Promise.withResolvers<T>()
  const timer = setTimeout(() => reject(new Error(`${what} took longer than ${limitMs} ms`)), limitMs)
  call.then(resolve, reject).finally(() => clearTimeout(timer))
  return promise
}
