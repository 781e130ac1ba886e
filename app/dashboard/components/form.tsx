/** Sending a form: busy while it is under way, and the API's refusal beside the fields it is about. */

import { type FormEvent, type ReactNode, useState } from 'react'
import { fieldErrorsOf, messageOf } from '#dashboard/api/problem.ts'
import css from './form.module.css'
import { Icon } from './icon.tsx'

export interface FormState {
  readonly isBusy: boolean
  /** What is wrong with the field of this name, as the API said. */
  readonly errorOf: (name: string) => string | undefined
  /** What is wrong as a whole. */
  readonly problem: string | undefined
  readonly onSubmit: (event: FormEvent<HTMLFormElement>) => void
}

/**
 * @param submit - is given the fields by name, texts trimmed; what it throws is shown in the form
 * @example const form = useForm(async ({ name }) => { await answered(api.PATCH('/api/v1/me', { body: { name } })) })
 */
export function useForm(submit: (values: Readonly<Record<string, string>>) => Promise<void>): FormState {
  const [error, setError] = useState<unknown>()
  const [isBusy, setBusy] = useState(false)
  const fields = fieldErrorsOf(error)
  const errorOf = (name: string) => fields.find(({ path }) => path === name)?.message
  return {
    isBusy,
    errorOf,
    // Also beside refusals of fields: not every one of them is about a field that is shown.
    problem: error === undefined ? undefined : messageOf(error),
    onSubmit: async (event) => {
      event.preventDefault()
      if (isBusy) return
      setBusy(true)
      setError(undefined)
      try {
        await submit(valuesOf(event.currentTarget))
      } catch (refused) {
        setError(refused)
      } finally {
        setBusy(false)
      }
    },
  }
}

function valuesOf(form: HTMLFormElement): Record<string, string> {
  const entries = [...new FormData(form)].flatMap(([name, value]) =>
    typeof value === 'string' ? [[name, /password/i.test(name) ? value : value.trim()] as const] : [],
  )
  return Object.fromEntries(entries)
}

interface FormProps {
  readonly form: FormState
  readonly children: ReactNode
  /** For a submit button outside, such as a dialog's. */
  readonly id?: string
}

export const Form = ({ form, children, id }: FormProps) => (
  <form id={id} className={css.form} onSubmit={form.onSubmit} noValidate={false}>
    {form.problem && (
      <p className={css.problem} role="alert">
        <Icon name="alert" />
        {form.problem}
      </p>
    )}
    {children}
  </form>
)
