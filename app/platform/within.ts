/** Bounds the wait for a call that cannot be cancelled; the call itself goes on. */
export function within<T>(limitMs: number, what: string, call: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`${what} took longer than ${limitMs} ms`)), limitMs)
    call.then(
      (value) => {
        clearTimeout(timer)
        resolve(value)
      },
      (failure) => {
        clearTimeout(timer)
        reject(failure)
      },
    )
  })
}
