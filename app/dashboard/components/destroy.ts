import { messageOf } from '#dashboard/api/problem.ts'
import { confirm } from './confirm.tsx'
import { toast } from './toast.tsx'

interface Destruction {
  /** The question: "Delete Green tea?" */
  readonly title: string
  /** What it means, and that it cannot be undone. */
  readonly text: string
  /** On the button. */
  readonly verb: string
  readonly run: () => Promise<unknown>
  /** Said when it is done. */
  readonly done: string
}

/** Asks, does it, and says so. False when the person thought better of it or the API refused. */
export async function destroy({ title, text, verb, run, done }: Destruction): Promise<boolean> {
  if (!(await confirm({ title, text, verb }))) return false
  try {
    await run()
  } catch (error) {
    toast.failed(new Error(`${title.replace(/\?$/, '')}: ${messageOf(error)}`))
    return false
  }
  toast.done(done)
  return true
}
