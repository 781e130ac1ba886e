/** Credentials for rows that need another than a demo key. */

const demoUser = { email: 'user@example.com', password: 'user123' }

/** An access token of the demo's user, whose tier is free. */
export async function signIn(url: string): Promise<string> {
  const answer = await fetch(`${url}/api/v1/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(demoUser),
  })
  if (!answer.ok) throw new Error(`sign-in answered ${answer.status}: ${await answer.text()}`)
  return ((await answer.json()) as { token: string }).token
}
