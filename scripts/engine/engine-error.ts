/** A failure a person can mend: its message is one line that names the variable or tool and the fix. */
export class EngineError extends Error {
  override readonly name = 'EngineError'
}

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
