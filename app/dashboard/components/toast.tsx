/** Short notes that something was done or failed. What failed stays until it is closed; the rest leaves by itself. */

import { useEffect } from 'react'
import { create } from 'zustand'
import { messageOf } from '#dashboard/api/problem.ts'
import { Button, IconButton } from './button.tsx'
import { Icon } from './icon.tsx'
import css from './toast.module.css'

interface Note {
  readonly id: number
  readonly tone: 'good' | 'bad'
  readonly text: string
  /** Takes back what the note tells of. */
  readonly undo?: (() => void) | undefined
}

const shownMs = 6_000
const shownAtOnce = 4

const useNotes = create<{ notes: readonly Note[] }>(() => ({ notes: [] }))
let lastId = 0

const add = (note: Omit<Note, 'id'>): void => {
  lastId += 1
  const id = lastId
  useNotes.setState(({ notes }) => ({ notes: [...notes, { ...note, id }].slice(-shownAtOnce) }))
}

const remove = (id: number): void =>
  useNotes.setState(({ notes }) => ({ notes: notes.filter((note) => note.id !== id) }))

export const toast = {
  done: (text: string, undo?: () => void) => add({ tone: 'good', text, undo }),
  failed: (error: unknown) => add({ tone: 'bad', text: messageOf(error) }),
}

/** Once, beside the pages. */
export function Toasts() {
  const { notes } = useNotes()
  return (
    <div className={css.toasts} aria-live="polite" role="log" aria-label="Notices">
      {notes.map((note) => (
        <Toast key={note.id} note={note} />
      ))}
    </div>
  )
}

function Toast({ note: { id, tone, text, undo } }: { readonly note: Note }) {
  useEffect(() => {
    if (tone === 'bad') return
    const timer = setTimeout(() => remove(id), shownMs)
    return () => clearTimeout(timer)
  }, [id, tone])
  return (
    <div className={css.toast} data-tone={tone}>
      <Icon name={tone === 'bad' ? 'alert' : 'check'} />
      <span className={css.text}>{text}</span>
      {undo && (
        <Button
          look="quiet"
          onClick={() => {
            remove(id)
            undo()
          }}
        >
          Undo
        </Button>
      )}
      <IconButton icon="close" label="Dismiss" onClick={() => remove(id)} />
    </div>
  )
}
