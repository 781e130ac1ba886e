/** Form controls with their label, hint and error, joined for those who hear them. */

import {
  type InputHTMLAttributes,
  type ReactNode,
  type SelectHTMLAttributes,
  type TextareaHTMLAttributes,
  useId,
} from 'react'
import css from './field.module.css'

interface FieldProps {
  readonly label: string
  readonly hint?: string | undefined
  /** Why the value was refused. */
  readonly error?: string | undefined
}

interface Wiring {
  readonly id: string
  readonly 'aria-describedby': string | undefined
  readonly 'aria-invalid': true | undefined
}

/** The frame that every control shares; `children` gets the attributes that join label, hint and error to it. */
function Field({
  label,
  hint,
  error,
  children,
}: FieldProps & { readonly children: (wiring: Wiring) => ReactNode }) {
  const id = useId()
  const note = error ?? hint
  return (
    <div className={css.field}>
      <label htmlFor={id}>{label}</label>
      {children({
        id,
        'aria-describedby': note && `${id}-note`,
        'aria-invalid': error === undefined ? undefined : true,
      })}
      {note && (
        <p id={`${id}-note`} className={error ? css.error : css.hint} role={error ? 'alert' : undefined}>
          {note}
        </p>
      )}
    </div>
  )
}

export function TextField({
  label,
  hint,
  error,
  ...rest
}: FieldProps & InputHTMLAttributes<HTMLInputElement>) {
  return (
    <Field label={label} hint={hint} error={error}>
      {(wiring) => <input {...rest} {...wiring} className={css.control} />}
    </Field>
  )
}

export function TextArea({
  label,
  hint,
  error,
  ...rest
}: FieldProps & TextareaHTMLAttributes<HTMLTextAreaElement>) {
  return (
    <Field label={label} hint={hint} error={error}>
      {(wiring) => <textarea rows={4} {...rest} {...wiring} className={css.control} />}
    </Field>
  )
}

export interface Option {
  readonly value: string
  readonly label: string
}

interface SelectProps extends FieldProps, SelectHTMLAttributes<HTMLSelectElement> {
  readonly options: readonly Option[]
}

export function SelectField({ label, hint, error, options, ...rest }: SelectProps) {
  return (
    <Field label={label} hint={hint} error={error}>
      {(wiring) => (
        <select {...rest} {...wiring} className={css.control}>
          {options.map((option) => (
            <option key={option.value} value={option.value}>
              {option.label}
            </option>
          ))}
        </select>
      )}
    </Field>
  )
}

export function Checkbox({
  label,
  hint,
  ...rest
}: Pick<FieldProps, 'label' | 'hint'> & InputHTMLAttributes<HTMLInputElement>) {
  return (
    <label className={css.checkbox}>
      <input {...rest} type="checkbox" />
      <span>
        {label}
        {hint && <span className={css.hint}>{hint}</span>}
      </span>
    </label>
  )
}

/** A row of filters above a table. */
export const Filters = ({ children }: { readonly children: ReactNode }) => (
  <search className={css.filters}>{children}</search>
)
