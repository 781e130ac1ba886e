/** The door: sign in, or make an account. */

import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { answered, api } from '#dashboard/api/api.ts'
import { Button } from '#dashboard/components/button.tsx'
import { TextField } from '#dashboard/components/field.tsx'
import { Form, useForm } from '#dashboard/components/form.tsx'
import { Mark } from '#dashboard/components/mark.tsx'
import { register, signIn } from './session.ts'
import css from './sign-in.module.css'

export function SignIn({ notice }: { readonly notice?: string | undefined }) {
  const [isNew, setNew] = useState(false)
  return (
    <main className={css.page}>
      <div className={css.box}>
        <Mark size={40} />
        <div>
          <h1>{isNew ? 'Make an account' : 'Sign in to Sluice'}</h1>
          {notice && (
            <p className={css.notice} role="status">
              {notice}
            </p>
          )}
        </div>
        {isNew ? <Registration /> : <Credentials />}
        <DemoAccounts />
        <p className={css.other}>
          {isNew ? 'You have an account? ' : 'New here? '}
          <Button look="quiet" onClick={() => setNew(!isNew)}>
            {isNew ? 'Sign in' : 'Make an account'}
          </Button>
        </p>
      </div>
      <footer className={css.footer}>
        <a href="/docs">API documentation</a>
        <a href="/openapi.json">OpenAPI</a>
      </footer>
    </main>
  )
}

function Credentials() {
  const form = useForm(({ email = '', password = '' }) => signIn({ email, password }))
  return (
    <Form form={form}>
      <TextField
        label="Email"
        name="email"
        type="email"
        autoComplete="username"
        required
        autoFocus
        error={form.errorOf('email')}
      />
      <TextField
        label="Password"
        name="password"
        type="password"
        autoComplete="current-password"
        required
        error={form.errorOf('password')}
      />
      <Button type="submit" look="primary" isBusy={form.isBusy}>
        Sign in
      </Button>
    </Form>
  )
}

/** Sluice names them in demo mode alone, and nobody else knows them: no password is in the page itself. */
function DemoAccounts() {
  const { data } = useQuery({
    queryKey: ['demo-accounts'],
    queryFn: async () => (await answered(api.GET('/api/v1/status'))).demoAccounts ?? [],
    staleTime: Number.POSITIVE_INFINITY,
  })
  if (data === undefined || data.length === 0) return null
  return (
    <section className={css.demo} aria-label="Demo accounts">
      <p>This is a demo. Sign in as</p>
      <ul>
        {data.map(({ email, password }) => (
          <li key={email}>
            <code>{email}</code> with <code>{password}</code>
          </li>
        ))}
      </ul>
    </section>
  )
}

function Registration() {
  const form = useForm(({ name = '', email = '', password = '' }) => register({ name, email, password }))
  return (
    <Form form={form}>
      <TextField
        label="Name"
        name="name"
        autoComplete="name"
        required
        autoFocus
        error={form.errorOf('name')}
      />
      <TextField
        label="Email"
        name="email"
        type="email"
        autoComplete="username"
        required
        error={form.errorOf('email')}
      />
      <TextField
        label="Password"
        name="password"
        type="password"
        autoComplete="new-password"
        minLength={12}
        hint="12 characters or more; a few words do well."
        required
        error={form.errorOf('password')}
      />
      <Button type="submit" look="primary" isBusy={form.isBusy}>
        Make an account
      </Button>
    </Form>
  )
}
