/** Asks before something is destroyed: `if (await confirm({ … })) …`. One question at a time, answered by a promise. */

import { create } from 'zustand'
import { Button } from './button.tsx'
import { Dialog } from './dialog.tsx'

interface Question {
  readonly title: string
  /** What will be gone, and whether it can come back. */
  readonly text: string
  /** The verb on the button, as in the title: "Delete". */
  readonly verb: string
  /** False for what interrupts but destroys nothing. */
  readonly isDangerous?: boolean
}

interface Asked extends Question {
  readonly answer: (isYes: boolean) => void
}

const useQuestion = create<{ asked: Asked | undefined }>(() => ({ asked: undefined }))

export function confirm(question: Question): Promise<boolean> {
  useQuestion.getState().asked?.answer(false)
  return new Promise((resolve) => {
    const answer = (isYes: boolean): void => {
      useQuestion.setState({ asked: undefined })
      resolve(isYes)
    }
    useQuestion.setState({ asked: { ...question, answer } })
  })
}

/** Once, beside the pages. */
export function Confirmations() {
  const { asked } = useQuestion()
  if (!asked) return null
  return (
    <Dialog
      title={asked.title}
      onClose={() => asked.answer(false)}
      actions={
        <>
          <Button onClick={() => asked.answer(false)}>Cancel</Button>
          <Button
            look={asked.isDangerous === false ? 'primary' : 'danger'}
            onClick={() => asked.answer(true)}
          >
            {asked.verb}
          </Button>
        </>
      }
    >
      <p>{asked.text}</p>
    </Dialog>
  )
}
