import { useEffect, useState } from 'react'

/** The value once it has stood still for `delayMs`: a search asks when the reader pauses, not at each letter. */
export function useDebounced<Value>(value: Value, delayMs = 250): Value {
  const [settled, setSettled] = useState(value)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), delayMs)
    return () => clearTimeout(timer)
  }, [value, delayMs])
  return settled
}
