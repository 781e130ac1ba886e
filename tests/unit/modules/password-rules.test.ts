import t from 'tap'
import { mustBeGoodPassword } from '#modules/sessions/password-rules.ts'

const refused = (password: string, person: string[] = []): string | undefined => {
  try {
    mustBeGoodPassword(password, 'password', person)
    return undefined
  } catch (error) {
    return Reflect.get(error as object, 'fields')[0].message
  }
}

t.test('long phrases in any script are fine', async (t) => {
  for (const password of [
    'a long enough phrase',
    'correct horse staple bottle',
    'пароль из многих слов',
    '🦊🌊🏔️🌋🎲🧭🪁🎻🥁🪗🎺🎹🎷',
  ]) {
    t.equal(refused(password), undefined, password)
  }
})

t.test('short, common and personal ones are not', async (t) => {
  t.match(refused('elevenchars'), /12 characters/)
  t.match(refused('🦊🌊🏔🌋🎲🧭🪁🎻🥁🎺🎹'), /12 characters/, 'eleven characters in twenty-two units')
  for (const password of [
    'password12345',
    'Password12345!',
    'qwertyqwerty',
    'qwertyuiop1234',
    'passwordpassword',
    'iloveyou1234!',
    'administrator2026',
    'passwordpasswordpassword',
    'sluicesluice',
    '123456789012',
  ]) {
    t.match(refused(password), /most used|too few/, password)
  }
  t.match(refused('aaaaaaaaaaaaaaa'), /too few/)
  t.match(refused('Ann.Miller@Example.org', ['ann.miller@example.org', 'Ann']), /your name or address/)
})
